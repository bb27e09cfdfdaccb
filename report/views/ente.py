"""La pagina di un ente: chi è, dove lavora, che cosa ha fatto, con chi."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assi.models import Azione
from enti.models import Ente
from enti.permessi import Permesso, richiede
from report.contenuto import LegameContenuto
from report.models import Rapporto, Scheda
from report.views.disegni import legami_dell_ente
from report.views.edizione import edizione_di


@require_safe
@richiede(Permesso.RETE_VEDERE)
def ente(request, slug):
    scelto = get_object_or_404(Ente.objects.per_elenco(), slug=slug)
    azioni = Azione.objects.di(scelto).select_related("asse", "nodo").per_inizio()
    return render(
        request,
        "report/ente/ente.html",
        {
            "ente": scelto,
            "sedi": [p.comune for p in scelto.presenze.all() if p.tipo == p.Tipo.SEDE],
            "luoghi": [p.comune for p in scelto.presenze.all() if p.tipo != p.Tipo.SEDE],
            "consorziati": Ente.objects.filter(consorzio=scelto).per_denominazione(),
            "azioni": azioni,
            "in_corso": _schede_visibili(request.attore, scelto),
            **_nell_edizione(scelto),
        },
    )


def _schede_visibili(attore, scelto: Ente) -> list[Scheda]:
    if not attore.puo(Permesso.SCHEDE_VEDERE):
        return []
    # Quelle congelate si leggono nell'edizione che le ha prese.
    visibili = Scheda.objects.visibili_a(attore).exclude(stato=Scheda.Stato.CONGELATA)
    sue = visibili.filter(dichiaranti__dichiarante=scelto, dichiaranti__compila=True)
    return list(sue.per_elenco().in_ordine().distinct())


def _nell_edizione(scelto: Ente) -> dict:
    """Ciò che dell'ente dice l'ultima edizione pubblicata: le sue schede e i suoi legami."""
    ultima = Rapporto.objects.ultima_edizione(settings.PROGETTO_PREDEFINITO)
    if ultima is None:
        return {"edizione": None}
    letta = edizione_di(ultima)
    suoi = [
        legame
        for legame in letta.contenuto.legami
        if scelto.slug in (legame.da_slug, legame.verso_slug)
    ]
    schede = letta.contenuto.schede
    nuovi = _altri(suoi, scelto.slug, nuovi=True)
    prima = [voce for voce in _altri(suoi, scelto.slug, nuovi=False) if voce not in nuovi]
    return {
        "edizione": letta,
        "rapporto": ultima,
        "schede": [scheda for scheda in schede if scelto.slug in scheda.dichiaranti_slug],
        "prima": prima,
        "nuovi": nuovi,
        "legami": legami_dell_ente(letta, scelto, _nomi(prima), _nomi(nuovi)) if suoi else None,
    }


def _altri(legami: list[LegameContenuto], slug: str, *, nuovi: bool) -> list[tuple[str, str]]:
    """Con chi: coppie (slug, nome), una volta ciascuno, in ordine di nome."""
    trovati = {}
    for legame in legami:
        if legame.nuovo is nuovi:
            altro = legame.verso_slug if legame.da_slug == slug else legame.da_slug
            trovati[altro] = legame.verso if legame.da_slug == slug else legame.da
    return sorted(trovati.items(), key=lambda voce: voce[1].lower())


def _nomi(altri: list[tuple[str, str]]) -> list[str]:
    return [nome for _, nome in altri]
