"""Le password più comuni, in un filtro di Bloom: si riconoscono senza rete e senza portarsi un elenco.

Il filtro dice «di sicuro no» o «quasi di sicuro sì»: una password buona rifiutata per sbaglio capita meno
di una volta su diecimila. Sta in `dati/password/comuni.bloom`; lo fa `manage.py prepara_password_comuni`.

Una password lunga è di solito una corta allungata: prima di cercarla le si tolgono le cifre e i segni in
testa e in coda («Password2024!»), i segni che stanno per lettere («p4ssw0rd») e le ripetizioni
(«ciaociaociao»). Così bastano poche parole a riconoscerne molte.
"""

import hashlib
import math
import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.conf import settings


_FIRMA = b"RTSPW1"
_TESTA = struct.Struct(">6sIB")
# Errori ammessi: password buone prese per comuni.
_ERRORI = 1e-5
# Segni scritti al posto di lettere.
_PER_LETTERE = str.maketrans("013457@$!|", "oieastasii")
# Cifre e segni prima e dopo le lettere, e quanti se ne possono togliere.
_CONTORNO = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_AGGIUNTE = 8


class FiltroDiBloom:
    """Un insieme di parole in pochi bit a testa; non si rileggono, si riconoscono."""

    def __init__(self, bit: bytearray, giri: int) -> None:
        self._bit, self._giri = bit, giri

    @classmethod
    def con(cls, parole: Iterable[str]) -> "FiltroDiBloom":
        """Il filtro che riconosce `parole`, grande quanto serve."""
        parole = set(parole)
        bit = max(8, math.ceil(-len(parole) * math.log(_ERRORI) / math.log(2) ** 2))
        filtro = cls(
            bytearray(bit // 8 + 1), max(1, round(bit / max(len(parole), 1) * math.log(2)))
        )
        for parola in parole:
            for posto in filtro._posti(parola):
                filtro._bit[posto // 8] |= 1 << posto % 8
        return filtro

    @classmethod
    def da_byte(cls, contenuto: bytes) -> "FiltroDiBloom":
        """Il filtro scritto da `in_byte`. Solleva ValueError se il file non è intero."""
        if len(contenuto) < _TESTA.size:
            raise ValueError("Il filtro delle password comuni è vuoto o tronco.")
        firma, quanti, giri = _TESTA.unpack_from(contenuto)
        if firma != _FIRMA or len(contenuto) != _TESTA.size + quanti:
            raise ValueError("Il filtro delle password comuni non è intero.")
        return cls(bytearray(contenuto[_TESTA.size :]), giri)

    def in_byte(self) -> bytes:
        return _TESTA.pack(_FIRMA, len(self._bit), self._giri) + bytes(self._bit)

    def contiene(self, parola: str) -> bool:
        return all(self._bit[posto // 8] >> posto % 8 & 1 for posto in self._posti(parola))

    def _posti(self, parola: str) -> Iterator[int]:
        # Due impronte bastano a farne quante ne servono (Kirsch e Mitzenmacher).
        impronta = hashlib.sha256(parola.encode()).digest()
        uno, due = struct.unpack(">QQ", impronta[:16])
        for giro in range(self._giri):
            yield (uno + giro * due) % (len(self._bit) * 8)


def forma_comune(password: str) -> str:
    """Come si confronta una password con quelle comuni: minuscola, senza accenti e senza spazi."""
    senza_accenti = unicodedata.normalize("NFD", password.lower())
    return "".join(
        segno
        for segno in senza_accenti
        if not unicodedata.combining(segno) and not segno.isspace()
    )


def e_comune(password: str) -> bool:
    """Se la password, o quella corta che le sta dentro, è fra le più comuni."""
    filtro = password_comuni()
    return any(filtro.contiene(forma) for forma in _forme(forma_comune(password)))


def _forme(password: str) -> set[str]:
    lettere = password.translate(_PER_LETTERE)
    forme = {password, lettere}
    for intera in (password, lettere):
        nuda = _CONTORNO.sub("", intera)
        # Chi aggiunge molto di suo non ha preso una password comune: ne ha fatta una.
        if len(password) - len(nuda) <= _AGGIUNTE:
            forme.add(nuda)
    return {_senza_ripetere(forma) for forma in forme} | forme


def _senza_ripetere(parola: str) -> str:
    """La parte che si ripete, se la parola è quella due o più volte di fila."""
    inizio = (parola + parola).find(parola, 1)
    return parola[:inizio] if 0 < inizio < len(parola) else parola


@cache
def password_comuni() -> FiltroDiBloom:
    """Il filtro del progetto, letto una volta per processo."""
    return FiltroDiBloom.da_byte(percorso_del_filtro().read_bytes())


def percorso_del_filtro() -> Path:
    return settings.CARTELLA_BASE / "dati" / "password" / "comuni.bloom"
