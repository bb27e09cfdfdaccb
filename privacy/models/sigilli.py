"""I sigilli dei registri: la catena dei lotti, le testate firmate, le verifiche, i mesi archiviati.

Niente di questo lo scrive l'applicazione: i sigilli li fa una funzione del database, il resto chi
entra come `registro_sigillo`. Qui si legge.
"""

from django.db import models
from django.db.models import Q, Sum
from django.db.models.functions import Now


class Epoca(models.Model):
    """Un tratto in cui le transazioni si contano di fila. Dopo un ripristino il conto ricomincia."""

    id = models.IntegerField("numero", primary_key=True)
    aperta_il = models.DateTimeField("aperta il", db_default=Now())
    motivo = models.CharField("motivo", max_length=40)

    class Meta:
        verbose_name = "epoca"
        verbose_name_plural = "epoche"
        constraints = [
            models.CheckConstraint(
                condition=Q(id__gte=1),
                name="epoca_da_uno",
                violation_error_message="Le epoche si contano da uno.",
            )
        ]

    def __str__(self) -> str:
        return f"epoca {self.pk}"


class SigilloQuerySet(models.QuerySet):
    def ultimo(self) -> "Sigillo | None":
        return self.order_by("-id").first()

    def righe_in_tutto(self) -> int:
        """Quante righe dei registri hanno un sigillo."""
        return self.aggregate(tutte=Sum("righe"))["tutte"] or 0


class Sigillo(models.Model):
    """Un lotto di righe dei registri, delle transazioni finite da `da` (compresa) ad `a` (esclusa).

    `parti` è un elenco, per registro e mese, di `{"t": registro, "m": mese, "n": righe, "i":
    SHA-256 delle righe}`; `impronta` è lo SHA-256 di tutto, con dentro quella del sigillo prima.
    """

    id = models.BigIntegerField("numero", primary_key=True)
    epoca = models.IntegerField("epoca")
    da = models.BigIntegerField("dalla transazione")
    a = models.BigIntegerField("alla transazione, esclusa")
    righe = models.BigIntegerField("righe")
    parti = models.JSONField("parti")
    precedente = models.CharField("impronta del sigillo prima", max_length=64)
    impronta = models.CharField("impronta", max_length=64)
    creato_il = models.DateTimeField("fatto il")

    objects = SigilloQuerySet.as_manager()

    class Meta:
        verbose_name = "sigillo"
        verbose_name_plural = "sigilli"
        constraints = [
            models.CheckConstraint(
                condition=Q(da__lt=models.F("a")),
                name="sigillo_di_transazioni_in_ordine",
                violation_error_message="Un sigillo comprende almeno una transazione.",
            )
        ]

    def __str__(self) -> str:
        return f"sigillo {self.pk}"


class TestataFirmata(models.Model):
    """L'ultimo sigillo di un giorno, firmato: chi ne tiene una copia altrove scopre una coda tagliata."""

    giorno = models.DateField("giorno", unique=True)
    sigillo = models.BigIntegerField("numero del sigillo")
    impronta = models.CharField("impronta del sigillo", max_length=64)
    testo = models.TextField("testo firmato")
    firma = models.CharField("firma Ed25519", max_length=88)
    chiave = models.CharField("chiave pubblica", max_length=44)
    creata_il = models.DateTimeField("firmata il", db_default=Now())

    class Meta:
        verbose_name = "testata firmata"
        verbose_name_plural = "testate firmate"

    def __str__(self) -> str:
        return f"testata del {self.giorno}"


class VerificaDiSigilli(models.Model):
    """L'esito di una verifica di tutti i sigilli."""

    quando = models.DateTimeField("quando", db_default=Now())
    riuscita = models.BooleanField("tutto torna")
    sigilli = models.BigIntegerField("sigilli verificati")
    righe = models.BigIntegerField("righe verificate")
    millisecondi = models.IntegerField("durata in millisecondi")
    problemi = models.JSONField("che cosa non torna", default=list)

    class Meta:
        verbose_name = "verifica dei sigilli"
        verbose_name_plural = "verifiche dei sigilli"
        get_latest_by = "id"

    def __str__(self) -> str:
        return f"verifica {self.pk}"


class MeseArchiviato(models.Model):
    """Un mese di un registro scritto in un file firmato; `tolto_il` quando è uscito dal database."""

    class Registro(models.TextChoices):
        LETTURE = "letture", "registro degli accessi"
        EVENTI = "eventi", "eventi di sicurezza"

    registro = models.CharField("registro", max_length=10, choices=Registro)
    mese = models.DateField("mese")
    righe = models.BigIntegerField("righe")
    file = models.CharField("nome del file", max_length=80)
    impronta = models.CharField("SHA-256 del file", max_length=64)
    firma = models.CharField("firma Ed25519", max_length=88)
    archiviato_il = models.DateTimeField("archiviato il", db_default=Now())
    tolto_il = models.DateTimeField("tolto il", null=True, blank=True)

    class Meta:
        verbose_name = "mese archiviato"
        verbose_name_plural = "mesi archiviati"
        constraints = [
            models.UniqueConstraint(
                fields=["registro", "mese"],
                name="mese_archiviato_una_volta",
                violation_error_message="Questo mese è già archiviato.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_registro_display()}, {self.mese:%m/%Y}"
