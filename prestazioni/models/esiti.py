"""Che cosa si è ottenuto: esiti, e i percorsi che li producono (tirocini, piani di rientro, casa)."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Now

from assi.models import Programma, TipoDiEsito
from beneficiari.models import Beneficiario, Nucleo, PresaInCarico
from enti.models import Ente, Utente
from prestazioni.models.importazioni import Importazione
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet
from registro.comune.storia import con_storia


# Un piano si dice rispettato se almeno questa parte delle rate scadute è pagata (esito H_PR_RISP).
PARTE_RISPETTATA = Decimal("0.80")
# Un tirocinio è concluso se almeno questa parte delle ore previste è fatta (esito L_TIR_CON).
PARTE_DI_ORE = Decimal("0.75")


class DellaPresaQuerySet(PersoneQuerySet):
    """Ciò che appartiene a una presa in carico."""

    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def della_presa(self, presa: PresaInCarico) -> Self:
        return self.filter(presa=presa, ente=presa.ente_id)

    def della_persona(self, persona: Beneficiario) -> Self:
        return self.filter(beneficiario_id__in=persona.chiavi, ente=persona.ente_id)


class DellaPresa(DatoDiPersona):
    """Una riga di una presa in carico: `beneficiario` è vuoto se la presa è di un nucleo."""

    gruppo = Gruppo.PRESTAZIONI

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    presa = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registrato_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    registrato_il = models.DateTimeField("registrato il", db_default=Now())

    objects = DellaPresaQuerySet.as_manager()

    class Meta:
        abstract = True


@con_storia
class Tirocinio(DellaPresa):
    """Un tirocinio: dove, con quale canale, quante ore, com'è finito."""

    class Tipo(models.TextChoices):
        EXTRACURRICULARE = "extracurriculare", "extracurriculare"
        INCLUSIONE = "inclusione", "di inclusione sociale"
        CURRICULARE = "curriculare", "curriculare"
        PASS = "pass", "PASS"

    class Paga(models.TextChoices):
        ENTE = "ente", "l'ente"
        IMPRESA = "impresa", "l'impresa"
        REGIONE = "regione", "la Regione"
        GOL = "gol", "il programma GOL"

    tipo = models.CharField("tipo", max_length=16, choices=Tipo)
    promotore = models.CharField("soggetto promotore", max_length=200, blank=True)
    ospitante = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nome_ospitante = models.CharField("soggetto ospitante", max_length=200, blank=True)
    programma = models.ForeignKey(
        Programma, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    inizio = models.DateField("inizio")
    fine_prevista = models.DateField("fine prevista")
    fine = models.DateField("finito il", null=True, blank=True)
    ore_settimana = models.PositiveSmallIntegerField("ore a settimana", null=True, blank=True)
    ore_previste = models.PositiveSmallIntegerField("ore previste", null=True, blank=True)
    ore_svolte = models.PositiveSmallIntegerField("ore svolte", null=True, blank=True)
    indennita = models.DecimalField(
        "indennità al mese", max_digits=8, decimal_places=2, null=True, blank=True
    )
    chi_paga = models.CharField("chi paga", max_length=10, choices=Paga, blank=True)
    tutor = models.CharField("tutor", max_length=120, blank=True)
    comunicazione = models.CharField("comunicazione obbligatoria", max_length=40, blank=True)
    assunzione_il = models.DateField("assunzione il", null=True, blank=True)

    class Meta(DellaPresa.Meta):
        verbose_name = "tirocinio"
        verbose_name_plural = "tirocini"
        constraints = [
            models.CheckConstraint(
                condition=Q(fine_prevista__gte=F("inizio"))
                & (Q(fine=None) | Q(fine__gte=F("inizio"))),
                name="tirocinio_date_in_ordine",
                violation_error_message="Il tirocinio non può finire prima di cominciare.",
            ),
            models.CheckConstraint(
                condition=Q(ospitante__isnull=False) | ~Q(nome_ospitante=""),
                name="tirocinio_con_ospitante",
                violation_error_message="Scrivi presso chi si svolge il tirocinio.",
            ),
            models.CheckConstraint(
                condition=Q(assunzione_il=None) | Q(assunzione_il__gte=F("inizio")),
                name="tirocinio_assunzione_dopo_inizio",
                violation_error_message="L'assunzione non può precedere il tirocinio.",
            ),
            models.CheckConstraint(
                condition=Q(ore_settimana=None) | Q(ore_settimana__gte=1, ore_settimana__lte=60),
                name="tirocinio_ore_settimana",
                violation_error_message="Le ore a settimana vanno da 1 a 60.",
            ),
        ]

    def __str__(self) -> str:
        return f"tirocinio {self.pk}"


@con_storia
class PianoRientro(DellaPresa):
    """Un piano per rientrare da una morosità, a rate."""

    class Creditore(models.TextChoices):
        ATC = "atc", "ATC"
        COMUNE = "comune", "comune"
        PRIVATO = "privato", "proprietario privato"
        CONDOMINIO = "condominio", "condominio"
        UTENZE = "utenze", "utenze"

    class Causa(models.TextChoices):
        LAVORO = "lavoro", "perdita del lavoro"
        ORARIO = "orario", "riduzione dell'orario"
        MALATTIA = "malattia", "malattia"
        SEPARAZIONE = "separazione", "separazione"
        DECESSO = "decesso", "un decesso in famiglia"
        ALTRO = "altro", "altro"

    class Incolpevole(models.TextChoices):
        SI = "si", "sì"
        NO = "no", "no"
        IN_VERIFICA = "in-verifica", "in verifica"

    creditore = models.CharField("creditore", max_length=12, choices=Creditore)
    debito = models.DecimalField("debito all'inizio", max_digits=10, decimal_places=2)
    causa = models.CharField("causa", max_length=12, choices=Causa)
    incolpevole = models.CharField("morosità incolpevole", max_length=12, choices=Incolpevole)
    canone = models.DecimalField(
        "canone al mese", max_digits=8, decimal_places=2, null=True, blank=True
    )
    firmato_il = models.DateField("firmato il", null=True, blank=True)
    interrotto_il = models.DateField("interrotto il", null=True, blank=True)
    concluso_il = models.DateField("concluso il", null=True, blank=True)
    motivo = models.CharField("perché", max_length=300, blank=True)

    class Meta(DellaPresa.Meta):
        verbose_name = "piano di rientro"
        verbose_name_plural = "piani di rientro"
        constraints = [
            models.CheckConstraint(
                condition=Q(debito__gt=Decimal(0)),
                name="piano_con_debito",
                violation_error_message="Il debito è maggiore di zero.",
            ),
            models.CheckConstraint(
                condition=Q(interrotto_il=None) | Q(concluso_il=None),
                name="piano_interrotto_o_concluso",
                violation_error_message="Un piano o si interrompe o si conclude.",
            ),
        ]

    def __str__(self) -> str:
        return f"piano di rientro {self.pk}"


@con_storia
class Rata(DatoDiPersona):
    """Una rata di un piano: quanto, entro quando, pagata quando."""

    gruppo = Gruppo.PRESTAZIONI

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    piano = models.ForeignKey(PianoRientro, on_delete=models.CASCADE, related_name="rate")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    numero = models.PositiveSmallIntegerField("numero")
    scade_il = models.DateField("scade il")
    importo = models.DecimalField("importo", max_digits=8, decimal_places=2)
    pagata_il = models.DateField("pagata il", null=True, blank=True)
    controllata_il = models.DateField("controllata il", null=True, blank=True)

    class Meta:
        verbose_name = "rata"
        verbose_name_plural = "rate"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "piano", "numero"],
                name="rata_una_volta",
                violation_error_message="Il piano ha già una rata con questo numero.",
            ),
            models.CheckConstraint(
                condition=Q(importo__gt=Decimal(0)),
                name="rata_con_importo",
                violation_error_message="L'importo di una rata è maggiore di zero.",
            ),
        ]

    def __str__(self) -> str:
        return f"rata {self.numero}"


