"""Accettare un invito: l'unica porta per cui chi non è ancora nessuno entra nel Registro.

Chi apre il collegamento non ha un contesto, e senza contesto il database non mostra righe. Qui, e
solo qui, una pagina aperta legge e scrive come l'attore di sistema: cerca una riga sola, per
l'impronta di un gettone di 256 bit, e scrive l'appartenenza che quell'invito dice e nient'altro.
"""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from enti.eventi import annota_evento
from enti.models import Appartenenza, CodiceEvento, Invito, Utente
from enti.sistema import come_sistema


NON_VALE_PIU = "L'invito non vale più: chiedine un altro a chi te l'ha mandato."
GIA_PRESO = (
    "Con questo indirizzo c'è ora un account: accedi, poi apri di nuovo il collegamento"
    " dell'invito. Non è stato salvato nulla."
)
GIA_DELL_ENTE = "Fai già parte di questo ente: l'invito non serve più."


def invito_valido(gettone: str) -> Invito | None:
    """L'invito del collegamento, con ente, nodo e chi ha invitato; None se è inventato, scaduto,
    usato o annullato: chi chiede non sa quale."""
    with come_sistema():
        validi = Invito.objects.validi().col_gettone(gettone)
        return validi.select_related("ente", "nodo", "invitato_da").first()


def ha_un_account(invito: Invito) -> bool:
    """Se l'indirizzo invitato ha già un account. Si dice solo a chi ha il collegamento."""
    return Utente.objects.filter(email=invito.email).exists()


@transaction.atomic
def accetta_con_un_nuovo_account(
    *, gettone: str, nome: str, cognome: str, password: str
) -> Appartenenza:
    """Crea l'account dell'indirizzo invitato e la sua appartenenza; l'invito è usato.

    Solleva ValidationError se l'invito non vale più o se intanto l'account è nato.
    """
    with come_sistema():
        invito = _da_usare(gettone)
        try:
            with transaction.atomic():
                utente = Utente.objects.crea(
                    email=invito.email, password=password, nome=nome, cognome=cognome
                )
        except IntegrityError as errore:
            raise ValidationError(GIA_PRESO) from errore
        return _entra(invito, utente)


@transaction.atomic
def accetta(*, gettone: str, utente: Utente) -> Appartenenza:
    """Aggiunge l'ente dell'invito a chi ha già un account con quell'indirizzo.

    Solleva ValidationError se l'invito non vale più, è per un altro indirizzo, o non serve.
    """
    with come_sistema():
        invito = _da_usare(gettone)
        if utente.email != invito.email:
            raise ValidationError("Questo invito è per un altro indirizzo di posta.")
        return _entra(invito, utente)


def _da_usare(gettone: str) -> Invito:
    """La riga, ferma: due che accettano insieme lo stesso invito si mettono in fila."""
    validi = Invito.objects.validi().col_gettone(gettone)
    invito = validi.select_for_update(of=("self",)).select_related("ente", "nodo").first()
    if invito is None:
        raise ValidationError(NON_VALE_PIU)
    return invito


def _entra(invito: Invito, utente: Utente) -> Appartenenza:
    appartenenza = Appartenenza(
        utente=utente, ente=invito.ente, ruolo=invito.ruolo, nodo=invito.nodo
    )
    try:
        with transaction.atomic():
            appartenenza.save()
    except IntegrityError as errore:
        raise ValidationError(GIA_DELL_ENTE) from errore
    invito.accettato_il = timezone.now()
    invito.save(update_fields=["accettato_il"])
    annota_evento(CodiceEvento.INVITO_ACCETTATO, utente=utente, ente=invito.ente, invito=invito.pk)
    return appartenenza
