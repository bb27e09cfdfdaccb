"""Condividere una persona con un altro ente: su che cosa poggia, e come si smette."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari.azioni import condivisioni as azioni
from beneficiari.models import Autorizzazione, PresaInCarico
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.comune.templatetags.testo import data_estesa
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    ConsensoFactory,
    PresaInCaricoFactory,
    accordo_fra,
    come,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate
FRA_UN_MESE = OGGI() + datetime.timedelta(30)


@pytest.fixture
def persona(db):
    return BeneficiarioFactory()


@pytest.fixture
def chi(persona):
    """L'operatore che segue la persona."""
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)
    PresaInCaricoFactory(beneficiario=persona, operatore=operatore.utente)
    return operatore


@pytest.fixture
def altro(db):
    return EnteFactory()


@pytest.fixture
def accordo(persona, altro):
    return accordo_fra(persona.ente, altro)


def _concedi(chi, persona, altro, **campi):
    campi = {
        "livello": "completo",
        "gruppi": ["contatti"],
        "finalita": "presa-in-carico",
        "dal": OGGI(),
        "al": FRA_UN_MESE,
    } | campi
    with come(chi):
        return azioni.concedi(persona=persona, destinatario=altro, **campi, da=chi)


def test_poggia_da_se_sul_consenso_che_copre(chi, persona, altro, accordo):
    ConsensoFactory(beneficiario=persona, gruppi=["anagrafica"])
    ampio = ConsensoFactory(beneficiario=persona)

    concessa = _concedi(chi, persona, altro)

    assert (concessa.fondamento, concessa.consenso) == ("consenso", ampio)
    assert concessa.accordo == accordo
    assert concessa.gruppi == ["anagrafica", "contatti"]


def test_poggia_da_se_sulla_legge_se_basta(chi, persona, altro, accordo):
    ConsensoFactory(beneficiario=persona)
    for gruppo in ("anagrafica", "contatti"):
        BaseGiuridicaFactory(gruppo=gruppo)

    concessa = _concedi(chi, persona, altro)

    assert (concessa.fondamento, concessa.consenso) == ("legge", None)


def test_condividere_di_nuovo_prende_il_posto_di_prima(chi, persona, altro, accordo):
    ConsensoFactory(beneficiario=persona)
    prima = _concedi(chi, persona, altro)
    altra_finalita = _concedi(chi, persona, altro, finalita="invio")

    adesso = _concedi(chi, persona, altro, livello="esistenza", gruppi=[])

    with come(chi):
        in_vigore = set(Autorizzazione.objects.date_da(chi.ente).in_vigore())
        prima.refresh_from_db()
    assert in_vigore == {altra_finalita, adesso}
    assert prima.motivo_revoca == "sostituita da un'altra"


RIFIUTI = [
    ({"finalita": "valutazione"}, "va oltre il consenso: finalità, dati o ente"),
    ({"gruppi": ["salute"]}, "va oltre il consenso: finalità, dati o ente"),
    ({"al": OGGI() + datetime.timedelta(400)}, "non può durare più del consenso"),
    ({"al": OGGI() - datetime.timedelta(1)}, "La fine non può precedere l'inizio"),
    ({"livello": "sintesi", "gruppi": ["contatti"]}, "la sintesi riassume prestazioni e bisogni"),
    ({"livello": "sintesi", "gruppi": []}, "la sintesi riassume prestazioni e bisogni"),
]


@pytest.mark.parametrize(("campi", "frase"), RIFIUTI)
def test_cio_che_non_regge_si_rifiuta_con_una_frase(chi, persona, altro, accordo, campi, frase):
    ConsensoFactory(
        beneficiario=persona,
        finalita=["presa-in-carico"],
        gruppi=["anagrafica", "contatti", "prestazioni"],
        valido_fino_al=OGGI() + datetime.timedelta(90),
    )

    with pytest.raises(ValidationError, match=frase):
        _concedi(chi, persona, altro, **campi)

    with come_sistema(persona.ente):
        assert not Autorizzazione.objects.exists()


