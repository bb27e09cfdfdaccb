"""I lavori a orario sulle persone: agiscono come sistema, non mostrano niente a nessuno."""

from celery import shared_task

from beneficiari import collegamenti
from enti.sistema import come_sistema


@shared_task(name="beneficiari.tasks.proponi_legami")
def proponi_legami() -> int:
    """Cerca righe di enti diversi che sembrano la stessa persona. Rende quanti legami propone.

    Di notte e non mentre si scrive: chi inserisce non deve capire dal tempo se c'è un altro.
    """
    with come_sistema():
        return collegamenti.proponi()
