"""Le pagine dei diritti: raccogliere una richiesta, rispondere, sapere quando scade."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import (
    AvvisoAlDestinatario,
    Beneficiario,
    Limitazione,
    Nota,
    RichiestaInteressato,
)
from beneficiari.tasks import avvisa_delle_scadenze
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import attore
from tests.fabbriche_diritti import AvvisoFactory, LimitazioneFactory, RichiestaFactory, lega
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    accordo_fra,
    come,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate()
DETTA = {
    "tipo": "accesso",
    "chiesta_il": OGGI.isoformat(),
    "canale": "voce",
    "presentata_da": "persona",
    "identita": "documento",
    "presso_tutti": "on",
}


@pytest.fixture
def persona(db):
    return BeneficiarioFactory(cognome="Ferrero")


@pytest.fixture
def referente(persona):
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _nuova(persona) -> str:
    return reverse("beneficiari:richiesta_nuova", args=[persona.uuid])


def _pagina(nome: str, richiesta) -> str:
    return reverse(f"beneficiari:{nome}", args=[richiesta.uuid])


def _richieste(ente) -> list[RichiestaInteressato]:
    with come_sistema(ente):
        return list(RichiestaInteressato.objects.di(ente).per_elenco())


def _scaduta(persona, giorni: int = 31, **campi):
    chiesta = OGGI - datetime.timedelta(giorni)
    return RichiestaFactory(beneficiario=persona, chiesta_il=chiesta, **campi)


# Raccogliere ---------------------------------------------------------------------------------


def test_si_raccoglie_una_richiesta_e_si_sa_entro_quando_rispondere(client, persona):
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)

    risposta = client.entra(operatore).post(_nuova(persona), DETTA, follow=True)

    (richiesta,) = _richieste(persona.ente)
    assert richiesta.scade_il == OGGI + datetime.timedelta(30)
    assert f"entro il {richiesta.scade_il:%d/%m/%Y}" in risposta.text
    assert "inoltrata a chi altro tratta i dati, se c&#x27;è" in risposta.text.lower()


def test_la_pagina_e_uguale_che_un_altro_ente_conosca_la_persona_o_no(client, persona, referente):
    """GDPR-08: chi raccoglie non scopre se c'è qualcun altro."""
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    sola = BeneficiarioFactory(ente=persona.ente, cognome="Ferrero")
    lega(persona, altrove)
    testi = []
    for chi in (persona, sola):
        risposta = client.entra(referente).post(_nuova(chi), DETTA, follow=True)
        richiesta = next(r for r in _richieste(persona.ente) if r.beneficiario_id == chi.pk)
        testo = risposta.content.decode().split('id="contenuto"')[-1]
        for variabile in (richiesta.uuid, richiesta.pratica, chi.uuid):
            testo = testo.replace(str(variabile), "UUID")
        testi.append(testo.split("csrfmiddlewaretoken")[0])

    assert testi[0] == testi[1]
    assert len(_richieste(altrove.ente)) == 1


@pytest.mark.parametrize(
    ("cambia", "frase"),
    [
        ({"tipo": ""}, "Scegli che cosa chiede la persona"),
        ({"tipo": "rettifica"}, "quale dato è sbagliato"),
        ({"tipo": "rettifica", "campo": "nome"}, "Scrivi come va corretto"),
        ({"tipo": "opposizione"}, "a quale uso si oppone"),
        ({"presentata_da": "altri"}, "chi presenta la richiesta al posto"),
        ({"chiesta_il": (OGGI + datetime.timedelta(1)).isoformat()}, "è nel futuro"),
    ],
)
def test_cio_che_manca_si_dice_accanto_e_non_si_perde(client, persona, referente, cambia, frase):
    dati = DETTA | {"che_cosa": "Le mie parole"} | cambia

    risposta = client.entra(referente).post(_nuova(persona), dati)

    assert risposta.status_code == 422
    assert frase in risposta.text.replace("&#x27;", "'")
    assert "Le mie parole" in risposta.text
    assert _richieste(persona.ente) == []


def test_la_stessa_richiesta_non_si_apre_due_volte(client, persona, referente):
    client.entra(referente).post(_nuova(persona), DETTA)

    risposta = client.post(_nuova(persona), DETTA)

    assert risposta.status_code == 422
    assert "già raccolto una richiesta uguale" in risposta.text


