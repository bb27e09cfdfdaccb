"""Ciò che una persona chiede dei propri dati (artt. 15-21 GDPR) e ciò che ne segue."""

from datetime import date, timedelta
from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from beneficiari.models.persone import Beneficiario
from enti.models import Ente, Utente
from privacy.gruppi import FINALITA_CONDIVISE, Finalita, Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet


# Art. 12.3: si risponde entro un mese, che si può portare a tre dicendo perché.
GIORNI_PER_RISPONDERE = timedelta(days=30)
GIORNI_DI_PROROGA = timedelta(days=60)
# Quanto prima della scadenza si comincia ad avvisare.
PREAVVISO = timedelta(days=15)


class RichiestaInteressatoQuerySet(PersoneQuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def della_persona(self, persona: Beneficiario) -> Self:
        """Le sue, e quelle delle righe che un'unione le ha dato."""
        return self.filter(beneficiario__in=persona.chiavi, ente=persona.ente_id)

    def aperte(self) -> Self:
        return self.filter(stato=RichiestaInteressato.Stato.APERTA)

    def sui_propri_dati(self) -> Self:
        """Quelle a cui risponde l'ente: non le raccolte per un altro, né di chi è stato cancellato."""
        return self.filter(beneficiario__isnull=False)

    def in_scadenza(self, giorno: date | None = None) -> Self:
        """Le aperte che scadono entro quindici giorni, non ancora scadute."""
        giorno = giorno or timezone.localdate()
        return self.aperte().filter(scade_il__gte=giorno, scade_il__lte=giorno + PREAVVISO)

    def scadute(self, giorno: date | None = None) -> Self:
        """Le aperte che dovevano già avere risposta."""
        return self.aperte().filter(scade_il__lt=giorno or timezone.localdate())

    def per_elenco(self) -> Self:
        """Con la persona e chi ha risposto; le aperte prima, per scadenza."""
        return self.select_related("beneficiario", "aperta_da", "risposta_da").order_by(
            models.Case(models.When(stato="aperta", then=0), default=1),
            "scade_il",
            "pk",
        )


class RichiestaInteressato(DatoDiPersona):
    """Una richiesta della persona, rivolta all'ente che ne tiene i dati.

    Chi la raccoglie può essere un altro ente: `arrivata` dice che l'ha portata la rete, senza dire
    chi; `pratica` è uguale per tutte quelle nate dallo stesso foglio. Senza `beneficiario` è una
    richiesta raccolta su una persona che un altro ente condivide (`condivisione`), oppure la
    persona è stata cancellata e ne resta la prova. Chiusa, non cambia più.
    """

    gruppo = Gruppo.ANAGRAFICA

    class Tipo(models.TextChoices):
        ACCESSO = "accesso", "accesso ai propri dati"
        PORTABILITA = "portabilita", "copia da portare altrove"
        RETTIFICA = "rettifica", "correzione"
        LIMITAZIONE = "limitazione", "limitazione"
        OPPOSIZIONE = "opposizione", "opposizione"
        CANCELLAZIONE = "cancellazione", "cancellazione"

    class Stato(models.TextChoices):
        APERTA = "aperta", "aperta"
        ACCOLTA = "accolta", "accolta"
        RIFIUTATA = "rifiutata", "rifiutata"
        RITIRATA = "ritirata", "ritirata"

    class Canale(models.TextChoices):
        A_VOCE = "voce", "a voce"
        PER_SCRITTO = "scritto", "con un foglio"
        POSTA = "posta", "per posta o posta elettronica"

    class Identita(models.TextChoices):
        DOCUMENTO = "documento", "ho visto un documento"
        CONOSCIUTA = "conosciuta", "la conosciamo di persona"
        CODICE = "codice", "ha detto il codice del suo accesso anonimo"
        NON_CERTA = "non-certa", "non è ancora certa: servono altre informazioni"

    class Presenta(models.TextChoices):
        PERSONA = "persona", "la persona"
        RAPPRESENTANTE = "altri", "chi la rappresenta"

    class Campo(models.TextChoices):
        COGNOME = "cognome", "cognome"
        NOME = "nome", "nome"
        NOME_SCELTO = "nome_scelto", "nome con cui vuole essere chiamata"
        DATA_NASCITA = "data_nascita", "data di nascita"
        COMUNE = "comune", "comune dove vive"
        ALTRO = "altro", "altro"

    class Rifiuto(models.TextChoices):
        IDENTITA = "identita", "non si è potuto accertare chi chiede (art. 12.6)"
        ECCESSIVA = "eccessiva", "è manifestamente infondata o ripetuta (art. 12.5)"
        LEGGE = "legge", "una legge obbliga a tenere o a usare i dati (art. 17.3)"
        DIRITTI = "diritti", "servono per un diritto in tribunale (artt. 17.3, 21.1)"
        ESATTI = "esatti", "i dati sono già esatti (art. 16)"
        MOTIVI = "motivi", "motivi legittimi prevalgono (art. 21.1)"
        ALTRI = "altri", "tocca i diritti di altre persone (art. 15.4)"

    # I tipi che cambiano ciò che gli altri enti hanno ricevuto (art. 19).
    TIPI_CON_AVVISO = (Tipo.RETTIFICA, Tipo.LIMITAZIONE, Tipo.CANCELLAZIONE)

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    pratica = models.UUIDField("pratica", default=uuid4, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="richieste"
    )
    condivisione = models.UUIDField("condivisione ricevuta", null=True, blank=True)
    tipo = models.CharField("che cosa chiede", max_length=15, choices=Tipo)
    stato = models.CharField("stato", max_length=10, choices=Stato, default=Stato.APERTA)
    chiesta_il = models.DateField("chiesta il", default=timezone.localdate)
    canale = models.CharField("come", max_length=10, choices=Canale)
    presentata_da = models.CharField(
        "chi la presenta", max_length=10, choices=Presenta, default=Presenta.PERSONA
    )
    nome_rappresentante = models.CharField("chi la rappresenta", max_length=150, blank=True)
    identita = models.CharField("come si sa chi è", max_length=12, choices=Identita)
    nota_identita = models.CharField("nota sull'identità", max_length=200, blank=True)
    che_cosa = models.TextField("che cosa chiede, con le sue parole", max_length=2000, blank=True)
    campo = models.CharField("dato da correggere", max_length=15, choices=Campo, blank=True)
    valore_proposto = models.CharField("come va scritto", max_length=200, blank=True)
    finalita = models.CharField(
        "uso a cui si oppone",
        max_length=20,
        choices=[(voce.value, voce.label) for voce in FINALITA_CONDIVISE],
        blank=True,
    )
    presso_tutti = models.BooleanField("a tutti gli enti che trattano i suoi dati", default=True)
    arrivata = models.BooleanField("arrivata da un altro ente", default=False, editable=False)
    aperta_il = models.DateTimeField("raccolta il", db_default=Now())
    aperta_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    scade_il = models.DateField("rispondere entro il")
    prorogata_il = models.DateField("prorogata il", null=True, blank=True)
    motivo_proroga = models.CharField("perché serve altro tempo", max_length=300, blank=True)
    motivo_rifiuto = models.CharField(
        "perché si rifiuta", max_length=12, choices=Rifiuto, blank=True
    )
    risposta = models.TextField("risposta", max_length=3000, blank=True)
    risposta_il = models.DateTimeField("risposta il", null=True, blank=True)
    risposta_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    avviso_scadenza_il = models.DateField("avvisati della scadenza il", null=True, blank=True)
    avviso_ritardo_il = models.DateField("avvisati del ritardo il", null=True, blank=True)

    objects = RichiestaInteressatoQuerySet.as_manager()

    class Meta:
        verbose_name = "richiesta dell'interessato"
        verbose_name_plural = "richieste degli interessati"
        indexes = [
            models.Index(
                fields=["ente", "scade_il"],
                condition=Q(stato="aperta"),
                name="richieste_aperte",
            ),
        ]
        constraints = [
            # Solo fra le proprie: di una raccolta da altri direbbe a chi non la può leggere che c'è.
            models.UniqueConstraint(
                fields=["ente", "beneficiario", "tipo", "campo", "finalita", "aperta_da"],
                condition=Q(stato="aperta", arrivata=False, beneficiario__isnull=False),
                name="richiesta_uguale_una_alla_volta",
                violation_error_message="Hai già raccolto una richiesta uguale, ancora aperta.",
            ),
            models.UniqueConstraint(
                fields=["ente", "pratica", "beneficiario"],
                name="richiesta_una_per_pratica",
                violation_error_message="Questa richiesta è già arrivata.",
            ),
            models.CheckConstraint(
                condition=~Q(tipo="rettifica")
                | ~Q(campo="") & ~Q(che_cosa="", valore_proposto=""),
                name="richiesta_di_rettifica_dice_che_cosa",
                violation_error_message="Di' quale dato va corretto, e come.",
            ),
            models.CheckConstraint(
                condition=~Q(tipo="opposizione") | ~Q(finalita=""),
                name="richiesta_di_opposizione_dice_a_che_cosa",
                violation_error_message="Di' a quale uso dei dati si oppone.",
            ),
            models.CheckConstraint(
                condition=Q(presentata_da="persona") | ~Q(nome_rappresentante=""),
                name="richiesta_di_altri_col_nome",
                violation_error_message="Scrivi chi presenta la richiesta al posto della persona.",
            ),
            models.CheckConstraint(
                condition=Q(scade_il__gte=F("chiesta_il")),
                name="richiesta_date_in_ordine",
                violation_error_message="La scadenza non può precedere la richiesta.",
            ),
            models.CheckConstraint(
                condition=Q(prorogata_il=None, motivo_proroga="")
                | Q(prorogata_il__isnull=False) & ~Q(motivo_proroga=""),
                name="richiesta_prorogata_con_motivo",
                violation_error_message="Chi prende altro tempo dice perché (art. 12.3).",
            ),
            models.CheckConstraint(
                condition=Q(stato="aperta", risposta_il=None, motivo_rifiuto="")
                | Q(stato="accolta", risposta_il__isnull=False, motivo_rifiuto="")
                | Q(stato="ritirata", risposta_il__isnull=False, motivo_rifiuto="")
                | Q(stato="rifiutata", risposta_il__isnull=False)
                & ~Q(motivo_rifiuto="")
                & ~Q(risposta=""),
                name="richiesta_chiusa_con_risposta",
                violation_error_message="Chi rifiuta una richiesta dice perché (art. 12.4).",
            ),
        ]

    def __str__(self) -> str:
        return f"richiesta {self.pk}"

    def save(self, *args, **kwargs) -> None:
        if self._state.adding and self.scade_il is None:
            self.scade_il = self.chiesta_il + GIORNI_PER_RISPONDERE
        super().save(*args, **kwargs)

    @property
    def aperta(self) -> bool:
        return self.stato == self.Stato.APERTA

    @property
    def giorni_rimasti(self) -> int:
        """Quanti giorni restano per rispondere; negativo se la scadenza è passata."""
        return (self.scade_il - timezone.localdate()).days

    @property
    def scaduta(self) -> bool:
        return self.aperta and self.giorni_rimasti < 0

    @property
    def sta_per_scadere(self) -> bool:
        return self.aperta and 0 <= self.giorni_rimasti <= PREAVVISO.days

    @property
    def avvisa_i_destinatari(self) -> bool:
        """Se, accolta, va detta a ogni ente che ha ricevuto i dati (art. 19)."""
        return self.tipo in self.TIPI_CON_AVVISO


class LimitazioneQuerySet(PersoneQuerySet):
    def in_corso(self) -> Self:
        return self.filter(tolta_il=None)

    def della_persona(self, persona: Beneficiario) -> Self:
        return self.filter(beneficiario__in=persona.chiavi, ente=persona.ente_id)

    def persone(self) -> models.QuerySet:
        """Le chiavi delle persone e delle righe unite a loro, per un'altra interrogazione."""
        righe = self.values("beneficiario")
        return Beneficiario.objects.filter(Q(pk__in=righe) | Q(unito_a__in=righe)).values("pk")


class Limitazione(DatoDiPersona):
    """I dati di una persona si vedono ma non si usano (art. 18): finché dura il database non ne
    accetta di nuovi, non li cambia e non li mostra agli altri enti."""

    gruppo = Gruppo.ANAGRAFICA

    class Motivo(models.TextChoices):
        ESATTEZZA = "esattezza", "dice che i dati sono sbagliati, e li stiamo controllando"
        ILLECITO = "illecito", "l'uso non era lecito e non vuole che si cancellino"
        SERVONO = "servono", "a noi non servono più, a lei sì, per un diritto in tribunale"
        OPPOSIZIONE = "opposizione", "si è opposta, e stiamo decidendo"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="limitazioni"
    )
    richiesta = models.ForeignKey(
        RichiestaInteressato, on_delete=models.PROTECT, related_name="limitazioni"
    )
    motivo = models.CharField("perché", max_length=12, choices=Motivo)
    dal = models.DateTimeField("dal", db_default=Now())
    decisa_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    tolta_il = models.DateTimeField("tolta il", null=True, blank=True)
    tolta_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    perche_tolta = models.CharField("perché si toglie", max_length=300, blank=True)
    avvisata_il = models.DateField("detto alla persona il", null=True, blank=True)

    objects = LimitazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "limitazione"
        verbose_name_plural = "limitazioni"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "beneficiario"],
                condition=Q(tolta_il=None),
                name="limitazione_una_alla_volta",
                violation_error_message="I dati di questa persona sono già limitati.",
            ),
            models.CheckConstraint(
                condition=Q(tolta_il=None, perche_tolta="", avvisata_il=None)
                | Q(tolta_il__isnull=False, avvisata_il__isnull=False) & ~Q(perche_tolta=""),
                name="limitazione_tolta_dicendolo",
                violation_error_message=(
                    "Prima di togliere la limitazione lo si dice alla persona (art. 18.3): scrivi"
                    " quando e perché."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"limitazione {self.pk}"


class AvvisoAlDestinatarioQuerySet(models.QuerySet):
    def ricevuti_da(self, ente: Ente) -> Self:
        return self.filter(destinatario=ente)

    def da_leggere(self) -> Self:
        return self.filter(letto_il=None)

    def per_elenco(self) -> Self:
        return self.select_related("ente", "destinatario", "letto_da").order_by(
            F("letto_il").desc(nulls_first=True), "-creato_il", "-pk"
        )


class AvvisoAlDestinatario(models.Model):
    """A un ente che ha ricevuto i dati si dice che sono stati corretti, limitati o cancellati.

    Porta la condivisione da cui li ha avuti, mai un valore né un nome: chi non li vede più non li
    rivede per questa strada. Di chi li ha letti solo in emergenza c'è un numero che non apre niente,
    e il giorno. Uno per richiesta, gesto e destinatario (art. 19).
    """

    class Gesto(models.TextChoices):
        RETTIFICA = "rettifica", "un dato è stato corretto"
        LIMITAZIONE = "limitazione", "i dati sono stati limitati"
        FINE = "fine", "i dati non sono più limitati"
        CANCELLAZIONE = "cancellazione", "i dati sono stati cancellati"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    richiesta = models.ForeignKey(
        RichiestaInteressato, on_delete=models.PROTECT, related_name="avvisi"
    )
    destinatario = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    gesto = models.CharField("che cosa è successo", max_length=15, choices=Gesto)
    dato = models.CharField("quale dato", max_length=100, blank=True)
    condivisione = models.UUIDField("condivisione")
    finalita = models.CharField(
        "finalità",
        max_length=20,
        choices=[(voce.value, voce.label) for voce in (*FINALITA_CONDIVISE, Finalita.EMERGENZA)],
    )
    condivisa_dal = models.DateField("condivisa dal")
    creato_il = models.DateTimeField("mandato il", db_default=Now())
    letto_il = models.DateTimeField("letto il", null=True, blank=True)
    letto_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = AvvisoAlDestinatarioQuerySet.as_manager()

    class Meta:
        verbose_name = "avviso a chi ha ricevuto i dati"
        verbose_name_plural = "avvisi a chi ha ricevuto i dati"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "richiesta", "destinatario", "gesto"],
                name="avviso_una_volta_sola",
                violation_error_message="A questo ente l'avviso è già stato mandato.",
            ),
            models.CheckConstraint(
                condition=~Q(destinatario=F("ente")),
                name="avviso_a_un_altro",
                violation_error_message="Si avvisa un altro ente.",
            ),
        ]

    def __str__(self) -> str:
        return f"avviso {self.pk}"
