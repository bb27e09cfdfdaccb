"""Il periodo in cui un utente agisce per un ente, con quale ruolo e quali eccezioni."""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.utils import timezone

from enti.models.eccezioni import PermessoSuEnte, PermessoSuNodo
from enti.models.rete import Ente, Nodo
from enti.models.utenti import Utente
from enti.permessi import RUOLI_DELL_ENTE, Attore, Ruolo
from registro.comune.ricerca import FormaNormale


class AppartenenzaQuerySet(models.QuerySet):
    def in_corso(self, giorno: date | None = None) -> Self:
        """Le appartenenze che valgono `giorno` (oggi, se taciuto).

        L'ultimo giorno vale ancora, salvo che l'appartenenza sia stata chiusa prima che finisse.
        """
        giorno = giorno or timezone.localdate()
        ancora = Q(fine=None) | Q(fine__gt=giorno) | Q(fine=giorno, chiusa_il=None)
        return self.filter(ancora, inizio__lte=giorno)

    def non_finite(self) -> Self:
        """Quelle in corso e quelle che devono ancora cominciare."""
        oggi = timezone.localdate()
        return self.filter(Q(fine=None) | Q(fine__gte=oggi, chiusa_il=None))

    def finite(self) -> Self:
        """Le ultime di ciascuno: chi è uscito e non è rientrato, una riga per utente ed ente."""
        oggi = timezone.localdate()
        ancora = self.model.objects.non_finite()
        uscite = self.filter(Q(fine__lt=oggi) | ~Q(chiusa_il=None)).exclude(
            models.Exists(ancora.filter(utente=OuterRef("utente"), ente=OuterRef("ente")))
        )
        ultime = uscite.order_by("utente", "ente", "-fine", "-pk").distinct("utente", "ente")
        return self.filter(pk__in=ultime.values("pk"))

    def con_ente(self) -> Self:
        return self.select_related("ente__nodo", "nodo").order_by("ente__denominazione", "pk")

    def con_eccezioni(self, giorno: date | None = None) -> Self:
        """Con `su_ente` e `su_nodo`: i permessi in più che valgono `giorno` (oggi, se taciuto), per codice.

        Un'eccezione su un nodo vale per gli enti di quel nodo e per chi lo coordina.
        """
        di_lui = {"user": OuterRef("utente")}
        su_ente = PermessoSuEnte.objects.in_corso(giorno).filter(
            **di_lui, content_object=OuterRef("ente")
        )
        su_nodo = PermessoSuNodo.objects.in_corso(giorno).filter(
            Q(content_object=OuterRef("ente__nodo")) | Q(content_object=OuterRef("nodo")), **di_lui
        )
        return self.annotate(
            su_ente=ArraySubquery(su_ente.values("permission__codename")),
            su_nodo=ArraySubquery(su_nodo.values("permission__codename")),
        )

    def indirizzi(self) -> list[str]:
        """La posta di chi agisce oggi con queste appartenenze e ha l'account aperto, una volta ciascuno."""
        attive = self.in_corso().filter(utente__is_active=True)
        return sorted(set(attive.values_list("utente__email", flat=True)))

    def gestibili_da(self, attore: Attore) -> Self:
        """Quelle di cui `attore` cura gli utenti: di ogni ente se amministra, del proprio se no."""
        proprie = self if attore.cura_la_rete else self.filter(ente=attore.ente)
        return proprie.select_related("utente", "ente", "nodo")

    def che_lavorano_per(self, ente: Ente) -> Self:
        """Quelle di chi segue le persone di `ente`: operatori e referenti."""
        return self.filter(ente=ente, ruolo__in=RUOLI_DELL_ENTE)

    def per_nome(self) -> Self:
        return self.order_by(
            FormaNormale("utente__cognome"), FormaNormale("utente__nome"), "ente__slug", "pk"
        )

    def referenti_oltre(self, appartenenza: "Appartenenza") -> Self:
        """Chi altro risponde oggi di quell'ente, oltre all'utente di `appartenenza`."""
        dell_ente = self.in_corso().filter(ente=appartenenza.ente_id, ruolo=Ruolo.REFERENTE)
        return dell_ente.exclude(utente=appartenenza.utente_id)


class Appartenenza(models.Model):
    """Il periodo in cui un utente agisce per un ente con un ruolo.

    Lasciare un ente chiude l'appartenenza; l'account resta. Cambiare ruolo chiude una riga e ne
    apre un'altra: chi era che cosa, e fino a quando, si legge sempre.
    """

    uuid = models.UUIDField(
        default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="appartenenze")
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="appartenenze")
    ruolo = models.CharField("ruolo", max_length=20, choices=Ruolo)
    nodo = models.ForeignKey(
        Nodo,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nodo coordinato",
    )
    inizio = models.DateField("dal", default=timezone.localdate)
    fine = models.DateField("al", null=True, blank=True)
    chiusa_il = models.DateTimeField(
        "chiusa prima della fine del giorno", null=True, blank=True, editable=False
    )

    objects = AppartenenzaQuerySet.as_manager()

    class Meta:
        verbose_name = "appartenenza"
        verbose_name_plural = "appartenenze"
        constraints = [
            models.CheckConstraint(
                condition=Q(fine=None) | Q(fine__gte=F("inizio")),
                name="appartenenza_date_in_ordine",
                violation_error_message="La fine non può precedere l'inizio.",
            ),
            models.CheckConstraint(
                condition=Q(chiusa_il=None) | Q(fine__isnull=False),
                name="appartenenza_chiusa_ha_una_fine",
                violation_error_message="Un'appartenenza chiusa ha una data di fine.",
            ),
            models.CheckConstraint(
                condition=Q(nodo=None) | Q(ruolo=Ruolo.COORDINATORE),
                name="appartenenza_nodo_solo_a_chi_coordina",
                violation_error_message="Solo un coordinatore ha un nodo.",
            ),
            ExclusionConstraint(
                name="appartenenza_una_per_volta",
                expressions=[
                    ("utente", RangeOperators.EQUAL),
                    ("ente", RangeOperators.EQUAL),
                    (
                        Func(
                            F("inizio"),
                            F("fine"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                # Quella chiusa in giornata lascia il posto alla nuova il giorno stesso.
                condition=Q(chiusa_il=None),
                violation_error_message="L'utente ha già un ruolo in questo ente nel periodo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utente}, {self.get_ruolo_display()} di {self.ente}"

    @property
    def in_corso(self) -> bool:
        oggi = timezone.localdate()
        finita = self.fine and (self.fine < oggi or self.chiusa_il is not None)
        return self.inizio <= oggi and not finita
