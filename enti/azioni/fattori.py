"""I secondi fattori di chi lavora: attivarli, usarli all'ingresso, rifare i codici di riserva, toglierli.

La parte difficile (gli standard TOTP e WebAuthn) è di allauth e di fido2. Qui si tiene ciò che serve a
questo programma: ogni codice vale una volta sola anche se lo usano insieme due processi, i segreti
stanno cifrati e legati alla persona, l'ultimo fattore non si toglie.
"""

import time
import uuid
from base64 import b64encode
from dataclasses import dataclass
from io import BytesIO

import qrcode
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.mfa.utils import decrypt, encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from enti.adattatore import AdattatoreMfa, con_la_chiave_di_oggi, segreti_di
from enti.eventi import annota_evento
from enti.models import CodiceEvento, Utente


APP, PASSKEY, RISERVA = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
CODICE_SBAGLIATO = (
    "Il codice non è giusto, o è appena cambiato. Apri l'app e scrivi quello che si legge adesso: cambia"
    " ogni 30 secondi."
)
PASSKEY_NON_VALE = (
    "La passkey non è stata riconosciuta. Non è cambiato nulla: riprova, o usa un altro modo."
)
ULTIMO = (
    "È il tuo ultimo secondo fattore: prima aggiungine un altro, poi togli questo. Se hai cambiato"
    " telefono, aggiungi l'app del telefono nuovo al posto di quella di prima."
)
MASSIMO_PASSKEY = 10


@dataclass(frozen=True, slots=True)
class Fattori:
    """I fattori di una persona: da quando ha l'app, le sue passkey, quanti codici di riserva restano."""

    app: Authenticator | None
    passkey: list[Authenticator]
    riserva: int

    @property
    def attivi(self) -> bool:
        return bool(self.app or self.passkey)


def fattori_di(utente: Utente) -> Fattori:
    """I fattori di `utente`. Si leggono solo nel suo contesto."""
    righe = list(Authenticator.objects.filter(user=utente).order_by("created_at", "pk"))
    codici = next((riga for riga in righe if riga.type == RISERVA), None)
    return Fattori(
        app=next((riga for riga in righe if riga.type == APP), None),
        passkey=[riga for riga in righe if riga.type == PASSKEY],
        riserva=_quanti_restano(codici) if codici else 0,
    )


def ha_un_fattore(utente: Utente) -> bool:
    """Se all'ingresso gli si chiede il secondo passo."""
    return Authenticator.objects.filter(user=utente, type__in=(APP, PASSKEY)).exists()


# L'app con i codici --------------------------------------------------------------------------


def nuovo_segreto() -> str:
    """Il segreto da mettere nell'app: 160 bit, in base 32."""
    return generate_totp_secret()


def disegno_del_segreto(utente: Utente, segreto: str) -> str:
    """Il quadrato da inquadrare con l'app, come indirizzo `data:` di un SVG."""
    indirizzo = AdattatoreMfa().build_totp_url(utente, segreto)
    disegno = BytesIO()
    qrcode.make(indirizzo, image_factory=SvgPathImage, border=2).save(disegno)
    return f"data:image/svg+xml;base64,{b64encode(disegno.getvalue()).decode()}"


def codice_di_adesso(segreto: str) -> str:
    """Le sei cifre che l'app mostra in questo momento."""
    return format_hotp_value(hotp_value(segreto, _passo()))


@transaction.atomic
def attiva_app(*, utente: Utente, segreto: str, codice: str) -> None:
    """Lega l'app alla persona, al posto di quella di prima. Solleva ValidationError se il codice non è
    quello di adesso."""
    if not compare_user_code(actual=codice, expected=codice_di_adesso(segreto)):
        raise ValidationError(CODICE_SBAGLIATO, code="codice")
    Authenticator.objects.filter(user=utente, type=APP).delete()
    _usato(lega_app(utente=utente, segreto=segreto), ultimo_passo=_passo())
    annota_evento(CodiceEvento.FATTORE_AGGIUNTO, utente=utente, fattore=APP)


def lega_app(*, utente: Utente, segreto: str) -> Authenticator:
    """Lega un segreto alla persona senza chiedere un codice: lo fa la dimostrazione, per i suoi account."""
    with segreti_di(utente.pk):
        return TOTP.activate(utente, segreto).instance


def verifica_app(*, utente: Utente, codice: str) -> bool:
    """Se il codice è quello di adesso e nessuno l'ha già usato.

    Il numero del mezzo minuto usato per ultimo sta nella riga, che si blocca: di due richieste
    insieme con lo stesso codice ne passa una, in qualunque processo siano.
    """
    with transaction.atomic(), segreti_di(utente.pk):
        riga = _ferma(utente, APP)
        passo = _passo()
        if riga is None or riga.data.get("ultimo_passo", 0) >= passo:
            return False
        segreto = decrypt(riga.data["secret"])
        giusto = format_hotp_value(hotp_value(segreto, passo))
        if not compare_user_code(actual=codice, expected=giusto):
            return False
        if not con_la_chiave_di_oggi(riga.data["secret"]):
            riga.data["secret"] = encrypt(segreto)
        _usato(riga, ultimo_passo=passo)
    return True


