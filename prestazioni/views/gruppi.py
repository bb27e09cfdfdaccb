"""I gruppi di un ente: l'elenco, il calendario di uno, crearlo e cambiarlo."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enti.permessi import Permesso, richiede
from prestazioni.azioni import gruppi as azioni
from prestazioni.calendario import (
    Incontro,
    fogli_mancanti,
    giorni_tenuti,
    incontri,
    prossimo_incontro,
)
from prestazioni.forms.gruppi import ChiudiGruppoForm, GruppoForm
from prestazioni.models import Giorno, GruppoPresenze, MembroDiGruppo
from registro.comune.templatetags.testo import data_estesa


# Quanti fogli che mancano si scrivono uno per uno: gli altri si contano.
MANCANTI_DA_DIRE = 6


@dataclass(frozen=True)
class VoceDiGruppo:
    """Un gruppo nell'elenco."""

    gruppo: GruppoPresenze
    mio: bool
    membri: int
    prossimo: date | None
    mancanti: list[date]


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def elenco(request):
    oggi = timezone.localdate()
    finiti = request.GET.get("stato") == "finiti"
    tutti = GruppoPresenze.objects.di(request.attore.ente)
    attivi = tutti.attivi(oggi)
    scelti = tutti.exclude(pk__in=attivi.values("pk")) if finiti else attivi
    voci = _voci(request, list(scelti.per_elenco()), oggi)
    dati = {
        "voci": sorted(voci, key=lambda voce: not voce.mio),
        "finiti": finiti,
        "oggi": oggi,
    }
    return render(request, "prestazioni/gruppi/elenco.html", dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def gruppo(request, uuid):
    """Il calendario di un gruppo: com'è andata, che cosa manca, quando ci si rivede."""
    scelto = gruppo_o_404(request, uuid)
    oggi = timezone.localdate()
    primo = _mese(request.GET.get("mese", ""), scelto, oggi)
    ultimo = primo.replace(day=calendar.monthrange(primo.year, primo.month)[1])
    mancanti = fogli_mancanti(scelto, giorni_tenuti([scelto])[scelto.pk], oggi)
    membri = MembroDiGruppo.objects.filter(gruppo_presenze=scelto, ente=request.attore.ente)
    del_mese = incontri(scelto, primo, ultimo, oggi)
    dati = {
        "gruppo": scelto,
        "linguetta": "calendario",
        "oggi": oggi,
        "mese": primo,
        "mese_prima": primo - timedelta(days=1),
        "mese_dopo": ultimo + timedelta(days=1),
        "incontri": del_mese,
        "caselle": _caselle(primo, ultimo, del_mese),
        "settimana": [giorno.label for giorno in Giorno],
        "prossimo": prossimo_incontro(scelto, oggi),
        "mancanti": mancanti[-MANCANTI_DA_DIRE:],
        "mancanti_in_tutto": len(mancanti),
        "membri": membri.filter(al=None).count(),
        "finito": scelto.al is not None and scelto.al < oggi,
        "stati": membri.per_calcolo().values("beneficiario").distinct().count(),
        "giorni": [Giorno(numero).label for numero in sorted(scelto.giorni)],
    }
    return render(request, "prestazioni/gruppi/gruppo.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def nuovo(request):
    form = GruppoForm(
        request.POST if request.method == "POST" else None,
        attore=request.attore,
        initial={"dal": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        creato = _tenta(form, azioni.crea_gruppo, da=request.attore, **form.cleaned_data)
        if creato:
            messages.success(request, "Gruppo creato: adesso scegli chi ne fa parte.")
            return redirect("prestazioni:gruppo_persone", creato.uuid)
    return _modulo(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def modifica(request, uuid):
    scelto = gruppo_o_404(request, uuid)
    form = GruppoForm(
        request.POST if request.method == "POST" else None,
        attore=request.attore,
        gruppo=scelto,
        initial=GruppoForm.iniziali(scelto),
    )
    if request.method == "POST" and form.is_valid():
        campi = form.cleaned_data
        if _tenta(form, azioni.cambia_gruppo, gruppo=scelto, da=request.attore, **campi):
            messages.success(request, "Salvato.")
            return redirect("prestazioni:gruppo", scelto.uuid)
    return _modulo(request, form, gruppo_o_404(request, uuid))


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def chiudi(request, uuid):
    scelto = gruppo_o_404(request, uuid)
    form = ChiudiGruppoForm(
        request.POST if request.method == "POST" else None,
        initial={"al": timezone.localdate()},
    )
    if request.method == "POST" and form.is_valid():
        campi = form.cleaned_data
        if _tenta(form, azioni.cambia_gruppo, gruppo=scelto, da=request.attore, **campi):
            messages.success(request, f"Il gruppo finisce il {data_estesa(campi['al'])}.")
            return redirect("prestazioni:gruppo", scelto.uuid)
    dati = {"form": form, "gruppo": scelto}
    stato = 422 if form.is_bound else 200
    return render(request, "prestazioni/gruppi/chiudi.html", dati, status=stato)


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def salta(request, uuid):
    """Quel giorno il gruppo non si è ritrovato: il suo foglio non si aspetta più."""
    scelto = gruppo_o_404(request, uuid)
    giorno = giorno_o_none(request.POST.get("giorno", ""))
    if giorno is None:
        messages.error(request, "Questa data non esiste: non è cambiato niente.")
    else:
        azioni.salta_incontro(gruppo=scelto, giorno=giorno, da=request.attore)
        messages.success(request, f"Il {data_estesa(giorno)} il gruppo non si tiene.")
    return redirect("prestazioni:gruppo", scelto.uuid)


def gruppo_o_404(request: HttpRequest, uuid: UUID) -> GruppoPresenze:
    """Il gruppo del proprio ente. Solleva Http404 se non c'è o è di un altro."""
    propri = GruppoPresenze.objects.di(request.attore.ente).per_elenco()
    scelto = propri.select_related("ente").filter(uuid=uuid).first()
    if scelto is None:
        raise Http404
    return scelto


def giorno_o_none(testo: str) -> date | None:
    """Il giorno scritto come «2026-03-12»; None se non è un giorno."""
    try:
        giorno = date.fromisoformat(testo)
    except ValueError:
        return None
    # Lo stesso giorno si può scrivere anche per settimane: l'indirizzo è uno solo.
    return giorno if str(giorno) == testo else None


def _voci(request: HttpRequest, gruppi: list[GruppoPresenze], oggi: date) -> list[VoceDiGruppo]:
    tenuti = giorni_tenuti(gruppi)
    finiti = {voce.pk for voce in gruppi if voce.al is not None and voce.al < oggi}
    membri = MembroDiGruppo.objects.filter(ente=request.attore.ente, gruppo_presenze__in=gruppi)
    # Di un gruppo finito, chi ne ha fatto parte; degli altri, chi c'è adesso.
    persone: dict[int, set[int]] = {}
    for quale, chi, al in membri.per_calcolo().values_list(
        "gruppo_presenze", "beneficiario", "al"
    ):
        if al is None or quale in finiti:
            persone.setdefault(quale, set()).add(chi)
    return [
        VoceDiGruppo(
            voce,
            voce.operatore_id == request.attore.utente.pk,
            len(persone.get(voce.pk, ())),
            prossimo_incontro(voce, oggi),
            fogli_mancanti(voce, tenuti[voce.pk], oggi),
        )
        for voce in gruppi
    ]


def _mese(testo: str, gruppo: GruppoPresenze, oggi: date) -> date:
    """Il primo giorno del mese chiesto («2026-03»), o di quello che serve di più."""
    chiesto = giorno_o_none(f"{testo}-01")
    if chiesto and date(2000, 1, 1) <= chiesto < date(2100, 1, 1):
        return chiesto
    utile = min(max(oggi, gruppo.dal), gruppo.al or date.max)
    return utile.replace(day=1)


def _caselle(primo: date, ultimo: date, del_mese: list[Incontro]) -> list[dict]:
    """Una casella per giorno del mese, con i suoi incontri."""
    giorni = (primo + timedelta(n) for n in range((ultimo - primo).days + 1))
    return [
        {
            "giorno": giorno,
            "colonna": giorno.weekday() + 1,
            "incontri": [voce for voce in del_mese if voce.giorno == giorno],
        }
        for giorno in giorni
    ]


def _tenta(form, compi, /, **argomenti):
    """Compie il gesto; se è rifiutato ne mette le frasi nel modulo e rende None."""
    try:
        return compi(**argomenti)
    except ValidationError as errore:
        form.add_error(None, errore)
        return None


def _modulo(request: HttpRequest, form, gruppo: GruppoPresenze | None) -> HttpResponse:
    dati = {"form": form, "gruppo": gruppo}
    stato = 422 if form.is_bound else 200
    return render(request, "prestazioni/gruppi/modulo.html", dati, status=stato)
