"""Le violazioni di dati personali: che cosa è successo, entro quando si decide, chi riguarda."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from enti.models import Ente, Utente
from privacy.gruppi import Gruppo, Uscita
from privacy.models.registro import RegistroAccessi, RegistroAccessiQuerySet
from registro.comune.storia import con_storia


# Art. 33.1 GDPR: la notifica al Garante entro 72 ore da quando se ne è venuti a conoscenza.
ORE_PER_NOTIFICARE = 72
ORE_DI_PREAVVISO = 24


@dataclass(frozen=True)
class Colpita:
    """Una persona i cui dati sono stati letti in una violazione: quante volte, quali gruppi, come sono
    usciti, la prima e l'ultima volta. `beneficiario` è la chiave della sua riga, mai il suo nome."""

    beneficiario: int
    letture: int
    gruppi: tuple[str, ...]
    uscite: tuple[str, ...]
    prima: datetime
    ultima: datetime

    @property
    def gruppi_in_parole(self) -> list[str]:
        return [voce.label for voce in Gruppo if voce.value in self.gruppi]

    @property
    def uscite_in_parole(self) -> list[str]:
        return [voce.label for voce in Uscita if voce.value in self.uscite]


class ViolazioneQuerySet(models.QuerySet):
    def aperte(self) -> Self:
        return self.filter(chiusa_il=None)

    def da_notificare(self) -> Self:
        """Quelle in cui l'orologio delle 72 ore corre: non si è deciso, o si è deciso di sì e non si è
        ancora notificato."""
        decidere = Q(garante=Violazione.Decisione.DA_DECIDERE)
        fare = Q(garante=Violazione.Decisione.SI, garante_il=None)
        return self.aperte().filter(decidere | fare)

    def per_elenco(self) -> Self:
        """Le aperte prima, dalla più vicina alla scadenza."""
        return self.select_related("ente", "aperta_da").order_by(
            F("chiusa_il").desc(nulls_first=True), "scoperta_il", "pk"
        )


