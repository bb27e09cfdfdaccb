"""Ciò che gira fra il motore dell'importazione e chi la guarda: scelte, dubbi, rifiuti, esame."""

import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any, Literal

from registro.comune.fogli.forme import Unita


Doppioni = Literal["rifiuta", "salta", "carica"]
# Il numero di una riga del foglio, e le sue celle come si vedono.
RigaLetta = tuple[int, tuple[str, ...]]
# La scelta, su una persona scritta nel foglio, di non essere nessuna di quelle proposte.
NUOVA = "nuova"


@dataclass(frozen=True, slots=True)
class Scelte:
    """Che cosa ha deciso chi importa: posizioni, codici e identificativi, mai dati di persone.

    `colonne`: lettera della colonna nel foglio → nome del campo («» se non si usa). `unita`: come
    si leggono i numeri soli di una colonna «durata». `azione` (slug), `servizio` (uuid),
    `operatore` (chiave dell'utente), `canale`: valgono per le righe che non lo dicono. `doppioni`:
    che cosa fare delle righe uguali fra loro o già registrate. `in_parte`: che cosa fare di quelle
    di cui solo qualche persona ha già la stessa prestazione.
    `righe_confermate`: le righe che si caricano anche se ci sono già, tutte o in parte.
    `nuove_persone`: crea chi non c'è, se ha cognome, nome e nascita. `nomi_unici`: un nome intero
    che nell'ente ha una persona sola è lei. `persone`: chiave di un `Dubbio` → uuid della persona, o
    `NUOVA`. `righe_saltate`: i numeri delle righe da lasciare fuori.
    """

    foglio: str = ""
    riga_intestazione: int | None = None
    colonne: dict[str, str] = field(default_factory=dict)
    unita: Unita | Literal[""] = ""
    azione: str = ""
    servizio: str = ""
    operatore: int | None = None
    canale: str = ""
    doppioni: Doppioni = "rifiuta"
    in_parte: Doppioni = "rifiuta"
    nuove_persone: bool = False
    nomi_unici: bool = False
    persone: dict[str, str] = field(default_factory=dict)
    righe_saltate: list[int] = field(default_factory=list)
    righe_confermate: list[int] = field(default_factory=list)

    @classmethod
    def da_json(cls, valori: dict[str, Any]) -> "Scelte":
        """Dal campo `Importazione.scelte`; ciò che non si conosce si ignora."""
        noti = {campo.name for campo in fields(cls)}
        return cls(**{nome: valore for nome, valore in valori.items() if nome in noti})

    def in_json(self) -> dict[str, Any]:
        return asdict(self)

    def con(self, **altre: Any) -> "Scelte":
        """Le stesse scelte, con `altre` al posto di quelle che nominano."""
        return replace(self, **altre)

    def senza_nuove(self) -> "Scelte":
        """Le stesse scelte, senza creare nessuno: chi si era detto nuovo torna da decidere."""
        persone = {chiave: chi for chiave, chi in self.persone.items() if chi != NUOVA}
        return self.con(nuove_persone=False, persone=persone)


@dataclass(frozen=True, slots=True)
class Rifiuto:
    """Perché una riga non si carica: `riga` è quella che si vede; `colonna` il nome scritto nel
    foglio, vuoto se riguarda la riga intera."""

    riga: int
    colonna: str
    motivo: str


@dataclass(frozen=True, slots=True)
class Candidato:
    """Una persona dell'ente che potrebbe essere quella scritta. `chiave` serve ad annotare la
    lettura; `nascita` e `comune` a distinguere gli omonimi; `perche` dice in che cosa somiglia."""

    chiave: int
    uuid: str
    nome: str
    nascita: date | None
    comune: str
    perche: str


@dataclass(frozen=True, slots=True)
class Dubbio:
    """Una persona scritta nel foglio che potrebbe essere una di quelle dell'ente.

    Si chiede una volta per tutte le `righe` in cui è scritta uguale. `chiave` («riga.posto» della
    prima volta) va in `Scelte.persone`. `puo_essere_nuova`: si può rispondere `NUOVA`.
    """

    chiave: str
    righe: tuple[int, ...]
    scritta: str
    nascita: date | None
    candidati: tuple[Candidato, ...]
    puo_essere_nuova: bool


@dataclass(frozen=True, slots=True)
class ChiManca:
    """Una persona scritta nel foglio che l'ente non ha e che non somiglia a nessuno.

    `righe` è quante la nominano. `intera`: se ne sanno cognome, nome e nascita, e si può creare;
    `nasce`: chi importa ha scelto di crearla.
    """

    scritta: str
    nascita: date | None
    righe: int
    intera: bool
    nasce: bool


