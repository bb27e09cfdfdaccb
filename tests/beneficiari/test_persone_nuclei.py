"""I nuclei e i doppioni, dalle pagine."""

import datetime

import pytest
from django.urls import reverse

from beneficiari.models import Beneficiario, Componente, NonDoppione, Nucleo, Recapito, Unione
from enti.permessi import Ruolo
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    ComponenteFactory,
    IdentificativoFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    come,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

DOPPIONI = reverse("beneficiari:doppioni")
CF, ALTRO_CF = "RSSMRA80A01A182N", "VRDLGU70B15L219E"


@pytest.fixture
def chi():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def dentro(client, chi):
    return client.entra(chi)


def _persona(chi, cognome="Rossi", **campi) -> Beneficiario:
    return BeneficiarioFactory(ente=chi.ente, cognome=cognome, **campi)


def _pagina(nome, cosa) -> str:
    return reverse(f"beneficiari:{nome}", args=[cosa.uuid])


def _componenti(chi) -> dict[str, Componente]:
    with come(chi):
        tutti = Componente.objects.select_related("beneficiario")
        return {voce.beneficiario.cognome: voce for voce in tutti}


def test_si_crea_un_nucleo_e_si_aggiunge_chi_c_e_gia(dentro, chi):
    madre, figlio = _persona(chi, "Madre"), _persona(chi, "Figlio")
    dentro.post(_pagina("nucleo_nuovo", madre), {"ruolo": "capofamiglia", "tipologia": "MONO_M"})
    with come(chi):
        nucleo = Nucleo.objects.get()

    cercato = dentro.post(_pagina("componente_nuovo", nucleo), {"gesto": "cerca", "testo": "fig"})
    aggiunto = dentro.post(
        _pagina("componente_nuovo", nucleo),
        {"persona": str(figlio.uuid), "ruolo": "figlio", "convivente": "on", "dal": "2026-01-01"},
    )

    assert cercato.context["trovate"] == [figlio]
    assert aggiunto.url == _pagina("nucleo", figlio)
    pagina = dentro.get(_pagina("nucleo", madre)).content.decode()
    assert _pagina("persona", figlio) in pagina
    assert "Monogenitore" in pagina
    assert _componenti(chi)["Figlio"].dal == datetime.date(2026, 1, 1)


def test_chi_e_nuovo_si_inserisce_e_torna_al_nucleo(dentro, chi):
    nucleo = NucleoFactory(ente=chi.ente)

    pagina = f"{reverse('beneficiari:nuova')}?nucleo={nucleo.uuid}"
    risposta = dentro.post(pagina, {"cognome": "Appena arrivata", "viste": ""}, follow=True)

    assert risposta.redirect_chain[-1][0].startswith(_pagina("componente_nuovo", nucleo))
    assert [voce.cognome for voce in risposta.context["trovate"]] == ["Appena arrivata"]


@pytest.mark.parametrize(
    ("campi", "frase"),
    [
        ({"persona": "", "ruolo": "figlio"}, "Cerca la persona e scegli chi è"),
        ({"ruolo": "capofamiglia"}, "Il nucleo ha già un capofamiglia."),
        ({"ruolo": "figlio", "dal": "2190-01-01"}, "La data è nel futuro"),
        ({"ruolo": "inventato"}, "Scegli un"),
    ],
)
def test_chi_non_puo_entrare_nel_nucleo_lo_si_dice(dentro, chi, campi, frase):
    nucleo = NucleoFactory(ente=chi.ente)
    ComponenteFactory(nucleo=nucleo, beneficiario=_persona(chi), ruolo="capofamiglia")
    altra = _persona(chi, "Altra")

    risposta = dentro.post(
        _pagina("componente_nuovo", nucleo), {"persona": str(altra.uuid), **campi}
    )

    assert risposta.status_code == 422
    assert frase in risposta.content.decode()


def test_non_si_aggiunge_una_persona_di_un_altro_ente(dentro, chi):
    nucleo = NucleoFactory(ente=chi.ente)
    estranea = BeneficiarioFactory()

    risposta = dentro.post(
        _pagina("componente_nuovo", nucleo), {"persona": str(estranea.uuid), "ruolo": "altro"}
    )

    assert risposta.status_code == 422
    assert _componenti(chi) == {}


def test_un_capofamiglia_nuovo_prende_il_posto_di_quello_di_prima(dentro, chi):
    nucleo = NucleoFactory(ente=chi.ente)
    ComponenteFactory(nucleo=nucleo, beneficiario=_persona(chi, "Padre"), ruolo="capofamiglia")
    figlia = ComponenteFactory(nucleo=nucleo, beneficiario=_persona(chi, "Figlia"), ruolo="figlio")

    dentro.post(_pagina("componente", figlia), {"ruolo": "capofamiglia", "convivente": "on"})

    dopo = _componenti(chi)
    assert (dopo["Figlia"].ruolo, dopo["Padre"].ruolo) == ("capofamiglia", "altro-parente")


