"""La cornice del lavoro: programmi, progetto, assi, azioni, indicatori."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from enti.models import Ente, Nodo


class Programma(models.Model):
    """Misura, progetto, fondo o servizio nominato dalle schede: non è un ente.

    Serve come canale di tirocini, assunzioni e invii.
    """

    class Tipo(models.TextChoices):
        MISURA = "misura", "misura"
        PROGETTO = "progetto", "progetto"
        FONDO = "fondo", "fondo"
        SERVIZIO = "servizio", "servizio"

    slug = models.SlugField(max_length=80, unique=True)
    denominazione = models.CharField("denominazione", max_length=200)
    altre_grafie = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    tipo = models.CharField("tipo", max_length=12, choices=Tipo)
    note = models.TextField("note", blank=True)

    class Meta:
        verbose_name = "programma"
        verbose_name_plural = "programmi"

    def __str__(self) -> str:
        return self.denominazione


class Progetto(models.Model):
    """Ciò che la rete realizza insieme e di cui pubblica il rapporto.

    `enti` è la rete del progetto, capofila e partner: è l'insieme che «tutta la rete» nomina.
    """

    slug = models.SlugField(max_length=80, unique=True)
    titolo = models.CharField("titolo", max_length=200)
    sottotitolo = models.CharField("sottotitolo", max_length=200, blank=True)
    descrizione = models.TextField("descrizione", blank=True)
    dal = models.DateField("dal", null=True, blank=True)
    al = models.DateField("al", null=True, blank=True)
    enti = models.ManyToManyField(Ente, blank=True, related_name="progetti", verbose_name="rete")

    class Meta:
        verbose_name = "progetto"
        verbose_name_plural = "progetti"
        constraints = [
            models.CheckConstraint(
                condition=Q(dal=None) | Q(al=None) | Q(al__gte=F("dal")),
                name="progetto_date_in_ordine",
                violation_error_message="Il progetto non può finire prima di cominciare.",
            )
        ]

    def __str__(self) -> str:
        return self.titolo


class AsseQuerySet(models.QuerySet):
    def in_ordine(self) -> Self:
        return self.order_by("ordine", "pk")


class Asse(models.Model):
    """Un asse di lavoro della rete; «trasversale» raccoglie ciò che li serve tutti."""

    class Tipo(models.TextChoices):
        ASSE = "asse", "asse"
        TRASVERSALE = "trasversale", "trasversale"

    slug = models.SlugField(max_length=80, unique=True)
    denominazione = models.CharField("denominazione", max_length=100)
    altre_denominazioni = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    tipo = models.CharField("tipo", max_length=12, choices=Tipo, default=Tipo.ASSE)
    obiettivo = models.TextField("obiettivo", blank=True)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)
    enti = models.ManyToManyField(Ente, through="EnteDiAsse", related_name="assi")

    objects = AsseQuerySet.as_manager()

    class Meta:
        verbose_name = "asse"
        verbose_name_plural = "assi"

    def __str__(self) -> str:
        return self.denominazione


class EnteDiAsse(models.Model):
    """Un ente che lavora su un asse, in un nodo (nessun nodo per gli enti trasversali)."""

    asse = models.ForeignKey(Asse, on_delete=models.CASCADE, related_name="+")
    ente = models.ForeignKey(Ente, on_delete=models.CASCADE, related_name="+")
    nodo = models.ForeignKey(Nodo, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "ente dell'asse"
        verbose_name_plural = "enti dell'asse"
        constraints = [
            models.UniqueConstraint(
                fields=["asse", "ente", "nodo"],
                nulls_distinct=False,
                name="ente_di_asse_una_volta",
                violation_error_message="L'ente è già su questo asse in questo nodo.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ente} su {self.asse}"


class AzioneQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        """Le azioni che l'ente realizza o a cui collabora."""
        return self.filter(enti=ente).distinct()

    def per_inizio(self) -> Self:
        return self.order_by(F("inizio").asc(nulls_last=True), "titolo", "pk")


class Azione(models.Model):
    """Un'attività del progetto su un asse, in un nodo.

    Molte date sono note solo al mese: il giorno è allora il primo (o l'ultimo) e lo dice
    `inizio_al_mese` (`fine_al_mese`).
    """

    slug = models.SlugField(max_length=80, unique=True)
    progetto = models.ForeignKey(Progetto, on_delete=models.PROTECT, related_name="azioni")
    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, related_name="azioni")
    nodo = models.ForeignKey(
        Nodo, on_delete=models.PROTECT, null=True, blank=True, related_name="azioni"
    )
    titolo = models.CharField("titolo", max_length=200)
    luoghi = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    sedi = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    servizi = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    inizio = models.DateField("inizio", null=True, blank=True)
    inizio_al_mese = models.BooleanField("inizio noto al mese", default=False)
    fine = models.DateField("fine", null=True, blank=True)
    fine_al_mese = models.BooleanField("fine nota al mese", default=False)
    integrativa = models.BooleanField("fuori progetto, a suo completamento", default=False)
    enti = models.ManyToManyField(Ente, through="EnteDiAzione", related_name="azioni")
    note = models.TextField("note", blank=True)

    objects = AzioneQuerySet.as_manager()

    class Meta:
        verbose_name = "azione"
        verbose_name_plural = "azioni"
        constraints = [
            models.CheckConstraint(
                condition=Q(inizio=None) | Q(fine=None) | Q(fine__gte=F("inizio")),
                name="azione_date_in_ordine",
                violation_error_message="L'azione non può finire prima di cominciare.",
            )
        ]

    def __str__(self) -> str:
        return self.titolo


class EnteDiAzione(models.Model):
    """Chi realizza un'azione (`collaboratore` falso) o vi collabora (vero)."""

    azione = models.ForeignKey(Azione, on_delete=models.CASCADE, related_name="partecipanti")
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    collaboratore = models.BooleanField("collaboratore", default=False)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    class Meta:
        verbose_name = "ente dell'azione"
        verbose_name_plural = "enti dell'azione"
        constraints = [
            models.UniqueConstraint(
                fields=["azione", "ente"],
                name="ente_di_azione_una_volta",
                violation_error_message="L'ente partecipa già a questa azione.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ente} in {self.azione}"


class PeriodoDiAzione(models.Model):
    """Una tappa dichiarata di un'azione, al mese; può non combaciare con inizio e fine."""

    azione = models.ForeignKey(Azione, on_delete=models.CASCADE, related_name="periodi")
    inizio = models.DateField("inizio")
    fine = models.DateField("fine")
    descrizione = models.CharField("descrizione", max_length=200, blank=True)

    class Meta:
        verbose_name = "periodo di un'azione"
        verbose_name_plural = "periodi di un'azione"
        constraints = [
            models.CheckConstraint(
                condition=Q(fine__gte=F("inizio")),
                name="periodo_date_in_ordine",
                violation_error_message="Il periodo non può finire prima di cominciare.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.inizio:%m/%Y}-{self.fine:%m/%Y}"


class Indicatore(models.Model):
    """Ciò di cui una scheda giudica il miglioramento, su un asse."""

    slug = models.SlugField(max_length=80, unique=True)
    testo = models.CharField("testo", max_length=200)
    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, related_name="indicatori")
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    class Meta:
        verbose_name = "indicatore"
        verbose_name_plural = "indicatori"

    def __str__(self) -> str:
        return self.testo
