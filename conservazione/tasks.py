"""La notte della conservazione: un lavoro per ente, che riceve solo numeri e si può ripetere."""

from celery import shared_task
from django.utils import timezone

from conservazione import distruzione, notte
from conservazione.sguardi.rilascio import rilascia_l_ultimo_trimestre
from enti.models import Ente
from enti.sistema import come_sistema


@shared_task
def applica_conservazione(*, prova: bool = False) -> int:
    """Mette in coda ogni ente, anche chi ha lasciato la rete: i suoi dati ci sono ancora. Rende quanti.

    Prima rilascia i numeri dell'ultimo trimestre, se è finito da poco.
    """
    with come_sistema():
        chiavi = list(Ente.objects.order_by("pk").values_list("pk", flat=True))
    if not prova:
        rilascia_l_ultimo_trimestre(timezone.localdate())
    for chiave in chiavi:
        applica_a_ente.apply_async(kwargs={"ente_id": chiave, "prova": prova})
    return len(chiavi)


@shared_task
def applica_a_ente(*, ente_id: int, prova: bool = False) -> None:
    """Esegue le regole su un ente; con `prova` conta soltanto."""
    with come_sistema():
        ente = Ente.objects.filter(pk=ente_id).first()
    if ente is None:
        return
    notte.applica_a(ente, prova=prova)
    if not prova:
        distruzione.riprendi(ente)
        notte.riallinea_elenco(ente)
