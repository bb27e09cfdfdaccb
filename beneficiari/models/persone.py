"""Chi è la persona aiutata: anagrafica, recapiti, identificativi. Un gruppo di dati per tabella."""

import uuid
from functools import cached_property
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from enti.models import Ente, Utente
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet
from registro.comune.cifratura import cifra, decifra, indice_cieco, legame
from registro.comune.ricerca import forma_normale
from registro.comune.storia import con_storia


class BeneficiarioQuerySet(PersoneQuerySet):
    def di(self, ente: Ente) -> Self:
        """Le righe di un ente. La policy lo garantisce, questo predicato lo rende veloce."""
        return self.filter(ente=ente)

    def con_le_assorbite(self, persona: "Beneficiario") -> Self:
        """La riga di una persona e quelle che un'unione le ha dato."""
        return self.filter(Q(pk=persona.pk) | Q(unito_a=persona), ente=persona.ente_id)

    def presenti(self) -> Self:
        """Senza le righe assorbite da un'unione."""
        return self.filter(unito_a=None)

    def per_nome(self) -> Self:
        return self.order_by("nome_cercato", "pk")

    def che_si_chiamano(self, testo: str) -> Self:
        """Chi ha, all'inizio di cognome o nome, ogni parola di `testo`.

        `^@` è il solo confronto di testo che sotto le policy usa un indice.
        """
        trovati = self
        for parola in forma_normale(testo).split():
            trovati = trovati.filter(
                Q(nome_cercato__startswith=parola) | Q(nome_cercato__contains=f" {parola}")
            )
        return trovati


