"""La presa in carico: chi segue chi, da quando, con quali obiettivi, com'è finita."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Length, Now
from django.db.models.lookups import GreaterThanOrEqual
from django.utils import timezone

from assi.models import Azione, Indicatore, TipoDiChiusura
from beneficiari.models.nuclei import Componente, Nucleo
from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet
from registro.comune.storia import con_storia


class PresaInCaricoQuerySet(PersoneQuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def aperte(self) -> Self:
        return self.filter(chiusa_il=None)

    def chiuse(self) -> Self:
        return self.exclude(chiusa_il=None)

    def di_chi_segue(self, utente: Utente) -> Self:
        return self.filter(operatore=utente)

    def aperte_prima_di(self, giorno: date) -> Self:
        """Quelle ancora aperte cominciate prima di `giorno`."""
        return self.aperte().filter(aperta_il__lt=giorno)

    def della_persona(self, persona: Beneficiario) -> Self:
        """Le sue, e quelle dei nuclei di cui faceva parte quando erano aperte."""
        sue = Q(beneficiario_id__in=persona.chiavi)
        # I nuclei si leggono prima: chiesti dentro, ogni presa in carico dell'ente li cercherebbe.
        membri = Componente.objects.filter(
            ente=persona.ente_id, beneficiario_id__in=persona.chiavi
        )
        for nucleo, al in membri.per_calcolo().values_list("nucleo", "al").distinct():
            fino_a = {} if al is None else {"aperta_il__lte": al}
            sue |= Q(nucleo_id=nucleo, **fino_a)
        return self.filter(sue, ente=persona.ente_id)

    def azioni(self) -> models.QuerySet[Azione]:
        """Le azioni di queste prese in carico. Si cercano per azione e non elencando le prese:
        sotto le policy leggerle tutte costa dieci volte tanto (misurato su 5.000)."""
        return Azione.objects.filter(Exists(self.filter(azione=OuterRef("pk")))).order_by("titolo")

    def per_elenco(self) -> Self:
        return self.select_related("azione__asse", "operatore", "esito", "ente_inviante")

    def in_breve(self) -> Self:
        """Ciò che ne dice la riga di una persona: l'azione, chi segue, da quando a quando."""
        return self.select_related("azione", "operatore").only(
            *("uuid", "ente", "beneficiario", "nucleo", "aperta_il", "chiusa_il"),
            *("azione__titolo", "operatore__nome", "operatore__cognome"),
        )

    def con_chi(self) -> Self:
        """Con la persona, o con le persone che fanno parte del nucleo."""
        nuclei = Prefetch("nucleo", Nucleo.objects.con_componenti())
        return self.select_related("beneficiario").prefetch_related(nuclei)

    def per_apertura(self) -> Self:
        """Prima le aperte, dalla più recente; poi le chiuse, dall'ultima."""
        return self.order_by(F("chiusa_il").desc(nulls_first=True), "-aperta_il", "-pk")


