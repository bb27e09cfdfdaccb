"""L'elenco delle prese in carico dell'ente, con i filtri nell'indirizzo."""

from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.forms.elenco_casi import FiltriCasiForm, ordina
from beneficiari.models import Passaggio, PresaInCarico, PresaInCaricoQuerySet
from enti.permessi import Permesso, richiede
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import BLOCCO, Tabella, risposta_csv, risposta_xlsx
from registro.comune.filtri import filtri_salvabili
from registro.comune.pagine import pagina_per_chiave


COLONNE = (
    ("chi", "Chi"),
    ("azione", "Azione"),
    ("operatore", "La segue"),
    ("aperta", "Aperta il"),
    ("chiusa", "Chiusa il"),
)
INTESTAZIONI = (
    *("Cognome", "Nome", "Anno di nascita", "Nucleo", "Azione", "Asse", "La segue"),
    *("Come è arrivata", "Ente inviante", "Aperta il", "Chiusa il", "Com'è finita"),
    "Va proseguita",
)


@require_safe
@vary_on_headers("HX-Request")
@filtri_salvabili("beneficiari:casi_elenco", FiltriCasiForm)
@richiede(Permesso.PERSONE_VEDERE)
def elenco(request):
    filtri = FiltriCasiForm(request.GET, attore=request.attore)
    ordine = request.GET.get("ordine", "")
    pagina = pagina_per_chiave(
        _richieste(request, filtri),
        fra=PresaInCarico.objects.di(request.attore.ente).per_calcolo(),
        chiesta=request.GET.get("pagina", ""),
    )
    dati = {
        "filtri": filtri,
        "pagina": pagina,
        "colonne": colonne_ordinabili(COLONNE, ordine),
        "ordine": ordine,
        "oggi": timezone.localdate(),
        "puo_esportare": request.attore.puo(Permesso.PERSONE_ESPORTARE),
    }
    if request.htmx:
        return render(request, "beneficiari/casi/_tabella.html", dati)
    ricevuti = Passaggio.objects.ricevuti_da(request.attore.ente)
    dati["passaggi_da_leggere"] = ricevuti.da_rispondere().count()
    return render(request, "beneficiari/casi/elenco.html", dati)


@require_safe
@richiede(Permesso.PERSONE_ESPORTARE)
def elenco_csv(request):
    return risposta_csv("prese-in-carico", _foglio(request))


@require_safe
@richiede(Permesso.PERSONE_ESPORTARE)
def elenco_xlsx(request):
    return risposta_xlsx("prese-in-carico", [_foglio(request)])


def _richieste(request: HttpRequest, filtri: FiltriCasiForm) -> PresaInCaricoQuerySet:
    proprie = PresaInCarico.objects.di(request.attore.ente)
    return ordina(filtri.applica(proprie), request.GET.get("ordine", "")).per_elenco().con_chi()


def _foglio(request: HttpRequest) -> Tabella:
    esce_come(Uscita.FOGLIO)
    filtri = FiltriCasiForm(request.GET, attore=request.attore)
    righe = (_riga(presa) for presa in _richieste(request, filtri).iterator(BLOCCO))
    return Tabella("Prese in carico", INTESTAZIONI, righe)


def _riga(presa: PresaInCarico) -> tuple:
    persona = presa.beneficiario
    chi = _chi(persona) if persona else ("", "", None)
    componenti = presa.nucleo.di_adesso if presa.nucleo else []
    return (
        *chi,
        ", ".join(voce.beneficiario.come_si_chiama for voce in componenti),
        presa.azione.titolo,
        presa.azione.asse.denominazione,
        presa.operatore.nome_completo,
        presa.get_canale_display(),
        presa.ente_inviante.denominazione if presa.ente_inviante else "",
        presa.aperta_il,
        presa.chiusa_il,
        presa.esito.nome if presa.esito else "",
        presa.get_prosecuzione_display(),
    )


def _chi(persona) -> tuple:
    """Cognome, nome con cui si fa chiamare, anno di nascita; di chi è anonimo solo il codice."""
    if persona.anonimo:
        return (persona.come_si_chiama, "", None)
    anno = persona.data_nascita.year if persona.data_nascita else None
    circa = f"circa {anno}" if anno and persona.nascita_stimata else anno
    return (persona.cognome, persona.nome_scelto or persona.nome, circa)
