"""Le chiavi che si possono usare, quelle che si rifiutano, e che cosa se ne vede."""

import base64
import hashlib
import json
import traceback

import pytest
from django.conf import settings

from registro.comune.chiavi import (
    MASSIMO,
    ChiaviErrate,
    chiavi_nuove,
    con_una_chiave_in_piu,
    leggi_chiavi,
)


def b64(byte: bytes) -> str:
    return base64.b64encode(byte).decode()


def byte(seme: str) -> bytes:
    """Trentadue byte che sembrano a caso, gli stessi a ogni esecuzione."""
    return hashlib.sha256(seme.encode()).digest()


def con(**voci) -> str:
    """Chiavi buone, tranne ciò che si cambia."""
    buone = {
        "cifratura": {"1": b64(byte("uno"))},
        "corrente": 1,
        "indice": b64(byte("indice")),
        "rete": b64(byte("rete")),
    }
    return json.dumps(buone | voci)


ALTRA = b64(byte("altra"))


def test_le_chiavi_nuove_si_possono_usare_e_sono_sempre_diverse():
    testo = chiavi_nuove()
    chiavi = leggi_chiavi(testo)

    assert set(chiavi.cifratura) == {1}
    assert chiavi.corrente == 1
    assert len({chiavi.cifratura[1], chiavi.indice, chiavi.rete}) == 3
    assert testo != chiavi_nuove()


def test_aggiungere_una_chiave_lascia_le_altre_e_quella_corrente():
    prima = chiavi_nuove()

    dopo = leggi_chiavi(con_una_chiave_in_piu(prima))

    assert dopo.cifratura.pop(2)
    assert dopo == leggi_chiavi(prima)


def test_si_puo_scegliere_quale_chiave_e_corrente():
    dati = json.loads(con_una_chiave_in_piu(chiavi_nuove())) | {"corrente": 2}

    assert leggi_chiavi(json.dumps(dati)).corrente == 2


def test_dopo_l_ultimo_numero_non_se_ne_aggiungono():
    with pytest.raises(ChiaviErrate, match="Non ci sono più numeri"):
        con_una_chiave_in_piu(con(cifratura={str(MASSIMO): ALTRA}, corrente=MASSIMO))


@pytest.mark.parametrize(
    ("testo", "frase"),
    [
        ("", "Non c'è nessuna chiave"),
        (" \n", "Non c'è nessuna chiave"),
        ("chiave", "non è JSON"),
        ("[]", "deve avere queste voci"),
        ("{}", "deve avere queste voci"),
        (con(altra="x"), "deve avere queste voci e nessun'altra"),
        ('{"corrente": 1, "corrente": 1}', "scritta due volte"),
        (con(cifratura={}), "non vuoto"),
        (con(cifratura=[ALTRA]), "elenco di chiavi per numero"),
        (con(cifratura={"uno": ALTRA}), "numero che non è un numero"),
        (con(cifratura={"01": ALTRA}), "numero che non è un numero"),
        (con(cifratura={"0": ALTRA}), "vanno da 1"),
        (con(cifratura={"65536": ALTRA}, corrente=65536), "vanno da 1"),
        (con(corrente=2), "«corrente» dev'essere il numero di una"),
        (con(corrente="1"), "«corrente» dev'essere il numero di una"),
        (con(corrente=True), "«corrente» dev'essere il numero di una"),
        (con(corrente=None), "«corrente» dev'essere il numero di una"),
        (con(corrente=[1]), "«corrente» dev'essere il numero di una"),
        (con(indice="non base64!"), "La chiave «indice» non è in base64"),
        (con(indice=None), "La chiave «indice» non è in base64"),
        (con(indice=12), "La chiave «indice» non è in base64"),
        (con(rete=b64(byte("x")[:16])), "«rete» è di 16 byte: ne servono 32"),
        (con(rete=b64(bytes(32))), "è un esempio o è troppo semplice"),
        (con(rete=b64(bytes(range(200, 232)))), "è un esempio o è troppo semplice"),
        (con(rete=b64(byte("x")[:8] * 4)), "è un esempio o è troppo semplice"),
        (con(rete=b64(byte("x")[:16] * 2)), "è un esempio o è troppo semplice"),
        (con(rete=b64(b"chiave-di-esempio-da-cambiare-00")), "è un esempio o è troppo semplice"),
        (con(rete=b64(byte("x").hex()[:32].encode())), "è un esempio o è troppo semplice"),
        (con(indice=ALTRA, rete=ALTRA), "Due chiavi sono uguali"),
        (con(cifratura={"1": ALTRA}, indice=ALTRA), "Due chiavi sono uguali"),
        (con(cifratura={"1": ALTRA, "2": ALTRA}), "Due chiavi sono uguali"),
    ],
)
def test_chiavi_che_non_si_possono_usare(testo, frase):
    with pytest.raises(ChiaviErrate) as errore:
        leggi_chiavi(testo)

    assert frase in str(errore.value)


def test_un_rifiuto_non_stampa_le_chiavi_nemmeno_nella_sua_traccia():
    for testo in (con(indice=ALTRA)[:-1], con(indice=ALTRA, rete=ALTRA)):
        with pytest.raises(ChiaviErrate) as errore:
            leggi_chiavi(testo)
        scritto = "".join(traceback.format_exception(errore.value))
        assert ALTRA not in scritto


def test_una_chiave_non_si_lascia_stampare():
    chiavi = leggi_chiavi(chiavi_nuove())

    assert repr(chiavi.indice) == str(chiavi.indice) == f"{chiavi.indice}" == "<chiave>"
    assert "\\x" not in repr(chiavi)


def test_le_chiavi_delle_prove_non_vengono_da_secret_key():
    chiavi = [
        *settings.CHIAVI_DI_CIFRATURA.values(),
        settings.CHIAVE_INDICE,
        settings.CHIAVE_DI_RETE,
    ]

    assert len(set(chiavi)) == 3
    assert all(b64(chiave) not in settings.SECRET_KEY for chiave in chiavi)
