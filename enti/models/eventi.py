"""Gli eventi di sicurezza: chi è entrato, chi ha cambiato che cosa può fare chi, che cosa è uscito."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from enti.models.rete import Ente
from enti.models.utenti import Utente


class CodiceEvento(models.TextChoices):
    """Che cosa è successo. Un codice nuovo si aggiunge qui, senza migrazione."""

    # L'ingresso e i suoi mezzi.
    ACCESSO = "accesso", "accesso"
    ACCESSO_FALLITO = "accesso-fallito", "accesso fallito"
    ACCESSO_FRENATO = "accesso-frenato", "accesso fermato per troppi tentativi"
    USCITA = "uscita", "uscita"
    SESSIONE_CHIUSA = "sessione-chiusa", "sessione chiusa da un'altra pagina"
    PASSWORD_CHIESTA = "password-chiesta", "chiesta una password nuova"
    PASSWORD_CAMBIATA = "password-cambiata", "password cambiata"
    FATTORE_AGGIUNTO = "fattore-aggiunto", "secondo fattore aggiunto"
    FATTORE_TOLTO = "fattore-tolto", "secondo fattore tolto"
    FATTORE_FALLITO = "fattore-fallito", "secondo fattore sbagliato"
    FATTORE_PERSO = "fattore-perso", "secondo fattore dichiarato perso"
    FATTORE_AZZERATO = "fattore-azzerato", "secondo fattore azzerato da chi risponde dell'ente"
    CODICI_RIFATTI = "codici-rifatti", "codici di riserva rifatti"
    CODICE_USATO = "codice-usato", "usato un codice di riserva"
    # Chi può agire.
    INVITO = "invito", "invito spedito"
    INVITO_ACCETTATO = "invito-accettato", "invito accettato"
    INVITO_ANNULLATO = "invito-annullato", "invito annullato"
    RUOLO_CAMBIATO = "ruolo-cambiato", "ruolo cambiato"
    APPARTENENZA_CHIUSA = "appartenenza-chiusa", "appartenenza chiusa"
    APPARTENENZA_RIAPERTA = "appartenenza-riaperta", "appartenenza riaperta"
    ACCOUNT_CHIUSO = "account-chiuso", "account chiuso"
    ACCOUNT_RIAPERTO = "account-riaperto", "account riaperto"
    PERMESSO_DATO = "permesso-dato", "permesso in più dato"
    PERMESSO_RITIRATO = "permesso-ritirato", "permesso in più ritirato"
    # I dati delle persone.
    ESPORTAZIONE = "esportazione", "dati portati fuori"
    APERTURA_SENSIBILI = "apertura-sensibili", "dati sensibili aperti dicendo perché"
    EMERGENZA_APERTA = "emergenza-aperta", "accesso di emergenza aperto"
    RICHIESTA_RICEVUTA = "richiesta-ricevuta", "richiesta di una persona ricevuta"
    RICHIESTA_EVASA = "richiesta-evasa", "richiesta di una persona evasa"
    RICHIESTA_RIFIUTATA = "richiesta-rifiutata", "richiesta di una persona rifiutata"
    LIMITAZIONE = "limitazione", "trattamento limitato"
    LIMITAZIONE_TOLTA = "limitazione-tolta", "limitazione tolta"
    CANCELLAZIONE = "cancellazione", "dati di una persona cancellati"
    CONSERVAZIONE = "conservazione", "conservazione applicata"
    CONSERVAZIONE_FERMATA = "conservazione-fermata", "conservazione fermata"
    CONSERVAZIONE_RIPRESA = "conservazione-ripresa", "conservazione ripresa"
    VIOLAZIONE_SEGNATA = "violazione-segnata", "violazione di dati segnata"
    VIOLAZIONE_NOTIFICATA = "violazione-notificata", "violazione di dati notificata"
    VIOLAZIONE_CHIUSA = "violazione-chiusa", "violazione di dati chiusa"
    # Il sistema e i suoi registri.
    CHIAVE_USATA = "chiave-usata", "chiave di cifratura usata per ricifrare"
    SIGILLI_VERIFICATI = "sigilli-verificati", "sigilli verificati"
    SIGILLI_GUASTI = "sigilli-guasti", "sigilli che non tornano"
    TESTATA_SPEDITA = "testata-spedita", "testata del giorno spedita al garante"
    EPOCA_NUOVA = "epoca-nuova", "epoca nuova dei registri"
    MESE_ARCHIVIATO = "mese-archiviato", "mese dei registri archiviato"
    ANOMALIA_TROVATA = "anomalia-trovata", "anomalia trovata"
    ANOMALIA_CHIUSA = "anomalia-chiusa", "anomalia chiusa"


def codici() -> list[tuple[str, str]]:
    """I codici per il campo: una funzione, così un codice nuovo non chiede una migrazione."""
    return CodiceEvento.choices


class EventoDiSicurezzaQuerySet(models.QuerySet):
    def per_elenco(self) -> Self:
        """Con chi, per conto di chi e su chi, dal più recente."""
        return self.select_related("utente", "ente", "su_utente").order_by("-quando", "-pk")

    def di(self, ente: Ente) -> Self:
        return self.filter(ente=ente)

    def di_chi(self, utente: Utente) -> Self:
        """Ciò che ha fatto o che riguarda il suo account, dal più recente."""
        return self.filter(Q(utente=utente) | Q(su_utente=utente)).order_by("-quando", "-pk")

    def nei_giorni(self, dal: date | None, al: date | None) -> Self:
        """Dal giorno `dal` al giorno `al` compresi, ora italiana; None: senza limite."""
        eventi = self.filter(quando__gte=_mattina(dal)) if dal else self
        return eventi.filter(quando__lt=_mattina(al + timedelta(days=1))) if al else eventi


def _mattina(giorno: date) -> datetime:
    return timezone.make_aware(datetime.combine(giorno, time.min))


class EventoDiSicurezza(models.Model):
    """Un fatto che riguarda la sicurezza, con numeri al posto dei nomi.

    Si scrive con `enti.eventi.annota_evento` e non si cambia più. La tabella è a mesi e della
    guardia; il database ci aggiunge la transazione e l'epoca, che servono ai sigilli.
    """

    quando = models.DateTimeField("quando", db_default=Now())
    codice = models.CharField("che cosa", max_length=40, choices=codici)
    # Nullo quando non si sa chi è: un accesso fallito con un indirizzo che non c'è.
    utente = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="chi"
    )
    # Nullo per ciò che non riguarda un ente solo.
    ente = models.ForeignKey(
        Ente, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="per conto di"
    )
    su_utente = models.ForeignKey(
        Utente, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="su chi"
    )
    persona = models.BigIntegerField("riga di beneficiario", null=True)
    dati = models.JSONField("numeri e codici", default=dict)
    richiesta = models.CharField("numero della richiesta", max_length=12, blank=True)

    objects = EventoDiSicurezzaQuerySet.as_manager()

    class Meta:
        verbose_name = "evento di sicurezza"
        verbose_name_plural = "eventi di sicurezza"
        indexes = [
            models.Index(fields=["-quando"], name="eventi_per_giorno"),
            models.Index(fields=["ente", "-quando"], name="eventi_per_ente"),
            models.Index(fields=["utente", "-quando"], name="eventi_per_utente"),
        ]

    def __str__(self) -> str:
        return f"{self.get_codice_display()} ({self.pk})"

    @property
    def dati_in_parole(self) -> str:
        """I numeri e i codici dell'evento, come «ruolo: operatore, invito: 12»."""
        return ", ".join(
            f"{nome.replace('_', ' ')}: {valore}" for nome, valore in self.dati.items()
        )
