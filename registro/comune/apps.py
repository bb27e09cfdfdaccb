from django.apps import AppConfig


class ComuneConfig(AppConfig):
    name = "registro.comune"
    label = "comune"
    verbose_name = "parti comuni"
