"""L'edizione: testata, nodi, assi, cifre con la loro aritmetica, legami, testi dell'hub."""

from dataclasses import dataclass
from datetime import datetime

from report.contenuto.scheda import (
    AzioneContenuto,
    Numero,
    SchedaContenuto,
    UscitaContenuto,
    VoceContenuto,
)


@dataclass(frozen=True, slots=True)
class RapportoContenuto:
    """Testata dell'edizione.

    `periodo`: già in parole («luglio 2019 – giugno 2021»). `pubblicato_il`: `None` finché è una
    bozza, e allora la copertina dice «Bozza». `impronta`: SHA-256 esadecimale del contenuto
    congelato, stampata nel colophon. `novita`: che cosa cambia rispetto all'edizione prima.
    `progetto`: il nome del progetto, `progetto_slug` la sua sigla.
    """

    titolo: str
    sottotitolo: str
    progetto: str
    edizione: int
    pubblicato_il: datetime | None
    periodo: str
    impronta: str
    novita: str = ""
    progetto_slug: str = ""


@dataclass(frozen=True, slots=True)
class EnteContenuto:
    """Un ente della rete del progetto (capofila o partner).

    `nome`: come lo si scrive nei grafici e negli elenchi (la sigla, se c'è). `ruolo`: `"capofila"`
    o `"partner"`. `nodo` e `assi`: slug; `nodo` è `None` per chi lavora su più nodi.
    """

    slug: str
    denominazione: str
    nome: str
    ruolo: str
    nodo: str | None
    assi: tuple[str, ...] = ()
    comuni: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EntiDiAsse:
    """Gli enti (nomi) di un nodo su un asse."""

    asse: str
    denominazione: str
    enti: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodoContenuto:
    """Un nodo territoriale. `comuni`: nomi come nell'elenco ISTAT, li usa la mappa."""

    slug: str
    denominazione: str
    capofila: str
    comuni: tuple[str, ...]
    enti_per_asse: tuple[EntiDiAsse, ...]


@dataclass(frozen=True, slots=True)
class EntiDiNodo:
    """Gli enti (nomi) di un asse in un nodo."""

    nodo: str
    denominazione: str
    enti: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EsitiDiNodo:
    """Gli esiti di un asse in un nodo; `nodo` è `None` per quelli comuni a tutti."""

    nodo: str | None
    denominazione: str
    voci: tuple[VoceContenuto, ...]


@dataclass(frozen=True, slots=True)
class AsseContenuto:
    """Un asse (o le azioni trasversali: `trasversale` vero, senza nodi)."""

    slug: str
    denominazione: str
    obiettivo: str
    trasversale: bool
    enti_per_nodo: tuple[EntiDiNodo, ...]
    individuazione: tuple[VoceContenuto, ...]
    esiti: tuple[EsitiDiNodo, ...]
    criticita: tuple[VoceContenuto, ...]
    proposte: tuple[VoceContenuto, ...]
    azioni: tuple[AzioneContenuto, ...]


@dataclass(frozen=True, slots=True)
class AddendoContenuto:
    """Un conteggio di una scheda che entra in una cifra.

    `scheda` e `conteggio`: slug, fanno il rimando; `approssimazione` come dichiarata.
    """

    scheda: str
    scheda_titolo: str
    conteggio: str
    cosa: str
    unita: str
    valore: Numero | None
    approssimazione: str | None


