"""Che cosa serve alla persona e come sta: bisogni, valutazioni, salute e tutele, note.

Gruppi sensibili: nel proprio ente li vede chi segue la persona, o chi li apre dicendo perché.
"""

import uuid
from collections.abc import Iterable
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from assi.models import Bisogno, Condizione, Indicatore
from beneficiari.models.casi import PresaInCarico
from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet
from registro.comune.cifratura import cifra, decifra, legame
from registro.comune.storia import con_storia


class RilevazioneQuerySet(PersoneQuerySet):
    def di(self, ente: Ente, chiavi: Iterable[int] | None = None) -> Self:
        """Le righe di un ente; con `chiavi` (`persona.chiavi`), solo di quella persona."""
        righe = self.filter(ente=ente)
        return righe if chiavi is None else righe.filter(beneficiario_id__in=chiavi)


class BisognoRilevatoQuerySet(RilevazioneQuerySet):
    def aperti(self) -> Self:
        return self.filter(chiuso_il=None)

    def per_elenco(self) -> Self:
        return self.select_related("bisogno__asse", "rilevato_da").order_by("-gravita", "pk")

    def persone_per_stato(self) -> Self:
        """Quante persone hanno ciascun bisogno in ciascuno stato: righe con `bisogno_id`, `stato`
        e `persone`. Solo conteggi: due righe della stessa persona unita contano una volta."""
        persona = Coalesce("beneficiario__unito_a_id", "beneficiario_id")
        conti = self.per_calcolo().order_by().values("bisogno_id", "stato")
        return conti.annotate(persone=Count(persona, distinct=True))


@con_storia
class BisognoRilevato(DatoDiPersona):
    """Un bisogno della persona. «Senza risposta nella rete» è il divario che la rete deve vedere."""

    gruppo = Gruppo.BISOGNI

    class Gravita(models.IntegerChoices):
        NESSUNA = 0, "0 · nessuna"
        LIEVE = 1, "1 · lieve"
        MEDIA = 2, "2 · media"
        GRAVE = 3, "3 · grave"
        GRAVISSIMA = 4, "4 · gravissima"

    class Novita(models.TextChoices):
        GIA_NOTO = "gia-noto", "già noto"
        NUOVO = "nuovo", "nuovo"
        AGGRAVATO = "aggravato", "aggravato"

    class Stato(models.TextChoices):
        APERTO = "aperto", "aperto"
        IN_RISPOSTA = "in-risposta", "in risposta"
        COPERTO = "coperto", "coperto"
        PARZIALE = "parziale", "coperto in parte"
        SENZA_RISPOSTA = "senza-risposta", "senza risposta nella rete"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="bisogni"
    )
    presa = models.ForeignKey(
        PresaInCarico, on_delete=models.PROTECT, null=True, blank=True, related_name="bisogni"
    )
    bisogno = models.ForeignKey(Bisogno, on_delete=models.PROTECT, related_name="+")
    gravita = models.PositiveSmallIntegerField("gravità", choices=Gravita)
    novita = models.CharField("novità", max_length=10, choices=Novita, default=Novita.NUOVO)
    stato = models.CharField("stato", max_length=15, choices=Stato, default=Stato.APERTO)
    rilevato_il = models.DateField("rilevato il", default=timezone.localdate)
    rilevato_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    chiuso_il = models.DateField("chiuso il", null=True, blank=True)

    objects = BisognoRilevatoQuerySet.as_manager()

    class Meta:
        verbose_name = "bisogno rilevato"
        verbose_name_plural = "bisogni rilevati"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "beneficiario", "bisogno"],
                condition=Q(chiuso_il=None),
                name="bisogno_aperto_una_volta",
                violation_error_message="Questo bisogno è già aperto per la persona.",
            ),
            models.CheckConstraint(
                condition=Q(chiuso_il=None) | Q(chiuso_il__gte=F("rilevato_il")),
                name="bisogno_rilevato_date_in_ordine",
                violation_error_message="La chiusura non può precedere il rilievo.",
            ),
            models.CheckConstraint(
                condition=Q(gravita__lte=4),
                name="bisogno_gravita_da_0_a_4",
                violation_error_message="La gravità va da 0 a 4.",
            ),
        ]

    def __str__(self) -> str:
        return f"bisogno {self.pk}"

    @property
    def impronta(self) -> str:
        """Ciò che si può cambiare, com'è adesso: «gravità|novità|stato|chiusura»."""
        return f"{self.gravita}|{self.novita}|{self.stato}|{self.chiuso_il or ''}"

    @property
    def stato_in_parole(self) -> str:
        """Lo stato come si legge; un bisogno chiuso senza risposta cercata non serve più."""
        in_sospeso = self.stato in (self.Stato.APERTO, self.Stato.IN_RISPOSTA)
        return "non serve più" if self.chiuso_il and in_sospeso else self.get_stato_display()


