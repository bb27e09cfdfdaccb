"""La rete: nodi, enti, comuni in cui lavorano."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat

from enti.controlli import codice_fiscale_di_ente, partita_iva
from enti.permessi import ECCEZIONI_POSSIBILI
from registro.comune.ricerca import FormaNormale, forma_normale


class Nodo(models.Model):
    """Un nodo territoriale della rete. Il nodo segue l'ente, non il luogo del servizio."""

    slug = models.SlugField("sigla nell'indirizzo", unique=True)
    denominazione = models.CharField("denominazione", max_length=100)
    parte = models.PositiveSmallIntegerField("ordine nel rapporto", default=0)
    comuni = ArrayField(models.CharField(max_length=100), verbose_name="comuni", default=list)
    capofila = models.ForeignKey(
        "Ente",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nodi_di_cui_e_capofila",
        verbose_name="capofila",
    )

    class Meta:
        verbose_name = "nodo"
        verbose_name_plural = "nodi"
        permissions = ECCEZIONI_POSSIBILI

    def __str__(self) -> str:
        return self.denominazione


_COLONNE_DI_ASSE = ("assi__slug", "assi__denominazione", "assi__ordine")


class EnteQuerySet(models.QuerySet):
    def attivi(self) -> Self:
        return self.filter(attivo=True)

    def della_rete(self) -> Self:
        """Gli enti che hanno un ruolo nel progetto: capofila e partner."""
        return self.filter(ruolo__in=Ente.RUOLI_DELLA_RETE)

    def per_denominazione(self) -> Self:
        return self.order_by(FormaNormale("denominazione"), "pk")

    def che_rispondono_a(self, testo: str) -> Self:
        """Gli enti nel cui nome, sigla, altra grafia o comune compare ogni parola di `testo`."""
        grafie = Func(
            F("altre_grafie"),
            Value(" "),
            function="array_to_string",
            output_field=models.TextField(),
        )
        trovati = self.annotate(
            nomi_cercati=FormaNormale(
                Concat(
                    "denominazione",
                    Value(" "),
                    "sigla",
                    Value(" "),
                    grafie,
                    output_field=models.TextField(),
                )
            )
        )
        for parola in forma_normale(testo).split():
            comuni = PresenzaTerritoriale.objects.annotate(
                comune_cercato=FormaNormale("comune")
            ).filter(comune_cercato__contains=parola, ente=OuterRef("pk"))
            trovati = trovati.filter(Q(nomi_cercati__contains=parola) | Exists(comuni))
        return trovati

    def sull_asse(self, slug: str) -> Self:
        """Gli enti che lavorano su un asse. Gli assi stanno nell'app di sopra: qui se ne conosce
        solo la relazione che loro dichiarano verso l'ente."""
        return self.filter(pk__in=Ente.objects.filter(assi__slug=slug).values("pk"))

    def assi_in_cui_lavorano(self) -> list[tuple[str, str]]:
        """Gli assi che hanno almeno un ente: coppie (slug, denominazione), in ordine."""
        assi = self.filter(assi__isnull=False).order_by("assi__ordine").distinct()
        return [(slug, nome) for slug, nome, _ in assi.values_list(*_COLONNE_DI_ASSE)]

    def per_elenco(self) -> Self:
        """Con ciò che un elenco mostra, senza interrogazioni per riga."""
        # Lo stesso asse in due nodi sono due legami: nell'elenco si nomina una volta.
        assi = Ente.assi.rel.related_model.objects.in_ordine().distinct()
        return self.select_related("nodo", "consorzio").prefetch_related(
            Prefetch("assi", assi), "presenze"
        )

    def che_ospita_il_coordinamento(self) -> "Ente":
        """L'ente per cui agiscono coordinatori e amministratori. Solleva DoesNotExist."""
        return self.get(ospita_coordinamento=True)


