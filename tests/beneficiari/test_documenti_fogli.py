"""I fogli che si danno alla persona: che cosa dicono, che cosa tacciono, come si leggono."""

import datetime
import io

import outloud
import pdfua
import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from pypdf import PdfReader

from beneficiari.documenti import componi
from beneficiari.models import DocumentoDiPersona, Recapito
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.letture import annota_molte, registra_letture
from tests.beneficiari.documenti_di_prova import parole
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    CondizioneRilevataFactory,
    IdentificativoFactory,
    InformativaFactory,
    NotaFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    ValutazioneFactory,
    accordo_fra,
    come,
)
from tests.stampa_di_prova import CARICHI, allegati, server_in_ascolto


pytestmark = pytest.mark.django_db

Tipo = DocumentoDiPersona.Tipo
CREATO = datetime.datetime(2026, 11, 22, 12, 0, tzinfo=datetime.UTC)


@pytest.fixture
def persona(db):
    """Una persona con una riga per gruppo, letta due volte da un ente che la riceve."""
    persona = BeneficiarioFactory(cognome="Ferrero", nome="Lucia", comune="Asti")
    for fabbrica in (
        *(RecapitoFactory, ComponenteFactory, PresaInCaricoFactory, BisognoRilevatoFactory),
        *(ValutazioneFactory, CondizioneRilevataFactory, NotaFactory),
    ):
        fabbrica(beneficiario=persona)
    IdentificativoFactory(beneficiario=persona)
    return persona


def _composto(chi, tipo, **campi):
    with come(chi):
        documento = DocumentoDiPersona(utente=chi.utente, ente=chi.ente, tipo=tipo, **campi)
        return componi(documento, chi)


def _stampato(composto) -> bytes:
    return composto.contenuto(creato=CREATO, identificativo="prova")


def _modulo(persona, chi, **campi):
    informativa = InformativaFactory(
        ente=chi.ente,
        testo="Usiamo i tuoi dati per aiutarti.\n\nLi vedono solo gli enti che scegli tu.",
        finalita=["presa-in-carico", "invio"],
        gruppi=["anagrafica", "contatti", "bisogni"],
        **campi,
    )
    return _composto(chi, Tipo.CONSENSO, beneficiario=persona, informativa=informativa)


def _condivisa(persona, altro):
    concessa = AutorizzazioneFactory(
        beneficiario=persona, destinatario=altro.ente, gruppi=["anagrafica", "bisogni"]
    )
    return _composto(altro, Tipo.CONDIVISA, condivisione=concessa.uuid)


@pytest.fixture
def composti(persona):
    """I tre PDF, composti da chi può."""
    referente = attore(Ruolo.REFERENTE, ente=persona.ente)
    altro = attore(Ruolo.OPERATORE)
    condivisa = _condivisa(persona, altro)
    return {
        "modulo": _modulo(persona, referente),
        "modulo in bianco": _modulo(None, referente),
        "scheda": _composto(referente, Tipo.SCHEDA, beneficiario=persona),
        "condivisa": condivisa,
    }


def test_i_due_verificatori_non_trovano_errori(composti, tmp_path):
    for nome, composto in composti.items():
        percorso = tmp_path / "foglio.pdf"
        percorso.write_bytes(_stampato(composto))

        esito = outloud.check(str(percorso))

        assert esito.error is None, nome
        errori = [rilievo for rilievo in esito.findings if rilievo.severity == "error"]
        assert errori == [], nome
        assert not pdfua.validate(str(percorso)).findings, nome


def test_nei_metadati_non_c_e_chi_e_la_persona(composti, settings):
    for nome, composto in composti.items():
        lettore = PdfReader(io.BytesIO(_stampato(composto)))
        metadati = (
            str(lettore.metadata) + lettore.trailer["/Root"]["/Metadata"].get_data().decode()
        )

        assert lettore.trailer["/Root"]["/Lang"] == "it", nome
        for nascosto in ("Ferrero", "Lucia", "RSSMRA", "root", str(settings.CARTELLA_BASE)):
            assert nascosto not in metadati, (nome, nascosto)


def test_lo_stesso_foglio_ha_gli_stessi_byte(composti):
    composto = composti["modulo in bianco"]

    assert _stampato(composto) == _stampato(composto)


def test_il_modulo_dice_il_testo_le_scelte_e_come_si_cambia_idea(persona):
    testo = parole(_stampato(_modulo(persona, attore(Ruolo.REFERENTE, ente=persona.ente))))

    for frase in (
        "Lucia Ferrero",
        "Li vedono solo gli enti che scegli tu.",
        "Per: presa in carico condivisa fra enti",
        "Per: invio a un altro ente",
        "Una riga senza segno vale «no».",
        "Se dici di no ti aiutiamo lo stesso.",
        "Come cambi idea",
        "Testimone, se il consenso è dato a voce",
        "Garante per la protezione dei dati personali",
    ):
        assert frase in testo
    # Tre gruppi per due finalità, ciascuno col suo sì e il suo no.
    assert testo.count("sì, potete") == 6


