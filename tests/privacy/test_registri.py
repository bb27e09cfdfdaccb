"""I registri che il Registro compone da sé: trattamenti, categorie dei campi, contatto del DPO."""

import io

import pytest
from django.apps import apps
from django.urls import reverse
from pypdf import PdfReader

from beneficiari.models import Beneficiario
from conservazione.caricamento import carica_durate
from conservazione.models import RegolaConservazione
from enti.permessi import Ruolo
from privacy import durate
from privacy.caricamento import carica_basi
from privacy.controlli import contatto_del_dpo
from privacy.documenti import trattamenti
from privacy.documenti.trattamenti import (
    CATEGORIE,
    TrattamentoSenzaTesto,
    campi_da_classificare,
    categorie,
    registro_dei_trattamenti,
)
from privacy.gruppi import GRUPPI_PARTICOLARI, Finalita, Gruppo
from privacy.letture import DatoDiPersona
from tests.fabbriche import EnteFactory, attore, ente_del_coordinamento
from tests.fabbriche_persone import BaseGiuridicaFactory, InformativaFactory, accordo_fra
from tests.test_coerenza import modelli


pytestmark = pytest.mark.django_db


def _di_persone():
    """I modelli le cui righe parlano di una persona aiutata; la storia ha i campi del suo modello."""
    for modello in modelli():
        nomi = {campo.name for campo in modello._meta.fields}
        lega = any(campo.related_model is Beneficiario for campo in modello._meta.fields)
        if "pgh_obj" not in nomi and (lega or issubclass(modello, DatoDiPersona)):
            yield modello


@pytest.fixture
def ente(db):
    ente_del_coordinamento()
    carica_basi()
    return EnteFactory()


# Categorie --------------------------------------------------------------------------------


def test_ogni_campo_di_una_persona_ha_una_categoria():
    """GDPR-06: comune, particolare, salute o giudiziario; un campo nuovo senza ferma le prove."""
    senza = {
        f"{modello._meta.label}.{campo.name}"
        for modello in _di_persone()
        for campo in campi_da_classificare(modello)
        if not any(
            campo.name in campi for campi in categorie().get(modello._meta.label, {}).values()
        )
    }

    assert senza == set()


def test_ogni_categoria_scritta_e_di_un_campo_che_c_e():
    for nome, per_categoria in categorie().items():
        colonne = {campo.name for campo in apps.get_model(nome)._meta.concrete_fields}
        assert set(per_categoria) <= set(CATEGORIE), nome
        assert {campo for campi in per_categoria.values() for campo in campi} <= colonne, nome


def test_salute_e_note_sono_le_piu_protette():
    """GDPR-06: ciò che può dire della salute non è mai soltanto «comune»."""
    for gruppo in GRUPPI_PARTICOLARI:
        assert {"salute", "particolare"} <= set(trattamenti.categorie_del_gruppo(gruppo))


# Trattamenti ------------------------------------------------------------------------------


def test_ogni_finalita_del_programma_ha_il_suo_testo(ente):
    """GDPR-21: una finalità nuova senza la sua voce nel registro ferma le prove."""
    assert set(trattamenti._testi()["finalita"]) == set(Finalita.values)
    for testo in trattamenti._testi()["finalita"].values():
        assert all(testo[voce] for voce in ("titolo", "descrizione", "interessati", "destinatari"))


def test_senza_il_testo_di_una_finalita_il_registro_non_si_compone(ente, monkeypatch):
    """GDPR-21: meglio nessun registro che uno a metà."""
    testi = trattamenti._testi()
    monkeypatch.setattr(
        trattamenti,
        "_testi",
        lambda: testi | {"finalita": {k: v for k, v in testi["finalita"].items() if k != "invio"}},
    )

    with pytest.raises(TrattamentoSenzaTesto, match="invio"):
        registro_dei_trattamenti(ente)


def test_nessun_trattamento_attivo_senza_le_due_lettere(ente):
    """GDPR-05: art. 6 sempre; art. 9 per i gruppi particolari. Lo tiene anche il database."""
    registro = registro_dei_trattamenti(ente)

    assert all(uno.attivo for uno in registro.trattamenti)
    for uno in registro.trattamenti:
        for riga in uno.righe:
            assert riga.base.lettera_art6
            if riga.base.gruppo in GRUPPI_PARTICOLARI:
                assert riga.base.lettera_art9


def test_senza_una_base_in_vigore_il_trattamento_si_legge_spento(db):
    """GDPR-05: una finalità senza base non è attiva, e il registro lo dice."""
    BaseGiuridicaFactory(finalita=Finalita.INVIO)

    attivi = [
        uno.testo["titolo"]
        for uno in registro_dei_trattamenti(EnteFactory()).trattamenti
        if uno.attivo
    ]

    assert attivi == ["Invio di una persona a un altro ente"]