@con_storia
class Beneficiario(DatoDiPersona):
    """Una persona aiutata, come la conosce un ente: la riga è di un ente solo.

    Due enti che conoscono la stessa persona hanno due righe; niente si copia. Chi accede in
    anonimo (art. 120 DPR 309/1990) ha solo un codice, e il database vieta tutto il resto.
    """

    gruppo = Gruppo.ANAGRAFICA
    colonna_persona = "id"

    class Genere(models.TextChoices):
        DONNA = "F", "donna"
        UOMO = "M", "uomo"
        NON_BINARIO = "X", "non binario"
        NON_DICHIARA = "N", "non dichiara"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="beneficiari")
    cognome = models.CharField("cognome", max_length=100, blank=True)
    nome = models.CharField("nome", max_length=100, blank=True)
    nome_scelto = models.CharField(
        "nome con cui vuole essere chiamata", max_length=100, blank=True
    )
    nome_cercato = models.CharField(max_length=310, editable=False, blank=True)
    data_nascita = models.DateField("data di nascita", null=True, blank=True)
    nascita_stimata = models.BooleanField("data di nascita stimata", default=False)
    genere = models.CharField("genere", max_length=1, choices=Genere, blank=True)
    cittadinanze = ArrayField(
        models.CharField(max_length=2), verbose_name="cittadinanze", default=list, blank=True
    )
    lingue = ArrayField(
        models.CharField(max_length=40), verbose_name="lingue", default=list, blank=True
    )
    comune = models.CharField("comune dove vive", max_length=100, blank=True)
    anonimo = models.BooleanField("accesso anonimo", default=False)
    codice_anonimo = models.CharField("codice dato alla persona", max_length=20, blank=True)
    unito_a = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="assorbite"
    )
    inserito_il = models.DateTimeField("inserita il", default=timezone.now, editable=False)
    inserito_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    versione = models.PositiveIntegerField(default=1, editable=False)

    objects = BeneficiarioQuerySet.as_manager()

    class Meta:
        verbose_name = "beneficiario"
        verbose_name_plural = "beneficiari"
        indexes = [
            models.Index(fields=["ente", "nome_cercato"], name="beneficiario_per_nome"),
            # Con la chiave dentro, contare le persone di un ente non legge le righe.
            models.Index(
                fields=["ente"],
                include=["id"],
                condition=Q(unito_a=None),
                name="beneficiario_presenti",
            ),
            # L'ordine in cui l'elenco si apre: una pagina si legge senza guardare tutto l'ente.
            models.Index(
                fields=["ente", "anonimo", "nome_cercato", "codice_anonimo", "id"],
                condition=Q(unito_a=None),
                name="beneficiario_in_elenco",
            ),
            # I comuni fra cui si filtra.
            models.Index(
                fields=["ente", "comune"], include=["id"], name="beneficiario_per_comune"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(anonimo=False, codice_anonimo="")
                | (
                    Q(anonimo=True, cognome="", nome="", nome_scelto="", nome_cercato="")
                    & Q(data_nascita=None, comune="", cittadinanze=[])
                    & ~Q(codice_anonimo="")
                ),
                name="beneficiario_anonimo_senza_identita",
                violation_error_message=(
                    "Chi accede in anonimo ha solo il codice: niente nome, data di nascita, comune"
                    " o cittadinanza (art. 120 DPR 309/1990)."
                ),
            ),
            models.CheckConstraint(
                condition=Q(anonimo=True) | ~Q(cognome="") | ~Q(nome="") | ~Q(nome_scelto=""),
                name="beneficiario_con_un_nome",
                violation_error_message="Scrivi almeno il cognome, il nome o il nome scelto.",
            ),
            models.UniqueConstraint(
                fields=["ente", "codice_anonimo"],
                condition=Q(anonimo=True),
                name="beneficiario_codice_anonimo_una_volta",
                violation_error_message="Questo codice è già stato dato a un'altra persona.",
            ),
            models.CheckConstraint(
                condition=Q(data_nascita=None) | Q(data_nascita__year__gte=1900),
                name="beneficiario_nascita_possibile",
                violation_error_message="La data di nascita è precedente al 1900: ricontrollala.",
            ),
            models.CheckConstraint(
                condition=Q(nascita_stimata=False) | Q(data_nascita__isnull=False),
                name="beneficiario_stima_di_una_data",
                violation_error_message="Per dire che la data è stimata, scrivi la data.",
            ),
            models.CheckConstraint(
                condition=Q(unito_a=None) | ~Q(unito_a=F("id")),
                name="beneficiario_non_unito_a_se",
                violation_error_message="Una persona non si unisce a se stessa.",
            ),
        ]

    def __str__(self) -> str:
        return self.come_si_chiama

    def save(self, *args, **kwargs) -> None:
        self.nome_cercato = forma_normale(f"{self.cognome} {self.nome} {self.nome_scelto}")
        super().save(*args, **kwargs)

    @cached_property
    def chiavi(self) -> list[int]:
        """Le chiavi con cui cercare ciò che è di questa persona: la sua e quelle assorbite.

        Si leggono una volta: chi unisce o separa le dimentica.
        """
        tutte = Beneficiario.objects.con_le_assorbite(self).per_calcolo()
        return list(tutte.values_list("pk", flat=True))

    @property
    def come_si_chiama(self) -> str:
        """Il nome da mostrare: quello scelto prima di quello dei documenti; il codice, se anonima."""
        if self.anonimo:
            return f"anonimo {self.codice_anonimo}"
        return f"{self.cognome} {self.nome_scelto or self.nome}".strip()


class RecapitoQuerySet(PersoneQuerySet):
    def non_riservati(self) -> Self:
        return self.filter(riservato=False)


