"""Dal nome scritto da una persona al campo: si propone ciò che è chiaro, il resto si lascia."""

import pytest

from registro.comune.fogli.colonne import SICURA, Accoppiata, Campo, accoppia, chiave


CAMPI = [
    Campo("codice_fiscale", ("codice fiscale", "cf")),
    Campo("cognome", ()),
    Campo("nome", ()),
    Campo("data_nascita", ("data di nascita", "nato il")),
    Campo("data", ("data prestazione", "giorno")),
    Campo("durata", ("ore", "durata")),
    Campo("servizio", ("tipo di servizio", "prestazione")),
]


@pytest.mark.parametrize(
    ("scritta", "campo"),
    [
        ("Codice Fiscale", "codice_fiscale"),
        ("Cod. Fisc.", "codice_fiscale"),
        ("COD.FISC.", "codice_fiscale"),
        ("C.F.", "codice_fiscale"),
        ("c. f.", "codice_fiscale"),
        ("CodiceFiscale", "codice_fiscale"),
        ("codice_fiscale", "codice_fiscale"),
        ("Data nasc.", "data_nascita"),
        ("Data nascita (gg/mm/aaaa)", "data_nascita"),
        ("Nascita data", "data_nascita"),
        ("n. ore", "durata"),
        ("N° ore", "durata"),
        ("Congome", "cognome"),
        ("Servizi", "servizio"),
        ("Beneficiario Cognome", "cognome"),
        ("DATA", "data"),
    ],
)
def test_un_nome_di_colonna_si_riconosce(scritta, campo):
    assert [accoppiata.campo for accoppiata in accoppia([scritta], CAMPI)] == [campo]


@pytest.mark.parametrize("scritta", ["", "Note", "Telefono", "colonna D", "???", "Data inizio"])
def test_un_nome_che_non_somiglia_a_niente_resta_fuori(scritta):
    assert accoppia([scritta], CAMPI) == ()


def test_due_campi_non_prendono_mai_la_stessa_colonna_ne_due_colonne_lo_stesso_campo():
    proposte = accoppia(["Cognome", "COGNOME ", "Nome", "Data", "Data nascita"], CAMPI)

    assert proposte == (
        Accoppiata(0, "cognome", SICURA),
        Accoppiata(2, "nome", SICURA),
        Accoppiata(3, "data", SICURA),
        Accoppiata(4, "data_nascita", SICURA),
    )


def test_un_nome_uguale_vince_su_uno_che_somiglia():
    proposte = accoppia(["Operatore Cognome", "Cognome"], CAMPI)

    assert proposte == (Accoppiata(1, "cognome", SICURA),)


def test_la_chiave_non_bada_a_segni_parentesi_e_accenti():
    assert chiave(" Qualità  (1-5): ") == chiave("QUALITA'") == "qualita"
