"""L'elenco delle persone dell'ente: filtri e ricerca."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.codici import CodiceErrato
from beneficiari.forms.elenco import ORDINAMENTI, FiltriPersoneForm, RicercaForm, ordina
from beneficiari.models import Beneficiario, PresaInCarico
from beneficiari.models.persone import BeneficiarioQuerySet
from beneficiari.models.ricerche import con_questo_codice, prese_delle_persone, sembra_un_codice
from enti.permessi import Permesso, richiede
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.filtri import filtri_salvabili
from registro.comune.pagine import pagina_per_chiave


# Chi cerca per nome guarda le prime: di ognuna resta scritto che è stata letta.
TROVATE_AL_MASSIMO = 20
COLONNE = (("nome", "Persona"), ("nascita", "Anno di nascita"), ("comune", "Comune"))


@dataclass(frozen=True, slots=True)
class RigaDiElenco:
    """Una persona in un elenco, con i casi aperti e la data dell'ultima cosa successa."""

    persona: Beneficiario
    aperte: list[PresaInCarico]
    ultimo_movimento: date


@require_safe
@vary_on_headers("HX-Request")
@filtri_salvabili("beneficiari:elenco", FiltriPersoneForm)
@richiede(Permesso.PERSONE_VEDERE)
def elenco(request):
    return _pagina(request, {})


@require_POST
@richiede(Permesso.PERSONE_VEDERE)
def cerca(request):
    """Chi si chiama così, o ha quel codice. Senza testo torna l'elenco."""
    form = RicercaForm(request.POST)
    if not form.is_valid():
        return _pagina(request, {"ricerca": form, "trovate": [], "frase": form.errors["testo"][0]})
    testo = form.cleaned_data["testo"]
    if not testo:
        return _pagina(request, {})
    dati = {"ricerca": form, "frase": ""}
    try:
        persone = _trovate(request, testo)
    except CodiceErrato as errore:
        return _pagina(request, {**dati, "trovate": [], "frase": errore.frase})
    una_in_piu = list(persone[: TROVATE_AL_MASSIMO + 1])
    dati["ce_ne_sono_altre"] = len(una_in_piu) > TROVATE_AL_MASSIMO
    dati["trovate"] = righe(request, una_in_piu[:TROVATE_AL_MASSIMO])
    return _pagina(request, dati)


def _richieste(request: HttpRequest, filtri: FiltriPersoneForm) -> BeneficiarioQuerySet:
    """Le persone dell'ente che i filtri chiedono, nell'ordine dell'indirizzo."""
    presenti = Beneficiario.objects.di(request.attore.ente).presenti()
    return ordina(filtri.applica(presenti), request.GET.get("ordine", "nome"))


def righe(request: HttpRequest, persone: list[Beneficiario]) -> list[RigaDiElenco]:
    """Le righe di un elenco: tre interrogazioni, quante che siano le persone."""
    prese = prese_delle_persone(persone, request.attore.ente)
    return [_riga(persona, prese.get(persona.pk, [])) for persona in persone]


def _riga(persona: Beneficiario, prese: list[PresaInCarico]) -> RigaDiElenco:
    giorni = [presa.chiusa_il or presa.aperta_il for presa in prese]
    inserita = timezone.localdate(persona.inserito_il)
    aperte = [presa for presa in prese if presa.aperta]
    return RigaDiElenco(persona, aperte, max([inserita, *giorni]))


def _trovate(request: HttpRequest, testo: str) -> BeneficiarioQuerySet:
    if sembra_un_codice(testo):
        return con_questo_codice(request.attore.ente, testo)
    presenti = Beneficiario.objects.di(request.attore.ente).presenti()
    return ordina(presenti.che_si_chiamano(testo), "nome")


def _pagina(request: HttpRequest, cercate: dict) -> HttpResponse:
    """L'elenco con i filtri dell'indirizzo, o ciò che si è trovato cercando."""
    chiave = request.GET.get("ordine", "nome")
    attuale = chiave if chiave.removeprefix("-") in ORDINAMENTI else "nome"
    filtri = FiltriPersoneForm(request.GET, da=request.attore)
    dati = {
        "filtri": filtri,
        "ricerca": RicercaForm(),
        "colonne": colonne_ordinabili(COLONNE, attuale),
        "puo_unire": request.attore.puo(Permesso.PERSONE_UNIRE),
        **cercate,
    }
    if "trovate" not in dati:
        dati["pagina"] = pagina_per_chiave(
            _richieste(request, filtri),
            fra=Beneficiario.objects.di(request.attore.ente).per_calcolo(),
            chiesta=request.GET.get("pagina", ""),
        )
        dati["righe"] = righe(request, dati["pagina"].righe)
    modello = "_tabella" if request.htmx else "elenco"
    return render(request, f"beneficiari/elenco/{modello}.html", dati)
