"""Le righe tipizzate di una scheda: mai totali in un documento, mai zero al posto di «non detto»."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from assi.models import Asse, Indicatore
from enti.models import Ente
from report.models.schede import RigaDiScheda


class Conteggio(RigaDiScheda):
    """Un numero dichiarato, con la sua unità e la sua approssimazione.

    `valore` vuoto significa «non detto». `parte_di` è un sottoinsieme con la stessa unità (mai
    sommato al suo intero); `composizione_di` sono le persone che formano i nuclei di un altro
    conteggio; le righe con la stessa `ripartizione` esauriscono il totale. Le righe di `gruppo`
    diverso sono viste degli stessi fatti: non si sommano fra loro.
    """

    class Sezione(models.TextChoices):
        BENEFICIARI = "beneficiari", "beneficiari"
        ALTRI_NUMERI = "altri_numeri", "altri numeri"
        OUTPUT = "output", "risultati"

    class Unita(models.TextChoices):
        """Le unità di chi beneficia; risultati e altri numeri ne hanno anche altre."""

        INDIVIDUI = "individui", "individui"
        NUCLEI = "nuclei", "nuclei"
        AZIENDE = "aziende", "aziende"
        ENTI = "enti", "enti"

    class Approssimazione(models.TextChoices):
        CIRCA = "circa", "circa"
        OLTRE = "oltre", "oltre"

    class Gruppo(models.TextChoices):
        TOTALE = "totale", "totale"
        PER_AZIENDA = "per-azienda", "per azienda"
        PER_CANALE = "per-canale", "per canale"
        QUOTA = "quota", "quota percentuale"

    sezione = models.CharField("sezione", max_length=12, choices=Sezione)
    slug = models.SlugField("sigla", max_length=80)
    cosa = models.CharField("che cosa", max_length=200)
    unita = models.CharField("unità", max_length=30, blank=True)
    valore = models.DecimalField("valore", max_digits=12, decimal_places=2, null=True, blank=True)
    minimo = models.DecimalField("minimo", max_digits=12, decimal_places=2, null=True, blank=True)
    massimo = models.DecimalField(
        "massimo", max_digits=12, decimal_places=2, null=True, blank=True
    )
    approssimazione = models.CharField(
        "approssimazione", max_length=5, choices=Approssimazione, blank=True
    )
    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, null=True, blank=True)
    parte_di = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="parti"
    )
    composizione_di = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="composizioni"
    )
    ripartizione = models.CharField("ripartizione", max_length=40, blank=True)
    tipo = models.CharField("tipo di risultato", max_length=60, blank=True)
    gruppo = models.CharField("vista", max_length=12, choices=Gruppo, blank=True)
    presso = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    canali = ArrayField(models.SlugField(max_length=80), default=list, blank=True)
    valore_calcolato = models.DecimalField(
        "valore dal registro", max_digits=12, decimal_places=2, null=True, blank=True
    )
    motivo_differenza = models.TextField("perché il valore è diverso", blank=True)

    class Meta:
        verbose_name = "conteggio"
        verbose_name_plural = "conteggi"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda", "sezione", "slug"],
                name="conteggio_sigla_unica_nella_scheda",
                violation_error_message="La scheda ha già un conteggio con questa sigla.",
            ),
            models.CheckConstraint(
                condition=Q(valore=None) | Q(valore__gte=0),
                name="conteggio_non_negativo",
                violation_error_message="Un conteggio non può essere negativo.",
            ),
            models.CheckConstraint(
                condition=Q(minimo=None) | Q(massimo=None) | Q(massimo__gte=F("minimo")),
                name="conteggio_estremi_in_ordine",
                violation_error_message="Il massimo non può essere minore del minimo.",
            ),
            models.CheckConstraint(
                condition=~Q(sezione="beneficiari")
                | Q(unita__in=["individui", "nuclei", "aziende", "enti"]),
                name="conteggio_unita_dei_beneficiari",
                violation_error_message=(
                    "I beneficiari si contano in individui, nuclei, aziende o enti."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parte_di=None) | Q(composizione_di=None),
                name="conteggio_parte_o_composizione",
                violation_error_message=(
                    "Un conteggio è parte di un altro o ne è la composizione, non entrambe le cose."
                ),
            ),
            models.CheckConstraint(
                condition=Q(parte_di=None) | ~Q(parte_di=F("id")),
                name="conteggio_non_parte_di_se_stesso",
                violation_error_message="Un conteggio non può essere parte di se stesso.",
            ),
        ]

    def __str__(self) -> str:
        return self.cosa


class Uscita(RigaDiScheda):
    """Chi ha lasciato (drop-out). La scheda che tace non ha righe, non uno zero."""

    slug = models.SlugField("sigla", max_length=80)
    cosa = models.CharField("che cosa", max_length=200)
    unita = models.CharField("unità", max_length=12, choices=Conteggio.Unita)
    valore = models.PositiveIntegerField("valore", null=True, blank=True)
    fase = models.CharField("fase", max_length=100, blank=True)
    motivo = models.TextField("motivo", blank=True)

    class Meta:
        verbose_name = "uscita"
        verbose_name_plural = "uscite"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda", "slug"],
                name="uscita_sigla_unica_nella_scheda",
                violation_error_message="La scheda ha già un'uscita con questa sigla.",
            )
        ]

    def __str__(self) -> str:
        return self.cosa


class Giudizio(RigaDiScheda):
    """Quanto è migliorato un indicatore: un voto, una parola, o la dichiarazione che non si può dire.

    Le parole non diventano voti se il rapporto non dichiara la scala che usa.
    """

    class Stato(models.TextChoices):
        ESPRESSO = "espresso", "espresso"
        NON_ESPRIMIBILE = "non-esprimibile", "non esprimibile"
        NON_PERTINENTE = "non-pertinente", "non pertinente"
        NON_PERVENUTO = "non-pervenuto", "non pervenuto"

    class Parola(models.TextChoices):
        SUFFICIENTE = "sufficiente", "sufficiente"
        ABBASTANZA = "sufficiente-abbastanza-positivo", "sufficiente, abbastanza positivo"
        BUONO = "buono", "buono"
        MOLTO_BUONO = "molto-buono", "molto buono"
        DECISO = "deciso", "deciso"
        SENSIBILE = "sensibile", "sensibile"

    indicatore = models.ForeignKey(Indicatore, on_delete=models.PROTECT, related_name="+")
    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, related_name="+")
    valore = models.PositiveSmallIntegerField("voto", null=True, blank=True)
    scala = models.PositiveSmallIntegerField("su", default=10)
    parola = models.CharField("giudizio", max_length=40, choices=Parola, blank=True)
    in_alcuni_casi = models.CharField("in alcuni casi", max_length=40, choices=Parola, blank=True)
    stato = models.CharField("stato", max_length=16, choices=Stato, default=Stato.NON_PERVENUTO)

    class Meta:
        verbose_name = "giudizio"
        verbose_name_plural = "giudizi"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda", "indicatore", "asse"],
                name="giudizio_uno_per_indicatore",
                violation_error_message="L'indicatore ha già un giudizio in questa scheda.",
            ),
            models.CheckConstraint(
                condition=Q(valore=None) | Q(valore__gte=1, valore__lte=F("scala")),
                name="giudizio_dentro_la_scala",
                violation_error_message="Il voto va da 1 al massimo della scala.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(stato="espresso") & (Q(valore__isnull=False) | ~Q(parola=""))
                    | ~Q(stato="espresso") & Q(valore=None, parola="", in_alcuni_casi="")
                ),
                name="giudizio_espresso_o_no",
                violation_error_message=(
                    "Un giudizio espresso ha un voto o una parola; uno non espresso non ne ha."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicatore}: {self.in_parole}"

    @property
    def in_parole(self) -> str:
        """Il giudizio come lo si legge: voto, parola, o lo stato che dice perché manca."""
        if self.valore is not None:
            return f"{self.valore} su {self.scala}"
        return self.get_parola_display() or self.get_stato_display()


class VoceTestuale(RigaDiScheda):
    """Una frase della scheda, in una sezione; `canale` solo per l'individuazione."""

    class Canale(models.TextChoices):
        SERVIZI_PUBBLICI = "servizi-pubblici", "servizi pubblici"
        ALTRI_ETS = "altri-ets", "altri enti del terzo settore"
        RETE_PROGETTO = "rete-progetto", "rete del progetto"
        RETE_TERRITORIALE = "rete-territoriale", "rete territoriale"
        PASSAPAROLA = "passaparola", "passaparola"
        CONTATTI_PROPRI = "contatti-propri", "contatti propri"
        SCOUTING = "scouting", "ricerca attiva"
        PROGETTO_COLLEGATO = "progetto-collegato", "progetto collegato"

    sezione = models.CharField("sezione", max_length=40)
    testo = models.TextField("testo")
    canale = models.CharField("canale", max_length=20, choices=Canale, blank=True)
    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, null=True, blank=True)
    gruppo = models.CharField("gruppo", max_length=100, blank=True)
    enti_nominati = ArrayField(models.SlugField(max_length=80), default=list, blank=True)
    tema = models.CharField("tema", max_length=100, blank=True)

    class Meta:
        verbose_name = "voce testuale"
        verbose_name_plural = "voci testuali"

    def __str__(self) -> str:
        return self.testo


