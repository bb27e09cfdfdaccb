from django.apps import AppConfig


class PrestazioniConfig(AppConfig):
    name = "prestazioni"
    verbose_name = "Prestazioni"

    def ready(self) -> None:
        """Fa sapere al foglio della persona che cosa c'è qui di lei."""
        # I modelli si possono caricare solo da qui in poi.
        from beneficiari.agganci import registra_prospetti
        from prestazioni.documenti.persona import prospetti_di_prestazioni

        registra_prospetti(prospetti_di_prestazioni)
