"""L'accesso d'emergenza: leggere il minimo di una persona di un altro ente, dicendo perché."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from beneficiari.models.persone import Beneficiario, Identificativo
from enti.models import Ente, Utente


class AccessoQuerySet(models.QuerySet):
    def miei(self, utente: Utente, ente: Ente) -> Self:
        return self.filter(utente=utente, ente=ente)

    def aperti(self) -> Self:
        return self.filter(fino_al__gt=timezone.now())

    def da_avvisare(self) -> Self:
        """Quelli di cui il garante non ha ancora avuto la posta."""
        return self.filter(avvisato_il=None).order_by("pk")

    def per_elenco(self) -> Self:
        return self.select_related("ente", "utente").order_by("-aperto_il", "-pk")


class AccessoDEmergenza(models.Model):
    """Per al più sessanta minuti, chi lavora con le persone legge il minimo di una, cercata col suo
    codice esatto, in qualunque ente stia.

    La riga la scrive solo `registro_apri_emergenza`, che decide inizio e fine, e c'è anche se nessuno
    conosce quel codice: non dice né chi si cercava né se lo si è trovato. Non si cambia più.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    tipo = models.CharField(
        "che codice è",
        max_length=15,
        choices=[voce for voce in Identificativo.Tipo.choices if voce[0] != "nessuno"],
    )
    motivo = models.CharField("perché", max_length=300)
    aperto_il = models.DateTimeField("aperto il")
    fino_al = models.DateTimeField("fino al")
    avvisato_il = models.DateTimeField("garante avvisato il", null=True, blank=True)

    objects = AccessoQuerySet.as_manager()

    class Meta:
        verbose_name = "accesso d'emergenza"
        verbose_name_plural = "accessi d'emergenza"
        indexes = [
            models.Index(fields=["utente", "-aperto_il"], name="emergenza_per_utente"),
            models.Index(
                fields=["ente"], condition=Q(avvisato_il=None), name="emergenza_da_avvisare"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(fino_al__gte=F("aperto_il"))
                & Q(
                    fino_al__lte=F("aperto_il")
                    + models.Value("60 minutes", models.DurationField())
                ),
                name="emergenza_al_piu_un_ora",
                violation_error_message="Un accesso d'emergenza dura al più 60 minuti.",
            ),
            models.CheckConstraint(
                condition=Q(GreaterThanOrEqual(Length("motivo"), 20)),
                name="emergenza_con_motivo",
                violation_error_message=(
                    "Scrivi in almeno 20 caratteri perché ti servono questi dati adesso."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"accesso d'emergenza {self.pk}"

    @property
    def aperto(self) -> bool:
        return timezone.now() < self.fino_al


class AvvisoQuerySet(models.QuerySet):
    def delle_righe(self, beneficiari: list[int]) -> Self:
        """Gli accessi che hanno mostrato una persona, dal più recente."""
        return self.filter(beneficiario__in=beneficiari).order_by("-aperto_il", "-pk")

    def da_spedire(self) -> Self:
        """Quelli di cui l'ente non ha ancora avuto la posta."""
        return self.filter(avvisato_il=None).order_by("pk")

    def da_vedere(self) -> Self:
        """Quelli di cui nessuno ha ancora preso visione."""
        return self.filter(visto_il=None)

    def per_elenco(self) -> Self:
        """Con chi ha letto; prima quelli di cui nessuno ha preso visione."""
        return self.select_related("da_ente", "visto_da").order_by(
            F("visto_il").desc(nulls_first=True), "-aperto_il", "-pk"
        )

    def con_la_persona(self) -> Self:
        """Con la persona letta: mostrarla è una lettura, e si annota da sé."""
        return self.select_related("beneficiario")


class AvvisoDEmergenza(models.Model):
    """All'ente che segue la persona: un altro ha letto i suoi dati in emergenza, quando e perché.

    Nasce nella stessa istruzione che mostra i dati: senza avviso non si mostra niente. Lo legge chi
    risponde dei dati, che ne prende visione.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    accesso = models.BigIntegerField("numero dell'accesso")
    da_ente = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="+", verbose_name="chi ha letto"
    )
    motivo = models.CharField("perché", max_length=300)
    aperto_il = models.DateTimeField("aperto il")
    fino_al = models.DateTimeField("fino al")
    avvisato_il = models.DateTimeField("posta spedita il", null=True, blank=True)
    visto_il = models.DateTimeField("preso visione il", null=True, blank=True)
    visto_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AvvisoQuerySet.as_manager()

    class Meta:
        verbose_name = "avviso d'emergenza"
        verbose_name_plural = "avvisi d'emergenza"
        indexes = [
            models.Index(fields=["beneficiario"], name="avviso_emergenza_persona"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "accesso", "beneficiario"],
                name="avviso_emergenza_una_volta",
                violation_error_message="Di questo accesso c'è già l'avviso.",
            ),
            models.CheckConstraint(
                condition=Q(visto_il=None, visto_da=None)
                | Q(visto_il__isnull=False, visto_da__isnull=False),
                name="avviso_emergenza_visto_da_qualcuno",
                violation_error_message="Si dice chi ha preso visione e quando.",
            ),
        ]

    def __str__(self) -> str:
        return f"avviso d'emergenza {self.pk}"
