"""Le copie: contengono tutto, non si leggono senza la chiave, non valgono finché non si rileggono."""

import os
import stat
import subprocess
from dataclasses import replace
from pathlib import Path

import psycopg
import pyrage
import pytest
from pyrage.x25519 import Identity

from registro.servizi.errori import ErroreServizi
from registro.servizi.salvataggio import copia, verifica
from registro.servizi.salvataggio.copia import (
    NonPortata,
    Scelte,
    porta_l_ultima,
    salva,
    una_per_volta,
)
from registro.servizi.salvataggio.programmi import accesso, leggi_da, programma
from registro.servizi.salvataggio.tenuta import copie


TESTO = "Rosso\tMària\\N\nsu più righe"
TABELLE = """
    CREATE TABLE persone (id serial PRIMARY KEY, ente int NOT NULL, nome text, foto bytea,
        lettere int GENERATED ALWAYS AS (length(nome)) STORED, nata timestamptz DEFAULT now());
    ALTER TABLE persone ENABLE ROW LEVEL SECURITY;
    ALTER TABLE persone FORCE ROW LEVEL SECURITY;
    CREATE POLICY dell_ente ON persone
        USING (ente = current_setting('registro.ente', true)::int);
    CREATE TABLE "Note di casa" (testo text)"""


@pytest.fixture
def piena(server):
    """Un database con righe di due enti dietro una policy, e una tabella dal nome scomodo."""
    with psycopg.connect(server.url_proprietario, autocommit=True) as proprietario:
        proprietario.execute(TABELLE)
        for ente in (1, 2):
            proprietario.execute("SELECT set_config('registro.ente', %s, false)", [str(ente)])
            for n in range(3):
                proprietario.execute(
                    "INSERT INTO persone (ente, nome, foto) VALUES (%s, %s, %s)",
                    [ente, f"{TESTO} {n}" if n else None, b"\x00\xff\\"],
                )
        proprietario.execute('INSERT INTO "Note di casa" VALUES (%s)', ["\\."])
        yield server
        proprietario.execute('DROP TABLE persone, "Note di casa"')


@pytest.fixture
def chiave() -> Identity:
    return Identity.generate()


@pytest.fixture
def scelte(piena, chiave, tmp_path) -> Scelte:
    documenti = tmp_path / "documenti"
    (documenti / "a").mkdir(parents=True)
    (documenti / "a" / "b.pdf").write_bytes(b"%PDF di prova")
    return Scelte(
        url=piena.url_salvataggio,
        documenti=documenti,
        cartella=tmp_path / "copie",
        destinatari=(chiave.to_public(),),
        seconda=tmp_path / "altrove",
    )


def _ieri(cartella: Path) -> Path:
    """Una copia di ieri, che nessun guaio di oggi deve toccare."""
    cartella.mkdir(exist_ok=True)
    percorso = cartella / "registro-20260101-020000.age"
    percorso.write_bytes(b"la copia di ieri")
    return percorso


def _solo(percorso: Path) -> bool:
    visibili = [p for p in percorso.parent.iterdir() if p.name != ".serratura"]
    return visibili == [percorso] and percorso.read_bytes() == b"la copia di ieri"


def test_una_copia_ha_ogni_riga_di_ogni_ente_e_i_documenti(scelte, chiave):
    """BCK-01: database e documenti in un file cifrato, e lo stesso file nella seconda cartella."""
    fatta = salva(scelte)

    manifesto = verifica.verifica(fatta.percorso, chiave)
    righe = {nome: voce["righe"] for nome, voce in manifesto["tabelle"].items()}
    assert righe == {"public.persone": 6, 'public."Note di casa"': 1}
    assert list(manifesto["documenti"]) == ["a/b.pdf"]
    altrove = scelte.seconda / fatta.percorso.name
    assert altrove.read_bytes() == fatta.percorso.read_bytes()
    for percorso in (fatta.percorso, altrove):
        assert stat.S_IMODE(percorso.stat().st_mode) == 0o600


def test_nella_copia_e_nel_suo_nome_non_si_legge_niente_di_nessuno(scelte):
    fatta = salva(scelte)

    contenuto = fatta.percorso.read_bytes()
    assert fatta.percorso.name.removeprefix("registro-")[:15].replace("-", "").isdigit()
    for parola in (b"Rosso", b"persone", b"manifesto", b"PDF"):
        assert parola not in contenuto


