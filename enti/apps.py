from importlib import import_module

from django.apps import AppConfig


class EntiConfig(AppConfig):
    name = "enti"
    verbose_name = "enti"

    def ready(self) -> None:
        # Chi annota gli accessi si mette in ascolto quando lo si importa.
        import_module("enti.eventi")
