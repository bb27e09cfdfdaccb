"""Cifra i dati che nel database non devono leggersi, e ne fa indici per cercarli senza aprirli.

AES-256-GCM. Ogni dato è legato al suo posto (tabella, colonna, ente, riga): copiato in un'altra
riga o in un altro ente non si apre. La busta è

    versione (1 byte) | numero della chiave (2) | nonce a caso (12) | testo cifrato e sigillo

Le chiavi stanno nelle impostazioni e vengono da REGISTRO_CHIAVI; `docs/esercizio.md` dice come si
cambiano.
"""

import hashlib
import hmac
import re
import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import BinaryField, Func


_VERSIONE = 1
_INTESTAZIONE = 3
_NONCE = 12
_SIGILLO = 16
_MINIMO = _INTESTAZIONE + _NONCE + _SIGILLO
# Cambia se cambia la forma normale o il modo di fare l'etichetta: quelle vecchie si riconoscono.
_VERSIONE_ETICHETTA = b"\x01"
_COLONNA = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")


class DatoCifratoAlterato(Exception):
    """Una busta che non si apre: è cambiata, è stata spostata, o la sua chiave non c'è più.

    Il dato non si mostra e non si sostituisce: chi legge deve saperlo. La frase non lo contiene.
    """


def legame(tabella_colonna: str, ente: int, riga: UUID) -> str:
    """Il posto di un dato: colonna («beneficiari_identificativo.valore»), chiave dell'ente, uuid
    della riga. Solleva ValueError se la colonna non è scritta così."""
    if not _COLONNA.fullmatch(tabella_colonna):
        raise ValueError(f"«{tabella_colonna}» non è «tabella.colonna».")
    return f"{tabella_colonna}|ente:{int(ente)}|riga:{UUID(str(riga))}"


def cifra(testo: str, *, legame: str) -> bytes:
    """La busta di `testo`, con la chiave corrente; si riapre solo con lo stesso `legame`."""
    nonce = secrets.token_bytes(_NONCE)
    chiave = AESGCM(settings.CHIAVI_DI_CIFRATURA[settings.CHIAVE_CORRENTE])
    return intestazione_corrente() + nonce + chiave.encrypt(nonce, testo.encode(), legame.encode())


def decifra(busta: bytes | memoryview, *, legame: str) -> str:
    """Il testo chiuso nella busta. Solleva `DatoCifratoAlterato` se non è intatta, o non è di
    quel posto, o la sua chiave non c'è."""
    busta = bytes(busta)
    numero = versione_della_chiave(busta)
    chiave = settings.CHIAVI_DI_CIFRATURA.get(numero)
    if chiave is None:
        raise DatoCifratoAlterato(
            f"Un dato è cifrato con la chiave {numero}, che REGISTRO_CHIAVI non ha. Il dato non è"
            " perso: rimetti quella chiave accanto alle altre e riavvia."
        )
    nonce, cifrato = busta[_INTESTAZIONE:][:_NONCE], busta[_INTESTAZIONE + _NONCE :]
    try:
        return AESGCM(chiave).decrypt(nonce, cifrato, legame.encode()).decode()
    except InvalidTag as errore:
        raise DatoCifratoAlterato(
            f"Un dato cifrato di «{legame.partition('|')[0]}» non si apre: è stato alterato o"
            " spostato da un'altra riga. Non viene mostrato; si recupera da una copia di sicurezza."
        ) from errore


def versione_della_chiave(busta: bytes | memoryview) -> int:
    """Il numero della chiave con cui è chiusa la busta. Solleva `DatoCifratoAlterato` se non è
    una busta nostra."""
    busta = bytes(busta)
    if len(busta) < _MINIMO or busta[0] != _VERSIONE:
        raise DatoCifratoAlterato(
            "Un dato che doveva essere cifrato non lo è, o è tronco. Non viene mostrato; si"
            " recupera da una copia di sicurezza."
        )
    return int.from_bytes(busta[1:_INTESTAZIONE], "big")


def intestazione_corrente() -> bytes:
    """I primi tre byte di ogni busta chiusa oggi: chi ricifra cerca quelle che ne hanno altri."""
    return bytes([_VERSIONE]) + settings.CHIAVE_CORRENTE.to_bytes(2, "big")


def chiave_dell_intestazione(testa: bytes | memoryview) -> int:
    """Il numero della chiave scritto nei primi tre byte di una busta, come li dà `Intestazione`."""
    return int.from_bytes(bytes(testa)[1:_INTESTAZIONE], "big")


class Intestazione(Func):
    """I primi tre byte di una colonna di buste, letti dal database: si confrontano con
    `intestazione_corrente()` senza portare fuori le buste."""

    template = f"substring(%(expressions)s from 1 for {_INTESTAZIONE})"
    output_field = BinaryField()


def indice_cieco(campo: str, *, ente: int, normale: str) -> bytes:
    """Trentadue byte uguali per valori uguali dello stesso campo nello stesso ente.

    Serve a cercare e a vietare i doppioni senza aprire le buste. `normale`: la forma normale del
    valore. Due enti con lo stesso valore hanno indici diversi: non si confrontano.
    """
    return _hmac(settings.CHIAVE_INDICE, campo, str(int(ente)), normale)


def etichetta_di_rete(normale: str) -> bytes:
    """Trentatré byte (una versione e l'impronta) uguali per valori uguali in tutta la rete.

    Sta solo nella tabella nascosta che riconosce una persona fra enti, mai accanto ai suoi dati.
    """
    return _VERSIONE_ETICHETTA + _hmac(settings.CHIAVE_DI_RETE, "rete", normale)


def _hmac(chiave: bytes, *parti: str) -> bytes:
    # La lunghezza davanti a ogni parte: «ab» e «c» non fanno la stessa impronta di «a» e «bc».
    messaggio = b"".join(
        len(byte).to_bytes(4, "big") + byte for byte in (parte.encode() for parte in parti)
    )
    return hmac.new(chiave, messaggio, hashlib.sha256).digest()