@con_storia
class PraticaCasa(DellaPresa):
    """Una pratica per la casa: fondo sociale, domanda o cambio ERP, decadenza, sfratto."""

    class Tipo(models.TextChoices):
        FONDO_SOCIALE = "fondo-sociale", "fondo sociale o FIMI"
        DOMANDA_ERP = "domanda-erp", "domanda di casa popolare"
        CAMBIO_ERP = "cambio-erp", "cambio di alloggio ERP"
        DECADENZA = "decadenza", "decadenza ERP"
        EMERGENZA = "emergenza", "emergenza abitativa"
        SFRATTO = "sfratto", "sfratto"

    tipo = models.CharField("tipo", max_length=15, choices=Tipo)
    presso = models.CharField("presso", max_length=120, blank=True)
    aperta_il = models.DateField("aperta il")
    chiusa_il = models.DateField("chiusa il", null=True, blank=True)
    importo = models.DecimalField(
        "importo", max_digits=10, decimal_places=2, null=True, blank=True
    )

    class Meta(DellaPresa.Meta):
        verbose_name = "pratica per la casa"
        verbose_name_plural = "pratiche per la casa"
        constraints = [
            models.CheckConstraint(
                condition=Q(chiusa_il=None) | Q(chiusa_il__gte=F("aperta_il")),
                name="pratica_date_in_ordine",
                violation_error_message="La pratica non può chiudersi prima di aprirsi.",
            )
        ]

    def __str__(self) -> str:
        return f"pratica {self.pk}"


