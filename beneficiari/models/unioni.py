"""Due righe che sono la stessa persona, dentro lo stesso ente."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente


class Unione(models.Model):
    """L'unione di due persone dello stesso ente.

    Non sposta niente: la riga assorbita indica quella tenuta (`unito_a`), e chi legge la persona
    legge anche le righe delle assorbite. Annullare vuol dire togliere quel segno.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    tenuta = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    assorbita = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="unioni")
    fatta_il = models.DateTimeField("fatta il", db_default=Now())
    fatta_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    annullata_il = models.DateTimeField("annullata il", null=True, blank=True)
    annullata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "unione"
        verbose_name_plural = "unioni"
        constraints = [
            models.CheckConstraint(
                condition=~Q(tenuta=F("assorbita")),
                name="unione_di_due_persone",
                violation_error_message="Una persona non si unisce a se stessa.",
            )
        ]

    def __str__(self) -> str:
        return f"unione {self.pk}"


class NonDoppione(models.Model):
    """Due persone simili che qualcuno ha guardato e dichiarato diverse: non si ripropongono."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    una = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    altra = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    detto_il = models.DateTimeField("detto il", db_default=Now())
    detto_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "coppia di persone diverse"
        verbose_name_plural = "coppie di persone diverse"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "una", "altra"],
                name="non_doppione_una_volta",
                violation_error_message="Le due persone sono già dichiarate diverse.",
            ),
            models.CheckConstraint(
                condition=Q(una__lt=F("altra")),
                name="non_doppione_in_ordine",
                violation_error_message="La coppia si scrive in un ordine solo.",
            ),
        ]

    def __str__(self) -> str:
        return f"coppia {self.pk}"
