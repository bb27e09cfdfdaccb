"""I mesi usciti dal database si ricontrollano dai loro file, contro i sigilli di allora."""

import gzip
import hashlib
import io
import json
import secrets
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command

from enti.permessi import Ruolo
from privacy import sigilli, tasks
from privacy.sigilli import mesi
from privacy.sigilli.firma import firma
from registro.comune.chiavi import Chiave
from tests.fabbriche import attore
from tests.privacy.test_sigilli import leggi


VECCHIO = datetime(2023, 5, 10, 12, tzinfo=UTC)
FILE = "registro-letture-2023-05.jsonl.gz"


@pytest.fixture
def uscito(registri):
    """Un mese in tre lotti, uno dei quali a cavallo con un mese che è rimasto; due sono in un'epoca nuova."""
    chi = attore(Ruolo.OPERATORE)
    registri.execute("SELECT registro_apri_mese('privacy_registroaccessi', '2023-05-01')")
    leggi(chi, 1, 2, quando=VECCHIO)
    leggi(chi, 3)
    sigilli.sigilla()
    sigilli.nuova_epoca()
    leggi(chi, 4, 5, quando=VECCHIO)
    sigilli.sigilla()
    leggi(chi, 6, quando=VECCHIO)
    sigilli.sigilla()
    sigilli.firma_la_testata()
    assert sigilli.archivia_i_mesi() == [FILE]
    return mesi.cartella() / FILE


def _righe(file) -> list[str]:
    return gzip.decompress(file.read_bytes()).decode().splitlines()


def _riscrivi(file, righe) -> None:
    file.write_bytes(gzip.compress("".join(f"{riga}\n" for riga in righe).encode(), mtime=0))


def _problemi() -> list[str]:
    return [problema.frase for problema in sigilli.verifica(archivi=True).problemi]


def test_un_mese_uscito_torna_coi_sigilli_di_allora(uscito):
    """AUD-05, AUD-07: il file ridà le impronte di ogni lotto, anche di un'epoca finita."""
    assert len(_righe(uscito)) == 5
    esito = sigilli.verifica(archivi=True)

    assert (esito.problemi, esito.avvisi) == ([], [])


def _cambia(righe):
    voci = json.loads(righe[1])
    voci[5] = 999
    return [righe[0], json.dumps(voci), *righe[2:]]


GUASTI = {
    "cambiata": _cambia,
    "tolta": lambda righe: righe[:-1],
    "un lotto tolto": lambda righe: righe[:2] + righe[4:],
    "aggiunta": lambda righe: [*righe, righe[-1]],
    "scambiate": lambda righe: [righe[1], righe[0], *righe[2:]],
    "spostata": lambda righe: [*righe[1:], righe[0]],
}


@pytest.mark.parametrize("guasto", sorted(GUASTI))
def test_un_archivio_manomesso_si_trova_anche_rifirmato(uscito, registri, guasto):
    """AUD-05: chi riscrive il file, la sua impronta e la sua firma non riscrive i sigilli."""
    _riscrivi(uscito, GUASTI[guasto](_righe(uscito)))
    assert any("non è più quello firmato" in frase for frase in _problemi())
    impronta = hashlib.sha256(uscito.read_bytes()).hexdigest()
    registri.execute("SET session_replication_role = replica")
    registri.execute(
        "UPDATE privacy_mesearchiviato SET impronta = %s, firma = %s",
        [impronta, firma(impronta.encode())],
    )
    registri.execute("SET session_replication_role = origin")

    problemi = _problemi()

    assert not any("firmato" in frase for frase in problemi)
    assert problemi
    assert all(FILE in frase for frase in problemi)
    assert sigilli.verifica().torna


def test_un_archivio_rovinato_o_di_un_altra_chiave_si_dice(uscito, settings):
    settings.CHIAVE_DI_FIRMA = Chiave(secrets.token_bytes(32))
    assert any("non è più quello firmato" in frase for frase in _problemi())

    uscito.write_bytes(uscito.read_bytes()[:-9])

    assert any("non si legge" in frase for frase in _problemi())


def _un_byte_in_mezzo(file) -> None:
    scritto = bytearray(file.read_bytes())
    for posto in range(len(scritto) // 2, len(scritto) // 2 + 8):
        scritto[posto] ^= 0xFF
    file.write_bytes(scritto)


ROVINE = {
    "un pezzo in mezzo": _un_byte_in_mezzo,
    "un oggetto al posto di una riga": lambda file: _riscrivi(file, ["{}"]),
    "un numero al posto di una riga": lambda file: _riscrivi(file, ["1"]),
    "niente al posto di una riga": lambda file: _riscrivi(file, ["null"]),
    "parentesi senza fine": lambda file: _riscrivi(file, ["[" * 100_000]),
}


@pytest.mark.parametrize("rovina", sorted(ROVINE))
def test_comunque_sia_rovinato_la_verifica_arriva_in_fondo_e_lo_dice(uscito, rovina):
    """AUD-05: un archivio che non si apre è un problema da dire, non una verifica che si interrompe."""
    ROVINE[rovina](uscito)

    assert any(f"{FILE} non si legge" in frase for frase in _problemi())


def test_un_archivio_che_non_c_e_e_un_avviso(uscito):
    uscito.unlink()

    esito = sigilli.verifica(archivi=True)

    assert esito.torna
    assert [avviso for avviso in esito.avvisi if FILE in avviso] != []


def test_il_comando_rilegge_gli_archivi_se_glielo_si_chiede(uscito):
    _riscrivi(uscito, _righe(uscito)[1:])

    call_command("verifica_sigilli", stdout=io.StringIO())
    with pytest.raises(CommandError) as errore:
        call_command("verifica_sigilli", "--archivi", stdout=io.StringIO())
    assert errore.value.returncode == 1


def _la_notte_del(giorno: int, mese: int, registri) -> bool:
    """Se quella notte i registri tornano; l'orologio del database è quello di allora."""
    notte = datetime(2026, mese, giorno, 10, tzinfo=UTC)
    with time_machine.travel(notte, tick=False):
        torna = tasks.verifica_i_registri().torna
    registri.execute(
        "UPDATE privacy_verificadisigilli SET quando = %s WHERE id ="
        " (SELECT max(id) FROM privacy_verificadisigilli)",
        [notte],
    )
    return torna


def test_la_prima_notte_del_mese_rilegge_gli_archivi_e_poi_finche_non_tornano(uscito, registri):
    buono = uscito.read_bytes()
    assert _la_notte_del(1, 10, registri)
    _riscrivi(uscito, _righe(uscito)[1:])

    assert _la_notte_del(2, 10, registri)
    # La prima notte di novembre il server era spento.
    assert not _la_notte_del(2, 11, registri)
    assert not _la_notte_del(3, 11, registri)
    uscito.write_bytes(buono)
    assert _la_notte_del(4, 11, registri)
    _riscrivi(uscito, _righe(uscito)[1:])
    assert _la_notte_del(5, 11, registri)
