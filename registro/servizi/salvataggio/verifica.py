"""Rileggere una copia per intero: si apre, c'è tutto, e ogni tabella ha le righe che doveva avere."""

from pathlib import Path
from typing import Any

from pyrage.x25519 import Identity

from registro.servizi.errori import ErroreServizi
from registro.servizi.salvataggio import archivio, somme
from registro.servizi.salvataggio.busta import decifrato
from registro.servizi.salvataggio.programmi import Versatoio


_MOSTRATE = 5


def verifica(
    percorso: Path, chiave: Identity, *, atteso: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Apre la copia e la confronta col suo manifesto, tabella per tabella. Rende il manifesto.

    Non si fida di nessun codice d'uscita: un `pg_dump` fermato dalle policy può riuscire con zero
    righe. `atteso`: il manifesto che si sa di aver scritto. Solleva ErroreServizi se non torna.
    """
    trovate, manifesto = _rileggi(percorso, chiave)
    if atteso is not None and manifesto != atteso:
        raise ErroreServizi("La copia riletta non ha il manifesto che vi era stato scritto.")
    diverse = somme.differenze(manifesto["tabelle"], trovate)
    if diverse:
        raise ErroreServizi(
            "La copia non contiene ciò che c'è nel database:\n" + in_poche_righe(diverse)
        )
    return manifesto


def in_poche_righe(frasi: list[str], quante: int = _MOSTRATE) -> str:
    """Le prime frasi, rientrate, e quante altre ce ne sono."""
    righe = [f"    {frase}" for frase in frasi[:quante]]
    if len(frasi) > quante:
        righe.append(f"    e altre {len(frasi) - quante}")
    return "\n".join(righe)


def _rileggi(percorso: Path, chiave: Identity) -> tuple[dict[str, Any], dict[str, Any]]:
    testo = ["--data-only", "--file=-"]
    try:
        with (
            open(percorso, "rb") as file,
            decifrato(file, [chiave]) as flusso,
            Versatoio(testo, ascolta=somme.somme_di_un_testo) as versatoio,
        ):
            lettura = _SoloLettura(versatoio)
            manifesto = archivio.rileggi(flusso, lettura)
    except OSError as errore:
        raise ErroreServizi(f"{percorso}: non si legge ({errore.strerror}).") from errore
    return lettura.tabelle, manifesto


class _SoloLettura:
    """Passa il database a `pg_restore`, che ne scrive le righe; dei documenti guarda l'impronta."""

    def __init__(self, versatoio: Versatoio) -> None:
        self._versatoio = versatoio
        self.tabelle: dict[str, Any] = {}

    def banca(self, pezzo: bytes) -> None:
        self._versatoio.scrivi(pezzo)

    def fine_banca(self) -> None:
        self.tabelle = self._versatoio.finisci()

    def documento(self, nome: str, contenuto: archivio.Impronta) -> None:
        while contenuto.read(1 << 20):
            pass
