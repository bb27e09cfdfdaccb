"""I codici di una persona: scriverne uno, chiuderlo, dire perché manca."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from beneficiari import collegamenti
from beneficiari.codici import FORME_NORMALI, pulito
from beneficiari.models import Beneficiario, Identificativo
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


# Chi riceve un codice vero smette di avere quello che lo sostituiva.
SUPERA = {
    Identificativo.Tipo.CF: (
        Identificativo.Tipo.CF_PROVVISORIO,
        Identificativo.Tipo.STP,
        Identificativo.Tipo.ENI,
        Identificativo.Tipo.NESSUNO,
    ),
    Identificativo.Tipo.CF_PROVVISORIO: (Identificativo.Tipo.NESSUNO,),
    Identificativo.Tipo.STP: (Identificativo.Tipo.NESSUNO,),
    Identificativo.Tipo.ENI: (Identificativo.Tipo.NESSUNO,),
}


@dataclass(frozen=True, slots=True)
class CodiceScritto:
    """Un codice già controllato: `valore` com'è sul documento, `normale` per l'indice."""

    tipo: str
    valore: str
    normale: str

    @classmethod
    def da_testo(cls, tipo: str, testo: str) -> "CodiceScritto":
        """Legge un codice. Solleva CodiceErrato, che dice quale carattere non va."""
        return cls(tipo, pulito(testo), FORME_NORMALI[tipo](testo))


class CodiceDiUnAltra(ValidationError):
    """Il codice è già di un'altra persona dello stesso ente: `persona`."""

    def __init__(self, persona: Beneficiario) -> None:
        super().__init__(
            "Questo codice è già di un'altra persona del tuo ente: guarda se è la stessa.",
            code="identificativo_di_una_persona_sola",
        )
        self.persona = persona


def scrivi_codice(
    *, persona: Beneficiario, codice: CodiceScritto, da: Attore, dal: date | None = None
) -> Identificativo:
    """Aggiunge un codice; quelli dello stesso tipo, e quelli che sostituisce, finiscono il giorno
    prima e restano nella storia.

    Solleva CodiceDiUnAltra, o ValidationError con la frase del database.
    """
    da.esigi(Permesso.PERSONE_SCRIVERE)
    dal = _da_quando(dal)
    riga = Identificativo(ente=da.ente, beneficiario=persona, tipo=codice.tipo, dal=dal)
    riga.scrivi_valore(codice.valore, normale=codice.normale)
    stessi = Identificativo.objects.filter(
        ente=da.ente, tipo=codice.tipo, indice_esatto=riga.indice_esatto, al=None
    )
    gia = stessi.select_related("beneficiario").first()
    if gia and gia.beneficiario_id in persona.chiavi:
        raise ValidationError("Questo codice è già scritto per questa persona.")
    if gia:
        raise CodiceDiUnAltra(gia.beneficiario)
    with frasi_del_database():
        _chiudi_superati(persona, (codice.tipo, *SUPERA[codice.tipo]), dal)
        riga.save()
        if codice.tipo == Identificativo.Tipo.CF:
            collegamenti.etichetta(persona, codice=codice.normale)
    return riga


def segna_senza_codice(*, persona: Beneficiario, motivo: str, da: Attore) -> Identificativo:
    """Dice perché la persona non ha un codice. Solleva ValidationError se ne ha uno."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    in_uso = Identificativo.objects.filter(ente=da.ente, beneficiario__in=persona.chiavi, al=None)
    if any(voce.tipo != Identificativo.Tipo.NESSUNO for voce in in_uso):
        raise ValidationError("La persona ha un codice: se non vale più, prima chiudilo.")
    oggi = timezone.localdate()
    with frasi_del_database():
        _chiudi_superati(persona, (Identificativo.Tipo.NESSUNO,), oggi)
        return Identificativo.objects.create(
            ente=da.ente,
            beneficiario=persona,
            tipo=Identificativo.Tipo.NESSUNO,
            motivo_assenza=motivo,
            dal=oggi,
        )


def chiudi_codice(
    *, identificativo: Identificativo, al: date | None = None, da: Attore
) -> Identificativo:
    """Chiude un codice che non vale più, da `al` (oggi, se taciuto). Resta nella storia."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    if identificativo.al is not None:
        raise ValidationError("Questo codice è già chiuso.")
    identificativo.al = al or timezone.localdate()
    with frasi_del_database():
        identificativo.save(update_fields=["al"])
        if identificativo.tipo == Identificativo.Tipo.CF:
            collegamenti.etichetta(identificativo.beneficiario, codice=None)
    return identificativo


def _da_quando(dal: date | None) -> date:
    oggi = timezone.localdate()
    if dal and dal > oggi:
        raise ValidationError({"dal": "La data è nel futuro: scrivi da quando il codice vale."})
    return dal or oggi


def _chiudi_superati(persona: Beneficiario, tipi: tuple[str, ...], dal: date) -> None:
    """Chiude i codici in uso di quei tipi al giorno prima di `dal`, mai prima che comincino."""
    in_uso = Identificativo.objects.filter(
        ente=persona.ente_id, beneficiario__in=persona.chiavi, tipo__in=tipi, al=None
    )
    for voce in in_uso:
        giorno = dal - timedelta(days=1)
        voce.al = max(giorno, voce.dal) if voce.dal else giorno
        voce.save(update_fields=["al"])
