"""Ciò che tutti i controlli usano: la raccolta dei problemi e gli indici delle sigle note."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from report.caricamento.errori import Problema
from report.caricamento.lettura import Cartella


@dataclass(frozen=True, slots=True)
class Raccolta:
    """I problemi trovati, nell'ordine in cui si incontrano."""

    problemi: list[Problema] = field(default_factory=list)

    def segna(self, file: str, voce: str, motivo: str) -> None:
        self.problemi.append(Problema(file, voce, motivo))

    def doppi(self, file: str, voce: str, valori: Iterable[Any], cosa: str) -> None:
        """Segna ogni valore che compare più di una volta."""
        for valore, volte in Counter(valori).items():
            if volte > 1:
                self.segna(file, voce, f"{cosa} «{valore}» compare {volte} volte")

    def ignoti(
        self,
        file: str,
        voce: str,
        valori: Iterable[str | None],
        noti: Collection[str],
        cosa: str,
    ) -> None:
        """Segna ogni valore che non è fra i `noti`; ciò che manca (None) va bene."""
        for valore in valori:
            if valore is not None and valore not in noti:
                self.segna(file, voce, f"{cosa} che non c'è: «{valore}»")


@dataclass(frozen=True, slots=True)
class Indici:
    """Le voci della cartella per sigla. Con una sigla doppia resta la prima."""

    enti: Mapping[str, Any]
    programmi: Mapping[str, Any]
    nodi: Mapping[str, Any]
    assi: Mapping[str, Any]
    azioni: Mapping[str, Any]
    schede: Mapping[str, Any]
    indicatori: Mapping[str, Any]

    @classmethod
    def della(cls, cartella: Cartella) -> "Indici":
        return cls(
            enti=per_sigla(cartella.enti.enti),
            programmi=per_sigla(cartella.enti.programmi),
            nodi=per_sigla(cartella.nodi.nodi),
            assi=per_sigla(cartella.assi.assi),
            azioni=per_sigla(cartella.azioni.azioni),
            schede=per_sigla(cartella.schede.schede),
            indicatori=per_sigla(cartella.schede.indicatori),
        )

    @property
    def rete(self) -> set[str]:
        """Le sigle degli enti della rete del progetto."""
        return {sigla for sigla, ente in self.enti.items() if ente.della_rete}


def per_sigla(voci: Iterable[Any]) -> dict[str, Any]:
    """Le voci per `id`; di quelle con la stessa sigla tiene la prima."""
    indice: dict[str, Any] = {}
    for voce in voci:
        indice.setdefault(voce.id, voce)
    return indice


def anello(partenza: str, madre: Mapping[str, str | None]) -> bool:
    """Vero se, risalendo di madre in madre da `partenza`, si torna a `partenza`."""
    viste: set[str] = set()
    corrente = madre.get(partenza)
    while corrente is not None and corrente not in viste:
        if corrente == partenza:
            return True
        viste.add(corrente)
        corrente = madre.get(corrente)
    return False
