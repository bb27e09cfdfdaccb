"""Il lavoro che prepara il PDF di un'edizione.

La tabella è il registro del lavoro, la coda sveglia e basta: ciò che la coda perde si rilegge
dalla tabella (`riprendi_documenti`). Un lavoratore ucciso lascia la riga «in lavorazione»; il
messaggio riconsegnato la riconosce dal proprio identificativo e ricomincia.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError as CodaIrraggiungibile

from enti.models import Ente
from enti.sistema import come_sistema
from registro.comune.deposito import (
    DISCO_PIENO,
    butta,
    cartella,
    metti_al_posto,
    scrivi_provvisorio,
)
from report.copie import contenuto_dell_edizione
from report.documenti import pdf_del_rapporto
from report.models import DocumentoRapporto
from report.models.rapporto import DocumentoRapportoQuerySet


registro = logging.getLogger(__name__)

TENTATIVI_MASSIMI = 3
PAUSA_FRA_TENTATIVI = 5
# Dopo tanto silenzio si dà per morto chi lavorava la riga, o per perso il suo messaggio.
SILENZIO = timedelta(minutes=2)
INTERROTTO = (
    "La preparazione si è interrotta {volte} volte. L'edizione non è cambiata e si legge su queste"
    " pagine. Riprova fra qualche minuto; se succede ancora avvisa chi gestisce il Registro."
)
SENZA_SPAZIO = (
    "Sul disco non c'è posto per il PDF: nessun file è rimasto a metà. Avvisa chi gestisce il"
    " Registro, poi riprova."
)


class PresaPersaError(Exception):
    """Un altro tentativo ha preso la riga: questo non ha più il diritto di scriverci."""


@dataclass(frozen=True)
class Presa:
    """Un tentativo in corso. Il suo numero è il diritto di scrivere: chi viene dopo ne ha uno nuovo."""

    documento: DocumentoRapporto
    ente: Ente

    @property
    def provvisorio(self) -> Path:
        return cartella() / f".{self.documento.uuid}.{self.documento.tentativi}.parte"

    @property
    def definitivo(self) -> Path:
        return cartella() / f"{self.documento.uuid}.pdf"

    def segna(self, percento: int) -> None:
        """Scrive l'avanzamento in una transazione sua, perché la pagina lo veda subito."""
        with come_sistema(self.ente):
            scritte = self._mia().update(avanzamento=percento, segno_di_vita=timezone.now())
        if not scritte:
            raise PresaPersaError

    def concludi(self, contenuto: bytes, pagine: int) -> None:
        """Mette il file al suo posto e segna la riga pronta, o non fa nessuna delle due cose."""
        with come_sistema(self.ente):
            # Chiusa a chiave: fra il cambio di nome e la conferma nessun altro la prende.
            if self._mia().select_for_update(of=("self",)).first() is None:
                raise PresaPersaError
            metti_al_posto(self.provvisorio, self.definitivo)
            self._mia().update(
                stato=DocumentoRapporto.Stato.PRONTO,
                avanzamento=100,
                file=self.definitivo.name,
                impronta=hashlib.sha256(contenuto).hexdigest(),
                pagine=pagine,
                byte=len(contenuto),
                finito_il=timezone.now(),
                errore="",
            )

    def rinuncia(self, errore: Exception) -> bool:
        """Rende la riga alla coda, o la chiude con una frase all'ultimo tentativo. Vero se si riprova."""
        butta(self.provvisorio)
        with come_sistema(self.ente):
            if self.documento.tentativi < TENTATIVI_MASSIMI:
                return bool(_rendi_alla_coda(self._mia()))
            if self._mia().select_for_update(of=("self",)).first():
                _chiudi_fallito(self.documento, _frase(errore, self.documento.tentativi))
        return False

    def _mia(self) -> DocumentoRapportoQuerySet:
        return DocumentoRapporto.objects.in_corso().filter(
            pk=self.documento.pk, tentativi=self.documento.tentativi
        )


def metti_in_coda(*, documento_id: int, ente_id: int, fra_secondi: int = 0) -> None:
    """Sveglia il lavoratore. Se la coda non risponde la richiesta resta nella tabella."""
    try:
        prepara_pdf.apply_async(
            kwargs={"documento_id": documento_id, "ente_id": ente_id},
            countdown=fra_secondi or None,
            retry=False,
        )
    except CodaIrraggiungibile:
        registro.warning("La coda non risponde: il documento %s aspetta in tabella.", documento_id)


