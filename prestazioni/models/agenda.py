"""L'agenda dell'operatore e ciò che stava scrivendo."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from assi.models import Servizio
from beneficiari.models import Beneficiario, PresaInCarico
from enti.models import Ente, Utente
from prestazioni.models.prestazioni import Modo, Prestazione
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet
from registro.comune.cifratura import cifra, decifra, legame
from registro.comune.storia import con_storia


class AppuntamentoQuerySet(PersoneQuerySet):
    def di_chi_opera(self, utente: Utente, ente: Ente) -> Self:
        return self.filter(operatore=utente, ente=ente)

    def fra(self, da: datetime, a: datetime) -> Self:
        return self.filter(quando__gte=da, quando__lt=a).order_by("quando", "pk")

    def previsti(self) -> Self:
        """Quelli di cui non si sa ancora com'è andata."""
        return self.filter(stato=Appuntamento.Stato.PREVISTO)

    def per_elenco(self) -> Self:
        """Con la persona (anche quella che un'unione ha lasciato), il servizio e l'azione."""
        return self.select_related("beneficiario__unito_a", "servizio", "presa__azione")


@con_storia
class Appuntamento(DatoDiPersona):
    """Un impegno dell'operatore con una persona, o senza. Fatto, diventa una prestazione."""

    gruppo = Gruppo.PRESTAZIONI

    class Stato(models.TextChoices):
        PREVISTO = "previsto", "previsto"
        FATTO = "fatto", "fatto"
        MANCATO = "mancato", "non si è presentata"
        ANNULLATO = "annullato", "annullato"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    operatore = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    presa = models.ForeignKey(
        PresaInCarico, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    servizio = models.ForeignKey(
        Servizio, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    quando = models.DateTimeField("quando")
    minuti = models.PositiveSmallIntegerField("minuti", null=True, blank=True)
    modo = models.CharField("modo", max_length=10, choices=Modo, default=Modo.PRESENZA)
    luogo = models.CharField("luogo", max_length=100, blank=True)
    oggetto = models.CharField("oggetto", max_length=200, blank=True)
    stato = models.CharField("stato", max_length=10, choices=Stato, default=Stato.PREVISTO)
    prestazione = models.ForeignKey(
        Prestazione, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    creato_il = models.DateTimeField("creato il", db_default=Now())

    objects = AppuntamentoQuerySet.as_manager()

    class Meta:
        verbose_name = "appuntamento"
        verbose_name_plural = "appuntamenti"
        indexes = [models.Index(fields=["operatore", "ente", "quando"], name="appuntamento_di")]
        constraints = [
            models.CheckConstraint(
                condition=Q(presa=None) | Q(beneficiario__isnull=False),
                name="appuntamento_con_qualcuno",
                violation_error_message="Un appuntamento dentro una presa in carico dice con chi.",
            ),
            models.CheckConstraint(
                condition=Q(prestazione=None) | Q(stato="fatto"),
                name="appuntamento_fatto_con_prestazione",
                violation_error_message="Solo un appuntamento fatto ha una prestazione.",
            ),
            models.CheckConstraint(
                condition=Q(minuti=None) | Q(minuti__gte=1, minuti__lte=24 * 60),
                name="appuntamento_durata",
                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
            ),
        ]

    def __str__(self) -> str:
        return f"appuntamento {self.pk}"

    @property
    def persona(self) -> Beneficiario | None:
        """Con chi: dopo un'unione, la persona rimasta. Letto con `per_elenco()` non costa altro."""
        return self.beneficiario and (self.beneficiario.unito_a or self.beneficiario)


class Bozza(models.Model):
    """Ciò che un utente stava scrivendo in una pagina: cifrato, suo, per quell'ente."""

    colonna_cifrata = "contenuto_cifrato"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    pagina = models.CharField("pagina", max_length=80)
    contenuto_cifrato = models.BinaryField(editable=False)
    aggiornata_il = models.DateTimeField("aggiornata il", auto_now=True)

    class Meta:
        verbose_name = "bozza"
        verbose_name_plural = "bozze"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "utente", "pagina"],
                name="bozza_una_per_pagina",
                violation_error_message="C'è già una bozza di questa pagina.",
            )
        ]

    def __str__(self) -> str:
        return f"bozza {self.pk}"

    @property
    def contenuto(self) -> str:
        """Ciò che era scritto, in chiaro. Solleva DatoCifratoAlterato se non torna."""
        return decifra(bytes(self.contenuto_cifrato), legame=self._legame)

    @contenuto.setter
    def contenuto(self, valore: str) -> None:
        self.contenuto_cifrato = cifra(valore, legame=self._legame)

    def ricifra(self) -> None:
        """Richiude il contenuto con la chiave corrente. Solleva DatoCifratoAlterato se non si apre."""
        self.contenuto = self.contenuto

    @property
    def _legame(self) -> str:
        return legame("prestazioni_bozza.contenuto", ente=self.ente_id, riga=self.uuid)
