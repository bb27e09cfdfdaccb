"""I lavori sulle persone: quelli a orario agiscono come sistema e non mostrano niente a nessuno.

Quello che prepara un documento agisce come chi l'ha chiesto, e nel messaggio ha solo numeri: ciò
che quella persona non può più vedere non esce. La tabella è il registro del lavoro, la coda
sveglia e basta. Un lavoratore ucciso lascia la riga «in preparazione»; il messaggio riconsegnato
la riconosce dal proprio identificativo e ricomincia.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from celery import shared_task
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from beneficiari import anomalie, collegamenti, scadenze
from beneficiari.documenti import (
    NON_PIU_PERMESSO,
    Composto,
    ancora_permesso,
    componi,
    custodia,
)
from beneficiari.documenti.regole import condivisioni_in_vigore
from beneficiari.models import AccessoDEmergenza, AvvisoDEmergenza, DocumentoDiPersona
from beneficiari.models.documenti import DURATA, DocumentoDiPersonaQuerySet
from enti.models import Appartenenza, Ente
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema, indirizzi_del_garante, per_ogni_ente
from privacy.gruppi import Uscita
from privacy.letture import registra_letture
from privacy.tasks import scrivi_al_garante
from registro.comune.deposito import (
    DISCO_PIENO,
    butta,
    cartella,
    metti_al_posto,
    scrivi_provvisorio,
)
from registro.comune.posta import spedisci_a_ciascuno
from registro.db.contesto import contesto


registro = logging.getLogger(__name__)

Stato = DocumentoDiPersona.Stato
TENTATIVI_MASSIMI = 3
PAUSA_FRA_TENTATIVI = 5
SECONDI_DI_LAVORO = 60
# Dopo tanto silenzio si dà per morto chi lavorava la riga, o per perso il suo messaggio.
SILENZIO = timedelta(minutes=3)
INTERROTTO = (
    "La preparazione si è interrotta {volte} volte. I dati sono intatti. Riprova fra qualche"
    " minuto; se succede ancora avvisa chi gestisce il Registro."
)
SENZA_SPAZIO = (
    "Sul disco non c'è posto per il documento: nessun file è rimasto a metà. Avvisa chi gestisce il"
    " Registro, poi riprova."
)


class PresaPersaError(Exception):
    """Un altro tentativo ha preso la riga: questo non ha più il diritto di scriverci."""


class NonPiuPermessoError(Exception):
    """Chi l'ha chiesto non vede più ciò che il documento contiene."""


@dataclass(frozen=True)
class Lavorazione:
    """Un tentativo in corso. Il suo numero è il diritto di scrivere: chi viene dopo ne ha uno nuovo."""

    documento: DocumentoDiPersona
    attore: Attore

    @property
    def provvisorio(self) -> Path:
        return cartella() / f".{self.documento.uuid}.{self.documento.tentativi}.parte"

    @contextmanager
    def contesto(self) -> Iterator[None]:
        with contesto(utente=self.attore.utente.pk, ente=self.attore.ente.pk):
            yield

    def componi(self) -> tuple[Composto, list[str]]:
        """Il documento composto e i gruppi di dati che contiene; le letture sono già annotate."""
        foglio = self.documento.tipo in DocumentoDiPersona.ELENCHI
        with (
            self.contesto(),
            registra_letture(
                "beneficiari.documento",
                uscita=Uscita.FOGLIO if foglio else Uscita.PDF,
                richiesta=self.documento.uuid.hex[:12],
            ) as raccolta,
        ):
            if not ancora_permesso(self.documento, self.attore):
                raise NonPiuPermessoError
            composto = componi(self.documento, self.attore)
            gruppi = sorted(raccolta.gruppi)
        return composto, gruppi

    def concludi(self, contenuto: bytes, gruppi: list[str], poggia_su: tuple[UUID, ...]) -> None:
        """Mette il file al suo posto e segna la riga pronta, o non fa nessuna delle due cose."""
        adesso = timezone.now()
        definitivo = _file(self.documento)
        with self.contesto():
            # Chiusa a chiave: fra il cambio di nome e la conferma nessun altro la prende.
            riga = self.mia().select_for_update(of=("self",)).first()
            if riga is None:
                raise PresaPersaError
            riga.gruppi, riga.poggia_su = gruppi, list(poggia_su)
            if not ancora_permesso(riga, self.attore):
                raise NonPiuPermessoError
            metti_al_posto(self.provvisorio, definitivo)
            self.mia().update(
                stato=Stato.PRONTO,
                gruppi=gruppi,
                poggia_su=list(poggia_su),
                file=definitivo.name,
                impronta=hashlib.sha256(contenuto).hexdigest(),
                byte=len(contenuto),
                finito_il=adesso,
                scade_il=adesso + DURATA,
                errore="",
            )

    def rinuncia(self, errore: Exception) -> bool:
        """Rende la riga alla coda, o la chiude con una frase all'ultimo tentativo. Vero se si riprova."""
        butta(self.provvisorio)
        definitivo = isinstance(errore, NonPiuPermessoError | ObjectDoesNotExist)
        with self.contesto():
            if not definitivo and self.documento.tentativi < TENTATIVI_MASSIMI:
                return bool(_rendi_alla_coda(self.mia()))
            if self.mia().exists():
                frase = NON_PIU_PERMESSO if definitivo else _frase(errore, self.documento)
                _chiudi_fallito(self.documento, frase)
        return False

    def mia(self) -> DocumentoDiPersonaQuerySet:
        """La riga, se è ancora di questo tentativo."""
        return DocumentoDiPersona.objects.in_corso().filter(
            pk=self.documento.pk, tentativi=self.documento.tentativi
        )