def test_la_risposta_non_dice_che_un_collega_ha_gia_raccolto_la_stessa(client, persona, referente):
    """Chi non può leggere la richiesta di un altro non sa nemmeno che c'è; chi risponde le vede tutte."""
    client.entra(referente).post(_nuova(persona), DETTA)
    prima, poi = (attore(Ruolo.OPERATORE, ente=persona.ente) for _ in range(2))
    altra = BeneficiarioFactory(ente=persona.ente)

    con_nascosta = client.entra(prima).post(_nuova(persona), DETTA)
    senza = client.entra(poi).post(_nuova(altra), DETTA)

    assert con_nascosta.status_code == senza.status_code == 302
    with come(prima):
        assert RichiestaInteressato.objects.filter(beneficiario=persona).count() == 1
    with come(referente):
        assert RichiestaInteressato.objects.filter(beneficiario=persona).count() == 2


def test_da_una_condivisione_la_richiesta_va_a_chi_tiene_i_dati(client, persona):
    data = AutorizzazioneFactory(beneficiario=persona)
    chi = attore(Ruolo.OPERATORE, ente=data.destinatario)
    indirizzo = reverse("beneficiari:richiesta_nuova_condivisa", args=[data.uuid])

    risposta = client.entra(chi).post(indirizzo, DETTA, follow=True)

    assert risposta.status_code == 200
    assert len(_richieste(persona.ente)) == len(_richieste(data.destinatario)) == 1
    assert "Risponde l'ente che tiene i dati" in risposta.text


# Rispondere ----------------------------------------------------------------------------------


def test_un_operatore_raccoglie_ma_non_risponde(client, persona):
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)
    client.entra(operatore).post(_nuova(persona), DETTA)
    (richiesta,) = _richieste(persona.ente)

    assert client.get(_pagina("richiesta", richiesta)).status_code == 200
    assert client.get(_pagina("richiesta_accogli", richiesta)).status_code == 403


def test_una_correzione_accolta_cambia_il_dato_e_avvisa(client, persona, referente):
    data = AutorizzazioneFactory(beneficiario=persona)
    richiesta = RichiestaFactory(
        beneficiario=persona, tipo="rettifica", campo="data_nascita", valore_proposto="3/2/1984"
    )

    pagina = client.entra(referente).get(_pagina("richiesta_accogli", richiesta))
    assert 'value="1984-02-03"' in pagina.text
    fatta = client.post(
        _pagina("richiesta_accogli", richiesta),
        {"risposta": "Corretta.", "valore": "1984-02-03"},
        follow=True,
    )

    with come(referente):
        assert Beneficiario.objects.get(pk=persona.pk).data_nascita == datetime.date(1984, 2, 3)
    assert data.destinatario.denominazione in fatta.text


def test_un_valore_che_il_dato_non_accetta_torna_al_modulo(client, persona, referente):
    richiesta = RichiestaFactory(
        beneficiario=persona, tipo="rettifica", campo="data_nascita", valore_proposto="domani"
    )

    risposta = client.entra(referente).post(
        _pagina("richiesta_accogli", richiesta),
        {"risposta": "Corretta.", "valore": (OGGI + datetime.timedelta(3)).isoformat()},
    )

    assert risposta.status_code == 422
    assert "nel futuro" in risposta.text
    assert _richieste(persona.ente)[0].aperta


def test_una_limitazione_accolta_si_vede_e_si_toglie_dicendolo(client, persona, referente):
    """GDPR-16: la pagina lo dice; per togliere si scrive quando lo si è detto alla persona."""
    richiesta = RichiestaFactory(beneficiario=persona, tipo="limitazione")
    client.entra(referente).post(
        _pagina("richiesta_accogli", richiesta), {"risposta": "Fatto.", "motivo": "esattezza"}
    )
    pagina = client.get(reverse("beneficiari:persona", args=[persona.uuid]))
    assert "I dati di questa persona sono limitati" in pagina.text
    with come(referente):
        limitazione = Limitazione.objects.get()

    togli = reverse("beneficiari:limitazione_togli", args=[limitazione.uuid])
    assert client.post(togli, {"perche": "Erano giusti."}).status_code == 422
    fatta = client.post(
        togli, {"perche": "Erano giusti.", "avvisata_il": OGGI.isoformat()}, follow=True
    )

    assert "Limitazione tolta" in fatta.text
    assert "I dati di questa persona sono limitati" not in fatta.text


