"""L'elenco delle prestazioni: le mie, quelle dell'ente, di una persona, di un'azione."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db.models import Aggregate, Count, Q, Sum
from django.http import HttpRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.models import Beneficiario
from enti.permessi import Permesso, richiede
from prestazioni.forms.elenco import FiltriPrestazioniForm, ordina, prestazioni_di
from prestazioni.models import Prestazione, PrestazioneQuerySet
from prestazioni.models.proposte import presenze_di
from prestazioni.views.comune import nome_di, righe_in_breve
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import BLOCCO, Tabella, risposta_csv, risposta_xlsx
from registro.comune.filtri import filtri_salvabili
from registro.comune.pagine import pagina_per_chiave


COLONNE = (
    ("giorno", "Giorno"),
    ("servizio", "Servizio"),
    ("azione", "Azione"),
    ("operatore", "Operatore"),
    ("durata", "Durata"),
)
INTESTAZIONI = (
    *("Giorno", "Ora", "Servizio", "Voce della rete", "Azione", "Asse", "Operatore", "Minuti"),
    *("Modo", "Quantità", "Unità", "Persone", "Nuclei", "Persone senza nome", "Chi c'era"),
    *("Oggetto", "Luogo", "Valore in euro", "Registrata"),
)


@require_safe
@vary_on_headers("HX-Request")
@filtri_salvabili("prestazioni:elenco", FiltriPrestazioniForm)
@richiede(Permesso.PRESTAZIONI_VEDERE)
def elenco(request):
    filtri = FiltriPrestazioniForm(request.GET, attore=request.attore)
    ordine = request.GET.get("ordine", "")
    tutte = filtri.applica(prestazioni_di(request.attore))
    pagina = pagina_per_chiave(
        ordina(tutte.dalle_ultime(), ordine).in_tabella(),
        fra=prestazioni_di(request.attore),
        chiesta=request.GET.get("pagina", ""),
        somme=somme() | {"teste": Sum("senza_nome")},
    )
    dati = {
        "filtri": filtri,
        "pagina": pagina,
        "righe": righe_in_breve(request.attore, pagina.righe, presenze_di(pagina)),
        "colonne": colonne_ordinabili(COLONNE, ordine),
        "puo_esportare": _puo_esportare(request, filtri),
        "persona": _persona(request, filtri),
        "ente_vuoto": set(filtri.in_uso) == {"di_chi"},
        "puo_scrivere": request.attore.puo(Permesso.PRESTAZIONI_SCRIVERE),
    }
    modello = "_tabella" if request.htmx else "elenco"
    return render(request, f"prestazioni/elenco/{modello}.html", dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def elenco_csv(request):
    return risposta_csv("prestazioni", _foglio(request))


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def elenco_xlsx(request):
    return risposta_xlsx("prestazioni", [_foglio(request)])


def _puo_esportare(request: HttpRequest, filtri: FiltriPrestazioniForm) -> bool:
    """Le proprie le porta fuori chiunque le scriva; quelle dell'ente chi ne risponde."""
    if request.attore.puo(Permesso.PRESTAZIONI_ESPORTARE):
        return True
    return not filtri.in_uso.keys() & {"di_chi", "operatore", "persona"}


def somme(colonna: str = "minuti") -> dict[str, Aggregate]:
    """Ciò che l'elenco somma contando: i minuti (None se di nessuna riga si sanno), e di quante
    righe mancano. `colonna`: quella dei minuti."""
    return {
        "durata": Sum(colonna),
        # L'ente c'è sempre, e sta nell'indice che si legge già.
        "senza_durata": Count("ente", filter=Q(**{colonna: None})),
    }


def _persona(request: HttpRequest, filtri: FiltriPrestazioniForm) -> Beneficiario | None:
    uuid = filtri.in_uso.get("persona")
    return Beneficiario.objects.di(request.attore.ente).filter(uuid=uuid).first() if uuid else None


def _foglio(request: HttpRequest) -> Tabella:
    filtri = FiltriPrestazioniForm(request.GET, attore=request.attore)
    if not _puo_esportare(request, filtri):
        raise PermissionDenied
    esce_come(Uscita.FOGLIO)
    tutte = filtri.applica(prestazioni_di(request.attore)).dalle_ultime()
    chieste = ordina(tutte, request.GET.get("ordine", ""))
    return Tabella("Prestazioni", INTESTAZIONI, _righe_del_foglio(chieste))


def _righe_del_foglio(righe: PrestazioneQuerySet) -> Iterator[tuple]:
    for riga in righe.per_elenco().con_chi().iterator(BLOCCO):
        yield _riga_del_foglio(riga)


def _riga_del_foglio(riga: Prestazione) -> tuple:
    voce = riga.servizio.voce
    presenti = riga.partecipazioni.all()
    # Un nucleo presente senza dire chi non è una persona: si conta a parte.
    persone = sum(chi.beneficiario_id is not None for chi in presenti)
    return (
        *(riga.giorno, f"{riga.ora:%H:%M}" if riga.ora else ""),
        *(riga.servizio.nome, voce.nome, riga.azione.titolo, riga.azione.asse.denominazione),
        *(riga.operatore.nome_completo, riga.minuti, riga.get_modo_display()),
        *(riga.quantita, voce.unita.nome.lower() if riga.quantita is not None else ""),
        *(persone, len(presenti) - persone, riga.senza_nome),
        *(", ".join(nome_di(chi) for chi in presenti), riga.oggetto),
        *(riga.luogo, riga.valore, riga.get_origine_display()),
    )