def test_senza_base_ne_consenso_non_si_condivide(chi, persona, altro, accordo):
    with pytest.raises(ValidationError, match="non c'è una base di legge in vigore: serve il"):
        _concedi(chi, persona, altro)


def test_un_rifiuto_non_regge_niente(chi, persona, altro, accordo):
    rifiuto = ConsensoFactory(beneficiario=persona, esito="rifiutato")

    with pytest.raises(ValidationError, match="Il consenso indicato non vale"):
        _concedi(chi, persona, altro, consenso=rifiuto)


def test_il_consenso_di_un_altra_persona_non_regge(chi, persona, altro, accordo):
    altrui = ConsensoFactory(beneficiario=BeneficiarioFactory(ente=persona.ente))

    with pytest.raises(ValidationError, match="Il consenso indicato non vale"):
        _concedi(chi, persona, altro, consenso=altrui)


def test_un_consenso_per_un_ente_non_vale_per_un_altro(chi, persona, altro, accordo):
    ConsensoFactory(beneficiario=persona, tutta_la_rete=False, destinatari=[EnteFactory().pk])

    with pytest.raises(ValidationError, match="finalità, dati o ente non vi compaiono"):
        _concedi(chi, persona, altro)


def test_senza_accordo_la_frase_e_la_stessa_del_database(chi, persona, altro):
    ConsensoFactory(beneficiario=persona)
    with pytest.raises(ValidationError) as senza_nessuno:
        _concedi(chi, persona, altro)

    accordo_fra(persona.ente, altro, finalita=["invio"])
    with pytest.raises(ValidationError) as per_altro:
        _concedi(chi, persona, altro)

    assert senza_nessuno.value.messages == per_altro.value.messages == [azioni.SENZA_ACCORDO]


def test_l_autorizzazione_non_dura_piu_dell_accordo(chi, persona, altro):
    ConsensoFactory(beneficiario=persona)
    accordo_fra(persona.ente, altro, al=OGGI() + datetime.timedelta(5))

    with pytest.raises(ValidationError, match="non può durare più dell'accordo"):
        _concedi(chi, persona, altro)


def test_la_prova_non_lascia_niente_scritto(chi, persona, altro, accordo):
    ConsensoFactory(beneficiario=persona)

    with come(chi):
        prova = azioni.prova_a_concedere(
            persona=persona,
            destinatario=altro,
            livello="esistenza",
            gruppi=["contatti"],
            finalita="invio",
            dal=OGGI(),
            al=FRA_UN_MESE,
            da=chi,
        )
        assert not Autorizzazione.objects.exists()

    assert (prova.destinatario, prova.gruppi) == (altro, [])


def test_si_revoca_una_volta(chi, persona):
    concessa = AutorizzazioneFactory(beneficiario=persona)
    with come(chi):
        azioni.revoca_condivisione(autorizzazione=concessa, da=chi)
        concessa.refresh_from_db()
        with pytest.raises(ValidationError, match="già finita"):
            azioni.revoca_condivisione(autorizzazione=concessa, da=chi)

    assert concessa.revocata_da == chi.utente
    assert concessa.finita


# Le pagine ------------------------------------------------------------------------------


def _modulo(altro, **campi) -> dict:
    return {
        "destinatario": altro.slug,
        "finalita": "presa-in-carico",
        "livello": "completo",
        "gruppi": ["contatti", "bisogni"],
        "dal": OGGI().isoformat(),
        "al": FRA_UN_MESE.isoformat(),
        "poggia_su": "da-se",
        "gesto": "anteprima",
    } | campi