def test_cio_che_si_scrive_intanto_non_scombina_conti_e_dati(scelte, chiave, piena, monkeypatch):
    """I conti e il dump vengono dalla stessa istantanea."""

    def aggiunge_una_riga(comando, *, url):
        with psycopg.connect(piena.url_proprietario, autocommit=True) as altri:
            altri.execute("SET registro.ente = '1'")
            altri.execute("INSERT INTO persone (ente, nome) VALUES (1, 'appena arrivata')")
        yield from leggi_da(comando, url=url)

    monkeypatch.setattr(copia, "leggi_da", aggiunge_una_riga)

    fatta = salva(scelte)

    assert verifica.verifica(fatta.percorso, chiave)["tabelle"]["public.persone"]["righe"] == 6


def test_un_dump_fermato_dalle_policy_riesce_con_zero_righe_e_la_copia_no(
    scelte, piena, monkeypatch
):
    """BCK-03: il codice d'uscita di `pg_dump` è zero; a dire che manca tutto sono i conti."""
    ieri = _ieri(scelte.cartella)
    codici = []

    def da_chi_sta_sotto_le_policy(comando, *, url):
        sotto = [*comando, "--enable-row-security"]
        codici.append(
            subprocess.run(
                [*sotto, f"--dbname={piena.url_proprietario}"], capture_output=True, check=False
            ).returncode
        )
        yield from leggi_da(sotto, url=piena.url_proprietario)

    monkeypatch.setattr(copia, "leggi_da", da_chi_sta_sotto_le_policy)

    with pytest.raises(ErroreServizi, match=r"public\.persone: 0 righe invece di 6"):
        salva(scelte)

    assert codici == [0]
    assert _solo(ieri)


def test_chi_sta_sotto_le_policy_non_comincia_nemmeno(scelte, piena):
    """BCK-03: senza la scorciatoia, il proprietario riceve un errore e non una copia vuota."""
    ieri = _ieri(scelte.cartella)

    with pytest.raises(ErroreServizi, match="row-level security"):
        salva(replace(scelte, url=piena.url_proprietario))

    assert _solo(ieri)


