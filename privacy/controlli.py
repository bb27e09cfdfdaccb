"""Ciò che deve esserci perché il programma si possa usare con persone vere."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error


def contatto_del_dpo(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Un errore se manca a chi scrivere per i propri dati: va in ogni pagina (art. 37 GDPR)."""
    if settings.CONTATTO_DPO:
        return []
    return [
        Error(
            "Manca il contatto del responsabile della protezione dei dati.",
            hint="Scrivilo in REGISTRO_CONTATTO_DPO: sta in fondo a ogni pagina e nelle informative.",
            id="privacy.E001",
        )
    ]
