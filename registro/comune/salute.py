"""Lo stato del servizio per chi lo sorveglia: database, Redis, lavoratori."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

from registro.comune.battito import chiave
from registro.comune.copie import Giudizio, giudica


BENE = "ok"
MALE = "non risponde"


@login_not_required
@require_safe
@cache_control(no_store=True)
def salute(request: HttpRequest) -> JsonResponse:
    """200 se database, Redis e lavoratori rispondono; 503 altrimenti, e dice quali no.

    `lavoratore` nomina le code che nessuno sta servendo da qualche secondo.
    """
    esiti = {"database": _database(), **_redis_e_lavoratore()}
    sano = all(esito == BENE for esito in esiti.values())
    return JsonResponse(
        {"stato": BENE if sano else "guasto", **esiti}, status=200 if sano else 503
    )


@login_not_required
@require_safe
@cache_control(no_store=True)
def salute_delle_copie(request: HttpRequest) -> JsonResponse:
    """200 se l'ultima copia e l'ultima prova di ripristino sono riuscite e recenti; 503 altrimenti.

    Sta a parte da `salute`: senza copie di stanotte le pagine vanno servite lo stesso.
    """
    giudizi = giudizi_delle_copie()
    sano = not any(giudizio.rosso for giudizio in giudizi.values())
    esiti = {
        nome: {
            "esito": giudizio.esito,
            "riuscita_il": giudizio.riuscita_il and giudizio.riuscita_il.isoformat(),
        }
        for nome, giudizio in giudizi.items()
    }
    return JsonResponse(
        {"stato": BENE if sano else "guasto", **esiti}, status=200 if sano else 503
    )


def giudizi_delle_copie() -> dict[str, Giudizio]:
    """Come stanno, adesso, la «copia» e la «prova» di questa installazione."""
    return giudica(settings.CARTELLA_DATI, timezone.now())


def code_dei_lavori() -> list[str]:
    """Le code che qualcuno deve servire: quella comune e quelle nominate nelle impostazioni."""
    altre = {percorso["queue"] for percorso in settings.CELERY_TASK_ROUTES.values()}
    return ["celery", *sorted(altre)]


def _database() -> str:
    try:
        with connection.cursor() as cursore:
            cursore.execute("SELECT 1")
    except Error:
        return MALE
    return BENE


def _redis_e_lavoratore() -> dict[str, str]:
    code = code_dei_lavori()
    try:
        battiti = _cliente(settings.REDIS_URL).mget([chiave(coda) for coda in code])
    except RedisError:
        return {"redis": MALE, "lavoratore": f"{MALE} (senza Redis non si raggiunge)"}
    scoperte = [coda for coda, battito in zip(code, battiti, strict=True) if not battito]
    lavoratore = f"{MALE} (code scoperte: {', '.join(scoperte)})" if scoperte else BENE
    return {"redis": BENE, "lavoratore": lavoratore}


@cache
def _cliente(indirizzo: str) -> Redis:
    """Il cliente di Redis, uno per processo; un secondo di pazienza e nessun nuovo tentativo."""
    return Redis.from_url(indirizzo, socket_timeout=1, socket_connect_timeout=1, retry=None)
