"""Il comando `importa`: che cosa stampa e dove, con che codice esce, che cosa rifiuta di fare."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from xlsxwriter.workbook import Workbook

from enti.permessi import Ruolo
from prestazioni.management.commands.importa import Command
from prestazioni.models import Prestazione
from tests.comune.fogli.archivi import libro, riempi
from tests.fabbriche import attore
from tests.fabbriche_persone import come
from tests.fabbriche_prestazioni import ServizioFactory
from tests.prestazioni.importazioni import LINA, NOMI, in_csv, seguita


pytestmark = pytest.mark.django_db

BUONA = in_csv((*LINA, "3/2/2026", "Ascolto", "60'"))


@pytest.fixture
def referente():
    chi = attore(Ruolo.REFERENTE)
    seguita(chi.ente, "Abate", "Lina")
    ServizioFactory(ente=chi.ente, nome="Ascolto")
    return chi


@pytest.fixture
def comanda(tmp_path, referente):
    """Lancia il comando su un foglio di prestazioni: codice, ciò che stampa, ciò che avvisa."""

    def _comanda(contenuto: bytes, *opzioni: str) -> tuple[int, str, str]:
        percorso = tmp_path / "foglio"
        percorso.write_bytes(contenuto)
        chi = ["--ente", referente.ente.slug, "--utente", referente.utente.email]
        uscita, avvisi, codice = StringIO(), StringIO(), 0
        argomenti = ["prestazioni", str(percorso), *chi, *opzioni]
        try:
            call_command("importa", *argomenti, stdout=uscita, stderr=avvisi)
        except CommandError as errore:
            codice = errore.returncode
            avvisi.write(str(errore))
        return codice, uscita.getvalue(), avvisi.getvalue()

    return _comanda


def _tre_mesi() -> bytes:
    """La stessa tabella su tre fogli; su gennaio, il più lungo, una riga nascosta e il totale."""
    mesi = {
        "Gennaio": [["7/1/2026"], ["8/1/2026"]],
        "Febbraio": [["3/2/2026"]],
        "Marzo": [["3/3/2026"]],
    }

    def scrivi(aperto: Workbook) -> None:
        for mese, giorni in mesi.items():
            pagina = aperto.add_worksheet(mese)
            dati = [[*LINA, *giorno, "Ascolto", "1h"] for giorno in giorni]
            riempi(aperto, pagina, [NOMI, *dati])
            if mese == "Gennaio":
                pagina.set_row(2, None, None, {"hidden": True})
                pagina.write_row("A4", ["Totale", None, None, None, None, 2])

    return libro(scrivi)


def test_col_json_gli_altri_fogli_non_letti_si_dicono_sull_altra_uscita(comanda):
    codice, uscita, avvisi = comanda(_tre_mesi(), "--prova", "--json")

    assert (codice, json.loads(uscita)["lette"]) == (0, 2)
    assert avvisi.splitlines() == [
        "Attenzione: Il foglio ha righe nascoste (1): si leggono anche quelle.",
        "Attenzione: Nel file ci sono altri fogli con le stesse colonne (Febbraio, Marzo): se ne"
        " importa uno alla volta.",
        "Attenzione: righe che non sono dati e non si leggono: 1.",
        "Riga 4 non letta: è un totale («Totale»).",
    ]


def test_col_json_si_dice_anche_che_il_file_era_gia_caricato(comanda):
    comanda(BUONA)

    codice, uscita, avvisi = comanda(BUONA, "--doppioni", "carica", "--prova", "--json")

    assert (codice, json.loads(uscita)["valide"]) == (0, 1)
    assert "questo file è già stato caricato il" in avvisi


def test_in_parole_gli_avvisi_stanno_con_il_resto(comanda):
    _, uscita, avvisi = comanda(_tre_mesi(), "--prova")

    assert "Attenzione: Nel file ci sono altri fogli" in uscita
    assert "altri fogli" not in avvisi


@pytest.mark.parametrize(
    ("contenuto", "perche"),
    [
        (
            _tre_mesi(),
            "Nel file non c'è un foglio «Aprile»: ci sono «Gennaio», «Febbraio», «Marzo».",
        ),
        (
            BUONA,
            "Nel file non c'è un foglio «Aprile»: è un CSV, che ha un foglio solo e senza nome.",
        ),
    ],
    ids=["libro", "csv"],
)
def test_un_foglio_che_non_c_e_ferma_e_non_se_ne_carica_un_altro(
    comanda, referente, contenuto, perche
):
    codice, uscita, _ = comanda(contenuto, "--foglio", "Aprile", "--json")

    assert codice == 1
    assert json.loads(uscita)["rifiutate"] == [{"riga": None, "colonna": None, "motivo": perche}]
    with come(referente):
        assert not Prestazione.objects.exists()


def test_di_piu_fogli_si_legge_quello_chiesto(comanda):
    codice, uscita, _ = comanda(_tre_mesi(), "--foglio", "Marzo", "--prova", "--json")

    assert (codice, json.loads(uscita)["lette"]) == (0, 1)


@pytest.mark.parametrize(
    ("contenuto", "codice"),
    [(_tre_mesi(), 0), (in_csv((*LINA, "boh", "Ascolto", "60'")), 1), (b"%PDF-1.7", 1)],
    ids=["caricato", "una riga rifiutata", "il file rifiutato"],
)
def test_il_json_ha_sempre_le_stesse_quattro_voci(comanda, contenuto, codice):
    uscito, uscita, _ = comanda(contenuto, "--json")

    esito = json.loads(uscita)
    assert (uscito, list(esito)) == (codice, ["lette", "valide", "rifiutate", "importazione"])
    assert all(list(voce) == ["riga", "colonna", "motivo"] for voce in esito["rifiutate"])
    assert bool(esito["importazione"]) is not bool(esito["rifiutate"])


@pytest.mark.parametrize(
    ("mappa", "perche"),
    [
        (
            "A=cognome,B=cognome",
            "--colonne: due colonne dicono la stessa cosa, «A» e «B» (cognome): scegline una.",
        ),
        ("A=cognome,A=nome", "--colonne: «A» c'è due volte: scegline una."),
        ('{"A": "cognome", "A": "nome"}', "--colonne: «A» c'è due volte: scegline una."),
    ],
)
def test_due_colonne_che_dicono_la_stessa_cosa_si_rifiutano_come_nella_pagina(
    comanda, mappa, perche
):
    codice, uscita, _ = comanda(BUONA, "--colonne", mappa, "--json")

    assert (codice, json.loads(uscita)["rifiutate"][0]["motivo"]) == (1, perche)


def test_una_colonna_nominata_con_la_lettera_e_col_nome_si_rifiuta(comanda):
    codice, uscita, _ = comanda(BUONA, "--colonne", "A=nome,cognome=cognome", "--json")

    assert (codice, json.loads(uscita)["rifiutate"][0]["motivo"]) == (
        1,
        "«A» e «cognome» sono la stessa colonna: nominala una volta sola.",
    )


def test_un_intestazione_di_due_colonne_si_nomina_con_la_lettera(comanda):
    doppia = b"Cognome;Nome;Data;Servizio;Ore;Ore\nNeri;Lina;3/3/2026;Ascolto;1;2\n"

    codice, uscita, _ = comanda(doppia, "--colonne", "ore=durata", "--json")

    assert (codice, json.loads(uscita)["rifiutate"][0]["motivo"]) == (
        1,
        "«ore» è l'intestazione di più colonne (E, F): nomina quella giusta con la sua lettera.",
    )


def test_piu_colonne_si_possono_lasciare_fuori(comanda):
    codice, uscita, _ = comanda(BUONA, "--colonne", "E=,F=", "--servizio", "Ascolto", "--json")

    assert (codice, json.loads(uscita)["valide"]) == (0, 1)


def test_un_file_che_non_c_e_si_dice_in_italiano(tmp_path, referente):
    chi = ["--ente", referente.ente.slug, "--utente", referente.utente.email]
    manca = tmp_path / "manca.xlsx"

    with pytest.raises(CommandError) as errore:
        call_command("importa", "prestazioni", str(manca), *chi)
    with pytest.raises(CommandError) as cartella:
        call_command("importa", "prestazioni", str(tmp_path), *chi)

    assert (str(errore.value), errore.value.returncode) == (f"Il file «{manca}» non c'è.", 1)
    assert str(cartella.value) == f"«{tmp_path}» è una cartella: scrivi il nome del file."


@pytest.mark.parametrize(
    ("argomenti", "perche"),
    [
        ([], "Manca: tipo, file, --ente, --utente."),
        (["cose", "f"], "tipo: «cose» non va, si sceglie fra persone, prestazioni, casi, esiti."),
        (
            ["casi", "f", "--doppioni", "boh"],
            "--doppioni: «boh» non va, si sceglie fra rifiuta, salta, carica.",
        ),
        (["casi", "f", "--riga-intestazione", "x"], "--riga-intestazione: «x» non è un numero"),
        (["casi", "f", "--ente"], "--ente: manca il valore."),
        (["casi", "f", "--prova=si"], "--prova: non vuole un valore, e c'è «si»."),
        (["casi", "f", "--ente", "e", "--utente", "u", "--boh"], "Non si capisce «--boh»."),
        (["casi", "f", "--n"], "può essere più cose: --no-color, --nuove-persone, --nomi-unici"),
    ],
)
def test_un_comando_scritto_male_esce_con_due_e_dice_perche_in_italiano(capsys, argomenti, perche):
    comando = Command()

    with pytest.raises(SystemExit) as uscita:
        comando.run_from_argv(["manage.py", "importa", *argomenti, "--json"])

    detto = capsys.readouterr()
    assert uscita.value.code == 2
    assert perche in detto.err
    assert detto.err.rstrip().endswith("Come si usa: python manage.py importa --help")
    assert json.loads(detto.out)["rifiutate"][0]["motivo"] == detto.err.rstrip()
