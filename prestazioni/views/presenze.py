"""Il foglio delle presenze di un giorno: segnare chi c'era, correggere, cancellare."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from enti.permessi import Permesso, richiede
from prestazioni.azioni.bozze import bozza_di, butta_bozza, tieni_bozza
from prestazioni.azioni.presenze import RigaDiPresenza, righe_del_foglio, salva_presenze
from prestazioni.azioni.prestazioni import annulla, puo_cambiare
from prestazioni.calendario import fogli_di
from prestazioni.forms.presenze import (
    PresenzeForm,
    contenuto_della_bozza,
    iniziali_del_foglio,
    iniziali_della_bozza,
)
from prestazioni.models import Bozza, GruppoPresenze, Prestazione
from prestazioni.views.gruppi import giorno_o_none, gruppo_o_404
from registro.comune.templatetags.testo import conta, data_estesa


# Il vincolo che rifiuta un secondo foglio alla stessa ora: la frase sta accanto all'ora.
GIA_SCRITTO = "prestazione_un_incontro_del_gruppo"
GIA_ARRIVATO = "gia_arrivato"
MODELLO = "prestazioni/gruppi/presenze.html"


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def presenze(request, uuid, giorno):
    gruppo = gruppo_o_404(request, uuid)
    quando = _giorno_o_404(giorno)
    fogli = list(fogli_di(gruppo, quando, quando))
    if request.method == "POST":
        return _salva(request, gruppo, quando, fogli)
    if quando > timezone.localdate():
        dati = {"gruppo": gruppo, "linguetta": "calendario", "giorno": quando}
        return render(request, "prestazioni/gruppi/futuro.html", dati)
    foglio = _chiesto(request, fogli)
    righe = righe_del_foglio(gruppo, quando, foglio)
    iniziali = iniziali_del_foglio(gruppo, foglio, request.attore)
    iniziali["presenti"] = [riga.chiave for riga in righe if riga.presente]
    bozza = _bozza_buona(request, gruppo, quando, foglio)
    if bozza:
        iniziali |= iniziali_della_bozza(bozza.contenuto)
    form = PresenzeForm(attore=request.attore, righe=righe, initial=iniziali)
    return _pagina(request, gruppo, quando, form, foglio=foglio, fogli=fogli, bozza=bozza)


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def bozza(request, uuid, giorno):
    """Tiene ciò che è segnato finora, o lo butta e ricomincia."""
    gruppo = gruppo_o_404(request, uuid)
    quando = _giorno_o_404(giorno)
    foglio = _del_modulo(request, list(fogli_di(gruppo, quando, quando)))
    pagina = _pagina_della_bozza(gruppo, quando, foglio)
    if request.POST.get("gesto") == "butta":
        butta_bozza(pagina=pagina, da=request.attore)
        messages.info(request, "Si riparte da capo.")
        return redirect(_indirizzo(gruppo, quando, foglio))
    tieni_bozza(pagina=pagina, contenuto=contenuto_della_bozza(request.POST), da=request.attore)
    return render(request, "prestazioni/gruppi/_bozza.html", {"tenuta_il": timezone.now()})


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def cancella(request, uuid, giorno):
    """Toglie un foglio scritto per sbaglio; la storia lo conserva."""
    gruppo = gruppo_o_404(request, uuid)
    quando = _giorno_o_404(giorno)
    foglio = _del_modulo(request, list(fogli_di(gruppo, quando, quando)))
    if foglio is None:
        messages.info(request, "Questo foglio non c'è più: non c'era niente da cancellare.")
        return redirect("prestazioni:gruppo", gruppo.uuid)
    try:
        annulla(foglio, da=request.attore)
    except ValidationError as errore:
        messages.error(request, errore.messages[0])
        return redirect(_indirizzo(gruppo, quando, foglio))
    butta_bozza(pagina=_pagina_della_bozza(gruppo, quando, foglio), da=request.attore)
    messages.success(request, f"Foglio del {data_estesa(quando)} cancellato.")
    return redirect("prestazioni:gruppo", gruppo.uuid)


def _salva(
    request: HttpRequest, gruppo: GruppoPresenze, quando: date, fogli: list
) -> HttpResponse:
    foglio = _del_modulo(request, fogli)
    righe = righe_del_foglio(gruppo, quando, foglio)
    form = PresenzeForm(request.POST, attore=request.attore, righe=righe)
    if not form.is_valid():
        return _pagina(request, gruppo, quando, form, foglio=foglio, fogli=fogli)
    presenti = form.segnate
    try:
        salva_presenze(
            form.fatto(gruppo, quando, foglio),
            uuid=form.cleaned_data["uuid"],
            foglio=foglio,
            versione=form.cleaned_data["versione"],
            presenti=presenti,
            da=request.attore,
            affiancano=form.cleaned_data["affiancano"],
            pagina=_pagina_della_bozza(gruppo, quando, foglio),
        )
    except ValidationError as errore:
        form.add_error("ora" if _codice(errore) == GIA_SCRITTO else None, errore)
        if _codice(errore) == GIA_ARRIVATO:
            # Da qui in poi la pagina sa che il foglio c'è: salvando di nuovo lo si corregge.
            fogli = list(fogli_di(gruppo, quando, quando))
            foglio = _del_modulo(request, fogli)
            form.data = form.data.copy()
            form.data["versione"] = foglio.versione
        return _pagina(request, gruppo, quando, form, foglio=foglio, fogli=fogli)
    messages.success(request, _frase(quando, righe, presenti, form.cleaned_data["senza_nome"]))
    dove = f"{reverse('prestazioni:gruppo', args=[gruppo.uuid])}?mese={quando:%Y-%m}"
    return HttpResponseClientRedirect(dove) if request.htmx else redirect(dove)


def _pagina(
    request: HttpRequest,
    gruppo: GruppoPresenze,
    quando: date,
    form: PresenzeForm,
    *,
    foglio: Prestazione | None,
    fogli: list[Prestazione],
    bozza: Bozza | None = None,
) -> HttpResponse:
    segnati = set(form["presenti"].value() or ())
    rifiuti = {errore.code for errore in form.non_field_errors().as_data()}
    dati = {
        "gruppo": gruppo,
        "linguetta": "calendario",
        "giorno": quando,
        "form": form,
        "foglio": foglio,
        "altri_fogli": [voce for voce in fogli if voce != foglio],
        "nuovo": foglio is None and bool(fogli),
        "bozza": bozza,
        "parti": _per_parte(list(form.righe.values()), segnati),
        "quanti": len(form.righe),
        "segnati": len(segnati & set(form.righe)),
        "si_cambia": foglio is None or puo_cambiare(request.attore, foglio),
        "in_calendario": quando in gruppo.incontri_previsti(quando, quando),
        "cambiata": "cambiata" in rifiuti,
        "gia_arrivato": GIA_ARRIVATO in rifiuti,
    }
    return render(request, MODELLO, dati, status=422 if form.is_bound else 200)


def _per_parte(righe: list[RigaDiPresenza], segnati: set[str]) -> list[dict]:
    """Le righe per sottogruppo, ciascuna con ciò che è segnato adesso."""
    parti: dict[str, list[dict]] = {}
    for riga in righe:
        parti.setdefault(riga.parte, []).append({"riga": riga, "segnata": riga.chiave in segnati})
    return [
        {"nome": nome, "righe": voci, "segnate": sum(voce["segnata"] for voce in voci)}
        for nome, voci in parti.items()
    ]


def _frase(quando: date, righe: list, presenti: list, senza_nome: int | None) -> str:
    frase = f"Presenze del {data_estesa(quando)} salvate: "
    if presenti:
        frase += conta(len(presenti), "presente", "presenti")
        frase += f", {conta(len(righe) - len(presenti), 'assente', 'assenti')}"
    if senza_nome:
        contate = conta(senza_nome, "persona senza nome", "persone senza nome")
        frase += f" e {contate}" if presenti else contate
    return f"{frase}."


def _chiesto(request: HttpRequest, fogli: list[Prestazione]) -> Prestazione | None:
    """Il foglio che l'indirizzo chiede; il primo del giorno, se non dice altro."""
    if "nuovo" in request.GET:
        return None
    chiesto = request.GET.get("incontro", "")
    return next((voce for voce in fogli if str(voce.uuid) == chiesto), next(iter(fogli), None))


