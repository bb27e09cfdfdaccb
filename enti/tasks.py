"""La posta che riguarda gli account, spedita dal lavoratore.

Chi chiede una password nuova aspetta uguale che l'indirizzo esista o no: la differenza la farebbe la
posta, e la posta parte da qui. Nei messaggi della coda ci sono solo chiavi.
"""

import logging
from collections.abc import Iterable

from celery import Task, shared_task
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from enti.eventi import annota_evento
from enti.models import Appartenenza, CodiceEvento, RipristinoFattore, Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.comune.posta import spedisci_a_ciascuno
from registro.comune.salute import giudizi_delle_copie


registro = logging.getLogger(__name__)

# Fatti mentre la pagina aspetta, il tempo direbbe se l'indirizzo ha un account. Chi ha chiesto una
# password richiede; le prove d'accesso restano fra gli eventi.
SOLO_IN_CODA = frozenset({"enti.tasks.spedisci_ripristino", "enti.tasks.avvisa_dei_tentativi"})


def sveglia(lavoro: Task, **chiavi) -> None:
    """Manda il lavoro alla coda; se non risponde lo fa adesso, salvo quelli in `SOLO_IN_CODA`.

    Di ciò che cambia in un account la persona lo sa comunque: l'avviso è la sua difesa. Non solleva
    niente: ciò che è cambiato è già confermato.
    """
    try:
        lavoro.apply_async(kwargs=chiavi, retry=False)
    except CodaIrraggiungibile:
        registro.warning("La coda non risponde: %s.", lavoro.name)
        if lavoro.name not in SOLO_IN_CODA:
            _fai_adesso(lavoro, chiavi)


@shared_task
def spedisci_ripristino(*, utente_id: int | None, sito: str) -> None:
    """Spedisce il collegamento per la password nuova; senza utente non fa niente.

    `sito`: schema e nome del sito da cui è stata chiesta, già controllati.
    """
    utente = Utente.objects.filter(pk=utente_id, is_active=True, di_sistema=False).first()
    if utente is None:
        return
    annota_evento(CodiceEvento.PASSWORD_CHIESTA, utente=utente)
    chi = urlsafe_base64_encode(force_bytes(utente.pk))
    gettone = f"{chi}-{default_token_generator.make_token(utente)}"
    indirizzo = f"{sito}{reverse('enti:password_gettone', args=[gettone])}"
    _spedisci("password", "Una password nuova per il Registro", [utente], {"indirizzo": indirizzo})


@shared_task
def avvisa_password_cambiata(*, utente_id: int) -> None:
    """Dice alla persona che la sua password è cambiata."""
    utente = Utente.objects.get(pk=utente_id)
    _spedisci("password_cambiata", "La tua password del Registro è cambiata", [utente], {})


@shared_task
def avvisa_fattore_cambiato(*, utente_id: int, cosa: str) -> None:
    """Dice alla persona che i suoi fattori sono cambiati; `cosa` è una frase senza nomi."""
    utente = Utente.objects.get(pk=utente_id)
    oggetto = "È cambiato il modo in cui accedi al Registro"
    _spedisci("fattore_cambiato", oggetto, [utente], {"cosa": cosa})


@shared_task
def avvisa_dei_tentativi(*, utente_id: int) -> None:
    """Dice alla persona che qualcuno prova a entrare col suo indirizzo."""
    utente = Utente.objects.get(pk=utente_id)
    _spedisci("tentativi", "Troppe prove d'accesso col tuo indirizzo", [utente], {})


@shared_task
def avvisa_fattore_perso(*, ripristino_id: int) -> None:
    """Dice alla persona, e a chi può azzerare, che è stato chiesto aiuto."""
    with come_sistema():
        ripristino = RipristinoFattore.objects.select_related("utente").get(pk=ripristino_id)
        chi_puo = chi_puo_azzerare(ripristino.utente)
    dati = {"utente": ripristino.utente}
    _spedisci("perso", "Hai detto di aver perso il secondo fattore", [ripristino.utente], dati)
    _spedisci("perso_per_chi_cura", "Una persona ha perso il secondo fattore", chi_puo, dati)


