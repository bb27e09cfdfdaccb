"""Invitare qualcuno a lavorare per un ente, mandare di nuovo l'invito, annullarlo."""

import logging
from collections.abc import Callable
from functools import partial
from smtplib import SMTPException

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from enti.eventi import annota_evento
from enti.models import (
    Appartenenza,
    CodiceEvento,
    Ente,
    Invito,
    Nodo,
    impronta_del_gettone,
    nuovo_gettone,
    scadenza,
)
from enti.permessi import Attore, Permesso
from registro.db.contesto import contesto


registro = logging.getLogger(__name__)

GIA_DELL_ENTE = "Chi usa questo indirizzo fa già parte dell'ente: lo trovi nell'elenco."
NON_IN_ATTESA = "Questo invito non aspetta più: è già stato accettato o annullato."


@transaction.atomic
def invita(
    *,
    ente: Ente,
    email: str,
    ruolo: str,
    nodo: Nodo | None = None,
    collegamento: Callable[[str], str],
    da: Attore,
) -> Invito:
    """Scrive l'invito e lo spedisce quando la transazione si conferma.

    `collegamento` rende l'indirizzo intero della pagina da un gettone. Se la posta non parte
    l'invito resta, con `spedito_il` vuoto. Solleva PermissionDenied, o ValidationError con le
    frasi dei vincoli.
    """
    _controlla(ente, ruolo, da)
    email = email.strip().lower()
    if Appartenenza.objects.non_finite().filter(ente=ente, utente__email=email).exists():
        raise ValidationError({"email": GIA_DELL_ENTE})
    gettone = nuovo_gettone()
    invito = Invito(
        ente=ente,
        email=email,
        ruolo=ruolo,
        nodo=nodo,
        invitato_da=da.utente,
        impronta=impronta_del_gettone(gettone),
    )
    invito.full_clean()
    invito.save()
    annota_evento(CodiceEvento.INVITO, da=da, ente=ente, invito=invito.pk, ruolo=ruolo)
    _spedisci_dopo(invito, collegamento(gettone), da)
    return invito


@transaction.atomic
def manda_di_nuovo(*, invito: Invito, collegamento: Callable[[str], str], da: Attore) -> Invito:
    """Rifà il collegamento (quello di prima smette di valere), allunga la scadenza, rispedisce.

    Solleva PermissionDenied, o ValidationError se l'invito non aspetta più.
    """
    invito = _in_attesa(invito, da)
    gettone = nuovo_gettone()
    invito.impronta = impronta_del_gettone(gettone)
    invito.scade_il, invito.spedito_il = scadenza(), None
    invito.save(update_fields=["impronta", "scade_il", "spedito_il"])
    annota_evento(CodiceEvento.INVITO, da=da, ente=invito.ente, invito=invito.pk, di_nuovo=True)
    _spedisci_dopo(invito, collegamento(gettone), da)
    return invito


@transaction.atomic
def annulla_invito(*, invito: Invito, da: Attore) -> None:
    """Il collegamento spedito smette di valere. Solleva PermissionDenied o ValidationError."""
    invito = _in_attesa(invito, da)
    invito.annullato_il = timezone.now()
    invito.save(update_fields=["annullato_il"])
    annota_evento(CodiceEvento.INVITO_ANNULLATO, da=da, ente=invito.ente, invito=invito.pk)


def _controlla(ente: Ente, ruolo: str, da: Attore) -> None:
    da.esigi(Permesso.UTENTI_GESTIRE)
    if not da.cura_la_rete and ente.pk != da.ente.pk:
        raise PermissionDenied("Si invita solo nel proprio ente.")
    if ruolo not in da.ruoli_che_puo_dare:
        raise PermissionDenied(f"Il ruolo {da.ruolo} non può dare il ruolo {ruolo}.")


def _in_attesa(invito: Invito, da: Attore) -> Invito:
    """La riga dell'invito, ferma fino alla fine della transazione."""
    _controlla(invito.ente, invito.ruolo, da)
    fermo = Invito.objects.select_for_update(of=("self",)).select_related("ente", "nodo")
    invito = fermo.get(pk=invito.pk)
    if invito.accettato_il or invito.annullato_il:
        raise ValidationError(NON_IN_ATTESA)
    return invito


def _spedisci_dopo(invito: Invito, indirizzo: str, da: Attore) -> None:
    # Prima della conferma il collegamento porterebbe a un invito che non c'è ancora.
    transaction.on_commit(partial(_spedisci, invito, indirizzo, da))


def _spedisci(invito: Invito, indirizzo: str, da: Attore) -> None:
    testo = render_to_string(
        "enti/posta/invito.txt", {"invito": invito, "indirizzo": indirizzo, "da": da}
    )
    oggetto = f"Invito a lavorare per {invito.ente.denominazione}"
    try:
        send_mail(" ".join(oggetto.split()), testo, None, [invito.email])
    except (SMTPException, OSError) as errore:
        # Né l'indirizzo né le parole del server, che lo ripetono.
        registro.warning("Invito %s non spedito: %s", invito.uuid, type(errore).__name__)
        return
    with contesto(utente=da.utente.pk, ente=da.ente.pk):
        Invito.objects.filter(pk=invito.pk).update(spedito_il=timezone.now())