@con_storia
class PassoDiPratica(DatoDiPersona):
    """Un passo di una pratica, con la sua data: presentata, integrata, accolta, respinta."""

    gruppo = Gruppo.PRESTAZIONI

    class Passo(models.TextChoices):
        PRESENTATA = "presentata", "presentata"
        INTEGRATA = "integrata", "integrata"
        IN_GRADUATORIA = "in-graduatoria", "in graduatoria"
        ACCOLTA = "accolta", "accolta"
        RESPINTA = "respinta", "respinta"
        MESSA_IN_MORA = "messa-in-mora", "messa in mora"
        INTIMAZIONE = "intimazione", "intimazione"
        CONVALIDA = "convalida", "convalida"
        PREAVVISO = "preavviso", "preavviso di rilascio"
        ESECUZIONE = "esecuzione", "esecuzione"
        REVOCA = "revoca", "revoca o rinvio"

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    pratica = models.ForeignKey(PraticaCasa, on_delete=models.CASCADE, related_name="passi")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    passo = models.CharField("passo", max_length=15, choices=Passo)
    giorno = models.DateField("giorno")
    note = models.CharField("note", max_length=300, blank=True)

    class Meta:
        verbose_name = "passo di una pratica"
        verbose_name_plural = "passi di una pratica"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "pratica", "passo", "giorno"],
                name="passo_una_volta",
                violation_error_message="Questo passo è già scritto.",
            )
        ]

    def __str__(self) -> str:
        return self.get_passo_display()


class EsitoQuerySet(DellaPresaQuerySet):
    def fra(self, dal: date, al: date) -> Self:
        return self.filter(giorno__gte=dal, giorno__lte=al)

    def per_elenco(self) -> Self:
        return self.select_related("tipo__asse", "presa__azione", "ospitante", "registrato_da")

    def con_chi(self) -> Self:
        """Con la persona della presa in carico, o con le persone del suo nucleo."""
        nuclei = Prefetch("presa__nucleo", Nucleo.objects.con_componenti())
        return self.select_related("presa__beneficiario").prefetch_related(nuclei)

    def dagli_ultimi(self) -> Self:
        return self.order_by("-giorno", "-pk")


@con_storia
class Esito(DellaPresa):
    """Un risultato di una presa in carico, con la sua data e la sua prova.

    Totali e dettaglio sono queste righe: non possono dire cose diverse. Quando nasce da un
    tirocinio, da un piano o da una pratica lo indica, e nasce una volta sola per tipo.
    """

    tipo = models.ForeignKey(TipoDiEsito, on_delete=models.PROTECT, related_name="esiti")
    giorno = models.DateField("giorno")
    prova = models.CharField("con che cosa si prova", max_length=200, blank=True)
    ospitante = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    nome_ospitante = models.CharField("presso", max_length=200, blank=True)
    mesi = models.PositiveSmallIntegerField("durata in mesi", null=True, blank=True)
    importo = models.DecimalField(
        "importo", max_digits=10, decimal_places=2, null=True, blank=True
    )
    tirocinio = models.ForeignKey(
        Tirocinio, on_delete=models.PROTECT, null=True, blank=True, related_name="esiti"
    )
    piano = models.ForeignKey(
        PianoRientro, on_delete=models.PROTECT, null=True, blank=True, related_name="esiti"
    )
    pratica = models.ForeignKey(
        PraticaCasa, on_delete=models.PROTECT, null=True, blank=True, related_name="esiti"
    )
    importazione = models.ForeignKey(
        Importazione, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = EsitoQuerySet.as_manager()

    class Meta(DellaPresa.Meta):
        verbose_name = "esito"
        verbose_name_plural = "esiti"
        indexes = [
            models.Index(fields=["ente", "tipo", "giorno"], name="esito_per_tipo"),
            models.Index(fields=["presa", "giorno"], name="esito_per_presa"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "tirocinio", "tipo"],
                condition=Q(tirocinio__isnull=False),
                name="esito_uno_per_tirocinio",
                violation_error_message="Questo esito del tirocinio è già registrato.",
            ),
            models.UniqueConstraint(
                fields=["ente", "piano", "tipo"],
                condition=Q(piano__isnull=False),
                name="esito_uno_per_piano",
                violation_error_message="Questo esito del piano è già registrato.",
            ),
            models.UniqueConstraint(
                fields=["ente", "pratica", "tipo"],
                condition=Q(pratica__isnull=False),
                name="esito_uno_per_pratica",
                violation_error_message="Questo esito della pratica è già registrato.",
            ),
            models.CheckConstraint(
                condition=Q(importo=None) | Q(importo__gte=Decimal(0)),
                name="esito_importo",
                violation_error_message="L'importo non può essere negativo.",
            ),
            models.CheckConstraint(
                condition=Q(mesi=None) | Q(mesi__gte=1),
                name="esito_mesi",
                violation_error_message="La durata è di almeno un mese.",
            ),
        ]

    def __str__(self) -> str:
        return f"esito {self.pk}"
