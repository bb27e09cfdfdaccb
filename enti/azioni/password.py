"""Cambiare la propria password, e sceglierne una nuova col collegamento della posta."""

from functools import partial

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode

from enti import tasks
from enti.azioni.fattori import ha_un_fattore
from enti.azioni.sessioni import chiudi_le_sessioni
from enti.eventi import annota_evento
from enti.models import Appartenenza, CodiceEvento, Utente


def chiedi_password_nuova(*, email: str, sito: str) -> None:
    """Se l'indirizzo ha un account, spedisce il collegamento, che vale un'ora.

    Lo stesso lavoro che ci sia o no: la posta parte dalla coda.
    """
    utente = Utente.objects.filter(email=email.strip().lower(), is_active=True).first()
    chi = utente.pk if utente and not utente.di_sistema else None
    tasks.sveglia(tasks.spedisci_ripristino, utente_id=chi, sito=sito)


def utente_del_gettone(gettone: str) -> Utente | None:
    """Di chi è il collegamento; None se è inventato, scaduto, già usato, o l'account è chiuso."""
    chi, _, segno = gettone.partition("-")
    try:
        chiave = int(force_str(urlsafe_base64_decode(chi)))
    except ValueError:
        return None
    utente = Utente.objects.filter(pk=chiave, is_active=True, di_sistema=False).first()
    if utente is None or not default_token_generator.check_token(utente, segno):
        return None
    return utente


@transaction.atomic
def scrivi_password(*, utente: Utente, password: str) -> None:
    """Scrive la password nuova, chiude tutte le sessioni e avvisa la persona."""
    utente.set_password(password)
    utente.save(update_fields=["password"])
    chiudi_le_sessioni(utente)
    utente.refresh_from_db(fields=["epoca"])
    annota_evento(CodiceEvento.PASSWORD_CAMBIATA, utente=utente)
    transaction.on_commit(
        partial(tasks.sveglia, tasks.avvisa_password_cambiata, utente_id=utente.pk)
    )


def prepara_i_controlli(utente: Utente) -> None:
    """Mette in `utente` ciò che i controlli di una password guardano: le parole che non deve ripetere,
    e se accanto c'è un secondo fattore. Va chiamata nel contesto dell'utente."""
    utente.parole_del_contesto = _parole_del_contesto(utente)
    utente.con_secondo_fattore = ha_un_fattore(utente)


def _parole_del_contesto(utente: Utente) -> tuple[str, ...]:
    """I nomi e i comuni degli enti di `utente`, che una password non deve ripetere."""
    enti = Appartenenza.objects.non_finite().filter(utente=utente).select_related("ente__nodo")
    parole = {p for voce in enti for p in (voce.ente.denominazione, voce.ente.sigla)}
    nodi = {voce.ente.nodo.denominazione for voce in enti if voce.ente.nodo}
    return tuple(sorted((parole | nodi) - {""}))
