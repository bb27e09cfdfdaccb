"""Le giornate: ciò che si è fatto con ogni persona, e chi è passato senza dire il nome."""

from datetime import time
from decimal import Decimal
from typing import Any

from prestazioni.dimostrazione.materiale import Materiale
from prestazioni.dimostrazione.scena import Percorso, Scena
from prestazioni.models import Affiancamento, Modo, NotaDiPrestazione


_MODI = {Modo.PRESENZA: 7, Modo.TELEFONO: 2, Modo.ONLINE: 1}
# Ogni quanti giorni si incontra una persona: chi più spesso, chi meno.
_OGNI = (9, 13, 17, 22, 29)
_SENZA_DURATA, _CON_ORA, _IN_DUE, _CON_NOTA = 0.06, 0.6, 0.06, 0.05


def scrivi_giornate(scena: Scena, materiale: Materiale) -> None:
    """Mette in conto le prestazioni di ogni percorso, e le aperture a bassa soglia."""
    for percorso in scena.percorsi:
        piani = [p for p in scena.piano["servizi"] if p.get("peso") and _vale(p, percorso)]
        if not piani:
            continue
        pesi = [piano["peso"] for piano in piani]
        ogni = scena.caso.choice(_OGNI)
        for giorno in scena.giorni_di_lavoro(percorso.dal, percorso.al, ogni):
            _incontro(scena, materiale, percorso, scena.caso.choices(piani, pesi)[0], giorno)
    for piano in scena.piano["servizi"]:
        if "senza_nome" in piano:
            _aperture(scena, materiale, piano)


def _vale(piano: dict[str, Any], percorso: Percorso) -> bool:
    return percorso.azione in piano["azioni"]


def _incontro(scena: Scena, materiale: Materiale, percorso: Percorso, piano, giorno) -> None:
    caso, chi = scena.caso, percorso.chi
    prestazione = scena.prestazione(
        chi,
        scena.servizi[piano["nome"]],
        percorso.presa.azione_id,
        giorno,
        ora=_ora(scena) if caso.random() < _CON_ORA else None,
        minuti=None if caso.random() < _SENZA_DURATA else caso.choice(piano["minuti"]),
        quantita=_quantita(scena, piano),
        **_dove(scena, piano),
    )
    scena.partecipa(chi, prestazione, percorso)
    scena.fatte.append((prestazione, percorso))
    colleghi = [altro for altro in scena.squadra if altro != chi]
    if colleghi and caso.random() < _IN_DUE:
        affianca = Affiancamento(
            ente=scena.ente, prestazione=prestazione, utente=caso.choice(colleghi).utente
        )
        scena.scrive(chi, affianca)
    if percorso.beneficiario and caso.random() < _CON_NOTA:
        nota = NotaDiPrestazione(
            ente=scena.ente,
            prestazione=prestazione,
            beneficiario=percorso.beneficiario,
            scritta_da=chi.utente,
            scritta_il=prestazione.registrata_il,
        )
        nota.testo = caso.choice(materiale.parole["note"])
        scena.scrive(chi, nota)


def _ora(scena: Scena) -> time:
    return time(scena.caso.choice((9, 9, 10, 11, 14, 15, 16, 17)), scena.caso.choice((0, 0, 30)))


def _quantita(scena: Scena, piano: dict[str, Any]) -> Decimal | None:
    quante = piano.get("quantita")
    return Decimal(str(scena.caso.choice(quante))) if quante else None


def _dove(scena: Scena, piano: dict[str, Any]) -> dict[str, str]:
    """Il modo; il luogo si scrive solo in presenza, e non sempre."""
    modi = piano.get("modi", _MODI)
    modo = scena.caso.choices(list(modi), list(modi.values()))[0]
    detto = modo == Modo.PRESENZA and scena.caso.random() < 0.7
    return {"modo": modo, "luogo": scena.caso.choice(scena.piano["luoghi"]) if detto else ""}


def _aperture(scena: Scena, materiale: Materiale, piano: dict[str, Any]) -> None:
    """Un pomeriggio aperto a tutti: si conta quanti sono venuti, e di qualcuno si sa il nome."""
    minimo, massimo, ogni = piano["senza_nome"]
    suoi = [percorso for percorso in scena.percorsi if _vale(piano, percorso)]
    if not suoi:
        return
    azione, chi = suoi[0].presa.azione_id, scena.squadra[0]
    for giorno in scena.giorni_di_lavoro(scena.primo_giorno, scena.oggi, ogni):
        prestazione = scena.prestazione(
            chi,
            scena.servizi[piano["nome"]],
            azione,
            giorno,
            ora=time(15, 0),
            minuti=piano["minuti"][0],
            senza_nome=scena.caso.randint(minimo, massimo),
            luogo=scena.piano["luoghi"][0],
            oggetto=scena.caso.choice(materiale.parole["oggetti_bassa_soglia"]),
        )
        noti = [p for p in suoi if p.beneficiario and p.dal <= giorno <= p.al]
        noti = [p for p in noti if p.presa.azione_id == azione]
        for percorso in scena.caso.sample(noti, min(scena.caso.randint(0, 2), len(noti))):
            scena.partecipa(chi, prestazione, percorso)
