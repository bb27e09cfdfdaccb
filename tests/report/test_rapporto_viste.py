"""Il rapporto sul sito: dalle cifre agli addendi, dagli addendi alla scheda; i file da scaricare."""

import csv
import io
import re

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.urls import reverse

from enti.models import Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from report.models import Rapporto
from tests.fabbriche import attore
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

EDIZIONE = ("quadrante-alat", 1)
TETTO_DI_QUERY = 15


@pytest.fixture
def rapporto(quadrante_condiviso):
    cache.clear()
    return quadrante_condiviso


@pytest.fixture
def dentro(client, rapporto):
    """Un client entrato per conto di un ente qualunque, che non ha compilato nulla."""
    return client.entra(attore(Ruolo.INVIANTE))


def _pagina(client, nome, *altro):
    risposta = client.get(reverse(f"report:{nome}", args=[*EDIZIONE, *altro]))
    assert risposta.status_code == 200
    return BeautifulSoup(risposta.content, "html.parser")


def _testo(nodo) -> str:
    return " ".join(nodo.get_text(" ").split())


def test_la_sintesi_porta_i_numeri_grandi_e_ognuno_si_apre(dentro):
    pagina = _pagina(dentro, "rapporto")
    cifre = {_testo(cifra): cifra.a["href"] for cifra in pagina.select(".cifra")}

    assert any(testo.startswith("almeno 768 beneficiari") for testo in cifre)
    assert any(testo.startswith("85 enti") for testo in cifre)
    assert all(dentro.get(indirizzo).status_code == 200 for indirizzo in cifre.values())


def test_558_si_segue_fino_ai_suoi_tre_addendi_e_ai_conteggi_delle_schede(dentro):
    cifra = _pagina(dentro, "rapporto_cifra", "individui-aree-interne")
    righe = cifra.select("#addendi tbody tr")

    assert "circa 558" in _testo(cifra.select_one(".confronto"))
    assert [_testo(riga.select_one("td:last-child")) for riga in righe] == [
        "circa 270",
        "28",
        "260",
    ]
    for riga in righe:
        indirizzo, ancora = riga.a["href"].split("#")
        scheda = BeautifulSoup(dentro.get(indirizzo).content, "html.parser")
        conteggio = scheda.find(id=ancora)
        valore = _testo(riga.select_one("td:last-child"))
        assert valore in _testo(conteggio)
        assert "Individui beneficiari nelle aree interne" in _testo(conteggio)


def test_calcolato_e_stampato_stanno_accanto_con_la_differenza(dentro):
    confronto = _testo(
        _pagina(dentro, "rapporto_cifra", "individui-totale").select_one(".confronto")
    )

    assert confronto == "Dalle schede almeno 768 Stampato 771 Differenza −3"


def test_un_numero_non_ricalcolabile_si_dice_e_non_diventa_zero(dentro):
    pagina = _pagina(dentro, "rapporto_cifra", "miglioramento-medio")

    assert _testo(pagina.select_one(".cifra")).startswith("7,5 su 10")
    assert "le schede non bastano a rifarlo" in _testo(pagina)
    assert "non si ricalcola" in _testo(pagina.select_one(".confronto"))


def test_ogni_regola_di_conteggio_mostra_i_suoi_totali(dentro):
    tabella = _pagina(dentro, "rapporto_cifre").select_one("#regole table")
    scelte = [riga for riga in tabella.select("tbody tr") if "Scelta per questa" in _testo(riga)]

    assert len(tabella.select("tbody tr")) == 4
    assert len(scelte) == 1
    assert "almeno 768" in _testo(scelte[0])


def test_l_allegato_ha_ogni_cifra_con_regola_copertura_e_addendi(dentro, rapporto):
    with come_sistema(rapporto.ente):
        slug = list(rapporto.cifra_righe.values_list("slug", flat=True))
    pagina = _pagina(dentro, "rapporto_cifre")

    articoli = {articolo["id"]: _testo(articolo) for articolo in pagina.select("article[id]")}
    assert set(articoli) == set(slug)
    assert all("Quante schede rispondono" in testo for testo in articoli.values())