@dataclass(frozen=True, slots=True)
class CifraContenuto:
    """Una cifra del rapporto con la sua aritmetica.

    `slug`: quelli di `report_pubblicato.yaml` (`individui-asti`, `enti-totale`, …). `valore`: ciò
    che danno le schede con la `regola`; `None` se non si ricalcola. `nodo`: slug, `None` = rete.
    `pubblicato`: ciò che era stato stampato; `scarto` = `valore` − `pubblicato` (`None` se manca
    l'uno o l'altro); `derivato`: ricavato per differenza da cifre stampate. `esito`: `esatto`,
    `esatto-ambiguo`, `derivato`, `compatibile`, `non-ricalcolabile`. `rispondenti` su
    `interrogate`: schede che hanno risposto su quelle a cui la cifra chiede un numero.
    """

    slug: str
    etichetta: str
    definizione: str
    valore: Numero | None
    unita: str | None
    nodo: str | None
    approssimazione: str | None
    regola: str
    regola_in_parole: str
    addendi: tuple[AddendoContenuto, ...]
    pubblicato: Numero | None
    scarto: Numero | None
    derivato: Numero | None
    esito: str
    nota: str
    rispondenti: int
    interrogate: int
    aritmetica: str = ""

    @property
    def in_mostra(self) -> Numero | None:
        """Il numero da leggere per primo: quello delle schede o, se non si ricalcola, lo stampato."""
        for valore in (self.valore, self.pubblicato, self.derivato):
            if valore is not None:
                return valore
        return None


@dataclass(frozen=True, slots=True)
class ValoreDiNodo:
    """Il totale di un nodo secondo una regola di conteggio."""

    nodo: str
    denominazione: str
    valore: Numero | None
    approssimazione: str | None


@dataclass(frozen=True, slots=True)
class RegolaContenuto:
    """Una regola di conteggio e i totali che dà; `scelta`: è quella di questa edizione."""

    slug: str
    descrizione: str
    valori: tuple[ValoreDiNodo, ...]
    totale: Numero | None
    approssimazione: str | None
    pubblicato: Numero | None
    scarto: Numero | None
    scelta: bool
    nota: str = ""


@dataclass(frozen=True, slots=True)
class DropOutContenuto:
    """I drop-out di un ente. `individui` e `nuclei` non si sommano fra loro.

    `ente`: il nome del primo dichiarante della scheda, `ente_slug` la sua sigla.
    """

    ente: str
    scheda: str
    scheda_titolo: str
    individui: int
    nuclei: int
    uscite: tuple[UscitaContenuto, ...]
    ente_slug: str = ""


@dataclass(frozen=True, slots=True)
class LegameContenuto:
    """Un legame dichiarato in una scheda: `da` un dichiarante, `verso` un altro soggetto.

    `da` e `verso` sono nomi; gli slug tengono unito lo stesso soggetto. `nuovo`: nato col progetto;
    altrimenti c'era già. `interno`: anche `verso` è un ente della rete del progetto.
    """

    da_slug: str
    da: str
    verso_slug: str
    verso: str
    nuovo: bool
    interno: bool


@dataclass(frozen=True, slots=True)
class BlocchiContenuto:
    """I testi scritti dall'hub, per sezione. In `proposte` l'`asse` della voce è l'ambito."""

    impatto_complessivo: tuple[VoceContenuto, ...]
    nuovi_bisogni: tuple[VoceContenuto, ...]
    proposte: tuple[VoceContenuto, ...]
    impatto_ente: tuple[VoceContenuto, ...]
    criticita: tuple[VoceContenuto, ...]
    opportunita: tuple[VoceContenuto, ...]


@dataclass(frozen=True, slots=True)
class Contenuto:
    """L'edizione intera. L'ordine di ogni tupla è quello in cui si stampa.

    `enti`: i soli enti della rete del progetto. `legami`: uno per coppia e scheda che lo dichiara,
    con «tutta la rete» già sciolto in nomi. `blocchi`: i testi dell'hub.
    """

    rapporto: RapportoContenuto
    nodi: tuple[NodoContenuto, ...]
    enti: tuple[EnteContenuto, ...]
    assi: tuple[AsseContenuto, ...]
    cifre: tuple[CifraContenuto, ...]
    regole: tuple[RegolaContenuto, ...]
    drop_out: tuple[DropOutContenuto, ...]
    legami: tuple[LegameContenuto, ...]
    blocchi: BlocchiContenuto
    schede: tuple[SchedaContenuto, ...]
