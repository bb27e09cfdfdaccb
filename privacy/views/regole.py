"""Le basi giuridiche: perché ciascun gruppo di dati si può trattare, per ogni finalità."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from enti.permessi import Permesso, richiede
from privacy.azioni import regole as azioni
from privacy.forms.regole import BaseForm
from privacy.gruppi import Finalita, Gruppo
from privacy.models import BaseGiuridica


_ORDINE = {
    **{voce.value: posto for posto, voce in enumerate(Finalita)},
    **{voce.value: posto for posto, voce in enumerate(Gruppo)},
}


@require_safe
@richiede(Permesso.REGOLE_VEDERE)
def basi(request):
    tutte = sorted(
        BaseGiuridica.objects.all(), key=lambda b: (_ORDINE[b.finalita], _ORDINE[b.gruppo], b.dal)
    )
    in_vigore = [base for base in tutte if base.vale()]
    dati = {
        "per_finalita": [
            (Finalita(finalita).label, list(righe))
            for finalita, righe in groupby(in_vigore, key=lambda base: base.finalita)
        ],
        "altre": [base for base in tutte if not base.vale()],
        "sezione": "basi",
    }
    return render(request, "privacy/regole/basi.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.REGOLE_GESTIRE)
def base_nuova(request):
    form = BaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            azioni.scrivi_base(**form.cleaned_data, da=request.attore)
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Base giuridica scritta: vale dal giorno indicato.")
            return redirect("privacy:regole")
    stato = 422 if form.is_bound else 200
    return render(request, "privacy/regole/base.html", {"form": form}, status=stato)
