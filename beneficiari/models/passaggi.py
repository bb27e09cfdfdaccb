"""Il passaggio di una presa in carico da un ente a un altro."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from beneficiari.models.casi import PresaInCarico
from beneficiari.models.consensi import Autorizzazione
from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet


class PassaggioQuerySet(PersoneQuerySet):
    def mandati_da(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def ricevuti_da(self, ente: Ente) -> Self:
        return self.filter(destinatario=ente)

    def da_rispondere(self) -> Self:
        return self.filter(stato=Passaggio.Stato.PROPOSTO)

    def per_elenco(self) -> Self:
        """Con enti, utenti e autorizzazione: mai la presa, che chi riceve può non vedere (un
        legame con una riga nascosta nasconderebbe anche il passaggio)."""
        return self.select_related(
            "ente", "destinatario", "autorizzazione", "proposto_da", "risposto_da"
        ).order_by("-proposto_il", "-pk")


class Passaggio(DatoDiPersona):
    """La proposta di affidare una presa in carico a un altro ente.

    L'altro ente vede la persona solo se un'autorizzazione lo permette; accettando apre una presa
    in carico sua, e questa si chiude.
    """

    gruppo = Gruppo.PRESTAZIONI

    class Stato(models.TextChoices):
        PROPOSTO = "proposto", "proposto"
        ACCETTATO = "accettato", "accettato"
        RIFIUTATO = "rifiutato", "rifiutato"
        RITIRATO = "ritirato", "ritirato"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    presa = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="passaggi")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    destinatario = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    autorizzazione = models.ForeignKey(
        Autorizzazione, on_delete=models.PROTECT, related_name="passaggi"
    )
    stato = models.CharField("stato", max_length=10, choices=Stato, default=Stato.PROPOSTO)
    motivo = models.CharField("perché si passa", max_length=300)
    risposta = models.CharField("risposta", max_length=300, blank=True)
    proposto_il = models.DateTimeField("proposto il", db_default=Now())
    proposto_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    risposto_il = models.DateTimeField("risposto il", null=True, blank=True)
    risposto_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PassaggioQuerySet.as_manager()

    class Meta:
        verbose_name = "passaggio"
        verbose_name_plural = "passaggi"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "presa"],
                condition=Q(stato="proposto"),
                name="passaggio_uno_alla_volta",
                violation_error_message="C'è già un passaggio proposto per questa presa in carico.",
            ),
            models.CheckConstraint(
                condition=~Q(destinatario=F("ente")),
                name="passaggio_a_un_altro",
                violation_error_message="Il passaggio è verso un altro ente.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="rifiutato") | ~Q(risposta=""),
                name="passaggio_rifiutato_con_motivo",
                violation_error_message="Chi rifiuta un passaggio dice perché.",
            ),
        ]

    def __str__(self) -> str:
        return f"passaggio {self.pk}"
