"""I metodi di conteggio: quali conteggi di una scheda contano, e come contano i nuclei.

Valgono per tutti: un conteggio `parte_di` un altro non si somma mai al suo intero (entra solo se
una scelta lo mette al suo posto); le persone che formano dei nuclei non si sommano a quei nuclei;
di più ripartizioni degli stessi fatti se ne conta una.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from report.contenuto import ConteggioContenuto


INDIVIDUI = "individui"
NUCLEI = "nuclei"
ENTI = "enti"
AZIENDE = "aziende"
# Per ogni unità di una cifra, quelle dei conteggi che può sommare.
UNITA_AMMESSE = {
    "beneficiari": (INDIVIDUI, NUCLEI),
    INDIVIDUI: (INDIVIDUI,),
    NUCLEI: (NUCLEI,),
    ENTI: (ENTI, AZIENDE),
    AZIENDE: (AZIENDE,),
}

# Per ogni intero, le parti che la scheda conta al suo posto.
SceltePerIntero = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Testa:
    """Un conteggio da contare per intero, o la parte scelta al suo posto.

    `nuclei` e `vista` sono quelli dell'intero: la parte scelta li eredita.
    """

    conteggio: ConteggioContenuto
    nuclei: str | None
    vista: str | None


@dataclass(frozen=True, slots=True)
class Metodo:
    """Un modo di contare con un nome. `conta`: dalle teste di una scheda a quelle che contano."""

    nome: str
    descrizione: str
    conta: Callable[[Sequence[Testa]], list[Testa]]

    def scegli(
        self, conteggi: Sequence[ConteggioContenuto], scelte: SceltePerIntero
    ) -> list[ConteggioContenuto]:
        """I conteggi di una scheda che contano, nell'ordine della scheda (senza valore compresi)."""
        contati = {testa.conteggio.slug for testa in self.conta(teste(conteggi, scelte))}
        return [conteggio for conteggio in conteggi if conteggio.slug in contati]


def teste(conteggi: Sequence[ConteggioContenuto], scelte: SceltePerIntero) -> list[Testa]:
    """Gli interi di una scheda, con le parti scelte al posto di quelli che ne hanno."""
    per_sigla = {conteggio.slug: conteggio for conteggio in conteggi}
    return [
        Testa(per_sigla[sigla], conteggio.composizione_di or None, conteggio.ripartizione or None)
        for conteggio in conteggi
        if not conteggio.parte_di
        for sigla in _al_suo_posto(conteggio.slug, scelte)
    ]


def _al_suo_posto(sigla: str, scelte: SceltePerIntero) -> list[str]:
    parti = scelte.get(sigla)
    if not parti:
        return [sigla]
    return [ultima for parte in parti for ultima in _al_suo_posto(parte, scelte)]


def una_vista(trovate: Iterable[Testa]) -> list[Testa]:
    """Di più ripartizioni degli stessi fatti ne tiene una: la prima detta per intero.

    Se nessuna lo è, quella che arriva più in alto. Vale per teste della stessa unità e degli stessi
    nuclei; l'assenza di etichetta conta come un'etichetta.
    """
    viste: dict[str | None, list[Testa]] = {}
    for testa in trovate:
        viste.setdefault(testa.vista, []).append(testa)
    if not viste:
        return []
    return max(viste.values(), key=_quanto_dice)


def _quanto_dice(vista: Sequence[Testa]) -> tuple[bool, int | float]:
    detti = [t.conteggio.valore for t in vista if t.conteggio.valore is not None]
    intera = len(detti) == len(vista)
    return intera, 0 if intera else sum(detti)


def _senza_nuclei(trovate: Iterable[Testa], unita: str) -> list[Testa]:
    """Le teste di un'unità che non sono le persone di qualche nucleo, contate una volta."""
    proprie = [t for t in trovate if t.conteggio.unita == unita and t.nuclei is None]
    intere = [testa for testa in proprie if testa.vista is None]
    return intere + una_vista(testa for testa in proprie if testa.vista is not None)


def _persone_di(trovate: Iterable[Testa], nuclei: Testa) -> list[Testa]:
    return una_vista(testa for testa in trovate if testa.nuclei == nuclei.conteggio.slug)


def solo_individui(trovate: Sequence[Testa]) -> list[Testa]:
    """Solo persone: i nuclei di cui non si dichiarano le persone non contano."""
    persone = _senza_nuclei(trovate, INDIVIDUI)
    for nuclei in _senza_nuclei(trovate, NUCLEI):
        persone += _persone_di(trovate, nuclei)
    return persone


def individui_o_nuclei(trovate: Sequence[Testa]) -> list[Testa]:
    """Le persone dove sono dichiarate, altrimenti il nucleo come unità."""
    contate = _senza_nuclei(trovate, INDIVIDUI)
    for nuclei in _senza_nuclei(trovate, NUCLEI):
        persone = _persone_di(trovate, nuclei)
        dette = any(testa.conteggio.valore is not None for testa in persone)
        contate += persone if dette else [nuclei]
    return contate


def nucleo_sempre_unita(trovate: Sequence[Testa]) -> list[Testa]:
    """Ogni nucleo vale uno; le persone contano solo se non formano nuclei contati."""
    return _senza_nuclei(trovate, INDIVIDUI) + _senza_nuclei(trovate, NUCLEI)


def enti_e_aziende(trovate: Sequence[Testa]) -> list[Testa]:
    """Enti e aziende insieme."""
    return _senza_nuclei(trovate, ENTI) + _senza_nuclei(trovate, AZIENDE)


METODI = {
    metodo.nome: metodo
    for metodo in (
        Metodo(
            "individui-o-nuclei",
            "Persone dove dichiarate, altrimenti il nucleo come unità.",
            individui_o_nuclei,
        ),
        Metodo(
            "solo-individui",
            "Solo persone; i nuclei senza numero di persone non contano.",
            solo_individui,
        ),
        Metodo("nucleo-sempre-unita", "Ogni nucleo vale uno, ovunque.", nucleo_sempre_unita),
        Metodo("enti-e-aziende", "Enti e aziende insieme, ciascuno una volta.", enti_e_aziende),
    )
}
METODI_PER_PERSONE = ("individui-o-nuclei", "solo-individui", "nucleo-sempre-unita")


def unita_ammesse(unita: str | None) -> tuple[str, ...] | None:
    """Le unità dei conteggi che una cifra in `unita` può sommare.

    `None` se non è un'unità dei beneficiari: allora non si controlla, e la nota le elenca.
    """
    return UNITA_AMMESSE.get(unita) if unita else None
