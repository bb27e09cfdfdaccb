"""Importare un foglio: riceverlo, abbinarne le colonne, esaminarlo, caricarlo, tornare indietro.

Nell'ordine in cui le chiama una pagina: `ricevi` (il file entra nel deposito), `proponi` (che cosa
sembra ogni colonna), `esamina` (con le scelte di chi importa: parte un lavoro), `leggi_esame`
quando lo stato è «esaminata», `mostra_dubbi` e `decidi` per i dubbi (riparte l'esame), `carica` (un
lavoro: tutto o niente), `annulla` finché nient'altro ci poggia. `importa_subito` fa tutto in un
passo solo, per il comando.

Chi non ha il permesso di importare trova PermissionDenied; ciò che non va è ValidationError con la
frase; un file che non c'è più è ValidationError con codice `scaduto`.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assi.models import Servizio
from enti.permessi import Attore, Permesso
from prestazioni.azioni.servizi import cambia
from prestazioni.importo import annullo, apertura, deposito, motore
from prestazioni.importo.apertura import Proposta
from prestazioni.importo.deposito import FoglioScaduto
from prestazioni.importo.rifiutate import tabella_dei_rifiuti
from prestazioni.importo.tipi import Dubbio, Esame, RigaLetta, Scelte
from prestazioni.models import Importazione
from prestazioni.tasks import metti_in_coda
from privacy.gruppi import Gruppo
from privacy.letture import annota_molte
from registro.comune.deposito import DISCO_PIENO
from registro.comune.esportazioni import Tabella
from registro.comune.fogli.guardia import FoglioRifiutato
from registro.comune.fogli.lettura import leggi_foglio
from registro.comune.vincoli import frasi_del_database, vincolo_di
from registro.db.lucchetto import uno_alla_volta_per


Stato = Importazione.Stato
SI_ABBINA = (Stato.DA_ABBINARE, Stato.ESAMINATA, Stato.FALLITA)
# Il vincolo del database sul campo unico `uuid`.
UUID_UNICO = "prestazioni_importazione_uuid_key"
APERTE = (Stato.DA_ABBINARE, Stato.ESAMINATA, *Importazione.STATI_IN_CORSO)
SCADUTO = "Il file caricato non si conserva più: caricalo di nuovo."
SENZA_SPAZIO = (
    "Sul disco non c'è posto per il file: non è stato conservato niente. Avvisa chi gestisce il"
    " Registro, poi riprova."
)
# Una lavora e le altre aspettano: di più non serve a nessuno, e riempirebbe la coda di tutti.
IN_CORSO_INSIEME = 5
TROPPE = (
    f"L'ente ha già {IN_CORSO_INSIEME} importazioni in corso e questa non è partita: il foglio resta"
    " qui com'era. Aspetta che una finisca, poi riprova."
)
IN_CORSO = "L'importazione è in corso: aspetta che finisca."
DA_ESAMINARE = "Prima di caricare, il foglio va esaminato."
NON_PRONTA = "Ci sono ancora righe rifiutate o da decidere: non si carica niente finché restano."
GIA_CARICATA = "Questa importazione è già finita: non cambia più."


@transaction.atomic
def ricevi(*, tipo: str, contenuto: bytes, da: Attore, uuid: UUID | None = None) -> Importazione:
    """Mette il file nel deposito, cifrato, e apre l'importazione (stato «da abbinare»).

    `uuid` lo sceglie la pagina: lo stesso invio arrivato due volte rende la stessa importazione. Un
    file che non si legge si rifiuta qui, con la frase, e non si conserva.
    """
    da.esigi(Permesso.IMPORTARE)
    impronta = hashlib.sha256(contenuto).hexdigest()
    if gia := _lo_stesso_invio(uuid, tipo, impronta, da):
        return gia
    libro = _leggi(contenuto)
    nuova = Importazione(
        ente=da.ente,
        utente=da.utente,
        tipo=Importazione.Tipo(tipo),
        estensione=libro.formato.value,
        impronta=impronta,
        scelte=Scelte().in_json(),
    )
    importazione = _apri(nuova, uuid, da)
    if importazione is not nuova:
        return importazione
    try:
        deposito.metti(importazione, contenuto)
    except OSError as errore:
        if errore.errno in DISCO_PIENO:
            raise ValidationError(SENZA_SPAZIO) from errore
        raise
    return importazione


def proponi(
    *,
    importazione: Importazione,
    da: Attore,
    foglio: str | None = None,
    riga_intestazione: int | None = None,
) -> Proposta:
    """Che cosa sembra il foglio; con `foglio` o `riga_intestazione` si prova un'altra lettura.

    Le colonne già scelte tornano come sono, a meno che si cambi lettura.
    """
    da.esigi(Permesso.IMPORTARE)
    scelte = scelte_di(importazione)
    if foglio is not None or riga_intestazione is not None:
        scelte = scelte.con(
            foglio=scelte.foglio if foglio is None else foglio,
            riga_intestazione=riga_intestazione,
            colonne={},
        )
    libro = _leggi(_prendi(importazione))
    try:
        return apertura.proponi(libro, tipo=importazione.tipo, scelte=scelte, ente=da.ente)
    except FoglioRifiutato as rifiuto:
        raise ValidationError(rifiuto.frase, code="foglio") from rifiuto


def scelte_di(importazione: Importazione) -> Scelte:
    """Le scelte fatte finora."""
    return Scelte.da_json(importazione.scelte)


@transaction.atomic
def esamina(*, importazione: Importazione, scelte: Scelte, da: Attore) -> Importazione:
    """Fa partire l'esame con queste scelte; gli abbinamenti delle colonne si ricordano.

    Solleva ValidationError se è in corso, finita, se una colonna che serve non è abbinata, o se
    l'ente ne ha già troppe in corso.
    """
    attuale = _in_mano(importazione, da, SI_ABBINA)
    if scelte.colonne:
        campi = tuple(nome for nome in scelte.colonne.values() if nome)
        if len(campi) > len(set(campi)):
            raise ValidationError("Due colonne dicono la stessa cosa: scegline una.")
        if frasi := apertura.mancano(attuale.tipo, campi):
            raise ValidationError(list(frasi))
    attuale.scelte = scelte.in_json()
    return _fa_partire(attuale, Stato.IN_ESAME, da)


def leggi_esame(*, importazione: Importazione, da: Attore) -> Esame | None:
    """L'ultimo esame, senza le righe (`leggi_righe`); None se non c'è. Le persone che propone si mostrano con `mostra_dubbi`."""
    da.esigi(Permesso.IMPORTARE)
    return deposito.prendi_esame(importazione)


def mostra_dubbi(
    *, importazione: Importazione, dubbi: Sequence[Dubbio], da: Attore
) -> Sequence[Dubbio]:
    """I dubbi che si stanno per mostrare: le persone che propongono si annotano come lette."""
    da.esigi(Permesso.IMPORTARE)
    proposte = {c.chiave for dubbio in dubbi for c in dubbio.candidati}
    annota_molte(((chiave, importazione.ente_id) for chiave in proposte), Gruppo.ANAGRAFICA)
    return dubbi


@transaction.atomic
def decidi(
    *,
    importazione: Importazione,
    da: Attore,
    persone: Mapping[str, str] | None = None,
    servizi: Mapping[str, str] | None = None,
    **opzioni,
) -> Importazione:
    """Scioglie i dubbi e rifà l'esame.

    `persone`: chiave del `Dubbio` → uuid della persona, o `NUOVA`. `servizi`: nome scritto nel
    foglio → uuid del servizio; l'ente lo ricorda come un altro suo nome. `opzioni`: altri campi di
    `Scelte`.
    """
    for scritto, uuid in (servizi or {}).items():
        _ricorda_servizio(scritto, uuid, da)
    scelte = scelte_di(importazione)
    tutte = scelte.con(persone={**scelte.persone, **(persone or {})}, **opzioni)
    return esamina(importazione=importazione, scelte=tutte, da=da)


def non_creare(*, importazione: Importazione, da: Attore) -> Importazione:
    """Non crea chi manca, nemmeno chi si era detto nuovo a uno a uno, e rifà l'esame."""
    scelte = scelte_di(importazione).senza_nuove()
    return esamina(importazione=importazione, scelte=scelte, da=da)


