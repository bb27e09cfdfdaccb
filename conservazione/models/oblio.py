"""Il verbale di una cancellazione: quale numero, quando, perché, quante righe per tabella."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from enti.models import Ente, Utente


class VerbaleOblioQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def ultimi(self) -> Self:
        return self.select_related("ente", "da").order_by("-quando", "-pk")


class VerbaleOblio(models.Model):
    """La prova che una persona è stata dimenticata. Non dice chi era: lo scrive il database.

    `persone` sono gli uuid delle sue righe, che non trovano più niente; `conti` quante righe sono
    state tolte da ogni tabella e, sotto `RITOCCATE`, in quante altre il suo nome se n'è andato dal testo.
    """

    RITOCCATE = "ritoccate"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    persone = ArrayField(models.UUIDField(), verbose_name="righe della persona")
    motivo = models.CharField("motivo", max_length=200)
    richiesta = models.UUIDField("richiesta della persona", null=True, blank=True)
    da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    quando = models.DateTimeField("quando", db_default=Now())
    conti = models.JSONField("righe tolte, per tabella")

    objects = VerbaleOblioQuerySet.as_manager()

    class Meta:
        verbose_name = "verbale di cancellazione"
        verbose_name_plural = "verbali di cancellazione"
        indexes = [models.Index(fields=["ente", "-quando"], name="verbale_per_ente")]

    def __str__(self) -> str:
        return f"verbale {self.pk}"

    @property
    def righe_tolte(self) -> int:
        return sum(quante for voce, quante in self.conti.items() if voce != self.RITOCCATE)

    @property
    def righe_ritoccate(self) -> int:
        return sum(self.conti.get(self.RITOCCATE, {}).values())
