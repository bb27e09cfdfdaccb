"""Gli avvisi che partono da soli: né un indirizzo guasto né un ente che non riesce fermano gli altri."""

import datetime
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.utils import timezone

from beneficiari import scadenze
from beneficiari.models import AccessoDEmergenza, DocumentoDiPersona
from beneficiari.tasks import avvisa_delle_scadenze, avvisa_emergenze, cura_documenti
from enti.permessi import Ruolo
from enti.sistema import LavoroAMeta, come_sistema
from privacy.azioni.violazioni import apri_violazione
from privacy.gruppi import GRUPPI_D_EMERGENZA, Finalita
from privacy.models import Violazione
from privacy.tasks import avvisa_violazioni
from registro.comune import posta
from tests.beneficiari.test_emergenze import _apri as apri_emergenza
from tests.fabbriche import attore
from tests.fabbriche_diritti import RichiestaFactory
from tests.fabbriche_persone import BaseGiuridicaFactory, BeneficiarioFactory, come


pytestmark = pytest.mark.django_db

ORA = datetime.timedelta(hours=1)
GUASTO = "a-guasto@rete.example"
DPO = "z-dpo@rete.example"


@pytest.fixture(autouse=True)
def _un_solo_dpo(settings):
    settings.CONTATTO_DPO = DPO


@pytest.fixture
def referente(db):
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def rifiutati(monkeypatch) -> set[str]:
    """Gli indirizzi che il server non accetta; chi prova ne aggiunge."""
    indirizzi: set[str] = {GUASTO}
    vera = posta.send_mail

    def spedisci(oggetto, testo, da, a_chi):
        if indirizzi & set(a_chi):
            raise SMTPRecipientsRefused({})
        return vera(oggetto, testo, da, a_chi)

    monkeypatch.setattr(posta, "send_mail", spedisci)
    return indirizzi


def _viola(da) -> Violazione:
    with come(da):
        return apri_violazione(
            violazione=Violazione(
                scoperta_il=timezone.now() - 60 * ORA,
                natura="riservatezza",
                descrizione="Un account usato da chi non doveva.",
            ),
            da=da,
        )


def _emergenza():
    for gruppo in GRUPPI_D_EMERGENZA:
        BaseGiuridicaFactory(finalita=Finalita.EMERGENZA, gruppo=gruppo)
    chi = attore(Ruolo.OPERATORE)
    return chi, apri_emergenza(chi)


def _richiesta_scaduta(ente):
    return RichiestaFactory(
        beneficiario=BeneficiarioFactory(ente=ente),
        chiesta_il=timezone.localdate() - datetime.timedelta(31),
    )


def _a_chi() -> list[str]:
    return sorted(indirizzo for messaggio in mail.outbox for indirizzo in messaggio.to)


def _cambia_posta(chi, indirizzo: str) -> None:
    chi.utente.email = indirizzo
    chi.utente.save(update_fields=["email"])


def test_un_indirizzo_rifiutato_non_ferma_chi_viene_dopo_e_non_ripete_chi_viene_prima(
    rifiutati,
):
    spediti = posta.spedisci_a_ciascuno(
        "Prova", "Testo", ["c@x.example", GUASTO, "", "c@x.example", "b@x.example"], che_cosa="P"
    )

    assert spediti == 2
    assert _a_chi() == ["b@x.example", "c@x.example"]


def test_un_indirizzo_che_non_si_puo_scrivere_si_salta(caplog):
    spediti = posta.spedisci_a_ciascuno(
        "Prova", "Testo", ["rotto\n@x.example", "b@x.example"], che_cosa="Prova"
    )

    assert spediti == 1
    assert "rotto" not in caplog.text
    assert "Prova: un messaggio non è partito" in caplog.text


def test_l_emergenza_arriva_a_chi_si_puo_e_non_si_rispedisce(rifiutati):
    _cambia_posta(attore(Ruolo.GARANTE), GUASTO)
    chi, accesso = _emergenza()
    mail.outbox.clear()

    assert avvisa_emergenze() == 1
    assert avvisa_emergenze() == 0
    assert _a_chi() == [DPO]
    with come(chi):
        accesso.refresh_from_db()
    assert accesso.avvisato_il is not None


