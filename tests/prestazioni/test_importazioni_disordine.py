"""I fogli in disordine e quelli ostili, dal comando: che cosa entra, e che cosa si dice del resto."""

import datetime

import pytest

from beneficiari.models import Beneficiario, Recapito
from enti.permessi import Ruolo
from prestazioni.models import Importazione, Prestazione
from tests.comune.fogli import disordine, ostili
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import come
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.importazioni import importa, motivi, seguita


pytestmark = pytest.mark.django_db


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def ascolto(referente):
    return ServizioFactory(ente=referente.ente, nome="Ascolto")


@pytest.mark.parametrize(
    ("fatto_cosi", "persone"),
    [
        (disordine.due_righe_di_nomi, ["Abate Lina", "Brusa Omar"]),
        (disordine.gruppi_senza_unioni, ["Abate Lina", "Brusa Omar"]),
        (disordine.idem_e_celle_unite, ["Abate", "Brusa", "Conti"]),
        (disordine.colonne_righe_e_fogli_nascosti, ["Abate", "Brusa"]),
        (disordine.csv_di_windows, ["D’Amè", "Perù"]),
        (disordine.csv_dei_vecchi_mac, ["D’Amè", "Perù"]),
        (disordine.csv_in_utf16, ["D’Amè", "Şahin"]),
        (disordine.csv_latino_con_euro, ["D'Amè", "Perù"]),
        (disordine.spazi_e_colonne_vuote, ["Abate Lina", "Brusa Omar", "Conti Ada"]),
        (disordine.un_foglio_per_mese, ["Abate Lina", "Brusa Omar"]),
        (disordine.formule, ["Abate", "Brusa", "Conti", "Dotti"]),
    ],
    ids=lambda voce: getattr(voce, "__name__", ""),
)
def test_le_persone_di_un_foglio_in_disordine_entrano(tmp_path, referente, fatto_cosi, persone):
    codice, esito = importa(
        tmp_path, fatto_cosi(), referente, "--doppioni", "salta", tipo="persone"
    )

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        trovate = [persona.come_si_chiama for persona in Beneficiario.objects.per_nome()]
    assert trovate == persone


@pytest.mark.parametrize(
    ("fatto_cosi", "minuti"),
    [
        (disordine.titoli_uniti_e_totali, [90, 120]),
        (disordine.stampato_a_pagine, [60, 120]),
        (disordine.legenda_e_dati, [None]),
    ],
    ids=lambda voce: getattr(voce, "__name__", ""),
)
def test_le_prestazioni_di_un_foglio_in_disordine_entrano(
    tmp_path, referente, ascolto, fatto_cosi, minuti
):
    for cognome, nome in (("Abate", "Lina"), ("Brusa", "Omar"), ("Totino", "Tito")):
        seguita(referente.ente, cognome, nome)
    scelte = ["--servizio", "ascolto", "--nomi-unici"]

    codice, esito = importa(tmp_path, fatto_cosi(), referente, *scelte)

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert [p.minuti for p in Prestazione.objects.order_by("giorno")] == minuti


def test_le_righe_con_una_cella_sola_fermano_il_foglio_e_le_non_lette_si_dicono(
    tmp_path, referente, ascolto, capsys
):
    for cognome, nome in (("Abate", "Lina"), ("Somma", "Anna"), ("Brusa", "Omar")):
        seguita(referente.ente, cognome, nome)
    seguita(referente.ente, "Conti", "Ada")
    seguita(referente.ente, "Dotti", "Eva")
    scelte = ["--servizio", "Ascolto", "--nomi-unici"]

    codice, esito = importa(tmp_path, disordine.cognomi_che_sembrano_totali(), referente, *scelte)

    assert (codice, esito["lette"], list(motivi(esito))) == (1, 6, [4, 5])
    assert "cella sola" in motivi(esito)[5]
    non_lette = [riga for riga in capsys.readouterr().err.splitlines() if "non letta" in riga]
    assert [riga.partition(" non letta: ")[0] for riga in non_lette] == [
        "Riga 7",
        "Riga 9",
        "Riga 11",
    ]
    assert non_lette[1] == "Riga 9 non letta: è un totale («Somma ore»)."


def test_un_blocco_unito_da_le_righe_alla_sua_persona_e_non_a_quella_di_prima(
    tmp_path, referente, ascolto
):
    for cognome, nome in (("Abate", "Lina"), ("Brusa", "Omar")):
        seguita(referente.ente, cognome, nome)

    codice, esito = importa(
        tmp_path, disordine.nome_unito_sopra_le_sue_righe(), referente, "--nomi-unici"
    )

    assert (codice, list(motivi(esito))) == (1, [4])
    assert "cella sola" in motivi(esito)[4]


