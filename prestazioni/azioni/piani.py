"""I piani di rientro: aprirli, dividerli in rate, segnare ciò che si paga, dire come sono finiti."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.utils import timezone

from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.azioni.percorsi import (
    com_e_ora,
    esigi_dentro,
    fa_nascere,
    presa_da_scrivere,
    scrivi,
    togli_i_nati,
    una_volta_sola,
)
from prestazioni.codici import PIANO_INTERROTTO, PIANO_RISPETTATO, PIANO_SOTTOSCRITTO
from prestazioni.models import PianoRientro, Rata
from prestazioni.sguardi.piani import dividi, rispetto
from registro.comune.templatetags.testo import data_estesa
from registro.comune.vincoli import frasi_del_database


FINITO = "Il piano è già finito: per cambiarlo riaprilo."
IN_CORSO = "Il piano è ancora in corso."
GIA_COPERTO = "Con rate così il debito è coperto prima dell'ultima: mettine meno, o più piccole."
GIA_PAGATO = "Le rate pagate coprono già tutto il debito."
NON_FIRMATO = "Il piano non risulta firmato: scrivi prima quando lo è stato, poi di' com'è finito."
FIRMATO_DOPO = "Il piano è stato firmato il {firmato_il}: non può essere finito prima."
FINITO_PRIMA = "Il piano è finito il {finito_il}: non può essere stato firmato dopo, né mai."
PERCHE = "Le rate dicono altro: scrivi perché è finito così."
PERCHE_INTERROTTO = "Scrivi perché si è interrotto."
SPARITA = "Nel frattempo questa rata è stata tolta: ricarica il piano."


def apri_piano(
    *, presa: PresaInCarico, da: Attore, firmato_il: date | None = None, **campi
) -> PianoRientro:
    """Apre un piano; se è già firmato nasce l'esito «sottoscritto»."""
    with frasi_del_database():
        attuale = presa_da_scrivere(presa, da)
        una_volta_sola(PianoRientro, attuale, firmato_il=firmato_il, **campi)
        piano = PianoRientro.objects.create(
            ente=attuale.ente,
            presa=attuale,
            beneficiario_id=attuale.beneficiario_id,
            registrato_da=da.utente,
            firmato_il=firmato_il,
            **campi,
        )
        _firma(piano, da)
    return piano


def cambia_piano(*, piano: PianoRientro, da: Attore, **campi) -> PianoRientro:
    """Corregge ciò che si è scritto; se cambia il giorno della firma si sposta anche l'esito."""
    with frasi_del_database():
        attuale = com_e_ora(piano, da)
        firmato_il = attuale.firmato_il
        _esigi_firma_prima(attuale, campi.get("firmato_il", firmato_il))
        scrivi(attuale, campi)
        if attuale.firmato_il != firmato_il:
            togli_i_nati(PIANO_SOTTOSCRITTO, da=da, piano=attuale)
            _firma(attuale, da)
    return attuale


def scrivi_rate(
    *, piano: PianoRientro, quante: int, dal: date, da: Attore, importo: Decimal | None = None
) -> None:
    """Divide in rate mensili ciò che resta del debito; le rate già pagate restano, le altre no.

    Solleva ValidationError se il piano è finito o le rate sono troppe per il debito.
    """
    with frasi_del_database():
        attuale = _in_corso(piano, da)
        Rata.objects.filter(piano=attuale, ente=da.ente, pagata_il=None).delete()
        rimaste = Rata.objects.filter(piano=attuale, ente=da.ente).per_calcolo()
        gia = rimaste.aggregate(euro=Sum("importo"), ultima=Max("numero"))
        resta = attuale.debito - (gia["euro"] or 0)
        if resta <= 0:
            raise ValidationError(GIA_PAGATO)
        try:
            divise = dividi(resta, quante, dal, importo)
        except ValueError:
            raise ValidationError({"quante": GIA_COPERTO}) from None
        primo = (gia["ultima"] or 0) + 1
        Rata.objects.bulk_create(
            Rata(
                ente=da.ente,
                piano=attuale,
                beneficiario_id=attuale.beneficiario_id,
                numero=numero,
                scade_il=scade_il,
                importo=quanto,
            )
            for numero, (scade_il, quanto) in enumerate(divise, start=primo)
        )


def cambia_rata(*, rata: Rata, da: Attore, **campi) -> Rata:
    """Cambia una rata sola: scadenza, importo, quando è stata pagata o controllata."""
    with frasi_del_database():
        return _scrivi_rata(rata, campi, da)


