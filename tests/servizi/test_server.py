"""Avvio e arresto dei server incorporati."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError

from registro.comune.chiavi import chiavi_nuove
from registro.servizi.ambiente import avvia_incorporati
from registro.servizi.cartella import CARTELLA_BASE, CartellaDati, rimuovi
from registro.servizi.errori import ErroreServizi
from registro.servizi.processi import si_apre, vivo
from tests.servizi.conftest import ambiente_pulito, entro, server_accesi


USA_I_SERVIZI = """
from registro.servizi.ambiente import servizi_pronti
with servizi_pronti():
    import os
    print(os.environ["DATABASE_URL"])
"""


def test_partono_rispondono_e_non_lasciano_niente_acceso(cartella):
    incorporati = avvia_incorporati(cartella, effimeri=True)
    porta = CartellaDati(cartella).porta_annotata("postgres")
    with psycopg.connect(incorporati.url_app) as connessione:
        assert connessione.info.server_version >= 180_000
    with Redis.from_url(incorporati.url_redis) as coda:
        assert coda.ping()

    incorporati.ferma()

    assert server_accesi(cartella) == []
    assert si_apre(porta)


def test_ripartono_sulle_stesse_porte_con_i_dati_di_prima(cartella):
    primi = avvia_incorporati(cartella)
    url = primi.url_proprietario
    with psycopg.connect(url) as connessione:
        connessione.execute("CREATE TABLE ricordo AS SELECT 7 AS valore")
    primi.ferma()

    secondi = avvia_incorporati(cartella)

    assert (primi.appena_nati, secondi.appena_nati) == (True, False)
    assert secondi.url_proprietario == url
    with psycopg.connect(url) as connessione:
        assert connessione.execute("SELECT valore FROM ricordo").fetchone() == (7,)
    secondi.ferma()


def test_un_secondo_processo_li_riusa_e_non_li_spegne(cartella, python):
    incorporati = avvia_incorporati(cartella, effimeri=True)

    altro = python("-c", USA_I_SERVIZI)

    assert altro.stdout.strip() == incorporati.url_app
    with psycopg.connect(incorporati.url_app) as connessione:
        assert connessione.execute("SELECT 1").fetchone() == (1,)
    incorporati.ferma()


def test_chi_li_accende_e_poi_finisce_li_lascia_a_chi_li_sta_usando(cartella):
    breve = avvia_incorporati(cartella, legati=False, effimeri=True)
    lungo = avvia_incorporati(cartella, effimeri=True)

    breve.ferma()

    with psycopg.connect(lungo.url_app) as connessione:
        assert connessione.execute("SELECT 1").fetchone() == (1,)
    lungo.ferma()
    assert [motore.processo.wait(5) for motore in (breve.postgres, breve.redis)] == [0, 0]


def test_due_avvii_insieme_aspettano_il_proprio_turno(cartella):
    comando = [sys.executable, "-c", USA_I_SERVIZI]
    insieme = [
        subprocess.Popen(
            comando,
            cwd=CARTELLA_BASE,
            env=ambiente_pulito(cartella),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]

    uscite = [processo.communicate(timeout=120) for processo in insieme]

    assert [processo.returncode for processo in insieme] == [0, 0], uscite
    assert server_accesi(cartella) == []


def test_un_pid_vecchio_dato_nel_frattempo_a_un_altro_non_impedisce_l_avvio(cartella):
    avvia_incorporati(cartella, effimeri=True).ferma()
    dati = (cartella / "servizi").resolve() / "postgres"
    (dati / "postmaster.pid").write_text(
        f"{os.getpid()}\n{dati}\n1\n5432\n\n127.0.0.1\n0\nready\n"
    )

    incorporati = avvia_incorporati(cartella, effimeri=True)

    with psycopg.connect(incorporati.url_app) as connessione:
        assert connessione.execute("SELECT 1").fetchone() == (1,)
    incorporati.ferma()


def test_dopo_un_arresto_brusco_ripartono(cartella):
    primi = avvia_incorporati(cartella)
    for motore in (primi.postgres, primi.redis):
        motore.processo.send_signal(signal.SIGKILL)
        motore.processo.wait()

    assert [nome for nome, _ in primi.caduti()] == ["PostgreSQL", "Redis"]
    primi.ferma()
    secondi = avvia_incorporati(cartella)

    with psycopg.connect(secondi.url_app) as connessione:
        assert connessione.execute("SELECT 1").fetchone() == (1,)
    secondi.ferma()


def test_se_il_processo_che_li_ha_accesi_viene_ucciso_si_spengono(cartella):
    figlio = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, time; from registro.servizi.ambiente import avvia_incorporati;"
            "i = avvia_incorporati(); print(i.postgres.processo.pid, i.redis.processo.pid);"
            "sys.stdout.flush(); time.sleep(60)",
        ],
        cwd=CARTELLA_BASE,
        env=ambiente_pulito(cartella),
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = [int(numero) for numero in figlio.stdout.readline().split()]

    figlio.kill()
    figlio.communicate()

    assert entro(10, lambda: not any(vivo(numero) for numero in pid))


def test_la_cartella_di_un_altro_utente_viene_rifiutata_senza_toccarla(cartella):
    altrui = _cartella_altrui(cartella)
    prima = sorted(os.listdir(altrui))

    with pytest.raises(ErroreServizi, match="è di un altro utente"):
        avvia_incorporati(altrui)

    assert sorted(os.listdir(altrui)) == prima


def test_i_segreti_sono_in_un_file_riservato_e_da_nessun_altra_parte(cartella):
    incorporati = avvia_incorporati(cartella, effimeri=True)
    segreti = CartellaDati(cartella).segreti
    comandi = server_accesi(cartella)
    incorporati.ferma()

    permessi = stat.S_IMODE((cartella / "segreti.json").stat().st_mode)
    registri = "".join(p.read_text(errors="replace") for p in (cartella / "registri").iterdir())
    assert permessi == 0o600
    assert not [s for s in segreti.values() if any(s in riga for riga in comandi)]
    assert not [s for s in segreti.values() if s in registri]


def test_senza_il_file_dei_segreti_i_dati_non_si_aprono_e_lo_si_dice(cartella):
    avvia_incorporati(cartella, effimeri=True).ferma()
    (cartella / "segreti.json").unlink()

    with pytest.raises(ErroreServizi, match=r"segreti\.json"):
        avvia_incorporati(cartella)


def test_se_il_server_non_parte_si_leggono_le_ultime_righe_del_suo_registro(cartella):
    avvia_incorporati(cartella, effimeri=True).ferma()
    ((cartella / "servizi").resolve() / "postgres" / "PG_VERSION").write_text("9.6\n")

    with pytest.raises(
        ErroreServizi, match=r"(?s)PostgreSQL non è partito.*incompatible with server"
    ):
        avvia_incorporati(cartella)

    assert server_accesi(cartella) == []


def test_con_i_server_indicati_non_si_accende_niente(cartella, python):
    esito = python(
        "manage.py",
        "check",
        DATABASE_URL="postgres://nessuno@127.0.0.1:1/nessuno",
        REDIS_URL="redis://127.0.0.1:1/0",
        REGISTRO_SECRET_KEY="solo-per-questa-prova",
        REGISTRO_CHIAVI=chiavi_nuove(),
    )

    assert esito.returncode == 0, esito.stderr
    assert server_accesi(cartella) == []
    assert not (cartella / "segreti.json").exists()
    assert not (cartella / "chiavi.json").exists()


def test_con_un_database_vero_la_chiave_dimenticata_ferma_tutto(cartella, python):
    esito = python("manage.py", "check", DATABASE_URL="postgres://nessuno@127.0.0.1:1/nessuno")

    assert esito.returncode != 0
    assert "REGISTRO_SECRET_KEY" in esito.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="solo root cambia utente")
def test_da_root_i_server_girano_con_un_utente_senza_privilegi(cartella):
    incorporati = avvia_incorporati(cartella, effimeri=True)
    proprietari = {
        Path(f"/proc/{motore.processo.pid}").stat().st_uid
        for motore in (incorporati.postgres, incorporati.redis)
    }
    incorporati.ferma()

    assert len(proprietari) == 1
    assert 0 not in proprietari


@pytest.mark.skipif(os.geteuid() != 0, reason="per un utente comune la cartella chiusa è la sua")
def test_da_root_in_una_cartella_chiusa_i_dati_stanno_altrove_e_si_cancellano(cartella):
    cartella.parent.chmod(0o700)

    incorporati = avvia_incorporati(cartella, effimeri=True)
    altrove = (cartella / "servizi").resolve()
    with psycopg.connect(incorporati.url_app) as connessione:
        assert connessione.execute("SELECT 1").fetchone() == (1,)
    incorporati.ferma()
    rimuovi(cartella)

    assert not altrove.is_relative_to(cartella)
    assert not altrove.exists()


def test_la_pulizia_lascia_i_file_che_non_sono_del_programma(cartella):
    avvia_incorporati(cartella, effimeri=True).ferma()
    estraneo = cartella / "appunti.txt"
    estraneo.write_text("miei")

    rimuovi(cartella)

    assert list(cartella.iterdir()) == [estraneo]
    estraneo.unlink()


def test_senza_password_non_si_entra(server):
    parametri = psycopg.conninfo.conninfo_to_dict(server.url_app)

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**parametri | {"password": "sbagliata"})
    porta = server.redis.cartella.porta_annotata("redis")
    with Redis("127.0.0.1", porta) as coda, pytest.raises(AuthenticationError):
        coda.ping()


def test_ascoltano_solo_sulla_macchina(server):
    with psycopg.connect(server.url_amministratore) as connessione:
        assert connessione.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connessione.execute("SHOW unix_socket_directories").fetchone() == ("",)
    with Redis.from_url(server.url_redis) as coda:
        assert coda.config_get("bind") == {"bind": "127.0.0.1"}


def _cartella_altrui(cartella: Path) -> Path:
    if os.geteuid() != 0:
        return Path("/usr")
    cartella.mkdir()
    os.chown(cartella, 65_534, 65_534)
    return cartella