@shared_task(name="beneficiari.tasks.proponi_legami")
def proponi_legami() -> int:
    """Cerca righe di enti diversi che sembrano la stessa persona. Rende quanti legami propone.

    Di notte e non mentre si scrive: chi inserisce non deve capire dal tempo se c'è un altro.
    """
    with come_sistema():
        return collegamenti.proponi()


def metti_in_coda(*, documento_id: int, utente_id: int, ente_id: int, fra: int = 0) -> None:
    """Sveglia il lavoratore fra `fra` secondi. Se la coda non risponde la richiesta resta in tabella."""
    try:
        prepara_documento.apply_async(
            kwargs={"documento_id": documento_id, "utente_id": utente_id, "ente_id": ente_id},
            countdown=fra or None,
            retry=False,
        )
    except CodaIrraggiungibile:
        registro.warning("La coda non risponde: il documento %s aspetta in tabella.", documento_id)


@shared_task(bind=True, soft_time_limit=SECONDI_DI_LAVORO, time_limit=SECONDI_DI_LAVORO + 30)
def prepara_documento(self, *, documento_id: int, utente_id: int, ente_id: int) -> None:
    """Prepara un documento come lo vede chi l'ha chiesto. Si può ripetere senza danni."""
    lavorazione = _prendi(documento_id, utente_id, ente_id, self.request.id or "")
    if lavorazione is None:
        return
    try:
        _prepara(lavorazione)
    except PresaPersaError:
        butta(lavorazione.provvisorio)
    except Exception as errore:
        # Nei registri il tipo dell'errore e non il suo testo, che può citare ciò che si stampava.
        registro.error("Documento %s: %s.", documento_id, type(errore).__name__)
        if lavorazione.rinuncia(errore):
            metti_in_coda(
                documento_id=documento_id,
                utente_id=utente_id,
                ente_id=ente_id,
                fra=PAUSA_FRA_TENTATIVI,
            )


@shared_task
def avvisa_delle_scadenze() -> int:
    """Scrive a chi risponde dei dati delle richieste che scadono o sono scadute; rende a quanti enti.

    Una volta a quindici giorni dalla scadenza e una quando è passata. La posta dice quante sono,
    mai di chi. Prima porta le richieste ancora aperte a chi, nel frattempo, si è scoperto che
    tratta i dati della stessa persona.
    """
    return per_ogni_ente(_avvisa_delle_scadenze)


@shared_task
def cura_documenti() -> None:
    """Toglie i file scaduti o che nessuno può più avere; rimette in coda le richieste ferme."""
    per_ogni_ente(_cura_documenti)


