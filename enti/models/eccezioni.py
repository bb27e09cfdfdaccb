"""I permessi dati in più a un utente, per un ente o per un nodo: le eccezioni alla tabella dei ruoli.

Le tabelle sono quelle di django-guardian con una chiave esterna vera verso l'oggetto. Un'eccezione
apre un gesto, mai delle persone: quali si vedono lo decidono le policy, che guardano il ruolo e
l'ente scelto. Queste tabelle le leggono solo quelle di inviti e appartenenze e il percorso delle
schede, sempre dentro l'ente per cui si agisce.
"""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from enti.models.rete import Ente, Nodo
from enti.models.utenti import Utente
from enti.permessi import Permesso


class EccezioneQuerySet(models.QuerySet):
    def in_corso(self, giorno: date | None = None) -> Self:
        """Le eccezioni che valgono `giorno` (oggi, se taciuto)."""
        giorno = giorno or timezone.localdate()
        return self.filter(Q(al=None) | Q(al__gte=giorno), dal__lte=giorno)

    def di(self, utente: Utente) -> Self:
        return self.filter(user=utente).select_related("permission", "content_object", "dato_da")


class Eccezione(UserObjectPermissionBase):
    """Un permesso in più: a chi, su che cosa, perché, da quando e fino a quando."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    motivo = models.CharField("motivo", max_length=300)
    dal = models.DateField("dal", default=timezone.localdate)
    al = models.DateField("al", null=True, blank=True)
    dato_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, related_name="+", verbose_name="dato da"
    )

    objects = UserObjectPermissionManager.from_queryset(EccezioneQuerySet)()

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
        unique_together = ()
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"],
                name="%(class)s_una_volta",
                violation_error_message="Questo permesso è già dato: ritiralo prima di ridarlo.",
            ),
            models.CheckConstraint(
                condition=Q(al=None) | Q(al__gte=F("dal")),
                name="%(class)s_date_in_ordine",
                violation_error_message="La fine non può precedere l'inizio.",
            ),
        ]

    @property
    def permesso(self) -> Permesso:
        return Permesso(self.permission.codename)


class PermessoSuEnte(Eccezione):
    content_object = models.ForeignKey(
        Ente,
        on_delete=models.CASCADE,
        db_column="ente_id",
        related_name="permessi_dati",
        verbose_name="ente",
    )

    class Meta(Eccezione.Meta):
        abstract = False
        verbose_name = "permesso su un ente"
        verbose_name_plural = "permessi su enti"


class PermessoSuNodo(Eccezione):
    content_object = models.ForeignKey(
        Nodo,
        on_delete=models.CASCADE,
        db_column="nodo_id",
        related_name="permessi_dati",
        verbose_name="nodo",
    )

    class Meta(Eccezione.Meta):
        abstract = False
        verbose_name = "permesso su un nodo"
        verbose_name_plural = "permessi su nodi"