def test_ogni_data_scritta_a_mano_si_capisce_o_si_dice(tmp_path, referente, ascolto):
    seguita(referente.ente, "Abate", "Lina")

    codice, esito = importa(
        tmp_path, disordine.date_di_ogni_specie(), referente, "--servizio", "Ascolto"
    )

    perche = motivi(esito)
    # Il solo cognome non basta a sapere chi è: si rifiutano tutte, e tre anche per la data.
    assert (codice, esito["lette"], esito["valide"]) == (1, 11, 0)
    assert [riga for riga, frase in sorted(perche.items()) if "Data:" in frase] == [10, 11, 12]
    assert "non dice il giorno" in perche[10]
    assert "il mese 13 non esiste" in perche[12]


def test_ogni_durata_scritta_a_mano_si_capisce(tmp_path, referente, ascolto):
    seguita(referente.ente, "Abate", "Lina")
    scritte = ["1h30", "1:30", "90'", "90 min", "un'ora e mezza", "1,5 h"]
    righe = [["Persona", "Data", "Durata"]]
    righe += [["Abate Lina", datetime.date(2026, 2, n), t] for n, t in enumerate(scritte, 1)]

    codice, esito = importa(
        tmp_path, foglio(righe), referente, "--servizio", "Ascolto", "--nomi-unici"
    )

    assert (codice, esito["rifiutate"]) == (0, [])
    with come(referente):
        assert {p.minuti for p in Prestazione.objects.all()} == {90}


def test_una_durata_senza_unita_si_chiede(tmp_path, referente, ascolto):
    seguita(referente.ente, "Abate", "Lina")
    righe = [["Persona", "Data", "Durata"], ["Abate Lina", datetime.date(2026, 2, 1), 2]]
    scelte = ["--servizio", "Ascolto", "--nomi-unici"]

    _, senza = importa(tmp_path, foglio(righe), referente, *scelte)
    codice, _ = importa(tmp_path, foglio(righe), referente, *scelte, "--unita", "ore")

    assert "non si sa se sono ore o minuti" in motivi(senza)[2]
    assert codice == 0


def test_un_idem_senza_niente_sopra_e_i_soli_cognomi_si_rifiutano(tmp_path, referente, ascolto):
    seguita(referente.ente, "Rossi", "Ada")

    _, idem = importa(tmp_path, disordine.idem_senza_niente_sopra(), referente, tipo="persone")
    _, cognomi = importa(tmp_path, disordine.piu_persone_in_una_cella(), referente, "--prova")

    assert "Comune: La cella non ha un valore" in motivi(idem)[2]
    assert "«Rossi» somiglia" in motivi(cognomi)[2]
    assert "«Bianchi» non è fra le persone" in motivi(cognomi)[2]


def test_cio_che_e_nascosto_si_legge_e_lo_si_dice(tmp_path, referente, capsys):
    importa(tmp_path, disordine.colonne_righe_e_fogli_nascosti(), referente, tipo="persone")

    with come(referente):
        assert {r.valore for r in Recapito.objects.all()} == {"0131 1", "0131 2"}


def test_un_foglio_senza_le_colonne_che_servono_dice_quali(tmp_path, referente):
    codice, esito = importa(tmp_path, disordine.ore_di_ogni_specie(), referente)

    assert (codice, esito["lette"]) == (1, 0)
    assert "Nessuna colonna dice «Data»" in motivi(esito)[None]


@pytest.mark.parametrize(
    "ostile",
    [
        *(ostili.cella_lontana, ostili.bomba_zip, ostili.risata, ostili.entita_esterna),
        *(ostili.troppe_colonne, ostili.zip_troncato, ostili.virgoletta_mai_chiusa),
    ],
    ids=lambda voce: voce.__name__,
)
def test_un_foglio_ostile_si_rifiuta_con_una_frase(tmp_path, referente, ostile):
    codice, esito = importa(tmp_path, ostile(), referente)

    assert (codice, esito["importazione"]) == (1, None)
    assert motivi(esito)[None]
    with come(referente):
        assert not Importazione.objects.exists()


@pytest.mark.parametrize("contenuto", [b"", b"%PDF-1.7 ...", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_cio_che_non_e_un_foglio_si_rifiuta(tmp_path, referente, contenuto):
    codice, esito = importa(tmp_path, contenuto, referente)

    assert codice == 1
    assert motivi(esito)[None]


def test_una_formula_scritta_nel_foglio_resta_un_testo(tmp_path, referente):
    righe = [["Cognome", "Nome", "Comune"], ["Abate", "Lina", "=HYPERLINK(1)"]]

    codice, _ = importa(tmp_path, foglio(righe), referente, tipo="persone")

    assert codice == 0
    with come(referente):
        assert Beneficiario.objects.get().comune == "=HYPERLINK(1)"
