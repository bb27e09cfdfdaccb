"""Le ore di chi lavora: il lavoro senza persone davanti, il foglio del mese, le rettifiche."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Now, TruncMonth
from django.db.models.lookups import GreaterThanOrEqual

from assi.models import Azione
from enti.models import Ente, Utente
from prestazioni.models.prestazioni import Prestazione
from registro.comune.storia import con_storia


class AttivitaIndirettaQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def fra(self, dal: date, al: date) -> Self:
        return self.filter(giorno__gte=dal, giorno__lte=al)

    def di_chi_opera(self, utente: Utente) -> Self:
        return self.filter(operatore=utente)

    def per_elenco(self) -> Self:
        """Con l'azione, dall'ultimo giorno."""
        return self.select_related("azione").order_by("-giorno", "-pk")


@con_storia
class AttivitaIndiretta(models.Model):
    """Un'ora di lavoro senza persone davanti: riunioni, viaggi, tavoli. Non contiene nomi."""

    class Tipo(models.TextChoices):
        RIUNIONE = "riunione", "riunione d'équipe"
        TAVOLO = "tavolo", "tavolo di lavoro"
        VIAGGIO = "viaggio", "viaggio"
        COORDINAMENTO = "coordinamento", "coordinamento"
        PREPARAZIONE = "preparazione", "preparazione e documenti"
        FORMAZIONE = "formazione", "formazione"
        CONTATTI = "contatti", "contatti con altri servizi"
        ALTRO = "altro", "altro"

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    operatore = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    azione = models.ForeignKey(
        Azione, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tipo = models.CharField("tipo", max_length=15, choices=Tipo)
    giorno = models.DateField("giorno")
    minuti = models.PositiveSmallIntegerField("minuti")
    descrizione = models.CharField("descrizione", max_length=200, blank=True)
    registrata_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    registrata_il = models.DateTimeField("registrata il", db_default=Now())

    objects = AttivitaIndirettaQuerySet.as_manager()

    class Meta:
        verbose_name = "attività indiretta"
        verbose_name_plural = "attività indirette"
        indexes = [
            models.Index(fields=["operatore", "ente", "-giorno"], name="indiretta_per_operatore")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "uuid"],
                name="indiretta_una_volta",
                violation_error_message="Questa attività è già registrata.",
            ),
            models.CheckConstraint(
                condition=Q(minuti__gte=1, minuti__lte=24 * 60),
                name="indiretta_durata",
                violation_error_message="La durata va da 1 minuto a 24 ore.",
            ),
            models.CheckConstraint(
                condition=Q(giorno__gte=date(2000, 1, 1)),
                name="indiretta_giorno_verosimile",
                violation_error_message="La data è troppo lontana: controlla l'anno.",
            ),
        ]

    def __str__(self) -> str:
        return f"attività indiretta {self.pk}"


class FoglioOreQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def fra(self, dal: date, al: date) -> Self:
        """Quelli dei mesi che cominciano da `dal` ad `al`."""
        return self.filter(mese__gte=dal, mese__lte=al)

    def che_ferma(self, prestazione: Prestazione) -> "FoglioOre | None":
        """Il foglio firmato per cui `prestazione` non si cambia più; None se non c'è."""
        suoi = self.filter(ente=prestazione.ente_id, operatore=prestazione.operatore_id)
        del_mese = suoi.filter(mese=prestazione.giorno.replace(day=1))
        return del_mese.select_related("operatore").first()


class FoglioOre(models.Model):
    """Il mese di un operatore firmato dal referente: da qui in poi le sue righe sono ferme.

    I totali si calcolano sempre dalle righe, che non possono più cambiare. Un errore si corregge
    con una `Rettifica`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    operatore = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    mese = models.DateField("mese", help_text="Il primo giorno del mese.")
    firmato_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    firmato_il = models.DateTimeField("firmato il", db_default=Now())

    objects = FoglioOreQuerySet.as_manager()

    class Meta:
        verbose_name = "foglio ore"
        verbose_name_plural = "fogli ore"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "operatore", "mese"],
                name="foglio_ore_una_volta",
                violation_error_message="Questo mese è già firmato.",
            ),
            models.CheckConstraint(
                condition=Q(mese=TruncMonth("mese")),
                name="foglio_ore_di_un_mese",
                violation_error_message="Un foglio ore è di un mese intero.",
            ),
        ]

    def __str__(self) -> str:
        return f"foglio ore {self.mese:%m/%Y}"


class Rettifica(models.Model):
    """Una correzione a un mese firmato: quanti minuti in più o in meno, su quale azione, perché."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    foglio = models.ForeignKey(FoglioOre, on_delete=models.PROTECT, related_name="rettifiche")
    azione = models.ForeignKey(
        Azione, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    minuti = models.IntegerField("minuti")
    motivo = models.CharField("motivo", max_length=300)
    quando = models.DateTimeField("quando", db_default=Now())
    da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "rettifica"
        verbose_name_plural = "rettifiche"
        constraints = [
            models.CheckConstraint(
                condition=~Q(minuti=0) & Q(minuti__gte=-44640, minuti__lte=44640),
                name="rettifica_di_qualcosa",
                violation_error_message="Una rettifica aggiunge o toglie minuti, al più quelli di un mese.",
            ),
            models.CheckConstraint(
                condition=Q(GreaterThanOrEqual(Length("motivo"), 10)),
                name="rettifica_con_motivo",
                violation_error_message="Scrivi in almeno 10 caratteri perché il mese si corregge.",
            ),
        ]

    def __str__(self) -> str:
        return f"rettifica {self.pk}"