class Ente(models.Model):
    """Un'organizzazione. È il confine: ogni dato riservato appartiene a un ente solo.

    Forma giuridica e sezione del RUNTS sono due cose (D.Lgs. 117/2017, art. 46); il codice
    fiscale di un'organizzazione può non coincidere con la sua partita IVA.
    """

    class Natura(models.TextChoices):
        ETS = "ETS", "ente del terzo settore"
        PUBBLICO = "ente pubblico", "ente pubblico"
        AZIENDA = "azienda", "azienda"
        SCUOLA = "scuola", "scuola"
        RETE_INFORMALE = "rete informale", "rete informale"
        ALTRO = "altro", "altro"

    class FormaGiuridica(models.TextChoices):
        SCS = "scs", "società cooperativa sociale"
        APS = "aps", "associazione di promozione sociale"
        CONSORZIO = "consorzio", "consorzio"
        ASSOCIAZIONE = "associazione", "associazione"
        COOPERATIVA = "cooperativa", "cooperativa"

    class RuoloNellaRete(models.TextChoices):
        CAPOFILA = "capofila", "capofila"
        PARTNER = "partner", "partner"
        SOGGETTO = "soggetto-della-rete", "soggetto della rete"
        ENTE_PUBBLICO = "ente-pubblico", "ente pubblico"
        AZIENDA_OSPITANTE = "azienda-ospitante", "azienda ospitante"

    RUOLI_DELLA_RETE = (RuoloNellaRete.CAPOFILA, RuoloNellaRete.PARTNER)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField("sigla nell'indirizzo", max_length=80, unique=True)
    denominazione = models.CharField("denominazione", max_length=200)
    sigla = models.CharField("sigla", max_length=100, blank=True)
    altre_grafie = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    natura = models.CharField("natura", max_length=20, choices=Natura, blank=True)
    forma_giuridica = models.CharField(
        "forma giuridica", max_length=20, choices=FormaGiuridica, blank=True
    )
    sezione_runts = models.CharField("sezione del RUNTS", max_length=1, blank=True)
    numero_runts = models.CharField("numero di repertorio RUNTS", max_length=20, blank=True)
    codice_fiscale = models.CharField(
        "codice fiscale", max_length=16, blank=True, validators=[codice_fiscale_di_ente]
    )
    partita_iva = models.CharField(
        "partita IVA", max_length=11, blank=True, validators=[partita_iva]
    )
    nodo = models.ForeignKey(
        Nodo, on_delete=models.PROTECT, null=True, blank=True, related_name="enti"
    )
    consorzio = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="consorziati"
    )
    parte_di = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="servizi_interni"
    )
    ruolo = models.CharField("ruolo nella rete", max_length=20, choices=RuoloNellaRete)
    altri_ruoli = ArrayField(
        models.CharField(max_length=20, choices=RuoloNellaRete), default=list, blank=True
    )
    generico = models.BooleanField("categoria senza nome proprio", default=False)
    nome_omesso = models.BooleanField("nome omesso", default=False)
    ospita_coordinamento = models.BooleanField("ospita il coordinamento della rete", default=False)
    attivo = models.BooleanField("attivo", default=True)
    note = models.TextField("note", blank=True)

    objects = EnteQuerySet.as_manager()

    class Meta:
        verbose_name = "ente"
        verbose_name_plural = "enti"
        permissions = ECCEZIONI_POSSIBILI
        constraints = [
            models.UniqueConstraint(
                fields=["ospita_coordinamento"],
                condition=Q(ospita_coordinamento=True),
                name="ente_un_solo_coordinamento",
                violation_error_message="Il coordinamento della rete sta già in un altro ente.",
            ),
            models.CheckConstraint(
                condition=Q(consorzio=None) | ~Q(consorzio=F("id")),
                name="ente_non_consorzio_di_se_stesso",
                violation_error_message="Un ente non può essere il proprio consorzio.",
            ),
        ]

    def __str__(self) -> str:
        return self.denominazione

    @property
    def nome_breve(self) -> str:
        return self.sigla or self.denominazione


class PresenzaTerritoriale(models.Model):
    """Un comune in cui l'ente ha sede o lavora, scritto come l'ente lo dichiara."""

    class Tipo(models.TextChoices):
        SEDE = "sede", "sede"
        OPERATIVITA = "operativita", "operatività"

    ente = models.ForeignKey(Ente, on_delete=models.CASCADE, related_name="presenze")
    comune = models.CharField("comune", max_length=100)
    tipo = models.CharField("tipo", max_length=12, choices=Tipo)

    class Meta:
        verbose_name = "presenza territoriale"
        verbose_name_plural = "presenze territoriali"
        constraints = [
            models.UniqueConstraint(
                fields=["ente", "comune", "tipo"],
                name="presenza_una_volta",
                violation_error_message="Il comune è già indicato per questo ente.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.comune} ({self.get_tipo_display()})"
