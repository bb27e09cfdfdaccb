"""Le regole del trattamento: informative, basi giuridiche, accordi fra enti."""

import hashlib
import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from enti.models import Ente
from privacy.gruppi import GRUPPI_PARTICOLARI, Finalita, Gruppo
from registro.comune.storia import con_storia


# Le lingue in cui si può pubblicare un'informativa.
LINGUE = {
    "it": "italiano",
    "en": "inglese",
    "fr": "francese",
    "es": "spagnolo",
    "ro": "romeno",
    "sq": "albanese",
    "ar": "arabo",
    "uk": "ucraino",
    "zh": "cinese",
}


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

    def vale(self, giorno: date | None = None) -> bool:
        """Se vale `giorno` (oggi, se taciuto); come `in_vigore()`, su una riga già letta."""
        return _vale(self, giorno)


class InformativaQuerySet(models.QuerySet):
    def in_uso(self) -> Self:
        return self.filter(ritirata_il=None).order_by("-versione")

    def per_elenco(self) -> Self:
        """Con l'ente, dalla più recente. Senza il testo, che è lungo."""
        return (
            self.select_related("ente")
            .defer("testo")
            .order_by("ente__denominazione", "-pubblicata_il", "-versione", "lingua")
        )


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

    @property
    def lingua_in_parole(self) -> str:
        return LINGUE.get(self.lingua, self.lingua)

    @property
    def integra(self) -> bool:
        """Se l'impronta del testo archiviato è ancora quella di quando fu pubblicato."""
        return self.impronta_di(self.testo) == self.impronta

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

    def per_elenco(self) -> Self:
        """Con le parti e chi risponde, dal più recente."""
        return (
            self.select_related("risponde")
            .prefetch_related("parti__ente")
            .order_by("-dal", "titolo", "-versione")
        )


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

    def vale(self, giorno: date | None = None) -> bool:
        """Se vale `giorno` (oggi, se taciuto); come `in_vigore()`, su una riga già letta."""
        return _vale(self, giorno)

    @property
    def finalita_in_parole(self) -> list[str]:
        return [Finalita(nome).label for nome in self.finalita]


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


def _vale(regola: BaseGiuridica | AccordoContitolarita, giorno: date | None) -> bool:
    giorno = giorno or timezone.localdate()
    return regola.dal <= giorno and (regola.al is None or regola.al >= giorno)
