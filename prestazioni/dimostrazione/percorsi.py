"""Ciò che si ottiene: tirocini, piani di rientro a rate, pratiche per la casa, esiti."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from prestazioni.dimostrazione.materiale import Materiale
from prestazioni.dimostrazione.scena import Percorso, Scena
from prestazioni.models import (
    Esito,
    PassoDiPratica,
    PianoRientro,
    PraticaCasa,
    Rata,
    Tirocinio,
)


_TIROCINI, _PIANI, _PRATICHE = 0.7, 0.5, 0.4
_CHIUSI_BENE, _APERTI = 0.7, 0.14
_MAGGIORE_ETA = timedelta(18 * 366)
_SCADENZA = timedelta(30)
_Passo, _Tipo = PassoDiPratica.Passo, PraticaCasa.Tipo
# Il cammino di ogni pratica, e l'esito con cui finisce bene.
_CAMMINI = {
    _Tipo.FONDO_SOCIALE: ((_Passo.PRESENTATA, _Passo.INTEGRATA, _Passo.ACCOLTA), "H_FS"),
    _Tipo.DOMANDA_ERP: ((_Passo.PRESENTATA, _Passo.IN_GRADUATORIA, _Passo.ACCOLTA), "H_STAB"),
    _Tipo.DECADENZA: ((_Passo.MESSA_IN_MORA, _Passo.PRESENTATA, _Passo.REVOCA), "H_DEC_EV"),
    _Tipo.SFRATTO: ((_Passo.INTIMAZIONE, _Passo.CONVALIDA, _Passo.REVOCA), "H_SFR_RINV"),
}
# Come si paga: sempre, con ritardo, o sempre meno. (puntuale, in ritardo)
_ABITUDINI = ((0.92, 0.06), (0.7, 0.2), (0.3, 0.15))
_DI_CHI_LASCIA = {"RIN": "T_RIN", "IRR": "T_IRR"}


def scrivi_percorsi(scena: Scena, materiale: Materiale) -> None:
    """Mette in conto i percorsi di una parte delle prese in carico, e gli esiti di molte."""
    for percorso in scena.percorsi:
        if _tocca(scena, percorso, "tirocini", _TIROCINI) and _adulta(percorso, scena.oggi):
            _tirocinio(scena, materiale, percorso)
        if _tocca(scena, percorso, "piani", _PIANI):
            _piano(scena, materiale, percorso)
        if _tocca(scena, percorso, "pratiche", _PRATICHE):
            _pratica(scena, materiale, percorso)
        _altro_esito(scena, materiale, percorso)


def _tocca(scena: Scena, percorso: Percorso, genere: str, parte: float) -> bool:
    lungo = (percorso.al - percorso.presa.aperta_il).days > 75
    previsto = percorso.azione in scena.piano.get(genere, ())
    return previsto and lungo and scena.caso.random() < parte


def _adulta(percorso: Percorso, oggi: date) -> bool:
    nata = percorso.nascita
    return percorso.beneficiario is not None and (nata is None or oggi - nata > _MAGGIORE_ETA)


def _riga(scena: Scena, percorso: Percorso, giorno: date) -> dict[str, Any]:
    """I campi di chi registra, quella sera, una riga di una presa in carico."""
    return {
        "ente": scena.ente,
        "registrato_da": percorso.chi.utente,
        "registrato_il": scena.quella_sera(giorno),
        **percorso.di(),
    }


def _esito(
    scena: Scena, materiale: Materiale, percorso: Percorso, codice: str, giorno: date, **campi: Any
) -> None:
    tipo = materiale.esiti[codice]
    riga = Esito(
        tipo=tipo,
        giorno=giorno,
        **{"prova": tipo.verifica, **_riga(scena, percorso, giorno), **campi},
    )
    scena.scrive(percorso.chi, riga)


def _tirocinio(scena: Scena, materiale: Materiale, percorso: Percorso) -> None:
    caso = scena.caso
    mesi, a_settimana = caso.choice((3, 4, 6)), caso.choice((20, 25, 30))
    inizio = percorso.presa.aperta_il + timedelta(caso.randint(20, 70))
    tirocinio = Tirocinio(
        tipo=caso.choice((Tirocinio.Tipo.INCLUSIONE, Tirocinio.Tipo.EXTRACURRICULARE)),
        promotore=scena.ente.denominazione,
        nome_ospitante=caso.choice(materiale.parole["ospitanti"]),
        inizio=inizio,
        fine_prevista=inizio + timedelta(30 * mesi),
        ore_settimana=a_settimana,
        ore_previste=a_settimana * mesi * 4,
        indennita=Decimal(600),
        chi_paga=caso.choice((Tirocinio.Paga.ENTE, Tirocinio.Paga.GOL)),
        tutor=percorso.chi.utente.nome_completo,
        **_riga(scena, percorso, inizio),
    )
    scena.scrive(percorso.chi, tirocinio)
    _esito(scena, materiale, percorso, "L_TIR_AVV", inizio, tirocinio=tirocinio)
    if tirocinio.fine_prevista > percorso.al:
        fatta = (scena.oggi - inizio) / (tirocinio.fine_prevista - inizio)
        tirocinio.ore_svolte = round(tirocinio.ore_previste * min(fatta, 1))
        return
    _finisce(scena, materiale, percorso, tirocinio)


def _finisce(scena: Scena, materiale: Materiale, percorso: Percorso, tirocinio: Tirocinio) -> None:
    """Tre su quattro arrivano in fondo; di questi, più della metà resta a lavorare."""
    caso, nato = scena.caso, {"tirocinio": tirocinio}
    if caso.random() < 0.25:
        giorni = (tirocinio.fine_prevista - tirocinio.inizio).days
        tirocinio.fine = tirocinio.inizio + timedelta(caso.randint(15, giorni // 2))
        tirocinio.ore_svolte = round(tirocinio.ore_previste * caso.uniform(0.1, 0.45))
        _esito(scena, materiale, percorso, "L_TIR_INT", tirocinio.fine, **nato)
        return
    tirocinio.fine = tirocinio.fine_prevista
    tirocinio.ore_svolte = round(tirocinio.ore_previste * caso.uniform(0.8, 1))
    _esito(scena, materiale, percorso, "L_TIR_CON", tirocinio.fine, **nato)
    assunta = tirocinio.fine + timedelta(caso.randint(3, 20))
    if caso.random() < 0.6 and assunta <= scena.oggi:
        tirocinio.assunzione_il = assunta
        presso = {"nome_ospitante": tirocinio.nome_ospitante}
        _esito(scena, materiale, percorso, "L_TIR_ASS", assunta, **nato, **presso)
        mesi = caso.choice((6, 12))
        _esito(scena, materiale, percorso, "L_OCC_TD", assunta, mesi=mesi, **nato, **presso)


def _piano(scena: Scena, materiale: Materiale, percorso: Percorso) -> None:
    caso = scena.caso
    firmato = percorso.presa.aperta_il + timedelta(caso.randint(20, 60))
    quante = caso.choice((6, 8, 10, 12, 18))
    importo = Decimal(caso.randrange(40, 160, 10))
    piano = PianoRientro(
        creditore=caso.choice((PianoRientro.Creditore.ATC, PianoRientro.Creditore.UTENZE)),
        debito=importo * quante,
        causa=caso.choice(PianoRientro.Causa.values),
        incolpevole=caso.choice(PianoRientro.Incolpevole.values),
        canone=Decimal(caso.randrange(60, 210, 10)),
        firmato_il=firmato,
        **_riga(scena, percorso, firmato),
    )
    scena.scrive(percorso.chi, piano)
    _esito(scena, materiale, percorso, "H_PR_SOTT", firmato, piano=piano)
    rate = _rate(scena, percorso, piano, quante, importo)
    scadute = [rata for rata in rate if rata.scade_il <= scena.oggi]
    pagate = sum(rata.pagata_il is not None for rata in scadute)
    if len(scadute) == quante and pagate >= quante * Decimal("0.8"):
        piano.concluso_il = max(r.pagata_il or r.scade_il for r in rate)
        _esito(scena, materiale, percorso, "H_PR_RISP", piano.concluso_il, piano=piano)
    elif len(scadute) - pagate > 4:
        piano.interrotto_il = min(scadute[-1].scade_il + timedelta(10), scena.oggi)
        piano.motivo = "Rate non pagate: il creditore ha chiesto di rifare i conti."
        _esito(scena, materiale, percorso, "H_PR_INT", piano.interrotto_il, piano=piano)


def _rate(
    scena: Scena, percorso: Percorso, piano: PianoRientro, quante: int, importo: Decimal
) -> list[Rata]:
    puntuale, in_ritardo = scena.caso.choice(_ABITUDINI)
    rate = []
    for numero in range(1, quante + 1):
        rata = Rata(
            ente=scena.ente,
            piano=piano,
            beneficiario=percorso.beneficiario,
            numero=numero,
            scade_il=piano.firmato_il + numero * _SCADENZA,
            importo=importo,
        )
        sorte = scena.caso.random()
        if sorte < puntuale:
            rata.pagata_il = rata.scade_il - timedelta(scena.caso.randint(0, 5))
        elif sorte < puntuale + in_ritardo:
            rata.pagata_il = rata.scade_il + timedelta(scena.caso.randint(4, 30))
        if rata.scade_il > scena.oggi or (rata.pagata_il or scena.oggi) > scena.oggi:
            rata.pagata_il = None
        if rata.scade_il <= scena.oggi:
            rata.controllata_il = min(rata.scade_il + timedelta(7), scena.oggi)
        scena.scrive(percorso.chi, rata)
        rate.append(rata)
    return rate


def _pratica(scena: Scena, materiale: Materiale, percorso: Percorso) -> None:
    caso = scena.caso
    tipo = caso.choice(list(_CAMMINI))
    cammino, codice = _CAMMINI[tipo]
    aperta = percorso.presa.aperta_il + timedelta(caso.randint(5, 40))
    pratica = PraticaCasa(
        tipo=tipo,
        presso=caso.choice(materiale.parole["presso"]),
        aperta_il=aperta,
        **_riga(scena, percorso, aperta),
    )
    scena.scrive(percorso.chi, pratica)
    giorno = aperta
    for posto, passo in enumerate(cammino):
        giorno += timedelta(caso.randint(4, 60) if posto else 0)
        if giorno > scena.oggi:
            return
        bene = posto < len(cammino) - 1 or caso.random() < 0.75
        passo = passo if bene else _Passo.RESPINTA
        di_chi = {"ente": scena.ente, "beneficiario": percorso.beneficiario}
        riga = PassoDiPratica(pratica=pratica, passo=passo, giorno=giorno, **di_chi)
        scena.scrive(percorso.chi, riga)
    pratica.chiusa_il = giorno
    if passo != _Passo.RESPINTA:
        if tipo == _Tipo.FONDO_SOCIALE:
            pratica.importo = Decimal(caso.randrange(300, 1500, 50))
        importo = pratica.importo
        _esito(scena, materiale, percorso, codice, giorno, pratica=pratica, importo=importo)


def _altro_esito(scena: Scena, materiale: Materiale, percorso: Percorso) -> None:
    """Ciò che si è ottenuto senza un percorso suo; anche chi lascia è un esito."""
    codice = _DI_CHI_LASCIA.get(percorso.esito, "")
    if codice:
        _esito(scena, materiale, percorso, codice, percorso.al)
        return
    parte = _CHIUSI_BENE if percorso.esito in ("OBI", "PAR") else 0
    if scena.caso.random() < (_APERTI if percorso.aperta else parte):
        giorni = (percorso.al - percorso.presa.aperta_il).days
        quando = percorso.presa.aperta_il + timedelta(scena.caso.randint(giorni // 2, giorni))
        codice = scena.caso.choice(scena.piano["esiti"])
        _esito(scena, materiale, percorso, codice, quando)
