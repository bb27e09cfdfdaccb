"""Il registro di chi ha letto: numeri e nomi di gruppi, mai una persona."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Now, TruncDate
from django.utils import timezone

from enti.models import Ente, Utente
from privacy.gruppi import Finalita, Gruppo, Uscita
from registro.comune.cifratura import indice_cieco


if TYPE_CHECKING:
    from privacy.models.sigilli import Sigillo


class RegistroAccessiQuerySet(models.QuerySet):
    def della_persona(self, beneficiario: int) -> Self:
        """Chi ha letto i dati di una riga di beneficiario, dal più recente."""
        return self.filter(beneficiario=beneficiario).order_by("-quando", "-pk")

    def delle_righe(self, beneficiari: Iterable[int]) -> Self:
        """Come `della_persona`, per chi dopo un'unione ha più righe."""
        return self.filter(beneficiario__in=beneficiari).order_by("-quando", "-pk")

    def che_riguardano(self, ente: Ente) -> Self:
        """I dati di `ente`, letti da chiunque, e ciò che `ente` ha letto degli altri."""
        return self.filter(Q(ente_titolare=ente) | Q(ente=ente))

    def nel_periodo(self, dal: date | None, al: date | None) -> Self:
        """Le letture dal giorno `dal` al giorno `al` compresi, ora italiana; None: senza limite."""
        letture = self.filter(quando__gte=_inizio(dal)) if dal else self
        return letture.filter(quando__lt=_inizio(al + timedelta(days=1))) if al else letture

    def di_chi_nel_giorno(self, utente: Utente, ente: Ente, giorno: date) -> Self:
        """Le pagine aperte e le esportazioni di un utente in un giorno e nella notte dopo."""
        suo = self.filter(utente=utente, ente=ente, quando__gte=_inizio(giorno))
        fine = _inizio(giorno + timedelta(days=1)) + timedelta(hours=6)
        return (
            suo.filter(quando__lt=fine)
            .values("pagina", "uscita")
            .annotate(
                persone=Count("beneficiario", distinct=True),
                prima=Min("quando"),
                ultima=Max("quando"),
            )
            .order_by("prima")
        )

    def non_sigillate_da(self, quanto: timedelta, ultimo: "Sigillo | None") -> bool:
        """Se c'è una lettura più vecchia di `quanto` e più nuova dell'ultimo sigillo."""
        vecchie = self.filter(quando__lt=timezone.now() - quanto)
        return (vecchie.filter(quando__gt=ultimo.creato_il) if ultimo else vecchie).exists()

    def per_elenco(self) -> Self:
        return self.select_related("utente", "ente", "ente_titolare")

    def per_giorno_e_utente(self) -> Self:
        """Quante letture e di quante persone, per giorno, utente ed ente: dal giorno più recente."""
        return (
            self.order_by()
            .annotate(giorno=TruncDate("quando"))
            .values("giorno", "utente", "ente", "utente__nome", "utente__cognome")
            .annotate(
                nome_ente=F("ente__denominazione"),
                letture=Count("pk"),
                persone=Count("beneficiario", distinct=True),
            )
            .order_by("-giorno", "-letture", "utente")
        )

    def per_ente(self) -> Self:
        """Quante letture ha fatto ogni ente, e quando l'ultima."""
        return (
            self.order_by()
            .values("ente", nome_ente=F("ente__denominazione"))
            .annotate(letture=Count("pk"), ultima=Max("quando"))
            .order_by("-letture", "nome_ente")
        )


def _inizio(giorno: date) -> datetime:
    return timezone.make_aware(datetime.combine(giorno, time.min))


class RegistroAccessi(models.Model):
    """Una lettura dei dati di una persona: chi, quando, per conto di chi, perché, che cosa.

    Solo numeri e nomi di gruppi, mai valori: sopravvive alla cancellazione della persona. Si
    scrive nella stessa transazione della lettura e non si modifica più (privilegi e policy).
    """

    quando = models.DateTimeField("quando", db_default=Now())
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    ente = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="+", verbose_name="per conto di"
    )
    ente_titolare = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="+", verbose_name="dati di"
    )
    beneficiario = models.BigIntegerField("riga di beneficiario")
    finalita = models.CharField("finalità", max_length=20, choices=Finalita)
    gruppi = ArrayField(models.CharField(max_length=20, choices=Gruppo))
    uscita = models.CharField("uscita", max_length=10, choices=Uscita)
    pagina = models.CharField("pagina", max_length=80)
    richiesta = models.CharField("numero della richiesta", max_length=12, blank=True)

    objects = RegistroAccessiQuerySet.as_manager()

    class Meta:
        verbose_name = "lettura"
        verbose_name_plural = "registro degli accessi"
        indexes = [
            models.Index(fields=["beneficiario", "-quando"], name="accessi_per_persona"),
            models.Index(fields=["ente_titolare", "-quando"], name="accessi_per_titolare"),
            models.Index(fields=["utente", "-quando"], name="accessi_per_utente"),
            # Il registro di un ente e quello della rete si leggono per periodo.
            models.Index(fields=["ente", "-quando"], name="accessi_per_ente"),
            models.Index(fields=["-quando"], name="accessi_per_giorno"),
        ]

    def __str__(self) -> str:
        return f"lettura {self.pk}"

    @property
    def numero_persona(self) -> str:
        """Il numero con cui il registro chiama la persona: uguale a sé stesso, non dice chi è."""
        return numero_nel_registro(self.beneficiario, ente=self.ente_titolare_id)

    @property
    def gruppi_in_parole(self) -> list[str]:
        return [Gruppo(gruppo).label for gruppo in self.gruppi]


def numero_nel_registro(beneficiario: int, *, ente: int) -> str:
    """Il numero opaco di una riga di beneficiario di `ente`, per chi legge il registro."""
    impronta = indice_cieco("registro.persona", ente=ente, normale=str(beneficiario))
    return f"P-{impronta.hex()[:10].upper()}"