def test_chi_esce_dal_nucleo_resta_nella_sua_storia(dentro, chi):
    uscita = ComponenteFactory(
        beneficiario=_persona(chi), dal=datetime.date(2026, 1, 1), nucleo__ente=chi.ente
    )

    prima = dentro.post(_pagina("componente_esce", uscita), {"al": "2025-01-01"})
    dentro.post(_pagina("componente_esce", uscita), {"al": "2026-03-01"})

    assert "La fine non può precedere" in prima.content.decode()
    assert _componenti(chi)["Rossi"].al == datetime.date(2026, 3, 1)
    assert "al 01/03/2026" in dentro.get(_pagina("nucleo", uscita.beneficiario)).content.decode()


def _coppie(risposta) -> set[frozenset[str]]:
    return {
        frozenset((coppia.una.come_si_chiama, coppia.altra.come_si_chiama))
        for coppia in risposta.context["coppie"]
    }


def test_si_propongono_omonimi_e_nomi_simili_nati_lo_stesso_giorno(dentro, chi):
    _persona(chi, "Ben Hassan", nome="Amina")
    _persona(chi, "Benhassan", nome="Amina")
    _persona(chi, "Russo", nome="Anna", data_nascita=None)
    _persona(chi, "Russo", nome="Anna", data_nascita=datetime.date(1950, 1, 1))
    _persona(chi, "Tutt'altro", nome="Nome")
    BeneficiarioFactory(cognome="Russo", nome="Anna")

    with al_massimo(15):
        risposta = dentro.get(DOPPIONI)

    assert _coppie(risposta) == {
        frozenset({"Ben Hassan Amina", "Benhassan Amina"}),
        frozenset({"Russo Anna"}),
    }


def test_due_righe_della_stessa_persona_si_uniscono_senza_spostare_niente(dentro, chi):
    tenuta, assorbita = _persona(chi), _persona(chi)
    RecapitoFactory(beneficiario=assorbita, valore="0141 765432")
    PresaInCaricoFactory(beneficiario=assorbita)
    confronto = dentro.get(_pagina("doppioni_persona", tenuta))

    dentro.post(_pagina("unisci", tenuta), {"altra": assorbita.uuid})

    assert [colonna.persona for colonna, _ in confronto.context["altre"]] == [assorbita]
    pagina = dentro.get(_pagina("persona", tenuta))
    assert "0141 765432" in pagina.content.decode()
    assert len(pagina.context["aperte"]) == 1
    assert dentro.get(_pagina("persona", assorbita)).url == _pagina("persona", tenuta)
    assert _coppie(dentro.get(DOPPIONI)) == set()
    with come(chi):
        assert Recapito.objects.get().beneficiario_id == assorbita.pk
        assert Unione.objects.get().fatta_da == chi.utente


def test_un_unione_si_annulla_e_ognuna_riprende_il_suo(dentro, chi):
    tenuta, assorbita = _persona(chi), _persona(chi)
    RecapitoFactory(beneficiario=assorbita, valore="0141 765432")
    dentro.post(_pagina("unisci", tenuta), {"altra": assorbita.uuid})
    with come(chi):
        unione = Unione.objects.get()

    dentro.post(_pagina("unione_annulla", unione))
    ancora = dentro.post(_pagina("unione_annulla", unione), follow=True)

    assert "già stata annullata" in ancora.content.decode()
    assert "0141 765432" not in dentro.get(_pagina("persona", tenuta)).content.decode()
    assert "0141 765432" in dentro.get(_pagina("persona", assorbita)).content.decode()


def test_due_con_codici_fiscali_validi_e_diversi_non_si_uniscono(dentro, chi):
    una, altra = _persona(chi), _persona(chi)
    IdentificativoFactory(beneficiario=una, codice=CF)
    IdentificativoFactory(beneficiario=altra, codice=ALTRO_CF)

    risposta = dentro.post(_pagina("unisci", una), {"altra": altra.uuid}, follow=True)

    assert "codici fiscali validi e diversi" in risposta.content.decode()
    with come(chi):
        assert not Unione.objects.exists()


def test_due_persone_diverse_non_si_ripropongono(dentro, chi):
    una, altra = _persona(chi), _persona(chi)

    dentro.post(_pagina("diverse", altra), {"altra": una.uuid})

    assert _coppie(dentro.get(DOPPIONI)) == set()
    with come(chi):
        assert NonDoppione.objects.get().detto_da == chi.utente


@pytest.mark.parametrize("altra", ["", "non-un-uuid", "estranea"])
def test_non_si_unisce_con_chi_non_si_vede(dentro, chi, altra):
    una = _persona(chi)
    if altra == "estranea":
        altra = str(BeneficiarioFactory().uuid)

    risposta = dentro.post(_pagina("unisci", una), {"altra": altra}, follow=True)

    assert "Non si capisce con chi confrontarla" in risposta.content.decode()


def test_l_operatore_non_unisce(client, chi):
    una, altra = _persona(chi), _persona(chi)
    client.entra(attore(ente=chi.ente))

    assert client.get(DOPPIONI).status_code == 403
    assert client.post(_pagina("unisci", una), {"altra": altra.uuid}).status_code == 403
