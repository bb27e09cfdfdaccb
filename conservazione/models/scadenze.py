"""Che cosa sta per scadere in un ente, e com'è andata ogni notte."""

from datetime import date, datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Greatest, Length, Now
from django.db.models.lookups import GreaterThanOrEqual

from beneficiari.models import Beneficiario
from conservazione.models.regole import RegolaConservazione
from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet


# Fra l'avviso all'ente e la cancellazione.
PREAVVISO = timedelta(days=30)
# Un rinvio dice fino a quando: non più di tanto, poi lo si ridice.
RINVIO_MASSIMO = timedelta(days=366)


class ScadenzaQuerySet(PersoneQuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def arrivate(self, giorno: date) -> Self:
        """Quelle avvisate il cui giorno è venuto, contati i rinvii."""
        avvisate = self.filter(posta_il__isnull=False).annotate(quando=_QUANDO)
        return avvisate.filter(quando__lte=giorno).order_by("quando", "pk")

    def da_avvisare(self) -> Self:
        """Quelle di cui l'avviso non è ancora partito, fra le regole accese."""
        return self.filter(posta_il=None, regola__accesa=True)

    def ricomincia(self, giorno: date, *, posta_il: datetime | None) -> int:
        """Riconta i giorni di preavviso da `giorno`: nessuna si cancella prima. Rende quante sono."""
        return self.update(
            avvisata_il=giorno,
            posta_il=posta_il,
            scade_il=Greatest("scade_il", Value(giorno + PREAVVISO)),
        )

    def per_elenco(self) -> Self:
        """Con la persona e la regola, dalla più vicina."""
        return (
            self.select_related("beneficiario", "regola", "rinviata_da")
            .annotate(quando=_QUANDO)
            .order_by("quando", "pk")
        )


_QUANDO = Greatest("scade_il", Coalesce("rinviata_al", "scade_il"))


class Scadenza(DatoDiPersona):
    """Una persona che un ente tiene da quanto basta: avvisato, la può rinviare dicendo perché.

    `evento_il` è il giorno da cui si conta, `termine` quello in cui il tempo finisce, `scade_il`
    quando si cancella: mai prima di `PREAVVISO` dall'avviso. `posta_il` è vuoto finché l'avviso non è
    partito per posta: fino ad allora non si cancella.
    """

    gruppo = Gruppo.ANAGRAFICA

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    regola = models.ForeignKey(RegolaConservazione, on_delete=models.PROTECT, related_name="+")
    evento_il = models.DateField("da quando si conta")
    termine = models.DateField("termine")
    avvisata_il = models.DateField("avvisata il")
    posta_il = models.DateTimeField("l'avviso è partito il", null=True, blank=True)
    scade_il = models.DateField("si cancella il")
    rinviata_al = models.DateField("rinviata al", null=True, blank=True)
    motivo_rinvio = models.CharField("perché si rinvia", max_length=300, blank=True)
    rinviata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rinviata_il = models.DateTimeField("rinviata il", null=True, blank=True)

    objects = ScadenzaQuerySet.as_manager()

    class Meta:
        verbose_name = "scadenza"
        verbose_name_plural = "scadenze"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "beneficiario"],
                name="scadenza_una_per_persona",
                violation_error_message="La persona è già fra quelle in scadenza.",
            ),
            models.CheckConstraint(
                condition=Q(scade_il__gte=F("termine"))
                & Q(scade_il__gte=F("avvisata_il") + PREAVVISO),
                name="scadenza_con_preavviso",
                violation_error_message="Fra l'avviso e la cancellazione passano almeno 30 giorni.",
            ),
            models.CheckConstraint(
                condition=Q(rinviata_al=None, motivo_rinvio="", rinviata_da=None)
                | Q(rinviata_al__isnull=False, rinviata_da__isnull=False)
                & Q(GreaterThanOrEqual(Length("motivo_rinvio"), 20)),
                name="scadenza_rinviata_con_motivo",
                violation_error_message="Scrivi in almeno 20 caratteri perché i dati servono ancora.",
            ),
        ]

    def __str__(self) -> str:
        return f"scadenza {self.pk}"

    @property
    def rinviata(self) -> bool:
        """Se un rinvio la tiene oltre il suo giorno."""
        return self.rinviata_al is not None and self.rinviata_al > self.scade_il


class CorsaQuerySet(models.QuerySet):
    def ultime(self) -> Self:
        return self.select_related("regola", "ente").order_by("-quando", "-pk")


class Corsa(models.Model):
    """Una regola passata su un ente, una notte: quante righe, mai quali.

    `prova`: ha solo contato, perché la regola è spenta o lo ha chiesto chi amministra.
    """

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    regola = models.ForeignKey(RegolaConservazione, on_delete=models.PROTECT, related_name="+")
    quando = models.DateTimeField("quando", db_default=Now())
    prova = models.BooleanField("solo prova")
    avvisate = models.PositiveIntegerField("avvisate", default=0)
    arrivate = models.PositiveIntegerField("arrivate al termine", default=0)
    tolte = models.PositiveIntegerField("tolte", default=0)
    rinviate = models.PositiveIntegerField("rinviate", default=0)
    rimaste = models.PositiveIntegerField("rimaste per il tetto", default=0)
    ferme = models.PositiveIntegerField("non tolte per un impedimento", default=0)

    objects = CorsaQuerySet.as_manager()

    class Meta:
        verbose_name = "corsa della conservazione"
        verbose_name_plural = "corse della conservazione"
        indexes = [models.Index(fields=["ente", "-quando"], name="corsa_per_ente")]

    def __str__(self) -> str:
        return f"corsa {self.pk}"
