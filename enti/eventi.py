"""Annotare un evento di sicurezza: una riga sola in aggiunta, con numeri e codici, mai nomi."""

import re
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

from enti.models import CodiceEvento, Ente, EventoDiSicurezza, Utente
from enti.permessi import Attore
from enti.sistema import come_sistema
from registro.db.contesto import contesto_corrente


# Un codice, un numero d'ordine, un UUID: ciò che non può essere un nome, un indirizzo o un testo.
_CODICE = re.compile(r"[a-z0-9][a-z0-9_:.\-]{0,39}")


def annota_evento(
    codice: CodiceEvento,
    *,
    da: Attore | None = None,
    utente: Utente | None = None,
    ente: Ente | None = None,
    su_utente: Utente | None = None,
    persona: int | None = None,
    richiesta: str = "",
    **dati: int | bool | str | None,
) -> EventoDiSicurezza:
    """Scrive l'evento nella transazione di chi chiama: se il gesto torna indietro, torna anche lui.

    Chi agisce è `da`; oppure, dove un Attore non c'è ancora, `utente` (taciuto, il contesto) ed
    `ente`. Con `da` si può dire un altro `ente` (l'invito di chi amministra). `persona` è la chiave
    della riga di beneficiario. `dati` sono numeri e codici minuscoli (`prima="operatore"`,
    `quante=12`): solleva ValueError per tutto il resto, perché qui non entrano dati di persone.
    Per conservare un evento anche se il gesto fallisce lo si annota fuori dalla sua transazione.
    """
    dati = {nome: _codice(valore) for nome, valore in dati.items() if valore is not None}
    chi = da.utente.pk if da else (utente.pk if utente else contesto_corrente().utente)
    per_chi = ente or (da.ente if da else None)
    evento = EventoDiSicurezza(
        codice=CodiceEvento(codice),
        utente_id=chi,
        ente=per_chi,
        su_utente=su_utente,
        persona=persona,
        dati=dati,
        richiesta=richiesta,
    )
    adesso = contesto_corrente()
    if chi is not None and adesso.utente == chi and per_chi and adesso.ente == per_chi.pk:
        evento.save(force_insert=True)
        return evento
    # Chi entra non ha ancora un contesto, e chi amministra agisce su un altro ente dal suo.
    with come_sistema(per_chi):
        evento.save(force_insert=True)
    return evento


def _codice(valore: Any) -> int | bool | str:
    if isinstance(valore, int):
        return valore
    testo = str(valore)
    if not _CODICE.fullmatch(testo):
        raise ValueError("In un evento entrano numeri e codici, non testi.")
    return testo


@receiver(user_logged_in)
def annota_accesso(sender, *, user: Utente, **_: Any) -> None:
    """Ogni ingresso di chiunque, amministratori compresi (provvedimento sugli AdS del 2008)."""
    annota_evento(CodiceEvento.ACCESSO, utente=user)


@receiver(user_logged_out)
def annota_uscita(sender, *, user: Utente | None, **_: Any) -> None:
    """L'uscita di chi era entrato; una sessione già finita non ha nessuno da annotare."""
    if isinstance(user, Utente):
        annota_evento(CodiceEvento.USCITA, utente=user)


@receiver(user_login_failed)
def annota_accesso_fallito(sender, *, credentials: dict[str, Any], **_: Any) -> None:
    """Un ingresso non riuscito: su quale account, se c'è; l'indirizzo scritto non si conserva."""
    scritto = str(credentials.get("username") or credentials.get("email") or "").strip().lower()
    provato = Utente.objects.filter(email=scritto, di_sistema=False).first() if scritto else None
    with come_sistema():
        EventoDiSicurezza.objects.create(
            codice=CodiceEvento.ACCESSO_FALLITO, su_utente=provato, dati={}
        )
