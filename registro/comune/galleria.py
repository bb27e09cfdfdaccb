"""La galleria dei componenti: tutti i pezzi dell'interfaccia in una pagina, con dati inventati.

Serve a chi disegna e a chi prova l'accessibilità; `registro.urls` la collega solo in sviluppo e
nella dimostrazione.
"""

from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ModuloDiProvaForm(forms.Form):
    """Un campo per ogni forma che `templates/moduli/` sa rendere."""

    denominazione = forms.CharField(label="Denominazione", help_text="Come sta nello statuto.")
    persone = forms.IntegerField(
        label="Persone seguite",
        min_value=0,
        required=False,
        help_text="Se non lo sai lascia vuoto: vuoto vuol dire «non indicato», zero vuol dire zero.",
    )
    approssimazione = forms.ChoiceField(
        label="Quanto è preciso",
        choices=[("", "esatto"), ("circa", "circa"), ("almeno", "almeno")],
        widget=forms.RadioSelect,
        required=False,
    )
    assi = forms.MultipleChoiceField(
        label="Assi",
        choices=[("lavoro", "Lavoro"), ("housing", "Housing"), ("scuola", "Povertà educativa")],
        widget=forms.CheckboxSelectMultiple,
    )
    nodo = forms.ChoiceField(
        label="Nodo",
        choices=[("", "Scegli"), ("asti", "Asti"), ("alessandria", "Alessandria")],
    )
    chiusa_il = forms.DateField(label="Chiusa il", widget=forms.DateInput({"type": "date"}))
    racconto = forms.CharField(label="Che cosa è cambiato", widget=forms.Textarea, required=False)
    conferma = forms.BooleanField(label="Ho riletto i numeri insieme a chi lavora con le persone")


class FiltriDiProvaForm(forms.Form):
    """Filtri: tutti facoltativi, quindi nessuno lo dice."""

    cerca = forms.CharField(
        label="Cerca", required=False, widget=forms.TextInput({"type": "search"})
    )
    nodo = forms.ChoiceField(
        label="Nodo",
        choices=[("", "Tutti"), ("asti", "Asti"), ("alessandria", "Alessandria")],
        required=False,
    )
    ente = forms.ChoiceField(
        label="Ente",
        choices=[("", "Tutti"), *((str(n), f"Ente di prova numero {n}") for n in range(1, 60))],
        required=False,
        widget=forms.Select({"data-cerca": True}),
    )


@login_not_required
def galleria(request: HttpRequest) -> HttpResponse:
    """Mostra ogni componente nei suoi stati; con `?errori` il modulo ne ha."""
    if request.GET.get("avanza", "").isdecimal():
        return _avanza(request, int(request.GET["avanza"]))
    # A richiesta, perché il riepilogo degli errori prende il fuoco e sposta la pagina.
    dati = {"persone": "-5"} if "errori" in request.GET else None
    contesto = {
        "modulo": ModuloDiProvaForm(dati),
        "filtri": FiltriDiProvaForm(request.GET, prefix="filtri"),
        "pagina": Paginator(range(240), 20).get_page(request.GET.get("pagina")),
        "voto": Decimal("7.5"),
    }
    return render(request, "pagine/galleria.html", contesto)


def _avanza(request: HttpRequest, percento: int) -> HttpResponse:
    """Un passo del lavoro finto: come deve rispondere ogni vista che usa «avanzamento»."""
    finito = percento >= 100
    dati = {
        "id": "avanza-a",
        "url": f"?avanza={percento + 30}",
        "stato": "riuscito" if finito else "in_corso",
        "percento": percento,
        "titolo": "Il PDF è pronto" if finito else "Preparazione del PDF",
    }
    return render(request, "componenti/avanzamento.html", dati, status=286 if finito else 200)
