"""Le edizioni del rapporto: pubblicate, non cambiano più."""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from assi.models import Progetto
from enti.models import Ente


class RapportoQuerySet(models.QuerySet):
    def pubblicati(self) -> Self:
        return self.filter(stato=Rapporto.Stato.PUBBLICATO)

    def di(self, progetto_slug: str) -> Self:
        return self.filter(progetto__slug=progetto_slug)

    def dal_piu_recente(self) -> Self:
        return self.select_related("progetto", "ente").order_by("progetto", "-edizione")

    def ultima_edizione(self, progetto_slug: str) -> "Rapporto | None":
        """L'edizione pubblicata più recente del progetto, o None."""
        return self.pubblicati().di(progetto_slug).dal_piu_recente().first()

    def ultima_caricata(self, progetto_slug: str) -> "Rapporto | None":
        """L'edizione più recente nata da una cartella di dati, o None."""
        caricate = self.pubblicati().di(progetto_slug).exclude(impronta_fonte="")
        return caricate.dal_piu_recente().first()


class Rapporto(models.Model):
    """Un'edizione del rapporto di un progetto.

    Pubblicarla la congela: schede, registro e nomenclatura possono cambiare, lei no. Una
    correzione è un'edizione nuova, che in `novita` dice che cosa cambia. `regole` è il piano
    delle cifre (`report.calcolo.piano`) con cui è stata calcolata; `cornice` sono nodi, enti,
    assi e legami com'erano quel giorno (`report.contenuto`).
    """

    class Stato(models.TextChoices):
        BOZZA = "bozza", "bozza"
        IN_REVISIONE = "in_revisione", "in revisione"
        PUBBLICATO = "pubblicato", "pubblicato"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="rapporti")
    progetto = models.ForeignKey(Progetto, on_delete=models.PROTECT, related_name="rapporti")
    edizione = models.PositiveSmallIntegerField("edizione")
    titolo = models.CharField("titolo", max_length=200)
    sottotitolo = models.CharField("sottotitolo", max_length=200, blank=True)
    periodo = models.CharField("periodo", max_length=100, blank=True)
    novita = models.TextField("che cosa cambia", blank=True)
    stato = models.CharField("stato", max_length=12, choices=Stato, default=Stato.BOZZA)
    regole = models.JSONField("piano delle cifre", default=dict)
    cornice = models.JSONField("nodi, enti, assi e legami", default=dict)
    impronta = models.CharField("impronta del contenuto", max_length=64, blank=True)
    impronta_fonte = models.CharField("impronta dei file caricati", max_length=64, blank=True)
    creato_il = models.DateTimeField("creato il", auto_now_add=True)
    pubblicato_il = models.DateTimeField("pubblicato il", null=True, blank=True)

    objects = RapportoQuerySet.as_manager()

    class Meta:
        verbose_name = "rapporto"
        verbose_name_plural = "rapporti"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "progetto", "edizione"],
                name="rapporto_una_edizione",
                violation_error_message="Questa edizione del rapporto esiste già.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stato="pubblicato", pubblicato_il__isnull=False) & ~Q(impronta="")
                    | ~Q(stato="pubblicato") & Q(pubblicato_il=None)
                ),
                name="rapporto_pubblicato_con_data_e_impronta",
                violation_error_message="Un rapporto pubblicato ha una data e un'impronta.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titolo}, edizione {self.edizione}"

    @property
    def pubblicato(self) -> bool:
        return self.stato == self.Stato.PUBBLICATO


class RigaDiRapporto(models.Model):
    """Ciò che ogni riga di un'edizione ha: l'edizione e il suo ente (chiave composta)."""

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+", editable=False)
    rapporto = models.ForeignKey(
        Rapporto, on_delete=models.CASCADE, related_name="%(class)s_righe"
    )
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    class Meta:
        abstract = True


class BloccoDiTesto(RigaDiRapporto):
    """Una frase scritta dall'hub per una sezione del rapporto, su un ambito (asse) o su tutti.

    Le sezioni `ASSE_…` sono la pagina di un asse, che è l'ambito; `nodo` dice in quale nodo vale
    un esito, e vuoto vuol dire in tutti.
    """

    class Sezione(models.TextChoices):
        IMPATTO_COMPLESSIVO = "impatto_complessivo", "impatto complessivo"
        NUOVI_BISOGNI = "nuovi_bisogni", "nuovi bisogni"
        PROPOSTE = "proposte", "proposte"
        IMPATTO_ENTE = "impatto_ente", "impatto sugli enti"
        CRITICITA = "criticita", "criticità"
        OPPORTUNITA = "opportunita", "opportunità"
        ASSE_INDIVIDUAZIONE = "asse_individuazione", "asse: come si individuano i beneficiari"
        ASSE_ESITI = "asse_esiti", "asse: esiti"
        ASSE_CRITICITA = "asse_criticita", "asse: criticità"
        ASSE_PROPOSTE = "asse_proposte", "asse: proposte"

    sezione = models.CharField("sezione", max_length=24, choices=Sezione)
    ambito = models.SlugField("ambito", max_length=80, blank=True)
    nodo = models.SlugField("nodo", max_length=50, blank=True)
    testo = models.TextField("testo")
    fonte = models.CharField("righe della fonte", max_length=60, blank=True)
    note = models.TextField("note", blank=True)

    class Meta:
        verbose_name = "blocco di testo"
        verbose_name_plural = "blocchi di testo"

    def __str__(self) -> str:
        return self.testo