@transaction.atomic
def carica(*, importazione: Importazione, da: Attore) -> Importazione:
    """Fa partire il caricamento di un'importazione esaminata, se niente è rifiutato."""
    attuale = _in_mano(importazione, da, (Stato.ESAMINATA,))
    esame = deposito.prendi_esame(attuale)
    if esame is None:
        raise ValidationError(SCADUTO, code="scaduto")
    if not esame.caricabile:
        raise ValidationError(NON_PRONTA, code="non_pronta")
    return _fa_partire(attuale, Stato.IN_CARICAMENTO, da)


@transaction.atomic
def lascia(*, importazione: Importazione, da: Attore) -> Importazione:
    """Abbandona un'importazione non caricata: il file si distrugge subito."""
    attuale = _in_mano(importazione, da, SI_ABBINA)
    attuale.stato, attuale.finita_il = Stato.ABBANDONATA, timezone.now()
    attuale.save(update_fields=["stato", "finita_il"])
    transaction.on_commit(partial(deposito.svuota, attuale))
    return attuale


@transaction.atomic
def annulla(*, importazione: Importazione, da: Attore) -> Importazione:
    """Toglie tutto ciò che un'importazione ha scritto, se nient'altro ci poggia.

    Solleva ValidationError che dice che cosa ci poggia, o che un mese è già firmato.
    """
    attuale = _in_mano(importazione, da, (Stato.CARICATA,))
    with frasi_del_database():
        annullo.togli(attuale, da)
        attuale.stato = Stato.ANNULLATA
        attuale.annullata_il, attuale.annullata_da = timezone.now(), da.utente
        attuale.save(update_fields=["stato", "annullata_il", "annullata_da"])
    return attuale


