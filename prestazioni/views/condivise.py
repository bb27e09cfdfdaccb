"""Ciò che si è fatto con una persona condivisa da un altro ente, dove il permesso lo comprende."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beneficiari.views.condivise import ricevuta_o_404
from beneficiari.views.sezioni_condivise import persona_condivisa
from enti.permessi import Permesso, richiede
from prestazioni.models import Esito, Partecipazione
from privacy.gruppi import Gruppo, Livello
from registro.db.contesto import contesto


PER_PAGINA = 50


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def della_condivisa(request, uuid):
    """Prestazioni ed esiti: che cosa, quando e per quale azione; mai appunti né altri presenti."""
    autorizzazione = ricevuta_o_404(request, uuid)
    intero = autorizzazione.livello == Livello.COMPLETO
    if not intero or Gruppo.PRESTAZIONI.value not in autorizzazione.gruppi:
        raise Http404
    attore = request.attore
    with contesto(utente=attore.utente.pk, ente=attore.ente.pk, finalita=autorizzazione.finalita):
        persona = persona_condivisa(autorizzazione)
        if persona is None:
            raise Http404
        fatte = Partecipazione.objects.della_persona(persona).select_related("voce", "azione")
        esiti = Esito.objects.della_persona(persona).select_related("tipo")
        dati = {
            "autorizzazione": autorizzazione,
            "persona": persona,
            "pagina": Paginator(fatte.dalle_ultime(), PER_PAGINA).get_page(
                request.GET.get("pagina")
            ),
            "esiti": esiti.order_by("-giorno", "-pk"),
        }
        return render(request, "prestazioni/condivise/della_condivisa.html", dati)
