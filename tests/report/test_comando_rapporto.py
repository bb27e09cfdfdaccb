"""Le cifre e il PDF di un'edizione da riga di comando."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registro.comune.stampa.motore import Stampato
from report.management.commands import rapporto as comando
from tests.report.cartelle_di_prova import (
    ALTRA_RETE,
    PROGETTO_DELL_ALTRA,
    conteggio,
    copia_di,
    modifica,
)


pytestmark = pytest.mark.django_db


def chiedi(*argomenti: str) -> str:
    uscita = StringIO()
    call_command("rapporto", *argomenti, stdout=uscita)
    return uscita.getvalue()


@pytest.fixture
def due_edizioni(tmp_path):
    """L'altra rete, con un'edizione corretta dopo la prima."""
    cartella = copia_di(ALTRA_RETE, tmp_path / "rete")
    call_command("carica_quadrante", str(cartella), progetto=PROGETTO_DELL_ALTRA, verbosity=0)
    modifica(
        cartella,
        "schede.yaml",
        lambda dati: conteggio(dati, "rovere", "visitati").update(valore=50),
    )
    call_command("carica_quadrante", str(cartella), progetto=PROGETTO_DELL_ALTRA, verbosity=0)


def _persone(uscita: str) -> tuple[int, int]:
    dati = json.loads(uscita)
    return dati["edizione"], dati["cifre"][0]["valore"]


def test_senza_dire_quale_esce_l_ultima_edizione(due_edizioni):
    assert _persone(chiedi(PROGETTO_DELL_ALTRA, "--json")) == (2, 59)


def test_un_edizione_vecchia_si_chiede_per_numero(due_edizioni):
    assert _persone(chiedi(PROGETTO_DELL_ALTRA, "--json", "--edizione", "1")) == (1, 49)


def test_un_edizione_che_non_c_e_si_dice(due_edizioni):
    with pytest.raises(CommandError, match="non ha l'edizione 7: l'ultima è la 2"):
        chiedi(PROGETTO_DELL_ALTRA, "--json", "--edizione", "7")


def test_un_progetto_ignoto_si_dice_e_si_dicono_gli_altri(due_edizioni):
    with pytest.raises(CommandError) as errore:
        chiedi("altrove", "--json")

    assert str(errore.value) == (
        f"Il progetto «altrove» non ha edizioni pubblicate. Ne hanno: {PROGETTO_DELL_ALTRA}."
    )
    assert errore.value.returncode == 1


def test_a_base_di_dati_vuota_si_dice():
    with pytest.raises(CommandError, match="Nessun progetto ne ha"):
        chiedi("quadrante-alat", "--json")


def test_bisogna_dire_che_cosa_si_vuole():
    with pytest.raises(CommandError, match="--json per le cifre, --pdf FILE"):
        chiedi("quadrante-alat")


def test_il_pdf_si_scrive_intero(due_edizioni, tmp_path, monkeypatch):
    monkeypatch.setattr(comando, "pdf_del_rapporto", lambda contenuto: Stampato(b"%PDF-1.7", 31))
    file = tmp_path / "rapporto.pdf"

    detto = chiedi(PROGETTO_DELL_ALTRA, "--pdf", str(file))

    assert "31 pagine" in detto
    assert file.read_bytes() == b"%PDF-1.7"
    assert list(tmp_path.glob(".*")) == []


def test_un_disco_che_cede_non_lascia_un_pdf_a_meta(due_edizioni, tmp_path, monkeypatch):
    monkeypatch.setattr(comando, "pdf_del_rapporto", lambda contenuto: Stampato(b"%PDF-nuovo", 1))

    def disco_pieno(descrittore):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(comando.os, "fsync", disco_pieno)
    file = tmp_path / "rapporto.pdf"
    file.write_bytes(b"%PDF-vecchio")

    with pytest.raises(CommandError, match="Nessun file è rimasto a metà"):
        chiedi(PROGETTO_DELL_ALTRA, "--pdf", str(file))

    assert file.read_bytes() == b"%PDF-vecchio"
    assert list(tmp_path.glob(".*")) == []


def test_una_cartella_che_non_c_e_si_dice(due_edizioni, tmp_path, monkeypatch):
    monkeypatch.setattr(comando, "pdf_del_rapporto", lambda contenuto: Stampato(b"%PDF", 1))

    with pytest.raises(CommandError, match="non si può scrivere"):
        chiedi(PROGETTO_DELL_ALTRA, "--pdf", str(tmp_path / "manca" / "rapporto.pdf"))
