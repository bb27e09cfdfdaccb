"""Gli esiti dell'ente: l'elenco con i filtri nell'indirizzo, i totali delle stesse righe, i fogli."""

from django.http import HttpRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.templatetags.persone import anno_di_nascita
from enti.permessi import Permesso, richiede
from prestazioni.forms.elenco import ordina
from prestazioni.forms.esiti import FiltriEsitiForm
from prestazioni.models import Esito, EsitoQuerySet
from prestazioni.sguardi.esiti import totali_per_tipo
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import BLOCCO, Tabella, risposta_csv, risposta_xlsx
from registro.comune.filtri import filtri_salvabili
from registro.comune.pagine import pagina_per_chiave


COLONNE = (("esito", "Esito"), ("giorno", "Quando"), ("azione", "Azione"))
# Ciò che l'indirizzo può chiedere e le colonne che ordinano; col meno davanti, al contrario.
ORDINAMENTI = {
    "esito": ("tipo__nome",),
    "giorno": ("giorno",),
    "azione": ("presa__azione__titolo",),
}
INTESTAZIONI = (
    *("Chi", "Anno di nascita", "Azione", "Asse dell'esito", "Esito", "Codice", "Come va"),
    *("Giorno", "Con che cosa si prova", "Presso", "Mesi", "Euro", "Registrato da"),
)


@filtri_salvabili("prestazioni:esiti", FiltriEsitiForm)
@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.PRESTAZIONI_VEDERE)
def elenco(request):
    filtri = FiltriEsitiForm(request.GET, attore=request.attore)
    ordine = request.GET.get("ordine", "")
    righe = _richiesti(request, filtri)
    totali = totali_per_tipo(righe)
    dati = {
        "filtri": filtri,
        "pagina": pagina_per_chiave(
            righe.per_elenco().con_chi(),
            fra=Esito.objects.di(request.attore.ente).per_calcolo(),
            chiesta=request.GET.get("pagina", ""),
        ),
        "totali": totali,
        "colonne": colonne_ordinabili(COLONNE, ordine),
        "con_euro": any(totale.euro is not None for totale in totali),
        "quanti": sum(totale.esiti for totale in totali),
        "puo_esportare": request.attore.puo(Permesso.PRESTAZIONI_ESPORTARE),
    }
    modello = "_tabella" if request.htmx else "elenco"
    return render(request, f"prestazioni/esiti/{modello}.html", dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def elenco_csv(request):
    return risposta_csv("esiti", _foglio(request))


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def elenco_xlsx(request):
    return risposta_xlsx("esiti", [_foglio(request)])


def _richiesti(request: HttpRequest, filtri: FiltriEsitiForm) -> EsitoQuerySet:
    chiesti = filtri.applica(Esito.objects.di(request.attore.ente)).dagli_ultimi()
    return ordina(chiesti, request.GET.get("ordine", ""), ORDINAMENTI)


def _foglio(request: HttpRequest) -> Tabella:
    esce_come(Uscita.FOGLIO)
    filtri = FiltriEsitiForm(request.GET, attore=request.attore)
    esiti = _richiesti(request, filtri).per_elenco().con_chi()
    return Tabella("Esiti", INTESTAZIONI, (_riga(esito) for esito in esiti.iterator(BLOCCO)))


def _riga(esito: Esito) -> tuple:
    presso = esito.ospitante.denominazione if esito.ospitante else esito.nome_ospitante
    return (
        *_chi(esito),
        esito.presa.azione.titolo,
        esito.tipo.asse.denominazione if esito.tipo.asse else "",
        esito.tipo.nome,
        esito.tipo.codice,
        esito.tipo.get_segno_display(),
        esito.giorno,
        esito.prova,
        presso,
        esito.mesi,
        esito.importo,
        esito.registrato_da.nome_completo,
    )


def _chi(esito: Esito) -> tuple[str, str]:
    """La persona e il suo anno di nascita; di un nucleo, i nomi di chi ne fa parte."""
    persona = esito.presa.beneficiario
    if persona is None:
        componenti = esito.presa.nucleo.di_adesso
        return ", ".join(voce.beneficiario.come_si_chiama for voce in componenti), ""
    return persona.come_si_chiama, "" if persona.anonimo else anno_di_nascita(persona)
