"""I vocabolari della rete: le loro voci si chiudono con una data e non si cancellano mai."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from assi.models.cornice import Asse
from registro.comune.ricerca import FormaNormale, forma_normale


class VoceQuerySet(models.QuerySet):
    def in_uso(self, giorno: date) -> Self:
        """Le voci che si possono scegliere in quel giorno, estremi compresi."""
        return self.filter(
            Q(dal=None) | Q(dal__lte=giorno), Q(al=None) | Q(al__gte=giorno)
        ).in_ordine()

    def in_ordine(self) -> Self:
        return self.order_by("ordine", "pk")


class Voce(models.Model):
    """Una voce di un vocabolario della rete: si chiude con una data, non si cancella mai.

    Chi l'ha usata prima continua a leggerla. `dal` vuoto vale da sempre, `al` vuoto ancora oggi.
    """

    codice = models.CharField("codice", max_length=20, unique=True)
    nome = models.CharField("nome", max_length=200)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)
    dal = models.DateField("dal", null=True, blank=True)
    al = models.DateField("al", null=True, blank=True)

    objects = VoceQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(dal=None) | Q(al=None) | Q(al__gte=F("dal")),
                name="%(class)s_date_in_ordine",
                violation_error_message="Una voce non può chiudersi prima di cominciare.",
            )
        ]

    def __str__(self) -> str:
        return self.nome


class Bisogno(Voce):
    """Ciò di cui una persona può aver bisogno; `servizi_tipici` sono codici della nomenclatura."""

    asse = models.ForeignKey(
        Asse, on_delete=models.PROTECT, null=True, blank=True, related_name="bisogni"
    )
    famiglia = models.CharField("famiglia", max_length=50)
    servizi_tipici = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta(Voce.Meta):
        verbose_name = "bisogno"
        verbose_name_plural = "bisogni"


class Condizione(Voce):
    """Una condizione di vulnerabilità o di salute, con le risposte che ammette.

    `particolare`: dice qualcosa che la legge protegge di più (artt. 9 e 10 Reg. (UE) 2016/679).
    """

    class Famiglia(models.TextChoices):
        VULNERABILITA = "vulnerabilita", "vulnerabilità"
        SALUTE = "salute", "salute e tutele"

    famiglia = models.CharField("famiglia", max_length=15, choices=Famiglia)
    particolare = models.BooleanField("dato particolare", default=True)
    riferimento = models.CharField("riferimento", max_length=200, blank=True)
    valori = ArrayField(models.CharField(max_length=20), verbose_name="risposte ammesse")

    class Meta(Voce.Meta):
        verbose_name = "condizione"
        verbose_name_plural = "condizioni"
        constraints = [
            *Voce.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(famiglia="salute") | Q(particolare=True),
                name="condizione_di_salute_particolare",
                violation_error_message="Una condizione di salute è sempre un dato particolare.",
            ),
            models.CheckConstraint(
                condition=Q(valori__len__gt=0),
                name="condizione_con_risposte",
                violation_error_message="Una condizione ammette almeno una risposta.",
            ),
        ]


class TipoDiChiusura(Voce):
    """Come può finire una presa in carico; `abbandono` è chi ha lasciato prima della fine."""

    uscita_fse = models.BooleanField("si conta fra le uscite del FSE")
    abbandono = models.BooleanField("abbandono", default=False)

    class Meta(Voce.Meta):
        verbose_name = "tipo di chiusura"
        verbose_name_plural = "tipi di chiusura"
        constraints = [
            *Voce.Meta.constraints,
            models.CheckConstraint(
                condition=Q(abbandono=False) | Q(uscita_fse=True),
                name="tipodichiusura_abbandono_e_uscita",
                violation_error_message="Un abbandono è sempre un'uscita.",
            ),
        ]


class UnitaDiMisura(Voce):
    """In che cosa si conta una prestazione oltre al tempo: ore, colloqui, pasti, euro.

    `decimali`: si può scrivere una parte («2,5 ore»); un colloquio invece è intero.
    """

    decimali = models.BooleanField("ammette decimali", default=False)

    class Meta(Voce.Meta):
        verbose_name = "unità di misura"
        verbose_name_plural = "unità di misura"


class VoceNomenclaturaQuerySet(VoceQuerySet):
    def per_le_persone(self) -> Self:
        """Senza i servizi alle imprese e al sistema, che non hanno persone davanti."""
        return self.exclude(a_chi=[VoceNomenclatura.A.ENTE])

    def per_elenco(self) -> Self:
        return self.select_related("asse", "unita").in_ordine()

    def cercate(self, testo: str) -> Self:
        """Quelle con tutte le parole di `testo` nel nome o nel codice, senza badare agli accenti."""
        trovate = self.annotate(cercato=FormaNormale(Concat("codice", Value(" "), "nome")))
        for parola in forma_normale(testo).split():
            trovate = trovate.filter(cercato__contains=parola)
        return trovate

    def piu_comuni(self, assi: Iterable[Asse], quante: int) -> list["VoceNomenclatura"]:
        """Le `quante` voci degli `assi` che più bisogni nominano fra i servizi tipici."""
        tipici = Bisogno.objects.values_list("servizi_tipici", flat=True)
        conti = Counter(codice for codici in tipici for codice in codici)
        voci = self.filter(asse__in=assi, codice__in=conti)
        return sorted(voci, key=lambda voce: (-conti[voce.codice], voce.ordine))[:quante]


class VoceNomenclatura(Voce):
    """Un tipo di servizio come lo chiama tutta la rete, con le sue corrispondenze nazionali.

    `siuss`, `l328` e `leps` sono codici del SIUSS (D.M. 206/2014), delle lettere dell'art. 22
    L. 328/2000 e dei livelli essenziali; `welfare` le categorie di welfare aziendale.
    """

    class Durata(models.TextChoices):
        PUNTUALE = "puntuale", "puntuale"
        CICLO = "ciclo", "a cicli"
        CONTINUATIVA = "continuativa", "continuativa"

    class A(models.TextChoices):
        INDIVIDUALE = "individuale", "una persona"
        NUCLEO = "nucleo", "un nucleo"
        GRUPPO = "gruppo", "un gruppo"
        COMUNITA = "comunita", "una comunità"
        ENTE = "ente", "un ente"

    asse = models.ForeignKey(
        Asse, on_delete=models.PROTECT, null=True, blank=True, related_name="voci"
    )
    assi_secondari = models.ManyToManyField(Asse, blank=True, related_name="voci_secondarie")
    macroarea = models.CharField("macroarea", max_length=1)
    siuss = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    l328 = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    leps = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    welfare = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    a_chi = ArrayField(models.CharField(max_length=20, choices=A), verbose_name="a chi")
    unita = models.ForeignKey(UnitaDiMisura, on_delete=models.PROTECT, related_name="voci")
    durata = models.CharField("durata", max_length=12, choices=Durata)
    isee_rilevante = models.BooleanField("serve l'ISEE", default=False)

    objects = VoceNomenclaturaQuerySet.as_manager()

    class Meta(Voce.Meta):
        verbose_name = "voce della nomenclatura"
        verbose_name_plural = "voci della nomenclatura"


class TipoDiEsito(Voce):
    """Che cosa può ottenere una presa in carico: un tirocinio, una casa, una qualifica.

    `verifica` dice con che cosa lo si prova; `indicatori` i codici degli indicatori che alimenta.
    """

    class Segno(models.TextChoices):
        BENE = "+", "un passo avanti"
        NEUTRO = "0", "né avanti né indietro"
        MALE = "-", "un passo indietro"

    asse = models.ForeignKey(
        Asse, on_delete=models.PROTECT, null=True, blank=True, related_name="tipi_di_esito"
    )
    famiglia = models.CharField("famiglia", max_length=50)
    segno = models.CharField("segno", max_length=1, choices=Segno)
    verifica = models.CharField("come si prova", max_length=100, blank=True)
    indicatori = models.CharField("indicatori", max_length=50, blank=True)

    class Meta(Voce.Meta):
        verbose_name = "tipo di esito"
        verbose_name_plural = "tipi di esito"
