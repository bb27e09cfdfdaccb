"""Cambiare ruolo, lasciare un ente e tornarci; chiudere un account."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from enti.azioni.sessioni import chiudi_le_sessioni
from enti.eventi import annota_evento
from enti.models import Appartenenza, CodiceEvento, Invito, Nodo, Utente
from enti.permessi import Attore, Permesso, Ruolo


ULTIMO_REFERENTE = (
    "È il solo referente dell'ente: prima danne il ruolo a un'altra persona. Se l'ente lascia la"
    " rete, lo chiude chi amministra."
)
GIA_FINITA = "Questa appartenenza è già finita: per tornare si riapre."
SOVRAPPOSTA = "L'utente ha già un ruolo in questo ente nel periodo."


@transaction.atomic
def cambia_ruolo(
    *, appartenenza: Appartenenza, ruolo: str, nodo: Nodo | None = None, da: Attore
) -> Appartenenza:
    """Chiude l'appartenenza adesso e ne apre un'altra col ruolo nuovo; rende quella nuova.

    Solleva PermissionDenied, o ValidationError se è la propria, è finita o resterebbe un ente
    senza referenti.
    """
    _controlla(appartenenza, da)
    if ruolo not in da.ruoli_che_puo_dare:
        raise PermissionDenied(f"Il ruolo {da.ruolo} non può dare il ruolo {ruolo}.")
    if appartenenza.utente_id == da.utente.pk:
        raise ValidationError("Il tuo ruolo lo cambia un'altra persona.")
    if (ruolo, nodo) == (appartenenza.ruolo, appartenenza.nodo):
        raise ValidationError({"ruolo": "È già il suo ruolo: non c'è niente da cambiare."})
    vecchia = _chiudi(appartenenza, None, da)
    chiudi_le_sessioni(vecchia.utente)
    nuova = _apri(vecchia, ruolo, nodo, max(vecchia.inizio, timezone.localdate()))
    _annota(CodiceEvento.RUOLO_CAMBIATO, nuova, da, prima=vecchia.ruolo, dopo=ruolo)
    return nuova


@transaction.atomic
def chiudi_appartenenza(
    *, appartenenza: Appartenenza, fine: date | None = None, da: Attore
) -> Appartenenza:
    """Chiude adesso, o alla fine del giorno `fine`; gli inviti in attesa di chi esce cadono.

    Le sessioni aperte per quell'ente finiscono alla prima richiesta dopo la chiusura. Solleva
    PermissionDenied, o ValidationError se è già finita o resterebbe un ente senza referenti.
    """
    _controlla(appartenenza, da)
    if fine is not None and fine < timezone.localdate():
        raise ValidationError({"giorno": "Il giorno è già passato: scegline uno da oggi in poi."})
    # Prima: chi esce, un attimo dopo, non scrive più niente per l'ente. Se non esce torna indietro.
    _annota(CodiceEvento.APPARTENENZA_CHIUSA, appartenenza, da, ruolo=appartenenza.ruolo)
    chiusa = _chiudi(appartenenza, fine, da)
    suoi = Invito.objects.in_attesa().filter(
        ente=chiusa.ente_id, invitato_da=chiusa.utente_id, ruolo__in=da.ruoli_che_puo_dare
    )
    suoi.update(annullato_il=timezone.now())
    return chiusa


@transaction.atomic
def riapri_appartenenza(*, appartenenza: Appartenenza, da: Attore) -> Appartenenza:
    """Apre da oggi un'appartenenza uguale a una finita. Solleva PermissionDenied o
    ValidationError se intanto ce n'è un'altra."""
    _controlla(appartenenza, da)
    if appartenenza.utente_id == da.utente.pk:
        raise ValidationError("La tua appartenenza la riapre un'altra persona.")
    riaperta = _apri(appartenenza, appartenenza.ruolo, appartenenza.nodo, timezone.localdate())
    _annota(CodiceEvento.APPARTENENZA_RIAPERTA, riaperta, da, ruolo=riaperta.ruolo)
    return riaperta


@transaction.atomic
def chiudi_account(*, utente: Utente, da: Attore) -> None:
    """Chi ha l'account non entra più, da nessuna parte; le sue appartenenze restano scritte.

    Solleva PermissionDenied, o ValidationError se è il proprio.
    """
    _cambia_account(utente, False, da)


@transaction.atomic
def riapri_account(*, utente: Utente, da: Attore) -> None:
    """Chi ha l'account può entrare di nuovo. Solleva PermissionDenied."""
    _cambia_account(utente, True, da)


def _annota(codice: CodiceEvento, appartenenza: Appartenenza, da: Attore, **dati: str) -> None:
    annota_evento(codice, da=da, ente=appartenenza.ente, su_utente=appartenenza.utente, **dati)


def _controlla(appartenenza: Appartenenza, da: Attore) -> None:
    da.esigi(Permesso.UTENTI_GESTIRE)
    if not da.cura_la_rete and appartenenza.ente_id != da.ente.pk:
        raise PermissionDenied("Si curano solo gli utenti del proprio ente.")
    if appartenenza.ruolo not in da.ruoli_che_puo_dare:
        raise PermissionDenied(f"Il ruolo {da.ruolo} non cura chi è {appartenenza.ruolo}.")


def _chiudi(appartenenza: Appartenenza, fine: date | None, da: Attore) -> Appartenenza:
    ferma = Appartenenza.objects.select_for_update().get(pk=appartenenza.pk)
    oggi = timezone.localdate()
    if ferma.chiusa_il or (ferma.fine and ferma.fine < oggi):
        raise ValidationError(GIA_FINITA)
    solo = ferma.ruolo == Ruolo.REFERENTE and not da.cura_la_rete
    if solo and not Appartenenza.objects.referenti_oltre(ferma).exists():
        raise ValidationError(ULTIMO_REFERENTE)
    if fine is None:
        ferma.fine, ferma.chiusa_il = max(oggi, ferma.inizio), timezone.now()
    else:
        ferma.fine = max(fine, ferma.inizio)
    try:
        with transaction.atomic():
            ferma.save(update_fields=["fine", "chiusa_il"])
    except IntegrityError as errore:
        # Fra la domanda e la scrittura l'altro referente se n'è andato: il database se n'accorge.
        raise ValidationError(ULTIMO_REFERENTE) from errore
    return ferma


def _apri(modello: Appartenenza, ruolo: str, nodo: Nodo | None, inizio: date) -> Appartenenza:
    nuova = Appartenenza(
        utente_id=modello.utente_id, ente_id=modello.ente_id, ruolo=ruolo, nodo=nodo, inizio=inizio
    )
    try:
        with transaction.atomic():
            nuova.save()
    except IntegrityError as errore:
        raise ValidationError(SOVRAPPOSTA) from errore
    return nuova


def _cambia_account(utente: Utente, attivo: bool, da: Attore) -> None:
    da.esigi(Permesso.ACCOUNT_GESTIRE)
    if utente.pk == da.utente.pk:
        raise ValidationError("Il tuo account lo chiude un'altra persona che amministra.")
    utente.is_active = attivo
    utente.save(update_fields=["is_active"])
    # Anche riaprendo: le sessioni di prima non tornano a valere.
    chiudi_le_sessioni(utente)
    codice = CodiceEvento.ACCOUNT_RIAPERTO if attivo else CodiceEvento.ACCOUNT_CHIUSO
    annota_evento(codice, da=da, su_utente=utente)