@pytest.mark.parametrize(
    "guasto",
    [
        lambda byte: byte[: len(byte) // 2],
        lambda byte: byte[:-1],
        lambda byte: byte[:400] + bytes([byte[400] ^ 1]) + byte[401:],
        lambda byte: byte[:-40] + bytes([byte[-40] ^ 1]) + byte[-39:],
        lambda byte: byte + b"di troppo",
        lambda byte: b"",
    ],
    ids=["metà", "meno un byte", "un bit all'inizio", "un bit in fondo", "di più", "vuota"],
)
def test_una_copia_rovinata_si_riconosce(scelte, chiave, guasto):
    """BCK-04: tronca o alterata in un bit, la copia si rifiuta con una frase."""
    fatta = salva(scelte)
    fatta.percorso.write_bytes(guasto(fatta.percorso.read_bytes()))

    with pytest.raises(ErroreServizi, match="rovinata"):
        verifica.verifica(fatta.percorso, chiave)


def test_una_copia_che_si_rovina_scrivendola_non_prende_il_posto_di_quella_di_ieri(
    scelte, monkeypatch
):
    """BCK-04: il guasto del disco si vede rileggendo, prima di dare alla copia il suo nome."""
    ieri = _ieri(scelte.cartella)

    def disco_guasto(descrittore: int) -> None:
        os.pwrite(descrittore, b"\x00\x00\x00\x00", 600)

    monkeypatch.setattr(copia, "_su_disco", disco_guasto)

    with pytest.raises(ErroreServizi, match="rovinata"):
        salva(scelte)

    assert _solo(ieri)


def test_con_un_altra_chiave_la_copia_non_si_apre_e_lo_si_dice(scelte):
    """BCK-04: la chiave di un'altra installazione."""
    fatta = salva(scelte)

    with pytest.raises(ErroreServizi, match="chiave data non apre"):
        verifica.verifica(fatta.percorso, Identity.generate())


@pytest.mark.skipif(os.geteuid() != 0, reason="solo root monta un disco piccolo")
def test_a_disco_pieno_la_copia_fallisce_e_quella_di_ieri_resta(scelte, tmp_path):
    """BCK-04: un disco vero, di mezzo mega, e un documento di uno."""
    piccolo = tmp_path / "piccolo"
    piccolo.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", piccolo], check=True)
    try:
        ieri = _ieri(piccolo)
        (scelte.documenti / "grande").write_bytes(os.urandom(1 << 20))

        with pytest.raises(ErroreServizi, match="il disco è pieno"):
            salva(replace(scelte, cartella=piccolo))

        assert _solo(ieri)
    finally:
        subprocess.run(["umount", piccolo], check=True)


def test_se_la_seconda_cartella_non_si_scrive_la_prima_copia_c_e_e_lo_si_dice(scelte, tmp_path):
    occupata = tmp_path / "occupata"
    occupata.write_text("è un file, non una cartella")

    with pytest.raises(NonPortata, match=r"c'è ed è intera.*occupata"):
        salva(replace(scelte, seconda=occupata))

    assert len(copie(scelte.cartella)) == 1


def test_una_copia_non_portata_si_porta_dopo_senza_rifarla(scelte, tmp_path):
    """E intanto nella prima cartella le vecchie se ne vanno e l'elenco dei cancellati c'è."""
    elenco, altrove = tmp_path / "cancellati.csv", tmp_path / "altrove"
    elenco.write_text("uno,2026-01-01\n")
    altrove.write_text("è un file, non una cartella")
    scelte = replace(scelte, cancellati=elenco, seconda=altrove)
    scelte.cartella.mkdir()
    for giorno in range(1, 29):
        (scelte.cartella / f"registro-202501{giorno:02d}-020000.age").write_bytes(b"vecchia")
    with pytest.raises(NonPortata):
        salva(scelte)
    rimaste = copie(scelte.cartella)
    assert len(rimaste) <= 15
    assert (scelte.cartella / "cancellati.csv").exists()

    altrove.unlink()
    porta_l_ultima(scelte)
    porta_l_ultima(scelte)

    assert [p.name for _, p in copie(altrove)] == [rimaste[-1][1].name]
    assert (altrove / rimaste[-1][1].name).read_bytes() == rimaste[-1][1].read_bytes()
    assert (altrove / "cancellati.csv").exists()


def test_l_elenco_dei_cancellati_sta_accanto_alle_copie_e_non_si_accorcia(scelte, tmp_path):
    """BCK-05: su una macchina nuova l'elenco è vuoto; quello accanto alle copie ricorda tutti."""
    elenco = tmp_path / "cancellati.csv"
    elenco.write_text("uno,2026-01-01\n")
    con_elenco = replace(scelte, cancellati=elenco)
    salva(con_elenco)
    elenco.write_text("due,2026-02-01\n")

    salva(con_elenco)

    for cartella in (scelte.cartella, scelte.seconda):
        accanto = cartella / "cancellati.csv"
        assert accanto.read_text() == "uno,2026-01-01\ndue,2026-02-01\n"
        assert stat.S_IMODE(accanto.stat().st_mode) == 0o600


def test_due_copie_insieme_no_e_i_resti_di_un_arresto_si_tolgono(scelte):
    scelte.cartella.mkdir()
    resto = scelte.cartella / ".registro-20260101-020000.age.parziale"
    resto.write_bytes(b"a meta")

    with una_per_volta(scelte.cartella), pytest.raises(ErroreServizi, match="in corso"):
        salva(scelte)

    assert not resto.exists()
    assert salva(scelte).percorso.exists()


def test_il_file_si_apre_anche_coi_programmi_di_tutti(scelte, chiave, tmp_path):
    """Un tar dentro `age`: i pezzi in fila sono un file che `pg_restore` conosce."""
    fatta = salva(scelte)
    (tmp_path / "chiaro.tar").write_bytes(pyrage.decrypt(fatta.percorso.read_bytes(), [chiave]))
    subprocess.run(["tar", "-xf", "chiaro.tar"], cwd=tmp_path, check=True)
    pezzi = sorted((tmp_path / "banca").iterdir())
    (tmp_path / "banca.dump").write_bytes(b"".join(pezzo.read_bytes() for pezzo in pezzi))

    elenco = subprocess.run(
        [programma("pg_restore"), "--list", tmp_path / "banca.dump"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "TABLE DATA public persone" in elenco
    assert (tmp_path / "documenti" / "a" / "b.pdf").read_bytes() == b"%PDF di prova"


def test_le_password_non_passano_dalla_riga_di_comando(scelte, piena):
    riga, ambiente = accesso(scelte.url)

    segreto = piena.cartella.segreti["salvataggio"]
    assert segreto not in riga
    assert ambiente["PGPASSWORD"] == segreto
