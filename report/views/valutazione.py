"""Inviare una scheda con i suoi avvisi, e rispondere: un sì o un rimando con parole."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from enti.permessi import Permesso, richiede
from report.azioni import schede as azioni
from report.controlli import Gravita, avvisi_di
from report.fascicolo import Fascicolo
from report.forms.percorso import InvioForm, RimandoForm
from report.lettura import avvisi_dell_ultimo_invio, storia
from report.models import Scheda
from report.views.schede import gesti, scheda_visibile


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.SCHEDE_INVIARE)
def invia(request, uuid):
    scheda = scheda_visibile(request, uuid)
    if not gesti(request.attore, scheda)["puo_inviare"]:
        messages.info(request, f"La scheda è {scheda.get_stato_display()}: non è da inviare.")
        return redirect("report:scheda", scheda.uuid)
    fascicolo = Fascicolo.di(scheda)
    avvisi = avvisi_di(fascicolo)
    scritti = request.POST if request.method == "POST" else None
    form = InvioForm(scritti, avvisi=avvisi, precedenti=_motivi_gia_detti(scheda))
    fermi = [avviso for avviso in avvisi if avviso.gravita == Gravita.BLOCCA]
    if request.method == "POST" and form.is_valid() and not fermi:
        try:
            azioni.invia_scheda(scheda=scheda, motivi=form.motivi(), da=request.attore)
        except ValidationError as errore:
            form.add_error(None, errore.messages)
        else:
            messages.success(
                request, "Scheda inviata. Il coordinamento la legge e risponde da qui."
            )
            return redirect("report:scheda", scheda.uuid)
    dati = {
        "scheda": scheda,
        "form": form,
        "fermi": fermi,
        "mancanti": [s for s in fascicolo.sezioni_mancanti if s.facoltativa],
        "oggi": timezone.localdate(),
    }
    stato = 422 if request.method == "POST" else 200
    return render(request, "report/schede/invia.html", dati, status=stato)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.SCHEDE_ACCETTARE)
def valuta(request, uuid):
    scheda = scheda_visibile(request, uuid)
    if not gesti(request.attore, scheda)["puo_valutare"]:
        messages.info(
            request,
            f"La scheda è {scheda.get_stato_display()}: adesso non tocca a te risponderle.",
        )
        return redirect("report:scheda", scheda.uuid)
    rimanda = request.POST.get("gesto") == "rimanda"
    form = RimandoForm(request.POST if rimanda else None)
    if request.method == "POST" and (not rimanda or form.is_valid()):
        try:
            frase = _rispondi(request, scheda, form if rimanda else None)
        except ValidationError as errore:
            messages.error(request, " ".join(errore.messages))
        else:
            messages.success(request, frase)
        return redirect("report:scheda", scheda.uuid)
    passaggi = storia(scheda)
    dati = {
        "scheda": scheda,
        "form": form,
        "superati": avvisi_dell_ultimo_invio(passaggi),
        "avvisi": _solo_di_chi_coordina(scheda),
        "secondo_si": _tocca_alla_rete(scheda),
        "oggi": timezone.localdate(),
    }
    stato = 422 if request.method == "POST" else 200
    return render(request, "report/schede/valuta.html", dati, status=stato)


def _rispondi(request, scheda: Scheda, rimando: RimandoForm | None) -> str:
    """Fa il passaggio chiesto e rende la frase che lo dice."""
    attore = request.attore
    if rimando is not None:
        azioni.rimanda_scheda(scheda=scheda, testo=rimando.cleaned_data["testo"], da=attore)
        return "Scheda rimandata all'ente, con le tue parole."
    if _tocca_alla_rete(scheda):
        azioni.accetta_dalla_rete(scheda=scheda, da=attore)
        return "Scheda accettata: può entrare nel rapporto."
    azioni.accetta_dal_nodo(scheda=scheda, da=attore)
    return "Scheda accettata dal nodo. Ora tocca alla rete."


def _tocca_alla_rete(scheda: Scheda) -> bool:
    return scheda.nodo_id is None or scheda.stato == Scheda.Stato.ACCETTATA_DAL_NODO


def _motivi_gia_detti(scheda: Scheda) -> dict[str, str]:
    """I motivi degli invii di prima: chi invia di nuovo li ritrova scritti."""
    return dict(scheda.avvisi_superati.order_by("quando", "pk").values_list("codice", "motivo"))


def _solo_di_chi_coordina(scheda: Scheda) -> list:
    """Gli avvisi che l'ente non poteva vedere: le stesse attività in schede di altri."""
    superati = set(scheda.avvisi_superati.values_list("codice", flat=True))
    return [a for a in avvisi_di(Fascicolo.di(scheda)) if a.codice not in superati]
