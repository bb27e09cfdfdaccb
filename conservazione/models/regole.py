"""La tabella delle durate: la leggono le pagine e la esegue il lavoro notturno."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from registro.comune.mesi import fra_mesi
from registro.comune.storia import con_storia


@dataclass(frozen=True)
class Minimo:
    """Per quanti mesi almeno si tiene una prova, in parole, e la frase per chi scrive di meno."""

    mesi: int
    in_parole: str
    frase: str

    def rispettato(self) -> Q:
        """La condizione su durata e unità di una regola."""
        return (
            Q(unita="mesi", durata__gte=self.mesi)
            | Q(unita="anni", durata__gte=-(-self.mesi // 12))
            | Q(unita="giorni", durata__gte=self.mesi * 31)
        )


# Ciò che prova che cosa è successo. Gli stessi minimi li tiene il database quando toglie le righe.
MINIMI = {
    "violazioni": Minimo(
        60, "5 anni", "Una violazione chiusa si tiene almeno 5 anni: la si deve poter mostrare."
    ),
    "emergenze": Minimo(
        12, "12 mesi", "Un accesso d'emergenza si tiene almeno 12 mesi: lo si deve poter mostrare."
    ),
    "segnalazioni": Minimo(
        6, "6 mesi", "Una segnalazione chiusa si tiene almeno 6 mesi: la si deve poter mostrare."
    ),
}


class RegolaConservazioneQuerySet(models.QuerySet):
    def in_ordine(self) -> Self:
        return self.order_by("ordine", "codice")

    def che_si_eseguono(self) -> Self:
        """Quelle che il lavoro notturno sa eseguire, accese o no."""
        return self.exclude(chi=RegolaConservazione.Chi.ALTROVE).in_ordine()


@con_storia
class RegolaConservazione(models.Model):
    """Per quanto si tiene una categoria di dati, da quando si conta, che cosa succede dopo, perché.

    `chi` dice chi la esegue: il lavoro notturno, su quali righe, oppure un'altra parte del
    programma. Una regola spenta avvisa di che cosa toglierebbe e non toglie niente. La scrive chi
    amministra; ogni modifica lascia storia.
    """

    class Azione(models.TextChoices):
        CANCELLA = "cancella", "si cancella"
        ANONIMIZZA = "anonimizza", "si cancella, e restano i numeri senza persona"
        CONSERVA = "conserva", "si conserva fermo"

    class Unita(models.TextChoices):
        GIORNI = "giorni", "giorni"
        MESI = "mesi", "mesi"
        ANNI = "anni", "anni"

    class Chi(models.TextChoices):
        FERME = "persone-ferme", "persone senza attività"
        MAI_SEGUITE = "persone-mai-seguite", "persone mai prese in carico"
        ANONIME = "persone-anonime", "accessi anonimi senza attività"
        BOZZE = "bozze", "bozze"
        SESSIONI = "sessioni", "sessioni finite"
        TENTATIVI = "tentativi", "prove d'accesso e ingressi"
        INVITI = "inviti", "inviti chiusi o scaduti"
        RIPRISTINI = "ripristini", "richieste per il secondo fattore perso"
        EMERGENZE = "emergenze", "accessi d'emergenza finiti"
        CERCATE = "emergenze-cercate", "codici cercati in emergenza"
        SEGNALAZIONI = "segnalazioni", "segnalazioni chiuse"
        VIOLAZIONI = "violazioni", "violazioni chiuse"
        ALTROVE = "altrove", "un'altra parte del Registro"

    # Le categorie fatte di persone: di queste si avvisa prima, e si può rinviare.
    DI_PERSONE = (Chi.FERME, Chi.MAI_SEGUITE, Chi.ANONIME)

    # Righe che non sono di un ente: le toglie il primo che passa, tutte, senza un tetto.
    DI_RETE = (Chi.SESSIONI, Chi.TENTATIVI, Chi.RIPRISTINI)

    # Di queste la durata sta nel codice che le esegue, o che ci conta: da qui non si cambia.
    DEL_PROGRAMMA = frozenset(
        {"documenti", "fogli", "letture", "tentativi", "emergenze-cercate", "copie"}
    )

    codice = models.SlugField("codice", max_length=40, unique=True)
    categoria = models.CharField("categoria di dati", max_length=200)
    evento = models.CharField("da quando si conta", max_length=200)
    durata = models.PositiveSmallIntegerField("durata", null=True, blank=True)
    unita = models.CharField("unità", max_length=6, choices=Unita, blank=True)
    azione = models.CharField("che cosa succede dopo", max_length=10, choices=Azione)
    motivo = models.CharField("perché", max_length=500)
    da_confermare = models.BooleanField("da confermare dal DPO", default=True)
    chi = models.CharField("chi la esegue", max_length=20, choices=Chi, default=Chi.ALTROVE)
    accesa = models.BooleanField("accesa", default=False)
    tetto = models.PositiveSmallIntegerField("quante al più per notte e per ente", default=50)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    objects = RegolaConservazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "regola di conservazione"
        verbose_name_plural = "regole di conservazione"
        constraints = [
            models.CheckConstraint(
                condition=Q(durata=None, unita="") | Q(durata__gte=1) & ~Q(unita=""),
                name="regola_durata_con_unita",
                violation_error_message="La durata è un numero da 1 in su con la sua unità, oppure resta vuota.",
            ),
            models.CheckConstraint(
                condition=Q(azione="conserva", chi="altrove")
                | ~Q(azione="conserva") & Q(durata__isnull=False),
                name="regola_che_toglie_ha_una_durata",
                violation_error_message="Per togliere serve una durata; ciò che si conserva fermo non lo toglie nessuno.",
            ),
            models.CheckConstraint(
                condition=Q(tetto__gte=1, tetto__lte=1000),
                name="regola_tetto",
                violation_error_message="Il tetto per notte va da 1 a 1.000.",
            ),
            models.UniqueConstraint(
                fields=["chi"],
                condition=~Q(chi="altrove"),
                name="regola_una_per_esecutore",
                violation_error_message="C'è già una regola per queste righe.",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(chi=chi) | minimo.rispettato(),
                    name=f"regola_minimo_{chi}",
                    violation_error_message=minimo.frase,
                )
                for chi, minimo in MINIMI.items()
            ),
        ]

    def __str__(self) -> str:
        return self.categoria

    @property
    def di_persone(self) -> bool:
        return self.chi in self.DI_PERSONE

    def accesa_dal(self) -> date | None:
        """Il giorno in cui è stata accesa l'ultima volta, letto dalla storia; None se è spenta.

        Nel contesto di chi amministra o di un lavoro a orario: la storia la leggono loro.
        """
        accensioni = self.storia.filter(accesa=True).order_by("pgh_id")
        ultima_spenta = self.storia.filter(accesa=False).order_by("-pgh_id").first()
        if ultima_spenta is not None:
            accensioni = accensioni.filter(pgh_id__gt=ultima_spenta.pgh_id)
        prima = accensioni.first()
        return prima and timezone.localdate(prima.pgh_created_at)

    @property
    def durata_in_parole(self) -> str:
        """«5 anni»; vuota se non c'è un termine."""
        if self.durata is None:
            return ""
        singolare = {"giorni": "giorno", "mesi": "mese", "anni": "anno"}
        return f"{self.durata} {singolare[self.unita] if self.durata == 1 else self.unita}"

    @property
    def minimo(self) -> Minimo | None:
        """Sotto quale durata non si scende; None se non è una prova."""
        return MINIMI.get(self.chi)

    @property
    def tetto_per_notte(self) -> int | None:
        """Quante righe al più per notte e per ente; None se non ha un tetto."""
        return None if self.chi in self.DI_RETE else self.tetto

    @property
    def decisa_dal_programma(self) -> bool:
        return self.codice in self.DEL_PROGRAMMA

    def termine_di(self, evento: date) -> date:
        """Il giorno in cui finisce il tempo di ciò che si conta da `evento`."""
        if self.unita == self.Unita.GIORNI:
            return evento + timedelta(self.durata)
        return fra_mesi(evento, self._mesi)

    @property
    def _mesi(self) -> int:
        return self.durata * (12 if self.unita == self.Unita.ANNI else 1)
