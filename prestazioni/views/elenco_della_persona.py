"""Le prestazioni di una persona: gli stessi filtri, ordini, pagine e fogli dell'elenco dell'ente.

Di chi altro c'era non si legge e non si scrive niente: né nella pagina né nel foglio.
"""

from collections.abc import Iterator
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from beneficiari.views.comune import cornice_della_persona, persona_o_404
from enti.permessi import Permesso, richiede
from prestazioni.forms.elenco import (
    ORDINAMENTI_DELLA_PERSONA,
    FiltriDellaPersonaForm,
    ordina,
    prestazioni_di,
)
from prestazioni.models import Prestazione, PrestazioneQuerySet
from prestazioni.views.elenco import COLONNE, somme
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from registro.comune.elenchi import colonne_ordinabili
from registro.comune.esportazioni import BLOCCO, Tabella, risposta_csv, risposta_xlsx
from registro.comune.filtri import filtri_salvabili
from registro.comune.pagine import pagina_per_chiave


# Di chi, lo dice la pagina: la riga si chiama col suo servizio, che viene prima.
COLONNE_DELLA_PERSONA = (COLONNE[1], COLONNE[0], *COLONNE[2:])
INTESTAZIONI = (
    *("Giorno", "Ora", "Servizio", "Voce della rete", "Azione", "Asse", "Operatore"),
    *("Minuti della persona", "Modo", "Quantità", "Unità", "Oggetto", "Luogo"),
    *("Valore in euro", "Registrata"),
)


@require_safe
@vary_on_headers("HX-Request")
@filtri_salvabili("prestazioni:della_persona", FiltriDellaPersonaForm)
@richiede(Permesso.PRESTAZIONI_VEDERE)
def della_persona(request, uuid):
    """Tutto ciò che si è fatto con una persona, dall'ultima volta."""
    persona = persona_o_404(request, uuid)
    chiavi = persona.chiavi
    filtri = FiltriDellaPersonaForm(request.GET, attore=request.attore, persone=chiavi)
    tutte = filtri.applica(_righe_di(request, chiavi))
    pagina = pagina_per_chiave(
        _ordinate(request, tutte).in_tabella().con_le_presenze_di(chiavi),
        fra=_righe_di(request, chiavi),
        chiesta=request.GET.get("pagina", ""),
        # Le persone senza nome di un incontro non sono di lei.
        somme=somme("suoi_minuti"),
    )
    dati = {
        "filtri": filtri,
        "pagina": pagina,
        "colonne": colonne_ordinabili(COLONNE_DELLA_PERSONA, request.GET.get("ordine", "")),
        "puo_esportare": request.attore.puo(Permesso.PRESTAZIONI_ESPORTARE),
        "puo_scrivere": request.attore.puo(Permesso.PRESTAZIONI_SCRIVERE),
    }
    cornice = cornice_della_persona(request, persona, linguetta="prestazioni")
    modello = "_della_persona" if request.htmx else "della_persona"
    return render(request, f"prestazioni/elenco/{modello}.html", cornice | dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def della_persona_csv(request, uuid):
    return risposta_csv("prestazioni", _foglio(request, uuid))


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def della_persona_xlsx(request, uuid):
    return risposta_xlsx("prestazioni", [_foglio(request, uuid)])


def _righe_di(request: HttpRequest, persone: list[int]) -> PrestazioneQuerySet:
    return prestazioni_di(request.attore).con_i_minuti_di(persone)


def _ordinate(request: HttpRequest, righe: PrestazioneQuerySet) -> PrestazioneQuerySet:
    return ordina(righe.dalle_ultime(), request.GET.get("ordine", ""), ORDINAMENTI_DELLA_PERSONA)


def _foglio(request: HttpRequest, uuid: UUID) -> Tabella:
    chiavi = persona_o_404(request, uuid).chiavi
    filtri = FiltriDellaPersonaForm(request.GET, attore=request.attore, persone=chiavi)
    esce_come(Uscita.FOGLIO)
    chieste = _ordinate(request, filtri.applica(_righe_di(request, chiavi)))
    chieste = chieste.per_elenco().con_le_presenze_di(chiavi)
    return Tabella("Prestazioni", INTESTAZIONI, _righe_del_foglio(chieste))


def _righe_del_foglio(righe: PrestazioneQuerySet) -> Iterator[tuple]:
    for riga in righe.iterator(BLOCCO):
        yield _riga_del_foglio(riga)


def _riga_del_foglio(riga: Prestazione) -> tuple:
    voce = riga.servizio.voce
    return (
        *(riga.giorno, f"{riga.ora:%H:%M}" if riga.ora else ""),
        *(riga.servizio.nome, voce.nome, riga.azione.titolo, riga.azione.asse.denominazione),
        *(riga.operatore.nome_completo, riga.suoi_minuti, riga.get_modo_display()),
        *(riga.quantita, voce.unita.nome.lower() if riga.quantita is not None else ""),
        *(riga.oggetto, riga.luogo, riga.valore, riga.get_origine_display()),
    )
