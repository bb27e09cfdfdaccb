"""schede.yaml: le schede di monitoraggio, sezione per sezione.

Una sezione `null` manca dalla scheda; una lista vuota è una sezione presente, senza voci.
"""

from typing import Literal

from pydantic import Field

from report.caricamento.formato.comune import (
    Citata,
    Forma,
    Frase,
    Parola,
    Piccolo,
    Quanti,
    Righe,
    Scala,
    Sigla,
    SiglaDiNodo,
    Testo,
    Titolo,
    Unita,
)
from report.models import (
    AttivitaDiScheda,
    Conteggio,
    Giudizio,
    Misuratore,
    VoceTestuale,
)


Approssimazione = Literal[*Conteggio.Approssimazione.values] | None
ParolaDiGiudizio = Literal[*Giudizio.Parola.values]
# Nei file anche «non si può esprimere» sta fra i giudizi; da noi è uno stato.
GiudizioDichiarato = Literal[*Giudizio.Parola.values, Giudizio.Stato.NON_ESPRIMIBILE.value]


class FormaIndicatore(Forma):
    """Ciò di cui le schede giudicano il miglioramento."""

    id: Sigla
    testo: Titolo
    asse: Sigla


class FormaConteggio(Citata):
    """Quanti beneficiari, in una unità sola."""

    id: Sigla
    cosa: Titolo
    unita: Literal[*Conteggio.Unita.values]
    valore: Quanti | None
    approssimato: Approssimazione
    asse: Sigla | None
    parte_di: Sigla | None
    composizione_di: Sigla | None = None
    ripartizione: Parola | None = None


class FormaUscita(Citata):
    """Chi ha lasciato."""

    id: Sigla
    cosa: Titolo
    unita: Literal[Conteggio.Unita.INDIVIDUI.value, Conteggio.Unita.NUCLEI.value]
    valore: Quanti | None


class FormaAltroNumero(Citata):
    """Un numero di contorno: un valore, oppure un minimo e un massimo."""

    id: Sigla
    cosa: Titolo
    unita: Unita
    valore: Quanti | None = None
    minimo: Quanti | None = None
    massimo: Quanti | None = None
    approssimato: Approssimazione


class FormaBeneficiari(Forma):
    """La sezione sui beneficiari; `drop_out` nullo vuol dire «non indicato»."""

    conteggi: list[FormaConteggio]
    drop_out: list[FormaUscita] | None
    altri_numeri: list[FormaAltroNumero]
    profilo: list[Frase]


class FormaIndividuazione(Frase):
    """Come sono stati trovati i beneficiari."""

    canale: Literal[*VoceTestuale.Canale.values]


class FormaGiudizio(Citata):
    """Quanto è migliorato un indicatore: un voto, una parola, o nessuno dei due."""

    indicatore: Sigla
    asse: Sigla
    valore: Piccolo | None
    scala: Scala
    giudizio: GiudizioDichiarato | None
    in_alcuni_casi: ParolaDiGiudizio | None = None


class FormaRetiPrima(Citata):
    """Con chi c'era già un rapporto; `eccetto` vale con `tutta_la_rete`."""

    tutta_la_rete: bool
    eccetto: list[Sigla]
    enti: list[Sigla]


class FormaRetiDopo(Citata):
    """Con chi il rapporto è nato."""

    enti: list[Sigla]


class FormaReti(Forma):
    """La sezione sulle reti."""

    preesistenti: FormaRetiPrima
    nuove: FormaRetiDopo
    testi: list[Frase]


class FormaCollaborazione(Citata):
    """La collaborazione con gli enti pubblici; `attivata` nullo vuol dire «non detto»."""

    attivata: bool | None
    enti: list[Sigla]
    formalizzata_con: list[Sigla]
    punti_forza: list[Frase]
    da_migliorare: list[Frase]


class FormaOutput(Citata):
    """Un prodotto contato, in una delle viste degli stessi fatti."""

    id: Sigla
    tipo: Sigla = Field(max_length=60)
    unita: Unita
    valore: Quanti | None
    gruppo: Literal[*Conteggio.Gruppo.values]
    presso: Sigla | None
    canali: list[Sigla]
    approssimato: Approssimazione
    asse: Sigla | None = None


class FormaRisultati(Forma):
    """La sezione sui risultati."""

    conteggi: list[FormaOutput]
    testi: list[Frase]


class FormaAttivita(Citata):
    """Se l'attività era ordinaria o nuova, su un asse."""

    asse: Sigla
    tipo: Literal[*AttivitaDiScheda.Tipo.values] | None
    elementi_innovativi: bool | None


class FormaImpattoEnte(Forma):
    """La sezione sull'impatto per l'ente."""

    attivita: list[FormaAttivita]
    testi: list[Frase]


class FormaMisuratore(Citata):
    """Un voto finale, per asse o uno solo, oppure il motivo per cui manca."""

    valore: Piccolo | None = None
    per_asse: dict[Sigla, Piccolo] | None = None
    scala: Scala = 10
    etichetta: bool
    motivo: Literal[*Misuratore.Motivo.values] | None
    testo: Testo | None = None
    incerto: bool = False


class FormaMisuratori(Forma):
    """I tre indicatori finali."""

    nuove_pratiche: FormaMisuratore
    capacity_building: FormaMisuratore
    gap_bisogni_soluzioni: FormaMisuratore


class FormaProsecuzione(Citata):
    """Se serve continuare; `null` vuol dire «non detto»."""

    necessaria: bool | None
    etichetta: bool
    secondo_asse: bool | None
    per_asse: dict[Sigla, bool | None] | None = None


class FormaScheda(Forma):
    """Una scheda di monitoraggio intera."""

    id: Sigla
    numero: Piccolo
    titolo: Titolo
    enti: list[Sigla] = Field(min_length=1)
    dichiaranti: list[Sigla] = Field(min_length=1)
    assi: list[Sigla] = Field(min_length=1)
    nodo: SiglaDiNodo | None
    pagine: list[int] = []
    righe: Righe | None = None
    azioni: list[Sigla]
    beneficiari: FormaBeneficiari
    vulnerabilita: list[Frase] | None
    individuazione: list[FormaIndividuazione] | None
    bisogni_motivazioni: list[Frase] | None
    impatto_beneficiari: list[FormaGiudizio] | None
    reti: FormaReti | None
    collaborazione_enti_pubblici: FormaCollaborazione | None
    output: FormaRisultati | None
    outcomes: list[Frase] | None
    impatto_ente: FormaImpattoEnte | None
    nuovi_bisogni: list[Frase] | None
    criticita: list[Frase] | None
    proposte: list[Frase] | None
    sostenibilita: list[Frase] | None = None
    indicatori_finali: FormaMisuratori
    prosecuzione: FormaProsecuzione | None


class FileSchede(Forma):
    """schede.yaml"""

    indicatori: list[FormaIndicatore]
    schede: list[FormaScheda] = Field(min_length=1)
