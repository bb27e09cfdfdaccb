"""Colori e tema dei grafici: ogni colore ha contrasto ≥ 4,5:1 sul bianco."""

from registro.comune.caratteri import FAMIGLIA


INCHIOSTRO = "#17324d"
TENUE = "#455b71"
GRIGLIA = "#d5dbe1"
BIANCO = "#ffffff"
FONDO = "#eef2f6"
VERDE = "#00704a"
# Per ciò che non è di un asse né di un nodo.
NEUTRO = "#2f5d8a"

ASSI = {
    "lavoro": "#0066cc",
    "housing": "#a8550b",
    "poverta-educative": "#5d2e8c",
    "trasversale": "#455b71",
}
NODI = {"asti": "#00704a", "alessandria": "#b3152f", "aree-interne": "#0066cc"}
# Le tinte di voci che non hanno un colore loro, nell'ordine in cui si usano.
SERIE = ("#0066cc", "#a8550b", "#5d2e8c", "#00704a", "#b3152f", "#455b71")

TEMA = {
    "font": FAMIGLIA,
    "aria": False,
    "padding": 2,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": 600,
        "labelColor": INCHIOSTRO,
        "titleColor": TENUE,
        "gridColor": GRIGLIA,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "labelLimit": 0,
    },
    "text": {"fontSize": 12, "color": INCHIOSTRO},
    "legend": {"labelFontSize": 12, "labelColor": INCHIOSTRO, "labelLimit": 0},
}


def colore_asse(slug: str | None) -> str:
    """Il colore di un asse; quello neutro per chi non ne ha uno suo."""
    return ASSI.get(slug or "", TENUE)


def colore_nodo(slug: str | None) -> str:
    """Il colore di un nodo; quello neutro per chi non ne ha uno suo."""
    return NODI.get(slug or "", TENUE)


def colore_serie(posto: int) -> str:
    """Il colore della voce numero `posto` (da zero) di un grafico; dopo l'ultimo si ricomincia."""
    return SERIE[posto % len(SERIE)]
