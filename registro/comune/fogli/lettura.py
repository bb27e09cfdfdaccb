"""Leggere un foglio senza fidarsi: il lavoro lo fa un processo a parte, con limiti.

Chi legge un file di altri può trovarsi senza memoria o senza fine. Qui muore soltanto il processo
che legge, e chi ha caricato il file riceve una frase.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from registro.comune.fogli.celle import Area, Cella, CellaGuasta, Foglio, Libro, Riga
from registro.comune.fogli.guardia import COME_SI_SALVA, FoglioRifiutato, Formato, riconosci


SECONDI = 90
_RADICE = Path(__file__).resolve().parents[3]
# Il pacchetto `registro` accende Celery e Django: il processo che legge ne vede uno vuoto.
_PREPARA = """
import sys, types
sys.path.insert(0, sys.argv[1])
registro = sys.modules['registro'] = types.ModuleType('registro')
registro.__path__ = [sys.argv[1] + '/registro']
"""
_AVVIO = f"""{_PREPARA}
from registro.comune.fogli.lettore import principale
principale()
"""
_TROPPO = (
    "Il file è troppo pesante da aprire: forse c'è una cella scritta molto lontano dalle altre, o lo "
    "stesso testo lungo ripetuto ovunque. Copia solo le celle che servono in un file nuovo."
)
_registro = logging.getLogger(__name__)


def leggi_foglio(contenuto: bytes) -> Libro:
    """Il libro che sta in `contenuto` (XLSX o CSV), con tutti i suoi fogli.

    Solleva `FoglioRifiutato` con la frase per chi l'ha caricato. Il formato si riconosce dal
    contenuto. Le formule non si calcolano: vale il risultato salvato; dove manca, o è un errore, la
    cella è una `CellaGuasta`. Una cella vuota è None. Nei CSV ogni cella scritta è un testo.
    """
    riconosci(contenuto)
    try:
        esito = subprocess.run(  # noqa: S603 il comando è tutto nostro, il file va nell'ingresso
            [sys.executable, "-I", "-X", "utf8", "-c", _AVVIO, str(_RADICE)],
            input=contenuto,
            capture_output=True,
            timeout=SECONDI,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired as errore:
        raise FoglioRifiutato(
            f"Il file è troppo complicato: in {SECONDI} secondi non si è finito di leggerlo. "
            "Dividilo in più file."
        ) from errore
    if esito.returncode:
        raise _spiega(esito.returncode, esito.stderr.decode(errors="replace"))
    return _libro(esito.stdout.splitlines())


def _spiega(uscita: int, errore: str) -> FoglioRifiutato:
    """La frase per un lettore finito male: ucciso (numero negativo) o fermato da un errore."""
    # Nell'errore ci possono essere valori delle celle: nel registro va solo il suo nome.
    nome = "" if uscita < 0 else errore.strip().rpartition("\n")[2].partition(":")[0][:60]
    _registro.warning("Il lettore di fogli è finito con %s %s", uscita, nome)
    if uscita < 0 or nome == "MemoryError":
        return FoglioRifiutato(_TROPPO)
    return FoglioRifiutato(f"Il file non si è lasciato leggere. {COME_SI_SALVA}")


def _libro(fatti: Iterable[bytes]) -> Libro:
    libro, fogli, righe = None, [], []
    for riga in fatti:
        fatto = json.loads(riga, object_hook=_dal_json)
        match fatto:
            case [numero, celle]:
                righe.append(Riga(numero, tuple(celle)))
            case {"foglio": valori}:
                righe = []
                fogli.append((valori, righe))
            case {"libro": valori}:
                libro = valori
            case {"rifiuto": frase}:
                raise FoglioRifiutato(frase)
    formato, codifica, separatore = libro
    return Libro(Formato(formato), tuple(_foglio(*voce) for voce in fogli), codifica, separatore)


def _foglio(valori: list, righe: list[Riga]) -> Foglio:
    nome, nascosto, unite, colonne_nascoste, righe_nascoste = valori
    aree = tuple(Area(*area) for area in unite)
    return Foglio(nome, tuple(righe), nascosto, aree, tuple(colonne_nascoste), righe_nascoste)


def _dal_json(valore: dict) -> Cella | dict:
    match valore:
        case {"guasta": frase}:
            return CellaGuasta(frase)
        case {"istante": testo}:
            return datetime.fromisoformat(testo)
        case {"giorno": testo}:
            return date.fromisoformat(testo)
        case {"ora": testo}:
            return time.fromisoformat(testo)
        case {"durata": secondi}:
            return timedelta(seconds=secondi)
    return valore