@con_storia
class Recapito(DatoDiPersona):
    """Un telefono, una posta elettronica o un indirizzo.

    Un indirizzo riservato (una casa rifugio) lo vedono solo le due persone che lo custodiscono, e
    non esce in nessuna esportazione, documento o invio.
    """

    gruppo = Gruppo.CONTATTI

    class Tipo(models.TextChoices):
        TELEFONO = "telefono", "telefono"
        POSTA = "posta", "posta elettronica"
        INDIRIZZO = "indirizzo", "indirizzo"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="recapiti"
    )
    tipo = models.CharField("tipo", max_length=10, choices=Tipo)
    valore = models.CharField("recapito", max_length=200)
    tipo_residenza = models.CharField("tipo di residenza", max_length=10, blank=True)
    avvertenza = models.CharField("quando e come usarlo", max_length=200, blank=True)
    riservato = models.BooleanField("riservato", default=False)
    custode = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    altro_custode = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RecapitoQuerySet.as_manager()

    class Meta:
        verbose_name = "recapito"
        verbose_name_plural = "recapiti"
        constraints = [
            models.CheckConstraint(
                condition=Q(riservato=False, custode=None, altro_custode=None)
                | Q(riservato=True, custode__isnull=False),
                name="recapito_riservato_ha_un_custode",
                violation_error_message="Di un recapito riservato si dice chi lo può vedere.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_tipo_display()


@con_storia
class Identificativo(DatoDiPersona):
    """Un codice che identifica la persona, cifrato; oppure il motivo per cui non ne ha.

    Si cerca con l'indice cieco della forma normale, diverso da ente a ente: confrontare due enti
    non dice niente. `indice_esatto` è quello del codice com'è scritto: due persone possono avere
    codici che differiscono solo per omocodia (D.M. 23 dicembre 1976), e non sono la stessa.
    """

    gruppo = Gruppo.IDENTIFICATIVI
    colonna_cifrata = "valore_cifrato"

    class Tipo(models.TextChoices):
        CF = "cf", "codice fiscale"
        CF_PROVVISORIO = "cf-provvisorio", "codice fiscale provvisorio"
        STP = "stp", "codice STP"
        ENI = "eni", "codice ENI"
        NESSUNO = "nessuno", "nessun codice"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, related_name="identificativi"
    )
    tipo = models.CharField("tipo", max_length=15, choices=Tipo)
    valore_cifrato = models.BinaryField(null=True, editable=False)
    indice = models.BinaryField(null=True, editable=False)
    indice_esatto = models.BinaryField(null=True, editable=False)
    motivo_assenza = models.CharField("perché non ha un codice", max_length=15, blank=True)
    dal = models.DateField("dal", null=True, blank=True)
    al = models.DateField("al", null=True, blank=True)

    class Meta:
        verbose_name = "identificativo"
        verbose_name_plural = "identificativi"
        indexes = [models.Index(fields=["ente", "indice"], name="identificativo_per_indice")]
        constraints = [
            models.CheckConstraint(
                condition=Q(tipo="nessuno", valore_cifrato=None, indice=None, indice_esatto=None)
                & ~Q(motivo_assenza="")
                | ~Q(tipo="nessuno")
                & Q(valore_cifrato__isnull=False, indice__isnull=False, motivo_assenza="")
                & Q(indice_esatto__isnull=False),
                name="identificativo_codice_o_motivo",
                violation_error_message="Scrivi il codice, oppure il motivo per cui manca.",
            ),
            models.UniqueConstraint(
                fields=["ente", "tipo", "indice_esatto"],
                condition=Q(al=None),
                name="identificativo_di_una_persona_sola",
                violation_error_message="Questo codice è già di un'altra persona del tuo ente.",
            ),
            models.CheckConstraint(
                condition=Q(dal=None) | Q(al=None) | Q(al__gte=F("dal")),
                name="identificativo_date_in_ordine",
                violation_error_message="La fine non può precedere l'inizio.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_tipo_display()

    def scrivi_valore(self, valore: str, *, normale: str) -> None:
        """Cifra il codice come è stato dato; ne calcola gli indici, normale ed esatto."""
        self.valore_cifrato = cifra(valore, legame=self._legame)
        self.indice = self.indice_di(self.tipo, ente=self.ente_id, normale=normale)
        self.indice_esatto = self.indice_di(self.tipo, ente=self.ente_id, normale=valore)

    @property
    def valore(self) -> str:
        """Il codice in chiaro; vuoto se non c'è. Solleva DatoCifratoAlterato se non torna."""
        if self.valore_cifrato is None:
            return ""
        return decifra(bytes(self.valore_cifrato), legame=self._legame)

    def ricifra(self) -> None:
        """Richiude il codice con la chiave corrente; l'indice non cambia. Solleva
        DatoCifratoAlterato se non si apre."""
        self.valore_cifrato = cifra(self.valore, legame=self._legame)

    @property
    def _legame(self) -> str:
        return legame("beneficiari_identificativo.valore", ente=self.ente_id, riga=self.uuid)

    @staticmethod
    def indice_di(tipo: str, *, ente: int, normale: str) -> bytes:
        """L'indice cieco di un codice in un ente."""
        return indice_cieco(f"identificativo.{tipo}", ente=ente, normale=normale)