class ValutazioneQuerySet(RilevazioneQuerySet):
    def per_serie(self) -> Self:
        """Per presa in carico (prima la più recente), indicatore e giorno."""
        return self.select_related("presa__azione", "indicatore__asse", "da").order_by(
            "-presa__aperta_il",
            "presa_id",
            "indicatore__ordine",
            "indicatore_id",
            "valutata_il",
            "pk",
        )


@con_storia
class Valutazione(DatoDiPersona):
    """Un giudizio datato su un indicatore: da 1 a 10, a parole, oppure non esprimibile."""

    gruppo = Gruppo.VALUTAZIONI

    class Momento(models.TextChoices):
        INGRESSO = "ingresso", "ingresso"
        IN_ITINERE = "in-itinere", "in itinere"
        USCITA = "uscita", "uscita"
        SEI_MESI = "sei-mesi", "sei mesi dopo"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="valutazioni"
    )
    presa = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="valutazioni")
    indicatore = models.ForeignKey(Indicatore, on_delete=models.PROTECT, related_name="+")
    momento = models.CharField("momento", max_length=12, choices=Momento)
    valutata_il = models.DateField("valutata il", default=timezone.localdate)
    valore = models.PositiveSmallIntegerField(
        "valore da 1 a 10",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10)],
    )
    giudizio = models.TextField("a parole", max_length=2000, blank=True)
    non_esprimibile = models.BooleanField("non esprimibile", default=False)
    da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")

    objects = ValutazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "valutazione"
        verbose_name_plural = "valutazioni"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "presa", "beneficiario", "indicatore", "momento", "valutata_il"],
                name="valutazione_una_volta",
                violation_error_message="Quel giorno questo indicatore è già stato valutato.",
            ),
            models.CheckConstraint(
                condition=Q(valore=None) | Q(valore__gte=1, valore__lte=10),
                name="valutazione_da_1_a_10",
                violation_error_message="Il valore va da 1 a 10.",
            ),
            models.CheckConstraint(
                condition=Q(non_esprimibile=True, valore=None)
                | Q(non_esprimibile=False) & (Q(valore__isnull=False) | ~Q(giudizio="")),
                name="valutazione_dice_qualcosa",
                violation_error_message=(
                    "Dai un valore o un giudizio a parole, oppure segna che non è esprimibile."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"valutazione {self.pk}"

    @property
    def impronta(self) -> str:
        """Ciò che si può correggere, com'è adesso."""
        valore = "" if self.valore is None else self.valore
        quando = f"{self.momento}|{self.valutata_il}"
        return f"{quando}|{valore}|{int(self.non_esprimibile)}|{self.giudizio}"


# Come si leggono le risposte che nei vocabolari sono sigle; le altre si leggono come sono scritte.
_RISPOSTE = {
    "si": "sì",
    "non-dichiara": "non dichiara",
    "c.1": "comma 1",
    "c.3": "comma 3",
    "34-66": "34-66%",
    "67-73": "67-73%",
    "74-99": "74-99%",
    "100": "100%",
    "100+acc": "100% con accompagnamento",
    "non-rilevata": "non rilevata",
}


def risposta_in_parole(valore: str) -> str:
    """Una risposta di una condizione («si», «c.1») come la si legge («sì», «comma 1»)."""
    return _RISPOSTE.get(valore, valore)


class CondizioneRilevataQuerySet(RilevazioneQuerySet):
    def rilevate(self) -> Self:
        """Senza quelle la cui risposta è stata tolta."""
        return self.exclude(valore=CondizioneRilevata.NON_RILEVATA)

    def per_elenco(self) -> Self:
        """In ordine di vocabolario; di due righe della stessa condizione, prima la più recente."""
        return self.select_related("condizione", "rilevata_da").order_by(
            "condizione__ordine", "condizione_id", "-rilevata_il", "-pk"
        )


@con_storia
class CondizioneRilevata(DatoDiPersona):
    """Una vulnerabilità o una tutela: sì, no, non dichiara. Mai una diagnosi.

    Le righe non si cancellano: una risposta tolta, perché sbagliata, diventa `NON_RILEVATA` e vale
    come se la riga non ci fosse.
    """

    gruppo = Gruppo.SALUTE
    NON_RILEVATA = "non-rilevata"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="condizioni"
    )
    condizione = models.ForeignKey(Condizione, on_delete=models.PROTECT, related_name="+")
    valore = models.CharField("valore", max_length=20)
    rilevata_il = models.DateField("rilevata il", default=timezone.localdate)
    rilevata_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")

    objects = CondizioneRilevataQuerySet.as_manager()

    class Meta:
        verbose_name = "condizione rilevata"
        verbose_name_plural = "condizioni rilevate"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "beneficiario", "condizione"],
                name="condizione_una_volta",
                violation_error_message="Questa condizione è già segnata.",
            ),
            models.CheckConstraint(
                condition=~Q(valore=""),
                name="condizione_con_valore",
                violation_error_message="Scegli sì, no o non dichiara.",
            ),
        ]

    def __str__(self) -> str:
        return f"condizione {self.pk}"

    @property
    def risposta(self) -> str:
        """La risposta come si legge."""
        return risposta_in_parole(self.valore)


