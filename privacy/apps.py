from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register


class PrivacyConfig(AppConfig):
    name = "privacy"
    verbose_name = "Privacy"

    def ready(self) -> None:
        controlli = import_module("privacy.controlli")
        register(controlli.contatto_del_dpo, Tags.security, deploy=True)
