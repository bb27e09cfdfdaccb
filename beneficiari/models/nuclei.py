"""Con chi vive la persona."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from beneficiari.models.persone import Beneficiario
from enti.models import Ente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona
from registro.comune.storia import con_storia


class NucleoQuerySet(models.QuerySet):
    def con_componenti(self) -> Self:
        """Con `di_adesso`: chi ne fa parte adesso, dal primo arrivato."""
        ora = Componente.objects.filter(al=None).select_related("beneficiario")
        return self.prefetch_related(
            models.Prefetch("componenti", ora.order_by("dal", "pk"), to_attr="di_adesso")
        )

    def di_adesso(self, persona: Beneficiario) -> Self:
        """I nuclei di cui la persona fa parte adesso."""
        sue = Componente.objects.filter(
            al=None, ente=persona.ente_id, beneficiario_id__in=persona.chiavi
        )
        return self.filter(pk__in=sue.values("nucleo"), ente=persona.ente_id).con_componenti()


@con_storia
class Nucleo(models.Model):
    """Una famiglia o chi vive insieme, come la conosce un ente. Non ha un nome: ha componenti."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    tipologia = models.CharField("tipologia familiare", max_length=10, blank=True)
    creato_il = models.DateField("dal", default=timezone.localdate)

    objects = NucleoQuerySet.as_manager()

    class Meta:
        verbose_name = "nucleo"
        verbose_name_plural = "nuclei"

    def __str__(self) -> str:
        return f"nucleo {self.pk}"


@con_storia
class Componente(DatoDiPersona):
    """Il periodo in cui una persona fa parte di un nucleo. Si può essere in due nuclei."""

    gruppo = Gruppo.NUCLEO

    class Ruolo(models.TextChoices):
        CAPOFAMIGLIA = "capofamiglia", "capofamiglia"
        CONIUGE = "coniuge", "coniuge o partner"
        FIGLIO = "figlio", "figlio o figlia"
        GENITORE = "genitore", "genitore"
        FRATELLO = "fratello", "fratello o sorella"
        ALTRO_PARENTE = "altro-parente", "altro parente"
        ALTRO = "altro", "altra persona"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    nucleo = models.ForeignKey(Nucleo, on_delete=models.PROTECT, related_name="componenti")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="nuclei")
    ruolo = models.CharField("ruolo nel nucleo", max_length=15, choices=Ruolo)
    convivente = models.BooleanField("convivente", default=True)
    dal = models.DateField("dal", default=timezone.localdate)
    al = models.DateField("al", null=True, blank=True)

    class Meta:
        verbose_name = "componente"
        verbose_name_plural = "componenti"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "nucleo", "beneficiario"],
                condition=Q(al=None),
                name="componente_una_volta",
                violation_error_message="La persona è già in questo nucleo.",
            ),
            models.UniqueConstraint(
                fields=["ente", "nucleo"],
                condition=Q(al=None, ruolo="capofamiglia"),
                name="componente_un_capofamiglia",
                violation_error_message="Il nucleo ha già un capofamiglia.",
            ),
            models.CheckConstraint(
                condition=Q(al=None) | Q(al__gte=F("dal")),
                name="componente_date_in_ordine",
                violation_error_message="La fine non può precedere l'inizio.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_ruolo_display()
