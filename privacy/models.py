"""Le regole del trattamento e il registro di chi ha letto: niente, qui, nomina una persona."""

import hashlib
import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from enti.models import Ente, Utente
from privacy.gruppi import GRUPPI_PARTICOLARI, Finalita, Gruppo, Uscita
from registro.comune.storia import con_storia


class BaseGiuridicaQuerySet(models.QuerySet):
    def in_vigore(self, giorno: date | None = None) -> Self:
        """Le basi che valgono `giorno` (oggi, se taciuto)."""
        giorno = giorno or timezone.localdate()
        return self.filter(Q(al=None) | Q(al__gte=giorno), dal__lte=giorno)


@con_storia
class BaseGiuridica(models.Model):
    """Perché un gruppo di dati si può trattare per una finalità: art. 6 e, se serve, art. 9 GDPR.

    La scrive chi amministra la rete. Si chiude e non si cancella; chiudendola cadono le
    autorizzazioni che reggeva.
    """

    finalita = models.CharField("finalità", max_length=20, choices=Finalita)
    gruppo = models.CharField("gruppo di dati", max_length=20, choices=Gruppo)
    lettera_art6 = models.CharField("lettera dell'art. 6 GDPR", max_length=10)
    lettera_art9 = models.CharField("lettera dell'art. 9 GDPR", max_length=10, blank=True)
    fonte = models.CharField("norma nazionale", max_length=300)
    serve_consenso = models.BooleanField("serve il consenso", default=True)
    dal = models.DateField("dal", default=timezone.localdate)
    al = models.DateField("al", null=True, blank=True)

    objects = BaseGiuridicaQuerySet.as_manager()

    class Meta:
        verbose_name = "base giuridica"
        verbose_name_plural = "basi giuridiche"
        constraints = [
            models.UniqueConstraint(
                fields=["finalita", "gruppo"],
                condition=Q(al=None),
                name="base_giuridica_una_in_vigore",
                violation_error_message="Questa finalità ha già una base per questo gruppo.",
            ),
            models.CheckConstraint(
                condition=Q(al=None) | Q(al__gte=F("dal")),
                name="base_giuridica_date_in_ordine",
                violation_error_message="La fine non può precedere l'inizio.",
            ),
            models.CheckConstraint(
                condition=~Q(lettera_art6="") & ~Q(fonte=""),
                name="base_giuridica_con_articolo_6",
                violation_error_message="Servono la lettera dell'art. 6 e la norma nazionale.",
            ),
            models.CheckConstraint(
                condition=~Q(gruppo__in=sorted(GRUPPI_PARTICOLARI)) | ~Q(lettera_art9=""),
                name="base_giuridica_con_articolo_9",
                violation_error_message="Per dati particolari serve anche la lettera dell'art. 9.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_finalita_display()}: {self.get_gruppo_display()}"


class InformativaQuerySet(models.QuerySet):
    def in_uso(self) -> Self:
        return self.filter(ritirata_il=None).order_by("-versione")


@con_storia
class Informativa(models.Model):
    """Una versione del testo che si dà a leggere prima di chiedere un consenso.

    Non si corregge: se ne pubblica un'altra. L'impronta SHA-256 dice quale testo ha letto chi ha
    firmato (art. 7.1 GDPR); il database permette di scrivere solo `ritirata_il`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="informative")
    versione = models.PositiveIntegerField("versione")
    lingua = models.CharField("lingua", max_length=8, default="it")
    titolo = models.CharField("titolo", max_length=200)
    testo = models.TextField("testo")
    impronta = models.CharField("impronta SHA-256", max_length=64, editable=False)
    finalita = ArrayField(models.CharField(max_length=20, choices=Finalita))
    gruppi = ArrayField(models.CharField(max_length=20, choices=Gruppo))
    pubblicata_il = models.DateField("pubblicata il", default=timezone.localdate)
    ritirata_il = models.DateField("ritirata il", null=True, blank=True)

    objects = InformativaQuerySet.as_manager()

    class Meta:
        verbose_name = "informativa"
        verbose_name_plural = "informative"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "lingua", "versione"],
                name="informativa_versione_una_volta",
                violation_error_message="Questa versione dell'informativa esiste già.",
            ),
            models.CheckConstraint(
                condition=Q(finalita__len__gt=0) & Q(gruppi__len__gt=0),
                name="informativa_dice_che_cosa",
                violation_error_message="Un'informativa dice almeno una finalità e un gruppo.",
            ),
            models.CheckConstraint(
                condition=Q(ritirata_il=None) | Q(ritirata_il__gte=F("pubblicata_il")),
                name="informativa_date_in_ordine",
                violation_error_message="Il ritiro non può precedere la pubblicazione.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titolo}, versione {self.versione}"

    def save(self, *args, **kwargs) -> None:
        if self._state.adding:
            self.impronta = self.impronta_di(self.testo)
        super().save(*args, **kwargs)

    @staticmethod
    def impronta_di(testo: str) -> str:
        """L'impronta SHA-256 di un testo, in 64 cifre esadecimali."""
        return hashlib.sha256(testo.encode()).hexdigest()


class AccordoQuerySet(models.QuerySet):
    def in_vigore(self, giorno: date | None = None) -> Self:
        """Gli accordi che valgono `giorno` (oggi, se taciuto)."""
        giorno = giorno or timezone.localdate()
        return self.filter(Q(al=None) | Q(al__gte=giorno), dal__lte=giorno)

    def fra(self, uno: Ente, altro: Ente) -> Self:
        """Gli accordi di cui entrambi gli enti sono parte."""
        return self.filter(parti__ente=uno).filter(parti__ente=altro)


@con_storia
class AccordoContitolarita(models.Model):
    """L'accordo fra enti che trattano insieme dati di persone (art. 26 GDPR).

    Senza un accordo in vigore fra i due enti, che comprenda la finalità, non si condivide niente.
    Il contenuto essenziale è pubblico (art. 26.2).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    titolo = models.CharField("titolo", max_length=200)
    versione = models.PositiveIntegerField("versione", default=1)
    finalita = ArrayField(models.CharField(max_length=20, choices=Finalita))
    contenuto = models.TextField("contenuto essenziale")
    risponde = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="+", verbose_name="ente che risponde"
    )
    contatto = models.EmailField("contatto per le persone")
    dal = models.DateField("dal", default=timezone.localdate)
    al = models.DateField("al", null=True, blank=True)

    objects = AccordoQuerySet.as_manager()

    class Meta:
        verbose_name = "accordo di contitolarità"
        verbose_name_plural = "accordi di contitolarità"
        constraints = [
            models.CheckConstraint(
                condition=Q(al=None) | Q(al__gte=F("dal")),
                name="accordo_date_in_ordine",
                violation_error_message="L'accordo non può finire prima di cominciare.",
            ),
            models.CheckConstraint(
                condition=Q(finalita__len__gt=0),
                name="accordo_con_finalita",
                violation_error_message="Un accordo dice almeno una finalità.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titolo}, versione {self.versione}"


class ParteDiAccordo(models.Model):
    """Un ente che è parte di un accordo."""

    accordo = models.ForeignKey(
        AccordoContitolarita, on_delete=models.PROTECT, related_name="parti"
    )
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="accordi")

    class Meta:
        verbose_name = "parte dell'accordo"
        verbose_name_plural = "parti dell'accordo"
        constraints = [
            models.UniqueConstraint(
                fields=["accordo", "ente"],
                name="parte_una_volta",
                violation_error_message="L'ente è già parte dell'accordo.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ente} in {self.accordo}"


class RegistroAccessiQuerySet(models.QuerySet):
    def della_persona(self, beneficiario: int) -> Self:
        """Chi ha letto i dati di una riga di beneficiario, dal più recente."""
        return self.filter(beneficiario=beneficiario).order_by("-quando", "-pk")

    def per_elenco(self) -> Self:
        return self.select_related("utente", "ente", "ente_titolare")


class RegistroAccessi(models.Model):
    """Una lettura dei dati di una persona: chi, quando, per conto di chi, perché, che cosa.

    Solo numeri e nomi di gruppi, mai valori: sopravvive alla cancellazione della persona. Si
    scrive nella stessa transazione della lettura e non si modifica più (privilegi e policy).
    """

    quando = models.DateTimeField("quando", db_default=Now())
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    ente = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="+", verbose_name="per conto di"
    )
    ente_titolare = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="+", verbose_name="dati di"
    )
    beneficiario = models.BigIntegerField("riga di beneficiario")
    finalita = models.CharField("finalità", max_length=20, choices=Finalita)
    gruppi = ArrayField(models.CharField(max_length=20, choices=Gruppo))
    uscita = models.CharField("uscita", max_length=10, choices=Uscita)
    pagina = models.CharField("pagina", max_length=80)
    richiesta = models.CharField("numero della richiesta", max_length=12, blank=True)

    objects = RegistroAccessiQuerySet.as_manager()

    class Meta:
        verbose_name = "lettura"
        verbose_name_plural = "registro degli accessi"
        indexes = [
            models.Index(fields=["beneficiario", "-quando"], name="accessi_per_persona"),
            models.Index(fields=["ente_titolare", "-quando"], name="accessi_per_titolare"),
            models.Index(fields=["utente", "-quando"], name="accessi_per_utente"),
            # Il registro di un ente e quello della rete si leggono per periodo.
            models.Index(fields=["ente", "-quando"], name="accessi_per_ente"),
            models.Index(fields=["-quando"], name="accessi_per_giorno"),
        ]

    def __str__(self) -> str:
        return f"lettura {self.pk}"