class Misuratore(RigaDiScheda):
    """Uno dei tre indicatori finali: un voto, per asse o uno solo, o il perché del vuoto."""

    class Tipo(models.TextChoices):
        NUOVE_PRATICHE = "nuove_pratiche", "nuove pratiche"
        CAPACITY_BUILDING = "capacity_building", "crescita delle competenze"
        GAP = "gap_bisogni_soluzioni", "distanza fra bisogni e soluzioni"

    class Motivo(models.TextChoices):
        IMMAGINE_PERSA = "immagine-persa", "immagine persa nella fonte"
        ETICHETTA_ASSENTE = "etichetta-assente", "domanda assente nella scheda"
        SOLO_TESTO = "solo-testo", "detto solo a parole"

    tipo = models.CharField("misuratore", max_length=24, choices=Tipo)
    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, null=True, blank=True)
    valore = models.PositiveSmallIntegerField("valore", null=True, blank=True)
    scala = models.PositiveSmallIntegerField("su", default=10)
    testo = models.TextField("a parole", blank=True)
    motivo = models.CharField("perché manca", max_length=20, choices=Motivo, blank=True)
    incerto = models.BooleanField("attribuzione incerta", default=False)
    etichetta = models.BooleanField("la scheda pone la domanda", default=True)

    class Meta:
        verbose_name = "misuratore"
        verbose_name_plural = "misuratori"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda", "tipo", "asse"],
                nulls_distinct=False,
                name="misuratore_uno_per_asse",
                violation_error_message="Il misuratore ha già un valore per questo asse.",
            ),
            models.CheckConstraint(
                condition=Q(valore=None) | Q(valore__lte=F("scala")),
                name="misuratore_dentro_la_scala",
                violation_error_message="Il valore non può superare il massimo della scala.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_tipo_display()


class Legame(RigaDiScheda):
    """Un rapporto che la scheda dichiara: con chi c'era già, con chi è nato, con quali enti pubblici.

    Con `tutta_la_rete` il legame è con tutti gli enti del progetto; le righe `eccetto` dicono
    con chi no.
    """

    class Momento(models.TextChoices):
        PREESISTENTE = "preesistente", "già esistente"
        NUOVO = "nuovo", "nato nel progetto"
        PUBBLICO = "pubblico", "collaborazione con un ente pubblico"

    momento = models.CharField("momento", max_length=12, choices=Momento)
    verso = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tutta_la_rete = models.BooleanField("con tutta la rete", default=False)
    eccetto = models.BooleanField("escluso", default=False)
    formalizzato = models.BooleanField("formalizzato", default=False)

    class Meta:
        verbose_name = "legame"
        verbose_name_plural = "legami"
        constraints = [
            models.CheckConstraint(
                condition=Q(tutta_la_rete=True, verso=None)
                | Q(tutta_la_rete=False, verso__isnull=False),
                name="legame_con_qualcuno",
                violation_error_message="Un legame è con un ente, o con tutta la rete.",
            ),
            models.UniqueConstraint(
                fields=["ente", "scheda", "momento", "verso"],
                nulls_distinct=False,
                name="legame_una_volta",
                violation_error_message="Questo legame è già nella scheda.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_momento_display()}: {self.verso or 'tutta la rete'}"


class CollaborazionePubblica(RigaDiScheda):
    """Se la collaborazione con gli enti pubblici è stata attivata (vuoto: non detto)."""

    attivata = models.BooleanField("attivata", null=True, blank=True)

    class Meta:
        verbose_name = "collaborazione con enti pubblici"
        verbose_name_plural = "collaborazioni con enti pubblici"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda"],
                name="collaborazione_pubblica_una",
                violation_error_message="La scheda ha già la sezione sugli enti pubblici.",
            )
        ]

    def __str__(self) -> str:
        return {True: "attivata", False: "non attivata", None: "non detto"}[self.attivata]


class AttivitaDiScheda(RigaDiScheda):
    """Se l'attività, asse per asse, era ordinaria per l'ente o nuova (vuoto: non detto)."""

    class Tipo(models.TextChoices):
        ORDINARIA = "ordinaria", "ordinaria"
        PARZIALE = "parziale", "in parte già svolta"
        INNOVATIVA = "innovativa", "nuova"

    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, related_name="+")
    tipo = models.CharField("tipo", max_length=12, choices=Tipo, blank=True)
    elementi_innovativi = models.BooleanField("con elementi innovativi", null=True, blank=True)

    class Meta:
        verbose_name = "attività dell'ente"
        verbose_name_plural = "attività dell'ente"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda", "asse"],
                name="attivita_una_per_asse",
                violation_error_message="L'asse ha già la sua attività in questa scheda.",
            )
        ]

    def __str__(self) -> str:
        return self.get_tipo_display() or "non detto"


class Prosecuzione(RigaDiScheda):
    """Se serve continuare (vuoto: non detto); `secondo_asse` se lo afferma la pagina dell'asse."""

    asse = models.ForeignKey(Asse, on_delete=models.PROTECT, null=True, blank=True)
    necessaria = models.BooleanField("necessaria", null=True, blank=True)
    etichetta = models.BooleanField("la scheda pone la domanda", default=True)
    secondo_asse = models.BooleanField("secondo la pagina dell'asse", null=True, blank=True)

    class Meta:
        verbose_name = "prosecuzione"
        verbose_name_plural = "prosecuzioni"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "scheda", "asse"],
                nulls_distinct=False,
                name="prosecuzione_una_per_asse",
                violation_error_message="La prosecuzione è già detta per questo asse.",
            )
        ]

    def __str__(self) -> str:
        return {True: "necessaria", False: "non necessaria", None: "non detto"}[self.necessaria]
