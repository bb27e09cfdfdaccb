"""Le campagne di monitoraggio e le schede che gli enti compilano."""

import uuid
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, F, Q

from assi.models import Asse, Azione, Progetto
from enti.models import Ente, Nodo
from enti.permessi import Attore


class ModelloScheda(models.Model):
    """Le domande di una scheda, come dati: l'anno dopo cambiano senza toccare il codice.

    `sezioni` è la lista ordinata delle sezioni: `{codice, titolo, aiuto, facoltativa, domande}`; la
    forma sta in `report.modello_scheda` (`sezioni_del_modello` le legge già controllate).
    """

    slug = models.SlugField(max_length=80)
    versione = models.PositiveSmallIntegerField("versione")
    titolo = models.CharField("titolo", max_length=200)
    sezioni = models.JSONField("sezioni")

    class Meta:
        verbose_name = "modello di scheda"
        verbose_name_plural = "modelli di scheda"
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "versione"],
                name="modello_scheda_una_versione",
                violation_error_message="Questa versione del modello esiste già.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.titolo} (versione {self.versione})"


class CampagnaQuerySet(models.QuerySet):
    def recenti(self) -> Self:
        return self.order_by(F("apre_il").desc(nulls_last=True), "-pk")


class Campagna(models.Model):
    """Un giro di monitoraggio: manda un modello di scheda agli enti di un progetto."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=80, unique=True)
    titolo = models.CharField("titolo", max_length=200)
    progetto = models.ForeignKey(Progetto, on_delete=models.PROTECT, related_name="campagne")
    modello = models.ForeignKey(ModelloScheda, on_delete=models.PROTECT, related_name="+")
    apre_il = models.DateField("si apre il", null=True, blank=True)
    scade_il = models.DateField("scade il", null=True, blank=True)
    ritardo_fino_al = models.DateField("accettata in ritardo fino al", null=True, blank=True)

    objects = CampagnaQuerySet.as_manager()

    class Meta:
        verbose_name = "campagna"
        verbose_name_plural = "campagne"
        constraints = [
            models.CheckConstraint(
                condition=(
                    (Q(apre_il=None) | Q(scade_il=None) | Q(scade_il__gte=F("apre_il")))
                    & (
                        Q(scade_il=None)
                        | Q(ritardo_fino_al=None)
                        | Q(ritardo_fino_al__gte=F("scade_il"))
                    )
                ),
                name="campagna_date_in_ordine",
                violation_error_message=(
                    "Le date della campagna vanno in ordine: apertura, scadenza, ultimo ritardo."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.titolo


class SchedaQuerySet(models.QuerySet):
    """Quali righe esistono per chi legge lo decide il database; qui si aggiunge la velocità."""

    def visibili_a(self, attore: Attore) -> Self:
        """Le schede proprie, o del proprio ambito per chi coordina. Mai più di ciò che la policy
        già concede: è la stessa regola, detta in modo che gli indici servano."""
        if attore.di_rete:
            return self
        proprie = Q(dichiaranti__dichiarante=attore.ente, dichiaranti__compila=True)
        if attore.nodo is not None:
            return self.filter(Q(nodo=attore.nodo) | proprie).distinct()
        return self.filter(proprie).distinct()

    def aperte(self) -> Self:
        return self.filter(stato__in=Scheda.STATI_APERTI)

    def da_valutare(self) -> Self:
        """Quelle che aspettano un sì o un rimando, del nodo o della rete."""
        return self.filter(stato__in=(Scheda.Stato.INVIATA, Scheda.Stato.ACCETTATA_DAL_NODO))

    def conti_per_stato(self) -> dict[str, int]:
        """Quante schede in ciascuno stato; solo gli stati che ne hanno, in ordine di percorso."""
        righe = self.order_by().values("stato").annotate(quante=Count("pk", distinct=True))
        quante = {riga["stato"]: riga["quante"] for riga in righe}
        return {stato: quante[stato] for stato in Scheda.Stato if stato in quante}

    def in_ordine(self) -> Self:
        return self.order_by("campagna", "numero", "pk")

    def per_elenco(self) -> Self:
        """Con ciò che un elenco mostra, senza interrogazioni per riga."""
        return self.select_related("ente", "nodo", "campagna__modello")


class Scheda(models.Model):
    """La scheda di monitoraggio di uno o più enti. `ente` è il primo dichiarante.

    `sezioni_presenti` distingue la sezione che manca («non detto») da quella vuota.
    """

    class Stato(models.TextChoices):
        DA_APRIRE = "da_aprire", "da aprire"
        IN_COMPILAZIONE = "in_compilazione", "in compilazione"
        INVIATA = "inviata", "inviata"
        RIMANDATA = "rimandata", "rimandata"
        ACCETTATA_DAL_NODO = "accettata_dal_nodo", "accettata dal nodo"
        ACCETTATA = "accettata", "accettata"
        CONGELATA = "congelata", "congelata"

    STATI_APERTI = (Stato.DA_APRIRE, Stato.IN_COMPILAZIONE, Stato.RIMANDATA)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="schede")
    campagna = models.ForeignKey(Campagna, on_delete=models.PROTECT, related_name="schede")
    slug = models.SlugField("sigla", max_length=80)
    numero = models.PositiveSmallIntegerField("numero", default=0)
    titolo = models.CharField("titolo", max_length=200)
    nodo = models.ForeignKey(
        Nodo, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stato = models.CharField("stato", max_length=20, choices=Stato, default=Stato.DA_APRIRE)
    sezioni_presenti = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    modificata_il = models.DateTimeField("modificata il", auto_now=True)
    inviata_il = models.DateTimeField("inviata il", null=True, blank=True)

    objects = SchedaQuerySet.as_manager()

    class Meta:
        verbose_name = "scheda"
        verbose_name_plural = "schede"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "campagna", "slug"],
                name="scheda_una_per_sigla",
                violation_error_message="L'ente ha già questa scheda nella campagna.",
            )
        ]

    def __str__(self) -> str:
        return self.titolo

    @property
    def aperta(self) -> bool:
        return self.stato in self.STATI_APERTI

    @property
    def completezza(self) -> tuple[int, int]:
        """Quante sezioni ha la scheda, e quante ne chiede il modello."""
        chieste = {sezione["codice"] for sezione in self.campagna.modello.sezioni}
        return len(chieste.intersection(self.sezioni_presenti)), len(chieste)


class RigaDiScheda(models.Model):
    """Ciò che ogni riga di una scheda ha: la scheda e il suo ente (chiave composta).

    `versione` cresce a ogni scrittura: chi salva sopra una versione vecchia è fermato e vede sia
    ciò che ha scritto lui sia ciò che c'è.
    """

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+", editable=False)
    scheda = models.ForeignKey(Scheda, on_delete=models.CASCADE, related_name="%(class)s_righe")
    ordine = models.PositiveSmallIntegerField("ordine", default=0)
    fonte = models.CharField("righe della fonte", max_length=60, blank=True)
    note = models.TextField("note", blank=True)
    versione = models.PositiveIntegerField("versione", default=1, editable=False)

    class Meta:
        abstract = True


class DichiaranteDiScheda(models.Model):
    """Un ente nominato in testa alla scheda; `compila` dice se la legge e la scrive."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    scheda = models.ForeignKey(Scheda, on_delete=models.CASCADE, related_name="dichiaranti")
    dichiarante = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    compila = models.BooleanField("compila la scheda", default=True)
    intestatario = models.BooleanField("nell'intestazione", default=True)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    class Meta:
        verbose_name = "dichiarante"
        verbose_name_plural = "dichiaranti"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda", "dichiarante"],
                name="dichiarante_una_volta",
                violation_error_message="L'ente è già fra i dichiaranti della scheda.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.dichiarante} in {self.scheda}"