def leggi_righe(
    *, importazione: Importazione, numeri: Collection[int], da: Attore
) -> tuple[RigaLetta, ...]:
    """Le righe dell'ultimo esame con quei numeri, come si vedono nel foglio."""
    da.esigi(Permesso.IMPORTARE)
    try:
        return deposito.prendi_righe(importazione, numeri)
    except FoglioScaduto:
        raise ValidationError(SCADUTO, code="scaduto") from None


def righe_rifiutate(*, importazione: Importazione, da: Attore) -> Tabella:
    """Le righe rifiutate com'erano: il loro numero nella prima colonna, il motivo nell'ultima."""
    esame = leggi_esame(importazione=importazione, da=da)
    if esame is None:
        raise ValidationError(SCADUTO, code="scaduto")
    righe = leggi_righe(importazione=importazione, numeri=esame.righe_rifiutate, da=da)
    return tabella_dei_rifiuti(esame, righe)


def importa_subito(
    *, tipo: str, contenuto: bytes, scelte: Scelte, da: Attore, prova: bool = False
) -> tuple[Esame, Importazione | None]:
    """Esamina e, se niente è rifiutato e non è una prova, carica; senza coda e senza deposito.

    Rende l'esame e l'importazione nata, None se non si è scritto niente. `scelte.colonne` può
    nominare una colonna anche con la sua intestazione. Solleva ValidationError se il file non si
    legge o non si capisce.
    """
    da.esigi(Permesso.IMPORTARE)
    libro = _leggi(contenuto)
    impronta = hashlib.sha256(contenuto).hexdigest()
    try:
        return motore.in_un_passo(
            libro, tipo=tipo, impronta=impronta, scelte=scelte, da=da, prova=prova
        )
    except FoglioRifiutato as rifiuto:
        raise ValidationError(rifiuto.frase, code="foglio") from rifiuto


