"""Aprire i dati sensibili di una persona che segue un altro, dicendo perché; e richiuderli."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from beneficiari.models import Affidamento, Beneficiario
from enti.eventi import annota_evento
from enti.models import CodiceEvento
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


DURATA = timedelta(minutes=60)
MOTIVO_MINIMO = 20


def apri_con_motivo(*, persona: Beneficiario, motivo: str, da: Attore) -> list[Affidamento]:
    """Apre a `da` i gruppi sensibili della persona, e delle righe unite a lei, per 60 minuti.

    Solleva ValidationError se il motivo è troppo breve. Chi risponde dei dati legge i motivi.
    """
    da.esigi(Permesso.PERSONE_VEDERE)
    motivo = " ".join(motivo.split())
    if len(motivo) < MOTIVO_MINIMO:
        raise ValidationError(
            f"Scrivi in almeno {MOTIVO_MINIMO} caratteri perché ti serve aprire questi dati."
        )
    fino_a = timezone.now() + DURATA
    with transaction.atomic(), frasi_del_database():
        annota_evento(CodiceEvento.APERTURA_SENSIBILI, da=da, persona=persona.pk)
        return [
            Affidamento.objects.create(
                ente=da.ente,
                beneficiario_id=chiave,
                utente=da.utente,
                tipo=Affidamento.Tipo.APERTO,
                motivo=motivo,
                al=fino_a,
            )
            for chiave in persona.chiavi
        ]


def richiudi(*, persona: Beneficiario, da: Attore) -> None:
    """Chiude adesso ciò che `da` ha aperto con un motivo su questa persona."""
    da.esigi(Permesso.PERSONE_VEDERE)
    aperti = Affidamento.objects.filter(
        ente=da.ente,
        utente=da.utente,
        beneficiario__in=persona.chiavi,
        tipo=Affidamento.Tipo.APERTO,
        al__gt=timezone.now(),
    )
    with frasi_del_database():
        # L'ora del database: la policy non accetta una fine anche di poco nel futuro.
        aperti.update(al=Now())
