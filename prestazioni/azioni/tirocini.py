"""Aprire un tirocinio, prorogarlo, segnarne le ore, dire com'è finito e se è nata un'assunzione."""

from datetime import date

from django.core.exceptions import ValidationError

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
from prestazioni.codici import (
    ASSUNTO_A_TERMINE,
    ASSUNTO_DOPO_IL_TIROCINIO,
    ASSUNTO_PER_SEMPRE,
    TIROCINIO_AVVIATO,
    TIROCINIO_CONCLUSO,
    TIROCINIO_INTERROTTO,
)
from prestazioni.models import Esito, Tirocinio
from prestazioni.sguardi.tirocini import OreDiTirocinio
from registro.comune.vincoli import frasi_del_database


FINITO = "Il tirocinio è già finito: per cambiarlo riaprilo."
IN_CORSO = "Il tirocinio è ancora in corso."
PRIMA = "La proroga sposta la fine in avanti: scrivi un giorno dopo il {giorno:%d/%m/%Y}."
PERCHE = "Le ore dicono altro: scrivi perché è finito così."
PERCHE_INTERROTTO = "Scrivi perché si è interrotto."


def apri_tirocinio(*, presa: PresaInCarico, da: Attore, **campi) -> Tirocinio:
    """Apre un tirocinio; il giorno in cui comincia nasce l'esito «avviato».

    Se è cominciato prima della presa in carico l'esito non nasce. Solleva PermissionDenied o
    ValidationError.
    """
    with frasi_del_database():
        attuale = presa_da_scrivere(presa, da)
        una_volta_sola(Tirocinio, attuale, **campi)
        tirocinio = Tirocinio.objects.create(
            ente=attuale.ente,
            presa=attuale,
            beneficiario_id=attuale.beneficiario_id,
            registrato_da=da.utente,
            **campi,
        )
        _nasce(TIROCINIO_AVVIATO, tirocinio, tirocinio.inizio, da)
    return tirocinio


def cambia_tirocinio(*, tirocinio: Tirocinio, da: Attore, **campi) -> Tirocinio:
    """Corregge ciò che si è scritto aprendolo; se cambia l'inizio si sposta anche l'esito."""
    with frasi_del_database():
        attuale = com_e_ora(tirocinio, da)
        inizio = attuale.inizio
        scrivi(attuale, campi)
        if attuale.inizio != inizio:
            togli_i_nati(TIROCINIO_AVVIATO, da=da, tirocinio=attuale)
            _nasce(TIROCINIO_AVVIATO, attuale, attuale.inizio, da)
    return attuale


def scrivi_ore(*, tirocinio: Tirocinio, ore_svolte: int, da: Attore) -> Tirocinio:
    """Segna quante ore ha fatto in tutto, fin qui. Solleva ValidationError se è finito."""
    with frasi_del_database():
        return scrivi(_in_corso(tirocinio, da), {"ore_svolte": ore_svolte})


def proroga_tirocinio(
    *, tirocinio: Tirocinio, fine_prevista: date, ore_previste: int | None, da: Attore
) -> Tirocinio:
    """Sposta in avanti la fine prevista, con le ore previste in tutto che ne seguono."""
    with frasi_del_database():
        attuale = _in_corso(tirocinio, da)
        if fine_prevista <= attuale.fine_prevista:
            frase = PRIMA.format(giorno=attuale.fine_prevista)
            raise ValidationError({"fine_prevista": frase})
        return scrivi(attuale, {"fine_prevista": fine_prevista, "ore_previste": ore_previste})


def finisci_tirocinio(
    *,
    tirocinio: Tirocinio,
    fine: date,
    ore_svolte: int | None,
    esito: str,
    da: Attore,
    motivo: str = "",
) -> Tirocinio:
    """Dice com'è finito. `esito`: TIROCINIO_CONCLUSO o TIROCINIO_INTERROTTO.

    Se non è quello che dicono le ore, o se si è interrotto, ci vuole il perché: diventa la prova
    dell'esito. Solleva PermissionDenied o ValidationError.
    """
    with frasi_del_database():
        attuale = _in_corso(tirocinio, da)
        esigi_dentro(attuale.presa, fine, "fine")
        atteso = OreDiTirocinio(ore_svolte, attuale.ore_previste).esito
        if not motivo and esito == TIROCINIO_INTERROTTO:
            raise ValidationError({"motivo": PERCHE_INTERROTTO})
        if not motivo and esito != atteso:
            raise ValidationError({"motivo": PERCHE})
        scrivi(attuale, {"fine": fine, "ore_svolte": ore_svolte})
        _nasce(esito, attuale, fine, da, prova=motivo or "registro presenze")
    return attuale


def riapri_tirocinio(*, tirocinio: Tirocinio, da: Attore) -> Tirocinio:
    """Torna in corso un tirocinio finito per sbaglio: l'esito della fine si toglie."""
    with frasi_del_database():
        attuale = com_e_ora(tirocinio, da)
        if attuale.fine is None:
            raise ValidationError(IN_CORSO)
        togli_i_nati(TIROCINIO_CONCLUSO, TIROCINIO_INTERROTTO, da=da, tirocinio=attuale)
        return scrivi(attuale, {"fine": None})


def segna_assunzione(
    *,
    tirocinio: Tirocinio,
    assunzione_il: date,
    da: Attore,
    contratto: str = "",
    mesi: int | None = None,
    prova: str = "",
) -> Tirocinio:
    """Segna che chi lo ospitava l'ha assunta. `contratto`: il codice dell'esito che si aggiunge
    (a termine, con i `mesi`, o a tempo indeterminato); vuoto, nessuno."""
    with frasi_del_database():
        attuale = com_e_ora(tirocinio, da)
        esigi_dentro(attuale.presa, assunzione_il, "assunzione_il")
        vecchi = (ASSUNTO_DOPO_IL_TIROCINIO, ASSUNTO_A_TERMINE, ASSUNTO_PER_SEMPRE)
        togli_i_nati(*vecchi, da=da, tirocinio=attuale)
        scrivi(attuale, {"assunzione_il": assunzione_il})
        _nasce(ASSUNTO_DOPO_IL_TIROCINIO, attuale, assunzione_il, da, prova=prova)
        if contratto:
            durata = mesi if contratto == ASSUNTO_A_TERMINE else None
            _nasce(contratto, attuale, assunzione_il, da, prova=prova, mesi=durata)
    return attuale


def _in_corso(tirocinio: Tirocinio, da: Attore) -> Tirocinio:
    attuale = com_e_ora(tirocinio, da)
    if attuale.fine is not None:
        raise ValidationError(FINITO)
    return attuale


def _nasce(codice: str, tirocinio: Tirocinio, giorno: date, da: Attore, **campi) -> Esito | None:
    return fa_nascere(
        codice,
        presa=tirocinio.presa,
        giorno=giorno,
        da=da,
        tirocinio=tirocinio,
        ospitante=tirocinio.ospitante,
        nome_ospitante=tirocinio.nome_ospitante,
        **campi,
    )
