"""Ciò che ogni tipo di foglio ha in comune mentre lo si importa."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from assi.models import Azione, Servizio
from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.importo.banco import Banco
from prestazioni.importo.celle import Lettore
from prestazioni.importo.persone import Persone
from prestazioni.importo.tipi import Doppione, Scelte, ServizioIgnoto
from prestazioni.importo.vocabolari import Vocabolario
from registro.comune.fogli import forme
from registro.comune.fogli.celle import Cella, Riga
from registro.comune.fogli.forme import FormaNonCapita
from registro.comune.fogli.guardia import FoglioRifiutato


@dataclass(slots=True)
class Lavoro:
    """Un foglio aperto da importare: chi, con quali scelte, le celle e le persone scritte."""

    da: Attore
    scelte: Scelte
    lettore: Lettore
    persone: Persone
    azioni: Vocabolario
    operatori: Vocabolario
    oggi: date
    di_chi: list[tuple[int, int, int]] = field(default_factory=list)

    def chi(self, riga: Riga) -> list[int]:
        """Le persone della riga, già annotate fra chi compare dove."""
        numeri = self.persone.della_riga(riga)
        self.di_chi.extend((riga.numero, posto, chi) for posto, chi in enumerate(numeri))
        return numeri

    def azione(self, riga: Riga) -> int | None:
        """La chiave dell'azione della riga; quella del foglio se la cella è vuota."""
        cella = self.lettore.valore(
            riga, "azione", partial(_unica, vocabolario=self.azioni, che_cosa="un'azione")
        )
        return cella if cella is not None else self.azione_del_foglio()

    def azione_del_foglio(self) -> int | None:
        """L'azione scelta per tutto il foglio. Solleva FoglioRifiutato se non c'è più."""
        if not self.scelte.azione:
            return None
        trovata = self.azioni.trova(self.scelte.azione)
        if len(trovata) == 1:
            return next(iter(trovata))
        azione = Azione.objects.filter(slug=self.scelte.azione).first()
        if azione is None:
            raise FoglioRifiutato("L'azione scelta per il foglio non c'è: scegline un'altra.")
        return azione.pk

    def operatori_della_riga(self, riga: Riga) -> list[int]:
        """Chi ha lavorato, il primo per primo; chi importa (o chi ha scelto) se la riga tace."""
        parti = [self.lettore.cella(riga, c) for c in ("operatore_cognome", "operatore_nome")]
        if any(parte is not None for parte in parti):
            return self._in_due_colonne(riga, parti)
        scritti = self.lettore.valore(
            riga, "operatore", partial(_operatori, vocabolario=self.operatori)
        )
        return list(scritti or [self.operatore_del_foglio()])

    def _in_due_colonne(self, riga: Riga, parti: Sequence[Cella]) -> list[int]:
        try:
            intero = " ".join(forme.testo(parte) for parte in parti if parte is not None)
            return list(_operatori(intero, vocabolario=self.operatori))
        except FormaNonCapita as errore:
            self.lettore.rifiuta(riga, "operatore_cognome", errore.frase)
            return [self.da.utente.pk]

    def operatore_del_foglio(self) -> int:
        """Chi ha lavorato se il foglio non lo dice. Solleva FoglioRifiutato se non è dell'ente."""
        scelto = self.scelte.operatore
        if scelto is None or scelto == self.da.utente.pk:
            return self.da.utente.pk
        if scelto not in self.operatori.nomi:
            raise FoglioRifiutato("L'operatore scelto per il foglio non è di questo ente.")
        return scelto


