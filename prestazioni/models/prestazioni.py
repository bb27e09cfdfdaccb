"""La prestazione: che cosa si è fatto, quando, per chi; una riga sola da cui esce tutto il resto."""

import uuid
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce, Now

from assi.models import Azione, Servizio, VoceNomenclatura
from beneficiari.models import Beneficiario, PresaInCarico
from enti.models import Ente, Utente
from prestazioni.models.gruppi import GruppoPresenze
from prestazioni.models.importazioni import Importazione
from privacy.gruppi import Gruppo
from privacy.letture import DatoDiPersona, PersoneQuerySet
from registro.comune.cifratura import cifra, decifra, legame
from registro.comune.storia import con_storia, con_storia_dopo_la_nascita


# Una prestazione dura al più un giorno: oltre è un errore di battitura.
MINUTI_AL_GIORNO = 24 * 60
# Prima di questo giorno nessun foglio della rete comincia: una data più vecchia è un errore.
PRIMO_GIORNO = date(2000, 1, 1)
# Le colonne che bastano a dire una riga in breve.
IN_BREVE = (
    *("uuid", "ente", "azione", "operatore", "registrata_da", "registrata_il", "giorno"),
    *("minuti", "modo", "quantita", "senza_nome"),
    *("servizio__nome", "servizio__voce__unita__nome"),
)


class Modo(models.TextChoices):
    PRESENZA = "presenza", "in presenza"
    DOMICILIO = "domicilio", "a domicilio"
    TELEFONO = "telefono", "al telefono"
    ONLINE = "online", "online"