class NotaQuerySet(RilevazioneQuerySet):
    def dalla_piu_recente(self) -> Self:
        return self.select_related("scritta_da").order_by("-scritta_il", "-pk")


@con_storia
class Nota(DatoDiPersona):
    """Un appunto su una persona, cifrato: può contenere di tutto."""

    gruppo = Gruppo.NOTE
    colonna_cifrata = "testo_cifrato"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="note")
    presa = models.ForeignKey(
        PresaInCarico, on_delete=models.PROTECT, null=True, blank=True, related_name="note"
    )
    testo_cifrato = models.BinaryField(editable=False)
    scritta_il = models.DateTimeField("scritta il", default=timezone.now)
    scritta_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    versione = models.PositiveIntegerField(default=1, editable=False)

    objects = NotaQuerySet.as_manager()

    class Meta:
        verbose_name = "nota"
        verbose_name_plural = "note"

    def __str__(self) -> str:
        return f"nota {self.pk}"

    @property
    def testo(self) -> str:
        """Il testo in chiaro. Solleva DatoCifratoAlterato se non torna."""
        return decifra(bytes(self.testo_cifrato), legame=self._legame)

    @testo.setter
    def testo(self, valore: str) -> None:
        self.testo_cifrato = cifra(valore, legame=self._legame)

    def ricifra(self) -> None:
        """Richiude il testo con la chiave corrente. Solleva DatoCifratoAlterato se non si apre."""
        self.testo = self.testo

    @property
    def _legame(self) -> str:
        return legame("beneficiari_nota.testo", ente=self.ente_id, riga=self.uuid)
