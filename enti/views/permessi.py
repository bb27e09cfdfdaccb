"""Chi può fare che cosa: la tabella dei ruoli, e le eccezioni di un utente."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.azioni import eccezioni as azioni
from enti.forms.utenti import EccezioneForm
from enti.models import PermessoSuEnte, PermessoSuNodo, Utente
from enti.permessi import (
    ECCEZIONI_POSSIBILI,
    PERMESSI_DEL_RUOLO,
    PERMESSI_IN_PAROLE,
    Permesso,
    Ruolo,
    richiede,
)
from enti.views.utenti import appartenenza_gestibile


@require_safe
@richiede(Permesso.RETE_VEDERE)
def ruoli(request):
    righe = [
        (PERMESSI_IN_PAROLE[permesso], [permesso in PERMESSI_DEL_RUOLO[ruolo] for ruolo in Ruolo])
        for permesso in Permesso
    ]
    dati = {
        "ruoli": [ruolo.label for ruolo in Ruolo],
        "righe": righe,
        "in_piu": [parole for _, parole in ECCEZIONI_POSSIBILI],
    }
    return render(request, "enti/ruoli.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.ACCOUNT_GESTIRE)
def eccezioni(request, uuid):
    appartenenza = appartenenza_gestibile(request, uuid)
    scritti = request.POST if request.method == "POST" else None
    form = EccezioneForm(scritti, appartenenza=appartenenza)
    if request.method == "POST" and form.is_valid():
        campi = form.cleaned_data
        try:
            azioni.dai_permesso(
                utente=appartenenza.utente,
                su=form.su,
                permesso=campi["permesso"],
                motivo=campi["motivo"],
                al=campi["al"],
                da=request.attore,
            )
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(request, "Permesso dato: vale dalla prossima pagina che apre.")
            return redirect("enti:eccezioni", uuid)
    dati = {"appartenenza": appartenenza, "form": form, "date": _date(appartenenza.utente)}
    stato = 422 if form.is_bound else 200
    return render(request, "enti/utenti/eccezioni.html", dati, status=stato)


@require_POST
@richiede(Permesso.ACCOUNT_GESTIRE)
def ritira(request, uuid, eccezione):
    appartenenza = appartenenza_gestibile(request, uuid)
    trovata = next((e for e in _date(appartenenza.utente) if e.uuid == eccezione), None)
    if trovata is None:
        raise Http404
    azioni.ritira_permesso(eccezione=trovata, da=request.attore)
    messages.success(request, "Permesso ritirato.")
    return redirect("enti:eccezioni", uuid)


def _date(utente: Utente) -> list[PermessoSuEnte | PermessoSuNodo]:
    """Le eccezioni di `utente` che chi guarda può vedere, su enti e su nodi."""
    return [*PermessoSuEnte.objects.di(utente), *PermessoSuNodo.objects.di(utente)]
