"""Un mondo grande e inventato, caricato con COPY: enti, operatori, persone, casi, valutazioni.

Serve alle misure, su un database che si butta. Scrive da superutente coi trigger spenti: è il solo
modo di caricare un milione di righe in pochi secondi, e non serve a nient'altro. I nomi nascono
da sillabe; nessuno è di nessuno.
"""

import random
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg
from psycopg import sql

from misure.mondo_prestazioni import Prestazioni


_SILLABE = ("ro", "ma", "ri", "be", "lo", "ca", "ne", "ti", "sa", "go", "da", "vi", "pe", "lu")
_FINALI = ("ssi", "ni", "tti", "lli", "sco", "no", "zzi", "gna", "chi", "vo")
_NOMI = ("anna", "luca", "amina", "paolo", "ion", "sara", "karim", "elena", "marco", "olga")
_COMUNI = ("Asti", "Alessandria", "Nizza Monferrato", "Acqui Terme", "Casale Monferrato")
_PRIMO = date(2024, 1, 1)
_ADESSO = datetime.fromisoformat("2026-11-01T09:00:00+00:00")
GRUPPI = ["anagrafica", "contatti", "prestazioni", "bisogni", "valutazioni"]


@dataclass(frozen=True)
class Grandezza:
    """Quante righe: i predefiniti sono quelli della misura ufficiale."""

    enti: int = 300
    operatori_per_ente: int = 3
    persone: int = 60_000
    valutazioni: int = 1_000_000
    autorizzazioni: int = 50_000
    letture: int = 200_000
    prestazioni: int = 0