def test_modificare_una_persona_limitata_dice_perche_no(client, persona, referente):
    LimitazioneFactory(beneficiario=persona)
    indirizzo = reverse("beneficiari:persona_modifica", args=[persona.uuid])
    pagina = client.entra(referente).get(indirizzo)
    dati = {
        campo.html_name: campo.value() or ""
        for campo in pagina.context["form"]
        if not isinstance(campo.value(), list)
    }

    risposta = client.post(
        indirizzo, dati | {"comune": "Asti", "versione": pagina.context["versione"]}
    )

    assert risposta.status_code == 422
    assert "non si cambiano" in risposta.text


def test_una_risposta_negativa_dice_perche_e_a_chi_rivolgersi(client, persona, referente):
    """Art. 12.4: motivo, Garante, giudice."""
    richiesta = RichiestaFactory(beneficiario=persona, tipo="cancellazione")
    client.entra(referente).post(
        _pagina("richiesta_rifiuta", richiesta),
        {"motivo": "legge", "risposta": "Per dieci anni dobbiamo tenerli."},
    )

    foglio = client.get(_pagina("ricevuta", richiesta)).text

    assert "Per dieci anni dobbiamo tenerli." in foglio
    assert "art. 17.3" in foglio
    assert "reclamo al Garante" in foglio
    assert "dal giudice" in foglio


def test_senza_motivo_non_si_rifiuta(client, persona, referente):
    richiesta = RichiestaFactory(beneficiario=persona)

    risposta = client.entra(referente).post(_pagina("richiesta_rifiuta", richiesta), {})

    assert risposta.status_code == 422
    assert "Scegli il motivo della legge" in risposta.text


def test_altro_tempo_sposta_la_scadenza_e_si_legge_nella_ricevuta(client, persona, referente):
    richiesta = RichiestaFactory(beneficiario=persona)
    client.entra(referente).post(
        _pagina("richiesta_proroga", richiesta), {"motivo": "Sono molti fogli."}
    )

    (dopo,) = _richieste(persona.ente)
    assert dopo.scade_il == OGGI + datetime.timedelta(90)
    assert "Sono molti fogli." in client.get(_pagina("ricevuta", richiesta)).text


def test_dopo_la_scadenza_altro_tempo_non_si_prende(client, persona, referente):
    richiesta = _scaduta(persona)

    risposta = client.entra(referente).post(
        _pagina("richiesta_proroga", richiesta), {"motivo": "Sono molti fogli."}
    )

    assert risposta.status_code == 422
    assert "già passata" in risposta.text


# Scadenze ------------------------------------------------------------------------------------


def test_una_richiesta_in_ritardo_si_vede_in_prima_pagina_e_nell_elenco(
    client, persona, referente
):
    """GDPR-14: il ritardo si vede appena si entra."""
    _scaduta(persona)
    _scaduta(persona, 20, tipo="portabilita")

    casa = client.entra(referente).get(reverse("report:casa")).text
    elenco = client.get(reverse("beneficiari:richieste")).text

    assert "1 richiesta di una persona" in casa
    assert "1 richiesta di una persona scade" in casa
    assert "In ritardo" in elenco
    assert "Sta per scadere" in elenco


def test_una_risposta_in_tempo_non_allarma_nessuno(client, persona, referente):
    RichiestaFactory(beneficiario=persona)

    casa = client.entra(referente).get(reverse("report:casa")).text

    assert "sui propri dati" not in casa
    assert avvisa_delle_scadenze() == 0
    assert mail.outbox == []