def test_il_registro_dice_campi_destinatari_e_durate(ente, monkeypatch):
    altro = EnteFactory(denominazione="Consorzio Esempio")
    accordo_fra(ente, altro)
    monkeypatch.setattr(durate, "_fonti", [])
    durate.aggiungi_fonte(
        lambda: [
            durate.Durata("Bozze", "ultimo salvataggio", "30 giorni", "si cancella", "art. 5")
        ]
    )

    registro = registro_dei_trattamenti(ente)

    assert registro.contitolari == ["Consorzio Esempio"]
    assert [durata.per_quanto for durata in registro.durate] == ["30 giorni"]
    per_titolo = {uno.testo["titolo"]: uno for uno in registro.trattamenti}
    assistenza = per_titolo["Assistenza alle persone seguite dall'ente"]
    assert assistenza.riceventi == []
    assert [riga.gruppo for riga in assistenza.righe] == Gruppo.labels
    contenuto = {uno.gruppo: dict(uno.tabelle) for uno in registro.dati}
    assert "cognome" in contenuto["anagrafica"]["beneficiario"]
    assert "condizione" in contenuto["salute e tutele"]["condizione rilevata"]
    assert len(per_titolo["Accesso d'emergenza"].righe) == 3


def test_dal_registro_si_arriva_al_contenuto_pubblico_di_ogni_accordo(ente, client):
    accordo = accordo_fra(ente, EnteFactory())
    altrui = accordo_fra(EnteFactory(), EnteFactory())

    pagina = client.entra(attore(Ruolo.REFERENTE, ente=ente)).get(reverse("privacy:trattamenti"))
    pubblica = reverse("privacy:accordo", args=[accordo.uuid])
    assert pubblica in pagina.content.decode()
    assert reverse("privacy:accordo", args=[altrui.uuid]) not in pagina.content.decode()

    client.logout()
    assert accordo.contenuto in client.get(pubblica).content.decode()


def test_le_durate_sono_quelle_della_tabella_di_conservazione(ente):
    """GDPR-21: il registro dice le durate che il lavoro notturno esegue, non altre."""
    carica_durate()
    registro = registro_dei_trattamenti(ente)

    categorie_scritte = list(
        RegolaConservazione.objects.in_ordine().values_list("categoria", flat=True)
    )
    assert categorie_scritte
    assert [durata.categoria for durata in registro.durate] == categorie_scritte


def test_la_pagina_e_il_pdf_portano_ogni_trattamento(ente, client):
    client.entra(attore(Ruolo.REFERENTE, ente=ente))

    pagina = client.get(reverse("privacy:trattamenti")).content.decode()
    risposta = client.get(reverse("privacy:trattamenti_pdf"))
    testo = " ".join(
        foglio.extract_text() for foglio in PdfReader(io.BytesIO(risposta.content)).pages
    )

    assert risposta["Content-Type"] == "application/pdf"
    testo = " ".join(testo.split())
    for voce in trattamenti._testi()["finalita"].values():
        assert voce["titolo"].replace("'", "&#x27;") in pagina
        assert voce["titolo"] in testo


# Il contatto del DPO ----------------------------------------------------------------------


def test_il_contatto_del_dpo_sta_in_fondo_a_ogni_pagina_e_in_ogni_informativa(
    ente, client, settings
):
    """GDPR-24: chi vuole sapere dei suoi dati trova a chi scrivere, anche senza entrare."""
    settings.CONTATTO_DPO = "dpo@rete.example"
    for indirizzo in ("manuale_privacy", "privacy_sito", "enti:accedi"):
        assert "mailto:dpo@rete.example" in client.get(reverse(indirizzo)).content.decode()

    chi = attore(Ruolo.REFERENTE, ente=ente)
    informativa = InformativaFactory(ente=ente)
    pagina = client.entra(chi).get(reverse("privacy:informativa", args=[informativa.uuid]))
    assert pagina.content.decode().count("mailto:dpo@rete.example") == 2


def test_la_produzione_non_parte_senza_il_contatto_del_dpo(settings):
    """GDPR-24: il controllo di avvio lo pretende."""
    settings.CONTATTO_DPO = ""
    assert [errore.id for errore in contatto_del_dpo(None)] == ["privacy.E001"]
    settings.CONTATTO_DPO = "dpo@rete.example"
    assert contatto_del_dpo(None) == []


def test_il_manuale_parla_a_ogni_ruolo_e_si_trova_dall_aiuto(client):
    pagina = client.get(reverse("manuale_privacy")).content.decode()

    for ancora in ("tre-domande", "operatore", "referente", "coordina", "garante"):
        assert f'id="{ancora}"' in pagina
    assert reverse("manuale_privacy") in client.get(reverse("aiuto")).content.decode()
