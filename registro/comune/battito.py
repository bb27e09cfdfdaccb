"""Il battito dei lavoratori: una chiave di Redis per coda, che svanisce se nessuno la rinnova.

È più economico di un `ping` a tutti i lavoratori (una lettura, invece di un giro di messaggi e un
secondo di attesa quando nessuno risponde) e dice quale coda è scoperta. Lo rinnova il ciclo
principale del lavoratore: se si blocca, il battito smette.
"""

from contextlib import suppress
from typing import Any

from celery import bootsteps
from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError


OGNI_SECONDI = 1.5
VALE_SECONDI = 5


def chiave(coda: str) -> str:
    """Il nome della chiave che vive finché qualcuno lavora su `coda`."""
    return f"registro:battito:{coda}"


class Battito(bootsteps.StartStopStep):
    """Passo del lavoratore Celery che rinnova il battito delle code che sta servendo."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, consumer: Any, **opzioni: Any) -> None:
        super().__init__(consumer, **opzioni)
        self.ripetizione = None

    def start(self, consumer: Any) -> None:
        code = list(consumer.app.amqp.queues.consume_from)
        cliente = Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)
        self._batti(cliente, code)
        self.ripetizione = consumer.timer.call_repeatedly(
            OGNI_SECONDI, self._batti, (cliente, code)
        )

    def stop(self, consumer: Any) -> None:
        if self.ripetizione:
            self.ripetizione.cancel()
            self.ripetizione = None

    shutdown = stop

    @staticmethod
    def _batti(cliente: Redis, code: list[str]) -> None:
        # Redis che manca non ferma il lavoratore: lo dice già l'assenza del battito.
        with suppress(RedisError):
            for coda in code:
                cliente.set(chiave(coda), 1, ex=VALE_SECONDI)