def _del_modulo(request: HttpRequest, fogli: list[Prestazione]) -> Prestazione | None:
    chiave = request.POST.get("uuid", "")
    return next((voce for voce in fogli if str(voce.uuid) == chiave), None)


def _bozza_buona(
    request: HttpRequest, gruppo: GruppoPresenze, quando: date, foglio: Prestazione | None
) -> Bozza | None:
    """La bozza di questo foglio; quella di una versione che non c'è più si butta."""
    pagina = _pagina_della_bozza(gruppo, quando, foglio)
    tenuta = bozza_di(pagina, da=request.attore)
    if tenuta is None:
        return None
    versione = iniziali_della_bozza(tenuta.contenuto).get("versione") or ""
    if versione == (str(foglio.versione) if foglio else ""):
        return tenuta
    butta_bozza(pagina=pagina, da=request.attore)
    return None


def _pagina_della_bozza(gruppo: GruppoPresenze, quando: date, foglio: Prestazione | None) -> str:
    return f"presenze:{gruppo.pk}:{quando}:{foglio.uuid if foglio else 'nuovo'}"


def _indirizzo(gruppo: GruppoPresenze, quando: date, foglio: Prestazione | None) -> str:
    pagina = reverse("prestazioni:presenze", args=[gruppo.uuid, quando.isoformat()])
    return f"{pagina}?incontro={foglio.uuid}" if foglio else pagina


def _codice(errore: ValidationError) -> str:
    return getattr(errore, "code", None) or ""


def _giorno_o_404(testo: str) -> date:
    giorno = giorno_o_none(testo)
    if giorno is None:
        raise Http404
    return giorno
