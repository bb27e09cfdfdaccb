"""L'elenco degli enti: filtri nell'indirizzo, ordine, pagine, file da scaricare."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from assi.models import EnteDiAsse
from enti.models import Ente, PresenzaTerritoriale
from tests.fabbriche import AsseFactory, EnteFactory, NodoFactory, attore
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

ELENCO = reverse("enti:elenco")
TETTO_DI_QUERY = 15


@pytest.fixture
def dentro(client):
    """Un client entrato per conto di un ente che nell'elenco si riconosce dal nome."""
    return client.entra(attore(ente=EnteFactory(denominazione="Mio ente")))


def _nomi(risposta) -> list[str]:
    return [ente.denominazione for ente in risposta.context["pagina"]]


def test_di_suo_mostra_solo_la_rete(dentro):
    EnteFactory(denominazione="Capofila", ruolo=Ente.RuoloNellaRete.CAPOFILA)
    EnteFactory(denominazione="Ditta", ruolo=Ente.RuoloNellaRete.AZIENDA_OSPITANTE)

    assert _nomi(dentro.get(ELENCO)) == ["Capofila", "Mio ente"]
    assert "Ditta" in _nomi(dentro.get(ELENCO, {"mostra": "tutti"}))


def test_chiedere_un_ruolo_cerca_anche_fuori_dalla_rete(dentro):
    EnteFactory(denominazione="Ditta", ruolo=Ente.RuoloNellaRete.AZIENDA_OSPITANTE)

    assert _nomi(dentro.get(ELENCO, {"ruolo": "azienda-ospitante"})) == ["Ditta"]


def test_chi_non_e_piu_attivo_non_compare(dentro):
    EnteFactory(denominazione="Chiuso", attivo=False)

    assert _nomi(dentro.get(ELENCO)) == ["Mio ente"]


@pytest.mark.parametrize("cercato", ["citta", "CITTÀ", "aperta citt", "nizza", "cap"])
def test_si_cerca_senza_badare_ad_accenti_e_maiuscole(dentro, cercato):
    ente = EnteFactory(denominazione="Città Aperta", sigla="C.A.P.", altre_grafie=["CAP Asti"])
    PresenzaTerritoriale.objects.create(ente=ente, comune="Nizza Monferrato", tipo="sede")

    assert _nomi(dentro.get(ELENCO, {"testo": cercato})) == ["Città Aperta"]


def test_i_segni_della_ricerca_sono_lettere_come_le_altre(dentro):
    EnteFactory(denominazione="Cento % di noi")

    assert _nomi(dentro.get(ELENCO, {"testo": "%"})) == ["Cento % di noi"]


def test_si_filtra_per_nodo_asse_e_natura(dentro):
    nodo, asse = NodoFactory(slug="valle"), AsseFactory(slug="lavoro")
    giusto = EnteFactory(denominazione="Giusto", nodo=nodo, natura=Ente.Natura.ALTRO)
    EnteFactory(denominazione="Altro nodo", natura=Ente.Natura.ALTRO)
    EnteDiAsse.objects.create(asse=asse, ente=giusto, nodo=nodo)

    for filtro in ({"nodo": "valle"}, {"asse": "lavoro"}, {"nodo": "valle", "natura": "altro"}):
        assert _nomi(dentro.get(ELENCO, filtro)) == ["Giusto"]


def test_un_filtro_che_non_esiste_non_rompe_la_pagina(dentro):
    assert _nomi(dentro.get(ELENCO, {"nodo": "inventato", "ordine": "'; DROP"})) == ["Mio ente"]


def test_un_ente_su_un_asse_in_due_nodi_compare_una_volta(dentro):
    asse = AsseFactory(slug="lavoro")
    ente = EnteFactory(denominazione="Su due nodi")
    for nodo in (NodoFactory(), NodoFactory()):
        EnteDiAsse.objects.create(asse=asse, ente=ente, nodo=nodo)

    risposta = dentro.get(ELENCO, {"asse": "lavoro"})

    assert _nomi(risposta) == ["Su due nodi"]
    assert list(risposta.context["pagina"][0].assi.all()) == [asse]


