"""«Chi ha letto»: ogni lettura dei dati di una persona, e la storia di ciò che è cambiato.

Alla persona si dice quale ente ha letto, quando e perché; il nome di chi lavora lo vede solo chi
risponde dei dati, e solo del proprio ente (Corte di giustizia UE, C-579/21).
"""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.forms.accessi import FiltriAccessiForm, FiltriStoriaForm
from beneficiari.models import AvvisoDEmergenza, Beneficiario
from beneficiari.models.storia import storia_di
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Attore, Permesso, richiede
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from privacy.models import RegistroAccessi, RegistroAccessiQuerySet, numero_nel_registro
from registro.comune.esportazioni import Tabella, risposta_csv


PER_PAGINA = 50
GESTI_PER_PAGINA = 25
RIGHE_PER_FILE = 50_000
TROPPE = (
    "Il file avrebbe più di 50.000 righe: scegli un periodo più breve, poi riprova. Il registro è"
    " intatto."
)


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.PERSONE_VEDERE)
def accessi(request: HttpRequest, uuid: UUID) -> HttpResponse:
    persona = persona_o_404(request, uuid)
    tutte = _letture(persona)
    filtri = FiltriAccessiForm(request.GET, letture=tutte)
    letture = filtri.applica(tutte).per_elenco()
    pagina = Paginator(letture, PER_PAGINA).get_page(request.GET.get("pagina"))
    for lettura in pagina.object_list:
        lettura.con_nome = _vede_il_nome(request.attore, lettura)
    modello = "accessi/_letture.html" if request.htmx else "accessi/accessi.html"
    return render(
        request,
        f"beneficiari/{modello}",
        cornice_della_persona(request, persona, linguetta="accessi")
        | {
            "filtri": filtri,
            "pagina": pagina,
            "per_ente": tutte.per_ente(),
            "avvisi": AvvisoDEmergenza.objects.delle_righe(persona.chiavi).per_elenco(),
            "numero": numero_nel_registro(persona.pk, ente=persona.ente_id),
        },
    )


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def accessi_csv(request: HttpRequest, uuid: UUID) -> HttpResponse:
    esce_come(Uscita.FOGLIO)
    persona = persona_o_404(request, uuid)
    tutte = _letture(persona)
    letture = FiltriAccessiForm(request.GET, letture=tutte).applica(tutte).per_elenco()
    if letture[: RIGHE_PER_FILE + 1].count() > RIGHE_PER_FILE:
        messages.error(request, TROPPE)
        return redirect("beneficiari:accessi", persona.uuid)
    return risposta_csv(
        "chi-ha-letto",
        Tabella(
            "Letture",
            ("Giorno", "Ora", "Ente", "Chi", "Perché", "Che cosa", "Uscita"),
            [_riga(request.attore, lettura) for lettura in letture],
        ),
    )


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.REGISTRI_VEDERE)
def storia(request: HttpRequest, uuid: UUID) -> HttpResponse:
    persona = persona_o_404(request, uuid)
    filtri = FiltriStoriaForm(request.GET)
    gesti = storia_di(persona, gruppo=filtri.scelto)
    pagina = Paginator(gesti, GESTI_PER_PAGINA).get_page(request.GET.get("pagina"))
    modello = "accessi/_storia.html" if request.htmx else "accessi/storia.html"
    return render(
        request,
        f"beneficiari/{modello}",
        cornice_della_persona(request, persona, linguetta="accessi")
        | {"filtri": filtri, "pagina": pagina},
    )


def _letture(persona: Beneficiario) -> RegistroAccessiQuerySet:
    letture = RegistroAccessi.objects.delle_righe(persona.chiavi)
    return letture.filter(ente_titolare=persona.ente_id)


def _vede_il_nome(attore: Attore, lettura: RegistroAccessi) -> bool:
    return attore.puo(Permesso.REGISTRI_VEDERE) and lettura.ente_id == attore.ente.pk


def _riga(attore: Attore, lettura: RegistroAccessi) -> tuple:
    quando = timezone.localtime(lettura.quando)
    return (
        quando.date(),
        f"{quando:%H:%M}",
        lettura.ente.denominazione,
        lettura.utente.nome_completo if _vede_il_nome(attore, lettura) else "",
        lettura.get_finalita_display(),
        ", ".join(lettura.gruppi_in_parole),
        lettura.get_uscita_display(),
    )
