"""I numeri che escono dal Registro: un trimestre finito, arrotondato e fermo."""

from datetime import date

from django.db import connection

from enti.sistema import come_sistema
from registro.comune.mesi import fra_mesi


def rilascia_l_ultimo_trimestre(giorno: date) -> int:
    """Rilascia il trimestre finito prima di `giorno`, se non l'ha già fatto. Rende quante righe."""
    with come_sistema(), connection.cursor() as cursore:
        cursore.execute("SELECT registro_rilascia_numeri(%s)", [fra_mesi(giorno, -3)])
        return cursore.fetchone()[0]
