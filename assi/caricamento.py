"""Porta i vocabolari di una cartella nelle loro tabelle: bisogni, condizioni, chiusure.

Una voce che il file non ha più si chiude con la data di oggi; se torna, si riapre. Nessuna si
cancella: lo vieta anche il database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from assi.models import Asse, Bisogno, Condizione, TipoDiChiusura, Voce
from enti.sistema import come_sistema
from registro.comune.allineamento import allinea
from registro.comune.tassonomie import CARTELLA, Riga, TassonomiaErrata, leggi
from registro.db.lucchetto import uno_alla_volta


# Un caricamento alla volta su tutta la base di dati.
_LUCCHETTO = 20_190_702
# «art.10» sono i dati giudiziari; con l'asterisco, ciò che la legge non elenca ma che rivela da
# dove una persona viene. Nel dubbio si protegge.
_PARTICOLARE = {"si": True, "no": False, "no*": True, "art.10": True}
# (si conta fra le uscite, è un abbandono)
_USCITA = {"si": (True, False), "si (abbandono)": (True, True), "no": (False, False)}
_COME_SOPRA = "idem"
_RISPOSTE = ["si", "no", "non-dichiara"]


@dataclass(frozen=True, slots=True)
class Esito:
    """Com'è andata: quante voci sono nate, corrette (o riaperte) e chiuse, e le sigle degli assi
    nominati dai bisogni che non ci sono: quei bisogni restano senza asse."""

    nuove: int
    corrette: int
    chiuse: int
    assi_assenti: tuple[str, ...]


def carica_tassonomie(cartella: Path = CARTELLA) -> Esito:
    """Allinea i vocabolari ai file di `cartella`; ciò che è già uguale non si riscrive.

    Solleva `TassonomiaErrata` con tutti i problemi, e la base di dati resta com'era.
    """
    with transaction.atomic(), come_sistema():
        uno_alla_volta(_LUCCHETTO)
        lettura = _Lettura(cartella, {asse.slug: asse for asse in Asse.objects.all()})
        vocabolari = [lettura.bisogni(), lettura.condizioni(), lettura.chiusure()]
        if lettura.problemi:
            raise TassonomiaErrata(lettura.problemi)
        conti = [_scrivi(voci) for voci in vocabolari]
    nuove, corrette, chiuse = (sum(colonna) for colonna in zip(*conti, strict=True))
    return Esito(nuove, corrette, chiuse, tuple(sorted(lettura.assi_assenti)))


class _Lettura:
    """I file di una cartella come voci non salvate; i problemi si raccolgono tutti."""

    def __init__(self, cartella: Path, assi: Mapping[str, Asse]) -> None:
        self.cartella = cartella
        self.problemi: list[str] = []
        self.assi_assenti: set[str] = set()
        self._assi = assi

    def bisogni(self) -> list[Bisogno]:
        lettere = {
            riga["lettera"]: riga["asse"]
            for riga in self._righe("bisogni/assi.csv", ("lettera", "asse"))
        }
        colonne = ("codice", "nome", "asse", "famiglia", "servizi_tipici", "stato")
        return self._voci(
            (
                riga,
                Bisogno(
                    asse=self._asse(self._una_fra(riga, "asse", lettere)),
                    famiglia=riga["famiglia"],
                    servizi_tipici=[s for s in riga["servizi_tipici"].split("|") if s],
                ),
            )
            for riga in self._righe("bisogni/bisogni.csv", colonne)
        )

    def condizioni(self) -> list[Condizione]:
        return self._voci([*self._vulnerabilita(), *self._salute()])

    def chiusure(self) -> list[TipoDiChiusura]:
        colonne = ("codice", "nome", "fse_uscita", "stato")
        return self._voci(
            (riga, TipoDiChiusura(uscita_fse=uscita, abbandono=abbandono))
            for riga in self._righe("valutazione/chiusura_caso.csv", colonne)
            for uscita, abbandono in [self._una_fra(riga, "fse_uscita", _USCITA) or (False, False)]
        )

    def _vulnerabilita(self) -> Iterator[tuple[Riga, Condizione]]:
        colonne = ("codice", "nome", "riferimento", "dato_particolare_art9", "assi", "stato")
        for riga in self._righe("bisogni/vulnerabilita.csv", colonne):
            particolare = self._una_fra(riga, "dato_particolare_art9", _PARTICOLARE)
            yield (
                riga,
                Condizione(
                    famiglia=Condizione.Famiglia.VULNERABILITA,
                    particolare=particolare is not False,
                    riferimento=riga["riferimento"],
                    valori=_RISPOSTE,
                ),
            )

    def _salute(self) -> Iterator[tuple[Riga, Condizione]]:
        colonne = ("codice", "nome", "uso", "valori", "base", "stato")
        base = ""
        for riga in self._righe("bisogni/disabilita_salute_flag.csv", colonne):
            base = base if riga["base"] == _COME_SOPRA else riga["base"]
            valori = [valore.strip().replace(" ", "-") for valore in riga["valori"].split("/")]
            yield (
                riga,
                Condizione(
                    famiglia=Condizione.Famiglia.SALUTE,
                    particolare=True,
                    riferimento=base,
                    valori=valori,
                ),
            )

    def _righe(self, file: str, colonne: Sequence[str]) -> tuple[Riga, ...]:
        try:
            return leggi(self.cartella / file, colonne)
        except TassonomiaErrata as errore:
            self.problemi += errore.problemi
            return ()

    def _una_fra(self, riga: Riga, colonna: str, ammesse: Mapping[str, Any]) -> Any:
        """Ciò che `ammesse` dà alla cella; se non è fra quelle lo annota e rende None."""
        if riga[colonna] not in ammesse:
            self.problemi.append(
                f"{riga.dove}: {colonna}: valore sconosciuto «{riga[colonna]}»: si scrive uno fra"
                f" {', '.join(ammesse)}"
            )
        return ammesse.get(riga[colonna])

    def _asse(self, slug: str | None) -> Asse | None:
        if slug and slug not in self._assi:
            self.assi_assenti.add(slug)
        return self._assi.get(slug)

    def _voci(self, lette: Iterable[tuple[Riga, Voce]]) -> list:
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
                # L'asse viene già dalla base di dati: cercarlo di nuovo costa una domanda per voce.
                voce.clean_fields(exclude={"asse"})
            except ValidationError as errore:
                self.problemi += [
                    f"{riga.dove}: {campo}: {' '.join(frasi)}"
                    for campo, frasi in errore.message_dict.items()
                ]
        return list(voci.values())


_CAMPI = {
    Bisogno: ("asse_id", "famiglia", "servizi_tipici"),
    Condizione: ("famiglia", "particolare", "riferimento", "valori"),
    TipoDiChiusura: ("uscita_fse", "abbandono"),
}


def _scrivi(voci: Sequence[Voce]) -> tuple[int, int, int]:
    """Scrive le voci di un vocabolario; rende quante nate, corrette, chiuse."""
    modello = type(voci[0])
    allineate = allinea(
        modello.objects.all(),
        voci,
        chiave=lambda voce: voce.codice,
        campi=("nome", "ordine", "dal", "al", *_CAMPI[modello]),
    )
    aperte = [voce.pk for voce in allineate.tolte if voce.al is None]
    chiuse = modello.objects.filter(pk__in=aperte).update(al=timezone.localdate())
    return len(allineate.nuove), len(allineate.corrette), chiuse