# Le passkey ----------------------------------------------------------------------------------


def inizia_passkey(utente: Utente) -> dict:
    """Ciò che il navigatore deve sapere per creare una passkey; la sfida resta nella sessione."""
    return webauthn.begin_registration(utente, passwordless=False)


@transaction.atomic
def aggiungi_passkey(*, utente: Utente, nome: str, credenziale: dict) -> None:
    """Aggiunge la passkey creata. Solleva ValidationError se non risponde alla sfida, o sono troppe."""
    if Authenticator.objects.filter(user=utente, type=PASSKEY).count() >= MASSIMO_PASSKEY:
        raise ValidationError("Hai già dieci passkey: togline una, poi aggiungi questa.")
    _o_non_vale(lambda: webauthn.complete_registration(credenziale))
    riga = webauthn.WebAuthn.add(utente, nome, credenziale).instance
    _usato(riga, uuid=str(uuid.uuid4()))
    annota_evento(CodiceEvento.FATTORE_AGGIUNTO, utente=utente, fattore=PASSKEY)


def chiedi_passkey(utente: Utente) -> dict:
    """Ciò che il navigatore deve sapere per usare una passkey di `utente`."""
    return webauthn.begin_authentication(utente)


def verifica_passkey(*, utente: Utente, credenziale: dict) -> bool:
    """Se la passkey è di `utente` e risponde alla sfida, che vale una volta."""
    try:
        riga = _o_non_vale(lambda: webauthn.complete_authentication(utente, credenziale))
    except ValidationError:
        return False
    finally:
        webauthn.clear_state()
    riga.record_usage()
    return True


@transaction.atomic
def togli_passkey(*, utente: Utente, chiave: uuid.UUID) -> None:
    """Toglie una passkey. Solleva Authenticator.DoesNotExist, o ValidationError se è l'ultimo fattore."""
    _togli(utente, Authenticator.objects.get(user=utente, data__uuid=str(chiave)))


@transaction.atomic
def togli_app(*, utente: Utente) -> None:
    """Toglie l'app. Solleva Authenticator.DoesNotExist, o ValidationError se è l'ultimo fattore."""
    _togli(utente, Authenticator.objects.get(user=utente, type=APP))


# I codici di riserva -------------------------------------------------------------------------


@transaction.atomic
def rifai_codici(*, utente: Utente) -> list[str]:
    """Dieci codici nuovi, che valgono una volta l'uno; quelli di prima non valgono più."""
    Authenticator.objects.filter(user=utente, type=RISERVA).delete()
    annota_evento(CodiceEvento.CODICI_RIFATTI, utente=utente)
    with segreti_di(utente.pk):
        return RecoveryCodes.activate(utente).generate_codes()


def ha_codici(utente: Utente) -> bool:
    return Authenticator.objects.filter(user=utente, type=RISERVA).exists()


def verifica_riserva(*, utente: Utente, codice: str) -> bool:
    """Se è un codice di riserva non ancora usato; da adesso lo è."""
    with transaction.atomic(), segreti_di(utente.pk):
        riga = _ferma(utente, RISERVA)
        if riga is None or not RecoveryCodes(riga).validate_code(codice):
            return False
        riga.refresh_from_db()
        if not con_la_chiave_di_oggi(riga.data["seed"]):
            riga.data["seed"] = encrypt(decrypt(riga.data["seed"]))
        _usato(riga)
        annota_evento(CodiceEvento.CODICE_USATO, utente=utente)
    return True


def _quanti_restano(riga: Authenticator) -> int:
    return app_settings.RECOVERY_CODE_COUNT - riga.data["used_mask"].bit_count()


def _togli(utente: Utente, riga: Authenticator) -> None:
    # Ferme tutte: due richieste insieme non ne tolgono una a testa.
    suoi = Authenticator.objects.select_for_update().filter(user=utente, type__in=(APP, PASSKEY))
    if [altro.pk for altro in suoi] == [riga.pk]:
        raise ValidationError(ULTIMO)
    annota_evento(CodiceEvento.FATTORE_TOLTO, utente=utente, fattore=riga.type)
    riga.delete()


def _ferma(utente: Utente, tipo: str) -> Authenticator | None:
    return Authenticator.objects.select_for_update().filter(user=utente, type=tipo).first()


def _usato(riga: Authenticator, **dati) -> None:
    riga.data |= dati
    riga.last_used_at = timezone.now()
    riga.save(update_fields=["data", "last_used_at"])


def _o_non_vale(gesto):
    # fido2 rifiuta una risposta fatta male con eccezioni di ogni genere, secondo dove la trova rotta.
    try:
        return gesto()
    except Exception as errore:
        raise ValidationError(PASSKEY_NON_VALE, code="passkey") from errore


def _passo() -> int:
    return int(time.time()) // app_settings.TOTP_PERIOD
