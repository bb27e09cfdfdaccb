"""L'agenda di chi lavora: oggi, questa settimana, e ciò che è rimasto da registrare."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from enti.permessi import Attore
from prestazioni.dimostrazione.materiale import Materiale
from prestazioni.dimostrazione.scena import SABATO, Percorso, Scena
from prestazioni.models import Appuntamento, Modo


_Stato = Appuntamento.Stato
_ORE = (time(9, 0), time(10, 30), time(14, 0), time(15, 30), time(17, 0))
# Quanti impegni oggi, e quanti nei giorni di lavoro dopo.
_OGGI, _POI = 3, (2, 1, 2, 1, 1)
# Prima: due rimasti da registrare, uno mancato, uno annullato.
_PRIMA = ((1, _Stato.PREVISTO), (2, _Stato.PREVISTO), (3, _Stato.MANCATO), (5, _Stato.ANNULLATO))
_FATTI = 4


def scrivi_agenda(scena: Scena, materiale: Materiale) -> None:
    """Mette in conto gli impegni di ciascuno, con le persone che segue."""
    for chi in scena.squadra:
        suoi = [p for p in scena.percorsi if p.chi == chi and p.aperta and p.beneficiario]
        if not suoi:
            continue
        giorni = [(scena.oggi, _OGGI), *zip(_giorni_dopo(scena.oggi), _POI, strict=False)]
        for giorno, quanti in giorni:
            for ora in sorted(scena.caso.sample(_ORE, quanti)):
                _impegno(scena, materiale, chi, scena.caso.choice(suoi), giorno, ora)
        for fa, stato in _PRIMA:
            giorno, percorso = scena.oggi - timedelta(fa), scena.caso.choice(suoi)
            _con(scena, chi, percorso, giorno, scena.caso.choice(_ORE), stato=stato)
        _fatti(scena, chi)


def _impegno(
    scena: Scena, materiale: Materiale, chi: Attore, percorso: Percorso, giorno: date, ora: time
) -> None:
    """Quasi sempre con una persona; ogni tanto una riunione, che non è di nessuno."""
    if scena.caso.random() < 0.85:
        _con(scena, chi, percorso, giorno, ora)
        return
    riga = Appuntamento(
        ente=scena.ente,
        operatore=chi.utente,
        quando=_quando(giorno, ora),
        minuti=60,
        oggetto=scena.caso.choice(materiale.parole["impegni"]),
    )
    scena.scrive(chi, riga)


def _con(
    scena: Scena,
    chi: Attore,
    percorso: Percorso,
    giorno: date,
    ora: time,
    *,
    stato=_Stato.PREVISTO,
) -> None:
    piani = [p for p in scena.piano["servizi"] if p.get("peso") and percorso.azione in p["azioni"]]
    piano = scena.caso.choice(piani)
    a_casa = Modo.DOMICILIO in piano.get("modi", {})
    riga = Appuntamento(
        ente=scena.ente,
        operatore=chi.utente,
        servizio=scena.servizi[piano["nome"]],
        quando=_quando(giorno, ora),
        minuti=scena.caso.choice(piano["minuti"]),
        modo=Modo.DOMICILIO if a_casa else Modo.PRESENZA,
        luogo="" if a_casa else scena.caso.choice(scena.piano["luoghi"]),
        stato=stato,
        **percorso.di(),
    )
    scena.scrive(chi, riga)


def _fatti(scena: Scena, chi: Attore) -> None:
    """Gli ultimi incontri segnati in agenda, ciascuno con la sua prestazione."""
    sue = [
        (r, p) for r, p in scena.fatte if p.chi == chi and p.beneficiario and r.giorno < scena.oggi
    ]
    for prestazione, percorso in sorted(sue, key=lambda coppia: coppia[0].giorno)[-_FATTI:]:
        riga = Appuntamento(
            ente=scena.ente,
            operatore=chi.utente,
            servizio=prestazione.servizio,
            quando=_quando(prestazione.giorno, prestazione.ora or _ORE[0]),
            minuti=prestazione.minuti,
            modo=prestazione.modo,
            luogo=prestazione.luogo,
            stato=_Stato.FATTO,
            prestazione=prestazione,
            **percorso.di(),
        )
        scena.scrive(chi, riga)


def _giorni_dopo(oggi: date) -> list[date]:
    dopo = (oggi + timedelta(n) for n in range(1, 9))
    return [giorno for giorno in dopo if giorno.weekday() < SABATO]


def _quando(giorno: date, ora: time) -> datetime:
    return timezone.make_aware(datetime.combine(giorno, ora))
