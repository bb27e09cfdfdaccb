"""I grafici: un SVG che si legge senza vederlo, coi suoi dati accanto."""

import datetime
import re
from xml.etree import ElementTree

import pytest
from django.core.cache import caches

from registro.comune.grafici import (
    Barra,
    Serie,
    barre_impilate,
    barre_orizzontali,
    barre_raggruppate,
    colore_asse,
    disegno,
    linee_per_mese,
)
from report import figure
from report.grafici import (
    Casella,
    Gruppo,
    Legame,
    NodoInMappa,
    Punto,
    distribuzione,
    mappa,
    misuratore,
    rete,
    sagoma,
)
from tests.report.fabbrica_contenuto import contenuto_quadrante


SPAZIO = "{http://www.w3.org/2000/svg}"
NODI = (
    NodoInMappa("Asti", "#00704a", ("Asti", "Villanova d'Asti")),
    NodoInMappa("Alessandria", "#b3152f", ("Alessandria",)),
)
CANALI = (Barra("Passaparola", 3, "3 schede"), Barra("Scouting", None, "non indicato"))
PER_NODO = (
    Barra("Lavoro", 270, "circa 270", colore_asse("lavoro"), "Aree interne"),
    Barra("Housing", 5, "5", colore_asse("housing"), "Aree interne"),
    Barra("Lavoro", 7, "7", colore_asse("lavoro"), "Alessandria"),
)
GRUPPI = (
    Gruppo("Voti su dieci", tuple(str(voto) for voto in range(1, 11))),
    Gruppo("Giudizi a parole", ("buono", "molto buono in alcuni casi")),
    Gruppo("Senza giudizio", ("non esprimibile",), pieno=False),
)
CASELLE = (
    Casella("Autonomia", "7", 2),
    Casella("Autonomia", "buono", 4),
    Casella("Fiducia", "molto buono in alcuni casi", 3, parziale=True),
    Casella("Fiducia", "non esprimibile", 6),
)
PUNTI = (
    Punto("a", "Ente A", "#00704a", interno=True),
    Punto("b", "Ente B", "#0066cc", interno=True),
    Punto("c", "Azienda C", "#455b71", interno=False),
)
LEGAMI = (
    Legame("a", "b", nuovo=True),
    Legame("b", "a", nuovo=False),
    Legame("a", "c", nuovo=True),
)
MESI = tuple(datetime.date(2026, mese, 1) for mese in range(1, 5))
ANDAMENTO = (Serie("Lavoro", (1200, None, 1400, 1300)), Serie("Housing", (3, 4, 5, 6)))

DISEGNI = {
    "barre": (barre_orizzontali, ("Canali", CANALI), {"voce": "Canale", "misura": "Schede"}),
    "gruppi": (
        barre_raggruppate,
        ("Beneficiari", PER_NODO),
        {"gruppo": "Nodo", "voce": "Asse", "misura": "Beneficiari"},
    ),
    "pezzi": (
        barre_impilate,
        ("Beneficiari", PER_NODO),
        {"gruppo": "Nodo", "voce": "Asse", "misura": "Beneficiari"},
    ),
    "linee": (linee_per_mese, ("Prestazioni", MESI, ANDAMENTO), {}),
    "giudizi": (
        distribuzione,
        ("Giudizi", ("Autonomia", "Fiducia"), GRUPPI, CASELLE),
        {"voce": "Indicatore"},
    ),
    "misuratore": (misuratore, ("Nuove pratiche", 7.5), {}),
    "misuratore vuoto": (misuratore, ("Nuove pratiche", None), {}),
    "mappa": (mappa, ("I nodi", NODI), {}),
    "rete": (rete, ("La rete", PUNTI, LEGAMI), {"descrizione": "Due enti e un'azienda."}),
}


@pytest.fixture(autouse=True)
def memoria_dei_disegni(settings, tmp_path):
    """Ogni prova ridisegna: nella memoria vera potrebbe esserci un disegno di prima."""
    settings.CACHES = {
        **settings.CACHES,
        "grafici": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": tmp_path,
        },
    }


@pytest.fixture(params=DISEGNI, ids=lambda nome: nome.replace(" ", "-"))
def grafico(request):
    """Un grafico per ogni specie."""
    disegna, argomenti, nominati = DISEGNI[request.param]
    return disegna(*argomenti, **nominati)


def albero(svg: str) -> ElementTree.Element:
    """Il disegno letto come XML."""
    return ElementTree.fromstring(svg)  # noqa: S314 - lo abbiamo appena disegnato


def le_scritte(svg: str) -> list[str]:
    """Le scritte di un disegno."""
    return [nodo.text or "" for nodo in albero(svg).iter(f"{SPAZIO}text")]


def test_si_capisce_senza_vederlo(grafico):
    radice = albero(grafico.svg)

    assert radice.get("role") == "img"
    titolo, descrizione = radice.find(f"{SPAZIO}title"), radice.find(f"{SPAZIO}desc")
    assert titolo.text == grafico.titolo
    assert descrizione.text == grafico.descrizione
    assert len(grafico.descrizione) > len(grafico.titolo)
    assert radice.get("aria-labelledby") == f"{titolo.get('id')} {descrizione.get('id')}"


