from django.apps import AppConfig


class ConservazioneConfig(AppConfig):
    name = "conservazione"
    verbose_name = "Conservazione"

    def ready(self) -> None:
        # I modelli si possono importare solo adesso.
        from beneficiari.agganci import registra_cancellatore
        from conservazione.azioni.oblio import dimentica
        from conservazione.sguardi.durate import durate_in_parole
        from privacy.durate import aggiungi_fonte

        registra_cancellatore(dimentica)
        aggiungi_fonte(durate_in_parole)
