"""I fogli ore di chi lavora nell'ente: guardarli, firmarli, rettificarli, portarli fuori."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assi.models import Azione
from enti.models import Appartenenza
from enti.permessi import Permesso, richiede
from prestazioni.azioni.ore import MeseScelto, firma_mesi, rettifica as aggiungi_rettifica
from prestazioni.documenti.ore import TroppiFogli, fogli_in_pdf, fogli_in_xlsx
from prestazioni.forms.ore import MesiForm, RettificaForm
from prestazioni.models import FoglioOre
from prestazioni.sguardi.ore import (
    FoglioDelMese,
    Ore,
    fogli_del_mese,
    fogli_del_periodo,
    mesi_da_firmare,
)
from prestazioni.views.ore import mese_o_404, vicini
from registro.comune.caratteri import RisorsaMancanteError
from registro.comune.esportazioni import risposta_xlsx


CONFERMATO = "firma"
INDIRIZZO = "prestazioni:ore_mese"


@require_safe
@richiede(Permesso.ORE_FIRMARE)
def del_mese(request, anno, mese):
    """Il mese di tutti: quante ore ciascuno, per quale azione, chi manca, chi è firmato."""
    primo = mese_o_404(anno, mese)
    fogli = fogli_del_mese(request.attore.ente, primo)
    dati = {
        "mese": primo,
        "vicini": vicini(primo, lambda m: reverse(INDIRIZZO, args=[m.year, m.month])),
        "fogli": fogli,
        "totale": sum((foglio.ore for foglio in fogli), start=Ore()),
        "per_azione": _per_azione(fogli),
        "da_firmare": [voce for voce in fogli if _si_firma(voce)],
        "mancano": [foglio for foglio in fogli if foglio.vuoto],
    }
    return render(request, "prestazioni/ore/mese.html", dati)


@require_safe
@richiede(Permesso.ORE_FIRMARE)
def di_chi_opera(request, uuid, anno, mese):
    """Il foglio di un operatore (`uuid` della sua appartenenza), giorno per giorno."""
    primo = mese_o_404(anno, mese)
    dell_ente = Appartenenza.objects.filter(ente=request.attore.ente).select_related("utente")
    appartenenza = get_object_or_404(dell_ente, uuid=uuid)
    (foglio,) = fogli_del_mese(request.attore.ente, primo, operatore=appartenenza.utente)
    dati = {
        "mese": primo,
        "vicini": vicini(
            primo, lambda m: reverse("prestazioni:ore_operatore", args=[uuid, m.year, m.month])
        ),
        "foglio": foglio,
        "si_firma": _si_firma(foglio),
    }
    return render(request, "prestazioni/ore/operatore.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.ORE_FIRMARE)
def firma(request):
    """I mesi finiti da firmare. Scelti, si vede che cosa si ferma; confermati, si firmano."""
    fogli = _fogli_da_firmare(request)
    form = MesiForm(request.POST or None)
    form.fields["mesi"].choices = [(_chiave(foglio), foglio.operatore) for foglio in fogli]
    if not form.is_valid():
        dati = {"form": form, "fogli": [(_chiave(foglio), foglio) for foglio in fogli]}
        stato = 422 if form.is_bound else 200
        return render(request, "prestazioni/ore/firma.html", dati, status=stato)
    scelti = [foglio for foglio in fogli if _chiave(foglio) in form.cleaned_data["mesi"]]
    if request.POST.get("gesto") != CONFERMATO:
        dati = {"fogli": [(_chiave(foglio), foglio) for foglio in scelti]}
        return render(request, "prestazioni/ore/firma_conferma.html", dati)
    return _firma(request, scelti)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.ORE_FIRMARE)
def rettifica(request, uuid):
    """Correggere un mese firmato (`uuid` del foglio): quanto, per quale azione, perché."""
    dell_ente = FoglioOre.objects.di(request.attore.ente).select_related("operatore")
    firmato = get_object_or_404(dell_ente, uuid=uuid)
    form = RettificaForm(
        request.POST if request.method == "POST" else None, ente=request.attore.ente
    )
    if form.is_bound and form.is_valid():
        try:
            aggiungi_rettifica(foglio=firmato, da=request.attore, **form.campi())
        except ValidationError as errore:
            form.rifiutato(errore)
        else:
            messages.success(request, "Rettifica scritta. Si vede a parte, e conta nel totale.")
            return redirect(INDIRIZZO, firmato.mese.year, firmato.mese.month)
    stato = 422 if form.is_bound else 200
    dati = {"form": form, "firmato": firmato}
    return render(request, "prestazioni/ore/rettifica.html", dati, status=stato)


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def mese_xlsx(request, anno, mese):
    primo, azione = mese_o_404(anno, mese), _azione_chiesta(request)
    fogli = fogli_del_mese(request.attore.ente, primo)
    return risposta_xlsx(f"ore-{primo:%Y-%m}", fogli_in_xlsx(fogli, azione))


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def mese_pdf(request, anno, mese):
    """I fogli da firmare a mano per chi finanzia, uno per azione e operatore."""
    primo, azione = mese_o_404(anno, mese), _azione_chiesta(request)
    fogli = fogli_del_mese(request.attore.ente, primo)
    try:
        contenuto = fogli_in_pdf(request.attore.ente, primo, fogli, azione)
    except (TroppiFogli, RisorsaMancanteError) as errore:
        messages.error(request, str(errore))
        return redirect(INDIRIZZO, primo.year, primo.month)
    nome = f"ore-{primo:%Y-%m}.pdf"
    intestazioni = {"Content-Disposition": f'attachment; filename="{nome}"'}
    return HttpResponse(contenuto, content_type="application/pdf", headers=intestazioni)


def _si_firma(foglio: FoglioDelMese) -> bool:
    return (
        foglio.firmato is None
        and not foglio.vuoto
        and foglio.appartenenza is not None
        and foglio.finito(timezone.localdate())
    )


def _per_azione(fogli: Sequence[FoglioDelMese]) -> list[tuple[Azione | None, Ore]]:
    """Le ore di tutti per azione, per titolo; in fondo ciò che non è di nessuna azione."""
    conti: dict[Azione | None, Ore] = {}
    for foglio in fogli:
        for voce in foglio.per_azione:
            conti[voce.azione] = conti.get(voce.azione, Ore()) + voce.ore
    return sorted(conti.items(), key=lambda voce: (voce[0] is None, voce[0] and voce[0].titolo))


def _fogli_da_firmare(request: HttpRequest) -> list[FoglioDelMese]:
    da_firmare = mesi_da_firmare(request.attore.ente, timezone.localdate())
    if not da_firmare:
        return []
    fogli = fogli_del_periodo(request.attore.ente, da_firmare[0].mese, da_firmare[-1].mese)
    return [foglio for foglio in fogli if _si_firma(foglio)]


def _chiave(foglio: FoglioDelMese) -> str:
    return f"{foglio.mese:%Y-%m}:{foglio.appartenenza.uuid}"


def _firma(request: HttpRequest, scelti: Sequence[FoglioDelMese]) -> HttpResponse:
    mesi = [MeseScelto(foglio.mese, foglio.operatore) for foglio in scelti]
    try:
        quanti = firma_mesi(scelti=mesi, da=request.attore)
    except ValidationError as errore:
        messages.error(request, " ".join([*errore.messages, "Non è stato firmato nulla."]))
        return redirect("prestazioni:ore_firma")
    parole = "Un foglio firmato" if quanti == 1 else f"{quanti} fogli firmati"
    messages.success(request, f"{parole}: le righe di quei mesi non cambiano più.")
    ultimo = max(foglio.mese for foglio in scelti)
    return redirect(INDIRIZZO, ultimo.year, ultimo.month)


def _azione_chiesta(request: HttpRequest) -> Azione | None:
    """L'azione di `?azione=`; None vale tutte. Solleva Http404 se non esiste."""
    slug = request.GET.get("azione", "")
    return get_object_or_404(Azione, slug=slug) if slug else None
