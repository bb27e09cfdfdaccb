"""Le pagine di chi vigila: i registri in uno sguardo, gli eventi, i sigilli."""

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from enti.models import EventoDiSicurezza, EventoDiSicurezzaQuerySet
from enti.permessi import Permesso, richiede
from privacy.forms.registri import FiltriEventiForm
from privacy.models import (
    MeseArchiviato,
    RegistroAccessi,
    Segnalazione,
    Sigillo,
    TestataFirmata,
    VerificaDiSigilli,
)
from privacy.sigilli import testata_in_testo
from privacy.sigilli.verifica import ATTESA_MASSIMA
from privacy.views.registro import RIGHE_PER_FILE, TROPPE
from registro.comune.copie import giudica
from registro.comune.esportazioni import Tabella, risposta_csv


PER_PAGINA = 50
QUANTE_TESTATE = 30
# Nella pagina d'inizio si contano le letture e gli eventi di questi giorni.
ULTIMI_GIORNI = 7


@require_safe
@richiede(Permesso.REGISTRI_VEDERE)
def casa(request):
    attore = request.attore
    dal = timezone.localdate() - timedelta(days=ULTIMI_GIORNI)
    letture = RegistroAccessi.objects.nel_periodo(dal, None)
    if not attore.vigila:
        letture = letture.che_riguardano(attore.ente)
    contesto = {
        "letture": letture.count(),
        "eventi": _eventi(request).nei_giorni(dal, None).count(),
        "giorni": ULTIMI_GIORNI,
    }
    if attore.puo(Permesso.REGISTRI_CURARE):
        contesto |= stato_dei_sigilli() | {
            "nuove": Segnalazione.objects.nuove().count(),
            "aperte": Segnalazione.objects.aperte().count(),
        }
    return render(request, "privacy/registri/casa.html", contesto)


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.REGISTRI_VEDERE)
def eventi(request):
    filtri = FiltriEventiForm(request.GET)
    trovati = filtri.applica(_eventi(request)).per_elenco()
    pagina = Paginator(trovati, PER_PAGINA).get_page(request.GET.get("pagina"))
    dal, al = filtri.periodo
    modello = "privacy/registri/_eventi.html" if request.htmx else "privacy/registri/eventi.html"
    contesto = {"filtri": filtri, "pagina": pagina, "dal": dal, "al": al}
    return render(request, modello, contesto)


@require_safe
@richiede(Permesso.REGISTRI_VEDERE)
def eventi_csv(request):
    trovati = FiltriEventiForm(request.GET).applica(_eventi(request)).per_elenco()
    if trovati[: RIGHE_PER_FILE + 1].count() > RIGHE_PER_FILE:
        messages.error(request, TROPPE)
        return redirect("privacy:eventi")
    intestazioni = ("Giorno", "Ora", "Che cosa", "Chi", "Per conto di", "Su chi", "Dati")
    righe = [_riga(evento) for evento in trovati]
    return risposta_csv("eventi-di-sicurezza", Tabella("Eventi", intestazioni, righe))


@require_safe
@richiede(Permesso.REGISTRI_CURARE)
def sigilli(request):
    contesto = stato_dei_sigilli() | {
        "testate": TestataFirmata.objects.order_by("-giorno")[:QUANTE_TESTATE],
        "mesi": MeseArchiviato.objects.order_by("-mese", "registro")[:24],
        "righe_sigillate": Sigillo.objects.righe_in_tutto(),
    }
    return render(request, "privacy/registri/sigilli.html", contesto)


@require_safe
@richiede(Permesso.REGISTRI_CURARE)
def testata(request, giorno):
    try:
        firmata = TestataFirmata.objects.get(giorno=date.fromisoformat(giorno))
    except (ValueError, TestataFirmata.DoesNotExist) as errore:
        raise Http404 from errore
    busta = testata_in_testo(firmata.testo, firmata.firma, firmata.chiave)
    risposta = HttpResponse(busta, content_type="application/json")
    risposta["Content-Disposition"] = f'attachment; filename="testata-registri-{giorno}.json"'
    return risposta


def stato_dei_sigilli() -> dict:
    """Ciò che si sa dei sigilli: l'ultimo, l'ultima testata, l'ultima verifica, l'ultima copia."""
    ultimo = Sigillo.objects.ultimo()
    fermi = ultimo is None or timezone.now() - ultimo.creato_il > ATTESA_MASSIMA
    copia = giudica(settings.CARTELLA_DATI, datetime.now(UTC))["copia"]
    return {
        "ultimo": ultimo,
        # Senza letture né eventi non si sigilla niente: di notte un sigillo vecchio è normale.
        "in_ritardo": fermi and RegistroAccessi.objects.non_sigillate_da(ATTESA_MASSIMA, ultimo),
        "testata": TestataFirmata.objects.order_by("-giorno").first(),
        "verifica": VerificaDiSigilli.objects.order_by("-pk").first(),
        "copia": copia,
    }


def _eventi(request: HttpRequest) -> EventoDiSicurezzaQuerySet:
    # Il database mostra già a chi risponde di un ente solo i suoi; anche i propri, fatti altrove.
    eventi = EventoDiSicurezza.objects.all()
    return eventi if request.attore.vigila else eventi.di(request.attore.ente)


def _riga(evento: EventoDiSicurezza) -> tuple:
    quando = timezone.localtime(evento.quando)
    return (
        quando.date(),
        f"{quando:%H:%M:%S}",
        evento.get_codice_display(),
        evento.utente.nome_completo if evento.utente else "",
        evento.ente.denominazione if evento.ente else "",
        evento.su_utente.nome_completo if evento.su_utente else "",
        evento.dati_in_parole,
    )
