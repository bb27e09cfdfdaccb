"""Le regole viste da ciò che reggono: il registro delle autorizzazioni, e chiuderne una base."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.forms.autorizzazioni import FiltriAutorizzazioniForm
from beneficiari.models import Autorizzazione
from beneficiari.sguardi import rette_da_accordo, rette_da_base
from enti.permessi import Permesso, richiede
from privacy.azioni import regole as azioni
from privacy.forms.regole import ChiusuraForm
from privacy.models import AccordoContitolarita, BaseGiuridica, numero_nel_registro


PER_PAGINA = 50


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.REGISTRI_VEDERE)
def autorizzazioni(request):
    filtri = FiltriAutorizzazioniForm(request.GET)
    # Quali righe, lo dice la policy: il garante tutte, un ente quelle che ha dato e ricevuto.
    pagina = Paginator(filtri.applica(Autorizzazione.objects.per_elenco()), PER_PAGINA).get_page(
        request.GET.get("pagina")
    )
    dati = {
        "pagina": pagina,
        "righe": [
            (voce, numero_nel_registro(voce.beneficiario_id, ente=voce.ente_id)) for voce in pagina
        ],
        "filtri": filtri,
        "sezione": "autorizzazioni",
    }
    modello = "_tabella.html" if request.htmx else "elenco.html"
    return render(request, f"beneficiari/regole/{modello}", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.REGOLE_GESTIRE)
def accordo_chiudi(request, uuid):
    accordo = get_object_or_404(AccordoContitolarita, uuid=uuid)
    return _chiudi(
        request,
        gesto=lambda al: azioni.chiudi_accordo(accordo=accordo, al=al, da=request.attore),
        dati={
            "titolo": "Chiudi l'accordo",
            "che_cosa": accordo.titolo,
            "rette": rette_da_accordo(accordo.pk),
            "torna": reverse("privacy:accordo", args=[uuid]),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.REGOLE_GESTIRE)
def base_chiudi(request, finalita, gruppo):
    base = get_object_or_404(
        BaseGiuridica.objects.in_vigore(), finalita=finalita, gruppo=gruppo, al=None
    )
    return _chiudi(
        request,
        gesto=lambda al: azioni.chiudi_base(base=base, al=al, da=request.attore),
        dati={
            "titolo": "Chiudi la base giuridica",
            "che_cosa": str(base),
            "rette": 0 if base.serve_consenso else rette_da_base(finalita, gruppo),
            "torna": reverse("privacy:regole"),
        },
    )


def _chiudi(request: HttpRequest, *, gesto, dati: dict) -> HttpResponse:
    """La pagina che chiede quando, dopo aver detto quanto cade."""
    form = ChiusuraForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            gesto(form.cleaned_data["al"])
        except ValidationError as errore:
            form.add_error(None, errore)
        else:
            messages.success(request, "Chiusa. Ciò che ci poggiava finisce con lei.")
            return redirect(dati["torna"])
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/regole/chiudi.html", dati | {"form": form}, status=stato)
