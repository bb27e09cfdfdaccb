"""Tornare indietro: togliere tutto ciò che un'importazione ha scritto, se nient'altro ci poggia."""

from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from enti.permessi import Attore
from prestazioni.models import Importazione


_NON_SI_TOGLIE = "Non si può tornare indietro: {motivi}. Non è stato tolto niente."
_CORRETTE = """
SELECT count(*) FROM prestazioni_prestazione
WHERE ente_id = %(ente)s AND importazione_id = %(importazione)s AND versione > 1
"""
_APPUNTAMENTI = """
SELECT count(*) FROM prestazioni_appuntamento a
JOIN prestazioni_prestazione p ON p.id = a.prestazione_id
WHERE a.ente_id = %(ente)s AND p.importazione_id = %(importazione)s
"""
_NOTE_DI_ALTRI = """
SELECT count(*) FROM prestazioni_notadiprestazione n
JOIN prestazioni_prestazione p ON p.id = n.prestazione_id
WHERE n.ente_id = %(ente)s AND p.importazione_id = %(importazione)s
  AND n.scritta_da_id <> %(utente)s
"""
_FIRMATI = """
SELECT count(*) FROM (
    SELECT p.operatore_id, p.giorno FROM prestazioni_prestazione p
    WHERE p.ente_id = %(ente)s AND p.importazione_id = %(importazione)s
    UNION ALL
    SELECT a.utente_id, p.giorno FROM prestazioni_affiancamento a
    JOIN prestazioni_prestazione p ON p.id = a.prestazione_id
    WHERE a.ente_id = %(ente)s AND p.importazione_id = %(importazione)s
) f JOIN prestazioni_foglioore o ON o.ente_id = %(ente)s AND o.operatore_id = f.operatore_id
  AND o.mese = date_trunc('month', f.giorno)::date
"""
_ESITI_CORRETTI = """
SELECT count(DISTINCT e.id) FROM prestazioni_esito e
JOIN prestazioni_storiaesito s
  ON s.pgh_obj_id = e.id AND s.ente_id = %(ente)s AND s.pgh_label = 'cambiata'
WHERE e.ente_id = %(ente)s AND e.importazione_id = %(importazione)s
"""
# (interrogazione, una, più d'una).
_CI_POGGIA = (
    (_FIRMATI, "una riga è di un mese già firmato", "{} righe sono di un mese già firmato"),
    (
        _CORRETTE,
        "una prestazione è stata corretta dopo",
        "{} prestazioni sono state corrette dopo",
    ),
    (_ESITI_CORRETTI, "un esito è stato corretto dopo", "{} esiti sono stati corretti dopo"),
    (
        _APPUNTAMENTI,
        "un appuntamento è legato a una prestazione",
        "{} appuntamenti sono legati alle prestazioni",
    ),
    (
        _NOTE_DI_ALTRI,
        "un'altra persona ci ha scritto una nota",
        "ci sono {} note di altre persone",
    ),
)
_TOGLI = """
DELETE FROM prestazioni_{tabella} t USING prestazioni_prestazione p
WHERE p.id = t.prestazione_id AND t.ente_id = %(ente)s AND p.ente_id = %(ente)s
  AND p.importazione_id = %(importazione)s
"""
_DI_UNA_PRESTAZIONE = ("notadiprestazione", "affiancamento", "partecipazione")
_TOGLI_LE_PRESTAZIONI = """
DELETE FROM prestazioni_prestazione
WHERE ente_id = %(ente)s AND importazione_id = %(importazione)s
"""
_TOGLI_GLI_ESITI = """
DELETE FROM prestazioni_esito WHERE ente_id = %(ente)s AND importazione_id = %(importazione)s
"""
# Persone e prese in carico le toglie una funzione di guardia, se nient'altro le indica.
_TOGLI_LE_NATE = (
    "SELECT tabella, sum(quante) FROM registro_togli_importate(%(importazione)s) GROUP BY 1"
)
_CORRETTA = "corrette:"


def togli(importazione: Importazione, da: Attore) -> None:
    """Toglie ciò che ha scritto. Solleva ValidationError che dice che cosa ci poggia."""
    valori = {
        "ente": da.ente.pk,
        "importazione": importazione.pk,
        "utente": importazione.utente_id,
    }
    with connection.cursor() as cursore:
        _rifiuta_se_ci_poggia_qualcosa(cursore, valori)
        for tabella in _DI_UNA_PRESTAZIONE:
            cursore.execute(_TOGLI.format(tabella=tabella), valori)
        cursore.execute(_TOGLI_LE_PRESTAZIONI, valori)
        cursore.execute(_TOGLI_GLI_ESITI, valori)
        cursore.execute(_TOGLI_LE_NATE, valori)
        if trovate := cursore.fetchall():
            raise _non_si_toglie(_in_parole(tabella, quante) for tabella, quante in trovate)


def _rifiuta_se_ci_poggia_qualcosa(cursore, valori: dict) -> None:
    motivi = []
    for interrogazione, una, molte in _CI_POGGIA:
        cursore.execute(interrogazione, valori)
        (quante,) = cursore.fetchone()
        if quante:
            motivi.append(una if quante == 1 else molte.format(quante))
    if motivi:
        raise _non_si_toglie(motivi)


def _non_si_toglie(motivi: Iterable[str]) -> ValidationError:
    return ValidationError(_NON_SI_TOGLIE.format(motivi="; ".join(motivi)), code="ci_poggia")


def _in_parole(tabella: str, quante: int) -> str:
    """Che cosa poggia sulle righe importate, con il nome che ha per chi legge."""
    corretta = tabella.startswith(_CORRETTA)
    tabella = tabella.removeprefix(_CORRETTA)
    modello = next((m for m in apps.get_models() if m._meta.db_table == tabella), None)
    nomi = ("riga", "righe")
    if modello is not None:
        nomi = (str(modello._meta.verbose_name), str(modello._meta.verbose_name_plural))
    una = quante == 1
    if corretta:
        poi = "ha cambiamenti fatti dopo" if una else "hanno cambiamenti fatti dopo"
    else:
        poi = "ci poggia" if una else "ci poggiano"
    return f"{quante} {nomi[0] if una else nomi[1]} {poi}"
