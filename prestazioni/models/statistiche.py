"""Ciò che resta nei numeri di una persona che il Registro ha dimenticato: quando e che cosa, mai chi."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncMonth

from assi.models import Asse, Azione, Servizio, TipoDiEsito
from enti.models import Ente


class RigaStatisticaQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def che_dicono(self, cosa: str) -> Self:
        """Le righe di un genere solo (`RigaStatistica.Cosa`)."""
        return self.filter(cosa=cosa)

    def fra(self, dal: date, al: date) -> Self:
        """Quelle dei mesi il cui primo giorno cade da `dal` ad `al`, estremi compresi."""
        return self.filter(mese__gte=dal, mese__lte=al)


class RigaStatistica(models.Model):
    """Un contributo ai numeri di un ente lasciato da una persona cancellata.

    Nessun legame con la persona, con le prestazioni o con chi le ha rese; il giorno è il primo del
    mese. `conto` è un numero estratto a caso quando la persona si cancella, diverso per ogni genere
    di riga: serve solo a contare una volta chi c'era in più mesi, e non torna a nessuno. Le righe di
    profilo non l'hanno: la classe d'età e il genere non si uniscono a che cosa si è fatto.
    """

    class Cosa(models.TextChoices):
        PRESENZA = "presenza", "presenza a una prestazione"
        NUCLEO = "nucleo", "presenza di un nucleo"
        CASO = "caso", "presa in carico"
        BISOGNO = "bisogno", "bisogno rilevato"
        ESITO = "esito", "esito"
        PROFILO = "profilo", "classe d'età e genere"

    class Eta(models.TextChoices):
        MINORE = "0-17", "meno di 18 anni"
        GIOVANE = "18-34", "da 18 a 34 anni"
        ADULTO = "35-64", "da 35 a 64 anni"
        ANZIANO = "65+", "65 anni e più"

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    cosa = models.CharField("che cosa", max_length=10, choices=Cosa)
    conto = models.BigIntegerField("numero estratto a caso", null=True, blank=True)
    con_codice = models.BooleanField("con un codice", default=False)
    mese = models.DateField("mese")
    fino_al = models.DateField("fino al mese", null=True, blank=True)
    azione = models.ForeignKey(
        Azione, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    servizio = models.ForeignKey(
        Servizio, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asse = models.ForeignKey(
        Asse, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    esito = models.ForeignKey(
        TipoDiEsito, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stato = models.CharField("stato", max_length=15, blank=True)
    eta = models.CharField("classe d'età", max_length=5, choices=Eta, blank=True)
    genere = models.CharField("genere", max_length=1, blank=True)
    quante = models.PositiveIntegerField("quante", default=1)
    importo = models.DecimalField(
        "importo", max_digits=12, decimal_places=2, null=True, blank=True
    )

    objects = RigaStatisticaQuerySet.as_manager()

    class Meta:
        verbose_name = "riga statistica"
        verbose_name_plural = "righe statistiche"
        indexes = [models.Index(fields=["ente", "cosa", "mese"], name="statistica_per_ente")]
        constraints = [
            models.CheckConstraint(
                condition=Q(mese=TruncMonth("mese"))
                & (Q(fino_al=None) | Q(fino_al=TruncMonth("fino_al"), fino_al__gte=F("mese"))),
                name="statistica_a_mesi",
                violation_error_message="Di una riga statistica si dice il mese, mai il giorno.",
            ),
            models.CheckConstraint(
                condition=Q(eta="", genere="") | Q(cosa="profilo", conto=None),
                name="statistica_profilo_a_parte",
                violation_error_message="Età e genere stanno in righe che non dicono altro.",
            ),
        ]

    def __str__(self) -> str:
        return f"riga statistica {self.pk}"
