"""Le chiavi di cifratura: come si scrivono, quali si rifiutano, come se ne fanno di nuove.

Stanno tutte in un testo JSON, fuori dal database e lontane da SECRET_KEY:

    {"cifratura": {"1": "…"}, "corrente": 1, "indice": "…", "rete": "…"}

Ogni chiave è di 32 byte a caso, in base64. Si cifra con `corrente`; le altre servono a leggere ciò
che è stato cifrato prima. Qui non si leggono impostazioni: sono le impostazioni a leggere qui.
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


BYTE = 32
# Il numero di una chiave sta in due byte della busta.
MASSIMO = 65_535
VOCI = ("cifratura", "corrente", "indice", "rete")
# Trentadue byte a caso hanno una trentina di valori e di salti diversi: sotto la metà, non a caso.
_ABBASTANZA = 17


class ChiaviErrate(ValueError):
    """Chiavi che non si possono usare. La frase dice quale e perché, mai il suo valore."""


class Chiave(bytes):
    """Trentadue byte che non si lasciano stampare: né in un errore né in un registro."""

    def __repr__(self) -> str:
        return "<chiave>"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Chiavi:
    """Le chiavi controllate: per numero quelle di cifratura, e le due degli indici."""

    cifratura: dict[int, Chiave]
    corrente: int
    indice: Chiave
    rete: Chiave


def leggi_chiavi(testo: str) -> Chiavi:
    """Le chiavi scritte in `testo`. Solleva `ChiaviErrate` se ne manca una, o una non è sicura."""
    dati = _oggetto(testo)
    numerate = dati["cifratura"]
    if not isinstance(numerate, dict) or not numerate:
        raise ChiaviErrate("«cifratura» dev'essere un elenco di chiavi per numero, non vuoto.")
    cifratura = {_numero(n): _chiave(v, f"cifratura {n}") for n, v in numerate.items()}
    corrente = dati["corrente"]
    if type(corrente) is not int or corrente not in cifratura:
        raise ChiaviErrate("«corrente» dev'essere il numero di una delle chiavi di cifratura.")
    indice, rete = (_chiave(dati[nome], nome) for nome in ("indice", "rete"))
    tutte = [*cifratura.values(), indice, rete]
    if len(set(tutte)) < len(tutte):
        raise ChiaviErrate("Due chiavi sono uguali: ognuna dev'essere diversa da tutte le altre.")
    return Chiavi(cifratura, corrente, indice, rete)


def chiavi_nuove() -> str:
    """Un testo con chiavi mai usate, da mettere al sicuro prima di scrivere il primo dato."""
    return _scrivi(
        {"cifratura": {"1": _a_caso()}, "corrente": 1, "indice": _a_caso(), "rete": _a_caso()}
    )


def leggi_chiave_di_firma(testo: str) -> Chiave | None:
    """La chiave Ed25519 con cui si firmano le testate dei registri; None se `testo` è vuoto.

    Sta in una variabile sua, lontana dalle altre: chi cifra e legge i dati non deve poter firmare.
    Solleva `ChiaviErrate`.
    """
    return _chiave(testo.strip(), "firma") if testo.strip() else None


def chiave_di_firma_nuova() -> str:
    """Una chiave di firma mai usata, in base64."""
    return _a_caso()


def con_una_chiave_in_piu(testo: str) -> str:
    """Lo stesso testo con una chiave di cifratura in più, col numero dopo; `corrente` non cambia.

    Solleva `ChiaviErrate` se `testo` non si può usare o i numeri sono finiti.
    """
    numero = max(leggi_chiavi(testo).cifratura) + 1
    if numero > MASSIMO:
        raise ChiaviErrate(f"Non ci sono più numeri: l'ultimo è {MASSIMO}.")
    dati = json.loads(testo)
    dati["cifratura"][str(numero)] = _a_caso()
    return _scrivi(dati)


def _oggetto(testo: str) -> dict[str, Any]:
    if not testo.strip():
        raise ChiaviErrate("Non c'è nessuna chiave.")
    try:
        dati = json.loads(testo, object_pairs_hook=_senza_ripetizioni)
    except json.JSONDecodeError as errore:
        # Senza la causa: porterebbe con sé il testo, cioè le chiavi.
        raise ChiaviErrate(
            f"Il testo non è JSON (riga {errore.lineno}, carattere {errore.colno})."
        ) from None
    if not isinstance(dati, dict) or set(dati) != set(VOCI):
        raise ChiaviErrate(f"Il testo deve avere queste voci e nessun'altra: {', '.join(VOCI)}.")
    return dati


def _senza_ripetizioni(coppie: list[tuple[str, Any]]) -> dict[str, Any]:
    nomi = [nome for nome, _ in coppie]
    if len(set(nomi)) < len(nomi):
        raise ChiaviErrate("Una voce è scritta due volte.")
    return dict(coppie)


def _numero(testo: str) -> int:
    if not (testo.isascii() and testo.isdigit() and testo == str(int(testo))):
        raise ChiaviErrate("Una chiave di cifratura ha un numero che non è un numero.")
    if not 1 <= int(testo) <= MASSIMO:
        raise ChiaviErrate(f"I numeri delle chiavi vanno da 1 a {MASSIMO}.")
    return int(testo)


def _chiave(valore: Any, nome: str) -> Chiave:
    try:
        byte = base64.b64decode(valore, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise ChiaviErrate(f"La chiave «{nome}» non è in base64.") from None
    if len(byte) != BYTE:
        raise ChiaviErrate(f"La chiave «{nome}» è di {len(byte)} byte: ne servono {BYTE}.")
    if not _sembra_a_caso(byte):
        raise ChiaviErrate(f"La chiave «{nome}» è un esempio o è troppo semplice: rifalla.")
    return Chiave(byte)


def _sembra_a_caso(byte: bytes) -> bool:
    """Se i byte non sono un testo, una ripetizione o una serie."""
    if byte.isascii():
        return False
    salti = {(dopo - prima) % 256 for prima, dopo in pairwise(byte)}
    return min(len(set(byte)), len(salti)) >= _ABBASTANZA


def _a_caso() -> str:
    return base64.b64encode(secrets.token_bytes(BYTE)).decode()


def _scrivi(dati: dict[str, Any]) -> str:
    return json.dumps(dati, indent=2)
