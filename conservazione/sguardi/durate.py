"""Le durate, in parole, per chi scrive il registro dei trattamenti."""

from conservazione.models import RegolaConservazione
from privacy.durate import Durata


SENZA_TERMINE = "senza un termine"


def durate_in_parole() -> list[Durata]:
    """Una riga per regola, nell'ordine della tabella."""
    return [
        Durata(
            categoria=regola.categoria,
            evento=regola.evento,
            per_quanto=regola.durata_in_parole or SENZA_TERMINE,
            poi=regola.get_azione_display(),
            motivo=regola.motivo,
        )
        for regola in RegolaConservazione.objects.in_ordine()
    ]
