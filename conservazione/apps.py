from django.apps import AppConfig


class ConservazioneConfig(AppConfig):
    name = "conservazione"
    verbose_name = "Conservazione"
