"""AUD-08: ogni regola scatta sul suo caso, e in un mese ordinario se ne vede meno di una al giorno."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from beneficiari import anomalie
from beneficiari.tasks import segnala_anomalie
from enti.models import EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi, RegolaDiAnomalia, Segnalazione
from registro.db.contesto import contesto
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory, RecapitoFactory
from tests.privacy.mese_di_lavoro import GIORNI, Mese


PAGINA = "beneficiari:persona"
DA_TEMPO = timezone.now() - timedelta(days=100)
MEZZOGIORNO = timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))


def _legge(chi, persone, *, quando=MEZZOGIORNO, uscita="pagina", pagina=PAGINA, insieme=False):
    """Una transazione per persona, come chi apre pagine; una sola, `insieme`."""
    gruppi = [persone] if insieme else [[persona] for persona in persone]
    for gruppo in gruppi:
        with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
            RegistroAccessi.objects.bulk_create(
                RegistroAccessi(
                    utente=chi.utente,
                    ente=chi.ente,
                    ente_titolare=chi.ente,
                    beneficiario=persona,
                    finalita="assistenza",
                    gruppi=["anagrafica"],
                    uscita=uscita,
                    pagina=pagina,
                    quando=quando,
                )
                for persona in gruppo
            )


def _segnalate() -> list[tuple]:
    with come_sistema():
        return list(
            Segnalazione.objects.order_by("regola").values_list("regola", "utente", "quante")
        )


def _cerca():
    anomalie.cerca_subito(MEZZOGIORNO - timedelta(days=2), MEZZOGIORNO + timedelta(days=1))
    anomalie.cerca_del_giorno(timezone.localdate())
    return _segnalate()


@pytest.fixture
def chi(registri):
    return attore(Ruolo.OPERATORE)


@pytest.fixture
def seguita(chi):
    """Una persona che l'ente segue, di un altro operatore."""
    persona = BeneficiarioFactory(ente=chi.ente, inserito_il=DA_TEMPO)
    PresaInCaricoFactory(beneficiario=persona, ente=chi.ente)
    return persona


def test_piu_di_cinquanta_pagine_di_persone_in_dieci_minuti(chi):
    _legge(chi, range(1000, 1051))

    assert _cerca() == [("molte-pagine", chi.utente.pk, 51)]


def test_un_elenco_lungo_o_cinquanta_pagine_in_un_ora_non_bastano(chi):
    _legge(chi, range(1000, 1300), pagina="beneficiari:persone", insieme=True)
    for n in range(6):
        _legge(chi, range(n * 10, n * 10 + 10), quando=MEZZOGIORNO + timedelta(minutes=12 * n))
    # Le linguette della stessa persona non sono altre persone.
    _legge(chi, [7] * 60, quando=MEZZOGIORNO - timedelta(hours=2))

    assert _cerca() == []


def test_piu_di_duecento_persone_portate_fuori_insieme(chi):
    _legge(chi, range(200), uscita="foglio", pagina="beneficiari:persone_csv", insieme=True)
    assert _cerca() == []

    _legge(chi, range(201), uscita="foglio", pagina="beneficiari:persone_csv", insieme=True)
    assert _cerca() == [("esportazione", chi.utente.pk, 201)]


def test_una_lettura_di_notte_di_chi_non_lavora_di_notte(chi):
    notte = timezone.make_aware(
        datetime.combine(timezone.localdate() - timedelta(days=1), time(23))
    )
    _legge(chi, [1, 2], quando=notte)

    assert _cerca() == [("notte", chi.utente.pk, 2)]


def test_chi_lavora_di_notte_da_piu_giorni_non_fa_scattare_niente(chi):
    for n in range(1, 6):
        notte = datetime.combine(timezone.localdate() - timedelta(days=n), time(23))
        _legge(chi, [n], quando=timezone.make_aware(notte))
    anomalie.cerca_subito(MEZZOGIORNO - timedelta(days=2), MEZZOGIORNO + timedelta(days=1))

    assert _segnalate() == []


def test_tre_persone_che_l_ente_non_segue(chi):
    altre = [BeneficiarioFactory(ente=chi.ente, inserito_il=DA_TEMPO).pk for _ in range(3)]
    _legge(chi, altre[:2])
    assert _cerca() == []

    _legge(chi, altre[2:])
    assert _cerca() == [("senza-caso", chi.utente.pk, 3)]


