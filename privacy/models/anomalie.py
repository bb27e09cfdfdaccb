"""Le segnalazioni: letture fuori dall'ordinario, da guardare con chi le ha fatte."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from enti.models import Ente, Utente


class RegolaDiAnomalia(models.TextChoices):
    """Che cosa ha fatto scattare la segnalazione."""

    MOLTE_PAGINE = "molte-pagine", "più di 50 pagine di persone in 10 minuti"
    SENZA_CASO = "senza-caso", "tre o più persone senza una presa in carico aperta"
    STESSO_COGNOME = "stesso-cognome", "una persona con lo stesso cognome o recapito di chi legge"
    NOTTE = "notte", "letture di notte, fuori dalle abitudini"
    ESPORTAZIONE = "esportazione", "più di 200 persone portate fuori insieme"


class SegnalazioneQuerySet(models.QuerySet):
    def aperte(self) -> Self:
        """Quelle non ancora chiuse."""
        return self.filter(chiusa_il=None)

    def nuove(self) -> Self:
        return self.filter(vista_il=None, chiusa_il=None)

    def per_elenco(self) -> Self:
        """Con chi e per conto di chi: prima quelle aperte, dalla più recente."""
        return self.select_related("utente", "ente", "chiusa_da").order_by(
            models.F("chiusa_il").desc(nulls_first=True), "-quando", "-pk"
        )


class Segnalazione(models.Model):
    """Un fatto fuori dall'ordinario, di un utente per un ente in un giorno: né colpa né persona.

    La trova una regola sul registro degli accessi; la guarda e la chiude il garante.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    regola = models.CharField("regola", max_length=20, choices=RegolaDiAnomalia)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    giorno = models.DateField("giorno")
    quando = models.DateTimeField("prima lettura")
    quante = models.PositiveIntegerField("quante")
    trovata_il = models.DateTimeField("trovata il", db_default=Now())
    vista_il = models.DateTimeField("vista il", null=True, blank=True)
    chiusa_il = models.DateTimeField("chiusa il", null=True, blank=True)
    chiusa_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nota = models.CharField("che cosa si è trovato", max_length=500, blank=True)

    objects = SegnalazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "segnalazione"
        verbose_name_plural = "segnalazioni"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "utente", "regola", "giorno"],
                name="segnalazione_una_al_giorno",
                violation_error_message="Questa segnalazione c'è già.",
            ),
            models.CheckConstraint(
                condition=Q(chiusa_il=None) | ~Q(nota=""),
                name="segnalazione_chiusa_con_nota",
                violation_error_message="Scrivi che cosa si è trovato: poi la segnalazione si chiude.",
            ),
            models.CheckConstraint(
                condition=Q(chiusa_il=None, chiusa_da=None)
                | Q(chiusa_il__isnull=False, chiusa_da__isnull=False),
                name="segnalazione_chiusa_da_qualcuno",
                violation_error_message="Una segnalazione chiusa dice chi l'ha chiusa.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_regola_display()}, {self.giorno}"

    @property
    def stato(self) -> str:
        """«nuova», «vista» o «chiusa»."""
        if self.chiusa_il:
            return "chiusa"
        return "vista" if self.vista_il else "nuova"
