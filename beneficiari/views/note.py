"""Le note su una persona: scriverne una, cambiare le proprie."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.views.decorators.http import require_http_methods

from beneficiari.azioni import note as azioni
from beneficiari.azioni.rilevazioni import RigaCambiata
from beneficiari.forms.note import NotaForm
from beneficiari.models import Nota
from beneficiari.views.comune import persona_o_404, vede_i_sensibili
from beneficiari.views.rilevazioni import (
    RICHIUSI,
    pagina_di_modulo,
    persona_della_riga,
    riga_o_404,
    torna,
)
from enti.permessi import Permesso, richiede


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def scrivi(request, uuid):
    persona = persona_o_404(request, uuid)
    form = NotaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if not vede_i_sensibili(request.attore, persona):
                raise ValidationError(RICHIUSI)
            nota = azioni.scrivi_nota(
                persona=persona, testo=form.cleaned_data["testo"], da=request.attore
            )
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Nota salvata.")
            return torna(persona, f"nota-{nota.uuid}")
    return pagina_di_modulo(request, persona, "nota.html", form=form, nota=None)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def nota(request, uuid):
    """Chi l'ha scritta la cambia, gli altri la leggono."""
    riga = riga_o_404(request, Nota.objects.dalla_piu_recente(), uuid)
    persona = persona_della_riga(riga)
    form = NotaForm(request.POST if request.method == "POST" else None, nota=riga)
    cambiata = None
    if request.method == "POST" and form.is_valid():
        try:
            azioni.modifica_nota(
                nota=riga,
                testo=form.cleaned_data["testo"],
                versione=form.cleaned_data["versione"] or 0,
                da=request.attore,
            )
        except RigaCambiata as errore:
            cambiata = errore.attuale
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Nota cambiata.")
            return torna(persona, f"nota-{riga.uuid}")
    dati = {
        "form": form,
        "nota": riga,
        "cambiata": cambiata,
        "versione": (cambiata or riga).versione,
        "propria": riga.scritta_da_id == request.attore.utente.pk,
    }
    return pagina_di_modulo(request, persona, "nota.html", **dati)
