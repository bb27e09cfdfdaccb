"""I componenti: rendono ciò che ricevono, e niente di più."""

from decimal import Decimal

from bs4 import BeautifulSoup
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory


def _resa(testo, **contesto):
    modello = Template("{% load componenti testo %}" + testo)
    richiesta = RequestFactory().get("/schede/", {"nodo": "asti", "pagina": "2"})
    return BeautifulSoup(modello.render(RequestContext(richiesta, contesto)), "html.parser")


def _parole(pezzo):
    return " ".join(pezzo.get_text().split())


def test_un_componente_non_vede_le_variabili_della_pagina():
    resa = _resa('{% componente "avviso" %}corpo{% endcomponente %}', titolo="della pagina")

    assert _parole(resa) == "corpo"


def test_il_corpo_scritto_dalla_pagina_resta_protetto():
    resa = _resa('{% componente "avviso" %}<p>{{ x }}</p>{% endcomponente %}', x="<b>no</b>")

    assert resa.select("b") == []
    assert resa.select_one(".alert > p").get_text() == "<b>no</b>"


def test_le_proprieta_sono_protette():
    resa = _resa('{% componente "testata" titolo=x %}{% endcomponente %}', x="<b>no</b>")

    assert resa.select_one("h1").get_text() == "<b>no</b>"


def test_un_errore_di_django_diventa_un_avviso_di_pericolo():
    resa = _resa('{% componente "avviso" tono="error" %}no{% endcomponente %}')

    assert "alert-danger" in resa.select_one(".alert")["class"]


def test_una_cifra_dice_circa_il_numero_e_l_unita():
    resa = _resa(
        '{% componente "cifra" valore=1558 approssimazione="circa" unita="persone" '
        'etichetta="seguite" url="/x/" %}{% endcomponente %}'
    )

    assert _parole(resa.select_one(".cifra-valore")) == "circa 1.558 persone"
    assert _parole(resa.select_one("a")) == "Come si arriva a questo numero: seguite"


def test_una_cifra_che_manca_lo_dice_e_non_porta_il_circa():
    resa = _resa(
        '{% componente "cifra" valore=None approssimazione="circa" etichetta="x" %}{% endcomponente %}'
    )

    assert _parole(resa.select_one(".cifra-valore")) == "non indicato"


def test_un_voto_ha_le_parole_e_la_barra():
    resa = _resa(
        '{% componente "scheda_voto" etichetta="Tempi" valore=v %}{% endcomponente %}',
        v=Decimal("7.5"),
    )

    assert _parole(resa) == "Tempi 7,5 su 10"
    assert resa.select_one(".scheda-voto-barra span")["style"] == "inline-size: 75%"


def test_un_voto_non_espresso_non_ha_barra():
    resa = _resa('{% componente "scheda_voto" etichetta="Tempi" valore=None %}{% endcomponente %}')

    assert _parole(resa) == "Tempi non espresso"
    assert resa.select(".scheda-voto-barra") == []


def test_un_lavoro_in_corso_chiede_ancora_e_uno_finito_no():
    in_corso = _resa(
        '{% componente "avanzamento" id="a" url="/a/" percento=40 titolo="T" %}{% endcomponente %}'
    )
    finito = _resa(
        '{% componente "avanzamento" id="a" url="/a/" stato="riuscito" titolo="T" %}{% endcomponente %}'
    )

    assert in_corso.select_one("#a")["hx-get"] == "/a/"
    assert in_corso.select_one("progress")["value"] == "40"
    assert not finito.select_one("#a").has_attr("hx-get")
    assert finito.select_one("#a")["data-annuncio"] == "T"
    assert finito.select("progress") == []


def test_le_pagine_di_un_elenco_conservano_i_filtri():
    pagina = Paginator(range(240), 20).page(2)
    resa = _resa(
        '{% componente "paginazione" pagina=p singolare="scheda" plurale="schede" %}{% endcomponente %}',
        p=pagina,
    )

    assert _parole(resa.select_one("p")) == "Pagina 2 di 12, 240 schede"
    assert resa.select_one("[aria-current=page]").get_text(strip=True) == "Pagina2"
    assert resa.select("a")[-1]["href"] == "?nodo=asti&pagina=3"


def test_un_elenco_di_una_pagina_sola_non_ha_pagine():
    pagina = Paginator(range(3), 20).page(1)

    assert (
        _parole(_resa('{% componente "paginazione" pagina=p %}{% endcomponente %}', p=pagina))
        == ""
    )


def test_i_filtri_lavorano_anche_senza_javascript():
    modulo = _resa('{% componente "barra_filtri" url="/enti/" %}x{% endcomponente %}').form

    assert modulo["method"] == "get"
    assert modulo["action"] == "/enti/"
    assert modulo.select_one("button[type=submit]")
    assert not modulo.has_attr("hx-get")


def test_i_filtri_dicono_quanti_ce_ne_sono_e_se_ce_ne_sono_stanno_aperti():
    def resa(attivi: int):
        return _resa(
            '{% componente "barra_filtri" url="/enti/" attivi=n %}x{% endcomponente %}', n=attivi
        ).details

    assert not resa(0).has_attr("open")
    assert _parole(resa(0).summary) == "Filtri"
    assert resa(2).has_attr("open")
    assert "2 in uso" in _parole(resa(2).summary)


def test_un_icona_e_taciuta_se_non_ha_titolo():
    resa = Template(
        '{% load componenti %}{% icona "it-user" %}{% icona "it-user" titolo="Persona" %}'
    ).render(Context())
    muta, detta = BeautifulSoup(resa, "html.parser").select("svg")

    assert muta["aria-hidden"] == "true"
    assert (detta["role"], detta["aria-label"]) == ("img", "Persona")
    assert muta.select_one("use")["href"].endswith("registro/icone.svg#it-user")


def test_la_tabella_che_scorre_si_raggiunge_da_tastiera():
    resa = _resa('{% componente "tabella" didascalia="Invii" forma="scorre" %}{% endcomponente %}')

    cornice = resa.select_one(".tabella-cornice")
    assert (cornice["role"], cornice["tabindex"], cornice["aria-label"]) == (
        "region",
        "0",
        "Invii",
    )