def test_scala_con_la_pagina_e_non_porta_codice(grafico):
    radice = albero(grafico.svg)

    assert radice.get("viewBox")
    assert radice.get("width") is None
    vietati = ("script", "style", "clipPath", "filter", "foreignObject", "image", "use", "tspan")
    assert not {nodo.tag.removeprefix(SPAZIO) for nodo in radice.iter()} & set(vietati)
    attributi = {nome for nodo in radice.iter() for nome in nodo.attrib}
    assert not [nome for nome in attributi if nome.startswith("on") or "href" in nome]
    assert "clip-path" not in attributi


def test_il_testo_resta_testo_nel_carattere_della_rete(grafico):
    scritte = [nodo for nodo in albero(grafico.svg).iter() if nodo.tag == f"{SPAZIO}text"]

    assert scritte
    assert {nodo.get("font-family") for nodo in scritte} == {"Titillium Web"}


def test_gli_stessi_dati_danno_gli_stessi_byte(grafico, request):
    disegna, argomenti, nominati = DISEGNI[request.node.callspec.params["grafico"]]
    caches["grafici"].clear()

    assert disegna(*argomenti, **nominati) == grafico


def test_la_specifica_rispetta_lo_schema_di_vega(request, grafico):
    disegna, argomenti, nominati = DISEGNI[request.node.callspec.params["grafico"]]

    # Senza la memoria Altair convalida ogni pezzo mentre lo si compone, e solleva.
    assert disegna.__wrapped__(*argomenti, **nominati).svg == grafico.svg


def test_nessun_identificativo_si_ripete_in_una_pagina():
    grafici = [disegna(*posti, **nominati) for disegna, posti, nominati in DISEGNI.values()]
    grafici.append(misuratore("Nuove pratiche", None, descrizione="Della scheda accanto."))

    trovati = re.findall(r'\bid="([^"]+)"', "".join(grafico.svg for grafico in grafici))

    assert len(trovati) == 2 * len(grafici)
    assert len(set(trovati)) == len(trovati)


def test_accanto_a_ogni_barra_c_e_il_numero_della_tabella():
    grafico = barre_raggruppate(
        "Beneficiari", PER_NODO, gruppo="Nodo", voce="Asse", misura="Beneficiari"
    )

    assert grafico.righe == (
        ("Aree interne", "Lavoro", "circa 270"),
        ("Aree interne", "Housing", "5"),
        ("Alessandria", "Lavoro", "7"),
    )
    scritte = le_scritte(grafico.svg)
    for nodo, asse, quanti in grafico.righe:
        assert nodo in scritte
        assert f"{quanti} · {asse}" in scritte


def test_le_barre_sono_lunghe_in_proporzione():
    grafico = barre_orizzontali(
        "Canali", [Barra("A", 100, "100"), Barra("B", 25, "25")], voce="Canale", misura="Schede"
    )

    larghezze = [
        float(larghezza)
        for larghezza in re.findall(r'<path d="M0,[\d.]+h([\d.]+)v[\d.]+h-', grafico.svg)
    ]

    assert len(larghezze) == 2
    assert larghezze[0] == pytest.approx(4 * larghezze[1], rel=0.01)


def test_un_numero_che_manca_si_dice_e_non_si_disegna():
    grafico = barre_orizzontali("Canali", CANALI, voce="Canale", misura="Schede")

    assert "non indicato" in le_scritte(grafico.svg)
    assert ("Scouting", "non indicato") in grafico.righe
    assert misuratore("Gap", None).righe == (("Gap", "non indicato"),)
    assert "su 10" not in le_scritte(misuratore("Gap", None).svg)


def test_ogni_cerchio_porta_il_numero_della_tabella():
    grafico = distribuzione(
        "Giudizi", ("Autonomia", "Fiducia"), GRUPPI, CASELLE, voce="Indicatore"
    )

    in_tabella = sorted(str(n) for riga in grafico.righe for n in riga[1:] if n)
    intestazioni = {parola for nome in grafico.intestazioni[1:] for parola in nome.split()}
    nei_cerchi = [
        nodo.text
        for nodo in albero(grafico.svg).iter(f"{SPAZIO}text")
        if nodo.text.isdigit() and nodo.get("font-weight") == "600"
    ]
    assert sorted(nei_cerchi) == in_tabella == ["2", "3", "4", "6"]
    assert intestazioni <= {
        parola for testo in le_scritte(grafico.svg) for parola in testo.split()
    }


def test_le_parole_non_diventano_voti():
    contenuto = contenuto_quadrante()

    grafico = figure.giudizi_di_asse(contenuto, "lavoro", "Lavoro")

    voti = [posto for posto, nome in enumerate(grafico.intestazioni) if nome.isdigit()]
    per_voto = {
        grafico.intestazioni[posto]: sum(riga[posto] for riga in grafico.righe) for posto in voti
    }
    assert {voto: n for voto, n in per_voto.items() if n} == {"7": 2}
    deciso = grafico.intestazioni.index("deciso")
    assert sum(riga[deciso] for riga in grafico.righe) == 2


