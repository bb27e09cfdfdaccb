"""I lavori delle prestazioni: esaminare e caricare un foglio come chi l'ha chiesto; i cruscotti.

Nel messaggio ci sono solo numeri. La tabella dice che cosa c'è da fare: un messaggio consegnato due
volte trova lo stato già cambiato e non fa niente; un lavoratore ucciso a metà non lascia niente di
scritto, perché si scrive in una transazione sola, e il messaggio riconsegnato ricomincia.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

from celery import shared_task
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from enti.models import Appartenenza, Ente
from enti.permessi import Attore, Permesso
from enti.sistema import come_sistema, per_ogni_ente
from prestazioni.importo import apertura, deposito, motore
from prestazioni.importo.deposito import FoglioScaduto
from prestazioni.importo.tipi import Scelte
from prestazioni.models import Importazione, ImportazioneQuerySet
from prestazioni.sguardi import rete
from registro.comune.fogli.guardia import FoglioRifiutato
from registro.comune.fogli.lettura import leggi_foglio
from registro.db.contesto import contesto
from registro.db.lucchetto import uno_alla_volta_per


registro = logging.getLogger(__name__)

Stato = Importazione.Stato
TENTATIVI_MASSIMI = 3
SECONDI_DI_LAVORO = 600
# Fra quanti secondi si riprova, se intanto si scrive un altro foglio dell'ente.
RIPROVA = 15
SILENZIO = timedelta(seconds=SECONDI_DI_LAVORO + 120)
INTERROTTA = (
    "Il lavoro si è interrotto {volte} volte: non è stato scritto niente. Riprova fra qualche minuto;"
    " se succede ancora avvisa chi gestisce il Registro."
)
SCADUTO = "Il file caricato non si conserva più: caricalo di nuovo."
NON_PIU_PERMESSO = (
    "Chi l'ha chiesta non può più importare per questo ente: non è stato scritto niente."
)
CAMBIATO = (
    "Dall'esame qualcosa è cambiato e alcune righe non vanno più: non è stato scritto niente."
    " Guarda i motivi e riprova."
)


class PresaPersaError(Exception):
    """Un altro tentativo ha preso la riga: questo non ha più il diritto di scriverci."""


@dataclass(frozen=True)
class Lavorazione:
    """Un tentativo in corso: il suo numero è il diritto di scrivere."""

    importazione: Importazione
    attore: Attore

    @contextmanager
    def contesto(self) -> Iterator[None]:
        with contesto(utente=self.attore.utente.pk, ente=self.attore.ente.pk):
            yield

    def mia(self) -> ImportazioneQuerySet:
        return Importazione.objects.in_corso().filter(
            pk=self.importazione.pk, tentativi=self.importazione.tentativi
        )

    def avanza(self, quanto: int) -> None:
        """Dice a che punto è, subito: chi guarda la pagina lo vede."""
        with self.contesto():
            if not self.mia().update(avanzamento=quanto, segno_di_vita=timezone.now()):
                raise PresaPersaError

    def foglio(self) -> motore.Foglio:
        """Il foglio letto e capito. Solleva FoglioScaduto o FoglioRifiutato."""
        libro = leggi_foglio(deposito.prendi(self.importazione))
        self.avanza(10)
        return motore.Foglio(
            libro,
            tipo=self.importazione.tipo,
            scelte=Scelte.da_json(self.importazione.scelte),
            da=self.attore,
            avanza=self.avanza,
        )

    def esamina(self) -> None:
        foglio = self.foglio()
        with self.contesto():
            esame = foglio.con_le_righe(foglio.esamina(foglio.banco()))
            prima = motore.gia_importato(self.importazione.impronta, self.attore)
            esame = replace(esame, gia_importato=prima)
            riga = self._tieni()
            motore.segna(riga, esame)
            riga.stato, riga.avanzamento = Stato.ESAMINATA, 100
            # Il file prima della conferma: se manca il posto lo stato resta quello di prima.
            deposito.metti_esame(riga, esame)
            riga.save()
            apertura.ricorda(foglio.tabella, foglio.colonne, tipo=riga.tipo, ente=self.attore.ente)

    def carica(self) -> None:
        foglio = self.foglio()
        with self.contesto(), motore.rifiuti_in_parole():
            motore.solo_questa(self.attore)
            banco = foglio.banco()
            esame = foglio.esamina(banco)
            if not esame.caricabile:
                raise motore.NonCaricabile(foglio.con_le_righe(esame))
            scritte = foglio.carico.scrivi(banco, self.importazione.pk)
            riga = self._tieni()
            motore.concludi(riga, esame, scritte)
            transaction.on_commit(lambda: deposito.svuota(riga))

    def torna_a_esame(self, esame) -> None:
        """Nel frattempo qualcosa è cambiato: si mostra il nuovo esame."""
        with self.contesto():
            riga = self._tieni()
            motore.segna(riga, esame)
            riga.stato, riga.avanzamento, riga.errore = Stato.ESAMINATA, 100, CAMBIATO
            deposito.metti_esame(riga, esame)
            riga.save()

    def fallisce(self, frase: str) -> None:
        with self.contesto():
            self.mia().update(
                stato=Stato.FALLITA, errore=frase, lavoro="", segno_di_vita=timezone.now()
            )

    def rilascia(self) -> None:
        """Il messaggio che ritenta è un altro: trova la riga libera, e non un lavoro in corso."""
        with self.contesto():
            self.mia().update(lavoro="")

    def aspetta(self) -> None:
        """La riga torna libera, e il tentativo non conta: non è andato storto niente."""
        with self.contesto():
            self.mia().update(
                lavoro="", tentativi=F("tentativi") - 1, segno_di_vita=timezone.now()
            )

    def _tieni(self) -> Importazione:
        """La riga bloccata fino alla conferma. Solleva PresaPersaError se non è più di questo."""
        riga = self.mia().select_for_update(of=("self",)).first()
        if riga is None:
            raise PresaPersaError
        return riga


def metti_in_coda(*, importazione_id: int, utente_id: int, ente_id: int, fra: int = 0) -> None:
    """Sveglia il lavoratore. Se la coda non risponde la richiesta resta in tabella."""
    try:
        lavora_importazione.apply_async(
            kwargs={
                "importazione_id": importazione_id,
                "utente_id": utente_id,
                "ente_id": ente_id,
            },
            countdown=fra or None,
            retry=False,
        )
    except CodaIrraggiungibile:
        registro.warning(
            "La coda non risponde: l'importazione %s aspetta in tabella.", importazione_id
        )


@shared_task(bind=True, soft_time_limit=SECONDI_DI_LAVORO, time_limit=SECONDI_DI_LAVORO + 30)
def lavora_importazione(self, *, importazione_id: int, utente_id: int, ente_id: int) -> None:
    """Esamina o carica un'importazione, come dice il suo stato. Si può ripetere senza danni."""
    lavorazione = _prendi(importazione_id, utente_id, ente_id, self.request.id or "")
    if lavorazione is None:
        return
    try:
        _lavora(lavorazione)
    except PresaPersaError:
        return
    except motore.Occupata:
        lavorazione.aspetta()
        metti_in_coda(
            importazione_id=importazione_id, utente_id=utente_id, ente_id=ente_id, fra=RIPROVA
        )
        return
    except Exception as errore:
        # Nei registri il tipo dell'errore e non il suo testo, che può citare ciò che si leggeva.
        registro.error("Importazione %s: %s.", importazione_id, type(errore).__name__)
        if lavorazione.importazione.tentativi < TENTATIVI_MASSIMI:
            lavorazione.rilascia()
            metti_in_coda(
                importazione_id=importazione_id, utente_id=utente_id, ente_id=ente_id, fra=5
            )
        else:
            lavorazione.fallisce(INTERROTTA.format(volte=lavorazione.importazione.tentativi))
    _sveglia_la_prossima(lavorazione.attore.ente, dopo=importazione_id)


