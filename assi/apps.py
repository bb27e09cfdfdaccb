from django.apps import AppConfig


class AssiConfig(AppConfig):
    name = "assi"
    verbose_name = "assi"
