"""Il piano regge? Sigle che esistono, somme che si possono fare, nessuno contato due volte."""

from collections import Counter
from collections.abc import Iterator, Sequence

from report.calcolo.contatore import Contatore
from report.calcolo.conti import Conto
from report.calcolo.doppioni import doppioni
from report.calcolo.metodi import METODI, METODI_PER_PERSONE, unita_ammesse
from report.calcolo.parole import elenco
from report.calcolo.piano import (
    OVUNQUE,
    CifraDelPiano,
    DaAddendi,
    DaRegola,
    Differenza,
    Piano,
    ProblemaDelPiano,
    RegolaDiConteggio,
    Riferimento,
    Scelta,
    SommaDi,
)
from report.calcolo.schedario import Schedario
from report.contenuto import SchedaContenuto


Nodi = Sequence[tuple[str, str]]
NON_E_UNA_PARTE = "«{}» non è una parte di «{}»: non può prenderne il posto"


def controlla_piano(
    piano: Piano, schede: Sequence[SchedaContenuto], nodi: Nodi
) -> tuple[ProblemaDelPiano, ...]:
    """I problemi del piano su quelle schede e quei nodi (`slug, denominazione`); vuoto se regge.

    Le somme si guardano solo se tutte le sigle esistono.
    """
    schedario = Schedario(schede)
    problemi = riferimenti_sbagliati(piano, schedario, nodi)
    return problemi or tuple(_somme_sbagliate(piano, schedario))


def riferimenti_sbagliati(
    piano: Piano, schedario: Schedario, nodi: Nodi
) -> tuple[ProblemaDelPiano, ...]:
    """Le sigle doppie o che non esistono, le scelte impossibili, le cifre che si rincorrono."""
    slug_dei_nodi = {slug for slug, _ in nodi}
    return (
        *_sigle_doppie(piano),
        *(p for regola in piano.regole for p in _regola(regola, piano, schedario, slug_dei_nodi)),
        *(p for scelta in piano.scelte for p in _scelta(scelta, schedario)),
        *(p for cifra in piano.cifre for p in _cifra(cifra, piano, schedario, slug_dei_nodi)),
        *_cifre_che_si_rincorrono(piano),
    )


def _sigle_doppie(piano: Piano) -> Iterator[ProblemaDelPiano]:
    for genere, voci in (("regole", piano.regole), ("cifre", piano.cifre)):
        for sigla, volte in Counter(voce.id for voce in voci).items():
            if volte > 1:
                yield ProblemaDelPiano(f"{genere} › {sigla}", f"la sigla compare {volte} volte")
    scelte = [regola.id for regola in piano.regole if regola.scelta]
    if len(scelte) > 1:
        yield ProblemaDelPiano(
            "regole", f"una sola può essere la scelta: lo sono {elenco(scelte)}"
        )


def _regola(
    regola: RegolaDiConteggio, piano: Piano, schedario: Schedario, nodi: set[str]
) -> Iterator[ProblemaDelPiano]:
    voce = f"regole › {regola.id}"
    for nodo, metodo in regola.per_nodo.items():
        if nodo != OVUNQUE and nodo not in nodi:
            yield ProblemaDelPiano(voce, f"il nodo «{nodo}» non esiste")
        if metodo not in METODI_PER_PERSONE:
            ammessi = elenco(METODI_PER_PERSONE)
            yield ProblemaDelPiano(voce, f"il metodo «{metodo}» non esiste: ci sono {ammessi}")
    if OVUNQUE not in regola.per_nodo:
        for scheda in schedario.schede.values():
            if scheda.nodo not in regola.per_nodo:
                yield ProblemaDelPiano(
                    voce, f"non dice come contare la scheda «{scheda.slug}»: manca «{OVUNQUE}»"
                )
    if regola.confronto is not None and regola.confronto not in _sigle(piano):
        yield ProblemaDelPiano(voce, f"la cifra di confronto «{regola.confronto}» non esiste")


def _scelta(scelta: Scelta, schedario: Schedario) -> Iterator[ProblemaDelPiano]:
    voce = f"scelte › {scelta.scheda}/{scelta.conteggio}"
    mancanti = [
        sigla
        for sigla in (scelta.conteggio, scelta.al_posto_di)
        if schedario.conteggio(scelta.scheda, sigla) is None
    ]
    for sigla in mancanti:
        yield ProblemaDelPiano(voce, _ignoto(schedario, scelta.scheda, sigla))
    antenati = schedario.antenati(scelta.scheda, scelta.conteggio)
    if not mancanti and scelta.al_posto_di not in antenati:
        yield ProblemaDelPiano(voce, NON_E_UNA_PARTE.format(scelta.conteggio, scelta.al_posto_di))