def test_l_ordine_dei_nomi_e_quello_di_chi_legge(dentro):
    for nome in ("Zeta", "azimut", "Èrica"):
        EnteFactory(denominazione=nome)

    assert _nomi(dentro.get(ELENCO)) == ["azimut", "Èrica", "Mio ente", "Zeta"]
    assert _nomi(dentro.get(ELENCO, {"ordine": "-nome"}))[0] == "Zeta"


def test_la_colonna_ordinata_lo_dice_e_si_ribalta(dentro):
    testo = dentro.get(ELENCO, {"ordine": "nodo"}).content.decode()

    assert 'aria-sort="ascending"' in testo
    assert "ordine=-nodo" in testo


def test_i_filtri_restano_quando_si_cambia_pagina(dentro):
    nodo = NodoFactory(slug="valle")
    EnteFactory.create_batch(30, nodo=nodo)

    risposta = dentro.get(ELENCO, {"nodo": "valle"})

    assert len(_nomi(risposta)) == 25
    assert "nodo=valle&amp;pagina=2" in risposta.content.decode()
    assert len(_nomi(dentro.get(ELENCO, {"nodo": "valle", "pagina": 2}))) == 5


def test_htmx_riceve_solo_la_tabella(dentro, htmx):
    risposta = dentro.get(ELENCO, **htmx)

    assert risposta.templates[0].name == "enti/_tabella.html"
    assert "<html" not in risposta.content.decode()
    assert "HX-Request" in risposta["Vary"]


def test_senza_risultati_si_dice_che_cosa_fare(dentro):
    testo = dentro.get(ELENCO, {"testo": "introvabile"}).content.decode()

    assert "Nessun ente con questi filtri" in testo
    assert "mostra=tutti" in testo


def test_le_interrogazioni_non_dipendono_dalle_righe(dentro):
    asse = AsseFactory()

    def aggiungi(quanti):
        for ente in EnteFactory.create_batch(quanti):
            EnteDiAsse.objects.create(asse=asse, ente=ente, nodo=ente.nodo)
            PresenzaTerritoriale.objects.create(ente=ente, comune="Asti", tipo="sede")

    dentro.get(ELENCO)  # la prima pagina della sessione vi scrive il sigillo dei moduli
    aggiungi(1)
    with al_massimo(TETTO_DI_QUERY) as con_pochi:
        dentro.get(ELENCO)
    aggiungi(19)
    with al_massimo(TETTO_DI_QUERY) as con_tanti:
        dentro.get(ELENCO)

    assert len(con_pochi) == len(con_tanti)


def test_il_csv_ha_i_filtri_della_pagina_e_si_apre_in_excel(dentro):
    EnteFactory(denominazione="Ditta", ruolo=Ente.RuoloNellaRete.AZIENDA_OSPITANTE)

    risposta = dentro.get(reverse("enti:elenco_csv"), {"ruolo": "azienda-ospitante"})
    righe = list(csv.reader(io.StringIO(risposta.content.decode("utf-8-sig")), delimiter=";"))

    assert risposta.content.startswith(b"\xef\xbb\xbf")
    assert 'filename="enti-della-rete.csv"' in risposta["Content-Disposition"]
    assert [riga[0] for riga in righe] == ["Ente", "Ditta"]


@pytest.mark.parametrize("inizio", ["=1+1", "+39", "-2", "@SOMMA", "\tx", "＝1"])
def test_un_nome_che_sembra_una_formula_resta_testo(dentro, inizio):
    EnteFactory(denominazione=f"{inizio} scs", sigla="Formula")

    testo = dentro.get(reverse("enti:elenco_csv")).content.decode("utf-8-sig")
    righe = list(csv.reader(io.StringIO(testo), delimiter=";"))
    libro = openpyxl.load_workbook(
        io.BytesIO(dentro.get(reverse("enti:elenco_xlsx")).content), read_only=True
    )
    in_excel = [riga[0].value for riga in libro["Enti"].iter_rows()]

    assert f"'{inizio} scs" in [riga[0] for riga in righe]
    assert f"'{inizio} scs" in in_excel
