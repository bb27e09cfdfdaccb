"""Aprire un accesso d'emergenza; prendere visione di quelli sulle persone del proprio ente."""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from beneficiari import sguardi
from beneficiari.azioni.codici import CodiceScritto
from beneficiari.models import AvvisoDEmergenza, Identificativo
from beneficiari.tasks import sveglia_gli_avvisi
from enti.eventi import annota_evento
from enti.models import CodiceEvento, Ente
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


MINUTI = 60
MOTIVO_MINIMO = 20


def apri_emergenza(
    *, codice: CodiceScritto, motivo: str, da: Attore, minuti: int = MINUTI
) -> UUID:
    """Apre a `da`, per `minuti`, il minimo della persona che ha esattamente quel codice in un altro
    ente; rende l'uuid dell'accesso, che c'è anche se nessuno ha quel codice.

    L'indice si calcola per ogni ente della rete: quanti lavori si fanno non dipende da chi si cerca.
    Solleva ValidationError con la frase del database (motivo breve, troppi accessi, nessuna base).
    """
    da.esigi(Permesso.PERSONE_VEDERE)
    indici = {
        ente: Identificativo.indice_di(codice.tipo, ente=ente, normale=codice.valore)
        for ente in Ente.objects.order_by("pk").values_list("pk", flat=True)
    }
    with frasi_del_database():
        accesso = sguardi.apri_emergenza(
            tipo=codice.tipo, motivo=" ".join(motivo.split()), minuti=minuti, indici=indici
        )
    annota_evento(CodiceEvento.EMERGENZA_APERTA, da=da, tipo=codice.tipo, minuti=minuti)
    transaction.on_commit(partial(sveglia_gli_avvisi))
    return accesso


def prendi_visione(*, avviso: AvvisoDEmergenza, da: Attore) -> None:
    """Segna che chi risponde dei dati ha letto l'avviso. Ripeterlo non cambia niente."""
    da.esigi(Permesso.REGISTRI_VEDERE)
    AvvisoDEmergenza.objects.filter(pk=avviso.pk, ente=da.ente, visto_il=None).update(
        visto_il=timezone.now(), visto_da=da.utente
    )
