"""L'invito a lavorare per un ente: vale una volta, per sette giorni, per chi ne ha il collegamento."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from enti.models.rete import Ente, Nodo
from enti.models.utenti import Utente
from enti.permessi import Attore, Ruolo


DURATA = timedelta(days=7)
_OTTETTI = 32


def scadenza() -> datetime:
    """Il momento in cui scade un invito fatto adesso."""
    return timezone.now() + DURATA


def nuovo_gettone() -> str:
    """Un segno a caso, 256 bit: sta solo nel collegamento spedito."""
    return secrets.token_urlsafe(_OTTETTI)


def impronta_del_gettone(gettone: str) -> str:
    """SHA-256 in esadecimale. Basta: un segno di 256 bit non si indovina, una parola sì."""
    return hashlib.sha256(gettone.encode()).hexdigest()


class InvitoQuerySet(models.QuerySet):
    def in_attesa(self) -> Self:
        """Né accettati né annullati; anche scaduti, che si possono mandare di nuovo."""
        return self.filter(accettato_il=None, annullato_il=None)

    def validi(self) -> Self:
        return self.in_attesa().filter(scade_il__gt=timezone.now())

    def col_gettone(self, gettone: str) -> Self:
        return self.filter(impronta=impronta_del_gettone(gettone))

    def gestibili_da(self, attore: Attore) -> Self:
        """Gli inviti che `attore` può annullare: di ogni ente se amministra, del proprio se no."""
        propri = self if attore.cura_la_rete else self.filter(ente=attore.ente)
        return propri.select_related("ente", "nodo", "invitato_da").order_by("-creato_il", "-pk")


class Invito(models.Model):
    """La porta aperta a un indirizzo di posta. Del gettone si conserva solo l'impronta."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="inviti")
    email = models.EmailField("posta elettronica")
    ruolo = models.CharField("ruolo", max_length=20, choices=Ruolo)
    nodo = models.ForeignKey(
        Nodo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nodo coordinato",
    )
    invitato_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    creato_il = models.DateTimeField("scritto il", default=timezone.now, editable=False)
    scade_il = models.DateTimeField("scade il", default=scadenza)
    spedito_il = models.DateTimeField("spedito il", null=True, blank=True)
    accettato_il = models.DateTimeField("accettato il", null=True, blank=True)
    annullato_il = models.DateTimeField("annullato il", null=True, blank=True)
    impronta = models.CharField("impronta del gettone", max_length=64, db_index=True)

    objects = InvitoQuerySet.as_manager()

    class Meta:
        verbose_name = "invito"
        verbose_name_plural = "inviti"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "email"],
                condition=Q(accettato_il=None, annullato_il=None),
                name="invito_uno_in_attesa",
                violation_error_message=(
                    "C'è già un invito in attesa per questo indirizzo: mandalo di nuovo, o"
                    " annullalo prima di farne un altro."
                ),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="invito_email_minuscola",
                violation_error_message="La posta elettronica si scrive in minuscolo.",
            ),
            models.CheckConstraint(
                condition=Q(nodo=None) | Q(ruolo=Ruolo.COORDINATORE),
                name="invito_nodo_solo_a_chi_coordina",
                violation_error_message="Solo un coordinatore ha un nodo.",
            ),
            models.CheckConstraint(
                condition=Q(scade_il__gt=F("creato_il")),
                name="invito_scade_dopo",
                violation_error_message="Un invito scade dopo che è stato scritto.",
            ),
            models.CheckConstraint(
                condition=Q(accettato_il=None) | Q(annullato_il=None),
                name="invito_accettato_o_annullato",
                violation_error_message="Un invito accettato non si può annullare.",
            ),
        ]

    def __str__(self) -> str:
        return f"invito di {self.ente}, {self.get_ruolo_display()}"

    @property
    def scaduto(self) -> bool:
        return self.scade_il <= timezone.now()
