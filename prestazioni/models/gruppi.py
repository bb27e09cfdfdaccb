"""I gruppi di persone che si ritrovano: il campo estivo, il laboratorio, il corso."""

import uuid
from datetime import date, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assi.models import Azione, Servizio
from beneficiari.models import Beneficiario, PresaInCarico
from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet
from registro.comune.storia import con_storia


class Giorno(models.IntegerChoices):
    """I giorni della settimana, come `date.weekday()`."""

    LUNEDI = 0, "lunedì"
    MARTEDI = 1, "martedì"
    MERCOLEDI = 2, "mercoledì"
    GIOVEDI = 3, "giovedì"
    VENERDI = 4, "venerdì"
    SABATO = 5, "sabato"
    DOMENICA = 6, "domenica"


class GruppoPresenzeQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def attivi(self, giorno: date) -> Self:
        """Quelli che quel giorno non sono ancora finiti."""
        return self.filter(Q(al=None) | Q(al__gte=giorno))

    def per_elenco(self) -> Self:
        return self.select_related("servizio", "azione__asse", "operatore").order_by("nome", "pk")


@con_storia
class GruppoPresenze(models.Model):
    """Un gruppo con il suo calendario; ogni incontro tenuto è una `Prestazione` del gruppo.

    `giorni` sono quelli della settimana in cui si ripete, da `dal` ad `al`; `salta` i giorni in
    cui non si tiene, `in_piu` quelli fuori calendario.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="gruppi_presenze")
    nome = models.CharField("nome", max_length=120)
    servizio = models.ForeignKey(Servizio, on_delete=models.PROTECT, related_name="+")
    azione = models.ForeignKey(Azione, on_delete=models.PROTECT, related_name="+")
    operatore = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    modo = models.CharField("modo", max_length=10, default="presenza")
    luogo = models.CharField("luogo", max_length=100, blank=True)
    ora = models.TimeField("ora", null=True, blank=True)
    minuti = models.PositiveSmallIntegerField("minuti", null=True, blank=True)
    giorni = ArrayField(models.PositiveSmallIntegerField(choices=Giorno), default=list, blank=True)
    dal = models.DateField("dal")
    al = models.DateField("al", null=True, blank=True)
    salta = ArrayField(models.DateField(), default=list, blank=True)
    in_piu = ArrayField(models.DateField(), default=list, blank=True)

    objects = GruppoPresenzeQuerySet.as_manager()

    class Meta:
        verbose_name = "gruppo"
        verbose_name_plural = "gruppi"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "nome", "dal"],
                name="gruppo_presenze_nome_una_volta",
                violation_error_message="C'è già un gruppo con questo nome che comincia quel giorno.",
            ),
            models.CheckConstraint(
                condition=~Q(nome=""),
                name="gruppo_presenze_con_nome",
                violation_error_message="Scrivi come si chiama il gruppo.",
            ),
            models.CheckConstraint(
                condition=Q(al=None) | Q(al__gte=F("dal")),
                name="gruppo_presenze_date_in_ordine",
                violation_error_message="Il gruppo non può finire prima di cominciare.",
            ),
            models.CheckConstraint(
                condition=Q(minuti=None) | Q(minuti__gte=1, minuti__lte=24 * 60),
                name="gruppo_presenze_durata",
                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
            ),
            models.CheckConstraint(
                condition=Q(giorni__contained_by=list(Giorno.values)),
                name="gruppo_presenze_giorni",
                violation_error_message="I giorni della settimana vanno da lunedì a domenica.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome

    def incontri_previsti(self, dal: date, al: date) -> list[date]:
        """I giorni in cui il gruppo si ritrova da `dal` ad `al`, estremi compresi."""
        primo, ultimo = max(dal, self.dal), min(al, self.al or al)
        tutti = (primo + timedelta(n) for n in range((ultimo - primo).days + 1))
        del_calendario = {g for g in tutti if g.weekday() in self.giorni} - set(self.salta)
        return sorted(del_calendario | {g for g in self.in_piu if dal <= g <= al})


class MembroDiGruppoQuerySet(PersoneQuerySet):
    def al_giorno(self, giorno: date) -> Self:
        """Chi ne faceva parte quel giorno."""
        return self.filter(Q(al=None) | Q(al__gte=giorno), dal__lte=giorno)


@con_storia
class MembroDiGruppo(DatoDiPersona):
    """Una persona in un gruppo, dentro la sua presa in carico; `parte` è il sottogruppo."""

    gruppo = Gruppo.PRESTAZIONI

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    gruppo_presenze = models.ForeignKey(
        GruppoPresenze, on_delete=models.PROTECT, related_name="membri"
    )
    presa = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    parte = models.CharField("sottogruppo", max_length=40, blank=True)
    dal = models.DateField("dal")
    al = models.DateField("al", null=True, blank=True)

    objects = MembroDiGruppoQuerySet.as_manager()

    class Meta:
        verbose_name = "membro di un gruppo"
        verbose_name_plural = "membri di un gruppo"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "gruppo_presenze", "beneficiario"],
                condition=Q(al=None),
                name="membro_di_gruppo_una_volta",
                violation_error_message="La persona è già nel gruppo.",
            ),
            models.CheckConstraint(
                condition=Q(al=None) | Q(al__gte=F("dal")),
                name="membro_di_gruppo_date_in_ordine",
                violation_error_message="Non si può lasciare un gruppo prima di esserci entrati.",
            ),
        ]

    def __str__(self) -> str:
        return f"membro {self.pk}"
