"""La forma del modello di scheda: sezioni e domande come dati.

Un modello è un file di `dati/modelli/` (o, in seguito, ciò che il coordinamento scrive a video) e
finisce in `ModelloScheda.sezioni`. Cambiare le domande dell'anno dopo non tocca il codice: qui sta
solo la forma che le domande possono avere.
"""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from report.models import Conteggio, Legame, Misuratore, ModelloScheda


# Il tipo di righe con cui si risponde a una domanda, e il modello che le tiene.
TipoDiDomanda = Literal[
    "azioni",  # AzioneDiScheda
    "conteggi",  # Conteggio con unità, parte_di e composizione_di; codice = Conteggio.sezione
    "numeri",  # Conteggio con un valore o un minimo e un massimo; codice = Conteggio.sezione
    "output",  # Conteggio con tipo, vista, presso e canali; codice = Conteggio.sezione
    "uscite",  # Uscita
    "voci",  # VoceTestuale; codice = VoceTestuale.sezione
    "canali",  # VoceTestuale con un canale; codice = VoceTestuale.sezione
    "giudizi",  # Giudizio, uno per indicatore degli assi della scheda
    "legami",  # Legame; codice = Legame.momento
    "collaborazione",  # CollaborazionePubblica
    "attivita",  # AttivitaDiScheda, una per asse
    "misuratore",  # Misuratore; codice = Misuratore.tipo
    "prosecuzione",  # Prosecuzione
]

_CODICI_DEL_TIPO: dict[str, set[str]] = {
    "conteggi": {Conteggio.Sezione.BENEFICIARI},
    "numeri": {Conteggio.Sezione.ALTRI_NUMERI},
    "output": {Conteggio.Sezione.OUTPUT},
    "legami": set(Legame.Momento),
    "misuratore": set(Misuratore.Tipo),
}

Codice = Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=40)


class _Forma(BaseModel):
    """Chiavi note e tipi esatti: un errore di battitura non passa in silenzio."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class TipoDiOutput(_Forma):
    """Un prodotto che si può contare: come lo si salva e come lo si legge."""

    codice: str = Codice
    etichetta: str


class Domanda(_Forma):
    """Una domanda della scheda. `codice` dice dove vanno le righe (vedi `TipoDiDomanda`).

    `unita`: quelle fra cui scegliere. `tipi`: i prodotti proposti, solo per `output`. `scala`: il
    voto massimo, solo per `giudizi` e `misuratore`.
    """

    codice: str = Codice
    tipo: TipoDiDomanda
    testo: str
    aiuto: str
    unita: list[str] = []
    tipi: list[TipoDiOutput] = []
    scala: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _codice_adatto_al_tipo(self) -> Self:
        ammessi = _CODICI_DEL_TIPO.get(self.tipo)
        if ammessi is not None and self.codice not in ammessi:
            raise ValueError(
                f"una domanda di tipo «{self.tipo}» ha per codice uno di: "
                + ", ".join(sorted(ammessi))
            )
        return self


class SezioneDiModello(_Forma):
    """Una sezione. `codice` è ciò che `Scheda.sezioni_presenti` elenca.

    `facoltativa`: la scheda può non averla, ed è diverso dall'averla vuota.
    """

    codice: str = Codice
    titolo: str
    aiuto: str
    facoltativa: bool
    domande: list[Domanda] = Field(min_length=1)


class ModelloLetto(_Forma):
    """Un modello intero, come sta in un file."""

    slug: str = Codice
    versione: int = Field(ge=1)
    titolo: str
    sezioni: list[SezioneDiModello] = Field(min_length=1)

    @model_validator(mode="after")
    def _codici_unici(self) -> Self:
        sezioni = [sezione.codice for sezione in self.sezioni]
        domande = [(d.tipo, d.codice) for sezione in self.sezioni for d in sezione.domande]
        for codici in (sezioni, domande):
            doppi = {str(codice) for codice in codici if codici.count(codice) > 1}
            if doppi:
                raise ValueError("codici ripetuti: " + ", ".join(sorted(doppi)))
        return self


_SEZIONI = TypeAdapter(list[SezioneDiModello])


def sezioni_del_modello(modello: ModelloScheda) -> list[SezioneDiModello]:
    """Le sezioni di un modello salvato, nell'ordine in cui si compilano."""
    return _SEZIONI.validate_python(modello.sezioni)