@shared_task(bind=True)
def prepara_pdf(self, *, documento_id: int, ente_id: int) -> None:
    """Prepara il PDF chiesto. Si può ripetere: un documento pronto o preso da altri non si tocca."""
    ente = Ente.objects.get(pk=ente_id)
    presa = _prendi(documento_id, ente, self.request.id or "")
    if presa is None:
        return
    try:
        _componi(presa)
    except PresaPersaError:
        butta(presa.provvisorio)
    except Exception as errore:
        registro.exception("Il PDF del documento %s non è riuscito.", documento_id)
        if presa.rinuncia(errore):
            metti_in_coda(
                documento_id=documento_id, ente_id=ente_id, fra_secondi=PAUSA_FRA_TENTATIVI
            )


@shared_task
def riprendi_documenti() -> None:
    """Rimette in coda le richieste di cui non si sa più nulla: messaggio perso o lavoratore morto."""
    for ente in Ente.objects.filter(ospita_coordinamento=True):
        with come_sistema(ente):
            ferme = DocumentoRapporto.objects.fermi_da(timezone.now() - SILENZIO)
            riprese = list(ferme.values_list("pk", flat=True))
            _rendi_alla_coda(DocumentoRapporto.objects.in_corso().filter(pk__in=riprese))
        for documento_id in riprese:
            metti_in_coda(documento_id=documento_id, ente_id=ente.pk)


def _prendi(documento_id: int, ente: Ente, lavoro: str) -> Presa | None:
    with come_sistema(ente):
        documento = (
            DocumentoRapporto.objects.in_corso()
            .select_for_update(of=("self",), skip_locked=True)
            .filter(pk=documento_id)
            .first()
        )
        if documento is None or not _libero(documento, lavoro):
            return None
        if documento.tentativi >= TENTATIVI_MASSIMI:
            # Ucciso ogni volta prima di poter dire perché: di solito è la memoria che manca.
            _chiudi_fallito(documento, INTERROTTO.format(volte=documento.tentativi))
            return None
        documento.stato = DocumentoRapporto.Stato.IN_LAVORAZIONE
        documento.tentativi += 1
        documento.avanzamento = 0
        documento.lavoro = lavoro
        documento.segno_di_vita = timezone.now()
        documento.save()
    return Presa(documento, ente)


def _libero(documento: DocumentoRapporto, lavoro: str) -> bool:
    """Vero se la riga aspetta, o se la stava lavorando questo stesso messaggio, ora riconsegnato."""
    return documento.stato == DocumentoRapporto.Stato.IN_CODA or documento.lavoro == lavoro


def _componi(presa: Presa) -> None:
    with come_sistema(presa.ente):
        contenuto = contenuto_dell_edizione(presa.documento.rapporto)
    # Comporre dura: fuori da ogni transazione, che altrimenti terrebbe ferma la riga.
    pdf = pdf_del_rapporto(contenuto, progresso=presa.segna)
    _butta_provvisori(presa.documento)
    scrivi_provvisorio(presa.provvisorio, pdf.contenuto)
    presa.concludi(pdf.contenuto, pdf.pagine)


def _rendi_alla_coda(documenti: DocumentoRapportoQuerySet) -> int:
    return documenti.update(
        stato=DocumentoRapporto.Stato.IN_CODA, lavoro="", segno_di_vita=timezone.now()
    )


def _chiudi_fallito(documento: DocumentoRapporto, frase: str) -> None:
    documento.stato = DocumentoRapporto.Stato.FALLITO
    documento.errore = frase
    documento.finito_il = timezone.now()
    documento.save(update_fields=["stato", "errore", "finito_il"])
    _butta_provvisori(documento)
    # Ucciso fra il cambio di nome e la conferma, un tentativo lascia un file che nessuna riga nomina.
    butta(cartella() / f"{documento.uuid}.pdf")


def _butta_provvisori(documento: DocumentoRapporto) -> None:
    butta(*cartella().glob(f".{documento.uuid}.*.parte"))


def _frase(errore: Exception, volte: int) -> str:
    pieno = isinstance(errore, OSError) and errore.errno in DISCO_PIENO
    return SENZA_SPAZIO if pieno else INTERROTTO.format(volte=volte)
