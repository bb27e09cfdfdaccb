"""Scrivere le durate, accendere e spegnere una regola, rinviare una scadenza."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from conservazione.models import RegolaConservazione, Scadenza
from conservazione.models.scadenze import RINVIO_MASSIMO
from conservazione.tasks import applica_conservazione
from enti.eventi import annota_evento
from enti.models import CodiceEvento
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


ANCORA_DA_CONFERMARE = (
    "Prima di accenderla, togli il segno «da confermare»: la durata la conferma il responsabile"
    " della protezione dei dati."
)
DURATA_DEL_PROGRAMMA = "Questa durata la decide il programma, e da qui non si cambia: la tabella dice quella che vale."
RINVIO_NEL_PASSATO = "Scegli un giorno dopo quello in cui si cancellerebbe."
RINVIO_TROPPO_LUNGO = "Un rinvio dura al più un anno: se serve ancora, lo si rinvia di nuovo."
CODA_FERMA = "La coda dei lavori non risponde: la prova non è partita. Riprova fra qualche minuto."


@transaction.atomic
def cambia_regola(*, regola: RegolaConservazione, da: Attore, **campi) -> RegolaConservazione:
    """Scrive durata, unità, azione, motivo, tetto e i due segni di una regola.

    Vale dalla notte dopo. Solleva PermissionDenied, o ValidationError con la frase del vincolo.
    """
    da.esigi(Permesso.CONSERVAZIONE_GESTIRE)
    attuale = RegolaConservazione.objects.select_for_update().get(pk=regola.pk)
    era_accesa, durava = attuale.accesa, (attuale.durata, attuale.unita)
    for nome, valore in campi.items():
        setattr(attuale, nome, valore)
    if attuale.accesa and attuale.da_confermare:
        raise ValidationError({"accesa": ANCORA_DA_CONFERMARE})
    if attuale.decisa_dal_programma and (attuale.durata, attuale.unita) != durava:
        raise ValidationError(DURATA_DEL_PROGRAMMA)
    with frasi_del_database():
        attuale.save(update_fields=[*campi])
    if attuale.accesa != era_accesa:
        ripresa, fermata = CodiceEvento.CONSERVAZIONE_RIPRESA, CodiceEvento.CONSERVAZIONE_FERMATA
        annota_evento(ripresa if attuale.accesa else fermata, da=da, regola=attuale.codice)
    return attuale


def prova_adesso(*, da: Attore) -> None:
    """Mette in coda una prova su ogni ente: conta e non tocca niente.

    Solleva PermissionDenied, o ValidationError se la coda non risponde.
    """
    da.esigi(Permesso.CONSERVAZIONE_GESTIRE)
    try:
        applica_conservazione.apply_async(kwargs={"prova": True}, retry=False)
    except CodaIrraggiungibile:
        raise ValidationError(CODA_FERMA) from None


@transaction.atomic
def rinvia(*, scadenza: Scadenza, al: date, motivo: str, da: Attore) -> Scadenza:
    """Tiene la persona fino ad `al`, dicendo perché serve ancora.

    Solleva PermissionDenied, o ValidationError (motivo corto, giorno che non va).
    """
    da.esigi(Permesso.CONSERVAZIONE_RINVIARE)
    attuale = Scadenza.objects.di(da.ente).select_for_update().get(pk=scadenza.pk)
    if al <= max(attuale.scade_il, timezone.localdate()):
        raise ValidationError({"al": RINVIO_NEL_PASSATO})
    if al > timezone.localdate() + RINVIO_MASSIMO:
        raise ValidationError({"al": RINVIO_TROPPO_LUNGO})
    attuale.rinviata_al, attuale.motivo_rinvio = al, motivo
    attuale.rinviata_da, attuale.rinviata_il = da.utente, timezone.now()
    with frasi_del_database():
        attuale.save(update_fields=["rinviata_al", "motivo_rinvio", "rinviata_da", "rinviata_il"])
    return attuale