@con_storia
class PresaInCarico(DatoDiPersona):
    """Un ente segue una persona, o un nucleo, per un'azione. Vive anche oltre il progetto.

    Una sola aperta per ente, persona (o nucleo) e azione: finita si chiude con un esito, e si può
    riaprire dicendo perché.
    """

    gruppo = Gruppo.PRESTAZIONI

    class Canale(models.TextChoices):
        SERVIZI_PUBBLICI = "servizi-pubblici", "servizi pubblici"
        ALTRI_ETS = "altri-ets", "altri enti del terzo settore"
        RETE_PROGETTO = "rete-progetto", "rete del progetto"
        RETE_TERRITORIALE = "rete-territoriale", "rete territoriale"
        PASSAPAROLA = "passaparola", "passaparola"
        CONTATTI_PROPRI = "contatti-propri", "contatti propri"
        SCOUTING = "scouting", "ricerca attiva"
        PROGETTO_COLLEGATO = "progetto-collegato", "progetto collegato"

    class Prosecuzione(models.TextChoices):
        SI = "si", "sì, va proseguita"
        NO = "no", "no"
        DA_VALUTARE = "da-valutare", "da valutare"

    class FaseAbbandono(models.TextChoices):
        INGRESSO = "ingresso", "all'ingresso"
        IN_CORSO = "in-corso", "durante il percorso"
        FINE = "fine", "verso la fine"

    class UnitaAbbandono(models.TextChoices):
        PERSONA = "persona", "la persona"
        NUCLEO = "nucleo", "tutto il nucleo"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="prese_in_carico")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="prese"
    )
    nucleo = models.ForeignKey(
        Nucleo, on_delete=models.PROTECT, null=True, blank=True, related_name="prese"
    )
    azione = models.ForeignKey(Azione, on_delete=models.PROTECT, related_name="+")
    canale = models.CharField("come è arrivata", max_length=20, choices=Canale)
    ente_inviante = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    motivazione = models.TextField("motivazione", max_length=2000, blank=True)
    operatore = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    aperta_il = models.DateField("aperta il", default=timezone.localdate)
    chiusa_il = models.DateField("chiusa il", null=True, blank=True)
    esito = models.ForeignKey(
        TipoDiChiusura, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    esito_in_parole = models.TextField("com'è andata", max_length=2000, blank=True)
    fase_abbandono = models.CharField(
        "quando ha lasciato", max_length=10, choices=FaseAbbandono, blank=True
    )
    motivo_abbandono = models.CharField("perché ha lasciato", max_length=300, blank=True)
    unita_abbandono = models.CharField(
        "chi ha lasciato", max_length=10, choices=UnitaAbbandono, blank=True
    )
    prosecuzione = models.CharField(
        "va proseguita", max_length=12, choices=Prosecuzione, blank=True
    )
    versione = models.PositiveIntegerField(default=1, editable=False)

    objects = PresaInCaricoQuerySet.as_manager()

    class Meta:
        verbose_name = "presa in carico"
        verbose_name_plural = "prese in carico"
        indexes = [
            models.Index(fields=["ente", "chiusa_il", "-aperta_il"], name="presa_per_ente"),
            models.Index(fields=["operatore", "chiusa_il"], name="presa_per_operatore"),
            models.Index(fields=["ente", "azione"], name="presa_per_azione"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(beneficiario=None, nucleo__isnull=False)
                | Q(beneficiario__isnull=False, nucleo=None),
                name="presa_di_una_persona_o_di_un_nucleo",
                violation_error_message="La presa in carico è di una persona o di un nucleo.",
            ),
            models.UniqueConstraint(
                fields=["ente", "beneficiario", "azione"],
                condition=Q(chiusa_il=None, beneficiario__isnull=False),
                name="presa_una_aperta_per_persona",
                violation_error_message="La persona ha già una presa in carico aperta per questa azione.",
            ),
            models.UniqueConstraint(
                fields=["ente", "nucleo", "azione"],
                condition=Q(chiusa_il=None, nucleo__isnull=False),
                name="presa_una_aperta_per_nucleo",
                violation_error_message="Il nucleo ha già una presa in carico aperta per questa azione.",
            ),
            models.CheckConstraint(
                condition=Q(chiusa_il=None) | Q(chiusa_il__gte=F("aperta_il")),
                name="presa_date_in_ordine",
                violation_error_message="La chiusura non può precedere l'apertura.",
            ),
            models.CheckConstraint(
                condition=Q(chiusa_il=None, esito=None)
                | Q(chiusa_il__isnull=False, esito__isnull=False),
                name="presa_chiusa_con_un_esito",
                violation_error_message="Una presa in carico si chiude con una data e un esito.",
            ),
            models.CheckConstraint(
                condition=Q(fase_abbandono="", motivo_abbandono="", unita_abbandono="")
                | ~Q(fase_abbandono="") & ~Q(motivo_abbandono="") & ~Q(unita_abbandono=""),
                name="presa_abbandono_completo",
                violation_error_message="Di un abbandono si dicono la fase, il motivo e chi ha lasciato.",
            ),
        ]

    def __str__(self) -> str:
        return f"presa in carico {self.pk}"

    @property
    def aperta(self) -> bool:
        return self.chiusa_il is None


class AffidamentoQuerySet(models.QuerySet):
    def in_corso(self) -> Self:
        """Quelli che adesso aprono i gruppi sensibili."""
        adesso = timezone.now()
        return self.filter(Q(al=None) | Q(al__gt=adesso), dal__lte=adesso)

    def di(self, utente: Utente, persona: Beneficiario) -> Self:
        return self.filter(utente=utente, beneficiario=persona, ente=persona.ente_id)


class Affidamento(models.Model):
    """Per quanto tempo un operatore vede i gruppi sensibili di una persona del suo ente.

    Quelli «assegnati» li scrive il database seguendo le prese in carico; gli «aperti» li chiede
    l'operatore dicendo perché, e durano poco. Nessuno si modifica: si chiude e basta.
    """

    class Tipo(models.TextChoices):
        ASSEGNATO = "assegnato", "assegnato"
        APERTO = "aperto", "aperto con un motivo"

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="affidamenti"
    )
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    presa = models.ForeignKey(
        PresaInCarico, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tipo = models.CharField("tipo", max_length=10, choices=Tipo)
    motivo = models.CharField("motivo", max_length=300, blank=True)
    dal = models.DateTimeField("dal", db_default=Now())
    al = models.DateTimeField("al", null=True, blank=True)

    objects = AffidamentoQuerySet.as_manager()

    class Meta:
        verbose_name = "affidamento"
        verbose_name_plural = "affidamenti"
        indexes = [
            models.Index(
                fields=["beneficiario", "utente", "ente"],
                include=["dal", "al"],
                name="affidamento_della_policy",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(tipo="assegnato", presa__isnull=False)
                | Q(tipo="aperto", presa=None, al__isnull=False)
                & Q(GreaterThanOrEqual(Length("motivo"), 20)),
                name="affidamento_aperto_con_motivo",
                violation_error_message="Scrivi in almeno 20 caratteri perché ti serve aprire questi dati.",
            )
        ]

    def __str__(self) -> str:
        return self.get_tipo_display()


@con_storia
class Obiettivo(DatoDiPersona):
    """Un risultato che la presa in carico vuole raggiungere; se cambia, si dice perché."""

    gruppo = Gruppo.PRESTAZIONI

    class Stato(models.TextChoices):
        IN_CORSO = "in-corso", "in corso"
        RAGGIUNTO = "raggiunto", "raggiunto"
        IN_PARTE = "in-parte", "raggiunto in parte"
        LASCIATO = "lasciato", "lasciato"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    presa = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="obiettivi")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    testo = models.CharField("obiettivo", max_length=300)
    indicatore = models.ForeignKey(
        Indicatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entro_il = models.DateField("entro il", null=True, blank=True)
    stato = models.CharField("stato", max_length=10, choices=Stato, default=Stato.IN_CORSO)

    class Meta:
        verbose_name = "obiettivo"
        verbose_name_plural = "obiettivi"

    def __str__(self) -> str:
        return f"obiettivo {self.pk}"


class RevisioneObiettivo(DatoDiPersona):
    """Com'era un obiettivo prima di cambiare, e perché è cambiato. Solo in aggiunta."""

    gruppo = Gruppo.PRESTAZIONI

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    obiettivo = models.ForeignKey(Obiettivo, on_delete=models.PROTECT, related_name="revisioni")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    testo = models.CharField("com'era", max_length=300)
    entro_il = models.DateField("entro il", null=True, blank=True)
    stato = models.CharField("stato", max_length=10, choices=Obiettivo.Stato)
    motivo = models.CharField("motivo", max_length=300)
    quando = models.DateTimeField("quando", db_default=Now())
    da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "revisione di un obiettivo"
        verbose_name_plural = "revisioni degli obiettivi"
        constraints = [
            models.CheckConstraint(
                condition=~Q(motivo=""),
                name="revisione_con_motivo",
                violation_error_message="Scrivi perché l'obiettivo cambia.",
            )
        ]

    def __str__(self) -> str:
        return f"revisione {self.pk}"


class Riapertura(DatoDiPersona):
    """Una presa in carico chiusa che torna aperta: com'era finita e perché riprende."""

    gruppo = Gruppo.PRESTAZIONI

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    presa = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="riaperture")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    era_chiusa_il = models.DateField("era chiusa il")
    esito_di_prima = models.ForeignKey(TipoDiChiusura, on_delete=models.PROTECT, related_name="+")
    com_era_andata = models.TextField("com'era andata", max_length=3000, blank=True)
    motivo = models.CharField("motivo", max_length=300)
    quando = models.DateTimeField("quando", db_default=Now())
    da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "riapertura"
        verbose_name_plural = "riaperture"
        constraints = [
            models.CheckConstraint(
                condition=~Q(motivo=""),
                name="riapertura_con_motivo",
                violation_error_message="Scrivi perché la presa in carico riapre.",
            )
        ]

    def __str__(self) -> str:
        return f"riapertura {self.pk}"
