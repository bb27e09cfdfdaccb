from django.apps import AppConfig


class PrestazioniConfig(AppConfig):
    name = "prestazioni"
    verbose_name = "Prestazioni"
