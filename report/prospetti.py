"""Le tabelle che si ricavano da un'edizione: conteggi di canali, giudizi, attività, legami.

Solo aritmetica su un `Contenuto`: niente si legge dalla base di dati, niente si disegna.
"""

import re
from collections import Counter
from dataclasses import dataclass

from report.contenuto import (
    CifraContenuto,
    ConteggioContenuto,
    Contenuto,
    GiudizioContenuto,
    MisuratoreContenuto,
    Numero,
    SchedaContenuto,
)
from report.models import Giudizio


PAROLE = {parola.value: parola.label for parola in Giudizio.Parola}
SILENZI = {
    stato.value: stato.label for stato in Giudizio.Stato if stato is not Giudizio.Stato.ESPRESSO
}
FORME_GIURIDICHE = re.compile(
    r"\b(s\.?c\.?s\.?|onlus|società cooperativa sociale|cooperativa sociale|cooperativa)(?=\s|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class BeneficiariDiAsse:
    """I beneficiari di un asse in un nodo, come entrano nella cifra del nodo.

    `unita`: le unità che la somma tiene insieme (per esempio individui e nuclei), sempre dette.
    """

    nodo: str
    asse: str
    valore: Numero | None
    approssimazione: str | None
    unita: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CanaleUsato:
    """Un canale di individuazione e le schede (titoli) che lo nominano."""

    etichetta: str
    schede: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContattiDiEnte:
    """I soggetti esterni alla rete con cui un ente lavorava già e quelli conosciuti nel progetto."""

    ente: str
    prima: tuple[str, ...]
    nuovi: tuple[str, ...]


def cifra_per_slug(contenuto: Contenuto, slug: str) -> CifraContenuto | None:
    """La cifra con quello slug, se l'edizione la porta."""
    return next((cifra for cifra in contenuto.cifre if cifra.slug == slug), None)


def nome_breve(nome: str) -> str:
    """Il nome di un ente senza forma giuridica, per le figure: «Jokko scs» → «Jokko»."""
    return " ".join(FORME_GIURIDICHE.sub("", nome).split()) or nome


def beneficiari_per_asse(contenuto: Contenuto, cifra: CifraContenuto) -> list[BeneficiariDiAsse]:
    """Gli addendi di una cifra di nodo, riuniti per asse nell'ordine degli assi.

    Un conteggio di più assi si scioglie nelle sue parti, se le parti per asse lo esauriscono;
    altrimenti resta fuori da ogni asse (`asse` vuoto).
    """
    per_asse: dict[str, list[ConteggioContenuto]] = {}
    schede = {scheda.slug: scheda for scheda in contenuto.schede}
    for addendo in cifra.addendi:
        for conteggio in _per_asse(schede[addendo.scheda], addendo.conteggio):
            per_asse.setdefault(conteggio.asse or "", []).append(conteggio)
    return [
        BeneficiariDiAsse(
            nodo=cifra.nodo or "",
            asse=asse,
            valore=sum(voce.valore or 0 for voce in voci),
            approssimazione=_approssimazione(voci),
            unita=tuple(dict.fromkeys(voce.unita for voce in voci)),
        )
        for asse in (*(asse.slug for asse in contenuto.assi), "")
        if (voci := per_asse.get(asse))
    ]


def canali(contenuto: Contenuto) -> list[CanaleUsato]:
    """I canali di individuazione, dal più nominato; una scheda conta una volta per canale."""
    usi: dict[str, list[str]] = {}
    for scheda in contenuto.schede:
        for etichetta in dict.fromkeys(voce.etichetta for voce in scheda.individuazione or ()):
            usi.setdefault(etichetta, []).append(scheda.titolo)
    ordinati = sorted(usi.items(), key=lambda uso: (-len(uso[1]), uso[0]))
    return [CanaleUsato(etichetta, tuple(schede)) for etichetta, schede in ordinati]


def giudizi_di_asse(contenuto: Contenuto, asse: str) -> list[GiudizioContenuto]:
    """I giudizi di tutte le schede sugli indicatori di un asse, nell'ordine delle schede."""
    return [
        giudizio
        for scheda in contenuto.schede
        for giudizio in scheda.giudizi
        if giudizio.asse == asse
    ]


def misuratori(contenuto: Contenuto) -> dict[str, list[MisuratoreContenuto]]:
    """I misuratori di tutte le schede, per slug."""
    riuniti: dict[str, list[MisuratoreContenuto]] = {}
    for scheda in contenuto.schede:
        for voce in scheda.misuratori:
            riuniti.setdefault(voce.slug, []).append(voce)
    return riuniti


def tipi_di_attivita(contenuto: Contenuto) -> Counter[str | None]:
    """Quante attività erano ordinarie, parziali, innovative; `None` per quelle non dette."""
    return Counter(voce.tipo for scheda in contenuto.schede for voce in scheda.attivita)


def contatti(contenuto: Contenuto) -> list[ContattiDiEnte]:
    """Per ogni ente della rete, i soggetti esterni di prima e quelli nuovi."""
    righe = []
    for ente in contenuto.enti:
        esterni = [
            legame
            for legame in contenuto.legami
            if legame.da_slug == ente.slug and not legame.interno
        ]
        prima = dict.fromkeys(legame.verso for legame in esterni if not legame.nuovo)
        nuovi = dict.fromkeys(legame.verso for legame in esterni if legame.nuovo)
        righe.append(
            ContattiDiEnte(ente.nome, tuple(prima), tuple(n for n in nuovi if n not in prima))
        )
    return righe


def legami_interni(contenuto: Contenuto) -> list[tuple[str, tuple[str, ...]]]:
    """Per ogni ente della rete, gli altri enti della rete con cui lavora (una volta per coppia)."""
    viste: set[frozenset[str]] = set()
    righe = []
    for ente in contenuto.enti:
        con = []
        for legame in contenuto.legami:
            coppia = frozenset((legame.da_slug, legame.verso_slug))
            if legame.interno and ente.slug in coppia and coppia not in viste:
                viste.add(coppia)
                con.append(legame.verso if legame.da_slug == ente.slug else legame.da)
        righe.append((ente.nome, tuple(con)))
    return [riga for riga in righe if riga[1]]


def nuovi_interni(contenuto: Contenuto) -> list[tuple[str, str]]:
    """Le coppie di enti della rete che prima non lavoravano insieme."""
    prima = {
        frozenset((legame.da_slug, legame.verso_slug))
        for legame in contenuto.legami
        if not legame.nuovo
    }
    coppie = {
        frozenset((legame.da_slug, legame.verso_slug)): (legame.da, legame.verso)
        for legame in contenuto.legami
        if legame.nuovo and legame.interno
    }
    return [nomi for chiave, nomi in coppie.items() if chiave not in prima]


def _per_asse(scheda: SchedaContenuto, slug: str) -> list[ConteggioContenuto]:
    conteggio = next(voce for voce in scheda.conteggi if voce.slug == slug)
    if conteggio.asse is not None:
        return [conteggio]
    parti = [
        voce for voce in scheda.conteggi if voce.parte_di == slug and voce.ripartizione == "asse"
    ]
    esauriscono = parti and sum(voce.valore or 0 for voce in parti) == conteggio.valore
    return parti if esauriscono else [conteggio]


def _approssimazione(conteggi: list[ConteggioContenuto]) -> str | None:
    # «almeno» vince su «circa»: chi somma un minimo ottiene un minimo.
    trovate = {conteggio.approssimazione for conteggio in conteggi}
    if "oltre" in trovate or any(conteggio.valore is None for conteggio in conteggi):
        return "almeno"
    return "circa" if "circa" in trovate else None