def test_chi_e_arrivato_da_poco_o_ha_un_caso_non_conta(chi, seguita):
    nuove = [BeneficiarioFactory(ente=chi.ente).pk for _ in range(4)]
    _legge(chi, [*nuove, seguita.pk, seguita.pk])

    assert _cerca() == []


@pytest.mark.parametrize("come", ["cognome", "posta"])
def test_una_persona_che_puo_essere_un_parente(registri, come):
    chi = attore(Ruolo.OPERATORE)
    chi.utente.cognome = "D'Angelò"
    chi.utente.save(update_fields=["cognome"])
    cognome = "d'angelo" if come == "cognome" else "Altro"
    persona = BeneficiarioFactory(ente=chi.ente, cognome=cognome, inserito_il=DA_TEMPO)
    PresaInCaricoFactory(beneficiario=persona, ente=chi.ente)
    if come == "posta":
        RecapitoFactory(beneficiario=persona, tipo="posta", valore=chi.utente.email.upper())
    _legge(chi, [persona.pk])

    assert _cerca() == [("stesso-cognome", chi.utente.pk, 1)]


def test_se_la_persona_gli_e_affidata_lo_sa_gia_chi_gliel_ha_data(chi):
    persona = BeneficiarioFactory(ente=chi.ente, cognome=chi.utente.cognome, inserito_il=DA_TEMPO)
    PresaInCaricoFactory(beneficiario=persona, ente=chi.ente, operatore=chi.utente)
    ora = timezone.now() + timedelta(seconds=1)
    _legge(chi, [persona.pk], quando=ora)

    assert _segnalate() == []
    anomalie.cerca_del_giorno(timezone.localdate(ora))
    assert [voce for voce in _segnalate() if voce[0] == "stesso-cognome"] == []


def test_si_avvisa_il_garante_una_volta_e_senza_dire_di_chi(chi, settings):
    mail.outbox = []
    garante = attore(Ruolo.GARANTE)
    _legge(chi, range(1000, 1060), quando=timezone.now())
    segnala_anomalie()
    segnala_anomalie()

    assert {m.to[0] for m in mail.outbox} == {garante.utente.email, settings.CONTATTO_DPO}
    assert len(mail.outbox) == 2
    with come_sistema():
        trovate = EventoDiSicurezza.objects.filter(codice="anomalia-trovata")
        regole = {e.dati["regola"] for e in trovate}
    # Di notte le stesse letture sono anche fuori orario: quante regole, tante segnalazioni.
    quante = "una segnalazione" if len(regole) == 1 else f"{len(regole)} segnalazioni"
    messaggio = mail.outbox[0]
    assert "molte-pagine" in regole
    assert quante in messaggio.body or f"{len(regole)} segnalazion" in messaggio.body
    assert chi.utente.cognome not in messaggio.body


def test_le_regole_rispondono_solo_al_sistema(chi):
    _legge(chi, range(1000, 1060))
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        assert not Segnalazione.objects.exists()
        with pytest.MonkeyPatch.context() as senza:
            senza.setattr(
                anomalie, "come_sistema", lambda: contesto(utente=chi.utente.pk, ente=chi.ente.pk)
            )
            assert anomalie.cerca_subito(MEZZOGIORNO - timedelta(days=1)) == 0


def test_in_un_mese_ordinario_meno_di_una_segnalazione_al_giorno(registri, capsys):
    """AUD-08: il mese inventato di `mese_di_lavoro.py`, con il seme fisso; i numeri si stampano."""
    primo = date(2026, 9, 1)
    mese = Mese(primo)
    letture = mese.scrivi(registri)
    registri.execute("ANALYZE privacy_registroaccessi")
    for giorno in (primo + timedelta(days=n) for n in range(GIORNI)):
        mattina = timezone.make_aware(datetime.combine(giorno, time(0)))
        anomalie.cerca_subito(mattina, mattina + timedelta(days=1))
        anomalie.cerca_del_giorno(giorno)
    per_regola = dict.fromkeys(RegolaDiAnomalia.values, 0)
    for regola, *_ in _segnalate():
        per_regola[regola] += 1
    totale = sum(per_regola.values())
    with capsys.disabled():
        print(f"\nAUD-08: {letture} letture, {GIORNI} giorni, {totale} segnalazioni: {per_regola}")  # noqa: T201

    assert letture > 30_000
    assert 0 < totale < GIORNI
