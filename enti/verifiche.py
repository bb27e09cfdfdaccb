"""Ciò che, se lo si lascia acceso in esercizio, apre la porta: il programma non parte."""

from django.conf import settings
from django.core.checks import Error, register


@register()
def niente_scorciatoie_al_secondo_fattore(app_configs, **opzioni) -> list[Error]:
    """Un codice che vale sempre, o passkey su pagine in chiaro, solo in dimostrazione e nelle prove."""
    if settings.DIMOSTRAZIONE:
        return []
    return [
        Error(
            f"{nome} è acceso: fuori dalla dimostrazione scavalca il secondo fattore.", id=codice
        )
        for nome, codice in (
            ("MFA_TOTP_INSECURE_BYPASS_CODE", "enti.E001"),
            ("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", "enti.E002"),
        )
        if getattr(settings, nome, None)
    ]
