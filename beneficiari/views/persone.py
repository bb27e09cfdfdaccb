"""La pagina di una persona, e la sua anagrafica da correggere."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from beneficiari.azioni import persone as azioni
from beneficiari.codici import incongruenze
from beneficiari.collegamenti import AltroEnte, altri_enti
from beneficiari.forms.anagrafica import AnagraficaForm, valori_scritti
from beneficiari.forms.conflitto import con_le_scelte, insieme, scontri
from beneficiari.models import (
    Autorizzazione,
    Beneficiario,
    Componente,
    Identificativo,
    PresaInCarico,
    Recapito,
    Unione,
)
from beneficiari.sguardi import annota_condivise
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede
from registro.comune.tassonomie import comuni, scelte


CASI_IN_PANORAMICA = 5
CIFRE_DI_UNA_VERSIONE = 9


@dataclass(frozen=True, slots=True)
class Evento:
    """Una cosa successa alla persona nell'ente, con il giorno."""

    giorno: date
    che_cosa: str


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def persona(request, uuid):
    scelta = persona_o_404(request, uuid)
    if scelta.unito_a_id:
        messages.info(request, "Questa riga è unita a un'altra: è la stessa persona.")
        return redirect("beneficiari:persona", scelta.unito_a.uuid)
    chiavi = scelta.chiavi
    del_suo = {"ente": request.attore.ente, "beneficiario__in": chiavi}
    codici = list(Identificativo.objects.filter(**del_suo).order_by("al", "-dal", "-pk"))
    sue = PresaInCarico.objects.di(request.attore.ente).della_persona(scelta)
    prese = list(sue.per_elenco().order_by("-aperta_il", "-pk"))
    dati = {
        "recapiti": Recapito.objects.filter(**del_suo).select_related("custode", "altro_custode"),
        "residenze": dict(scelte("residenza_tipo")),
        "codici": codici,
        "motivi": dict(scelte("cf_assenza_motivo")),
        "avvisi": _avvisi(scelta, codici),
        "aperte": [presa for presa in prese if presa.aperta],
        "chiuse": [presa for presa in prese if not presa.aperta][:CASI_IN_PANORAMICA],
        "eventi": _eventi(scelta, prese),
        "componenti": Componente.objects.filter(**del_suo, al=None).count(),
        "unioni": Unione.objects.filter(tenuta=scelta, annullata_il=None).select_related(
            "assorbita"
        ),
        "altri_enti": _chi_altro_la_segue(scelta),
        "puo_unire": request.attore.puo(Permesso.PERSONE_UNIRE),
        **cornice_della_persona(request, scelta, linguetta="panoramica"),
    }
    return render(request, "beneficiari/persona/persona.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def modifica(request, uuid):
    scelta = persona_o_404(request, uuid)
    if scelta.anonimo:
        messages.info(request, "Di un accesso anonimo non c'è anagrafica da correggere.")
        return redirect("beneficiari:persona", scelta.uuid)
    if request.method != "POST":
        return _modulo(request, scelta, AnagraficaForm(persona=scelta), scelta.versione)
    dati = con_le_scelte(request.POST)
    form = AnagraficaForm(dati, persona=scelta)
    versione = _numero(request.POST.get("versione", ""))
    if not form.is_valid():
        return _modulo(request, scelta, form, versione)
    try:
        azioni.modifica_persona(
            persona=scelta, versione=versione, da=request.attore, **form.campi()
        )
    except azioni.PersonaCambiata as cambiata:
        return _in_due(request, scelta, form, cambiata.attuale)
    except ValidationError as errore:
        form.add_error(None, errore.messages)
        return _modulo(request, scelta, form, versione)
    messages.success(request, "Anagrafica salvata.")
    return redirect("beneficiari:persona", scelta.uuid)


def _in_due(
    request: HttpRequest, scelta: Beneficiario, form: AnagraficaForm, attuale: Beneficiario
) -> HttpResponse:
    """Intanto ha scritto un altro: si tiene ciò che non si scontra, del resto si sceglie."""
    in_conflitto = scontri(form, attuale)
    riunito = AnagraficaForm(insieme(form, attuale), persona=attuale)
    if not in_conflitto and riunito.is_valid():
        try:
            azioni.modifica_persona(
                persona=scelta, versione=attuale.versione, da=request.attore, **riunito.campi()
            )
        except azioni.PersonaCambiata as ancora:
            in_conflitto, attuale = scontri(form, ancora.attuale), ancora.attuale
        else:
            messages.success(
                request,
                "Salvato. Mentre scrivevi un'altra persona aveva cambiato altri campi: ci sono"
                " le sue modifiche e le tue.",
            )
            return redirect("beneficiari:persona", scelta.uuid)
    dati = {
        "scontri": in_conflitto,
        "valori": insieme(form, attuale),
        "letti": valori_scritti(attuale),
        "versione": attuale.versione,
        **cornice_della_persona(request, scelta, linguetta=""),
    }
    return render(request, "beneficiari/persona/conflitto.html", dati, status=422)


def _modulo(
    request: HttpRequest, scelta: Beneficiario, form: AnagraficaForm, versione: int
) -> HttpResponse:
    dati = {
        "form": form,
        "versione": versione,
        "comuni": comuni(),
        **cornice_della_persona(request, scelta, linguetta=""),
    }
    stato = 422 if form.is_bound else 200
    return render(request, "beneficiari/persona/modifica.html", dati, status=stato)


def _chi_altro_la_segue(scelta: Beneficiario) -> list[AltroEnte]:
    """Gli enti che permettono di saperlo: dirlo è leggere una loro persona, e resta scritto."""
    altri = altri_enti(scelta)
    if altri:
        uuid = [altro.autorizzazione for altro in altri]
        annota_condivise(Autorizzazione.objects.filter(uuid__in=uuid))
    return altri


def _avvisi(scelta: Beneficiario, codici: list[Identificativo]) -> list[str]:
    """Dove il codice fiscale in uso non va d'accordo con l'anagrafica: si dice, non si vieta."""
    in_uso = [voce for voce in codici if voce.tipo == Identificativo.Tipo.CF and voce.al is None]
    nascita = None if scelta.nascita_stimata else scelta.data_nascita
    return [
        frase
        for voce in in_uso
        for frase in incongruenze(
            voce.valore, cognome=scelta.cognome, nome=scelta.nome, nascita=nascita
        )
    ]


def _eventi(scelta: Beneficiario, prese: list[PresaInCarico]) -> list[Evento]:
    eventi = [Evento(timezone.localdate(scelta.inserito_il), "Inserita nel Registro")]
    for presa in prese:
        eventi.append(Evento(presa.aperta_il, f"Aperta la presa in carico «{presa.azione}»"))
        if presa.chiusa_il:
            eventi.append(Evento(presa.chiusa_il, f"Chiusa «{presa.azione}»: {presa.esito}"))
    return sorted(eventi, key=lambda evento: evento.giorno, reverse=True)[:8]


def _numero(scritto: str) -> int:
    """La versione che il modulo porta; zero, che nessuna riga ha, se qualcuno l'ha riscritta."""
    return int(scritto) if scritto.isdecimal() and len(scritto) <= CIFRE_DI_UNA_VERSIONE else 0
