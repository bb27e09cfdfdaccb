"""I file che dicono chi c'è e che cosa fa: enti, nodi, assi, azioni."""

from typing import Literal

from pydantic import Field

from assi.models import Asse, Programma
from enti.models import Ente, PresenzaTerritoriale
from report.caricamento.formato.comune import (
    Data,
    Forma,
    FraseDellHub,
    Nome,
    Piccolo,
    Riga,
    Righe,
    Sigla,
    SiglaDiNodo,
    Testo,
    Titolo,
)


RuoloNellaRete = Literal[*Ente.RuoloNellaRete.values]


class FormaConsorzio(Forma):
    """Il consorzio di un ente, e da che cosa lo si sa."""

    id: Sigla
    base: Literal["dichiarata", "intestazione-scheda"]


class FormaComune(Forma):
    """Un comune in cui l'ente ha sede o lavora."""

    nome: Nome
    tipo: Literal[*PresenzaTerritoriale.Tipo.values]


class FormaEnte(Forma):
    """Un soggetto nominato, della rete o no."""

    id: Sigla
    denominazione: Titolo
    sigla: Nome | None = None
    altre_grafie: list[Titolo] = []
    forma_giuridica: Literal[*Ente.FormaGiuridica.values] | None
    natura: Literal[*Ente.Natura.values] | None
    nodo: SiglaDiNodo | None
    assi: list[Sigla]
    ruolo: RuoloNellaRete
    altri_ruoli: list[RuoloNellaRete] = []
    capofila_di: SiglaDiNodo | None = None
    parte_di: Sigla | None = None
    consorzio: FormaConsorzio | None
    comuni: list[FormaComune]
    generico: bool = False
    nome_omesso: bool = False
    righe: Righe | None = None
    note: Testo | None = None

    @property
    def della_rete(self) -> bool:
        """Vero per capofila e partner: l'insieme che «tutta la rete» nomina."""
        return self.ruolo in Ente.RUOLI_DELLA_RETE


class FormaProgramma(Forma):
    """Una misura, un progetto, un fondo o un servizio: un canale, non un ente."""

    id: Sigla
    denominazione: Titolo
    altre_grafie: list[Titolo] = []
    tipo: Literal[*Programma.Tipo.values]
    righe: Righe | None = None
    note: Testo | None = None


class FileEnti(Forma):
    """enti.yaml"""

    enti: list[FormaEnte] = Field(min_length=1)
    programmi: list[FormaProgramma] = []


class FormaNodo(Forma):
    """Un nodo territoriale."""

    id: SiglaDiNodo
    denominazione: Nome
    parte: Piccolo
    capofila: Sigla
    comuni: list[Nome]
    enti_per_asse: dict[Sigla, list[Sigla]]
    pagina: int | None = None
    righe: Righe | None = None
    note: Testo | None = None


class FormaAzioneTrasversale(Forma):
    """Un compito che serve tutta la rete e l'ente che lo svolge; `hub` è il coordinamento."""

    id: Sigla
    denominazione: Titolo
    ente: Sigla
    sistema: Sigla | None = None
    pagina: int | None = None
    righe: Righe | None = None
    note: Testo | None = None


class FileNodi(Forma):
    """nodi.yaml"""

    nodi: list[FormaNodo] = Field(min_length=1)
    azioni_trasversali: list[FormaAzioneTrasversale] = []


class FormaAsse(Forma):
    """Un asse, con ciò che l'hub ne scrive nel rapporto."""

    id: Sigla
    denominazione: Nome
    altre_denominazioni: list[Titolo] = []
    tipo: Literal[*Asse.Tipo.values]
    obiettivo: Testo
    enti_per_nodo: dict[SiglaDiNodo, list[Sigla]]
    enti: list[Sigla] = []
    individuazione: list[FraseDellHub]
    esiti: dict[SiglaDiNodo, list[FraseDellHub]]
    criticita: list[FraseDellHub]
    proposte: list[FraseDellHub]
    pagina: int | None = None
    righe: Righe | None = None
    note: Testo | None = None


class FileAssi(Forma):
    """assi.yaml"""

    assi: list[FormaAsse] = Field(min_length=1)


class FormaPeriodo(Forma):
    """Una tappa dichiarata di un'azione."""

    inizio: Data
    fine: Data
    descrizione: Titolo | None = None


class FormaAzione(Forma):
    """Un'attività del progetto, di uno o più enti, su un asse."""

    id: Sigla
    enti: list[Sigla] = Field(min_length=1)
    enti_collaboratori: list[Sigla] = []
    asse: Sigla
    nodo: SiglaDiNodo | None
    scheda: Sigla | None
    titolo: Titolo
    luoghi: list[Nome]
    sedi: list[Titolo] = []
    inizio: Data | None
    fine: Data | None
    periodi: list[FormaPeriodo] = []
    servizi: list[Riga]
    integrativa: bool = False
    pagina: int | None = None
    righe: Righe | None = None
    note: Testo | None = None


class FileAzioni(Forma):
    """azioni.yaml"""

    azioni: list[FormaAzione]