def _cifra(
    cifra: CifraDelPiano, piano: Piano, schedario: Schedario, nodi: set[str]
) -> Iterator[ProblemaDelPiano]:
    voce = f"cifre › {cifra.id}"
    if cifra.nodo is not None and cifra.nodo not in nodi:
        yield ProblemaDelPiano(voce, f"il nodo «{cifra.nodo}» non esiste")
    for altra in _cifre_usate(cifra):
        if altra not in _sigle(piano):
            yield ProblemaDelPiano(voce, f"la cifra «{altra}» non esiste")
    if isinstance(cifra.calcolo, DaRegola):
        note = {regola.id for regola in piano.regole} | METODI.keys()
        if cifra.calcolo.regola not in note:
            yield ProblemaDelPiano(voce, f"la regola «{cifra.calcolo.regola}» non esiste")
    addendi = cifra.calcolo.addendi if isinstance(cifra.calcolo, DaAddendi) else ()
    for motivo in _conteggi_ignoti(addendi, schedario):
        yield ProblemaDelPiano(voce, motivo)
    for ipotesi in cifra.ipotesi:
        for motivo in _conteggi_ignoti(ipotesi.addendi, schedario):
            yield ProblemaDelPiano(f"{voce} › ipotesi › {ipotesi.id}", motivo)


def _conteggi_ignoti(addendi: Sequence[Riferimento], schedario: Schedario) -> Iterator[str]:
    for addendo in addendi:
        if schedario.conteggio(addendo.scheda, addendo.conteggio) is None:
            yield _ignoto(schedario, addendo.scheda, addendo.conteggio)


def _ignoto(schedario: Schedario, scheda: str, conteggio: str) -> str:
    if scheda not in schedario.schede:
        return f"la scheda «{scheda}» non esiste"
    return f"la scheda «{scheda}» non ha il conteggio «{conteggio}»"


def _cifre_usate(cifra: CifraDelPiano) -> tuple[str, ...]:
    match cifra.calcolo:
        case SommaDi(somma_di=cifre):
            return cifre
        case Differenza(differenza=termini):
            return (termini.da, *termini.meno)
    return ()


def _sigle(piano: Piano) -> set[str]:
    return {cifra.id for cifra in piano.cifre}


def _cifre_che_si_rincorrono(piano: Piano) -> Iterator[ProblemaDelPiano]:
    usate = {cifra.id: _cifre_usate(cifra) for cifra in piano.cifre}
    for sigla in usate:
        viste: set[str] = set()
        da_vedere = list(usate[sigla])
        while da_vedere:
            altra = da_vedere.pop()
            if altra not in viste:
                viste.add(altra)
                da_vedere += usate.get(altra, ())
        if sigla in viste:
            yield ProblemaDelPiano(f"cifre › {sigla}", "si calcola a partire da se stessa")


def _somme_sbagliate(piano: Piano, schedario: Schedario) -> Iterator[ProblemaDelPiano]:
    contatore = Contatore(schedario, piano)
    for cifra in piano.cifre:
        voce = f"cifre › {cifra.id}"
        conto = contatore.della_cifra(cifra.id)
        ammesse = unita_ammesse(cifra.unita)
        for addendo in conto.letti:
            if ammesse is not None and addendo.unita not in ammesse:
                dove = f"{addendo.scheda}/{addendo.conteggio}"
                motivo = f"«{dove}» conta {addendo.unita}, la cifra conta {elenco(ammesse)}"
                yield ProblemaDelPiano(voce, motivo)
        # Una parte si può togliere dal suo intero: si guardano i sommati fra loro e i tolti fra loro.
        for termini in (conto.piu, conto.meno):
            for motivo in doppioni(schedario, Conto(termini).letti):
                yield ProblemaDelPiano(voce, motivo)
    for regola in piano.regole:
        for motivo in doppioni(schedario, contatore.con_regola(regola.id, None).letti):
            yield ProblemaDelPiano(f"regole › {regola.id}", motivo)
