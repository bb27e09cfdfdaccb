"""Come allauth cifra i segreti dei fattori: con le chiavi del Registro, ciascuno legato alla sua persona."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from registro.comune.cifratura import cifra, decifra, versione_della_chiave


_di_chi: ContextVar[int] = ContextVar("segreti_di_chi")


@contextmanager
def segreti_di(utente_id: int) -> Iterator[None]:
    """Dice di chi sono i segreti che si cifrano e si aprono nel blocco.

    Fuori da qui non se ne apre nessuno (LookupError), e quelli di un altro non si aprono
    (`DatoCifratoAlterato`): una riga copiata sotto un altro account non lo fa entrare.
    """
    segno = _di_chi.set(utente_id)
    try:
        yield
    finally:
        _di_chi.reset(segno)


class AdattatoreMfa(DefaultMFAAdapter):
    """MFA_ADAPTER: i segreti stanno nel database solo cifrati."""

    def encrypt(self, text: str) -> str:
        return b64encode(cifra(text, legame=_legame())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decifra(b64decode(encrypted_text), legame=_legame())

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}

    def get_public_key_credential_user_entity(self, user) -> dict:
        chi = super().get_public_key_credential_user_entity(user)
        return chi | {"display_name": user.nome_completo}


def con_la_chiave_di_oggi(cifrato: str) -> bool:
    """Se il segreto è chiuso con la chiave corrente; se no, lo si richiude alla prima occasione."""
    return versione_della_chiave(b64decode(cifrato)) == settings.CHIAVE_CORRENTE


def _legame() -> str:
    return f"mfa_authenticator.data|utente:{_di_chi.get()}"