def test_chi_risponde_riceve_posta_a_quindici_giorni_e_al_ritardo_una_volta_sola(
    persona, referente
):
    """GDPR-14: due avvisi, senza nomi, ripetere il lavoro non ne manda altri."""
    _scaduta(persona, 16)
    for attesi in (1, 0):
        assert avvisa_delle_scadenze() == attesi
    with come_sistema(persona.ente):
        RichiestaInteressato.objects.all().update(scade_il=OGGI - datetime.timedelta(1))
    for attesi in (1, 0):
        assert avvisa_delle_scadenze() == attesi

    scadenza, ritardo = mail.outbox
    assert scadenza.to == ritardo.to == [referente.utente.email]
    assert "richiesta scade entro quindici giorni" in scadenza.body
    assert "superato la scadenza di legge" in ritardo.body
    assert "Ferrero" not in scadenza.body + ritardo.body


def test_dopo_la_proroga_si_avvisa_anche_della_scadenza_nuova(client, persona, referente):
    """GDPR-14: chi ha preso altro tempo lo sa quindici giorni prima anche la seconda volta."""
    richiesta = _scaduta(persona, 20)
    assert avvisa_delle_scadenze() == 1
    client.entra(referente).post(
        _pagina("richiesta_proroga", richiesta), {"motivo": "Sono molti fogli."}
    )
    assert avvisa_delle_scadenze() == 0

    with time_machine.travel(timezone.now() + datetime.timedelta(56)):
        assert avvisa_delle_scadenze() == 1
        assert avvisa_delle_scadenze() == 0
    assert len(mail.outbox) == 2


def test_una_richiesta_arriva_anche_a_chi_si_scopre_dopo(persona, referente):
    """GDPR-08: il legame confermato a richiesta aperta."""
    RichiestaFactory(beneficiario=persona, presso_tutti=True)
    altrove = BeneficiarioFactory()
    accordo_fra(persona.ente, altrove.ente)
    lega(persona, altrove)

    avvisa_delle_scadenze()
    avvisa_delle_scadenze()

    (arrivata,) = _richieste(altrove.ente)
    assert arrivata.arrivata


def test_il_garante_conta_i_ritardi_di_ogni_ente_e_non_legge_di_chi(client, persona):
    """GDPR-14: la sua pagina non nomina persone e non porta alle richieste."""
    richiesta = _scaduta(persona)

    pagina = client.entra(attore(Ruolo.GARANTE)).get(reverse("beneficiari:richieste_della_rete"))

    assert persona.ente.denominazione in pagina.text
    (voce,) = pagina.context["voci"]
    assert (voce.aperte, voce.scadute) == (1, 1)
    assert "Ferrero" not in pagina.text
    assert str(richiesta.uuid) not in pagina.text


# Avvisi --------------------------------------------------------------------------------------


def test_un_avviso_ricevuto_si_legge_e_se_ne_prende_atto(client, referente):
    avviso = AvvisoFactory(destinatario=referente.ente)

    elenco = client.entra(referente).get(reverse("beneficiari:avvisi")).text
    assert "Un dato è stato corretto: comune dove vive" in elenco
    client.post(reverse("beneficiari:avviso_letto", args=[avviso.uuid]))

    with come(referente):
        letto = AvvisoAlDestinatario.objects.get(pk=avviso.pk)
    assert letto.letto_da == referente.utente


def test_chi_ha_solo_mandato_un_avviso_non_ne_prende_atto(client, persona, referente):
    avviso = AvvisoFactory(richiesta=RichiestaFactory(beneficiario=persona))

    risposta = client.entra(referente).post(
        reverse("beneficiari:avviso_letto", args=[avviso.uuid])
    )

    assert risposta.status_code == 404


def test_da_una_pagina_qualunque_il_rifiuto_si_spiega_e_non_resta_niente(
    client, persona, referente
):
    """GDPR-16: anche dove nessuno se l'aspetta, mai un guasto."""
    LimitazioneFactory(beneficiario=persona)

    risposta = client.entra(referente).post(
        reverse("beneficiari:nota_scrivi", args=[persona.uuid]), {"testo": "Una nota."}
    )

    assert risposta.status_code == 409
    assert "I dati di questa persona sono limitati" in risposta.text
    with come(referente):
        assert not Nota.objects.filter(beneficiario=persona.pk).exists()


@pytest.mark.parametrize("nome", ["richieste", "avvisi"])
def test_dove_non_c_e_niente_si_dice_che_cosa_fare(client, referente, nome):
    assert 'class="vuoto"' in client.entra(referente).get(reverse(f"beneficiari:{nome}")).text
