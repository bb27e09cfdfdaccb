"""I lavori a orario dei registri: sigillare, firmare la testata del giorno, verificare, aprire i mesi;
e avvisare delle violazioni che aspettano."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from celery import shared_task
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from enti.eventi import annota_evento
from enti.models import Appartenenza, CodiceEvento, Ente, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import LavoroAMeta, come_sistema, indirizzi_del_garante, per_ogni_ente
from privacy import sigilli
from privacy.models import TestataFirmata, VerificaDiSigilli, Violazione
from privacy.models.violazioni import ORE_DI_PREAVVISO
from registro.comune.posta import spedisci_a_ciascuno


registro = logging.getLogger(__name__)

# Per quanto si riprova a mandare una testata che non è arrivata a nessuno.
SI_RIPROVA = timedelta(days=30)


@shared_task
def sigilla_registri() -> None:
    """Sigilla ciò che è finito. Senza l'accesso lo dice nei registri di servizio e finisce lì."""
    try:
        sigilli.sigilla()
    except sigilli.SigilliChiusi as errore:
        registro.warning("Sigilli: %s", errore)


@shared_task
def cura_registri() -> None:
    """Ogni notte: apre i mesi, archivia quelli vecchi, verifica i sigilli, firma la testata.

    Un passo che non riesce non ferma gli altri: lo si dice, e si riprova la notte dopo. Alla fine
    solleva LavoroAMeta, se qualcuno non è riuscito.
    """
    passi = (sigilli.apri_i_mesi, _archivia, verifica_i_registri, spedisci_la_testata)
    falliti = [passo.__name__ for passo in passi if not _riesce(passo)]
    if falliti:
        raise LavoroAMeta(f"Registri, passi non riusciti: {', '.join(falliti)}.")


def _riesce(passo: Callable[[], object]) -> bool:
    try:
        passo()
    except sigilli.SigilliChiusi as errore:
        registro.warning("Registri: %s", errore)
        return False
    except Exception as errore:
        # Il tipo e non il testo, che può citare una riga.
        registro.error("Registri, %s: %s.", passo.__name__, type(errore).__name__)
        return False
    return True


def verifica_i_registri() -> sigilli.Esito:
    """Verifica i sigilli, annota l'esito e, se non tornano, avvisa il garante. Solleva SigilliChiusi.

    La prima volta di ogni mese rilegge anche i mesi usciti dal database; se non tornano, ogni notte
    finché non tornano, o quella dopo direbbe che va tutto bene.
    """
    esito = sigilli.verifica(archivi=_tocca_agli_archivi())
    sigilli.annota_verifica(esito)
    codice = CodiceEvento.SIGILLI_VERIFICATI if esito.torna else CodiceEvento.SIGILLI_GUASTI
    with come_sistema():
        annota_evento(codice, sigilli=esito.sigilli, problemi=len(esito.problemi))
    if not esito.torna:
        scrivi_al_garante(
            "I registri non tornano", "privacy/posta/sigilli_guasti.txt", esito=esito
        )
    return esito


def _tocca_agli_archivi() -> bool:
    oggi = timezone.localdate()
    with come_sistema():
        ultima = VerificaDiSigilli.objects.order_by("-pk").first()
    if oggi.day == 1 or ultima is None:
        return True
    di_questo_mese = timezone.localdate(ultima.quando) >= oggi.replace(day=1)
    return not di_questo_mese or any(p["tipo"] == "archivio" for p in ultima.problemi)


def spedisci_la_testata() -> int:
    """Firma la testata di oggi e manda al garante quelle che non ha ancora. Rende quante ne manda.

    Solleva SigilliChiusi. Quella che non parte per nessuno si riprova la notte dopo, per trenta
    giorni; resta comunque da esportare dalla pagina.
    """
    sigilli.firma_la_testata()
    with come_sistema():
        da_spedire = list(_testate_da_spedire())
    return sum(_spedisci(testata) for testata in da_spedire)


def _testate_da_spedire() -> QuerySet:
    dal = timezone.localdate() - SI_RIPROVA
    eventi = EventoDiSicurezza.objects.filter(codice=CodiceEvento.TESTATA_SPEDITA)
    eventi = eventi.filter(quando__date__gte=dal).values_list("dati", flat=True)
    spedite = [dati["giorno"] for dati in eventi if "giorno" in dati]
    recenti = TestataFirmata.objects.filter(giorno__gte=dal).order_by("giorno")
    return recenti.exclude(giorno__in=spedite)


def _spedisci(testata: TestataFirmata) -> bool:
    busta = sigilli.testata_in_testo(testata.testo, testata.firma, testata.chiave)
    spedite = scrivi_al_garante(
        "Testata dei registri",
        "privacy/posta/testata.txt",
        testata=busta,
        giorno=testata.giorno,
    )
    if spedite:
        giorno = testata.giorno.isoformat()
        with come_sistema():
            annota_evento(CodiceEvento.TESTATA_SPEDITA, spedite=spedite, giorno=giorno)
    return spedite > 0


def scrivi_al_garante(oggetto: str, modello: str, **contesto: object) -> int:
    """Scrive a chi è garante adesso e al DPO, senza dati di persone. Rende a quanti è partita."""
    testo = render_to_string(modello, contesto)
    return spedisci_a_ciascuno(
        oggetto, testo, indirizzi_del_garante(), che_cosa="Posta al garante"
    )


def _archivia() -> None:
    for _ in sigilli.archivia_i_mesi():
        with come_sistema():
            annota_evento(CodiceEvento.MESE_ARCHIVIATO)


@shared_task(name="privacy.tasks.avvisa_violazioni")
def avvisa_violazioni() -> int:
    """Per ogni violazione che aspetta: un avviso quando restano 24 ore, uno quando le 72 sono finite.

    Vanno a chi risponde dei dati dell'ente e al garante, una volta ciascuno, con numeri e ore e
    nient'altro. Rende quanti ne ha spediti; ciò che non parte resta per il prossimo giro.
    """
    return per_ogni_ente(partial(_avvisa_violazioni, indirizzi_del_garante()))


def _avvisa_violazioni(garanti: list[str], ente: Ente) -> int:
    with come_sistema(ente):
        suoi = Appartenenza.objects.filter(ente=ente, ruolo=Ruolo.REFERENTE).indirizzi()
        ferme = Violazione.objects.filter(ente=ente).da_notificare().select_related("ente")
        ferme = ferme.select_for_update(of=("self",), skip_locked=True)
        return sum(_avvisa(violazione, [*garanti, *suoi]) for violazione in ferme)


def _avvisa(violazione: Violazione, indirizzi: list[str]) -> int:
    ore = violazione.ore_che_restano
    if ore < 0 and violazione.ritardo_il is None:
        campo = "ritardo_il"
    elif 0 <= ore < ORE_DI_PREAVVISO and violazione.preavviso_il is None:
        campo = "preavviso_il"
    else:
        return 0
    testo = render_to_string("privacy/posta/violazione.txt", {"violazione": violazione})
    oggetto = "Registro del Terzo Settore: una violazione aspetta"
    che_cosa = f"Avviso della violazione {violazione.pk}"
    if not spedisci_a_ciascuno(oggetto, testo, indirizzi, che_cosa=che_cosa):
        return 0
    Violazione.objects.filter(pk=violazione.pk).update(**{campo: timezone.now()})
    return 1
