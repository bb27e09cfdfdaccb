"""Le righe di un foglio esaminato come si mostrano: ognuna col suo stato e i suoi problemi."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from prestazioni.importo.stati import StatoRiga
from prestazioni.importo.tipi import Esame, Rifiuto, RigaLetta, Scelte


NOMI_MOSTRATI = 100
FILTRI = (
    (StatoRiga.RIFIUTATA, "Da correggere"),
    (StatoRiga.DUBBIA, "Da sciogliere"),
    (StatoRiga.DOPPIA, "Doppie"),
    (StatoRiga.IN_PARTE, "Doppie in parte"),
    (StatoRiga.SALTATA, "Saltate"),
    (StatoRiga.PRONTA, "Pronte"),
)


@dataclass(frozen=True, slots=True)
class Riga:
    """Una riga da mostrare: il numero che si vede nel foglio, le celle, i motivi e di quale riga è
    doppia (None se non lo è, 0 se è già nel Registro, `in_parte` se solo per alcune persone). Una
    cella è (colonna, testo, se non va)."""

    numero: int
    stato: str
    celle: tuple[tuple[str, str, bool], ...]
    motivi: tuple[Rifiuto, ...]
    doppia_di: int | None
    in_parte: bool


def numeri_delle_righe(esame: Esame, stato: str) -> list[int]:
    """I numeri delle righe in quello stato, o di tutte se non è uno stato, in ordine."""
    if stato in set(StatoRiga):
        return list(esame.stati.get(stato, ()))
    return sorted(numero for numeri in esame.stati.values() for numero in numeri)


def righe_mostrate(esame: Esame, righe: Iterable[RigaLetta]) -> Iterator[Riga]:
    """Le righe di una pagina, con ciò che l'esame ne dice."""
    scelte = dict(righe)
    stati = {n: stato for stato, numeri in esame.stati.items() for n in scelte.keys() & numeri}
    doppioni = {voce.riga: voce for voce in esame.doppioni if voce.riga in scelte}
    motivi: dict[int, list[Rifiuto]] = {}
    for rifiuto in esame.rifiuti:
        if rifiuto.riga in scelte:
            motivi.setdefault(rifiuto.riga, []).append(rifiuto)
    for numero, celle in scelte.items():
        suoi = tuple(motivi.get(numero, ()))
        guaste = {rifiuto.colonna for rifiuto in suoi}
        coppie = zip(esame.intestazioni, celle, strict=True)
        doppione = doppioni.get(numero)
        yield Riga(
            numero=numero,
            stato=stati[numero],
            celle=tuple((nome, testo, nome in guaste) for nome, testo in coppie),
            motivi=suoi,
            doppia_di=doppione.di or 0 if doppione else None,
            in_parte=doppione is not None and doppione.in_parte,
        )


def di_tutte_le_righe(esame: Esame, scelte: Scelte) -> dict:
    """Di tutto il foglio, e non della sola pagina: quante righe per stato, che cosa resta da dire."""
    conti = {stato: len(quali) for stato, quali in esame.stati.items()}
    caricate_lo_stesso = "carica" in (scelte.doppioni, scelte.in_parte)
    return {
        "conti": conti,
        "filtri": [(v.value, nome, conti[v]) for v, nome in FILTRI if conti[v]],
        "anche_doppie": caricate_lo_stesso or bool(scelte.righe_confermate),
        "da_sciogliere": len(esame.dubbi) + len(esame.servizi_ignoti),
    }


def di_chi_manca(esame: Esame, scelte: Scelte) -> dict:
    """Di chi l'ente non ha: quanti si possono creare, quanti no, i nomi dei primi, e se nascono."""
    si_creano = [chi for chi in esame.chi_manca if chi.intera or chi.nasce]
    return {
        "si_creano": si_creano[:NOMI_MOSTRATI],
        "quanti_si_creano": len(si_creano),
        "altri_che_si_creano": max(0, len(si_creano) - NOMI_MOSTRATI),
        "non_si_creano": len(esame.chi_manca) - len(si_creano),
        "nascono": scelte.nuove_persone,
    }