def test_un_avviso_d_emergenza_che_non_arriva_a_nessuno_si_riprova(rifiutati, settings):
    chi, accesso = _emergenza()
    settings.CONTATTO_DPO = ""
    assert avvisa_emergenze() == 0
    settings.CONTATTO_DPO = GUASTO
    assert avvisa_emergenze() == 0

    with come(chi):
        assert AccessoDEmergenza.objects.get(pk=accesso.pk).avvisato_il is None
    rifiutati.clear()
    assert avvisa_emergenze() == 1


def test_la_violazione_si_avvisa_una_volta_anche_con_un_indirizzo_guasto(referente, rifiutati):
    _cambia_posta(attore(Ruolo.GARANTE), GUASTO)
    _viola(referente)
    mail.outbox.clear()

    assert avvisa_violazioni() == 1
    assert avvisa_violazioni() == 0
    assert _a_chi() == sorted([DPO, referente.utente.email])


def test_la_violazione_che_nessuno_riceve_resta_da_avvisare(referente, rifiutati):
    rifiutati |= {DPO, referente.utente.email}
    violazione = _viola(referente)

    assert avvisa_violazioni() == 0
    with come_sistema(referente.ente):
        assert Violazione.objects.get(pk=violazione.pk).preavviso_il is None


def test_la_scadenza_si_dice_a_chi_ha_l_account_aperto(referente, rifiutati):
    _cambia_posta(attore(Ruolo.REFERENTE, ente=referente.ente), GUASTO)
    uscito = attore(Ruolo.REFERENTE, ente=referente.ente).utente
    uscito.is_active = False
    uscito.save(update_fields=["is_active"])
    _richiesta_scaduta(referente.ente)
    mail.outbox.clear()

    assert avvisa_delle_scadenze() == 1
    assert avvisa_delle_scadenze() == 0
    assert _a_chi() == [referente.utente.email]


def test_senza_referenti_la_scadenza_la_sa_il_garante():
    garante = attore(Ruolo.GARANTE)
    _richiesta_scaduta(BeneficiarioFactory().ente)
    mail.outbox.clear()

    assert avvisa_delle_scadenze() == 1
    assert _a_chi() == sorted([DPO, garante.utente.email])


# Tutti gli enti -----------------------------------------------------------------------------


def _esce_dalla_rete(ente) -> None:
    with come_sistema(ente):
        ente.attivo = False
        ente.save(update_fields=["attivo"])


def test_anche_un_ente_uscito_dalla_rete_ha_gli_avvisi(referente):
    attore(Ruolo.GARANTE)
    chi, _ = _emergenza()
    _richiesta_scaduta(referente.ente)
    _viola(referente)
    _esce_dalla_rete(referente.ente)
    _esce_dalla_rete(chi.ente)

    assert avvisa_delle_scadenze() == 1
    assert avvisa_violazioni() == 1
    assert avvisa_emergenze() == 1


def test_i_documenti_scaduti_di_un_ente_uscito_si_distruggono(referente, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with come(referente):
        documento = DocumentoDiPersona.objects.create(
            ente=referente.ente, utente=referente.utente, tipo=DocumentoDiPersona.Tipo.ELENCO
        )
    _esce_dalla_rete(referente.ente)
    with come_sistema(referente.ente):
        DocumentoDiPersona.objects.filter(pk=documento.pk).update(
            stato=DocumentoDiPersona.Stato.PRONTO,
            file="prova.xlsx",
            impronta="0" * 64,
            byte=1,
            finito_il=timezone.now() - 48 * ORA,
            scade_il=timezone.now() - 24 * ORA,
        )

    cura_documenti()

    with come_sistema(referente.ente):
        documento.refresh_from_db()
    assert documento.stato == DocumentoDiPersona.Stato.DISTRUTTO


def test_un_ente_che_non_riesce_non_ferma_gli_altri_e_il_lavoro_lo_dice(
    referente, monkeypatch, caplog
):
    primo = BeneficiarioFactory().ente
    _richiesta_scaduta(primo)
    _richiesta_scaduta(referente.ente)
    vera = scadenze.avvisa

    def avvisa(ente):
        if ente == min(primo, referente.ente, key=lambda voce: voce.pk):
            raise KeyError("Rossi Maria")
        return vera(ente)

    monkeypatch.setattr(scadenze, "avvisa", avvisa)
    mail.outbox.clear()

    with pytest.raises(LavoroAMeta, match="1 enti"):
        avvisa_delle_scadenze()
    assert mail.outbox
    assert "KeyError" in caplog.text
    assert "Rossi" not in caplog.text
