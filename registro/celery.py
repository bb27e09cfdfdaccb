"""L'applicazione Celery: configurazione dalle impostazioni, orari dei lavori periodici."""

import os

from celery import Celery
from celery.schedules import crontab

from registro.comune.battito import Battito


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registro.settings")

applicazione = Celery("registro")
applicazione.config_from_object("django.conf:settings", namespace="CELERY")
applicazione.autodiscover_tasks()
applicazione.steps["consumer"].add(Battito)
applicazione.conf.beat_schedule = {
    "riprendi-documenti": {
        "task": "report.tasks.riprendi_documenti",
        "schedule": 60.0,
        # Con il lavoratore spento non se ne accumula una fila: la prossima vale anche per queste.
        "options": {"expires": 55},
    },
    # I file con dati di persone durano un giorno, o finché chi li condivide non ci ripensa.
    "cura-documenti-di-persone": {
        "task": "beneficiari.tasks.cura_documenti",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Gli avvisi di un accesso d'emergenza partono subito: questo rimanda quelli rimasti fermi.
    "avvisa-emergenze": {
        "task": "beneficiari.tasks.avvisa_emergenze",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Un lotto al minuto: ciò che si cambia entro il minuto i sigilli non lo trovano.
    "sigilla-registri": {
        "task": "privacy.tasks.sigilla_registri",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # Ciò che non può aspettare domani: molte pagine, esportazioni grandi, letture di notte.
    "segnala-anomalie": {
        "task": "beneficiari.tasks.segnala_anomalie",
        "schedule": 600.0,
        "options": {"expires": 550},
    },
    "segnala-anomalie-di-ieri": {
        "task": "beneficiari.tasks.segnala_anomalie",
        "schedule": crontab(hour=4, minute=5),
        "kwargs": {"del_giorno": True},
    },
    # Prima delle copie: la copia della notte ha già la testata del giorno.
    "cura-registri": {
        "task": "privacy.tasks.cura_registri",
        "schedule": crontab(hour=1, minute=10),
    },
    # Le 72 ore di una violazione: un avviso un giorno prima che finiscano, uno quando sono finite.
    "avvisa-violazioni": {
        "task": "privacy.tasks.avvisa_violazioni",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    # I fogli da importare si tengono una settimana; una richiesta rimasta ferma riparte.
    "cura-importazioni": {
        "task": "prestazioni.tasks.cura_importazioni",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    # Di notte: chi inserisce una persona non deve capire dal tempo se un altro ente la conosce.
    "proponi-legami": {
        "task": "beneficiari.tasks.proponi_legami",
        "schedule": crontab(hour=3, minute=17),
    },
    # Per quanto si tengono i dati: chi è alla fine del suo tempo si avvisa, poi si dimentica.
    "applica-conservazione": {
        "task": "conservazione.tasks.applica_conservazione",
        "schedule": crontab(hour=2, minute=41),
    },
    # L'avviso di un secondo fattore azzerato parte subito: questo rimanda quelli rimasti fermi.
    "riprova-gli-azzeramenti": {
        "task": "enti.tasks.riprova_gli_azzeramenti",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    # A quest'ora la copia della notte c'è, o si è già riprovato: chi può agire lo sappia da subito.
    "avvisa-delle-copie": {
        "task": "enti.tasks.avvisa_delle_copie",
        "schedule": crontab(hour=7, minute=30),
    },
    # Chi chiede dei propri dati ha risposta entro un mese: si avvisa prima, e se è passato.
    "avvisa-delle-scadenze": {
        "task": "beneficiari.tasks.avvisa_delle_scadenze",
        "schedule": crontab(hour=6, minute=40),
    },
    # I numeri della rete: lo stesso lavoro, se non è cambiato niente, costa un'interrogazione.
    "ricalcola-cruscotti": {
        "task": "prestazioni.tasks.ricalcola_cruscotti",
        "schedule": 180.0,
        "options": {"expires": 170},
    },
}
