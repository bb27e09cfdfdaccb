"""Le chiavi di cifratura: senza non si parte, nella dimostrazione nascono una volta sola."""

import json
import os
import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from registro.comune.chiavi import (
    ChiaviErrate,
    chiavi_nuove,
    leggi_chiave_di_firma,
    leggi_chiavi,
)
from registro.servizi import ambiente
from registro.servizi.cartella import CARTELLA_BASE, CartellaDati
from registro.servizi.chiavi import main


COME_VERA = {
    "DATABASE_URL": "postgres://nessuno@127.0.0.1:1/nessuno",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "REGISTRO_SECRET_KEY": "solo-per-questa-prova",
}


@pytest.mark.parametrize(
    ("chiavi", "frase"),
    [
        ({}, "Non c'è nessuna chiave."),
        ({"REGISTRO_CHIAVI": '{"cifratura": {}}'}, "deve avere queste voci"),
        ({"REGISTRO_CHIAVI_FILE": "non/esiste"}, "il file non si legge"),
    ],
)
def test_un_installazione_vera_senza_chiavi_buone_non_parte(python, chiavi, frase):
    esito = python("-c", "import registro.wsgi", **COME_VERA, **chiavi)

    ultima = esito.stderr.strip().splitlines()[-1]
    assert esito.returncode != 0
    assert "REGISTRO_CHIAVI" in ultima
    assert frase in ultima
    assert "docs/esercizio.md" in ultima


def test_un_installazione_vera_legge_le_chiavi_da_un_file(python, tmp_path):
    file = tmp_path / "chiavi"
    file.write_text(chiavi_nuove())

    esito = python(
        "-c",
        "import registro.wsgi; from django.conf import settings; print(settings.CHIAVE_CORRENTE)",
        REGISTRO_CHIAVI_FILE=str(file),
        **COME_VERA,
    )

    assert esito.stdout.strip() == "1", esito.stderr


def test_le_chiavi_della_dimostrazione_nascono_una_volta_in_un_file_riservato(cartella):
    dati = CartellaDati.apri(cartella)

    with ThreadPoolExecutor(8) as insieme:
        letti = set(insieme.map(lambda _: dati.chiavi.read_text(), range(8)))

    assert len(letti) == 1
    assert leggi_chiavi(letti.pop()).corrente == 1
    assert stat.S_IMODE(dati.chiavi.stat().st_mode) == 0o600


def test_chi_porta_le_sue_chiavi_non_ne_riceve_altre(server, monkeypatch):
    monkeypatch.delenv("REGISTRO_CHIAVI_FILE", raising=False)
    monkeypatch.setenv("REGISTRO_CHIAVI", "mie")

    assert "REGISTRO_CHIAVI_FILE" not in ambiente.variabili(server)

    monkeypatch.delenv("REGISTRO_CHIAVI")

    assert ambiente.variabili(server)["REGISTRO_CHIAVI_FILE"] == str(server.cartella.chiavi)


def test_il_comando_fa_chiavi_nuove_e_ne_aggiunge_una(capsys, tmp_path):
    file = tmp_path / "chiavi"

    assert main([]) == 0
    file.write_text(capsys.readouterr().out)
    assert main(["--aggiungi", str(file)]) == 0

    aggiunte = leggi_chiavi(capsys.readouterr().out)
    assert set(aggiunte.cifratura) == {1, 2}
    assert aggiunte.indice == leggi_chiavi(file.read_text()).indice


@pytest.mark.parametrize(
    ("contenuto", "frase"), [(None, "non si legge"), ("{}", "Il file è rimasto com'era")]
)
def test_il_comando_dice_perche_non_puo(capsys, tmp_path, contenuto, frase):
    file = tmp_path / "chiavi"
    if contenuto is not None:
        file.write_text(contenuto)

    assert main(["--aggiungi", str(file)]) == 1

    uscita = capsys.readouterr()
    assert frase in uscita.err
    assert uscita.out == ""


def test_i_segreti_di_docker_comprendono_chiavi_buone(tmp_path):
    copia = tmp_path / "produzione" / "segreti.sh"
    copia.parent.mkdir()
    copia.write_text((CARTELLA_BASE / "produzione" / "segreti.sh").read_text())

    for _ in range(2):
        subprocess.run(["sh", str(copia)], check=True, capture_output=True, env=os.environ)
        scritte = (tmp_path / "segreti" / "chiavi_cifratura").read_text()

    assert leggi_chiavi(scritte).corrente == 1
    assert json.loads(scritte)["indice"] != json.loads(scritte)["rete"]


def test_una_chiave_di_firma_si_fa_e_si_rilegge(capsys):
    """La chiave che firma le testate dei registri: ogni volta un'altra, e buona da usare."""
    assert main(["--firma"]) == main(["--firma"]) == 0

    una, due = capsys.readouterr().out.split()
    assert una != due
    assert len(leggi_chiave_di_firma(una)) == 32
    assert leggi_chiave_di_firma("") is None
    with pytest.raises(ChiaviErrate, match="firma"):
        leggi_chiave_di_firma("non-è-una-chiave")
