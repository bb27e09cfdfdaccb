"""I file di una cartella di tassonomie, letti con severità: i problemi si raccolgono tutti."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError

from assi.models import Asse, Voce
from registro.comune.tassonomie import Riga, TassonomiaErrata, leggi


SI_O_NO = {"si": True, "no": False}
# L'asse viene già dalla base di dati e l'unità dal suo file: cercarli di nuovo costa una domanda
# per voce.
_LEGAMI = {"asse", "unita"}


class Lettore:
    """Legge righe e celle; `problemi` sono le frasi da mostrare, `assi_assenti` le sigle degli assi
    nominati che la rete non ha."""

    def __init__(self, cartella: Path, assi: Mapping[str, Asse]) -> None:
        self.cartella = cartella
        self.problemi: list[str] = []
        self.assi_assenti: set[str] = set()
        self._assi = assi
        self._lettere = {
            riga["lettera"]: riga["asse"]
            for riga in self.righe("bisogni/assi.csv", ("lettera", "asse"))
        }

    def righe(self, file: str, colonne: Sequence[str]) -> tuple[Riga, ...]:
        """Le righe di un file; se il file non va, nessuna, e i suoi problemi restano scritti."""
        try:
            return leggi(self.cartella / file, colonne)
        except TassonomiaErrata as errore:
            self.problemi += errore.problemi
            return ()

    def una_fra(self, riga: Riga, colonna: str, ammesse: Mapping[str, Any]) -> Any:
        """Ciò che `ammesse` dà alla cella; se non è fra quelle lo annota e rende None."""
        return self._ammessa(riga, colonna, riga[colonna], ammesse)

    def piu_fra(self, riga: Riga, colonna: str, ammesse: Mapping[str, Any]) -> list[Any]:
        """Come `una_fra`, per una cella con più valori separati da una barra verticale."""
        trovate = [
            self._ammessa(riga, colonna, valore, ammesse) for valore in piu_valori(riga[colonna])
        ]
        return [trovata for trovata in trovate if trovata is not None]

    def asse(self, riga: Riga) -> Asse | None:
        """L'asse della lettera nella colonna `asse`; None se la rete non l'ha."""
        return self._della_rete(self.una_fra(riga, "asse", self._lettere))

    def assi(self, riga: Riga, colonna: str) -> list[Asse]:
        """Gli assi delle lettere di una colonna che ne tiene più d'una: quelli che la rete ha."""
        slug = self.piu_fra(riga, colonna, self._lettere)
        return [asse for asse in map(self._della_rete, slug) if asse]

    def voci(self, lette: Iterable[tuple[Riga, Voce]]) -> list:
        """Le voci complete di codice, nome e ordine, controllate campo per campo."""
        voci: dict[str, Voce] = {}
        for ordine, (riga, voce) in enumerate(lette, start=1):
            voce.codice, voce.nome, voce.ordine = riga["codice"], riga["nome"], ordine
            if voce.codice in voci:
                self.problemi.append(
                    f"{riga.dove}: il codice «{voce.codice}» è già di un altro file"
                )
            voci[voce.codice] = voce
            try:
                voce.clean_fields(exclude=_LEGAMI)
            except ValidationError as errore:
                self.problemi += [
                    f"{riga.dove}: {campo}: {' '.join(frasi)}"
                    for campo, frasi in errore.message_dict.items()
                ]
        return list(voci.values())

    def _ammessa(self, riga: Riga, colonna: str, valore: str, ammesse: Mapping[str, Any]) -> Any:
        if valore not in ammesse:
            self.problemi.append(
                f"{riga.dove}: {colonna}: valore sconosciuto «{valore}»: si scrive uno fra"
                f" {', '.join(ammesse)}"
            )
        return ammesse.get(valore)

    def _della_rete(self, slug: str | None) -> Asse | None:
        if slug and slug not in self._assi:
            self.assi_assenti.add(slug)
        return self._assi.get(slug)


def piu_valori(cella: str) -> list[str]:
    """I valori di una cella separati da una barra verticale; vuota, nessuno."""
    return [valore.strip() for valore in cella.split("|") if valore.strip()]
