"""L'elenco delle persone: filtri, ricerca, fogli, quante interrogazioni costa."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import Beneficiario
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    ComponenteFactory,
    IdentificativoFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

ELENCO = reverse("beneficiari:elenco")
CERCA = reverse("beneficiari:cerca")
TETTO_DI_QUERY = 15
CF = "RSSMRA80A01A182N"


@pytest.fixture
def chi():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def dentro(client, chi):
    return client.entra(chi)


def _persona(chi, cognome, **campi) -> Beneficiario:
    return BeneficiarioFactory(ente=chi.ente, cognome=cognome, **campi)


def _unisci(tenuta, assorbita) -> None:
    with come_sistema(tenuta.ente):
        Beneficiario.objects.filter(pk=assorbita.pk).update(unito_a=tenuta)


def _elencate(risposta) -> list[str]:
    return [riga.persona.cognome for riga in risposta.context["righe"]]


def _trovate(risposta) -> list[str]:
    return [riga.persona.cognome for riga in risposta.context["trovate"]]


def test_ogni_ente_vede_le_sue_persone_in_ordine_di_nome(dentro, chi):
    for cognome in ("Zeta", "Èlia", "Abate"):
        _persona(chi, cognome)
    BeneficiarioFactory(cognome="Di un altro ente")

    assert _elencate(dentro.get(ELENCO)) == ["Abate", "Èlia", "Zeta"]
    assert _elencate(dentro.get(ELENCO, {"ordine": "-nome"})) == ["Zeta", "Èlia", "Abate"]


def test_gli_omonimi_si_distinguono_per_anno_e_comune_e_niente_di_piu(dentro, chi):
    persona = _persona(chi, "Rossi", comune="Asti", data_nascita=datetime.date(1985, 5, 17))
    IdentificativoFactory(beneficiario=persona, codice=CF)
    RecapitoFactory(beneficiario=persona, valore="0141 123456")

    testo = dentro.get(ELENCO).content.decode()

    assert "1985" in testo
    assert "Asti" in testo
    assert not any(
        dato in testo for dato in (CF, "17/05/1985", "17 maggio", "05-17", "0141 123456")
    )


def test_si_filtra_per_presa_in_carico_azione_e_chi_la_segue(dentro, chi):
    mia, altrui = AzioneFactory(slug="casa"), AzioneFactory(slug="lavoro")
    aperta, chiusa, _ = (_persona(chi, nome) for nome in ("Aperta", "Chiusa", "Senza"))
    PresaInCaricoFactory(beneficiario=aperta, azione=mia, operatore=chi.utente)
    PresaInCaricoFactory(
        beneficiario=chiusa,
        azione=altrui,
        chiusa_il=datetime.date(2026, 3, 1),
        esito=TipoDiChiusuraFactory(),
    )

    attesi = {
        "casi=aperte": ["Aperta"],
        "casi=chiuse": ["Chiusa"],
        "casi=senza": ["Senza"],
        "seguite=mie": ["Aperta"],
        "azione=lavoro": ["Chiusa"],
        "azione=lavoro&casi=aperte": [],
        "casi=inventato&azione=mai-vista": ["Aperta", "Chiusa", "Senza"],
    }
    assert {filtro: _elencate(dentro.get(f"{ELENCO}?{filtro}")) for filtro in attesi} == attesi


def test_si_filtra_per_comune_minori_e_anonimi(dentro, chi):
    oggi = timezone.localdate()
    _persona(chi, "Adulta", comune="Asti", data_nascita=datetime.date(1980, 1, 1))
    _persona(chi, "Minore", data_nascita=datetime.date(oggi.year - 10, 1, 1))
    BeneficiarioFactory(ente=chi.ente, anonima=True)

    assert _elencate(dentro.get(ELENCO, {"comune": "Asti"})) == ["Adulta"]
    assert _elencate(dentro.get(ELENCO, {"mostra": "minori"})) == ["Minore"]
    assert _elencate(dentro.get(ELENCO, {"mostra": "anonime"})) == [""]


def test_chi_vive_in_un_nucleo_seguito_e_seguito(dentro, chi):
    figlia, madre = _persona(chi, "Figlia"), _persona(chi, "Madre")
    nucleo = NucleoFactory(ente=chi.ente)
    for persona in (figlia, madre):
        ComponenteFactory(nucleo=nucleo, beneficiario=persona)
    PresaInCaricoFactory(ente=chi.ente, beneficiario=None, nucleo=nucleo)

    risposta = dentro.get(ELENCO, {"casi": "aperte"})

    assert _elencate(risposta) == ["Figlia", "Madre"]
    assert all(len(riga.aperte) == 1 for riga in risposta.context["righe"])


def test_di_due_righe_unite_se_ne_vede_una_con_i_casi_di_entrambe(dentro, chi):
    tenuta, assorbita = _persona(chi, "Tenuta"), _persona(chi, "Assorbita")
    PresaInCaricoFactory(beneficiario=assorbita)
    IdentificativoFactory(beneficiario=assorbita, codice=CF)
    _unisci(tenuta, assorbita)

    (riga,) = dentro.get(ELENCO, {"casi": "aperte"}).context["righe"]

    assert (riga.persona, len(riga.aperte)) == (tenuta, 1)
    assert _trovate(dentro.post(CERCA, {"testo": CF})) == ["Tenuta"]


@pytest.mark.parametrize("cercato", ["ELI", "elia l", "lucia", "Èlia Lucia", "lu el"])
def test_si_cerca_dall_inizio_del_nome_senza_badare_agli_accenti(dentro, chi, cercato):
    _persona(chi, "Èlia")
    _persona(chi, "Mandelia", nome="Aluci")
    BeneficiarioFactory(cognome="Èlia")

    assert _trovate(dentro.post(CERCA, {"testo": cercato})) == ["Èlia"]


def test_cio_che_si_cerca_non_finisce_nell_indirizzo(dentro, chi, htmx):
    _persona(chi, "Riservata")

    con_htmx = dentro.post(CERCA, {"testo": "riser"}, **htmx)
    senza = dentro.post(CERCA, {"testo": "riser"})

    assert "HX-Push-Url" not in con_htmx.headers
    assert _trovate(con_htmx) == _trovate(senza) == ["Riservata"]
    assert "<html" not in con_htmx.content.decode()
    assert "riser" not in con_htmx.content.decode()
    assert dentro.get(f"{CERCA}?testo=riser").status_code == 405


@pytest.mark.parametrize("scritto", [CF, "rssmra80a01a182n", "RSS MRA 80A01 A182 N"])
def test_si_cerca_per_codice_esatto(dentro, chi, scritto):
    persona = _persona(chi, "Col codice")
    IdentificativoFactory(beneficiario=persona, codice=CF)
    IdentificativoFactory(codice=CF)

    assert _trovate(dentro.post(CERCA, {"testo": scritto})) == ["Col codice"]


@pytest.mark.parametrize(
    ("scritto", "frase"),
    [
        ("RSSMRA80A01A182X", "ci si aspettava N"),
        ("RSSMRA80A0", "16 caratteri: qui ce ne sono 10"),
        ("STP12", "Il codice STP ha 16 caratteri"),
        ("x", "Scrivi almeno 2 lettere."),
        ("Nessunissimo", "Nessuna persona trovata"),
    ],
)
def test_chi_cerca_male_capisce_perche(dentro, chi, scritto, frase):
    _persona(chi, "Rossi")

    risposta = dentro.post(CERCA, {"testo": scritto})

    assert risposta.status_code == 200
    assert frase in risposta.content.decode()


def test_di_tante_trovate_si_mostrano_e_si_annotano_le_prime(dentro, chi):
    for numero in range(23):
        _persona(chi, f"Tanti{numero}")

    risposta = dentro.post(CERCA, {"testo": "tanti"})

    assert len(risposta.context["trovate"]) == 20
    assert "scrivi qualche lettera in più" in risposta.content.decode()


def test_un_elenco_vuoto_dice_che_cosa_fare(dentro):
    assert "bastano il nome e, se lo sai, l'anno" in dentro.get(ELENCO).content.decode()
    filtrato = dentro.get(ELENCO, {"mostra": "minori"}).content.decode()
    assert "Nessuna persona con questi filtri" in filtrato


def test_l_elenco_costa_poco_quante_che_siano_le_persone(dentro, chi):
    azione = AzioneFactory()
    for numero in range(55):
        persona = _persona(chi, f"Persona{numero}")
        PresaInCaricoFactory(beneficiario=persona, azione=azione, operatore=chi.utente)

    with al_massimo(TETTO_DI_QUERY):
        risposta = dentro.get(ELENCO, {"casi": "aperte", "azione": azione.slug})
    with al_massimo(TETTO_DI_QUERY):
        dentro.post(CERCA, {"testo": "pers"})

    assert len(risposta.context["righe"]) == 25
    with come(chi):
        lette = RegistroAccessi.objects.filter(pagina="beneficiari:elenco")
        assert lette.values("beneficiario").distinct().count() == 25


def test_la_pagina_di_una_persona_costa_poco(dentro, chi):
    persona = _persona(chi, "Piena")
    for _ in range(6):
        RecapitoFactory(beneficiario=persona)
        PresaInCaricoFactory(beneficiario=persona)

    with al_massimo(20):
        dentro.get(reverse("beneficiari:persona", args=[persona.uuid]))


def test_a_chi_non_esporta_l_elenco_non_lo_propone(client, dentro, chi):
    assert reverse("beneficiari:esportazione") in dentro.get(ELENCO).text

    client.entra(attore(ente=chi.ente))

    assert reverse("beneficiari:esportazione") not in client.get(ELENCO).text
