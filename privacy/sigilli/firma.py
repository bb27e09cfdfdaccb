"""La testata del giorno: l'ultimo sigillo, firmato, da tenere anche lontano dal server.

Chi potesse riscrivere tutto il database rifarebbe anche la catena; non la firma, e non la copia che il
garante ha nella posta.
"""

import base64
import json
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils import timezone

from privacy.sigilli.accesso import SigilliChiusi, apri


SENZA_CHIAVE = (
    "Manca REGISTRO_CHIAVE_FIRMA, la chiave con cui si firmano le testate dei registri: i sigilli si"
    " fanno lo stesso, ma nessuno fuori può controllarli. Come si fa lo dice docs/esercizio.md."
)
VERSIONE = "registro-testata-1"


@dataclass(frozen=True)
class TestataLetta:
    """Una testata letta da un file o dalla posta. `firmata`: se la firma è di `chiave`."""

    giorno: date
    sigillo: int
    impronta: str
    chiave: str
    firmata: bool


def firma(testo: bytes) -> str:
    """La firma Ed25519 di `testo`, in base64. Solleva SigilliChiusi senza la chiave."""
    return base64.b64encode(_privata().sign(testo)).decode()


def chiave_pubblica() -> str:
    """La chiave con cui chiunque controlla le firme, in base64. Solleva SigilliChiusi."""
    grezza = _privata().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(grezza).decode()


def firma_valida(testo: bytes, firma_in_base64: str, chiave: str) -> bool:
    """Se `firma_in_base64` è la firma di `testo` fatta con la chiave pubblica `chiave`."""
    try:
        pubblica = Ed25519PublicKey.from_public_bytes(base64.b64decode(chiave, validate=True))
        pubblica.verify(base64.b64decode(firma_in_base64, validate=True), testo)
    except (InvalidSignature, ValueError):
        return False
    return True


def firma_la_testata(giorno: date | None = None) -> str | None:
    """Firma l'ultimo sigillo come testata di `giorno` (oggi, se taciuto) e la conserva.

    Rende la testata da esportare (`testata_in_testo`); None se quel giorno ce l'ha già, o se non c'è
    ancora nessun sigillo. Solleva SigilliChiusi.
    """
    giorno = giorno or timezone.localdate()
    with apri() as connessione:
        ultimo = connessione.execute(
            "SELECT id, impronta, epoca, (SELECT sum(righe) FROM privacy_sigillo)::bigint"
            " FROM privacy_sigillo ORDER BY id DESC LIMIT 1"
        ).fetchone()
        if ultimo is None:
            return None
        numero, impronta, epoca, righe = ultimo
        testo = _canonico(
            versione=VERSIONE,
            giorno=giorno.isoformat(),
            sigillo=numero,
            impronta=impronta,
            epoca=epoca,
            righe=righe,
        )
        fatta = connessione.execute(
            "INSERT INTO privacy_testatafirmata (giorno, sigillo, impronta, testo, firma, chiave)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (giorno) DO NOTHING RETURNING id",
            [giorno, numero, impronta, testo, firma(testo.encode()), chiave_pubblica()],
        ).fetchone()
    return testata_in_testo(testo, firma(testo.encode()), chiave_pubblica()) if fatta else None


def testata_in_testo(testo: str, firma_in_base64: str, chiave: str) -> str:
    """La testata come sta in un file o in un messaggio: JSON, una voce per riga."""
    busta = {"testata": testo, "firma": firma_in_base64, "chiave": chiave}
    return json.dumps(busta, indent=1) + "\n"


def leggi_testata(busta: str) -> TestataLetta:
    """Legge ciò che ha scritto `testata_in_testo`. Solleva ValueError se non è una testata."""
    try:
        voci = json.loads(busta)
        dentro = json.loads(voci["testata"])
        if dentro["versione"] != VERSIONE:
            raise ValueError(dentro["versione"])
        return TestataLetta(
            giorno=date.fromisoformat(dentro["giorno"]),
            sigillo=int(dentro["sigillo"]),
            impronta=str(dentro["impronta"]),
            chiave=voci["chiave"],
            firmata=firma_valida(voci["testata"].encode(), voci["firma"], voci["chiave"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as errore:
        raise ValueError("Questo testo non è una testata dei registri.") from errore


def _canonico(**voci: str | int) -> str:
    return json.dumps(voci, sort_keys=True, separators=(",", ":"))


def _privata() -> Ed25519PrivateKey:
    if settings.CHIAVE_DI_FIRMA is None:
        raise SigilliChiusi(SENZA_CHIAVE)
    return Ed25519PrivateKey.from_private_bytes(bytes(settings.CHIAVE_DI_FIRMA))
