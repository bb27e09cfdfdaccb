"""Il secondo fattore perso: chi l'ha detto, chi l'ha azzerato, e il codice per rimetterlo."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Self

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from enti.models.utenti import Utente


VALE = timedelta(hours=24)
# Un avviso che non è partito si riprova: dopo una settimana non direbbe più niente di utile.
SI_RIPROVA = timedelta(days=7)
# Senza lettere e cifre che a voce o a mano si confondono.
_SEGNI = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GRUPPI, _PER_GRUPPO = 3, 4


def nuovo_codice() -> str:
    """Un codice da dire a voce, sessanta bit: «K7QM-4XWT-9PLC»."""
    gruppi = ("".join(secrets.choice(_SEGNI) for _ in range(_PER_GRUPPO)) for _ in range(_GRUPPI))
    return "-".join(gruppi)


def _normale(codice: str) -> str:
    return "".join(segno for segno in codice.upper() if segno.isalnum())


class RipristinoFattoreQuerySet(models.QuerySet):
    def aperti(self) -> Self:
        """Chiesti o azzerati, e non ancora finiti con un fattore nuovo."""
        return self.filter(usato_il=None)

    def da_decidere(self) -> Self:
        """Chiesti, e che nessuno ha ancora azzerato."""
        return self.aperti().filter(azzerato_il=None)

    def azzerati(self) -> Self:
        """Aspettano che la persona entri col codice e metta il fattore nuovo."""
        return self.aperti().exclude(azzerato_il=None)

    def da_avvisare(self) -> Self:
        """Azzerati di cui non si sono ancora avvisati tutti, anche se il codice è già stato usato."""
        return self.filter(avvisati_il=None, azzerato_il__gt=timezone.now() - SI_RIPROVA)


class RipristinoFattore(models.Model):
    """Una persona ha perso telefono e codici di riserva: la strada per tornare dentro.

    Azzerare non apre niente da solo: per entrare servono la password e il codice, che chi azzera dice
    a voce, e la prima cosa che si può fare è mettere il fattore nuovo.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    utente = models.ForeignKey(Utente, on_delete=models.CASCADE, related_name="ripristini")
    chiesto_il = models.DateTimeField("chiesto il", null=True, blank=True)
    azzerato_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    azzerato_il = models.DateTimeField("azzerato il", null=True, blank=True)
    impronta = models.CharField("impronta del codice", max_length=128, blank=True)
    scade_il = models.DateTimeField("scade il", null=True, blank=True)
    usato_il = models.DateTimeField("usato il", null=True, blank=True)
    # A chi il messaggio è già partito, uno per uno; `avvisati_il` quando è partito a tutti.
    avvisati = ArrayField(models.BigIntegerField(), default=list, verbose_name="già avvisati")
    avvisati_il = models.DateTimeField("detto dell'azzeramento il", null=True, blank=True)

    objects = RipristinoFattoreQuerySet.as_manager()

    class Meta:
        verbose_name = "ripristino del secondo fattore"
        verbose_name_plural = "ripristini del secondo fattore"
        constraints = [
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(usato_il=None),
                name="ripristino_uno_aperto_per_utente",
                violation_error_message="C'è già una richiesta aperta per questa persona.",
            ),
            models.CheckConstraint(
                condition=Q(azzerato_il=None, azzerato_da=None, scade_il=None, impronta="")
                | (
                    Q(azzerato_il__isnull=False, azzerato_da__isnull=False, scade_il__isnull=False)
                    & ~Q(impronta="")
                ),
                name="ripristino_azzerato_per_intero",
                violation_error_message="Chi azzera, quando, e il codice si scrivono insieme.",
            ),
        ]

    def __str__(self) -> str:
        return f"Ripristino del secondo fattore di {self.utente}"

    def azzera(self, *, da: Utente) -> str:
        """Scrive chi azzera e un codice nuovo, e rende il codice: si legge questa volta sola."""
        codice = nuovo_codice()
        self.azzerato_da, self.azzerato_il = da, timezone.now()
        self.avvisati, self.avvisati_il = [], None
        self.impronta = make_password(_normale(codice))
        self.scade_il = scadenza_del_codice()
        self.save()
        return codice

    def apre_con(self, codice: str) -> bool:
        """Se `codice` è quello giusto, e vale ancora."""
        vale = self.scade_il is not None and self.scade_il > timezone.now()
        return vale and check_password(_normale(codice), self.impronta)


def scadenza_del_codice() -> datetime:
    """Il momento in cui scade un codice fatto adesso."""
    return timezone.now() + VALE
