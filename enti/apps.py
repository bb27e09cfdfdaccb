from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class EntiConfig(AppConfig):
    name = "enti"
    verbose_name = "enti"

    def ready(self) -> None:
        # Le sessioni si contano da quando si entra, da qualunque porta.
        from enti import eventi, verifiche  # noqa: F401 - annota gli accessi, registra i controlli
        from enti.middleware import segna_ingresso

        user_logged_in.connect(segna_ingresso, dispatch_uid="enti.segna_ingresso")