def sveglia_gli_avvisi() -> None:
    """Chiede di spedire adesso gli avvisi d'emergenza; se la coda non risponde ci pensa l'orario."""
    try:
        avvisa_emergenze.apply_async(retry=False)
    except CodaIrraggiungibile:
        registro.warning("La coda non risponde: gli avvisi d'emergenza partono al prossimo giro.")


@shared_task(name="beneficiari.tasks.avvisa_emergenze")
def avvisa_emergenze() -> int:
    """Avvisa per posta il garante degli accessi d'emergenza, e ogni ente di quelli che hanno mostrato
    le sue persone. Rende quanti ne ha spediti; ciò che non parte resta per il prossimo giro."""
    return per_ogni_ente(partial(_avvisa_emergenze, indirizzi_del_garante()))


def distruggi(documento: DocumentoDiPersona) -> None:
    """Toglie il file di un documento; la richiesta resta, a dire che c'è stato."""
    butta(_file(documento), *cartella().glob(f".{documento.uuid}.*.parte"))
    DocumentoDiPersona.objects.filter(pk=documento.pk).update(stato=Stato.DISTRUTTO)


def _avvisa_delle_scadenze(ente: Ente) -> int:
    with come_sistema(ente):
        scadenze.inoltra_ancora(ente)
        return int(scadenze.avvisa(ente))


def _cura_documenti(ente: Ente) -> None:
    with come_sistema(ente):
        _distruggi_i_caduti(ente)
        ferme = DocumentoDiPersona.objects.filter(ente=ente)
        ferme = list(ferme.fermi_da(timezone.now() - SILENZIO))
        chiavi = [documento.pk for documento in ferme]
        _rendi_alla_coda(DocumentoDiPersona.objects.in_corso().filter(pk__in=chiavi))
    for documento in ferme:
        metti_in_coda(documento_id=documento.pk, utente_id=documento.utente_id, ente_id=ente.pk)


def _avvisa_emergenze(garanti: list[str], ente: Ente) -> int:
    spediti = 0
    with come_sistema(ente):
        dell_ente = Appartenenza.objects.filter(ente=ente, ruolo=Ruolo.REFERENTE)
        for accesso in _fermi(AccessoDEmergenza.objects.filter(ente=ente).da_avvisare()):
            spediti += _avvisa(accesso, "garante", garanti)
        for avviso in _fermi(AvvisoDEmergenza.objects.filter(ente=ente).da_spedire()):
            spediti += _avvisa(avviso, "titolare", dell_ente.indirizzi() or garanti)
    return spediti


def _distruggi_i_caduti(ente: Ente) -> None:
    dell_ente = DocumentoDiPersona.objects.filter(ente=ente)
    presenti = Appartenenza.objects.filter(ente=ente).in_corso().values("utente")
    # Chi non lavora più per l'ente non ritira niente, nemmeno ciò che aveva in coda.
    for documento in dell_ente.exclude(stato=Stato.DISTRUTTO).exclude(utente__in=presenti):
        distruggi(documento)
    for documento in dell_ente.da_distruggere():
        distruggi(documento)
    for documento in dell_ente.pronti().exclude(poggia_su=[]):
        if not condivisioni_in_vigore(documento):
            distruggi(documento)


def _prendi(documento_id: int, utente_id: int, ente_id: int, lavoro: str) -> Lavorazione | None:
    with contesto(utente=utente_id, ente=ente_id):
        attore = _attore(utente_id, ente_id)
        documento = (
            DocumentoDiPersona.objects.in_corso()
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("ente", "informativa")
            .filter(pk=documento_id, utente=utente_id)
            .first()
        )
        if attore is None or documento is None or not _libero(documento, lavoro):
            return None
        if documento.tentativi >= TENTATIVI_MASSIMI:
            # Ucciso ogni volta prima di poter dire perché: di solito è la memoria che manca.
            _chiudi_fallito(documento, INTERROTTO.format(volte=documento.tentativi))
            return None
        documento.stato = Stato.IN_LAVORAZIONE
        documento.tentativi += 1
        documento.lavoro = lavoro
        documento.segno_di_vita = timezone.now()
        documento.save(update_fields=["stato", "tentativi", "lavoro", "segno_di_vita"])
    return Lavorazione(documento, attore)


