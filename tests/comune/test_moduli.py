"""I moduli: etichette, aiuti ed errori legati ai campi, per chi vede e per chi ascolta."""

from datetime import date
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html


class SchedaForm(forms.Form):
    titolo = forms.CharField(label="Titolo", help_text="Breve.")
    persone = forms.IntegerField(label="Persone", required=False)
    assi = forms.MultipleChoiceField(
        label="Assi",
        choices=[("a", "Lavoro"), ("b", "Housing")],
        widget=forms.CheckboxSelectMultiple,
    )
    modo = forms.ChoiceField(
        label="Modo", choices=[("s", "In sede"), ("d", "A domicilio")], widget=forms.RadioSelect
    )
    nodo = forms.ChoiceField(label="Nodo", choices=[("", "Scegli"), ("at", "Asti")])
    riletto = forms.BooleanField(label="Ho riletto")
    versione = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("I numeri non tornano.")


class FiltriForm(forms.Form):
    cerca = forms.CharField(label="Cerca", required=False)


def _letto(form):
    return BeautifulSoup(str(form), "html.parser")


def test_ogni_campo_ha_un_etichetta_legata():
    pagina = _letto(SchedaForm())
    campi = pagina.select("input:not([type=hidden]), select, textarea")

    assert len(campi) == 8
    assert all(
        pagina.select_one(f"label[for={campo['id']}]").get_text(strip=True) for campo in campi
    )


def test_i_gruppi_hanno_un_titolo():
    pagina = _letto(SchedaForm())

    titoli = [legenda.get_text(strip=True) for legenda in pagina.select("fieldset > legend")]
    assert titoli == ["Assi", "Modo"]


def test_l_aiuto_e_l_errore_sono_detti_insieme_al_campo():
    pagina = _letto(SchedaForm({"persone": "3"}))
    campo = pagina.select_one("#id_titolo")

    descritto = campo["aria-describedby"].split()
    assert descritto == ["id_titolo_helptext", "id_titolo_error"]
    assert campo["aria-invalid"] == "true"
    assert "is-invalid" in campo["class"]
    assert "Breve." in pagina.select_one("#id_titolo_helptext").get_text()
    assert "Errore: Questo campo è obbligatorio." in " ".join(
        pagina.select_one("#id_titolo_error").get_text().split()
    )


def test_l_errore_di_un_gruppo_sta_sul_gruppo():
    gruppo = _letto(SchedaForm({})).select_one("fieldset:has(#id_modo_0)")

    assert gruppo["aria-describedby"] == "id_modo_error"
    assert gruppo.select_one("#id_modo_error")


def test_un_campo_giusto_non_e_segnato():
    campo = _letto(SchedaForm({"persone": "3"})).select_one("#id_persone")

    assert not campo.get("aria-invalid")
    assert "is-invalid" not in campo["class"]
    assert campo["value"] == "3"


def test_il_riepilogo_prende_il_fuoco_e_porta_a_ogni_campo():
    pagina = _letto(SchedaForm({}))
    riepilogo = pagina.select_one(".riepilogo-errori")

    assert riepilogo["role"] == "alert"
    assert riepilogo["tabindex"] == "-1"
    assert riepilogo.has_attr("autofocus")
    assert "I numeri non tornano." in riepilogo.get_text()
    assert "Quello che hai scritto è ancora qui" in riepilogo.get_text()
    ancore = [collegamento["href"] for collegamento in riepilogo.select("a")]
    assert ancore == ["#id_titolo", "#id_assi_0", "#id_modo_0", "#id_nodo", "#id_riletto"]
    assert all(pagina.select_one(ancora) for ancora in ancore)


@pytest.mark.parametrize(
    ("errori", "titolo"), [({"titolo": "x"}, "C'è una cosa da correggere"), ({}, "Ci sono 2 cose")]
)
def test_il_riepilogo_conta_le_cose_da_correggere(errori, titolo):
    class DueCampiForm(forms.Form):
        titolo = forms.CharField(label="Titolo")
        nodo = forms.CharField(label="Nodo")

    assert titolo in _letto(DueCampiForm(errori)).select_one(".riepilogo-errori").get_text()


def test_un_modulo_non_ancora_inviato_non_parla_di_errori():
    pagina = _letto(SchedaForm())

    assert pagina.select(".riepilogo-errori, .campo-errore, [aria-invalid]") == []


def test_dice_facoltativo_solo_dove_si_mescolano_campi_obbligatori_e_no():
    scheda = _letto(SchedaForm()).select(".campo-facoltativo")
    filtri = _letto(FiltriForm()).select(".campo-facoltativo")

    assert [segno.find_parent("label")["for"] for segno in scheda] == ["id_persone"]
    assert filtri == []


def test_un_campo_nascosto_resta_nascosto_e_senza_classi():
    campo = _letto(SchedaForm()).select_one("#id_versione")

    assert campo["type"] == "hidden"
    assert not campo.get("class")


def test_le_classi_scritte_nel_form_restano():
    class ConClasseForm(forms.Form):
        codice = forms.CharField(label="Codice", widget=forms.TextInput({"class": "codice"}))

    assert _letto(ConClasseForm()).select_one("#id_codice")["class"] == ["codice", "form-control"]


def test_un_insieme_di_moduli_usa_gli_stessi_campi():
    insieme = forms.formset_factory(FiltriForm, extra=2)()

    assert len(_letto(insieme).select(".campo > label.campo-etichetta")) == 2


SCELTE = [
    ("", "Tutte"),
    ("a&b", 'L\'ultima "voce"'),
    (1234, 2026),
    ("Gruppo «1»", [("x", "X"), ("y", "<i>")]),
]


@pytest.mark.parametrize(
    ("campo", "valore"),
    [
        (forms.TextInput({"class": "a b", "required": True, "x": False, "n": 1200}), 'ciao "<&'),
        (forms.TextInput(), None),
        (forms.NumberInput(), 1_234_567),
        (forms.DateInput({"type": "date"}, format="%Y-%m-%d"), date(2026, 1, 2)),
        (forms.HiddenInput(), Decimal("3.5")),
        (forms.CheckboxInput(), True),
        (forms.RadioSelect(choices=SCELTE), "x"),
        (forms.Select(choices=SCELTE), "a&b"),
        (forms.Select(choices=SCELTE), 1234),
        (forms.SelectMultiple(choices=SCELTE), ["x", ""]),
    ],
)
def test_i_campi_si_scrivono_come_li_scrive_django(campo, valore):
    attributi = {"id": "id_campo", "aria-invalid": "true"}
    nostro = campo.render("campo", valore, attributi)
    di_django = campo.render("campo", valore, attributi, DjangoTemplates())
    assert parse_html(nostro) == parse_html(di_django)
