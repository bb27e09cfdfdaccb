"""Dai file di una cartella di dati al piano delle cifre.

`regole.yaml` è un piano scritto a metà: ciò che non dice (etichetta, unità, valore stampato…) viene
da `report_pubblicato.yaml`. Se manca, la regola sono gli addendi di `report_pubblicato.yaml`; se
mancano entrambi, le cifre di serie.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from report.calcolo.controlli import controlla_piano, riferimenti_sbagliati
from report.calcolo.deduzioni import (
    METODO_PREDEFINITO,
    conteggi_indicati,
    deduci_regole,
    deduci_scelte,
    regole_di_serie,
)
from report.calcolo.piano import (
    OVUNQUE,
    CifraDelPiano,
    DaRegola,
    Piano,
    PianoErrato,
    ProblemaDelPiano,
    ProgettoDelPiano,
    RegolaDiConteggio,
    leggi_modello,
)
from report.calcolo.pubblicato import FILE_PUBBLICATO, cifre_del_pubblicato, leggi_pubblicato
from report.calcolo.schedario import Schedario
from report.contenuto import SchedaContenuto


FILE_REGOLE = "regole.yaml"
Nodi = Sequence[tuple[str, str]]


def piano_della_cartella(
    *,
    regole: Any,
    pubblicato: Any,
    schede: Sequence[SchedaContenuto],
    nodi: Nodi,
    progetto: ProgettoDelPiano,
) -> Piano:
    """Il piano di una cartella, già controllato su quelle schede.

    `regole` e `pubblicato`: `regole.yaml` e `report_pubblicato.yaml` già letti, `None` se il file
    non c'è. `progetto`: quello da usare dove `regole.yaml` non ne dice. Solleva `PianoErrato`, con
    il file e le voci da correggere.
    """
    if pubblicato is None:
        piano = piano_di_serie(schede, nodi, progetto)
    else:
        piano = piano_da_pubblicato(pubblicato, schede, nodi, progetto)
    file = FILE_PUBBLICATO
    if regole is not None:
        file = FILE_REGOLE
        piano = leggi_modello(Piano, _sovrapponi(piano, regole, pubblicato is not None), file)
    _ferma(controlla_piano(piano, schede, nodi), file)
    return piano


def piano_da_pubblicato(
    pubblicato: Any, schede: Sequence[SchedaContenuto], nodi: Nodi, progetto: ProgettoDelPiano
) -> Piano:
    """Il piano in cui gli addendi di un rapporto già stampato sono la regola.

    Regole e scelte si deducono dagli stessi addendi. Solleva `PianoErrato` se il file è malformato
    o nomina schede, conteggi, nodi o cifre che non esistono.
    """
    schedario = Schedario(schede)
    letto = leggi_pubblicato(pubblicato)
    piano = Piano(progetto=progetto, cifre=cifre_del_pubblicato(letto))
    _ferma(riferimenti_sbagliati(piano, schedario, nodi), FILE_PUBBLICATO)
    scelte = deduci_scelte(conteggi_indicati(piano, schedario), schedario)
    piano = piano.model_copy(update={"scelte": scelte})
    slug_dei_nodi = [slug for slug, _ in nodi]
    regole = deduci_regole(letto.regole_di_conteggio or (), piano, schedario, slug_dei_nodi)
    return piano.model_copy(update={"regole": regole})


def piano_di_serie(
    schede: Sequence[SchedaContenuto], nodi: Nodi, progetto: ProgettoDelPiano
) -> Piano:
    """Il piano di chi non ha ancora pubblicato nulla: persone ed enti, per nodo e in tutto."""
    ambiti = ((None, "in tutta la rete"), *((slug, f"nel nodo {nome}") for slug, nome in nodi))
    return Piano(
        progetto=progetto,
        regole=tuple(
            RegolaDiConteggio(
                id=regola.id,
                descrizione=regola.descrizione,
                per_nodo={OVUNQUE: regola.id},
                scelta=regola.id == METODO_PREDEFINITO,
            )
            for regola in regole_di_serie()
        ),
        cifre=tuple(
            cifra
            for nodo, dove in ambiti
            for cifra in (
                _cifra_di_serie("individui", "beneficiari", nodo, dove, METODO_PREDEFINITO),
                _cifra_di_serie("enti", "enti", nodo, dove, "enti-e-aziende"),
            )
        ),
    )


CHI = {"beneficiari": "Beneficiari (individui o nuclei)", "enti": "Aziende ed enti beneficiari"}


def _cifra_di_serie(
    prefisso: str, unita: str, nodo: str | None, dove: str, regola: str
) -> CifraDelPiano:
    return CifraDelPiano(
        id=f"{prefisso}-{nodo or 'totale'}",
        etichetta=f"{CHI[unita]} {dove}",
        definizione=f"{CHI[unita]} che le schede dichiarano {dove}.",
        unita=unita,
        nodo=nodo,
        calcolo=DaRegola(regola=regola),
    )


def _sovrapponi(piano: Piano, regole: Any, con_pubblicato: bool) -> dict[str, Any]:
    """`piano` con ciò che `regole` dice al posto suo, voce per voce e cifra per cifra."""
    if not isinstance(regole, Mapping):
        problema = ProblemaDelPiano("tutto il file", "serve un elenco di voci con un nome")
        raise PianoErrato([problema], FILE_REGOLE)
    base = piano.model_dump(mode="json")
    cifre, scritte = _per_sigla(base["cifre"], "cifre"), _per_sigla(regole.get("cifre"), "cifre")
    if scritte and not con_pubblicato:
        # Senza un rapporto stampato le cifre scritte sono tutte, non correzioni di quelle di serie.
        cifre = {}
    fuse = cifre | {sigla: {**cifre.get(sigla, {}), **cifra} for sigla, cifra in scritte.items()}
    note = _per_sigla(base["regole"], "regole")
    # Qui la scelta è scritta: quella dedotta non vale più.
    contate = [
        {**note.get(sigla, {}), "scelta": False, **regola}
        for sigla, regola in _per_sigla(regole.get("regole"), "regole").items()
    ]
    progetto = regole.get("progetto", {})
    return {
        **base,
        **regole,
        "progetto": base["progetto"] | progetto if isinstance(progetto, dict) else progetto,
        "regole": contate or base["regole"],
        "cifre": list(fuse.values()),
    }


def _per_sigla(voci: Any, elenco: str) -> dict[str, dict[str, Any]]:
    if not isinstance(voci, list | None):
        raise PianoErrato([ProblemaDelPiano(elenco, "serve un elenco")], FILE_REGOLE)
    trovate: dict[str, dict[str, Any]] = {}
    for posto, voce in enumerate(voci or (), start=1):
        sigla = voce.get("id") if isinstance(voce, Mapping) else None
        if not isinstance(sigla, str):
            raise PianoErrato([ProblemaDelPiano(f"{elenco} › {posto}", "manca id")], FILE_REGOLE)
        if sigla in trovate:
            problema = ProblemaDelPiano(f"{elenco} › {sigla}", "la sigla compare due volte")
            raise PianoErrato([problema], FILE_REGOLE)
        trovate[sigla] = dict(voce)
    return trovate


def _ferma(problemi: Iterable[ProblemaDelPiano], file: str) -> None:
    trovati = tuple(problemi)
    if trovati:
        raise PianoErrato(trovati, file)
