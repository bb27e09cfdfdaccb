"""I passaggi di stato di una scheda: aprire, inviare, ritirare, rimandare, accettare."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from enti.permessi import RUOLO_DI_SISTEMA, Attore, Permesso
from registro.comune.templatetags.testo import data_estesa
from report.controlli import Avviso, Gravita, avvisi_di
from report.fascicolo import Fascicolo
from report.models import AvvisoSuperato, PassaggioDiScheda, Scheda


Stato = Scheda.Stato


class InvioFermato(ValidationError):
    """La scheda non parte: `avvisi` sono quelli da correggere, o da superare con un motivo."""

    def __init__(self, avvisi: list[Avviso]) -> None:
        super().__init__([avviso.frase for avviso in avvisi])
        self.avvisi = avvisi


def scheda_bloccata(scheda: Scheda) -> Scheda:
    """La scheda com'è ora, ferma fino alla fine della transazione.

    Chi scrive le righe e chi cambia lo stato si mettono in fila qui: una frase salvata mentre un
    altro invia finisce prima dell'invio, o è rifiutata. Solleva ValidationError se non c'è più.
    """
    bloccata = (
        Scheda.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campagna__modello", "ente", "nodo")
        .filter(pk=scheda.pk)
        .first()
    )
    if bloccata is None:
        raise ValidationError(
            f"La scheda è {scheda.get_stato_display()} e non si può più cambiare.", code="stato"
        )
    return bloccata


@transaction.atomic
def apri_scheda(*, scheda: Scheda, da: Attore) -> Scheda:
    """Comincia la compilazione. Solleva ValidationError se la campagna non è ancora aperta."""
    da.esigi(Permesso.SCHEDE_COMPILARE)
    scheda = scheda_bloccata(scheda)
    apre_il = scheda.campagna.apre_il
    if apre_il and apre_il > timezone.localdate():
        raise ValidationError(
            f"La campagna si apre il {data_estesa(apre_il)}: da quel giorno si compila.",
            code="presto",
        )
    return _passa(scheda, da, dagli={Stato.DA_APRIRE}, a=Stato.IN_COMPILAZIONE)


@transaction.atomic
def invia_scheda(*, scheda: Scheda, motivi: Mapping[str, str], da: Attore) -> Scheda:
    """Consegna la scheda al coordinamento.

    `motivi`: per codice di avviso, perché si invia lo stesso. Solleva InvioFermato se un avviso
    blocca o se a uno che avverte manca il motivo; non scrive nulla.
    """
    da.esigi(Permesso.SCHEDE_INVIARE)
    scheda = scheda_bloccata(scheda)
    _esigi_in_tempo(scheda)
    _esigi_stato(scheda, {Stato.IN_COMPILAZIONE, Stato.RIMANDATA})
    avvisi = avvisi_di(Fascicolo.di(scheda))
    dati = {codice: motivo.strip() for codice, motivo in motivi.items()}
    fermi = [a for a in avvisi if a.gravita == Gravita.BLOCCA or not dati.get(a.codice)]
    if fermi:
        raise InvioFermato(fermi)
    AvvisoSuperato.objects.bulk_create(
        AvvisoSuperato(
            ente=scheda.ente,
            scheda=scheda,
            codice=avviso.codice,
            frase=avviso.frase,
            motivo=dati[avviso.codice],
            chi=da.utente,
        )
        for avviso in avvisi
    )
    scheda.inviata_il = timezone.now()
    return _passa(scheda, da, dagli={Stato.IN_COMPILAZIONE, Stato.RIMANDATA}, a=Stato.INVIATA)


@transaction.atomic
def ritira_scheda(*, scheda: Scheda, da: Attore) -> Scheda:
    """Riporta in compilazione una scheda inviata che nessuno ha ancora accettato."""
    da.esigi(Permesso.SCHEDE_INVIARE)
    scheda = scheda_bloccata(scheda)
    scheda.inviata_il = None
    return _passa(scheda, da, dagli={Stato.INVIATA}, a=Stato.IN_COMPILAZIONE)


@transaction.atomic
def rimanda_scheda(*, scheda: Scheda, testo: str, da: Attore) -> Scheda:
    """Rimanda la scheda all'ente dicendo che cosa va rivisto; si può fare più volte.

    Chi coordina un nodo rimanda ciò che gli è stato inviato; la rete anche ciò che è già
    accettato, finché non è in un rapporto. Solleva ValidationError se `testo` è vuoto.
    """
    da.esigi(Permesso.SCHEDE_ACCETTARE)
    scheda = scheda_bloccata(scheda)
    _esigi_ambito(scheda, da)
    dagli = {Stato.INVIATA}
    if _e_la_rete(da):
        dagli |= {Stato.ACCETTATA_DAL_NODO, Stato.ACCETTATA}
    if not testo.strip():
        raise ValidationError("Scrivi che cosa va rivisto: l'ente lo legge e corregge.")
    scheda.inviata_il = None
    return _passa(scheda, da, dagli=dagli, a=Stato.RIMANDATA, testo=testo.strip())


@transaction.atomic
def accetta_dal_nodo(*, scheda: Scheda, da: Attore) -> Scheda:
    """Il primo sì: di chi coordina il nodo, o della rete al suo posto."""
    da.esigi(Permesso.SCHEDE_ACCETTARE)
    scheda = scheda_bloccata(scheda)
    _esigi_ambito(scheda, da)
    if scheda.nodo_id is None:
        raise ValidationError("La scheda non è di un nodo: la accetta la rete.", code="nodo")
    return _passa(scheda, da, dagli={Stato.INVIATA}, a=Stato.ACCETTATA_DAL_NODO)


@transaction.atomic
def accetta_dalla_rete(*, scheda: Scheda, da: Attore) -> Scheda:
    """Il sì definitivo, dopo quello del nodo; una scheda senza nodo ha solo questo."""
    da.esigi(Permesso.SCHEDE_ACCETTARE)
    if not _e_la_rete(da):
        raise PermissionDenied("Il secondo sì lo dà chi coordina tutta la rete.")
    scheda = scheda_bloccata(scheda)
    prima = Stato.INVIATA if scheda.nodo_id is None else Stato.ACCETTATA_DAL_NODO
    return _passa(scheda, da, dagli={prima}, a=Stato.ACCETTATA)


def _passa(scheda: Scheda, da: Attore, *, dagli: set[str], a: str, testo: str = "") -> Scheda:
    """Scrive il passaggio e il nuovo stato di una scheda già bloccata."""
    _esigi_stato(scheda, dagli)
    PassaggioDiScheda.objects.create(
        ente=scheda.ente,
        scheda=scheda,
        da_stato=scheda.stato,
        a_stato=a,
        chi=da.utente,
        testo=testo,
    )
    scheda.stato = a
    scheda.save(update_fields=["stato", "inviata_il", "modificata_il"])
    return scheda


def _esigi_stato(scheda: Scheda, ammessi: set[str]) -> None:
    if scheda.stato not in ammessi:
        raise ValidationError(
            f"La scheda è {scheda.get_stato_display()}: questo passaggio non si può fare. "
            "Ricarica la pagina per vedere che cosa è successo.",
            code="stato",
        )


def _esigi_in_tempo(scheda: Scheda) -> None:
    campagna = scheda.campagna
    ultimo = campagna.ritardo_fino_al or campagna.scade_il
    if ultimo and ultimo < timezone.localdate():
        raise ValidationError(
            f"La campagna accettava schede fino al {data_estesa(ultimo)}. Quello che hai scritto "
            "è conservato: scrivi al coordinamento, che può prolungarla.",
            code="tardi",
        )


def _esigi_ambito(scheda: Scheda, da: Attore) -> None:
    del_nodo = da.nodo is not None and da.nodo.pk == scheda.nodo_id
    if not (del_nodo or _e_la_rete(da)):
        raise PermissionDenied("La scheda è di un altro nodo.")


def _e_la_rete(da: Attore) -> bool:
    return da.di_rete or da.ruolo == RUOLO_DI_SISTEMA
