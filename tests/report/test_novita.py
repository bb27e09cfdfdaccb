"""Che cosa cambia da un'edizione all'altra, detto con le cifre."""

from dataclasses import replace

import pytest

from report.contenuto import CifraContenuto, Contenuto
from report.novita import che_cosa_cambia
from tests.report.fabbrica_contenuto import contenuto_quadrante


@pytest.fixture(scope="module")
def prima() -> Contenuto:
    return contenuto_quadrante()


def con_cifra(contenuto: Contenuto, slug: str, **campi) -> Contenuto:
    def cambiata(cifra: CifraContenuto) -> CifraContenuto:
        return replace(cifra, **campi) if cifra.slug == slug else cifra

    return replace(contenuto, cifre=tuple(cambiata(c) for c in contenuto.cifre))


def test_due_edizioni_uguali_non_hanno_novita(prima):
    assert che_cosa_cambia(prima, prima) == ""


def test_una_cifra_cambiata_dice_da_quanto_a_quanto(prima):
    dopo = con_cifra(prima, "individui-asti", valore=1169)

    assert che_cosa_cambia(prima, dopo) == "individui-asti: da 159 a 1.169."


def test_un_approssimazione_persa_si_dice(prima):
    dopo = con_cifra(prima, "individui-aree-interne", valore=560, approssimazione=None)

    assert che_cosa_cambia(prima, dopo) == "individui-aree-interne: da circa 558 a 560."


def test_una_cifra_non_piu_detta_non_e_zero(prima):
    dopo = con_cifra(prima, "enti-asti", valore=None)

    assert che_cosa_cambia(prima, dopo) == "enti-asti: da 55 a non indicato."


def test_un_numero_stampato_corretto_si_dice(prima):
    dopo = con_cifra(prima, "enti-asti", pubblicato=56)

    assert che_cosa_cambia(prima, dopo) == "enti-asti, già stampata: da 55 a 56."


def test_cifre_entrate_e_uscite_si_nominano(prima):
    nuova = replace(prima.cifre[0], slug="nuova", valore=3, approssimazione=None)
    dopo = replace(prima, cifre=(*prima.cifre[1:], nuova))

    assert che_cosa_cambia(prima, dopo) == ("nuova: nuova, 3; individui-totale: non c'è più.")


def test_schede_entrate_uscite_e_cambiate_si_nominano(prima):
    uscita, cambiata, *altre = prima.schede
    entrata = replace(uscita, slug="entrata", titolo="Scheda entrata")
    dopo = replace(prima, schede=(replace(cambiata, criticita=()), *altre, entrata))

    assert che_cosa_cambia(prima, dopo) == (
        "Schede nuove: Scheda entrata. Schede tolte: Co.Al.A. lavoro."
        " Schede cambiate: Idea Agenzia per il Lavoro e Marcondiro."
    )


def test_testi_e_rete_cambiati_si_dicono(prima):
    dopo = replace(prima, blocchi=replace(prima.blocchi, criticita=()), legami=())

    assert che_cosa_cambia(prima, dopo) == (
        "Cambiano i testi o le attività degli assi. Cambiano i nodi, gli enti o i loro legami."
    )
