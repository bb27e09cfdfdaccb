"""I gruppi della dimostrazione: il campo estivo dei cento, i cinque pari, l'aiuto compiti."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from prestazioni.dimostrazione.materiale import Materiale
from prestazioni.dimostrazione.ragazzi import FINITO_BENE, inventa_ragazzi
from prestazioni.dimostrazione.scena import SABATO, Percorso, Scena
from prestazioni.models import Affiancamento, GruppoPresenze, MembroDiGruppo, Prestazione


_GIUGNO = 6
_PRESENZA = 0.87
_DA_QUANTO_I_COMPITI, _FINO_A = 70, 180
_MARTEDI_E_GIOVEDI = [1, 3]
_MAGGIORE_ETA = 18


def scrivi_gruppi(scena: Scena, materiale: Materiale) -> None:
    """Mette in conto i gruppi di questo ente, chi ne fa parte e gli incontri tenuti."""
    for nome, scrivi in (("campo", _campo), ("pari", _pari), ("compiti", _compiti)):
        piano = materiale.parole[nome]
        suoi = [p for p in scena.percorsi if p.azione == piano["azione"] and p.beneficiario]
        if piano["ente"] == scena.ente.slug and suoi:
            scrivi(scena, materiale, piano, suoi)


def _campo(
    scena: Scena, materiale: Materiale, piano: dict[str, Any], suoi: list[Percorso]
) -> None:
    """Quattro settimane all'inizio dell'estate, ogni giorno, in sottogruppi per età."""
    inizio = _inizio_del_campo(scena.oggi, piano["settimane"])
    fine = inizio + timedelta(7 * piano["settimane"] - 3)
    membri = [p for p in suoi if p.presa.aperta_il <= inizio and _seguito_fino_a(p, fine)]
    membri = membri[: piano["membri"]]
    azione = suoi[0].presa.azione_id
    mancano = piano["membri"] - len(membri)
    membri += inventa_ragazzi(
        scena,
        materiale.chiusure[FINITO_BENE],
        quanti=mancano,
        azione=azione,
        dal=inizio,
        al=fine,
    )
    gruppo = _gruppo(scena, piano, azione, dal=inizio, al=fine, ora=time(8, 30), minuti=480)
    gruppo.giorni = list(range(SABATO))
    for percorso in membri:
        _entra(scena, gruppo, percorso, parte=_parte(piano["parti"], percorso.nascita, inizio))
    for giorno in gruppo.incontri_previsti(inizio, fine):
        _incontro(scena, gruppo, giorno, membri, tutti_in_squadra=True)


def _inizio_del_campo(oggi: date, settimane: int) -> date:
    """Il secondo lunedì di giugno dell'ultima estate il cui campo è già finito."""
    for anno in (oggi.year, oggi.year - 1):
        primo = date(anno, _GIUGNO, 1)
        inizio = primo + timedelta((7 - primo.weekday()) % 7 + 7)
        if inizio + timedelta(7 * settimane) < oggi:
            break
    return inizio


def _seguito_fino_a(percorso: Percorso, giorno: date) -> bool:
    return percorso.aperta or percorso.presa.chiusa_il >= giorno


