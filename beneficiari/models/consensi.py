"""Che cosa la persona ha permesso e a chi: consensi, revoche, autorizzazioni.

`Autorizzazione` è la sola decisione dietro ogni lettura di un altro ente: le policy la guardano
a ogni interrogazione, quindi una revoca vale dalla successiva.
"""

import uuid
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente
from privacy.gruppi import FINALITA_CONDIVISE, MOSTRATI, Finalita, Gruppo, Livello
from privacy.letture import DatoDiPersona, PersoneQuerySet
from privacy.models import AccordoContitolarita, Informativa
from registro.comune.storia import con_storia


class ConsensoQuerySet(PersoneQuerySet):
    def validi(self, giorno: date | None = None) -> Self:
        """Prestati, non revocati e non scaduti `giorno` (oggi, se taciuto)."""
        giorno = giorno or timezone.localdate()
        return self.filter(
            Q(valido_fino_al=None) | Q(valido_fino_al__gte=giorno),
            esito=Consenso.Esito.PRESTATO,
            revoche=None,
        )

    def per_elenco(self) -> Self:
        return (
            self.select_related("informativa", "raccolto_da")
            .prefetch_related("revoche")
            .order_by("-dato_il", "-pk")
        )


class Consenso(DatoDiPersona):
    """Ciò che la persona ha detto davanti a una versione di un'informativa: sì o no.

    Non si corregge e non si cancella: si revoca, con un'altra riga, o se ne raccoglie un altro.
    Resta dentro le finalità e i gruppi dell'informativa (lo controlla il database).
    """

    gruppo = Gruppo.ANAGRAFICA

    class Esito(models.TextChoices):
        PRESTATO = "prestato", "prestato"
        RIFIUTATO = "rifiutato", "rifiutato"

    class Canale(models.TextChoices):
        FIRMA_SU_CARTA = "carta", "modulo firmato"
        FIRMA_A_SCHERMO = "schermo", "firma sullo schermo"
        A_VOCE = "voce", "a voce, davanti a un testimone"

    class Firmatario(models.TextChoices):
        PERSONA = "persona", "la persona"
        GENITORE = "genitore", "un genitore"
        ENTRAMBI = "genitori", "entrambi i genitori"
        TUTORE = "tutore", "il tutore"
        AMMINISTRATORE = "sostegno", "l'amministratore di sostegno"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="consensi"
    )
    informativa = models.ForeignKey(Informativa, on_delete=models.PROTECT, related_name="consensi")
    esito = models.CharField("esito", max_length=10, choices=Esito)
    finalita = ArrayField(models.CharField(max_length=20, choices=Finalita))
    gruppi = ArrayField(models.CharField(max_length=20, choices=Gruppo))
    destinatari = ArrayField(models.BigIntegerField(), default=list, blank=True)
    tutta_la_rete = models.BooleanField("a tutti gli enti della rete", default=False)
    canale = models.CharField("come", max_length=10, choices=Canale)
    testimone = models.CharField("testimone", max_length=100, blank=True)
    firmatario = models.CharField(
        "chi lo ha dato", max_length=10, choices=Firmatario, default=Firmatario.PERSONA
    )
    nome_firmatario = models.CharField("nome di chi ha firmato", max_length=150, blank=True)
    titolo_firmatario = models.CharField("documento che lo prova", max_length=200, blank=True)
    dato_il = models.DateField("dato il", default=timezone.localdate)
    valido_fino_al = models.DateField("valido fino al", null=True, blank=True)
    raccolto_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    raccolto_il = models.DateTimeField("raccolto il", db_default=Now())

    objects = ConsensoQuerySet.as_manager()

    class Meta:
        verbose_name = "consenso"
        verbose_name_plural = "consensi"
        constraints = [
            models.CheckConstraint(
                condition=Q(finalita__len__gt=0) & Q(gruppi__len__gt=0),
                name="consenso_dice_che_cosa",
                violation_error_message="Un consenso dice almeno una finalità e un gruppo di dati.",
            ),
            models.CheckConstraint(
                condition=Q(valido_fino_al=None) | Q(valido_fino_al__gte=F("dato_il")),
                name="consenso_date_in_ordine",
                violation_error_message="La scadenza non può precedere la data del consenso.",
            ),
            models.CheckConstraint(
                condition=~Q(canale="voce") | ~Q(testimone=""),
                name="consenso_a_voce_con_testimone",
                violation_error_message="Un consenso a voce ha un testimone: scrivine il nome.",
            ),
            models.CheckConstraint(
                condition=Q(firmatario="persona")
                | ~Q(nome_firmatario="") & ~Q(titolo_firmatario=""),
                name="consenso_di_altri_con_titolo",
                violation_error_message=(
                    "Se a dare il consenso è un altro, scrivi chi è e quale documento lo prova."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"consenso {self.pk}"

    def stato(self, persona: Beneficiario, giorno: date | None = None) -> "StatoDelConsenso":
        """Com'è il consenso di `persona` il `giorno` (oggi, se taciuto). Si legge con `per_elenco()`."""
        giorno = giorno or timezone.localdate()
        if self.esito == self.Esito.RIFIUTATO:
            return StatoDelConsenso.RIFIUTATO
        if self.revoca is not None:
            return StatoDelConsenso.REVOCATO
        if self.valido_fino_al is None or self.valido_fino_al >= giorno:
            return StatoDelConsenso.VALIDO
        altri = self.firmatario != self.Firmatario.PERSONA
        diventa_adulta = diciottesimo(persona)
        if altri and diventa_adulta and self.dato_il < diventa_adulta <= giorno:
            return StatoDelConsenso.DA_RICONFERMARE
        return StatoDelConsenso.SCADUTO

    @property
    def finalita_in_parole(self) -> list[str]:
        return [Finalita(nome).label for nome in self.finalita]

    @property
    def gruppi_in_parole(self) -> list[str]:
        return [Gruppo(nome).label for nome in self.gruppi]

    @property
    def revoca(self) -> "RevocaConsenso | None":
        """La revoca, se c'è. In un elenco si legge con `per_elenco()`."""
        return next(iter(self.revoche.all()), None)


class StatoDelConsenso(models.TextChoices):
    """Com'è oggi un consenso. «Da riconfermare»: lo diede un altro, e ora la persona è adulta."""

    VALIDO = "valido", "valido"
    DA_RICONFERMARE = "da-riconfermare", "da riconfermare"
    SCADUTO = "scaduto", "scaduto"
    REVOCATO = "revocato", "revocato"
    RIFIUTATO = "rifiutato", "rifiutato"


def diciottesimo(persona: Beneficiario) -> date | None:
    """Il giorno in cui compie diciotto anni, come lo conta il database; None se non si sa."""
    nascita = persona.data_nascita
    if nascita is None:
        return None
    try:
        return nascita.replace(year=nascita.year + 18)
    except ValueError:
        # Nata il 29 febbraio: il database conta il 28.
        return nascita.replace(year=nascita.year + 18, day=28)


class RevocaConsenso(DatoDiPersona):
    """La persona ci ripensa: nessun motivo richiesto, effetto immediato (art. 7.3 GDPR)."""

    gruppo = Gruppo.ANAGRAFICA

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    consenso = models.ForeignKey(Consenso, on_delete=models.PROTECT, related_name="revoche")
    revocato_il = models.DateTimeField("revocato il", db_default=Now())
    raccolta_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "revoca del consenso"
        verbose_name_plural = "revoche del consenso"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "consenso"],
                name="revoca_una_sola",
                violation_error_message="Questo consenso è già stato revocato.",
            )
        ]

    def __str__(self) -> str:
        return f"revoca {self.pk}"


