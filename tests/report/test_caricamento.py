"""Caricare una cartella: una volta sola, tutta o niente, un'edizione per ogni cambiamento."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from assi.models import Azione, Progetto
from enti.models import Ente
from enti.sistema import come_sistema
from report.contenuto import Contenuto
from report.copie import contenuto_dell_edizione, impronta_del_contenuto
from report.models import (
    Campagna,
    Conteggio,
    ModelloScheda,
    PassaggioDiScheda,
    Rapporto,
    Scheda,
    VoceTestuale,
)
from tests.report.cartelle_di_prova import (
    ALTRA_RETE,
    DATI,
    PROGETTO_DELL_ALTRA,
    conteggio,
    copia_di,
    fotografia,
    modifica,
    voce,
)


pytestmark = pytest.mark.django_db


def carica(cartella: Path = DATI, **opzioni) -> str:
    """Esegue il comando e rende ciò che stampa."""
    uscita = StringIO()
    call_command("carica_quadrante", str(cartella), stdout=uscita, **opzioni)
    return uscita.getvalue()


def edizioni(progetto: str = "quadrante-alat") -> list[Rapporto]:
    with come_sistema():
        return list(Rapporto.objects.di(progetto).order_by("edizione"))


def contenuto(rapporto: Rapporto) -> Contenuto:
    with come_sistema():
        return contenuto_dell_edizione(rapporto)


@pytest.fixture
def cartella(tmp_path) -> Path:
    """Una copia dei dati che accompagnano il progetto, da cambiare."""
    return copia_di(DATI, tmp_path / "quadrante")


@pytest.fixture
def altra(tmp_path) -> Path:
    """Una copia della rete inventata, già caricata, da cambiare e ricaricare."""
    carica(ALTRA_RETE, progetto=PROGETTO_DELL_ALTRA)
    return copia_di(ALTRA_RETE, tmp_path / "altra")


def ricarica(cartella: Path) -> str:
    return carica(cartella, progetto=PROGETTO_DELL_ALTRA)


def test_carica_tutto_e_pubblica_la_prima_edizione():
    stampato = carica()

    assert "89 enti, 21 azioni, 11 schede, 85 conteggi, 12 cifre" in stampato
    assert "Pubblicata l'edizione 1" in stampato
    (rapporto,) = edizioni()
    assert rapporto.pubblicato
    assert rapporto.periodo == "luglio 2019 – giugno 2021"
    assert rapporto.ente.slug == "cultura-e-sviluppo"
    assert Ente.objects.che_ospita_il_coordinamento() == rapporto.ente
    assert Progetto.objects.get(slug="quadrante-alat").enti.count() == 12
    assert Campagna.objects.get(slug="quadrante-alat-1").modello == ModelloScheda.objects.get(
        slug="monitoraggio", versione=1
    )


def test_un_conteggio_cambiato_da_un_edizione_nuova_e_la_prima_resta(quadrante, cartella):
    prima = contenuto(quadrante)
    modifica(
        cartella,
        "schede.yaml",
        lambda dati: conteggio(dati, "jokko", "nuclei").update(valore=15),
    )

    stampato = carica(cartella)

    vecchia, nuova = edizioni()
    assert nuova.novita == (
        "individui-totale: da 768 a 778; individui-asti: da 159 a 169."
        " Schede cambiate: Co.Al.A. / Jokko."
    )
    assert nuova.novita in stampato
    assert contenuto(vecchia) == prima
    assert vecchia.impronta == impronta_del_contenuto(prima) == quadrante.impronta
    assert nuova.impronta == impronta_del_contenuto(contenuto(nuova)) != vecchia.impronta


def test_ricaricare_le_stesse_cose_non_scrive_nulla(altra):
    prima = fotografia()
    # Un commento non è un dato, e i file che non si caricano possono cambiare.
    with (altra / "enti.yaml").open("a", encoding="utf-8") as file:
        file.write("\n# Riletto.\n")
    (altra / "pagine.yaml").write_text("pagine: []\n", encoding="utf-8")

    stampato = ricarica(altra)

    assert "Già caricato" in stampato
    assert fotografia() == prima


def test_le_schede_caricate_sono_congelate_e_la_storia_dice_chi_le_ha_caricate(altra):
    ente = Ente.objects.get(slug="associazione-ginestra")

    with come_sistema(ente) as attore:
        scheda = Scheda.objects.get(slug="campi")
        passaggio = PassaggioDiScheda.objects.get(scheda=scheda)
        assert scheda.stato == Scheda.Stato.CONGELATA
        assert scheda.ente == ente
        assert (passaggio.da_stato, passaggio.a_stato) == ("da_aprire", "congelata")
        assert passaggio.chi == attore.utente


def test_un_numero_taciuto_non_e_uno_zero_nell_edizione_dopo(altra):
    modifica(
        altra,
        "schede.yaml",
        lambda dati: conteggio(dati, "rovere", "visitati").update(valore=None),
    )
    ricarica(altra)
    ricarica(ALTRA_RETE)

    prima, senza, dopo = edizioni(PROGETTO_DELL_ALTRA)
    assert "persone: da 49 a 9." in senza.novita
    assert [c.valore for c in contenuto(dopo).cifre] == [c.valore for c in contenuto(prima).cifre]
    addendo = contenuto(senza).cifre[0].addendi[0]
    assert addendo.conteggio == "visitati"
    assert addendo.valore is None


def test_ricaricare_tocca_solo_le_righe_cambiate(altra):
    ente = Ente.objects.get(slug="cooperativa-rovere")
    with come_sistema(ente):
        VoceTestuale.objects.filter(sezione="criticita").update(tema="strade")
        prima = {c.slug: (c.pk, c.versione) for c in Conteggio.objects.filter(ente=ente)}
    modifica(
        altra,
        "schede.yaml",
        lambda dati: conteggio(dati, "rovere", "soli").update(valore=13),
    )

    ricarica(altra)

    with come_sistema(ente):
        dopo = {c.slug: (c.pk, c.versione) for c in Conteggio.objects.filter(ente=ente)}
        temi = list(
            VoceTestuale.objects.filter(sezione="criticita").values_list("tema", flat=True)
        )
        testi = list(PassaggioDiScheda.objects.order_by("pk").values_list("testo", flat=True))
    pk, versione = prima["soli"]
    assert dopo == prima | {"soli": (pk, versione + 1)}
    assert temi == ["strade", "strade"]
    assert len(testi) == 2
    assert testi[1].startswith("Ricaricata")


def test_cio_che_sparisce_dalla_cartella_sparisce_dalle_schede(altra):
    def togli(dati):
        scheda = voce(dati["schede"], "rovere")
        scheda["beneficiari"]["drop_out"] = None
        scheda["criticita"] = scheda["criticita"][:1]
        scheda["individuazione"] = None

    modifica(altra, "schede.yaml", togli)

    ricarica(altra)

    with come_sistema(Ente.objects.get(slug="cooperativa-rovere")):
        scheda = Scheda.objects.get(slug="rovere")
        assert not scheda.uscita_righe.exists()
        assert scheda.vocetestuale_righe.filter(sezione="criticita").count() == 1
        assert not scheda.vocetestuale_righe.filter(sezione="individuazione").exists()
        assert "individuazione" not in scheda.sezioni_presenti
    copia = contenuto(edizioni(PROGETTO_DELL_ALTRA)[1]).schede[0]
    assert copia.uscite is None
    assert copia.individuazione is None


def test_un_conteggio_tolto_non_porta_via_le_sue_parti(altra):
    def togli(dati):
        conteggi = voce(dati["schede"], "rovere")["beneficiari"]["conteggi"]
        conteggi.remove(voce(conteggi, "visitati"))
        voce(conteggi, "soli")["parte_di"] = None

    modifica(altra, "schede.yaml", togli)
    modifica(
        altra,
        "report_pubblicato.yaml",
        lambda dati: dati["cifre"][0]["ricalcolo"]["addendi"].pop(0),
    )

    ricarica(altra)

    with come_sistema(Ente.objects.get(slug="cooperativa-rovere")):
        righe = Conteggio.objects.filter(sezione="beneficiari").order_by("ordine")
        assert [(c.slug, c.parte_di_id) for c in righe] == [("soli", None), ("famiglie", None)]


def test_una_scheda_tolta_dalla_cartella_si_cancella_con_la_sua_azione(altra):
    def togli(elenco, sigla):
        elenco.remove(voce(elenco, sigla))

    modifica(altra, "schede.yaml", lambda dati: togli(dati["schede"], "campi"))
    modifica(altra, "azioni.yaml", lambda dati: togli(dati["azioni"], "campi-aperti"))
    (altra / "report_pubblicato.yaml").write_text("cifre: []\n", encoding="utf-8")

    ricarica(altra)

    with come_sistema(Ente.objects.get(slug="associazione-ginestra")):
        assert not Scheda.objects.exists()
    assert not Azione.objects.filter(slug="campi-aperti").exists()
    prima, dopo = edizioni(PROGETTO_DELL_ALTRA)
    assert "Schede tolte: Faggio e Ginestra." in dopo.novita
    assert "persone: non c'è più" in dopo.novita
    assert len(contenuto(prima).schede) == 3


def test_una_scheda_che_cambia_ente_passa_tutta_al_nuovo(altra):
    modifica(
        altra,
        "schede.yaml",
        lambda dati: voce(dati["schede"], "campi").update(
            dichiaranti=["cooperativa-faggio", "associazione-ginestra"]
        ),
    )

    ricarica(altra)

    with come_sistema(Ente.objects.get(slug="cooperativa-faggio")):
        scheda = Scheda.objects.get(slug="campi", ente__slug="cooperativa-faggio")
        assert scheda.conteggio_righe.count() == 3
    with come_sistema(Ente.objects.get(slug="associazione-ginestra")):
        assert not Scheda.objects.filter(ente__slug="associazione-ginestra").exists()


def test_una_scheda_nata_qui_resta_dov_e(altra):
    ente = Ente.objects.get(slug="cooperativa-rovere")
    with come_sistema(ente):
        Scheda.objects.create(
            ente=ente, campagna=Campagna.objects.get(), slug="nuova", titolo="Scheda nuova"
        )
    modifica(
        altra,
        "schede.yaml",
        lambda dati: conteggio(dati, "rovere", "soli").update(valore=13),
    )

    ricarica(altra)

    with come_sistema(ente):
        assert Scheda.objects.filter(slug="nuova").exists()


def test_un_guasto_scoperto_alla_fine_non_lascia_nulla_di_scritto(altra):
    prima = fotografia()
    modifica(
        altra,
        "schede.yaml",
        lambda dati: conteggio(dati, "rovere", "soli").update(valore=13),
    )
    # Il piano si controlla sulle schede già scritte: qui una cifra si rincorre.
    (altra / "regole.yaml").write_text(
        "cifre:\n- {id: persone, calcolo: {somma_di: [persone]}}\n", encoding="utf-8"
    )

    with pytest.raises(CommandError, match=r"regole\.yaml, cifre › persone: si calcola"):
        ricarica(altra)

    assert fotografia() == prima


def test_la_sigla_di_un_altro_progetto_non_si_ruba(altra, tmp_path):
    prima = fotografia()

    with pytest.raises(CommandError) as rifiuto:
        carica(altra, progetto="un-altro")

    assert "nodi.yaml, nodo valle: la sigla è già di un altro progetto" in str(rifiuto.value)
    assert "azioni.yaml, azione campi-aperti: la sigla è già di un altro" in str(rifiuto.value)
    assert fotografia() == prima


def test_la_sigla_data_a_mano_vince_su_quella_dei_file(tmp_path):
    cartella = copia_di(ALTRA_RETE, tmp_path / "altra")
    (cartella / "regole.yaml").write_text(
        "progetto: {slug: nei-file, titolo: Nei file, dal: 2023-01-01}\n", encoding="utf-8"
    )

    carica(cartella, progetto="data-a-mano")

    progetto = Progetto.objects.get()
    assert progetto.slug == "data-a-mano"
    assert progetto.titolo == "Nei file"
    (rapporto,) = edizioni("data-a-mano")
    assert rapporto.periodo == "gennaio 2023 – gennaio 2024"


def test_una_sigla_di_progetto_sbagliata_si_rifiuta():
    with pytest.raises(CommandError, match="non è una sigla"):
        carica(ALTRA_RETE, progetto="Non Va")

    assert not Progetto.objects.exists()