@pytest.mark.parametrize(
    ("livello", "gruppi", "ci_sono", "non_ci_sono"),
    [
        ("esistenza", [], ["anno di nascita"], ["telefono", "quanti bisogni"]),
        ("sintesi", ["bisogni"], ["quanti bisogni per stato"], ["quante prese in carico"]),
        ("completo", ["contatti"], ["telefono, posta", "nome e cognome"], ["i bisogni, uno"]),
    ],
)
def test_prima_di_confermare_si_vede_che_cosa_vedra(
    client, chi, persona, altro, accordo, livello, gruppi, ci_sono, non_ci_sono
):
    ConsensoFactory(beneficiario=persona)
    indirizzo = f"/persone/{persona.uuid}/condividi/"

    risposta = client.entra(chi).post(indirizzo, _modulo(altro, livello=livello, gruppi=gruppi))

    testo = risposta.content.decode()
    assert f"Che cosa vedrà {altro.denominazione}" in testo
    assert all(parole in testo for parole in ci_sono)
    assert not any(parole in testo for parole in non_ci_sono)
    with come_sistema(persona.ente):
        assert not Autorizzazione.objects.exists()


def test_prima_di_confermare_si_vede_di_quale_prende_il_posto(
    client, chi, persona, altro, accordo
):
    ConsensoFactory(beneficiario=persona)
    _concedi(chi, persona, altro, gruppi=["contatti", "note"])
    _concedi(chi, persona, altro, finalita="invio", livello="sintesi", gruppi=["bisogni"])
    _concedi(
        chi,
        persona,
        altro,
        dal=FRA_UN_MESE + datetime.timedelta(10),
        al=FRA_UN_MESE + datetime.timedelta(20),
    )
    indirizzo = f"/persone/{persona.uuid}/condividi/"

    scritti = _modulo(altro, livello="esistenza", gruppi=[])
    risposta = client.entra(chi).post(indirizzo, scritti)

    testo = risposta.content.decode()
    assert "Prende il posto di una condivisione che c'è già" in testo
    (sostituita,) = risposta.context["sostituite"]
    assert "(anagrafica, contatti, note)" in testo
    assert f"al {data_estesa(sostituita.al)}" in testo
    assert (sostituita.finalita, sostituita.al) == ("presa-in-carico", FRA_UN_MESE)

    client.post(indirizzo, scritti | {"gesto": "conferma"})

    with come(chi):
        sostituita.refresh_from_db()
    assert sostituita.motivo_revoca == azioni.SOSTITUITA


def test_se_non_ce_ne_sono_l_anteprima_non_parla_di_sostituire(
    client, chi, persona, altro, accordo
):
    ConsensoFactory(beneficiario=persona)

    risposta = client.entra(chi).post(f"/persone/{persona.uuid}/condividi/", _modulo(altro))

    assert "Prende il posto" not in risposta.content.decode()


# Dopo un'unione -------------------------------------------------------------------------


@pytest.fixture
def assorbita(persona):
    """Una riga della stessa persona, unita alla sua, con il consenso e una presa in carico."""
    riga = BeneficiarioFactory(ente=persona.ente, cognome=persona.cognome, unito_a=persona)
    PresaInCaricoFactory(beneficiario=riga)
    return riga


def test_il_consenso_della_riga_assorbita_va_raccolto_di_nuovo(
    client, chi, persona, assorbita, altro, accordo
):
    ConsensoFactory(beneficiario=assorbita)

    testo = client.entra(chi).get(f"/persone/{persona.uuid}/condividi/").content.decode()

    assert "Il consenso dato prima dell'unione va raccolto di nuovo" in testo
    assert "regge solo le condivisioni di allora" in (
        client.get(f"/persone/{persona.uuid}/consensi/").content.decode()
    )
    with pytest.raises(ValidationError, match="serve il consenso"):
        _concedi(chi, persona, altro)


def test_chi_riceve_non_vede_la_riga_assorbita_e_l_anteprima_lo_dice(
    client, chi, persona, assorbita, altro, accordo
):
    ConsensoFactory(beneficiario=persona)
    gruppi = ["prestazioni"]

    anteprima = client.entra(chi).post(
        f"/persone/{persona.uuid}/condividi/", _modulo(altro, gruppi=gruppi)
    )
    _concedi(chi, persona, altro, gruppi=gruppi)

    assert "Non vedrà ciò che era scritto nell'altra riga" in anteprima.content.decode()
    with come(attore(Ruolo.OPERATORE, ente=altro), finalita="presa-in-carico"):
        viste = set(PresaInCarico.objects.values_list("beneficiario", flat=True).per_calcolo())
    assert viste == {persona.pk}