class CopiaScheda(RigaDiRapporto):
    """Una scheda com'era quando l'edizione è uscita: è ciò che si legge aprendo un addendo.

    `contenuto` ha la forma di `report.contenuto.SchedaContenuto`.
    """

    slug = models.SlugField("sigla", max_length=80)
    numero = models.PositiveSmallIntegerField("numero", default=0)
    titolo = models.CharField("titolo", max_length=200)
    dichiarante = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    contenuto = models.JSONField("contenuto")

    class Meta:
        verbose_name = "copia di scheda"
        verbose_name_plural = "copie di schede"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "rapporto", "slug"],
                name="copia_una_per_scheda",
                violation_error_message="La scheda è già in questa edizione.",
            )
        ]

    def __str__(self) -> str:
        return self.titolo


class Cifra(RigaDiRapporto):
    """Un numero del rapporto con tutto ciò che serve a rifarlo.

    `valore` è quanto danno le schede (vuoto se non si ricalcola), `pubblicato` quanto era stato
    stampato altrove; `derivato` si ricava per differenza da cifre stampate.
    """

    class Esito(models.TextChoices):
        ESATTO = "esatto", "esatto"
        ESATTO_AMBIGUO = "esatto-ambiguo", "esatto, ma non in un modo solo"
        DERIVATO = "derivato", "derivato"
        COMPATIBILE = "compatibile", "compatibile"
        NON_RICALCOLABILE = "non-ricalcolabile", "non ricalcolabile"

    class Approssimazione(models.TextChoices):
        CIRCA = "circa", "circa"
        ALMENO = "almeno", "almeno"

    slug = models.SlugField("sigla", max_length=80)
    etichetta = models.CharField("etichetta", max_length=200)
    definizione = models.TextField("definizione", blank=True)
    unita = models.CharField("unità", max_length=30, blank=True)
    nodo = models.SlugField("nodo", max_length=50, blank=True)
    valore = models.DecimalField("valore", max_digits=12, decimal_places=2, null=True, blank=True)
    approssimazione = models.CharField(
        "approssimazione", max_length=6, choices=Approssimazione, blank=True
    )
    regola = models.SlugField("regola", max_length=80)
    regola_in_parole = models.TextField("regola in parole", blank=True)
    pubblicato = models.DecimalField(
        "pubblicato", max_digits=12, decimal_places=2, null=True, blank=True
    )
    derivato = models.DecimalField(
        "derivato", max_digits=12, decimal_places=2, null=True, blank=True
    )
    esito = models.CharField("esito", max_length=20, choices=Esito)
    nota = models.TextField("nota", blank=True)
    aritmetica = models.TextField("aritmetica", blank=True)
    rispondenti = models.PositiveSmallIntegerField("schede che rispondono", default=0)
    interrogate = models.PositiveSmallIntegerField("schede interrogate", default=0)

    class Meta:
        verbose_name = "cifra"
        verbose_name_plural = "cifre"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "rapporto", "slug"],
                name="cifra_una_per_sigla",
                violation_error_message="La cifra è già in questa edizione.",
            ),
            models.CheckConstraint(
                condition=Q(rispondenti__lte=models.F("interrogate")),
                name="cifra_rispondenti_fra_le_interrogate",
                violation_error_message="Non possono rispondere più schede di quelle interrogate.",
            ),
        ]

    def __str__(self) -> str:
        return self.etichetta


class Addendo(RigaDiRapporto):
    """Un conteggio di una scheda che entra in una cifra. `conteggio` è la sigla nella copia."""

    cifra = models.ForeignKey(Cifra, on_delete=models.CASCADE, related_name="addendi")
    copia = models.ForeignKey(CopiaScheda, on_delete=models.CASCADE, related_name="+")
    conteggio = models.SlugField("conteggio", max_length=80)
    cosa = models.CharField("che cosa", max_length=200)
    unita = models.CharField("unità", max_length=30)
    valore = models.DecimalField("valore", max_digits=12, decimal_places=2, null=True, blank=True)
    approssimazione = models.CharField("approssimazione", max_length=5, blank=True)

    class Meta:
        verbose_name = "addendo"
        verbose_name_plural = "addendi"

    def __str__(self) -> str:
        return f"{self.copia.slug}/{self.conteggio}"


