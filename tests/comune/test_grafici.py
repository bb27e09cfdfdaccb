"""I grafici dei cruscotti: il tempo, le somme, i numeri che mancano."""

import csv
import datetime
import io
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from registro.comune.esportazioni import risposta_csv
from registro.comune.grafici import (
    Barra,
    Serie,
    barre_impilate,
    barre_orizzontali,
    disegno,
    linee_per_mese,
)


MESI = tuple(datetime.date(2026, mese, 1) for mese in range(1, 5))


@pytest.fixture(autouse=True)
def memoria_dei_disegni(settings, tmp_path):
    """Ogni prova ridisegna: nella memoria vera potrebbe esserci un disegno di prima."""
    memoria = {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": tmp_path,
    }
    settings.CACHES = {**settings.CACHES, "grafici": memoria}


def le_scritte(svg: str) -> list[str]:
    """Le scritte di un disegno."""
    radice = ElementTree.fromstring(svg)  # noqa: S314 - lo abbiamo appena disegnato
    return [nodo.text or "" for nodo in radice.iter("{http://www.w3.org/2000/svg}text")]


def test_il_mese_che_manca_spezza_la_linea_e_non_vale_zero():
    grafico = linee_per_mese("Ore", MESI, [Serie("Lavoro", (10, None, 30, 40), "#0066cc")])

    linee = re.findall(r'd="(M[^"]+)"[^>]*stroke="#0066cc"', grafico.svg)
    assert linee[0].count("M") == 2
    assert grafico.righe[1] == ("febbraio 2026", None)


def test_ogni_linea_ha_il_suo_nome_e_il_suo_tratto():
    serie = [Serie("Lavoro", (10, 20, 30, 40)), Serie("Housing", (10, 20, 30, 39))]

    grafico = linee_per_mese("Ore", MESI, serie)

    assert {"Lavoro 40", "Housing 39"} <= set(le_scritte(grafico.svg))
    assert len(set(re.findall(r'stroke-dasharray="([^"]+)"', grafico.svg))) == 2


def test_due_nomi_vicini_in_fondo_alle_linee_non_si_toccano():
    serie = [Serie(nome, (1, 1, 1, 40)) for nome in ("Uno", "Due", "Tre")]

    grafico = linee_per_mese("Ore", MESI, serie)

    altezze = []
    for nome in ("Uno 40", "Due 40", "Tre 40"):
        testo = re.search(rf'<text[^>]*transform="translate\(([^)]+)\)"[^>]*>{nome}<', grafico.svg)
        altezze.append(float(testo[1].split(",")[1]))
    assert all(abs(a - b) >= 15 for n, a in enumerate(altezze) for b in altezze[:n])


def test_una_serie_senza_un_mese_si_rifiuta():
    with pytest.raises(ValueError, match="3 valori per 4 mesi"):
        linee_per_mese("Ore", MESI, [Serie("Lavoro", (1, 2, 3))])


def test_senza_serie_restano_i_mesi():
    assert "gen 26" in le_scritte(linee_per_mese("Ore", MESI, []).svg)


def test_la_barra_impilata_e_lunga_quanto_la_somma():
    barre = [
        Barra("Lavoro", 1200, gruppo="Asti"),
        Barra("Housing", 300, gruppo="Asti"),
        Barra("Lavoro", None, gruppo="Alessandria"),
        Barra("Housing", 750, gruppo="Alessandria"),
        Barra("Lavoro", None, gruppo="Aree interne"),
    ]

    grafico = barre_impilate("Ore", barre, gruppo="Nodo", voce="Asse", misura="Ore")

    scritte = le_scritte(grafico.svg)
    assert {"1.500", "1.200", "750", "non indicato"} <= set(scritte)
    larghe = [float(n) for n in re.findall(r'd="M[\d.]+,[\d.]+h([\d.]+)v', grafico.svg)]
    assert sorted(larghe)[-1] == pytest.approx(4 * sorted(larghe)[0], rel=0.02)
    assert ("Alessandria", "Lavoro", None) in grafico.righe


def test_il_numero_di_una_barra_resta_un_numero_nel_foglio():
    grafico = barre_orizzontali(
        "Persone",
        [Barra("Asti", 1234), Barra("Alessandria", 270, "circa 270"), Barra("Torino", None)],
        voce="Nodo",
        misura="Persone",
    )

    righe = list(
        csv.reader(
            io.StringIO(risposta_csv("x", grafico.tabella).content.decode("utf-8-sig")),
            delimiter=";",
        )
    )
    assert righe[1:] == [["Asti", "1234"], ["Alessandria", "circa 270"], ["Torino", ""]]
    assert "1.234" in le_scritte(grafico.svg)


NOMI = (
    "Povertà educative",
    "Azioni trasversali",
    "Housing sociale e accompagnamento all'abitare autonomo",
    'Scuola "A. Moro" d\'Asti \\ succursale',
)


@pytest.mark.parametrize("col_carattere", [True, False])
@pytest.mark.parametrize("disegna", [barre_orizzontali, barre_impilate])
def test_un_nome_lungo_va_a_capo_e_non_si_taglia(monkeypatch, disegna, col_carattere):
    """Anche dove manca il carattere della rete, e i testi si misurano più larghi."""
    if not col_carattere:
        monkeypatch.setattr(disegno, "_ha_caratteri", lambda: False)
        disegno._registra_caratteri.cache_clear()
    barre = [Barra(nome, 1 + posto, gruppo=nome) for posto, nome in enumerate(NOMI)]
    in_piu = {"gruppo": "Nodo"} if disegna is barre_impilate else {}

    scritte = le_scritte(disegna("Ore", barre, voce="Azione", misura="Ore", **in_piu).svg)

    unite = " ".join(scritte)
    assert all(nome in unite for nome in NOMI)
    assert "…" not in unite
    assert "Housing sociale e accompagnamento" not in scritte


def test_due_righe_di_un_nome_non_toccano_quello_di_sotto():
    barre = [Barra(f"Sportello di orientamento e accompagnamento numero {n}", 1) for n in (1, 2)]

    grafico = barre_orizzontali("Ore", barre, voce="Azione", misura="Ore")

    posti = [
        float(su) + float(giu)
        for su, giu in re.findall(
            r'translate\(-[^,]+,([^)]+)\)"[^>]* y="([^"]+)">[A-Za-z]', grafico.svg
        )
    ]
    assert len(posti) == 4
    assert all(sotto - sopra >= 13 for sopra, sotto in pairwise(posti))


def test_oltre_tre_righe_un_nome_finisce_coi_puntini_e_resta_intero_in_tabella():
    nome = "Sportello per persone fragili " * 5

    grafico = barre_orizzontali("Ore", [Barra(nome, 1)], voce="Azione", misura="Ore")

    assert sum("Sportello" in scritta for scritta in le_scritte(grafico.svg)) <= 3
    assert grafico.righe[0][0] == nome
    assert nome in grafico.descrizione
