"""L'elenco delle prestazioni: le mie, quelle dell'ente, di una persona, di un'azione."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Prefetch, Subquery, Sum
from django.http import HttpRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.models import Beneficiario
from enti.permessi import Permesso, richiede
from prestazioni.forms.elenco import FiltriPrestazioniForm, ordina, prestazioni_di
from prestazioni.models import Partecipazione, Prestazione, PrestazioneQuerySet
from prestazioni.views.comune import NOMI_IN_BREVE, riga_in_breve
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
# Si contano solo per le righe della pagina: un GROUP BY le conterebbe per tutto l'ente.
QUANTE_PERSONE = (
    Partecipazione.objects.filter(prestazione=OuterRef("pk"))
    .order_by()
    .values("prestazione")
    .annotate(quante=Count("pk"))
    .values("quante")
    .per_calcolo()
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
        _con_i_primi(ordina(tutte, ordine)),
        fra=prestazioni_di(request.attore),
        chiesta=request.GET.get("pagina", ""),
    )
    righe = [riga_in_breve(request.attore, riga, riga.primi) for riga in pagina]
    for voce in righe:
        voce["altre"] = max(0, (voce["riga"].quante_persone or 0) - NOMI_IN_BREVE)
    dati = {
        "filtri": filtri,
        "pagina": pagina,
        "righe": righe,
        "totali": None if pagina.conto.oltre else totali(tutte),
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


def _con_i_primi(righe: PrestazioneQuerySet) -> PrestazioneQuerySet:
    """Con i pochi nomi che la riga mostra: di un incontro di cento se ne leggono tre."""
    primi = Partecipazione.objects.select_related("beneficiario").order_by("pk")
    return (
        righe.per_elenco()
        .annotate(quante_persone=Subquery(QUANTE_PERSONE))
        .prefetch_related(Prefetch("partecipazioni", primi[:NOMI_IN_BREVE], to_attr="primi"))
    )


def totali(righe: PrestazioneQuerySet, minuti: str = "minuti") -> dict:
    """Minuti, righe senza durata, persone senza nome. Un totale di nulla è None, mai zero.

    `minuti`: la colonna da sommare.
    """
    conti = righe.order_by().aggregate(
        somma=Sum(minuti), con_durata=Count(minuti), teste=Sum("senza_nome"), tutte=Count("pk")
    )
    return conti | {"senza_durata": conti["tutte"] - conti["con_durata"]}


def _persona(request: HttpRequest, filtri: FiltriPrestazioniForm) -> Beneficiario | None:
    uuid = filtri.in_uso.get("persona")
    return Beneficiario.objects.di(request.attore.ente).filter(uuid=uuid).first() if uuid else None


def _foglio(request: HttpRequest) -> Tabella:
    filtri = FiltriPrestazioniForm(request.GET, attore=request.attore)
    if not _puo_esportare(request, filtri):
        raise PermissionDenied
    esce_come(Uscita.FOGLIO)
    chieste = ordina(filtri.applica(prestazioni_di(request.attore)), request.GET.get("ordine", ""))
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
        *(", ".join(_nome(chi) for chi in presenti), riga.oggetto),
        *(riga.luogo, riga.valore, riga.get_origine_display()),
    )


def _nome(chi: Partecipazione) -> str:
    return chi.beneficiario.come_si_chiama if chi.beneficiario else "il nucleo"
