"""Una scheda di monitoraggio accettata, sezione per sezione."""

from dataclasses import dataclass
from decimal import Decimal


Numero = int | float | Decimal


@dataclass(frozen=True, slots=True)
class VoceContenuto:
    """Una frase di una sezione.

    `enti`: nomi degli enti citati. `asse`: slug, se la frase riguarda un asse solo. `gruppo`: a
    quale parte della scheda si riferisce, se la scheda ne distingue.
    """

    testo: str
    enti: tuple[str, ...] = ()
    asse: str | None = None
    gruppo: str | None = None
    nota: str | None = None


@dataclass(frozen=True, slots=True)
class AzioneContenuto:
    """Una attività svolta.

    `inizio` e `fine`: `"AAAA-MM"` o `"AAAA-MM-GG"`, `None` se non indicati. `integrativa`: fuori
    dal progetto ma a suo completamento.
    """

    titolo: str
    asse: str
    enti: tuple[str, ...]
    collaboratori: tuple[str, ...] = ()
    luoghi: tuple[str, ...] = ()
    inizio: str | None = None
    fine: str | None = None
    servizi: tuple[str, ...] = ()
    integrativa: bool = False


@dataclass(frozen=True, slots=True)
class UscitaContenuto:
    """Un drop-out dichiarato da una scheda: `valore` `None` = dichiarato senza numero."""

    cosa: str
    unita: str
    valore: int | None


@dataclass(frozen=True, slots=True)
class ConteggioContenuto:
    """Un conteggio di beneficiari dichiarato da una scheda.

    `parte_di` e `composizione_di`: slug di un altro conteggio della stessa scheda. `calcolato`:
    ciò che dava il registro, se lo dava; `motivo`: perché l'ente ha dichiarato altro.
    """

    slug: str
    cosa: str
    unita: str
    valore: Numero | None
    approssimazione: str | None
    asse: str | None = None
    parte_di: str | None = None
    composizione_di: str | None = None
    ripartizione: str | None = None
    calcolato: Numero | None = None
    motivo: str | None = None
    nota: str | None = None


@dataclass(frozen=True, slots=True)
class AltroNumeroContenuto:
    """Un numero di contorno: `valore` oppure un intervallo (`minimo`, `massimo`)."""

    cosa: str
    unita: str
    valore: Numero | None = None
    minimo: Numero | None = None
    massimo: Numero | None = None
    approssimazione: str | None = None


@dataclass(frozen=True, slots=True)
class IndividuazioneContenuto:
    """Come sono stati trovati i beneficiari. `canale`: slug; `etichetta`: come lo si scrive."""

    canale: str
    etichetta: str
    testo: str
    enti: tuple[str, ...] = ()
    asse: str | None = None


@dataclass(frozen=True, slots=True)
class GiudizioContenuto:
    """Il giudizio di una scheda su un indicatore.

    `stato`: `espresso`, `non-esprimibile`, `non-pertinente`, `non-pervenuto`. Se espresso c'è
    `valore` (voto da 1 a `scala`) oppure `giudizio` (slug della parola: `buono`, `molto-buono`…);
    una parola non diventa mai un voto. `in_alcuni_casi`: slug di un secondo giudizio parziale.
    """

    indicatore: str
    testo: str
    asse: str
    stato: str
    valore: int | None = None
    giudizio: str | None = None
    in_alcuni_casi: str | None = None
    scala: int = 10
    nota: str | None = None


@dataclass(frozen=True, slots=True)
class RetiContenuto:
    """Reti prima e dopo, come dichiarate: nomi. `tutta_la_rete` vale meno gli `eccetto`."""

    tutta_la_rete: bool
    eccetto: tuple[str, ...]
    preesistenti: tuple[str, ...]
    nuove: tuple[str, ...]
    testi: tuple[VoceContenuto, ...]


@dataclass(frozen=True, slots=True)
class CollaborazioneContenuto:
    """Collaborazione con enti pubblici. `attivata`: `None` = la scheda non lo dice."""

    attivata: bool | None
    enti: tuple[str, ...]
    formalizzata_con: tuple[str, ...]
    punti_forza: tuple[VoceContenuto, ...]
    da_migliorare: tuple[VoceContenuto, ...]


