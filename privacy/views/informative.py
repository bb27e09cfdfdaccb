"""Le informative dell'ente: versioni, impronte, testi archiviati."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.permessi import Permesso, richiede
from privacy.azioni import informative as azioni
from privacy.forms.informative import InformativaForm
from privacy.gruppi import Finalita, Gruppo
from privacy.models import Informativa


@require_safe
@richiede(Permesso.REGOLE_VEDERE)
def elenco(request):
    # Il garante legge quelle di ogni ente: di quali lo decide la policy.
    informative = list(Informativa.objects.per_elenco())
    dati = {
        "in_uso": [voce for voce in informative if voce.ritirata_il is None],
        "ritirate": [voce for voce in informative if voce.ritirata_il is not None],
        "di_piu_enti": len({voce.ente_id for voce in informative}) > 1,
        "sezione": "informative",
    }
    return render(request, "privacy/informative/elenco.html", dati)


@require_safe
@richiede(Permesso.REGOLE_VEDERE)
def informativa(request, uuid):
    voce = get_object_or_404(Informativa.objects.select_related("ente"), uuid=uuid)
    dati = {
        "informativa": voce,
        "finalita": [Finalita(nome).label for nome in voce.finalita],
        "gruppi": [Gruppo(nome).label for nome in voce.gruppi],
    }
    return render(request, "privacy/informative/informativa.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.INFORMATIVE_GESTIRE)
def nuova(request):
    form = InformativaForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            pubblicata = azioni.pubblica_informativa(**form.cleaned_data, da=request.attore)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(
                request, "Informativa pubblicata: da adesso si può raccogliere il consenso."
            )
            return redirect("privacy:informativa", pubblicata.uuid)
    stato = 422 if form.is_bound else 200
    return render(request, "privacy/informative/nuova.html", {"form": form}, status=stato)


@require_POST
@richiede(Permesso.INFORMATIVE_GESTIRE)
def ritira(request, uuid):
    voce = get_object_or_404(Informativa, uuid=uuid, ente=request.attore.ente)
    try:
        azioni.ritira_informativa(informativa=voce, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        messages.success(
            request,
            "Versione ritirata: non si raccolgono più consensi su questo testo. Quelli dati restano.",
        )
    return redirect("privacy:informativa", uuid)