def test_ogni_collegamento_interno_del_rapporto_porta_da_qualche_parte(dentro):
    da_vedere, viste = [reverse("report:rapporto", args=EDIZIONE)], set()
    while da_vedere:
        indirizzo = da_vedere.pop()
        risposta = dentro.get(indirizzo)
        assert risposta.status_code == 200, indirizzo
        viste.add(indirizzo)
        if "text/html" not in risposta["Content-Type"]:
            continue
        pagina = BeautifulSoup(risposta.content, "html.parser")
        trovati = {a["href"].split("#")[0] for a in pagina.select("main a[href^='/rapporto/']")}
        da_vedere += [voce for voce in trovati if voce not in viste and voce not in da_vedere]

    assert len(viste) > 35


def test_la_scheda_distingue_non_detto_da_zero(dentro):
    muta = _testo(_pagina(dentro, "rapporto_scheda", "coala-lavoro").find(id="drop-out"))

    assert "Il silenzio non vale zero" in muta


def test_una_cifra_che_non_c_e_e_introvabile(dentro):
    for nome, sigla in (("cifra", "x"), ("asse", "x"), ("nodo", "x"), ("scheda", "x")):
        indirizzo = reverse(f"report:rapporto_{nome}", args=[*EDIZIONE, sigla])
        assert dentro.get(indirizzo).status_code == 404
    assert dentro.get(reverse("report:rapporto", args=["quadrante-alat", 9])).status_code == 404


def test_i_disegni_hanno_nome_descrizione_e_tabella(dentro):
    figure = _pagina(dentro, "rapporto_beneficiari").select("figure")

    assert len(figure) > 2
    for figura in figure:
        assert figura.svg.title.get_text()
        assert figura.svg.desc.get_text()
        assert figura.select("details table tbody tr")


@pytest.mark.parametrize(
    ("nome", "altro"),
    [
        ("rapporto", ()),
        ("rapporto_beneficiari", ()),
        ("rapporto_cifre", ()),
        ("rapporto_cifra", ("individui-totale",)),
        ("rapporto_scheda", ("coala-lavoro",)),
        ("rapporto_rete", ()),
    ],
)
def test_una_pagina_del_rapporto_costa_poche_interrogazioni(dentro, nome, altro):
    cache.clear()
    with al_massimo(TETTO_DI_QUERY):
        _pagina(dentro, nome, *altro)
    with al_massimo(6):
        _pagina(dentro, nome, *altro)


def test_cio_che_si_ricorda_non_apre_l_edizione_a_chi_non_la_vede(client, rapporto):
    client.entra(attore(Ruolo.AMMINISTRATORE))
    with come_sistema(rapporto.ente):
        bozza = Rapporto.objects.create(
            ente=rapporto.ente,
            progetto=rapporto.progetto,
            edizione=2,
            titolo="In lavorazione",
            cornice=rapporto.cornice,
        )
    indirizzo = reverse("report:rapporto", args=["quadrante-alat", bozza.edizione])

    assert "Questa è una bozza" in client.get(indirizzo).content.decode()
    assert client.entra(attore(Ruolo.REFERENTE)).get(indirizzo).status_code == 404


def test_l_elenco_delle_edizioni_mostra_le_bozze_solo_a_chi_prepara(client, rapporto):
    with come_sistema(rapporto.ente):
        Rapporto.objects.create(
            ente=rapporto.ente, progetto=rapporto.progetto, edizione=2, titolo="In lavorazione"
        )
    elenco = reverse("report:rapporti")

    di_chi_prepara = client.entra(attore(Ruolo.AMMINISTRATORE)).get(elenco).content.decode()
    di_un_altro = client.entra(attore(Ruolo.GARANTE)).get(elenco).content.decode()

    assert "In lavorazione" in di_chi_prepara
    assert "In lavorazione" not in di_un_altro


