"""I documenti che un utente chiede: il modulo di consenso, la scheda della persona, l'elenco."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.models import Informativa


# Un foglio con dati di persone non resta a disposizione: chi lo rivuole lo richiede.
DURATA = timedelta(hours=24)


class DocumentoDiPersonaQuerySet(models.QuerySet):
    def di(self, utente: Utente, ente: Ente) -> Self:
        """I documenti che `utente` ha chiesto per conto di `ente`, dal più recente."""
        return self.filter(utente=utente, ente=ente).order_by("-richiesto_il", "-pk")

    def in_corso(self) -> Self:
        return self.filter(stato__in=DocumentoDiPersona.STATI_IN_CORSO)

    def pronti(self) -> Self:
        return self.filter(stato=DocumentoDiPersona.Stato.PRONTO)

    def fermi_da(self, istante: datetime) -> Self:
        """Le richieste in corso di cui non si sa più nulla da prima di `istante`."""
        return self.in_corso().filter(
            Q(segno_di_vita__lt=istante) | Q(segno_di_vita=None, richiesto_il__lt=istante)
        )

    def da_distruggere(self) -> Self:
        """Quelli il cui file ha finito il suo tempo."""
        return self.pronti().filter(scade_il__lte=timezone.now())


class DocumentoDiPersona(models.Model):
    """La richiesta di un documento e il suo risultato: lo vede solo chi l'ha chiesto, per 24 ore.

    Non contiene dati: identificativi, e i nomi dei gruppi che il file contiene. `condivisione` è
    l'autorizzazione (di un altro ente) che si stampa; `poggia_su` quelle che reggono ciò che è nel
    file: se ne cade una il file si distrugge. Sono uuid e non chiavi perché le righe sono di altri.
    """

    class Tipo(models.TextChoices):
        CONSENSO = "consenso", "modulo di consenso"
        SCHEDA = "scheda", "scheda della persona"
        COPIA = "copia", "copia dei dati, in PDF e in un file"
        CONDIVISA = "condivisa", "scheda condivisa da un altro ente"
        ELENCO = "elenco", "elenco delle persone, in Excel"
        ELENCO_CSV = "elenco-csv", "elenco delle persone, in CSV"

    class Stato(models.TextChoices):
        IN_CODA = "in_coda", "in coda"
        IN_LAVORAZIONE = "in_lavorazione", "in preparazione"
        PRONTO = "pronto", "pronto"
        FALLITO = "fallito", "non riuscito"
        DISTRUTTO = "distrutto", "non più disponibile"

    ELENCHI = (Tipo.ELENCO, Tipo.ELENCO_CSV)
    STATI_IN_CORSO = (Stato.IN_CODA, Stato.IN_LAVORAZIONE)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    tipo = models.CharField("tipo", max_length=10, choices=Tipo)
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    informativa = models.ForeignKey(
        Informativa, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    condivisione = models.UUIDField("autorizzazione ricevuta", null=True, blank=True)
    richiesto_il = models.DateTimeField("richiesto il", auto_now_add=True)
    stato = models.CharField("stato", max_length=15, choices=Stato, default=Stato.IN_CODA)
    tentativi = models.PositiveSmallIntegerField("tentativi", default=0)
    # Il messaggio che ha preso la riga e l'ultimo segno di vita: dicono se chi la lavorava è morto.
    lavoro = models.CharField("messaggio che la lavora", max_length=50, blank=True)
    segno_di_vita = models.DateTimeField("ultimo segno di vita", null=True, blank=True)
    gruppi = ArrayField(models.CharField(max_length=20, choices=Gruppo), default=list, blank=True)
    poggia_su = ArrayField(models.UUIDField(), default=list, blank=True)
    file = models.CharField("file", max_length=60, blank=True)
    impronta = models.CharField("SHA-256", max_length=64, blank=True)
    byte = models.PositiveIntegerField("byte", null=True, blank=True)
    finito_il = models.DateTimeField("finito il", null=True, blank=True)
    scade_il = models.DateTimeField("si distrugge il", null=True, blank=True)
    errore = models.TextField("che cosa è successo", blank=True)

    objects = DocumentoDiPersonaQuerySet.as_manager()

    class Meta:
        verbose_name = "documento di una persona"
        verbose_name_plural = "documenti delle persone"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "utente", "tipo", "beneficiario", "informativa", "condivisione"],
                condition=Q(stato__in=("in_coda", "in_lavorazione")),
                nulls_distinct=False,
                name="documento_di_persona_uno_in_corso",
                violation_error_message="Questo documento è già in preparazione.",
            ),
            models.CheckConstraint(
                condition=Q(tipo="consenso", informativa__isnull=False, condivisione=None)
                | Q(
                    tipo__in=("scheda", "copia"),
                    beneficiario__isnull=False,
                    informativa=None,
                    condivisione=None,
                )
                | Q(
                    tipo="condivisa",
                    beneficiario=None,
                    informativa=None,
                    condivisione__isnull=False,
                )
                | Q(
                    tipo__in=("elenco", "elenco-csv"),
                    beneficiario=None,
                    informativa=None,
                    condivisione=None,
                ),
                name="documento_di_persona_su_che_cosa",
                violation_error_message="Ogni documento dice di che cosa parla, e di nient'altro.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="pronto")
                | ~Q(file="") & ~Q(impronta="") & Q(scade_il__isnull=False),
                name="documento_di_persona_pronto_con_file",
                violation_error_message="Un documento pronto ha il file, l'impronta e la scadenza.",
            ),
        ]

    def __str__(self) -> str:
        return f"documento {self.pk}"

    @property
    def in_corso(self) -> bool:
        return self.stato in self.STATI_IN_CORSO

    @property
    def scaduto(self) -> bool:
        """Vero se il file ha finito il suo tempo, anche se nessuno l'ha ancora tolto."""
        return self.scade_il is not None and self.scade_il <= timezone.now()

    @property
    def estensione(self) -> str:
        return _ESTENSIONI.get(self.tipo, "pdf")


_ESTENSIONI = {
    DocumentoDiPersona.Tipo.ELENCO: "xlsx",
    DocumentoDiPersona.Tipo.ELENCO_CSV: "csv",
    DocumentoDiPersona.Tipo.COPIA: "zip",
}