class PrestazioneQuerySet(models.QuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def di_chi_opera(self, utente: Utente) -> Self:
        """Quelle fatte da `utente`, da solo o insieme ad altri."""
        affianca = Affiancamento.objects.filter(utente=utente)
        # Chi non affianca nessuno (i più) si legge sul suo indice: con la scelta fra due condizioni
        # si leggeva tutto l'ente.
        if not affianca.exists():
            return self.filter(operatore=utente)
        # Un elenco solo, letto una volta: una sonda per riga costava mezzo secondo in un ente grande.
        return self.filter(Q(operatore=utente) | Q(pk__in=affianca.values("prestazione")))

    def con_qualcuno_di(self, persone: Collection[int]) -> Self:
        """Quelle a cui c'era almeno una delle `persone` (chiavi di Beneficiario)."""
        sue = Partecipazione.objects.filter(
            prestazione=OuterRef("pk"), ente=OuterRef("ente"), beneficiario__in=persone
        )
        return self.filter(Exists(sue.per_calcolo()))

    def con_i_minuti_di(self, persone: Collection[int]) -> Self:
        """Con `suoi_minuti`: quanto è rimasto chi di `persone` c'era, None se non è detto."""
        suoi = Partecipazione.objects.filter(
            prestazione=OuterRef("pk"), ente=OuterRef("ente"), beneficiario__in=persone
        )
        # Fra due sue righe, vuoti valgono quanto la prestazione: più di ogni parte.
        suoi = suoi.annotate(quanti=Coalesce(F("minuti"), OuterRef("minuti")))
        suoi = suoi.order_by(F("quanti").desc(nulls_last=True)).values("quanti").per_calcolo()
        return self.annotate(suoi_minuti=Coalesce(Subquery(suoi[:1]), F("minuti")))

    def con_le_presenze_di(self, persone: Collection[int]) -> Self:
        """Con `sue`: le sole partecipazioni di `persone`. Leggerle lascia traccia, di loro sole."""
        sue = Partecipazione.objects.filter(beneficiario__in=persone)
        return self.prefetch_related(Prefetch("partecipazioni", sue, to_attr="sue"))

    def fra(self, dal: date, al: date) -> Self:
        """Quelle dei giorni da `dal` ad `al`, estremi compresi."""
        return self.filter(giorno__gte=dal, giorno__lte=al)

    def per_elenco(self) -> Self:
        """Con servizio, azione e operatore; le persone si leggono con `con_chi()`."""
        return self.select_related("servizio__voce__unita", "azione__asse", "operatore")

    def in_breve(self) -> Self:
        """Ciò che di una riga dice chi l'ha fatta: che cosa, quando, quanto e come."""
        return self.select_related("servizio__voce__unita").only(*IN_BREVE)

    def in_tabella(self) -> Self:
        """Ciò che di una riga mostra un elenco: come `in_breve()`, e l'azione, chi e l'oggetto."""
        return self.select_related("servizio__voce__unita", "azione", "operatore").only(
            *(*IN_BREVE, "oggetto", "gruppo"),
            *("azione__titolo", "operatore__cognome", "operatore__nome"),
        )

    def con_chi(self) -> Self:
        """Con le persone che c'erano: leggerle lascia traccia."""
        presenti = Partecipazione.objects.select_related("beneficiario", "presa")
        return self.prefetch_related(Prefetch("partecipazioni", presenti))

    def dalle_ultime(self) -> Self:
        return self.order_by("-giorno", "-pk")


@con_storia_dopo_la_nascita
class Prestazione(models.Model):
    """Un servizio reso in un giorno da un operatore, a una o più persone o a persone senza nome.

    `uuid` lo fa chi scrive: la stessa richiesta mandata due volte è una riga sola. `minuti` vuoto
    vuol dire che la durata non è detta, e non entra nelle ore. `quantita` è nell'unità della voce
    del servizio; `valore` è in euro, per ciò che si scambia senza denaro. `oggetto` è il titolo di
    un incontro e non contiene nomi: gli appunti sulle persone sono `NotaDiPrestazione`.
    """

    class Origine(models.TextChoices):
        WEB = "web", "dalla pagina"
        OFFLINE = "offline", "senza rete"
        IMPORTAZIONE = "importazione", "da un foglio"
        API = "api", "da un altro programma"

    uuid = models.UUIDField(default=uuid.uuid4, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="prestazioni")
    servizio = models.ForeignKey(Servizio, on_delete=models.PROTECT, related_name="prestazioni")
    azione = models.ForeignKey(Azione, on_delete=models.PROTECT, related_name="+")
    operatore = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    giorno = models.DateField("giorno")
    ora = models.TimeField("ora", null=True, blank=True)
    minuti = models.PositiveSmallIntegerField("minuti", null=True, blank=True)
    modo = models.CharField("modo", max_length=10, choices=Modo, default=Modo.PRESENZA)
    luogo = models.CharField("luogo", max_length=100, blank=True)
    quantita = models.DecimalField(
        "quantità", max_digits=10, decimal_places=2, null=True, blank=True
    )
    valore = models.DecimalField(
        "valore non monetario", max_digits=10, decimal_places=2, null=True, blank=True
    )
    senza_nome = models.PositiveSmallIntegerField("persone senza nome", null=True, blank=True)
    oggetto = models.CharField("oggetto", max_length=200, blank=True)
    gruppo = models.ForeignKey(
        GruppoPresenze, on_delete=models.PROTECT, null=True, blank=True, related_name="incontri"
    )
    origine = models.CharField("origine", max_length=12, choices=Origine, default=Origine.WEB)
    importazione = models.ForeignKey(
        Importazione, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    registrata_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    registrata_il = models.DateTimeField("registrata il", db_default=Now())
    versione = models.PositiveIntegerField(default=1, editable=False)

    # Ciò che, di una prestazione, entra nella copia dei dati di chi c'era.
    campi_in_copia = ("ora", "minuti", "modo", "luogo", "quantita")

    objects = PrestazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "prestazione"
        verbose_name_plural = "prestazioni"
        indexes = [
            # I primi due, con ciò che l'elenco somma: di moltissime righe si legge il solo indice.
            models.Index(
                fields=["ente", "-giorno", "-id"],
                include=["minuti", "senza_nome"],
                name="prestazione_per_giorno",
            ),
            models.Index(
                fields=["operatore", "ente", "-giorno"],
                include=["minuti", "senza_nome"],
                name="prestazione_per_operatore",
            ),
            # Le ultime che qualcuno ha scritto, per ripartire da lì.
            models.Index(fields=["operatore", "ente", "-id"], name="prestazione_ultime_di"),
            models.Index(fields=["ente", "azione", "-giorno"], name="prestazione_per_azione"),
            models.Index(
                fields=["importazione"],
                condition=Q(importazione__isnull=False),
                name="prestazione_importata",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "uuid"],
                name="prestazione_una_volta",
                violation_error_message="Questa prestazione è già registrata.",
            ),
            models.UniqueConstraint(
                fields=["ente", "gruppo", "giorno", "ora"],
                condition=Q(gruppo__isnull=False),
                nulls_distinct=False,
                name="prestazione_un_incontro_del_gruppo",
                violation_error_message="Le presenze di questo incontro ci sono già: aprile e correggile.",
            ),
            models.CheckConstraint(
                condition=Q(minuti=None) | Q(minuti__gte=1, minuti__lte=MINUTI_AL_GIORNO),
                name="prestazione_durata",
                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
            ),
            models.CheckConstraint(
                condition=Q(quantita=None) | Q(quantita__gt=Decimal(0)),
                name="prestazione_quantita",
                violation_error_message="La quantità è maggiore di zero; se non si sa, lasciala vuota.",
            ),
            models.CheckConstraint(
                condition=Q(valore=None) | Q(valore__gte=Decimal(0)),
                name="prestazione_valore",
                violation_error_message="Il valore non può essere negativo.",
            ),
            models.CheckConstraint(
                condition=Q(senza_nome=None) | Q(senza_nome__gte=1, senza_nome__lte=5000),
                name="prestazione_senza_nome",
                violation_error_message="Le persone senza nome vanno da 1 a 5.000; se non ce n'erano, lascia vuoto.",
            ),
            models.CheckConstraint(
                condition=Q(giorno__gte=PRIMO_GIORNO),
                name="prestazione_giorno_verosimile",
                violation_error_message="La data è troppo lontana: controlla l'anno.",
            ),
        ]

    def __str__(self) -> str:
        return f"prestazione {self.pk}"


class PartecipazioneQuerySet(PersoneQuerySet):
    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def con_i_nomi(self) -> Self:
        """Con ciò che serve a dire come si chiama chi c'era."""
        della_persona = ("ente", "anonimo", "codice_anonimo", "cognome", "nome", "nome_scelto")
        return self.select_related("beneficiario").only(
            *("ente", "prestazione", "beneficiario"),
            *(f"beneficiario__{campo}" for campo in della_persona),
        )

    def della_persona(self, persona: Beneficiario) -> Self:
        """Le sue, e quelle delle righe che un'unione le ha dato."""
        return self.filter(beneficiario_id__in=persona.chiavi, ente=persona.ente_id)

    def dalle_ultime(self) -> Self:
        return self.order_by("-giorno", "-pk")


@con_storia_dopo_la_nascita
class Partecipazione(DatoDiPersona):
    """Una persona (o un nucleo) a una prestazione, dentro una sua presa in carico.

    `beneficiario` è vuoto quando c'era il nucleo e non si dice chi. `giorno`, `azione` e `voce`
    sono quelli della prestazione: li ricopia il database, così una persona si conta e si mostra
    senza leggere altro. `minuti` vuoto vale quanto la prestazione.
    """

    gruppo = Gruppo.PRESTAZIONI

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    prestazione = models.ForeignKey(
        Prestazione, on_delete=models.CASCADE, related_name="partecipazioni"
    )
    presa = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="+")
    beneficiario = models.ForeignKey(
        Beneficiario, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    minuti = models.PositiveSmallIntegerField("minuti", null=True, blank=True)
    giorno = models.DateField("giorno", editable=False)
    azione = models.ForeignKey(
        Azione, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    voce = models.ForeignKey(
        VoceNomenclatura,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
    )
    registrata_da = models.ForeignKey(
        Utente, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    registrata_il = models.DateTimeField("registrata il", db_default=Now())

    objects = PartecipazioneQuerySet.as_manager()

    class Meta:
        verbose_name = "partecipazione"
        verbose_name_plural = "partecipazioni"
        indexes = [
            models.Index(
                fields=["beneficiario", "ente", "-giorno"], name="partecipazione_persona"
            ),
            models.Index(fields=["ente", "giorno"], name="partecipazione_per_giorno"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "prestazione", "presa", "beneficiario"],
                nulls_distinct=False,
                name="partecipazione_una_volta",
                violation_error_message="La persona è già fra i presenti.",
            ),
            models.CheckConstraint(
                condition=Q(minuti=None) | Q(minuti__gte=1, minuti__lte=MINUTI_AL_GIORNO),
                name="partecipazione_durata",
                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
            ),
        ]

    def __str__(self) -> str:
        return f"partecipazione {self.pk}"


@con_storia
class Affiancamento(models.Model):
    """Un altro operatore nella stessa prestazione; `minuti` vuoto vale quanto la prestazione.

    Chi l'ha scritto e chi l'ha cambiato lo dice la storia: le ore di un collega le può correggere
    chi ha registrato.
    """

    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    prestazione = models.ForeignKey(
        Prestazione, on_delete=models.CASCADE, related_name="affiancamenti"
    )
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    minuti = models.PositiveSmallIntegerField("minuti", null=True, blank=True)

    class Meta:
        verbose_name = "affiancamento"
        verbose_name_plural = "affiancamenti"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "prestazione", "utente"],
                name="affiancamento_una_volta",
                violation_error_message="L'operatore è già fra chi c'era.",
            ),
            models.CheckConstraint(
                condition=Q(minuti=None) | Q(minuti__gte=1, minuti__lte=MINUTI_AL_GIORNO),
                name="affiancamento_durata",
                violation_error_message="La durata va da 1 minuto a 24 ore; se non si sa, lasciala vuota.",
            ),
        ]

    def __str__(self) -> str:
        return f"affiancamento {self.pk}"


@con_storia
class NotaDiPrestazione(DatoDiPersona):
    """L'appunto riservato su una persona in una prestazione, cifrato. Lo legge chi la segue.

    Ognuno scrive il suo: che ce ne sia quello di un altro non si scopre provando a scrivere.
    """

    gruppo = Gruppo.NOTE
    colonna_cifrata = "testo_cifrato"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ente = models.ForeignKey(Ente, on_delete=models.PROTECT, related_name="+")
    prestazione = models.ForeignKey(Prestazione, on_delete=models.CASCADE, related_name="note")
    beneficiario = models.ForeignKey(Beneficiario, on_delete=models.PROTECT, related_name="+")
    testo_cifrato = models.BinaryField(editable=False)
    scritta_da = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+")
    scritta_il = models.DateTimeField("scritta il", db_default=Now())

    class Meta:
        verbose_name = "nota di una prestazione"
        verbose_name_plural = "note delle prestazioni"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "prestazione", "beneficiario", "scritta_da"],
                name="nota_di_prestazione_una",
                violation_error_message="Su questa persona hai già scritto un appunto: modificalo.",
            )
        ]

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
        return legame("prestazioni_notadiprestazione.testo", ente=self.ente_id, riga=self.uuid)
