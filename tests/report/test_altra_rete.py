"""Una rete che non è la nostra si carica e si racconta con le stesse regole."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from enti.models import Ente
from enti.sistema import come_sistema
from report.copie import contenuto_dell_edizione, copia_della_scheda
from report.models import Rapporto, Scheda
from tests.report.cartelle_di_prova import ALTRA_RETE, PROGETTO_DELL_ALTRA


pytestmark = pytest.mark.django_db


@pytest.fixture
def rapporto() -> Rapporto:
    """La prima edizione dell'altra rete."""
    call_command("carica_quadrante", str(ALTRA_RETE), progetto=PROGETTO_DELL_ALTRA, verbosity=0)
    with come_sistema():
        return Rapporto.objects.ultima_edizione(PROGETTO_DELL_ALTRA)


@pytest.fixture
def contenuto(rapporto):
    with come_sistema():
        return contenuto_dell_edizione(rapporto)


def scheda_di(contenuto, slug):
    return next(s for s in contenuto.schede if s.slug == slug)


def test_senza_hub_coordina_il_capofila_del_primo_nodo(rapporto):
    assert Ente.objects.che_ospita_il_coordinamento().slug == "cooperativa-rovere"
    assert rapporto.ente.slug == "cooperativa-rovere"


def test_le_sue_cifre_escono_in_json(rapporto):
    uscita = StringIO()

    call_command("rapporto", PROGETTO_DELL_ALTRA, "--json", stdout=uscita)

    dati = json.loads(uscita.getvalue())
    assert dati["progetto"] == PROGETTO_DELL_ALTRA
    persone, aziende = dati["cifre"]
    assert (persone["valore"], persone["approssimazione"], persone["scarto"]) == (49, "almeno", 0)
    assert (aziende["valore"], aziende["approssimazione"]) == (2, None)
    assert dati["enti_con_drop_out"] == ["cooperativa-rovere"]


def test_nodi_e_assi_escono_nel_loro_ordine(contenuto):
    assert [nodo.slug for nodo in contenuto.nodi] == ["valle", "pianura"]
    assert [asse.slug for asse in contenuto.assi] == ["anziani", "terra"]
    anziani = contenuto.assi[0]
    assert [(e.nodo, e.denominazione) for e in anziani.esiti] == [
        ("valle", "Valle"),
        (None, "Comuni a tutti i nodi"),
    ]
    assert [voce.testo for voce in anziani.criticita] == ["Strade chiuse d'inverno."]
    assert [voce.testo for voce in contenuto.blocchi.criticita] == [
        "D'inverno la valle resta isolata."
    ]


def test_tutta_la_rete_si_scioglie_senza_gli_esclusi(contenuto):
    del_rovere = [x for x in contenuto.legami if x.da_slug == "cooperativa-rovere"]

    assert [(x.verso_slug, x.nuovo, x.interno) for x in del_rovere] == [
        ("cooperativa-faggio", False, True),
        ("consorzio-bosco", True, False),
    ]


def test_assente_vuoto_e_zero_restano_tre_cose(contenuto):
    rovere, campi, faggio = (scheda_di(contenuto, s) for s in ("rovere", "campi", "faggio"))

    assert rovere.conteggi[2].valore is None
    assert faggio.conteggi[0].valore == 0
    assert campi.output[0].valore == 0
    assert faggio.uscite is None
    assert campi.uscite == ()
    assert rovere.vulnerabilita == ()
    assert campi.vulnerabilita is None
    assert campi.sostenibilita == ()
    assert rovere.sostenibilita is None
    assert faggio.reti is None
    assert faggio.collaborazione is None
    assert faggio.prosecuzione is None
    assert campi.prosecuzione.necessaria is None


def test_misuratori_per_asse_scale_e_voto_zero(contenuto):
    rovere, campi = scheda_di(contenuto, "rovere"), scheda_di(contenuto, "campi")

    assert rovere.misuratori[0].valore == 0
    assert [(m.slug, m.asse, m.valore, m.scala, m.incerto) for m in campi.misuratori] == [
        ("nuove_pratiche", "terra", 6, 10, False),
        ("capacity_building", None, None, 10, False),
        ("gap_bisogni_soluzioni", None, 3, 5, True),
    ]
    assert campi.misuratori[1].testo == "Molto."


def test_due_frasi_uguali_restano_due(contenuto):
    assert [v.testo for v in scheda_di(contenuto, "rovere").criticita] == ["Strade chiuse."] * 2


def test_il_primo_dichiarante_e_l_ente_della_scheda(contenuto):
    campi = scheda_di(contenuto, "campi")

    assert campi.enti == ("Faggio", "Associazione Ginestra")
    assert campi.dichiaranti_slug == ("associazione-ginestra", "cooperativa-faggio")


def test_le_date_note_al_mese_restano_al_mese(contenuto):
    (visite,) = scheda_di(contenuto, "rovere").azioni

    assert (visite.inizio, visite.fine) == ("2023-02", "2024-01-15")
    assert visite.collaboratori == ("Servizi sociali di Roccachiara",)


def test_una_scheda_si_copia_con_interrogazioni_fisse(rapporto, django_assert_num_queries):
    numeri = []
    for ente, slug in (("cooperativa-rovere", "rovere"), ("cooperativa-faggio", "faggio")):
        with come_sistema(Ente.objects.get(slug=ente)):
            scheda = Scheda.objects.get(slug=slug)
            with django_assert_num_queries(20, exact=False) as contate:
                copia_della_scheda(scheda)
            numeri.append(len(contate))
    assert max(numeri) - min(numeri) <= 3


def test_due_reti_stanno_nella_stessa_base_di_dati(rapporto, contenuto):
    call_command("carica_quadrante", verbosity=0)
    uscita = StringIO()
    call_command("carica_quadrante", str(ALTRA_RETE), progetto=PROGETTO_DELL_ALTRA, stdout=uscita)

    assert "Già caricato" in uscita.getvalue()
    with come_sistema():
        nostra = Rapporto.objects.ultima_edizione("quadrante-alat")
        nostro = contenuto_dell_edizione(nostra)
        assert contenuto_dell_edizione(rapporto) == contenuto
    assert len(nostro.enti) == 12
    assert [nodo.slug for nodo in nostro.nodi] == ["asti", "aree-interne", "alessandria"]
    assert Ente.objects.che_ospita_il_coordinamento().slug == "cooperativa-rovere"
