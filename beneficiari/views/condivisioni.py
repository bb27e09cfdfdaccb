"""Condividere una persona con un altro ente: prima si vede che cosa vedrà, poi si conferma."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from beneficiari.azioni import condivisioni as azioni
from beneficiari.forms.condivisioni import CondivisioneForm
from beneficiari.models import Autorizzazione
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from beneficiari.views.consensi import pagina_di
from enti.permessi import Permesso, richiede
from privacy.gruppi import MOSTRATI, Livello


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.CONDIVISIONI_GESTIRE)
def condividi(request, uuid):
    persona = persona_o_404(request, uuid)
    scritti = request.POST if request.method == "POST" else None
    form = CondivisioneForm(scritti, persona=persona, ente=request.attore.ente)
    dati = cornice_della_persona(request, persona, linguetta="consensi") | {"form": form}
    gesto = request.POST.get("gesto")
    if request.method == "POST" and form.is_valid():
        fai = azioni.concedi if gesto == "conferma" else azioni.prova_a_concedere
        try:
            scritta = fai(persona=persona, **form.campi, da=request.attore)
        except ValidationError as errore:
            form.rifiutata_dal_database(errore)
        else:
            if gesto == "conferma":
                messages.success(request, f"Condivisa con {scritta.destinatario.denominazione}.")
                return redirect("beneficiari:consensi", persona.uuid)
            if gesto != "correggi":
                dati |= {
                    "prova": scritta,
                    "mostrati": scritta.mostrati,
                    "sostituite": azioni.sostituite_da(scritta).per_elenco(),
                    "ha_righe_unite": len(persona.chiavi) > 1,
                }
                return render(request, "beneficiari/consensi/anteprima.html", dati)
    dati["consensi_di_prima"] = azioni.consensi_delle_assorbite(persona).order_by("dato_il", "pk")
    dati["livelli"] = [(livello.label, MOSTRATI[livello]) for livello in Livello]
    stato = 422 if form.is_bound and gesto != "correggi" else 200
    return render(request, "beneficiari/consensi/condividi.html", dati, status=stato)


@require_POST
@richiede(Permesso.CONDIVISIONI_GESTIRE)
def revoca(request, uuid):
    autorizzazione = get_object_or_404(
        Autorizzazione.objects.date_da(request.attore.ente).select_related(
            "destinatario", "beneficiario__unito_a"
        ),
        uuid=uuid,
    )
    try:
        azioni.revoca_condivisione(autorizzazione=autorizzazione, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join(errore.messages))
    else:
        nome = autorizzazione.destinatario.denominazione
        messages.success(request, f"Da adesso {nome} non vede più niente di questa persona.")
    return redirect("beneficiari:consensi", pagina_di(autorizzazione.beneficiario))