def test_il_modulo_di_un_minore_dice_chi_firma():
    nato = timezone.localdate() - datetime.timedelta(days=365 * 10)
    minore = BeneficiarioFactory(data_nascita=nato)
    testo = parole(_stampato(_modulo(minore, attore(Ruolo.REFERENTE, ente=minore.ente))))

    assert "La persona ha meno di 18 anni: firma chi ne ha la responsabilità" in testo


def test_il_modulo_di_chi_e_anonimo_ha_il_codice_e_nessuna_riga_per_il_nome():
    anonima = BeneficiarioFactory(anonima=True, codice_anonimo="AB-77")
    testo = parole(_stampato(_modulo(anonima, attore(Ruolo.REFERENTE, ente=anonima.ente))))

    assert "AB-77" in testo
    assert "art. 120 DPR 309/1990" in testo
    assert "Nome e cognome" not in testo


def test_il_modulo_in_bianco_ha_le_righe_da_scrivere(composti):
    assert "Nome e cognome (chi accede in forma anonima" in composti["modulo in bianco"].html


def test_la_scheda_dice_chi_tiene_i_dati_con_chi_e_chi_li_ha_letti(persona):
    altro = attore(Ruolo.OPERATORE)
    AutorizzazioneFactory(beneficiario=persona, destinatario=altro.ente)
    for gruppo in ("contatti", "bisogni"):
        with come(altro, finalita="invio"), registra_letture("prova"):
            annota_molte([(persona.pk, persona.ente_id)], "anagrafica", gruppo)
    accordo_fra(persona.ente, altro.ente, contatto="diritti@rete.example")

    referente = attore(Ruolo.REFERENTE, ente=persona.ente)
    testo = parole(_stampato(_composto(referente, Tipo.SCHEDA, beneficiario=persona)))

    assert f"Li tiene {persona.ente.denominazione}" in testo
    assert "RSSMRA80A01A182N" in testo
    assert f"{timezone.localdate():%d/%m/%Y} {altro.ente.denominazione}" in testo
    assert "anagrafica, contatti, bisogni (2 volte)" in testo
    assert altro.ente.denominazione in testo
    assert "diritti@rete.example" in testo
    assert "I tuoi diritti" in testo
    # Chi lavora non si nomina: si dice l'ente.
    assert altro.utente.cognome not in testo


def test_chi_non_segue_la_persona_stampa_la_scheda_senza_i_gruppi_sensibili(persona):
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)
    html = _composto(operatore, Tipo.SCHEDA, beneficiario=persona).html

    assert "<h3>Contatti</h3>" in html
    assert "<h3>Bisogni</h3>" not in html
    assert "Qui non ci sono: bisogni, valutazioni, salute e tutele, note." in " ".join(
        html.split()
    )


def test_un_recapito_riservato_non_esce_nemmeno_dal_custode(persona):
    custode = attore(Ruolo.REFERENTE, ente=persona.ente)
    with come(custode):
        Recapito.objects.create(
            ente=persona.ente,
            beneficiario=persona,
            tipo="indirizzo",
            valore="Casa segreta",
            riservato=True,
            custode=custode.utente,
        )

    html = _composto(custode, Tipo.SCHEDA, beneficiario=persona).html

    assert "0141 000000" in html
    assert "Casa segreta" not in html


def test_del_nucleo_si_stampa_la_persona_e_non_gli_altri(persona):
    with come_sistema(persona.ente):
        nucleo = persona.nuclei.get().nucleo
    ComponenteFactory(
        nucleo=nucleo, beneficiario=BeneficiarioFactory(ente=persona.ente, cognome="Parente")
    )

    referente = attore(Ruolo.REFERENTE, ente=persona.ente)
    assert "Parente" not in _composto(referente, Tipo.SCHEDA, beneficiario=persona).html


def test_la_scheda_condivisa_ha_solo_i_gruppi_dell_autorizzazione(persona):
    composto = _condivisa(persona, attore(Ruolo.OPERATORE))

    assert "Ferrero" in composto.html
    assert "<h3>Bisogni</h3>" in composto.html
    for fuori in ("Contatti", "Codici", "Salute e tutele", "Appunti", "RSSMRA", "0141 000000"):
        assert fuori not in composto.html
    assert len(composto.poggia_su) == 1


def test_un_altro_ente_non_compone_niente(persona):
    estraneo = attore(Ruolo.REFERENTE)
    with pytest.raises(ObjectDoesNotExist):
        _composto(estraneo, Tipo.SCHEDA, beneficiario=persona)


def test_il_codice_scritto_nei_dati_si_legge_e_non_agisce(persona):
    with server_in_ascolto() as (indirizzo, colpi):
        cattivi = [carico.format(indirizzo)[:200] for carico in CARICHI]
        with come_sistema(persona.ente):
            for carico in cattivi:
                Recapito.objects.create(
                    ente=persona.ente, beneficiario=persona, tipo="posta", valore=carico
                )
            persona.nome_scelto = cattivi[2][:100]
            persona.save()
        referente = attore(Ruolo.REFERENTE, ente=persona.ente)

        pdf = _stampato(_composto(referente, Tipo.SCHEDA, beneficiario=persona))

    assert colpi == []
    assert allegati(pdf) == []
    attaccate = "".join(parole(pdf).split())
    for carico in cattivi:
        assert "".join(carico.split())[:30] in attaccate
