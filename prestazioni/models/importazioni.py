"""I fogli importati: che cosa è arrivato, com'è andata, come si torna indietro."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from enti.models import Ente, Utente


class ImportazioneQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente).order_by("-creata_il", "-pk")

    def in_corso(self) -> Self:
        return self.filter(stato__in=Importazione.STATI_IN_CORSO)

    def ferme_da(self, istante: datetime) -> Self:
        """Quelle in corso di cui non si sa più nulla da prima di `istante`."""
        return self.in_corso().filter(
            Q(segno_di_vita__lt=istante) | Q(segno_di_vita=None, creata_il__lt=istante)
        )

    def in_attesa_da(self, istante: datetime) -> Self:
        """Quelle in corso che nessuno ha in mano, o di cui chi le aveva tace da prima di `istante`."""
        return self.in_corso().filter(Q(lavoro="") | Q(segno_di_vita__lt=istante))


class Importazione(models.Model):
    """Un foglio dell'ente che si porta dentro tutto o per niente.

    Il file sta nel deposito, cifrato, finché serve; qui restano i conti e l'impronta. `scelte` dice
    quale foglio, quale intestazione, quale colonna vale che cosa e come si sono sciolti i dubbi:
    posizioni e codici, mai dati di persone.
    """

    class Tipo(models.TextChoices):
        PERSONE = "persone", "persone"
        CASI = "casi", "prese in carico"
        PRESTAZIONI = "prestazioni", "prestazioni"
        ESITI = "esiti", "esiti"

    class Stato(models.TextChoices):
        DA_ABBINARE = "da_abbinare", "colonne da abbinare"
        IN_ESAME = "in_esame", "in esame"
        ESAMINATA = "esaminata", "pronta da caricare"
        IN_CARICAMENTO = "in_caricamento", "in caricamento"
        CARICATA = "caricata", "caricata"
        ANNULLATA = "annullata", "annullata"
        ABBANDONATA = "abbandonata", "lasciata"
        FALLITA = "fallita", "non riuscita"

    STATI_IN_CORSO = (Stato.IN_ESAME, Stato.IN_CARICAMENTO)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    tipo = models.CharField("che cosa contiene", max_length=12, choices=Tipo)
    stato = models.CharField("stato", max_length=15, choices=Stato, default=Stato.DA_ABBINARE)
    estensione = models.CharField("estensione", max_length=5, blank=True)
    impronta = models.CharField("SHA-256", max_length=64)
    scelte = models.JSONField("scelte", default=dict, blank=True)
    lette = models.PositiveIntegerField("righe lette", null=True, blank=True)
    valide = models.PositiveIntegerField("righe valide", null=True, blank=True)
    rifiutate = models.PositiveIntegerField("righe rifiutate", null=True, blank=True)
    scritte = models.PositiveIntegerField("righe scritte", null=True, blank=True)
    avanzamento = models.PositiveSmallIntegerField("avanzamento", default=0)
    tentativi = models.PositiveSmallIntegerField("tentativi", default=0)
    lavoro = models.CharField("messaggio che la lavora", max_length=50, blank=True)
    segno_di_vita = models.DateTimeField("ultimo segno di vita", null=True, blank=True)
    creata_il = models.DateTimeField("creata il", db_default=Now())
    finita_il = models.DateTimeField("finita il", null=True, blank=True)
    annullata_il = models.DateTimeField("annullata il", null=True, blank=True)
    annullata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    errore = models.TextField("che cosa è successo", blank=True)

    objects = ImportazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "importazione"
        verbose_name_plural = "importazioni"
        constraints = [
            models.CheckConstraint(
                condition=Q(avanzamento__lte=100),
                name="importazione_avanzamento",
                violation_error_message="L'avanzamento va da 0 a 100.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="annullata") | Q(annullata_il__isnull=False),
                name="importazione_annullata_da_qualcuno",
                violation_error_message="Un'importazione annullata dice quando.",
            ),
        ]

    def __str__(self) -> str:
        return f"importazione {self.pk}"

    def quante_persone_nate(self) -> int:
        """Le persone che sono nate da questo foglio."""
        return self.righe_nate.filter(tabella="beneficiari_beneficiario").count()


class AbbinamentoColonne(models.Model):
    """Come un ente chiama le colonne dei suoi fogli: si chiede una volta e si ricorda."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    tipo = models.CharField("che cosa contiene", max_length=12, choices=Importazione.Tipo)
    intestazione = models.CharField("intestazione", max_length=200)
    campo = models.CharField("campo", max_length=40, blank=True)
    usato_il = models.DateTimeField("usato il", db_default=Now())

    class Meta:
        verbose_name = "abbinamento di una colonna"
        verbose_name_plural = "abbinamenti delle colonne"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "tipo", "intestazione"],
                name="abbinamento_una_volta",
                violation_error_message="Questa colonna è già abbinata.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.intestazione}: {self.campo or 'non usata'}"


class RigaImportata(models.Model):
    """Una riga nata da un'importazione di persone, casi o esiti: serve a tornare indietro.

    Le prestazioni lo dicono da sé. `tabella` è il nome della tabella, `chiave` la riga.
    """

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    importazione = models.ForeignKey(
        Importazione, on_delete=models.PROTECT, related_name="righe_nate"
    )
    tabella = models.CharField("tabella", max_length=40)
    chiave = models.BigIntegerField("chiave")

    class Meta:
        verbose_name = "riga importata"
        verbose_name_plural = "righe importate"

    def __str__(self) -> str:
        return f"{self.tabella} {self.chiave}"