@shared_task
def ricalcola_cruscotti() -> int:
    """Aggiorna i numeri della rete e tiene pronte le risposte più chieste; rende quanti (ente, mese)
    ha ricalcolato."""
    ricalcolati = rete.ricalcola()
    rete.prepara(rete.periodi_soliti(timezone.localdate()))
    return ricalcolati


@shared_task
def cura_importazioni() -> None:
    """Distrugge i fogli scaduti; rimette in coda le importazioni ferme. Di ogni ente, anche uscito."""
    per_ogni_ente(_cura)


def _cura(ente: Ente) -> None:
    with come_sistema(ente):
        dell_ente = Importazione.objects.di(ente)
        _lascia_le_scadute(dell_ente)
        ferme = list(dell_ente.ferme_da(timezone.now() - SILENZIO))
    for riga in ferme:
        metti_in_coda(importazione_id=riga.pk, utente_id=riga.utente_id, ente_id=ente.pk)


def _lascia_le_scadute(dell_ente: ImportazioneQuerySet) -> None:
    """Anche quelle in corso, se da un pezzo non danno segni: rimetterle in coda non è bastato."""
    adesso = timezone.now()
    vecchie = dell_ente.filter(creata_il__lt=adesso - deposito.DURATA)
    aperte = vecchie.filter(stato__in=[Stato.DA_ABBINARE, Stato.ESAMINATA, Stato.FALLITA])
    for righe in (aperte, vecchie.ferme_da(adesso - SILENZIO)):
        for riga in righe:
            # Chi nel frattempo è ripartito si lascia com'è.
            if righe.filter(pk=riga.pk).update(stato=Stato.ABBANDONATA, finita_il=adesso):
                deposito.svuota(riga)


def _sveglia_la_prossima(ente: Ente, *, dopo: int) -> None:
    """Mette in coda quella che aspetta da più tempo, se ce n'è: finita una, comincia un'altra.

    Chi aspetta non ha messaggi suoi che girano. Se questo si perde la ritrova `cura_importazioni`.
    """
    with come_sistema(ente):
        aspettano = Importazione.objects.di(ente).in_attesa_da(timezone.now() - SILENZIO)
        prossima = aspettano.exclude(pk=dopo).order_by("creata_il", "pk").first()
    if prossima is not None:
        metti_in_coda(importazione_id=prossima.pk, utente_id=prossima.utente_id, ente_id=ente.pk)