@dataclass(frozen=True, slots=True)
class ServizioIgnoto:
    """Un nome di servizio che non si riconosce: quante righe lo usano e i servizi che somigliano
    di più, come (uuid, nome)."""

    scritto: str
    righe: int
    vicini: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Doppione:
    """Una riga che c'è già: `di` è la riga del foglio a cui è uguale, None se è nel registro.

    `in_parte`: nel registro ce l'hanno già alcune delle sue persone, le altre no.
    """

    riga: int
    di: int | None
    in_parte: bool = False


@dataclass(frozen=True, slots=True)
class Esame:
    """Com'è un foglio, riga per riga, prima di caricarlo.

    `lette` è quante righe di dati ci sono; `righe` come si vedono (numero, celle), larghe come
    `intestazioni`: vuoto se nessuno le deve guardare. `stati` dice, di quelle, quali sono in ogni
    stato (`importo.stati`). `valide` sono quelle che si scriverebbero;
    `saltate` quelle lasciate fuori perché ci sono già; `non_lette` (numero, perché) i titoli, i
    totali e le note. `gia_importato`: il file è già stato caricato.
    """

    foglio: str
    intestazioni: tuple[str, ...]
    lette: int
    valide: int
    righe: tuple[RigaLetta, ...] = ()
    stati: dict[str, tuple[int, ...]] = field(default_factory=dict)
    rifiuti: tuple[Rifiuto, ...] = ()
    dubbi: tuple[Dubbio, ...] = ()
    servizi_ignoti: tuple[ServizioIgnoto, ...] = ()
    chi_manca: tuple[ChiManca, ...] = ()
    doppioni: tuple[Doppione, ...] = ()
    saltate: tuple[int, ...] = ()
    non_lette: tuple[tuple[int, str], ...] = ()
    avvisi: tuple[str, ...] = ()
    gia_importato: date | None = None

    @property
    def righe_rifiutate(self) -> frozenset[int]:
        return frozenset(rifiuto.riga for rifiuto in self.rifiuti)

    @property
    def caricabile(self) -> bool:
        """Se niente è rifiutato o da decidere, e qualcosa resta da scrivere."""
        return not self.rifiuti and self.valide > 0

    def motivi(self) -> dict[int, list[Rifiuto]]:
        """I rifiuti di ogni riga."""
        per_riga: dict[int, list[Rifiuto]] = {}
        for rifiuto in self.rifiuti:
            per_riga.setdefault(rifiuto.riga, []).append(rifiuto)
        return per_riga

    def in_testo(self) -> str:
        """Come si conserva nel deposito."""
        return json.dumps(asdict(self), ensure_ascii=False, default=date.isoformat)

    @classmethod
    def da_testo(cls, testo: str) -> "Esame":
        valori = json.loads(testo)
        return cls(
            foglio=valori["foglio"],
            intestazioni=tuple(valori["intestazioni"]),
            lette=valori["lette"],
            valide=valori["valide"],
            righe=tuple((numero, tuple(celle)) for numero, celle in valori["righe"]),
            stati={stato: tuple(numeri) for stato, numeri in valori["stati"].items()},
            rifiuti=tuple(Rifiuto(**voce) for voce in valori["rifiuti"]),
            dubbi=tuple(_dubbio(voce) for voce in valori["dubbi"]),
            servizi_ignoti=tuple(
                ServizioIgnoto(v["scritto"], v["righe"], tuple(map(tuple, v["vicini"])))
                for v in valori["servizi_ignoti"]
            ),
            chi_manca=tuple(_chi_manca(voce) for voce in valori["chi_manca"]),
            doppioni=tuple(Doppione(**voce) for voce in valori["doppioni"]),
            saltate=tuple(valori["saltate"]),
            non_lette=tuple((numero, perche) for numero, perche in valori["non_lette"]),
            avvisi=tuple(valori["avvisi"]),
            gia_importato=_giorno(valori["gia_importato"]),
        )


def _dubbio(voce: dict[str, Any]) -> Dubbio:
    candidati = tuple(
        Candidato(**{**candidato, "nascita": _giorno(candidato["nascita"])})
        for candidato in voce["candidati"]
    )
    return Dubbio(
        **{
            **voce,
            "righe": tuple(voce["righe"]),
            "nascita": _giorno(voce["nascita"]),
            "candidati": candidati,
        }
    )


def _chi_manca(voce: dict[str, Any]) -> ChiManca:
    return ChiManca(**{**voce, "nascita": _giorno(voce["nascita"])})


def _giorno(testo: str | None) -> date | None:
    return date.fromisoformat(testo) if testo else None