class AutorizzazioneQuerySet(models.QuerySet):
    def in_vigore(self, giorno: date | None = None) -> Self:
        """Quelle che aprono qualcosa `giorno` (oggi, se taciuto): né revocate né sospese."""
        giorno = giorno or timezone.localdate()
        return self.filter(revocata_il=None, sospesa=False, dal__lte=giorno, al__gte=giorno)

    def in_vigore_o_futura(self) -> Self:
        """Quelle che aprono qualcosa adesso, o lo apriranno."""
        return self.filter(revocata_il=None, al__gte=timezone.localdate())

    def date_da(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def ricevute_da(self, ente: Ente) -> Self:
        """Quelle di cui `ente` è il destinatario."""
        return self.filter(destinatario=ente)

    def per_elenco(self) -> Self:
        return self.select_related("ente", "destinatario", "concessa_da").order_by("-dal", "-pk")


@con_storia
class Autorizzazione(models.Model):
    """`ente` permette a `destinatario` di vedere una sua persona: quanto, che cosa, perché, quando.

    Poggia su un consenso valido o su un'altra base giuridica, e su un accordo fra i due enti che
    comprende la finalità: lo controlla il database, che la chiude quando uno di questi viene meno.
    Non si modifica: si revoca. `sospesa` la ferma finché una richiesta della persona lo chiede.
    """

    class Fondamento(models.TextChoices):
        CONSENSO = "consenso", "consenso della persona"
        LEGGE = "legge", "altra base giuridica"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="autorizzazioni_date", verbose_name="da"
    )
    destinatario = models.ForeignKey(
        Ente, on_delete=models.PROTECT, related_name="autorizzazioni_ricevute", verbose_name="a"
    )
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="autorizzazioni"
    )
    livello = models.CharField("livello", max_length=10, choices=Livello)
    gruppi = ArrayField(models.CharField(max_length=20, choices=Gruppo), default=list, blank=True)
    finalita = models.CharField(
        "finalità",
        max_length=20,
        choices=[(voce.value, voce.label) for voce in FINALITA_CONDIVISE],
    )
    fondamento = models.CharField("poggia su", max_length=10, choices=Fondamento)
    consenso = models.ForeignKey(
        Consenso, on_delete=models.PROTECT, null=True, blank=True, related_name="autorizzazioni"
    )
    accordo = models.ForeignKey(
        AccordoContitolarita, on_delete=models.PROTECT, related_name="autorizzazioni"
    )
    dal = models.DateField("dal", default=timezone.localdate)
    al = models.DateField("al")
    concessa_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    concessa_il = models.DateTimeField("concessa il", db_default=Now())
    revocata_il = models.DateTimeField("revocata il", null=True, blank=True)
    revocata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    motivo_revoca = models.CharField("motivo della revoca", max_length=200, blank=True)
    # Finché i dati sono limitati, o un'opposizione aspetta risposta: la tiene solo il database.
    sospesa = models.BooleanField("sospesa", default=False, db_default=False, editable=False)

    objects = AutorizzazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "autorizzazione"
        verbose_name_plural = "autorizzazioni"
        indexes = [
            # La sonda delle policy: una ricerca per riga letta, dentro l'indice.
            models.Index(
                fields=["beneficiario", "destinatario", "ente"],
                include=["livello", "finalita", "dal", "al"],
                condition=Q(revocata_il=None),
                name="autorizzazione_della_policy",
            ),
            models.Index(
                fields=["destinatario", "beneficiario"],
                condition=Q(revocata_il=None),
                name="autorizzazione_ricevute",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(destinatario=F("ente")),
                name="autorizzazione_a_un_altro",
                violation_error_message="Si condivide con un altro ente.",
            ),
            models.CheckConstraint(
                condition=Q(al__gte=F("dal")),
                name="autorizzazione_date_in_ordine",
                violation_error_message="La fine non può precedere l'inizio.",
            ),
            models.CheckConstraint(
                condition=Q(fondamento="consenso", consenso__isnull=False)
                | Q(fondamento="legge", consenso=None),
                name="autorizzazione_su_un_fondamento",
                violation_error_message="Un'autorizzazione poggia su un consenso o su una base di legge.",
            ),
            models.CheckConstraint(
                condition=Q(livello="esistenza", gruppi=[])
                | Q(livello="sintesi", gruppi__len__gt=0)
                & Q(gruppi__contained_by=["prestazioni", "bisogni"])
                | Q(livello="completo", gruppi__contains=["anagrafica"]),
                name="autorizzazione_gruppi_del_livello",
                violation_error_message=(
                    "L'esistenza non ha gruppi; la sintesi riassume prestazioni e bisogni; il"
                    " livello completo comprende sempre l'anagrafica."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"autorizzazione {self.pk}"

    @property
    def finita(self) -> bool:
        """Se non apre e non aprirà più niente."""
        return self.revocata_il is not None or self.al < timezone.localdate()

    @property
    def mostrati(self) -> list[tuple[str, str]]:
        """Gruppo per gruppo, che cosa permette di vedere (da `privacy.gruppi`)."""
        aperti = {*self.gruppi, Gruppo.ANAGRAFICA.value}
        del_livello = MOSTRATI[Livello(self.livello)]
        return [(voce.label, che) for voce, che in del_livello.items() if voce.value in aperti]

    @property
    def comincia_dopo(self) -> bool:
        return not self.finita and self.dal > timezone.localdate()

    @property
    def gruppi_in_parole(self) -> list[str]:
        return [Gruppo(nome).label for nome in self.gruppi]