@shared_task
def avvisa_fattore_azzerato(*, ripristino_id: int) -> None:
    """Dice alla persona, e a chi può azzerare, che il secondo fattore è stato azzerato e da chi.

    A ciascuno una volta sola, e si scrive a chi è partito: chi manca lo riprova
    `riprova_gli_azzeramenti`.
    """
    with come_sistema():
        righe = RipristinoFattore.objects.da_avvisare().select_related("utente", "azzerato_da")
        righe = righe.select_for_update(of=("self",), skip_locked=True)
        ripristino = righe.filter(pk=ripristino_id).first()
        if ripristino is not None:
            _di_un_azzeramento(ripristino)


@shared_task
def riprova_gli_azzeramenti() -> None:
    """Ogni minuto: manda gli avvisi di azzeramento a chi non li ha ancora avuti."""
    with come_sistema():
        chiavi = list(RipristinoFattore.objects.da_avvisare().values_list("pk", flat=True))
    for chiave in chiavi:
        _fai_adesso(avvisa_fattore_azzerato, {"ripristino_id": chiave})


@shared_task
def avvisa_delle_copie() -> int:
    """Ogni mattina: se le copie di sicurezza sono rosse lo scrive a chi amministra e al garante.

    Rende a quanti ha scritto. Nella posta ci sono solo due istanti.
    """
    giudizi = giudizi_delle_copie()
    if not any(giudizio.rosso for giudizio in giudizi.values()):
        return 0
    with come_sistema():
        rispondono = Appartenenza.objects.in_corso().filter(
            utente__is_active=True, ruolo__in=(Ruolo.AMMINISTRATORE, Ruolo.GARANTE)
        )
        chi = list(Utente.objects.filter(pk__in=rispondono.values("utente")))
    _spedisci("copie", "Le copie di sicurezza del Registro non sono a posto", chi, giudizi)
    return len(chi)


def chi_puo_azzerare(utente: Utente) -> list[Utente]:
    """I referenti dell'ente di un operatore; per chi ha un altro ruolo, o più enti, chi amministra.

    Va chiamata nel contesto del sistema. Chi chiede non è mai nell'elenco. La regola la tiene il
    database (`registro_puo_azzerare`): qui la si ripete per sapere a chi scrivere.
    """
    sue = list(Appartenenza.objects.non_finite().filter(utente=utente))
    semplice = {(voce.ruolo, voce.ente_id) for voce in sue}
    curano = Appartenenza.objects.in_corso().filter(utente__is_active=True)
    if len(semplice) == 1 and sue[0].ruolo == Ruolo.OPERATORE:
        curano = curano.filter(ruolo=Ruolo.REFERENTE, ente=sue[0].ente_id)
    else:
        curano = curano.filter(ruolo=Ruolo.AMMINISTRATORE)
    return list(Utente.objects.filter(pk__in=curano.values("utente")).exclude(pk=utente.pk))


def _fai_adesso(lavoro: Task, chiavi: dict) -> None:
    try:
        lavoro(**chiavi)
    except Exception as errore:
        # Il tipo e non il testo, che può citare una riga.
        registro.error("Neanche adesso, %s: %s.", lavoro.name, type(errore).__name__)


def _di_un_azzeramento(ripristino: RipristinoFattore) -> None:
    utente = ripristino.utente
    dati = {"utente": utente, "da": ripristino.azzerato_da}
    a_chi = {utente.pk: ("azzerato", "Il tuo secondo fattore è stato azzerato", utente)}
    for chi_cura in chi_puo_azzerare(utente):
        voci = ("azzerato_per_chi_cura", "Un secondo fattore è stato azzerato", chi_cura)
        a_chi[chi_cura.pk] = voci
    mancano = [chiave for chiave in a_chi if chiave not in ripristino.avvisati]
    for chiave in mancano:
        modello, oggetto, destinatario = a_chi[chiave]
        if _spedisci(modello, oggetto, [destinatario], dati):
            ripristino.avvisati.append(chiave)
    if a_chi.keys() <= set(ripristino.avvisati):
        ripristino.avvisati_il = timezone.now()
    ripristino.save(update_fields=["avvisati", "avvisati_il"])


def _spedisci(modello: str, oggetto: str, a_chi: Iterable[Utente], dati: dict) -> int:
    """Un messaggio per persona; rende quanti ne sono partiti."""
    partiti = 0
    for destinatario in a_chi:
        testo = render_to_string(f"enti/posta/{modello}.txt", dati | {"a": destinatario})
        indirizzi, che_cosa = [destinatario.email], f"Posta «{modello}»"
        partiti += spedisci_a_ciascuno(oggetto, testo, indirizzi, che_cosa=che_cosa)
    return partiti