def test_una_condivisione_della_riga_assorbita_si_sostituisce_come_le_altre(
    chi, persona, assorbita, altro, accordo
):
    ConsensoFactory(beneficiario=persona)
    prima = AutorizzazioneFactory(
        beneficiario=assorbita, destinatario=altro, finalita="presa-in-carico"
    )

    adesso = _concedi(chi, persona, altro)

    with come(chi):
        assert list(Autorizzazione.objects.date_da(chi.ente).in_vigore()) == [adesso]
        prima.refresh_from_db()
    assert prima.motivo_revoca == azioni.SOSTITUITA


def test_si_conferma_dalla_pagina_di_anteprima(client, chi, persona, altro, accordo):
    ConsensoFactory(beneficiario=persona)
    indirizzo = f"/persone/{persona.uuid}/condividi/"

    risposta = client.entra(chi).post(indirizzo, _modulo(altro, gesto="conferma"), follow=True)

    testo = risposta.content.decode()
    assert f"Condivisa con {altro.denominazione}." in testo
    assert "Smetti di condividere" in testo
    with come_sistema(persona.ente):
        assert Autorizzazione.objects.get().gruppi == ["anagrafica", "contatti", "bisogni"]


@pytest.mark.parametrize(
    ("campi", "campo", "frase"),
    [
        ({"al": "2020-01-01"}, "al", "La fine non può precedere l'inizio."),
        (
            {"livello": "sintesi", "gruppi": ["note"]},
            "gruppi",
            "L'esistenza non ha gruppi; la sintesi riassume prestazioni e bisogni; il livello"
            " completo comprende sempre l'anagrafica.",
        ),
        (
            {"finalita": "invio"},
            "__all__",
            "L'autorizzazione va oltre il consenso: finalità, dati o ente non vi compaiono.",
        ),
    ],
)
def test_la_frase_del_database_arriva_alla_pagina(
    client, chi, persona, altro, accordo, campi, campo, frase
):
    ConsensoFactory(beneficiario=persona, finalita=["presa-in-carico"])
    indirizzo = f"/persone/{persona.uuid}/condividi/"

    risposta = client.entra(chi).post(indirizzo, _modulo(altro, **campi))

    assert risposta.status_code == 422
    assert risposta.context["form"].errors[campo] == [frase]


def test_correggi_riporta_al_modulo_con_cio_che_c_era(client, chi, persona, altro, accordo):
    ConsensoFactory(beneficiario=persona)
    indirizzo = f"/persone/{persona.uuid}/condividi/"

    risposta = client.entra(chi).post(indirizzo, _modulo(altro, gesto="correggi"))

    assert risposta.status_code == 200
    assert risposta.context["form"]["destinatario"].value() == altro.slug


def test_si_propongono_solo_gli_enti_con_un_accordo(client, chi, persona, altro, accordo):
    senza = EnteFactory()

    form = client.entra(chi).get(f"/persone/{persona.uuid}/condividi/").context["form"]

    assert list(form.fields["destinatario"].queryset) == [altro]
    assert senza not in form.fields["destinatario"].queryset


def test_si_smette_con_un_bottone(client, chi, persona):
    concessa = AutorizzazioneFactory(beneficiario=persona)
    indirizzo = f"/persone/condivisioni/{concessa.uuid}/revoca/"

    testo = client.entra(chi).post(indirizzo, follow=True).content.decode()

    assert f"Da adesso {concessa.destinatario.denominazione} non vede più niente" in testo
    assert "revocata dall&#x27;ente" in testo
    assert "Smetti di condividere" not in testo


def test_la_condivisione_di_un_altro_ente_non_esiste(client, chi, persona):
    concessa = AutorizzazioneFactory(beneficiario=persona)
    indirizzo = f"/persone/condivisioni/{concessa.uuid}/revoca/"

    # Nemmeno chi la riceve la può chiudere: la chiude chi l'ha data.
    for ente in (concessa.destinatario, EnteFactory()):
        client.entra(attore(Ruolo.REFERENTE, ente=ente))
        assert client.post(indirizzo).status_code == 404