class Carico(ABC):
    """Un tipo di foglio: come si legge una riga, come si controlla, come si scrive.

    `leggi` per ogni riga; poi, sul banco e in una transazione, `stendi`, `controlla` e, se niente è
    rifiutato, `scrivi`.
    """

    # Il foglio porta persone nuove; una cella ne può nominare più d'una.
    nuove_persone = False
    molte_persone = False

    def __init__(self, lavoro: Lavoro) -> None:
        self.lavoro = lavoro
        self.avvisi: list[str] = []

    def valori(self) -> dict:
        """I valori che le interrogazioni usano: chi importa e come si chiamano le colonne."""
        lettore, da = self.lavoro.lettore, self.lavoro.da
        return {
            "ente": da.ente.pk,
            "utente": da.utente.pk,
            "oggi": self.lavoro.oggi,
            "colonna_persona": lettore.nome("persona", "cognome", "nome", "codice"),
            "colonna_azione": lettore.nome("azione"),
            "colonna_codice": lettore.nome("codice"),
        }

    @abstractmethod
    def leggi(self, riga: Riga) -> None:
        """Legge una riga del foglio; ciò che non va lo dice al lettore."""

    def avvisi_alla_fine(self) -> list[str]:
        """Gli avvisi che si sanno solo dopo l'ultima riga."""
        return []

    @abstractmethod
    def stendi(self, banco: Banco) -> None:
        """Porta le righe lette nella tabella provvisoria."""

    @abstractmethod
    def controlla(self, banco: Banco) -> None:
        """Scrive accanto a ogni riga che non può entrare il perché."""

    @abstractmethod
    def scrivi(self, banco: Banco, importazione: int) -> int:
        """Scrive le righe e rende quante ne ha scritte."""

    def servizi_ignoti(self) -> tuple[ServizioIgnoto, ...]:
        return ()

    def saltate(self, doppioni: Sequence[Doppione]) -> tuple[int, ...]:
        """Le righe che si lasciano fuori senza rifiutarle."""
        scelte = self.lavoro.scelte
        return tuple(
            sorted(
                doppione.riga
                for doppione in doppioni
                if (scelte.in_parte if doppione.in_parte else scelte.doppioni) == "salta"
            )
        )

    def doppioni(self, banco: Banco) -> tuple[Doppione, ...]:
        """Le righe uguali ad altre del foglio o già nel registro."""
        righe = banco.leggi("SELECT riga, di, in_parte FROM importo_doppione ORDER BY riga")
        return tuple(Doppione(*riga) for riga in righe)

    def togli_le_confermate(self, banco: Banco) -> None:
        """Ciò che chi importa ha scelto di caricare lo stesso non è più un doppione."""
        if self.lavoro.scelte.righe_confermate:
            banco.esegui(_TOGLI_LE_CONFERMATE, confermate=self.lavoro.scelte.righe_confermate)


_DOPPIONI = """
INSERT INTO importo_rifiuto
SELECT riga, '', CASE WHEN di IS NULL THEN %(gia_scritta)s
    ELSE 'La riga è uguale alla riga ' || di || ': togline una, o scegli di saltare i doppioni.' END
FROM importo_doppione WHERE NOT in_parte
"""
_TOGLI_LE_CONFERMATE = "DELETE FROM importo_doppione WHERE riga = ANY(%(confermate)s)"
CREA_DOPPIONI = """
DROP TABLE IF EXISTS pg_temp.importo_doppione;
CREATE TEMP TABLE importo_doppione (riga integer, di integer, in_parte boolean DEFAULT false)
    ON COMMIT DROP;
"""
GIA_SCRITTA = "È già nel Registro: togli la riga, o scegli di saltare i doppioni."


def rifiuta_i_doppioni(banco: Banco, gia_scritta: str = GIA_SCRITTA) -> None:
    banco.esegui(_DOPPIONI, gia_scritta=gia_scritta)


def canale_del_foglio(scelte: Scelte) -> str:
    """Come sono arrivate le persone, per chi non lo dice. Solleva FoglioRifiutato."""
    if scelte.canale and scelte.canale not in PresaInCarico.Canale.values:
        noti = ", ".join(PresaInCarico.Canale.values)
        raise FoglioRifiutato(f"«{scelte.canale}» non dice come sono arrivate: {noti}.")
    return scelte.canale


def servizio_del_foglio(scelte: Scelte, da: Attore) -> int | None:
    """Il servizio scelto per le righe che non lo dicono. Solleva FoglioRifiutato se non è suo."""
    if not scelte.servizio:
        return None
    servizio = Servizio.objects.di(da.ente).filter(uuid=scelte.servizio).first()
    if servizio is None:
        raise FoglioRifiutato("Il servizio scelto per il foglio non è di questo ente.")
    return servizio.pk


def _unica(cella: Cella, vocabolario: Vocabolario, che_cosa: str) -> int:
    scritto = forme.testo(cella)
    trovate = vocabolario.trova(scritto)
    if len(trovate) == 1:
        return next(iter(trovate))
    if trovate:
        raise FormaNonCapita(f"«{scritto}» può essere più d'una: scrivila per intero.")
    raise FormaNonCapita(vocabolario.non_trovata(scritto, f"{che_cosa} che si riconosce"))


def _operatori(cella: Cella, vocabolario: Vocabolario) -> tuple[int, ...]:
    """Uno, o più d'uno in una cella: «Costa e Bianchi»."""
    scritto = forme.testo(cella)
    interi = vocabolario.trova(scritto)
    nomi = (scritto,) if interi else forme.nomi(cella)
    trovati = [_unica(nome, vocabolario, "un operatore dell'ente") for nome in nomi]
    return tuple(dict.fromkeys(trovati))


def una_di(cella: Cella, vocabolario: Vocabolario, che_cosa: str) -> int:
    """La sola voce che si chiama così. Solleva FormaNonCapita con le più vicine."""
    return _unica(cella, vocabolario, che_cosa)
