"""Quanto è venuto ciascuno, e il foglio da riempire a mano."""

from datetime import date

from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enti.permessi import Permesso, richiede
from prestazioni.calendario import AVANTI, Frequenza, frequenze, membri_in_ordine
from prestazioni.forms.gruppi import sottogruppi
from prestazioni.forms.presenze import DATE_SUL_FOGLIO, FoglioForm, PeriodoForm
from prestazioni.models import GruppoPresenze
from prestazioni.views.gruppi import gruppo_o_404
from privacy.gruppi import Uscita
from privacy.letture import esce_come
from registro.comune.esportazioni import Tabella, risposta_csv, risposta_xlsx


INTESTAZIONI = (
    *("Sottogruppo", "Cognome", "Nome", "Anno di nascita", "Nel gruppo dal", "Nel gruppo fino al"),
    *("Presenze", "Incontri", "Frequenza %", "Frequenza regolare"),
)
DATE_SOLITE = 5


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def frequenza(request, uuid):
    gruppo = gruppo_o_404(request, uuid)
    filtri = PeriodoForm(request.GET)
    dal, al = filtri.periodo(gruppo, timezone.localdate())
    righe = frequenze(gruppo, dal, al)
    dati = {
        "gruppo": gruppo,
        "linguetta": "frequenza",
        "filtri": filtri,
        "dal": dal,
        "al": al,
        "righe": righe,
        "regolari": sum(riga.regolare for riga in righe),
        "con_incontri": sum(riga.parte is not None for riga in righe),
        "puo_esportare": request.attore.puo(Permesso.PRESTAZIONI_ESPORTARE),
    }
    return render(request, "prestazioni/gruppi/frequenza.html", dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def frequenza_csv(request, uuid):
    return risposta_csv("frequenza", _foglio_di_calcolo(request, uuid))


@require_safe
@richiede(Permesso.PRESTAZIONI_ESPORTARE)
def frequenza_xlsx(request, uuid):
    return risposta_xlsx("frequenza", [_foglio_di_calcolo(request, uuid)])


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def foglio(request, uuid):
    """Il foglio da stampare: i nomi, e una casella da segnare per ogni incontro."""
    gruppo = gruppo_o_404(request, uuid)
    oggi = timezone.localdate()
    # Esce di qui su carta: chi l'ha preparato resta scritto come per un documento.
    esce_come(Uscita.PDF)
    tutti = list(membri_in_ordine(gruppo))
    filtri = FoglioForm(request.GET, parti=sottogruppi(tutti))
    scelti = filtri.in_uso
    parte = scelti.get("parte", "")
    # Di un gruppo finito si parte dal suo inizio: oggi non ha più nessuno.
    finito = gruppo.al is not None and gruppo.al < oggi
    dal = scelti.get("dal") or (gruppo.dal if finito else oggi)
    date_in_testa = _date(gruppo, scelti, dal)
    ultima = max([dal, *filter(None, date_in_testa)])
    membri = [m for m in tutti if m.dal <= ultima and (m.al is None or m.al >= dal)]
    dati = {
        "gruppo": gruppo,
        "linguetta": "foglio",
        "filtri": filtri,
        "membri": [m for m in membri if not parte or m.parte == parte],
        "parte": parte,
        "date": date_in_testa,
    }
    return render(request, "prestazioni/gruppi/foglio.html", dati)


def _date(gruppo: GruppoPresenze, scelti: dict, dal: date) -> list[date | None]:
    """I giorni in testa alle colonne; None per una colonna in cui la data si scrive a mano."""
    quante = min(scelti.get("quante") or DATE_SOLITE, DATE_SUL_FOGLIO)
    previste = gruppo.incontri_previsti(dal, dal + AVANTI)[:quante]
    return [*previste, *[None] * (quante - len(previste))]


def _foglio_di_calcolo(request: HttpRequest, uuid) -> Tabella:
    gruppo = gruppo_o_404(request, uuid)
    esce_come(Uscita.FOGLIO)
    dal, al = PeriodoForm(request.GET).periodo(gruppo, timezone.localdate())
    righe = (_riga(voce) for voce in frequenze(gruppo, dal, al))
    return Tabella("Frequenza", INTESTAZIONI, righe)


def _riga(voce: Frequenza) -> tuple:
    persona = voce.membro.beneficiario
    nome = (persona.cognome, persona.nome_scelto or persona.nome)
    anno = persona.data_nascita.year if persona.data_nascita else None
    return (
        voce.membro.parte,
        *((persona.come_si_chiama, "") if persona.anonimo else nome),
        f"circa {anno}" if anno and persona.nascita_stimata else anno,
        voce.membro.dal,
        voce.membro.al,
        voce.presenze,
        voce.su,
        voce.percento,
        "" if voce.parte is None else ("sì" if voce.regolare else "no"),
    )