def _foglio(libro, nome) -> list[dict]:
    righe = list(libro[nome].iter_rows(values_only=True))
    return [dict(zip(righe[0], riga, strict=True)) for riga in righe[1:]]


def test_il_file_excel_ha_numeri_veri_e_il_circa_nella_sua_colonna(dentro):
    risposta = dentro.get(reverse("report:rapporto_cifre_xlsx", args=EDIZIONE))
    libro = openpyxl.load_workbook(io.BytesIO(risposta.content))

    cifre = {riga["Sigla"]: riga for riga in _foglio(libro, "Cifre")}
    addendi = [
        riga
        for riga in _foglio(libro, "Addendi")
        if riga["Sigla della cifra"] == "individui-aree-interne"
    ]
    assert cifre["individui-aree-interne"]["Valore"] == 558
    assert cifre["individui-aree-interne"]["Approssimazione"] == "circa"
    assert cifre["individui-totale"]["Differenza"] == -3
    assert cifre["miglioramento-medio"]["Stampato"] == 7.5
    assert cifre["nuove-pratiche"]["Valore"] is None
    assert sum(riga["Valore"] for riga in addendi) == 558
    assert len(_foglio(libro, "Regole di conteggio")) == 16


def test_il_csv_tiene_distinte_cifre_e_addendi(dentro):
    risposta = dentro.get(reverse("report:rapporto_cifre_csv", args=EDIZIONE))
    testo = io.StringIO(risposta.content.decode("utf-8-sig"))
    righe = list(csv.DictReader(testo, delimiter=";"))

    totale = next(riga for riga in righe if riga["Sigla"] == "enti-totale")
    addendi = [
        riga for riga in righe if riga["Riga"] == "addendo" and riga["Sigla"] == "enti-totale"
    ]
    voto = next(riga for riga in righe if riga["Sigla"] == "miglioramento-medio")
    perso = next(riga for riga in righe if riga["Sigla"] == "nuove-pratiche")
    assert totale["Valore"] == "85"
    assert sum(int(riga["Valore"]) for riga in addendi) == 85
    assert voto["Stampato"] == "7,5"
    assert perso["Valore"] == ""
    assert re.search(r"cifre-quadrante-alat-edizione-1\.csv", risposta["Content-Disposition"])


def test_la_pagina_di_un_ente_dice_chi_e_che_cosa_ha_fatto_e_con_chi(dentro):
    pagina = BeautifulSoup(
        dentro.get(reverse("report:ente", args=["jokko"])).content, "html.parser"
    )
    testo = _testo(pagina.main)

    assert "Accompagnamento alla casa" in testo
    assert pagina.find("a", href=reverse("report:rapporto_scheda", args=[*EDIZIONE, "jokko"]))
    assert pagina.find("a", href=reverse("report:ente", args=["coala"]))
    assert pagina.select("figure svg desc")


def test_le_schede_in_corso_di_un_ente_le_vede_solo_chi_puo(client, rapporto):
    jokko = Ente.objects.get(slug="jokko")
    with come_sistema(jokko):
        jokko.schede.filter(slug="jokko").update(stato="in_compilazione")
    indirizzo = reverse("report:ente", args=["jokko"])

    proprie = client.entra(attore(Ruolo.REFERENTE, ente=jokko)).get(indirizzo)
    altrui = client.entra(attore(Ruolo.REFERENTE)).get(indirizzo)

    assert [scheda.slug for scheda in proprie.context["in_corso"]] == ["jokko"]
    assert altrui.context["in_corso"] == []


@pytest.mark.parametrize("nome", ["report:casa", "enti:elenco"])
def test_l_inizio_costa_poche_interrogazioni(client, rapporto, nome):
    client.entra(attore(Ruolo.AMMINISTRATORE)).get(reverse(nome))

    with al_massimo(TETTO_DI_QUERY):
        client.get(reverse(nome))