def test_il_non_esprimibile_sta_da_solo():
    contenuto = contenuto_quadrante()

    grafico = figure.giudizi_di_asse(contenuto, "trasversale", "Azioni trasversali")

    assert grafico.intestazioni == ("Indicatore", "non esprimibile")
    assert [riga[1] for riga in grafico.righe] == [1] * 5


def test_la_rete_disegna_un_legame_per_riga_e_distingue_i_nuovi_dal_tratto():
    grafico = rete("La rete", PUNTI, LEGAMI, descrizione="Due enti e un'azienda.")

    assert grafico.righe == (
        ("Ente A", "Ente B", "c'era già"),
        ("Ente A", "Azienda C", "nuovo"),
    )
    linee = list(albero(grafico.svg).iter(f"{SPAZIO}line"))
    assert len(linee) == 2
    assert sum(linea.get("stroke-dasharray") is not None for linea in linee) == 1
    assert "Azienda C" not in le_scritte(grafico.svg)


def test_la_mappa_chiama_per_nome_i_comuni_e_colora_solo_i_loro():
    grafico = mappa("I nodi", NODI)

    assert {"Asti", "Villanova d'Asti", "Alessandria"} <= set(le_scritte(grafico.svg))
    assert grafico.righe == (("Asti", "Asti, Villanova d'Asti"), ("Alessandria", "Alessandria"))
    # Due comuni e un segno ciascuno per Asti, un comune e un segno per Alessandria.
    assert grafico.svg.count('fill="#00704a"') == 4
    assert grafico.svg.count('fill="#b3152f"') == 2


def test_un_comune_fuori_dalle_due_province_resta_in_tabella():
    grafico = mappa("I nodi", [NodoInMappa("Cuneo", "#00704a", ("Alba",))])

    assert grafico.righe == (("Cuneo", "Alba"),)
    assert "Alba" not in le_scritte(grafico.svg)


def test_il_codice_scritto_nei_nomi_resta_testo():
    cattivo = '<script>alert(1)</script><image href="http://127.0.0.1/"/>'

    grafico = barre_orizzontali(
        cattivo, [Barra(cattivo, 1, cattivo)], voce="Canale", misura="Schede"
    )

    nomi = {nodo.tag for nodo in albero(grafico.svg).iter()}
    assert nomi <= {
        f"{SPAZIO}{nome}" for nome in ("svg", "title", "desc", "g", "path", "text", "line")
    }
    assert "<script" not in grafico.svg
    assert "<image" not in grafico.svg


def test_per_la_stampa_il_titolo_e_la_frase_intera():
    grafico = misuratore("Nuove pratiche", 5, incerto=True)

    radice = albero(grafico.svg_stampa)

    assert radice.find(f"{SPAZIO}desc") is None
    assert radice.find(f"{SPAZIO}title").text == (
        "Nuove pratiche: il valore è 5 su 10, ma l'attribuzione è incerta."
    )
    assert "5?" in le_scritte(grafico.svg)


def test_un_disegno_gia_fatto_non_si_rifa(monkeypatch):
    prima = misuratore("Nuove pratiche", 3)

    def non_disegnare(*argomenti, **nominati):
        raise AssertionError("disegnato di nuovo")

    monkeypatch.setattr(disegno.vl_convert, "vegalite_to_svg", non_disegnare)

    assert misuratore("Nuove pratiche", 3) == prima


def test_senza_posto_su_disco_il_grafico_c_e_lo_stesso(monkeypatch):
    def disco_pieno(*argomenti, **nominati):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(caches["grafici"]), "set", disco_pieno)

    assert "7,5" in le_scritte(misuratore("Nuove pratiche", 7.5).svg)


def test_la_sagoma_non_ha_scritte():
    assert (
        le_scritte(sagoma("Le due province", NODI, fondo="#112233", confine="#ffffff").svg) == []
    )


def test_i_beneficiari_per_asse_tornano_con_le_cifre_dei_nodi():
    contenuto = contenuto_quadrante()

    grafico = figure.beneficiari_per_nodo(contenuto)

    assert {(nodo, asse): testo.replace("\xa0", " ") for nodo, asse, testo in grafico.righe} == {
        ("Asti", "Lavoro"): "50 individui",
        ("Asti", "Housing"): "5 nuclei",
        ("Asti", "Povertà educative"): "almeno 104 nuclei e individui",
        ("Aree interne", "Lavoro"): "circa 270 individui",
        ("Aree interne", "Housing"): "5 individui",
        ("Aree interne", "Povertà educative"): "283 individui",
        ("Alessandria", "Lavoro"): "7 individui",
        ("Alessandria", "Housing"): "35 individui",
        ("Alessandria", "Povertà educative"): "9 individui",
    }