def _lavora(lavorazione: Lavorazione) -> None:
    if lavorazione.importazione.tentativi > TENTATIVI_MASSIMI:
        # Ucciso ogni volta prima di poter dire perché: di solito è la memoria che manca.
        lavorazione.fallisce(INTERROTTA.format(volte=TENTATIVI_MASSIMI))
        return
    if not lavorazione.attore.puo(Permesso.IMPORTARE):
        lavorazione.fallisce(NON_PIU_PERMESSO)
        return
    carica = lavorazione.importazione.stato == Stato.IN_CARICAMENTO
    try:
        lavorazione.carica() if carica else lavorazione.esamina()
    except motore.NonCaricabile as cambiato:
        lavorazione.torna_a_esame(cambiato.esame)
    except FoglioScaduto:
        lavorazione.fallisce(SCADUTO)
    except FoglioRifiutato as rifiuto:
        lavorazione.fallisce(rifiuto.frase)
    except motore.Occupata:
        raise
    except ValidationError as rifiuto:
        lavorazione.fallisce(f"{' '.join(rifiuto.messages)} Non è stato scritto niente.")


def _prendi(importazione_id: int, utente_id: int, ente_id: int, lavoro: str) -> Lavorazione | None:
    with contesto(utente=utente_id, ente=ente_id):
        attore = attore_di(utente_id, ente_id)
    if attore is None:
        _senza_chi_la_chiede(importazione_id, utente_id, ente_id)
        return None
    with contesto(utente=utente_id, ente=ente_id):
        riga = _mette_le_mani(importazione_id, ente_id, lavoro)
    return Lavorazione(riga, attore) if riga else None


def _mette_le_mani(importazione_id: int, ente_id: int, lavoro: str) -> Importazione | None:
    """La riga segnata come in mano al messaggio `lavoro`; None se è di un altro, o non è il turno.

    Una alla volta per ente: la seconda vede ciò che ha scritto la prima. Intanto aspetta in tabella,
    senza messaggi: la sveglia chi finisce. Il segno di vita dice che non è ferma, ma in attesa.
    """
    riga = (
        Importazione.objects.in_corso()
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("ente", "utente")
        .filter(pk=importazione_id, ente=ente_id)
        .first()
    )
    if riga is None or (riga.lavoro and riga.lavoro != lavoro and _viva(riga)):
        return None
    if _ne_lavora_un_altra(riga):
        riga.lavoro, riga.segno_di_vita = "", timezone.now()
        riga.save(update_fields=["lavoro", "segno_di_vita"])
        return None
    riga.tentativi += 1
    riga.lavoro, riga.segno_di_vita = lavoro, timezone.now()
    riga.save(update_fields=["tentativi", "lavoro", "segno_di_vita"])
    return riga


def _senza_chi_la_chiede(importazione_id: int, utente_id: int, ente_id: int) -> None:
    """Chi l'ha chiesta non lavora più per l'ente: la chiude il sistema, o resterebbe in corso."""
    ente = Ente.objects.get(pk=ente_id)
    with come_sistema(ente):
        Importazione.objects.in_corso().filter(
            pk=importazione_id, utente=utente_id, ente=ente_id
        ).update(
            stato=Stato.FALLITA,
            errore=NON_PIU_PERMESSO,
            lavoro="",
            segno_di_vita=timezone.now(),
        )
    _sveglia_la_prossima(ente, dopo=importazione_id)


def attore_di(utente_id: int, ente_id: int) -> Attore | None:
    """Chi agisce, se lavora oggi per l'ente; None se no. Va chiesto nel suo contesto."""
    appartenenza = (
        Appartenenza.objects.filter(utente=utente_id, ente=ente_id, utente__is_active=True)
        .in_corso()
        .con_ente()
        .con_eccezioni()
        .select_related("utente", "ente__nodo", "nodo")
        .first()
    )
    return Attore.secondo(appartenenza) if appartenenza else None


def _ne_lavora_un_altra(riga: Importazione) -> bool:
    """Se un lavoratore ha in mano un'altra importazione dell'ente. Chi lo chiede insieme aspetta.

    Chi importa per un'eccezione non vede quelle dei colleghi, e il comando non ha un turno: che due
    non scrivano insieme lo tiene comunque `motore.solo_questa()`.
    """
    uno_alla_volta_per("turno delle importazioni", riga.ente_id)
    altre = Importazione.objects.di(riga.ente).in_corso().exclude(pk=riga.pk).exclude(lavoro="")
    return altre.filter(segno_di_vita__gt=timezone.now() - SILENZIO).exists()


def _viva(riga: Importazione) -> bool:
    return riga.segno_di_vita is not None and riga.segno_di_vita > timezone.now() - SILENZIO
