"""Il registro degli accessi: chi ha letto dati di persone, di un ente o di tutta la rete.

Non nomina mai una persona aiutata: c'è un numero. Chi risponde di un ente vede i nomi dei propri
operatori e, degli altri, solo l'ente; il garante vede chi ha letto in tutta la rete.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from enti.permessi import Attore, Permesso, richiede
from privacy.forms.registro import FiltriRegistroForm
from privacy.models import RegistroAccessi, RegistroAccessiQuerySet
from registro.comune.esportazioni import Tabella, risposta_csv, risposta_xlsx


PER_PAGINA = 50
GIORNATE_IN_PAGINA = 12
RIGHE_PER_FILE = 50_000
TROPPE = (
    "Il file avrebbe più di 50.000 righe: scegli un periodo più breve, poi riprova. Il registro è"
    " intatto."
)


@dataclass(frozen=True)
class Sguardo:
    """Ciò che `attore` vede del registro con i filtri della richiesta."""

    attore: Attore
    filtri: FiltriRegistroForm
    letture: RegistroAccessiQuerySet

    @classmethod
    def di(cls, request: HttpRequest) -> Self:
        attore = request.attore
        filtri = FiltriRegistroForm(request.GET, da=attore)
        letture = RegistroAccessi.objects.all()
        if not attore.vigila:
            letture = letture.che_riguardano(attore.ente)
        return cls(attore, filtri, filtri.applica(letture))

    def vede_il_nome(self, ente: int) -> bool:
        """Se di chi ha letto per conto di `ente` si dice il nome."""
        return self.attore.vigila or ente == self.attore.ente.pk

    @property
    def giornate(self) -> list[dict]:
        """Letture e persone per giorno e utente; il nome dove si può, sennò None."""
        return [
            voce
            | {
                "chi": f"{voce['utente__nome']} {voce['utente__cognome']}".strip()
                if self.vede_il_nome(voce["ente"])
                else None
            }
            for voce in self.letture.per_giorno_e_utente()
        ]


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.REGISTRI_VEDERE)
def elenco(request):
    sguardo = Sguardo.di(request)
    letture = sguardo.letture.per_elenco().order_by("-quando", "-pk")
    pagina = Paginator(letture, PER_PAGINA).get_page(request.GET.get("pagina"))
    for lettura in pagina.object_list:
        lettura.con_nome = sguardo.vede_il_nome(lettura.ente_id)
    giornate = sguardo.giornate
    modello = "privacy/_registro.html" if request.htmx else "privacy/registro.html"
    dal, al = sguardo.filtri.periodo
    return render(
        request,
        modello,
        {
            "filtri": sguardo.filtri,
            "pagina": pagina,
            "giornate": giornate[:GIORNATE_IN_PAGINA],
            "altre_giornate": max(len(giornate) - GIORNATE_IN_PAGINA, 0),
            "di_rete": request.attore.vigila,
            "dal": dal,
            "al": al,
        },
    )


@require_safe
@richiede(Permesso.REGISTRI_VEDERE)
def elenco_csv(request):
    return _file(request, lambda tabelle: risposta_csv("registro-accessi", tabelle[0]))


@require_safe
@richiede(Permesso.REGISTRI_VEDERE)
def elenco_xlsx(request):
    return _file(request, lambda tabelle: risposta_xlsx("registro-accessi", tabelle))


def _file(request: HttpRequest, risposta) -> HttpResponse:
    sguardo = Sguardo.di(request)
    if sguardo.letture[: RIGHE_PER_FILE + 1].count() > RIGHE_PER_FILE:
        messages.error(request, TROPPE)
        return redirect("privacy:registro")
    return risposta([_letture(sguardo), _giornate(sguardo)])


def _letture(sguardo: Sguardo) -> Tabella:
    intestazioni = (
        *("Giorno", "Ora", "Letto per conto di", "Chi", "Dati di", "Persona"),
        *("Perché", "Che cosa", "Uscita", "Numero della richiesta"),
    )
    letture = sguardo.letture.per_elenco().order_by("-quando", "-pk")
    return Tabella("Letture", intestazioni, [_riga(sguardo, lettura) for lettura in letture])


def _riga(sguardo: Sguardo, lettura: RegistroAccessi) -> tuple:
    quando: datetime = timezone.localtime(lettura.quando)
    con_nome = sguardo.vede_il_nome(lettura.ente_id)
    return (
        quando.date(),
        f"{quando:%H:%M:%S}",
        lettura.ente.denominazione,
        lettura.utente.nome_completo if con_nome else "",
        lettura.ente_titolare.denominazione,
        lettura.numero_persona,
        lettura.get_finalita_display(),
        ", ".join(lettura.gruppi_in_parole),
        lettura.get_uscita_display(),
        lettura.richiesta,
    )


def _giornate(sguardo: Sguardo) -> Tabella:
    return Tabella(
        "Per giorno",
        ("Giorno", "Ente", "Chi", "Letture", "Persone diverse"),
        [
            (v["giorno"], v["nome_ente"], v["chi"] or "", v["letture"], v["persone"])
            for v in sguardo.giornate
        ],
    )