def _pari(scena: Scena, _: Materiale, piano: dict[str, Any], suoi: list[Percorso]) -> None:
    """Dieci incontri dei cinque seguiti da più tempo, fino a pochi giorni fa."""
    aperti = sorted((p for p in suoi if p.aperta), key=lambda p: (p.presa.aperta_il, p.presa.pk))
    membri = aperti[: piano["membri"]]
    primo = max(max(p.presa.aperta_il for p in membri) + timedelta(2), scena.primo_giorno)
    ogni = min(14, (scena.oggi - primo).days // piano["incontri"])
    if ogni < 2:
        return
    giorni = [_feriale(scena.oggi - timedelta(3 + ogni * n)) for n in range(piano["incontri"])]
    gruppo = _gruppo(
        scena,
        piano,
        membri[0].presa.azione_id,
        dal=min(giorni),
        al=max(giorni),
        ora=time(17, 0),
        minuti=120,
    )
    gruppo.in_piu = sorted(set(giorni))
    for percorso in membri:
        _entra(scena, gruppo, percorso)
    for giorno, titolo in zip(gruppo.in_piu, piano["titoli"], strict=False):
        _incontro(scena, gruppo, giorno, membri, oggetto=titolo)


def _feriale(giorno: date) -> date:
    return giorno - timedelta(max(0, giorno.weekday() - SABATO + 1))


def _compiti(scena: Scena, _: Materiale, piano: dict[str, Any], suoi: list[Percorso]) -> None:
    """Due pomeriggi alla settimana, e si va avanti."""
    dal = scena.oggi - timedelta(_DA_QUANTO_I_COMPITI)
    membri = [p for p in suoi if p.aperta and _minore(p, dal)][: piano["membri"]]
    if not membri:
        return
    gruppo = _gruppo(
        scena,
        piano,
        membri[0].presa.azione_id,
        dal=dal,
        al=scena.oggi + timedelta(_FINO_A),
        ora=time(15, 0),
        minuti=120,
    )
    gruppo.giorni = _MARTEDI_E_GIOVEDI
    for percorso in membri:
        _entra(scena, gruppo, percorso, ancora=True)
    # L'ultimo incontro resta da compilare: chi apre la pagina trova qualcosa da fare.
    for giorno in gruppo.incontri_previsti(dal, scena.oggi)[:-1]:
        _incontro(scena, gruppo, giorno, membri)


def _minore(percorso: Percorso, giorno: date) -> bool:
    return percorso.nascita is not None and _anni(percorso.nascita, giorno) < _MAGGIORE_ETA


def _anni(nascita: date, giorno: date) -> int:
    return giorno.year - nascita.year - ((giorno.month, giorno.day) < (nascita.month, nascita.day))


def _parte(parti: Sequence[list], nascita: date | None, giorno: date) -> str:
    """Il sottogruppo della sua età; di chi non la si sa, nessuno."""
    if nascita is None:
        return ""
    anni = _anni(nascita, giorno)
    return next((nome for minimo, massimo, nome in parti if minimo <= anni <= massimo), "")


def _gruppo(scena: Scena, piano: dict[str, Any], azione: int, **campi: Any) -> GruppoPresenze:
    gruppo = GruppoPresenze(
        ente=scena.ente,
        nome=piano["nome"],
        servizio=scena.servizi[piano["servizio"]],
        azione_id=azione,
        operatore=scena.squadra[0].utente,
        luogo=piano["luogo"],
        **campi,
    )
    scena.scrive(scena.squadra[0], gruppo)
    return gruppo


def _entra(
    scena: Scena, gruppo: GruppoPresenze, percorso: Percorso, *, parte: str = "", ancora=False
) -> None:
    membro = MembroDiGruppo(
        ente=scena.ente,
        gruppo_presenze=gruppo,
        parte=parte,
        dal=max(gruppo.dal, percorso.presa.aperta_il),
        al=None if ancora else gruppo.al,
        **percorso.di(),
    )
    scena.scrive(scena.squadra[0], membro)


def _incontro(
    scena: Scena,
    gruppo: GruppoPresenze,
    giorno: date,
    membri: Sequence[Percorso],
    *,
    oggetto: str = "",
    tutti_in_squadra: bool = False,
) -> Prestazione:
    """Un incontro tenuto, con chi c'era: qualcuno manca, qualcuno resta metà tempo."""
    chi = scena.squadra[0]
    prestazione = scena.prestazione(
        chi,
        gruppo.servizio,
        gruppo.azione_id,
        giorno,
        ora=gruppo.ora,
        minuti=gruppo.minuti,
        luogo=gruppo.luogo,
        oggetto=oggetto,
        gruppo=gruppo,
    )
    for percorso in membri:
        if percorso.presa.aperta_il <= giorno and scena.caso.random() < _PRESENZA:
            meta = gruppo.minuti // 2 if scena.caso.random() < 0.06 else None
            scena.partecipa(chi, prestazione, percorso, minuti=meta)
    for collega in scena.squadra[1:] if tutti_in_squadra else ():
        scena.scrive(
            chi,
            Affiancamento(ente=scena.ente, prestazione=prestazione, utente=collega.utente),
        )
    return prestazione
