"""La tabella delle durate come la legge il registro dei trattamenti."""

from conservazione.models import RegolaConservazione
from privacy.durate import Durata


SENZA_TERMINE = "senza un termine"


def durate_in_parole() -> list[Durata]:
    """Le regole di conservazione in parole, nel loro ordine; una regola spenta lo dice."""
    return [
        Durata(
            categoria=regola.categoria,
            evento=regola.evento,
            per_quanto=regola.durata_in_parole or SENZA_TERMINE,
            poi=_poi(regola),
            motivo=regola.motivo,
        )
        for regola in RegolaConservazione.objects.in_ordine()
    ]


def _poi(regola: RegolaConservazione) -> str:
    poi = regola.get_azione_display()
    ferma = regola.chi != RegolaConservazione.Chi.ALTROVE and not regola.accesa
    return f"{poi} (ancora non acceso)" if ferma else poi