def paga_rata(*, rata: Rata, da: Attore, giorno: date | None = None) -> Rata:
    """Segna pagata la rata, oggi se non si dice quando. Su una già pagata non cambia niente."""
    with frasi_del_database():
        attuale = _rata_ora(rata, da)
        if attuale.pagata_il is not None and giorno is None:
            return attuale
        return _scrivi_rata(attuale, {"pagata_il": giorno or timezone.localdate()}, da)


def togli_pagamento(*, rata: Rata, da: Attore) -> Rata:
    """La rata torna da pagare."""
    return cambia_rata(rata=rata, da=da, pagata_il=None)


def controlla_rata(*, rata: Rata, da: Attore) -> Rata:
    """Segna che oggi si è controllato con il creditore se la rata è pagata."""
    return cambia_rata(rata=rata, da=da, controllata_il=timezone.localdate())


def finisci_piano(
    *, piano: PianoRientro, giorno: date, esito: str, da: Attore, motivo: str = ""
) -> PianoRientro:
    """Dice com'è finito il piano. `esito`: PIANO_RISPETTATO o PIANO_INTERROTTO.

    Se non è quello che dicono le rate, o se si è interrotto, ci vuole il perché. Solleva
    PermissionDenied o ValidationError.
    """
    with frasi_del_database():
        attuale = _in_corso(piano, da)
        esigi_dentro(attuale.presa, giorno, "giorno")
        _esigi_firmato(attuale, giorno, esito)
        conti = rispetto(Rata.objects.filter(piano=attuale, ente=da.ente), giorno)
        if not motivo and esito == PIANO_INTERROTTO:
            raise ValidationError({"motivo": PERCHE_INTERROTTO})
        if not motivo and esito != conti.esito:
            raise ValidationError({"motivo": PERCHE})
        campo = "concluso_il" if esito == PIANO_RISPETTATO else "interrotto_il"
        scrivi(attuale, {campo: giorno, "motivo": motivo})
        prova = f"{conti.pagate} rate pagate su {conti.scadute} scadute"
        fa_nascere(esito, presa=attuale.presa, giorno=giorno, da=da, piano=attuale, prova=prova)
    return attuale


def riapri_piano(*, piano: PianoRientro, da: Attore) -> PianoRientro:
    """Torna in corso un piano finito per sbaglio: l'esito della fine si toglie."""
    with frasi_del_database():
        attuale = com_e_ora(piano, da)
        if attuale.concluso_il is None and attuale.interrotto_il is None:
            raise ValidationError(IN_CORSO)
        togli_i_nati(PIANO_RISPETTATO, PIANO_INTERROTTO, da=da, piano=attuale)
        return scrivi(attuale, {"concluso_il": None, "interrotto_il": None, "motivo": ""})


def _in_corso(piano: PianoRientro, da: Attore) -> PianoRientro:
    attuale = com_e_ora(piano, da)
    if attuale.concluso_il or attuale.interrotto_il:
        raise ValidationError(FINITO)
    return attuale


def _esigi_firmato(piano: PianoRientro, giorno: date, esito: str) -> None:
    """Un piano rispettato qualcuno l'ha firmato; interrompersi può anche prima della firma."""
    if piano.firmato_il is None:
        if esito == PIANO_RISPETTATO:
            raise ValidationError(NON_FIRMATO, code="non_firmato")
    elif giorno < piano.firmato_il:
        frase = FIRMATO_DOPO.format(firmato_il=data_estesa(piano.firmato_il))
        raise ValidationError({"giorno": frase})


def _esigi_firma_prima(piano: PianoRientro, firmato_il: date | None) -> None:
    finito_il = piano.concluso_il or piano.interrotto_il
    if finito_il is None or firmato_il == piano.firmato_il:
        return
    manca = firmato_il is None and piano.concluso_il is not None
    if manca or (firmato_il is not None and firmato_il > finito_il):
        frase = FINITO_PRIMA.format(finito_il=data_estesa(finito_il))
        raise ValidationError({"firmato_il": frase})


def _firma(piano: PianoRientro, da: Attore) -> None:
    if piano.firmato_il is not None:
        fa_nascere(
            PIANO_SOTTOSCRITTO,
            presa=piano.presa,
            giorno=piano.firmato_il,
            da=da,
            piano=piano,
            prova="piano firmato",
        )


def _rata_ora(rata: Rata, da: Attore) -> Rata:
    _in_corso(rata.piano, da)
    attuale = Rata.objects.filter(pk=rata.pk, ente=da.ente).select_related("piano__presa").first()
    if attuale is None:
        raise ValidationError(SPARITA, code="sparita")
    return attuale


def _scrivi_rata(rata: Rata, campi: dict, da: Attore) -> Rata:
    return scrivi(_rata_ora(rata, da), campi)