@dataclass(frozen=True, slots=True)
class OutputContenuto:
    """Un prodotto contato. `gruppo` (`totale`, `per-azienda`, `per-canale`, `quota`): viste diverse
    degli stessi fatti, mai da sommare fra loro. `presso` e `canali`: nomi da stampare.
    """

    slug: str
    etichetta: str
    unita: str
    valore: Numero | None
    gruppo: str
    presso: str | None = None
    canali: tuple[str, ...] = ()
    approssimazione: str | None = None
    asse: str | None = None


@dataclass(frozen=True, slots=True)
class AttivitaContenuto:
    """Per l'ente l'attività era `ordinaria`, `parziale`, `innovativa` o `None` (non detto)?"""

    asse: str
    tipo: str | None
    elementi_innovativi: bool | None


@dataclass(frozen=True, slots=True)
class MisuratoreContenuto:
    """Un misuratore su dieci.

    `slug`: `nuove_pratiche`, `capacity_building`, `gap_bisogni_soluzioni` (i valori di
    `Misuratore.Tipo`); `etichetta`: il titolo da stampare. `asse`: slug, se il voto è distinto per asse. `valore` `None` si stampa «non
    indicato»; `motivo` dice perché manca (`immagine-persa`, `etichetta-assente`, `solo-testo`).
    `incerto`: attribuzione dubbia, si segna.
    """

    slug: str
    etichetta: str
    valore: int | None
    asse: str | None = None
    scala: int = 10
    incerto: bool = False
    motivo: str | None = None
    testo: str | None = None
    nota: str | None = None


@dataclass(frozen=True, slots=True)
class ProsecuzioneContenuto:
    """È necessario proseguire? `None` = non detto. `secondo_asse`: lo afferma la pagina d'asse."""

    necessaria: bool | None
    secondo_asse: bool | None = None
    nota: str | None = None


@dataclass(frozen=True, slots=True)
class SchedaContenuto:
    """Una scheda di monitoraggio accettata, con tutte le sue sezioni.

    `nodo`: slug o `None` (trasversale). `enti`: quelli dell'intestazione; `dichiaranti`: chi parla
    (nomi; `dichiaranti_slug` le loro sigle, nello stesso ordine). Le sezioni che ammettono `None`
    distinguono «assente» da «vuota».
    """

    slug: str
    numero: int
    titolo: str
    enti: tuple[str, ...]
    dichiaranti: tuple[str, ...]
    assi: tuple[str, ...]
    nodo: str | None
    nodo_denominazione: str | None
    azioni: tuple[AzioneContenuto, ...]
    conteggi: tuple[ConteggioContenuto, ...]
    uscite: tuple[UscitaContenuto, ...] | None
    altri_numeri: tuple[AltroNumeroContenuto, ...]
    profilo: tuple[VoceContenuto, ...]
    vulnerabilita: tuple[VoceContenuto, ...] | None
    individuazione: tuple[IndividuazioneContenuto, ...] | None
    bisogni_motivazioni: tuple[VoceContenuto, ...] | None
    giudizi: tuple[GiudizioContenuto, ...]
    reti: RetiContenuto | None
    collaborazione: CollaborazioneContenuto | None
    output: tuple[OutputContenuto, ...]
    output_testi: tuple[VoceContenuto, ...]
    outcomes: tuple[VoceContenuto, ...] | None
    attivita: tuple[AttivitaContenuto, ...]
    impatto_ente: tuple[VoceContenuto, ...]
    nuovi_bisogni: tuple[VoceContenuto, ...] | None
    criticita: tuple[VoceContenuto, ...] | None
    proposte: tuple[VoceContenuto, ...] | None
    misuratori: tuple[MisuratoreContenuto, ...]
    prosecuzione: ProsecuzioneContenuto | None
    sostenibilita: tuple[VoceContenuto, ...] | None = None
    dichiaranti_slug: tuple[str, ...] = ()
