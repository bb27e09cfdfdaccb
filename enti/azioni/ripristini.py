"""Il secondo fattore perso: chiedere aiuto, azzerare, rientrare col codice detto a voce."""

from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from enti import tasks
from enti.azioni.sessioni import chiudi_le_sessioni
from enti.eventi import annota_evento
from enti.models import CodiceEvento, RipristinoFattore, Utente
from enti.permessi import Attore, Permesso


NON_TOCCA_A_TE = "Il secondo fattore di questa persona lo azzera chi amministra la rete."


@transaction.atomic
def chiedi_aiuto(*, utente: Utente) -> RipristinoFattore:
    """Scrive che `utente` ha perso i suoi fattori, e avvisa lui e chi può azzerarli.

    Si chiama dopo la password, nel contesto dell'utente. Chiederlo due volte non manda due avvisi.
    """
    ripristino, nuovo = RipristinoFattore.objects.get_or_create(
        utente=utente, usato_il=None, defaults={"chiesto_il": timezone.now()}
    )
    if nuovo:
        annota_evento(CodiceEvento.FATTORE_PERSO, utente=utente)
        _avvisa(tasks.avvisa_fattore_perso, ripristino)
    return ripristino


@transaction.atomic
def azzera_fattore(*, utente: Utente, da: Attore) -> str:
    """Toglie tutti i fattori di `utente`, gli chiude le sessioni e rende il codice da dirgli a voce.

    Il codice si legge questa volta sola, vale un giorno, e serve insieme alla password. Solleva
    PermissionDenied, o ValidationError se non tocca a `da`.
    """
    da.esigi(Permesso.UTENTI_GESTIRE)
    if not puo_azzerare(utente):
        raise ValidationError(NON_TOCCA_A_TE)
    aperti = RipristinoFattore.objects.select_for_update().aperti()
    ripristino = aperti.filter(utente=utente).first() or RipristinoFattore(utente=utente)
    codice = ripristino.azzera(da=da.utente)
    _azzera(utente)
    chiudi_le_sessioni(utente)
    annota_evento(CodiceEvento.FATTORE_AZZERATO, da=da, su_utente=utente)
    _avvisa(tasks.avvisa_fattore_azzerato, ripristino)
    return codice


def puo_azzerare(utente: Utente) -> bool:
    """Se chi è nel contesto può azzerare i fattori di `utente`: lo decide il database."""
    with connection.cursor() as cursore:
        cursore.execute("SELECT registro_puo_azzerare(%s)", [utente.pk])
        return cursore.fetchone()[0]


def da_riscrivere(utente: Utente) -> RipristinoFattore | None:
    """Il ripristino azzerato e non ancora usato di `utente`: finché c'è, per entrare serve il codice."""
    return RipristinoFattore.objects.azzerati().filter(utente=utente).first()


def in_attesa_per(utenti: list[Utente]) -> set[int]:
    """Di quali fra `utenti` è stato chiesto aiuto, e nessuno ha ancora azzerato: le loro chiavi."""
    chiesti = RipristinoFattore.objects.da_decidere().filter(utente__in=utenti)
    return set(chiesti.values_list("utente_id", flat=True))


def concludi_ripristino(*, utente: Utente) -> None:
    """Il fattore nuovo c'è: la richiesta e il codice non servono più."""
    RipristinoFattore.objects.aperti().filter(utente=utente).update(usato_il=timezone.now())


def _azzera(utente: Utente) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursore:
            cursore.execute("SELECT registro_azzera_fattori(%s)", [utente.pk])
    except ProgrammingError as errore:
        raise PermissionDenied(NON_TOCCA_A_TE) from errore


def _avvisa(lavoro, ripristino: RipristinoFattore) -> None:
    transaction.on_commit(partial(tasks.sveglia, lavoro, ripristino_id=ripristino.pk))