class AsseDiScheda(models.Model):
    """Un asse di cui la scheda parla."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    scheda = models.ForeignKey(Scheda, on_delete=models.CASCADE, related_name="assi")
    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, related_name="+")
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    class Meta:
        verbose_name = "asse della scheda"
        verbose_name_plural = "assi della scheda"

    def __str__(self) -> str:
        return f"{self.scheda}: {self.asse}"


class AzioneDiScheda(models.Model):
    """Un'azione di cui la scheda rende conto."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    scheda = models.ForeignKey(Scheda, on_delete=models.CASCADE, related_name="azioni")
    azione = models.ForeignKey(Azione, on_delete=models.PROTECT, related_name="+")
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    class Meta:
        verbose_name = "azione della scheda"
        verbose_name_plural = "azioni della scheda"

    def __str__(self) -> str:
        return f"{self.scheda}: {self.azione}"


class PassaggioDiScheda(models.Model):
    """Un cambio di stato: chi, quando e con quali parole. Non si modifica."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    scheda = models.ForeignKey(Scheda, on_delete=models.CASCADE, related_name="passaggi")
    da_stato = models.CharField("da", max_length=20, choices=Scheda.Stato)
    a_stato = models.CharField("a", max_length=20, choices=Scheda.Stato)
    chi = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quando = models.DateTimeField("quando", auto_now_add=True)
    testo = models.TextField("testo", blank=True)

    class Meta:
        verbose_name = "passaggio di stato"
        verbose_name_plural = "passaggi di stato"
        constraints = [
            models.CheckConstraint(
                condition=~Q(a_stato=Scheda.Stato.RIMANDATA) | ~Q(testo=""),
                name="passaggio_rimandata_con_testo",
                violation_error_message="Chi rimanda una scheda scrive che cosa va rivisto.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_da_stato_display()} → {self.get_a_stato_display()}"


class AvvisoSuperato(models.Model):
    """Un avviso oltre il quale l'ente ha inviato lo stesso, col motivo: lo legge chi accetta."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    scheda = models.ForeignKey(Scheda, on_delete=models.CASCADE, related_name="avvisi_superati")
    codice = models.CharField("controllo", max_length=80)
    frase = models.TextField("avviso")
    motivo = models.TextField("motivo")
    chi = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quando = models.DateTimeField("quando", auto_now_add=True)

    class Meta:
        verbose_name = "avviso superato"
        verbose_name_plural = "avvisi superati"
        constraints = [
            models.CheckConstraint(
                condition=~Q(motivo=""),
                name="avviso_superato_con_motivo",
                violation_error_message="Per inviare oltre un avviso serve il motivo.",
            )
        ]

    def __str__(self) -> str:
        return self.frase


class RigaTolta(models.Model):
    """Una riga tolta da una scheda aperta, per poterla rimettere com'era.

    `dati` sono le colonne della riga; `genere` il nome del suo modello, in minuscolo; `sezione`
    quella della scheda in cui stava.
    """

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    scheda = models.ForeignKey(Scheda, on_delete=models.CASCADE, related_name="righe_tolte")
    genere = models.CharField("genere", max_length=40)
    sezione = models.CharField("sezione", max_length=40)
    dati = models.JSONField("dati", encoder=DjangoJSONEncoder)
    chi = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quando = models.DateTimeField("quando", auto_now_add=True)

    class Meta:
        verbose_name = "riga tolta"
        verbose_name_plural = "righe tolte"

    def __str__(self) -> str:
        return self.dati.get("testo") or self.dati.get("cosa") or self.genere
