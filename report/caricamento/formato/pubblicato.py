"""report_pubblicato.yaml: le cifre stampate e i testi che l'hub ha scritto.

Le cifre le legge `report.calcolo`, che ne fa il piano; qui se ne controlla la forma.
"""

from typing import Literal

from pydantic import ConfigDict

from report.caricamento.formato.comune import (
    Forma,
    FraseDellHub,
    Numero,
    Quanti,
    Righe,
    Sigla,
    SiglaDiNodo,
    Testo,
    Titolo,
    Unita,
)
from report.models import Cifra


class FormaAddendo(Forma):
    """Un conteggio che entra in una cifra, col valore che aveva quando la si è annotata."""

    scheda: Sigla
    conteggio: Sigla
    valore: Numero | None = None


class FormaIpotesi(Forma):
    """Un modo in cui la cifra potrebbe essere nata."""

    id: Sigla
    aritmetica: Testo | None = None
    addendi: list[FormaAddendo] = []
    somma: Numero
    residuo: Numero
    compatibile: bool
    note: Testo | None = None


class FormaRicalcolo(Forma):
    """Come la cifra stampata si rifà dalle schede, o perché non si può."""

    esito: Literal[*Cifra.Esito.values]
    da_cifre: list[Sigla] = []
    aritmetica: Testo | None = None
    addendi: list[FormaAddendo] = []
    ipotesi: list[FormaIpotesi] = []
    note: Testo | None = None


class FormaCifra(Forma):
    """Una cifra stampata (o che avrebbe dovuto esserlo)."""

    id: Sigla
    etichetta: Titolo
    valore: Numero | None
    unita: Unita | None
    nodo: SiglaDiNodo | None
    stampato: bool
    ocr: str | None = None
    pagina: int | None = None
    righe: Righe | None = None
    derivato: Numero | None = None
    incerto: bool = False
    ricalcolo: FormaRicalcolo
    note: Testo | None = None


class FormaRegola(Forma):
    """Le schede contate con una regola sola: oltre ai campi noti, un totale per nodo."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True)

    id: Sigla
    descrizione: Testo
    totale: Numero
    aritmetica: Testo | None = None
    note: Testo | None = None


class FormaUsciteDiScheda(Forma):
    """I drop-out di una scheda, per unità."""

    scheda: Sigla
    ente: Sigla
    individui: Quanti
    nuclei: Quanti
    aritmetica: Testo | None = None


class FormaRicalcoloUscite(Forma):
    """Come si rifanno i drop-out stampati."""

    esito: Literal[*Cifra.Esito.values]
    per_scheda: list[FormaUsciteDiScheda] = []
    totale_individui: Quanti | None = None
    totale_nuclei: Quanti | None = None
    note: Testo | None = None


class FormaEntiConUscite(Forma):
    """Gli enti che il rapporto stampato dice aver avuto drop-out."""

    enti: list[Sigla]
    pagina: int | None = None
    righe: Righe | None = None
    ricalcolo: FormaRicalcoloUscite
    note: Testo | None = None


class FormaProposta(FraseDellHub):
    """Una proposta dell'hub, su un ambito (un asse)."""

    ambito: Sigla


class FormaControlloInterno(Forma):
    """Una somma dentro una scheda, annotata da chi ha letto il rapporto."""

    id: Sigla
    scheda: Sigla
    aritmetica: Testo
    esito: Literal[*Cifra.Esito.values, "incoerente"]
    righe: Righe | None = None
    note: Testo | None = None


class FilePubblicato(Forma):
    """report_pubblicato.yaml"""

    cifre: list[FormaCifra]
    regole_di_conteggio: list[FormaRegola] = []
    enti_con_drop_out: FormaEntiConUscite | None = None
    impatto_complessivo: list[FraseDellHub] = []
    nuovi_bisogni: list[FraseDellHub] = []
    proposte: list[FormaProposta] = []
    impatto_ente: list[FraseDellHub] = []
    criticita: list[FraseDellHub] = []
    opportunita: list[FraseDellHub] = []
    controlli_interni: list[FormaControlloInterno] = []