class Mondo:
    """Genera le righe, ripetibili a parità di `seme`, e le carica su una connessione."""

    def __init__(self, connessione: psycopg.Connection, grandezza: Grandezza, seme: int = 7):
        self.connessione = connessione
        self.quanto = grandezza
        self.caso = random.Random(seme)  # noqa: S311 - dati di prova
        # Pochi enti grandi e molti piccoli, come nella realtà.
        self.pesi = [1 / posto**0.7 for posto in range(1, grandezza.enti + 1)]

    def carica(self) -> None:
        """Carica tutto e aggiorna le statistiche di PostgreSQL."""
        with self.connessione.transaction():
            self.connessione.execute("SET LOCAL session_replication_role = replica")
            self._cornice()
            self._persone()
            self._casi()
            self._condivisioni()
            self._letture()
            if self.quanto.prestazioni:
                Prestazioni(self).carica()
        self.connessione.autocommit = True
        self.connessione.execute("VACUUM (ANALYZE)")

    def copia(self, tabella: str, colonne: str, righe: Iterable[tuple]) -> None:
        nomi = sql.SQL(", ").join(map(sql.Identifier, colonne.split()))
        comando = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(tabella), nomi)
        with self.connessione.cursor() as cursore, cursore.copy(comando) as copia:
            for riga in righe:
                copia.write_row(riga)

    def prossimo(self, tabella: str, quanti: int) -> range:
        """Riserva `quanti` numeri della sequenza della tabella."""
        sequenza = f"{tabella}_id_seq"
        (primo,) = self.connessione.execute("SELECT nextval(%s)", [sequenza]).fetchone()
        self.connessione.execute("SELECT setval(%s, %s)", [sequenza, primo + quanti])
        return range(primo, primo + quanti)

    def uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.caso.getrandbits(128), version=4)

    def _giorno(self) -> date:
        return _PRIMO + timedelta(self.caso.randrange(1000))

    def _cornice(self) -> None:
        self._enti()
        self._utenti()
        self._azioni()

    def _enti(self) -> None:
        self.enti = self.prossimo("enti_ente", self.quanto.enti)
        self.copia(
            "enti_ente",
            "id uuid slug denominazione sigla altre_grafie natura forma_giuridica sezione_runts"
            " numero_runts codice_fiscale partita_iva ruolo altri_ruoli generico nome_omesso"
            " ospita_coordinamento attivo note",
            (
                (
                    *(n, self.uuid(), f"mondo-{n}", f"Ente {n}", "", [], "ETS"),
                    *("", "", "", "", "", "partner", [], False, False, False, True, ""),
                )
                for n in self.enti
            ),
        )

    def _utenti(self) -> None:
        quanti = self.quanto.enti * self.quanto.operatori_per_ente
        self.utenti = self.prossimo("enti_utente", quanti)
        self.copia(
            "enti_utente",
            "id password is_superuser email nome cognome is_active di_sistema",
            (
                (n, "!", False, f"mondo{n}@rete.example", "Op", str(n), True, False)
                for n in self.utenti
            ),
        )
        self.copia(
            "enti_appartenenza",
            "utente_id ente_id ruolo inizio",
            (
                (
                    utente,
                    self.enti[posto % self.quanto.enti],
                    "referente" if posto < self.quanto.enti else "operatore",
                    _PRIMO,
                )
                for posto, utente in enumerate(self.utenti)
            ),
        )

    def _azioni(self) -> None:
        (self.progetto,) = self.prossimo("assi_progetto", 1)
        (self.asse,) = self.prossimo("assi_asse", 1)
        self.azioni = self.prossimo("assi_azione", 20)
        self.indicatori = self.prossimo("assi_indicatore", 12)
        self.copia(
            "assi_progetto",
            "id slug titolo sottotitolo descrizione",
            [(self.progetto, "mondo", "Mondo", "", "")],
        )
        self.copia(
            "assi_asse",
            "id slug denominazione altre_denominazioni tipo obiettivo ordine",
            [(self.asse, "mondo", "Asse", [], "asse", "", 1)],
        )
        self.copia(
            "assi_azione",
            "id slug progetto_id asse_id titolo luoghi sedi servizi inizio_al_mese fine_al_mese"
            " integrativa note",
            (
                (
                    *(n, f"mondo-{n}", self.progetto, self.asse, f"Azione {n}"),
                    *([], [], [], False, False, False, ""),
                )
                for n in self.azioni
            ),
        )
        self.copia(
            "assi_indicatore",
            "id slug testo asse_id ordine",
            ((n, f"mondo-{n}", f"Indicatore {n}", self.asse, n) for n in self.indicatori),
        )

    def di_chi(self, ente: int) -> int:
        """Un operatore dell'ente."""
        giro = self.caso.randrange(self.quanto.operatori_per_ente)
        return self.utenti[(ente - self.enti[0]) + giro * self.quanto.enti]

    def _nome(self) -> tuple[str, str]:
        pezzi = [self.caso.choice(_SILLABE), self.caso.choice(_SILLABE), self.caso.choice(_FINALI)]
        return "".join(pezzi).capitalize(), self.caso.choice(_NOMI).capitalize()

    def _persone(self) -> None:
        self.persone = self.prossimo("beneficiari_beneficiario", self.quanto.persone)
        self.ente_di = self.caso.choices(self.enti, self.pesi, k=self.quanto.persone)
        self.copia(
            "beneficiari_beneficiario",
            "id uuid ente_id cognome nome nome_scelto nome_cercato data_nascita nascita_stimata"
            " genere cittadinanze lingue comune anonimo codice_anonimo inserito_il inserito_da_id"
            " versione",
            self._righe_di_persone(),
        )

    def _righe_di_persone(self) -> Iterator[tuple]:
        for persona, ente in zip(self.persone, self.ente_di, strict=True):
            cognome, nome = self._nome()
            nascita = date(1935, 1, 1) + timedelta(self.caso.randrange(31_000))
            yield (
                *(persona, self.uuid(), ente, cognome, nome, ""),
                *(f"{cognome} {nome}".lower(), nascita, False, "", [], []),
                *(self.caso.choice(_COMUNI), False, "", _ADESSO, self.di_chi(ente), 1),
            )

    def _casi(self) -> None:
        self.aperture = [self._giorno() for _ in range(self.quanto.persone)]
        self.prese = self.prossimo("beneficiari_presaincarico", self.quanto.persone)
        self.azione_di = self.caso.choices(self.azioni, k=self.quanto.persone)
        operatori = [self.di_chi(ente) for ente in self.ente_di]
        casi = list(zip(self.prese, self.persone, self.ente_di, operatori, strict=True))
        self.copia(
            "beneficiari_presaincarico",
            "id uuid ente_id beneficiario_id azione_id canale motivazione operatore_id aperta_il"
            " esito_in_parole fase_abbandono motivo_abbandono unita_abbandono prosecuzione versione",
            (
                (
                    *(presa, self.uuid(), ente, persona, self.azione_di[posto], "passaparola"),
                    *("", operatore, self.aperture[posto], "", "", "", "", "", 1),
                )
                for posto, (presa, persona, ente, operatore) in enumerate(casi)
            ),
        )
        self._affidamenti(casi)
        self._valutazioni(casi)

    def _affidamenti(self, casi: list[tuple[int, int, int, int]]) -> None:
        self.copia(
            "beneficiari_affidamento",
            "ente_id beneficiario_id utente_id presa_id tipo motivo dal",
            (
                (ente, persona, operatore, presa, "assegnato", "", _ADESSO)
                for presa, persona, ente, operatore in casi
            ),
        )

    def _valutazioni(self, casi: list[tuple[int, int, int, int]]) -> None:
        self.copia(
            "beneficiari_valutazione",
            "uuid ente_id beneficiario_id presa_id indicatore_id momento valutata_il valore giudizio"
            " non_esprimibile da_id",
            self._righe_di_valutazioni(casi),
        )

    def _righe_di_valutazioni(self, casi: list[tuple[int, int, int, int]]) -> Iterator[tuple]:
        for numero in range(self.quanto.valutazioni):
            giro, posto = divmod(numero, len(casi))
            presa, persona, ente, operatore = casi[posto]
            # Un giorno diverso a ogni giro: lo stesso indicatore non si valuta due volte in un giorno.
            yield (
                *(self.uuid(), ente, persona, presa, self.caso.choice(self.indicatori)),
                *("in-itinere", _PRIMO + timedelta(giro), self.caso.randint(1, 10), "", False),
                operatore,
            )

    def _condivisioni(self) -> None:
        (accordo,) = self.prossimo("privacy_accordocontitolarita", 1)
        self.copia(
            "privacy_accordocontitolarita",
            "id uuid titolo versione finalita contenuto risponde_id contatto dal",
            [
                (
                    accordo,
                    self.uuid(),
                    "Mondo",
                    1,
                    ["presa-in-carico"],
                    "",
                    self.enti[0],
                    "privacy@rete.example",
                    _PRIMO,
                )
            ],
        )
        self.copia(
            "beneficiari_autorizzazione",
            "uuid ente_id destinatario_id beneficiario_id livello gruppi finalita fondamento"
            " accordo_id dal al concessa_da_id concessa_il motivo_revoca",
            self._righe_di_condivisioni(accordo),
        )

    def _righe_di_condivisioni(self, accordo: int) -> Iterator[tuple]:
        scelte = self.caso.choices(range(self.quanto.persone), k=self.quanto.autorizzazioni)
        riceventi = self.caso.choices(self.enti, self.pesi, k=self.quanto.autorizzazioni)
        for posto, ricevente in zip(scelte, riceventi, strict=True):
            ente = self.ente_di[posto]
            if ente != ricevente:
                yield (
                    *(self.uuid(), ente, ricevente, self.persone[posto], "completo", GRUPPI),
                    *("presa-in-carico", "legge", accordo, _PRIMO, date(2030, 12, 31)),
                    *(self.di_chi(ente), _ADESSO, ""),
                )

    def _letture(self) -> None:
        self.copia(
            "privacy_registroaccessi",
            "quando utente_id ente_id ente_titolare_id beneficiario finalita gruppi uscita pagina"
            " richiesta",
            (
                (
                    _ADESSO - timedelta(minutes=self.caso.randrange(500000)),
                    self.di_chi(ente),
                    ente,
                    ente,
                    persona,
                    "assistenza",
                    ["anagrafica"],
                    "pagina",
                    "mondo",
                    "",
                )
                for persona, ente in self.caso.choices(
                    list(zip(self.persone, self.ente_di, strict=True)), k=self.quanto.letture
                )
            ),
        )