@con_storia
class Violazione(models.Model):
    """Una violazione dei dati di un ente (artt. 33 e 34 GDPR): l'orologio, le decisioni e il perché.

    La scrive chi risponde dei dati; la leggono il garante e chi amministra la rete, senza nomi. Chi
    riguarda non si scrive: si calcola dal registro degli accessi, che nessuno può correggere. Chiusa
    non cambia più; ogni modifica lascia storia.
    """

    class Natura(models.TextChoices):
        RISERVATEZZA = "riservatezza", "qualcuno ha visto o avuto dati che non doveva"
        INTEGRITA = "integrita", "dei dati sono stati cambiati"
        DISPONIBILITA = "disponibilita", "dei dati sono andati persi o non si raggiungono"

    class Decisione(models.TextChoices):
        DA_DECIDERE = "da-decidere", "da decidere"
        SI = "si", "sì"
        NO = "no", "no"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    scoperta_il = models.DateTimeField("scoperta il")
    natura = models.CharField("che cosa è successo ai dati", max_length=15, choices=Natura)
    descrizione = models.TextField("descrizione", max_length=3000)
    chi = models.ForeignKey(
        Utente,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="account coinvolto",
    )
    per_ente = models.ForeignKey(
        Ente,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ente che ha letto",
    )
    dal = models.DateTimeField("letture dal", null=True, blank=True)
    al = models.DateTimeField("letture fino al", null=True, blank=True)
    conseguenze = models.TextField("conseguenze probabili", max_length=3000, blank=True)
    misure = models.TextField("misure prese", max_length=3000, blank=True)
    garante = models.CharField(
        "si notifica al Garante", max_length=12, choices=Decisione, default=Decisione.DA_DECIDERE
    )
    garante_motivo = models.TextField("perché", max_length=1000, blank=True)
    garante_il = models.DateTimeField("notificata il", null=True, blank=True)
    garante_ritardo = models.TextField("perché oltre le 72 ore", max_length=1000, blank=True)
    persone = models.CharField(
        "si avvisano le persone", max_length=12, choices=Decisione, default=Decisione.DA_DECIDERE
    )
    persone_motivo = models.TextField("perché", max_length=1000, blank=True)
    persone_il = models.DateTimeField("avvisate il", null=True, blank=True)
    aperta_il = models.DateTimeField("scritta il", default=timezone.now, editable=False)
    aperta_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    chiusa_il = models.DateTimeField("chiusa il", null=True, blank=True)
    preavviso_il = models.DateTimeField("preavviso spedito il", null=True, editable=False)
    ritardo_il = models.DateTimeField("ritardo segnalato il", null=True, editable=False)

    objects = ViolazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "violazione"
        verbose_name_plural = "violazioni"
        constraints = [
            models.CheckConstraint(
                condition=Q(scoperta_il__lte=F("aperta_il")),
                name="violazione_scoperta_prima",
                violation_error_message="Non si può averla scoperta nel futuro.",
            ),
            models.CheckConstraint(
                condition=Q(dal=None, al=None)
                | Q(dal__isnull=False, al__isnull=False, al__gte=F("dal")),
                name="violazione_periodo_in_ordine",
                violation_error_message="Il periodo delle letture ha un inizio e una fine, in ordine.",
            ),
            models.CheckConstraint(
                condition=Q(garante="da-decidere") | ~Q(garante_motivo=""),
                name="violazione_garante_con_motivo",
                violation_error_message="Scrivi perché si notifica al Garante, o perché no.",
            ),
            models.CheckConstraint(
                condition=Q(persone="da-decidere") | ~Q(persone_motivo=""),
                name="violazione_persone_con_motivo",
                violation_error_message="Scrivi perché si avvisano le persone, o perché no.",
            ),
            models.CheckConstraint(
                condition=Q(garante_il=None)
                | Q(garante="si", garante_il__gte=F("scoperta_il"))
                & (
                    Q(garante_il__lte=F("scoperta_il") + timedelta(hours=72))
                    | ~Q(garante_ritardo="")
                ),
                name="violazione_ritardo_con_motivo",
                violation_error_message=(
                    "Oltre le 72 ore si scrive perché si è in ritardo (art. 33.1 GDPR)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(persone_il=None) | Q(persone="si", persone_il__gte=F("scoperta_il")),
                name="violazione_persone_avvisate",
                violation_error_message="Si segna quando si sono avvisate solo se si è deciso di farlo.",
            ),
            models.CheckConstraint(
                condition=Q(chiusa_il=None)
                | (Q(garante="no") | Q(garante="si", garante_il__isnull=False))
                & (Q(persone="no") | Q(persone="si", persone_il__isnull=False))
                & ~Q(misure=""),
                name="violazione_chiusa_con_tutto",
                violation_error_message=(
                    "Per chiuderla scrivi le misure prese e le due decisioni; ciò che si è deciso di"
                    " fare va fatto, con il giorno e l'ora."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"violazione {self.pk}"

    @property
    def scade_il(self) -> datetime:
        """L'ultimo istante per notificare al Garante senza spiegare il ritardo."""
        return self.scoperta_il + timedelta(hours=ORE_PER_NOTIFICARE)

    @property
    def corre(self) -> bool:
        """Se l'orologio corre: nessuno ha ancora notificato, né deciso di non farlo."""
        return self.chiusa_il is None and (
            self.garante == self.Decisione.DA_DECIDERE
            or (self.garante == self.Decisione.SI and self.garante_il is None)
        )

    @property
    def ore_che_restano(self) -> int:
        """Ore intere prima della scadenza; negative quando è passata."""
        return int((self.scade_il - timezone.now()).total_seconds() // 3600)

    @property
    def ore_di_ritardo(self) -> int:
        return max(0, -self.ore_che_restano)

    @property
    def si_calcola(self) -> bool:
        """Se si sa chi leggeva e quando: allora il registro dice di chi."""
        return self.dal is not None and (self.chi_id or self.per_ente_id) is not None

    @property
    def letture(self) -> RegistroAccessiQuerySet:
        """Le letture dei dati dell'ente fatte da quell'account, o per quell'ente, nel periodo."""
        if not self.si_calcola:
            return RegistroAccessi.objects.none()
        letture = RegistroAccessi.objects.filter(
            ente_titolare=self.ente_id, quando__gte=self.dal, quando__lte=self.al
        )
        if self.chi_id:
            letture = letture.filter(utente=self.chi_id)
        return letture.filter(ente=self.per_ente_id) if self.per_ente_id else letture

    def colpite(self) -> list[Colpita]:
        """Le persone che la violazione riguarda, e che cosa se ne è letto: dal registro degli accessi,
        per numero di riga. Vuota se non si sa chi leggeva e quando."""
        trovate: dict[int, list] = {}
        righe = self.letture.order_by("quando", "pk").values_list(
            "beneficiario", "gruppi", "uscita", "quando"
        )
        for beneficiario, gruppi, uscita, quando in righe.iterator():
            voce = trovate.setdefault(beneficiario, [0, set(), set(), quando, quando])
            voce[0] += 1
            voce[1].update(gruppi)
            voce[2].add(uscita)
            voce[4] = quando
        return [
            Colpita(chi, quante, tuple(sorted(gruppi)), tuple(sorted(uscite)), prima, ultima)
            for chi, (quante, gruppi, uscite, prima, ultima) in sorted(trovate.items())
        ]