def _attore(utente_id: int, ente_id: int) -> Attore | None:
    """Chi agiva, se lavora ancora per l'ente; None se no."""
    appartenenza = (
        Appartenenza.objects.filter(utente=utente_id, ente=ente_id, utente__is_active=True)
        .in_corso()
        .con_ente()
        .con_eccezioni()
        .select_related("utente", "ente__nodo", "nodo")
        .first()
    )
    return Attore.secondo(appartenenza) if appartenenza else None


def _libero(documento: DocumentoDiPersona, lavoro: str) -> bool:
    """Vero se la riga aspetta, o se la stava lavorando questo stesso messaggio, ora riconsegnato."""
    return documento.stato == Stato.IN_CODA or documento.lavoro == lavoro


def _prepara(lavorazione: Lavorazione) -> None:
    documento = lavorazione.documento
    composto, gruppi = lavorazione.componi()
    # Stampare dura e non legge più niente: fuori da ogni transazione.
    contenuto = composto.contenuto(
        creato=documento.richiesto_il, identificativo=documento.uuid.hex
    )
    butta(*cartella().glob(f".{documento.uuid}.*.parte"))
    scrivi_provvisorio(lavorazione.provvisorio, custodia.chiudi(documento, contenuto))
    lavorazione.concludi(contenuto, gruppi, composto.poggia_su)


def _rendi_alla_coda(documenti: DocumentoDiPersonaQuerySet) -> int:
    return documenti.update(stato=Stato.IN_CODA, lavoro="", segno_di_vita=timezone.now())


def _chiudi_fallito(documento: DocumentoDiPersona, frase: str) -> None:
    DocumentoDiPersona.objects.filter(pk=documento.pk).update(
        stato=Stato.FALLITO, errore=frase, finito_il=timezone.now()
    )
    # Ucciso fra il cambio di nome e la conferma, un tentativo lascia un file che nessuna riga nomina.
    butta(_file(documento), *cartella().glob(f".{documento.uuid}.*.parte"))


def _file(documento: DocumentoDiPersona) -> Path:
    """Il posto del file: l'uuid della richiesta, mai chi riguarda."""
    return cartella() / f"{documento.uuid}.{documento.estensione}"


def _frase(errore: Exception, documento: DocumentoDiPersona) -> str:
    pieno = isinstance(errore, OSError) and errore.errno in DISCO_PIENO
    return SENZA_SPAZIO if pieno else INTERROTTO.format(volte=documento.tentativi)


def _fermi(righe: QuerySet) -> QuerySet:
    """Le righe, che nessun altro giro può prendere finché questo non finisce."""
    return righe.select_related("ente").select_for_update(of=("self",), skip_locked=True)


def _avvisa(riga: Model, a_chi: str, indirizzi: list[str]) -> int:
    """Spedisce un avviso a ciascun indirizzo, senza dati di persone; rende 1 se è partito.

    Basta che arrivi a uno: chi ha un indirizzo guasto non lo fa rispedire agli altri ogni minuto.
    """
    nome = "accesso" if a_chi == "garante" else "avviso"
    testo = render_to_string(f"beneficiari/posta/emergenza_{a_chi}.txt", {nome: riga})
    oggetto = "Registro del Terzo Settore: accesso d'emergenza"
    che_cosa = f"Avviso d'emergenza {riga.pk}"
    if not spedisci_a_ciascuno(oggetto, testo, indirizzi, che_cosa=che_cosa):
        return 0
    type(riga).objects.filter(pk=riga.pk).update(avvisato_il=timezone.now())
    return 1


@shared_task
def segnala_anomalie(del_giorno: bool = False) -> None:
    """Cerca letture fuori dall'ordinario e, se ne trova, lo scrive al garante senza dire di chi."""
    nuove = anomalie.cerca_del_giorno() if del_giorno else anomalie.cerca_subito()
    if nuove:
        scrivi_al_garante(
            "Letture da guardare nel Registro", "privacy/posta/segnalazioni.txt", nuove=nuove
        )