def _lo_stesso_invio(
    uuid: UUID | None, tipo: str, impronta: str, da: Attore
) -> Importazione | None:
    """L'importazione ancora aperta nata da questo stesso invio; None se è un altro."""
    if uuid is None:
        return None
    return (
        Importazione.objects.di(da.ente)
        .filter(uuid=uuid, utente=da.utente, tipo=tipo, impronta=impronta, stato__in=APERTE)
        .first()
    )


def _apri(nuova: Importazione, uuid: UUID | None, da: Attore) -> Importazione:
    """Scrive `nuova` con questo `uuid`; se c'è già rende quella dello stesso invio.

    Un uuid già usato per altro (la pagina di prima, con un altro file) lascia il posto a uno nuovo.
    """
    proprio = nuova.uuid
    nuova.uuid = uuid or proprio
    try:
        with transaction.atomic():
            nuova.save(force_insert=True)
    except IntegrityError as errore:
        if vincolo_di(errore) != UUID_UNICO:
            raise
        if gia := _lo_stesso_invio(uuid, nuova.tipo, nuova.impronta, da):
            return gia
        nuova.uuid = proprio
        nuova.save(force_insert=True)
    return nuova


def _leggi(contenuto: bytes):
    try:
        return leggi_foglio(contenuto)
    except FoglioRifiutato as rifiuto:
        raise ValidationError(rifiuto.frase, code="foglio") from rifiuto


def _prendi(importazione: Importazione) -> bytes:
    try:
        return deposito.prendi(importazione)
    except FoglioScaduto:
        raise ValidationError(SCADUTO, code="scaduto") from None


def _in_mano(importazione: Importazione, da: Attore, stati: tuple[str, ...]) -> Importazione:
    """La riga bloccata, in uno di quegli stati."""
    da.esigi(Permesso.IMPORTARE)
    righe = Importazione.objects.di(da.ente).select_for_update(of=("self",))
    attuale = righe.get(pk=importazione.pk)
    if attuale.stato in stati:
        return attuale
    if attuale.stato in Importazione.STATI_IN_CORSO:
        raise ValidationError(IN_CORSO, code="in_corso")
    frase = DA_ESAMINARE if attuale.stato in SI_ABBINA else GIA_CARICATA
    raise ValidationError(frase, code="stato")


def _fa_partire(importazione: Importazione, stato: str, da: Attore) -> Importazione:
    # Due richieste insieme si contano una dopo l'altra.
    uno_alla_volta_per("importazioni in corso", da.ente.pk)
    if Importazione.objects.di(da.ente).in_corso().count() >= IN_CORSO_INSIEME:
        raise ValidationError(TROPPE, code="troppe")
    importazione.stato, importazione.avanzamento, importazione.errore = stato, 0, ""
    importazione.lavoro, importazione.tentativi = "", 0
    importazione.segno_di_vita = timezone.now()
    importazione.save()
    transaction.on_commit(
        partial(
            metti_in_coda,
            importazione_id=importazione.pk,
            utente_id=da.utente.pk,
            ente_id=da.ente.pk,
        )
    )
    return importazione


def _ricorda_servizio(scritto: str, uuid: str, da: Attore) -> None:
    servizio = Servizio.objects.di(da.ente).filter(uuid=uuid).first()
    if servizio is None:
        raise ValidationError("Il servizio scelto non è dell'ente: scegline un altro.")
    cambia(
        servizio=servizio,
        nome=servizio.nome,
        sinonimi=[*servizio.sinonimi, scritto[:120]],
        bassa_soglia=servizio.bassa_soglia,
        dal=servizio.dal,
        da=da,
    )
