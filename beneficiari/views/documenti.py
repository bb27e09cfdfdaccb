"""Chiedere un documento, seguirne la preparazione, ritirarlo. Ogni consegna ricontrolla tutto."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.azioni import documenti as azioni
from beneficiari.documenti import ancora_permesso, custodia
from beneficiari.forms.documenti import ModuloDiConsensoForm
from beneficiari.models import Autorizzazione, Beneficiario, DocumentoDiPersona
from beneficiari.tasks import distruggi
from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.middleware import non_e_attivita
from enti.permessi import Permesso, richiede
from privacy.gruppi import Livello, Uscita
from privacy.letture import annota_molte, esce_come
from privacy.models import Informativa
from registro.comune.deposito import cartella
from registro.comune.esportazioni import TIPO_CSV, TIPO_XLSX
from registro.comune.viste_errore import non_trovato
from registro.db.contesto import contesto


Tipo = DocumentoDiPersona.Tipo
# HTMX smette di chiedere quando riceve questo stato.
FINE_DELL_ATTESA = 286
RECENTI = 10
# Nomi uguali per tutti: il nome di un file resta nella cronologia e nei registri di chi lo scarica.
NOMI = {
    Tipo.CONSENSO: "modulo-di-consenso",
    Tipo.SCHEDA: "i-tuoi-dati",
    Tipo.COPIA: "copia-dei-dati",
    Tipo.CONDIVISA: "scheda-condivisa",
    Tipo.ELENCO: "elenco-delle-persone",
    Tipo.ELENCO_CSV: "elenco-delle-persone",
}
CONTENUTI = {
    "pdf": "application/pdf",
    "xlsx": TIPO_XLSX,
    "csv": TIPO_CSV,
    "zip": "application/zip",
}


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_VEDERE)
def documenti(request: HttpRequest, uuid: UUID) -> HttpResponse:
    persona = persona_o_404(request, uuid)
    attore = request.attore
    modulo = ModuloDiConsensoForm(ente=attore.ente)
    if request.method == "POST":
        if request.POST.get("tipo") == Tipo.SCHEDA:
            return _segui(azioni.richiedi_scheda(persona=persona, da=attore))
        modulo = ModuloDiConsensoForm(request.POST, ente=attore.ente)
        if modulo.is_valid():
            informativa = modulo.cleaned_data["informativa"]
            return _segui(
                azioni.richiedi_modulo(informativa=informativa, persona=persona, da=attore)
            )
    miei = DocumentoDiPersona.objects.di(attore.utente, attore.ente)
    return render(
        request,
        "beneficiari/documenti/documenti.html",
        cornice_della_persona(request, persona, linguetta="accessi")
        | {"modulo": modulo, "miei": miei.filter(beneficiario__in=persona.chiavi)[:RECENTI]},
        status=422 if modulo.is_bound else 200,
    )


@require_POST
@richiede(Permesso.CONSENSI_RACCOGLIERE)
def modulo_in_bianco(request: HttpRequest, uuid: UUID) -> HttpResponse:
    informative = Informativa.objects.filter(ente=request.attore.ente).in_uso()
    informativa = get_object_or_404(informative, uuid=uuid)
    return _segui(azioni.richiedi_modulo(informativa=informativa, da=request.attore))


@require_POST
@richiede(Permesso.PERSONE_VEDERE)
def stampa_condivisa(request: HttpRequest, uuid: UUID) -> HttpResponse:
    ricevute = Autorizzazione.objects.ricevute_da(request.attore.ente).in_vigore()
    concessa = get_object_or_404(ricevute.filter(livello=Livello.COMPLETO), uuid=uuid)
    return _segui(azioni.richiedi_condivisa(condivisione=concessa.uuid, da=request.attore))


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_ESPORTARE)
def esportazione(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        in_csv = request.POST.get("formato") == "csv"
        return _segui(azioni.richiedi_elenco(in_csv=in_csv, da=request.attore))
    miei = DocumentoDiPersona.objects.di(request.attore.utente, request.attore.ente)
    return render(
        request,
        "beneficiari/documenti/esportazione.html",
        {"miei": miei.filter(tipo__in=DocumentoDiPersona.ELENCHI)[:RECENTI]},
    )


@non_e_attivita
@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.PERSONE_VEDERE)
def documento(request: HttpRequest, uuid: UUID) -> HttpResponse:
    documento = _mio(request, uuid)
    # Solo l'indirizzo per tornare indietro: aspettare un file non è leggere una persona.
    persona = Beneficiario.objects.filter(pk=documento.beneficiario_id).per_calcolo()
    modello = "_stato.html" if request.htmx else "stato.html"
    finito = request.htmx and not documento.in_corso
    return render(
        request,
        f"beneficiari/documenti/{modello}",
        {"documento": documento, "persona_uuid": persona.values_list("uuid", flat=True).first()},
        status=FINE_DELL_ATTESA if finito else 200,
    )


@require_safe
@cache_control(private=True, no_store=True)
@richiede(Permesso.PERSONE_VEDERE)
def documento_scarica(request: HttpRequest, uuid: UUID) -> HttpResponse:
    documento = _mio(request, uuid)
    if documento.stato != DocumentoDiPersona.Stato.PRONTO:
        raise Http404
    percorso = cartella() / documento.file
    if (
        documento.scaduto
        or not percorso.is_file()
        or not ancora_permesso(documento, request.attore)
    ):
        # Risponde senza sollevare: un'eccezione annullerebbe ciò che la distruzione ha scritto.
        distruggi(documento)
        return non_trovato(request)
    _annota_consegna(request, documento)
    nome = f"{NOMI[documento.tipo]}.{documento.estensione}"
    # Intero e non a pezzi: ciò che esce è ciò che il registro ha già scritto.
    return HttpResponse(
        custodia.apri(documento, percorso.read_bytes()),
        content_type=CONTENUTI[documento.estensione],
        headers={"Content-Disposition": f'attachment; filename="{nome}"'},
    )


def _segui(documento: DocumentoDiPersona) -> HttpResponse:
    return redirect("beneficiari:documento", documento.uuid)


def _mio(request: HttpRequest, uuid: UUID) -> DocumentoDiPersona:
    miei = DocumentoDiPersona.objects.di(request.attore.utente, request.attore.ente)
    return get_object_or_404(miei.select_related("ente"), uuid=uuid)


def _annota_consegna(request: HttpRequest, documento: DocumentoDiPersona) -> None:
    """Chi ritira il foglio di una persona l'ha letto. Per un elenco vale la lettura di chi l'ha fatto."""
    esce_come(Uscita.PDF)
    if documento.beneficiario_id and documento.gruppi:
        annota_molte([(documento.beneficiario_id, documento.ente_id)], *documento.gruppi)
    if documento.tipo != Tipo.CONDIVISA:
        return
    concessa = Autorizzazione.objects.get(uuid=documento.condivisione)
    attore = request.attore
    with contesto(utente=attore.utente.pk, ente=attore.ente.pk, finalita=concessa.finalita):
        annota_molte([(concessa.beneficiario_id, concessa.ente_id)], *documento.gruppi)
