from django.apps import AppConfig


class BeneficiariConfig(AppConfig):
    name = "beneficiari"
    verbose_name = "Beneficiari"