class TotaleDiRegola(RigaDiRapporto):
    """Quanto dà una regola di conteggio in un nodo (`nodo` vuoto: nella rete)."""

    regola = models.SlugField("regola", max_length=80)
    descrizione = models.TextField("descrizione")
    nota = models.TextField("nota", blank=True)
    scelta = models.BooleanField("scelta per l'edizione", default=False)
    nodo = models.SlugField("nodo", max_length=50, blank=True)
    valore = models.DecimalField("valore", max_digits=12, decimal_places=2, null=True, blank=True)
    approssimazione = models.CharField(
        "approssimazione", max_length=6, choices=Cifra.Approssimazione, blank=True
    )
    pubblicato = models.DecimalField(
        "pubblicato", max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = "totale di una regola"
        verbose_name_plural = "totali delle regole"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "rapporto", "regola", "nodo"],
                name="totale_uno_per_regola_e_nodo",
                violation_error_message="La regola ha già il suo totale in questo nodo.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.regola} {self.nodo}"


class DocumentoRapportoQuerySet(models.QuerySet):
    def pronti(self) -> Self:
        return self.filter(stato=DocumentoRapporto.Stato.PRONTO)

    def in_corso(self) -> Self:
        return self.filter(stato__in=DocumentoRapporto.STATI_IN_CORSO)

    def fermi_da(self, istante: datetime) -> Self:
        """Le richieste in corso di cui non si sa più nulla da prima di `istante`."""
        return self.in_corso().filter(
            Q(segno_di_vita__lt=istante) | Q(segno_di_vita=None, richiesto_il__lt=istante)
        )

    def del_rapporto(self, rapporto: Rapporto) -> Self:
        return self.filter(rapporto=rapporto).order_by("-richiesto_il", "-pk")

    def valido_per(self, rapporto: Rapporto) -> "DocumentoRapporto | None":
        """Il PDF pronto più recente che dice ciò che `rapporto` dice ora, o None."""
        return (
            self.pronti()
            .del_rapporto(rapporto)
            .filter(impronta_contenuto=rapporto.impronta)
            .first()
        )


class DocumentoRapporto(models.Model):
    """La richiesta di un PDF e il suo risultato. È il registro del lavoro: la coda sveglia e basta.

    `file` è il nome dentro la cartella dei documenti: l'UUID della riga, mai il titolo.
    """

    class Stato(models.TextChoices):
        IN_CODA = "in_coda", "in coda"
        IN_LAVORAZIONE = "in_lavorazione", "in preparazione"
        PRONTO = "pronto", "pronto"
        FALLITO = "fallito", "non riuscito"

    STATI_IN_CORSO = (Stato.IN_CODA, Stato.IN_LAVORAZIONE)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    rapporto = models.ForeignKey(Rapporto, on_delete=models.CASCADE, related_name="documenti")
    richiesto_da = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    richiesto_il = models.DateTimeField("richiesto il", auto_now_add=True)
    stato = models.CharField("stato", max_length=15, choices=Stato, default=Stato.IN_CODA)
    avanzamento = models.PositiveSmallIntegerField("avanzamento percentuale", default=0)
    tentativi = models.PositiveSmallIntegerField("tentativi", default=0)
    impronta_contenuto = models.CharField("impronta dell'edizione", max_length=64, blank=True)
    # Il messaggio che ha preso la riga e l'ultima volta che ha dato segno di vita: dicono se chi
    # la stava lavorando è morto.
    lavoro = models.CharField("messaggio che la lavora", max_length=50, blank=True)
    segno_di_vita = models.DateTimeField("ultimo segno di vita", null=True, blank=True)
    file = models.CharField("file", max_length=60, blank=True)
    impronta = models.CharField("SHA-256", max_length=64, blank=True)
    pagine = models.PositiveSmallIntegerField("pagine", null=True, blank=True)
    byte = models.PositiveIntegerField("byte", null=True, blank=True)
    finito_il = models.DateTimeField("finito il", null=True, blank=True)
    errore = models.TextField("che cosa è successo", blank=True)

    objects = DocumentoRapportoQuerySet.as_manager()

    class Meta:
        verbose_name = "documento del rapporto"
        verbose_name_plural = "documenti del rapporto"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "rapporto"],
                condition=Q(stato__in=("in_coda", "in_lavorazione")),
                name="documento_uno_in_corso",
                violation_error_message="Il PDF di questa edizione è già in preparazione.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="pronto")
                | (~Q(file="") & ~Q(impronta="") & Q(pagine__isnull=False)),
                name="documento_pronto_con_file",
                violation_error_message="Un documento pronto ha il file, l'impronta e le pagine.",
            ),
            models.CheckConstraint(
                condition=Q(avanzamento__lte=100),
                name="documento_avanzamento_percentuale",
                violation_error_message="L'avanzamento va da 0 a 100.",
            ),
        ]

    def __str__(self) -> str:
        return f"PDF di {self.rapporto}"
