"""L'agenda: il giorno e la settimana, ciò che resta da registrare, chi non si vede da tempo."""

from datetime import date, timedelta

from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enti.permessi import Permesso, richiede
from prestazioni.sguardi.agenda import (
    da_registrare,
    giorni_di_agenda,
    seguite,
    senza_contatti,
    visite as visite_del_giorno,
)
from privacy.gruppi import Gruppo, Uscita
from privacy.letture import annota_molte, esce_come
from registro.comune.pagine import pagina_per_chiave


GIORNO, SETTIMANA = "giorno", "settimana"
GIORNI_PER_VISTA = {GIORNO: 1, SETTIMANA: 7}
SENZA_CONTATTI_DA = (15, 30, 60, 90)
PERSONE_PER_PAGINA = 30


@require_safe
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def agenda(request):
    """I propri appuntamenti. Nell'indirizzo: `giorno` (2026-11-23) e `vista` (giorno, settimana)."""
    oggi = timezone.localdate()
    giorno = _giorno_chiesto(request, oggi)
    vista = request.GET.get("vista", "")
    vista = vista if vista in GIORNI_PER_VISTA else SETTIMANA
    quanti = GIORNI_PER_VISTA[vista]
    dal = giorno - timedelta(giorno.weekday()) if vista == SETTIMANA else giorno
    dati = {
        "giorni": giorni_di_agenda(request.attore, dal, quanti),
        "oggi": oggi,
        "adesso": timezone.now(),
        "vista": vista,
        "giorno": giorno,
        "dal": dal,
        "al": dal + timedelta(quanti - 1),
        "prima": dal - timedelta(quanti),
        "dopo": dal + timedelta(quanti),
        "da_registrare": da_registrare(request.attore, timezone.now()),
    }
    return render(request, "prestazioni/agenda/agenda.html", dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def visite(request):
    """Le visite a domicilio di un giorno, da stampare e portare con sé."""
    giorno = _giorno_chiesto(request, timezone.localdate())
    # Su carta i dati escono: lo dice il registro degli accessi.
    esce_come(Uscita.PDF)
    dati = {"giorno": giorno, "visite": visite_del_giorno(request.attore, giorno)}
    return render(request, "prestazioni/agenda/visite.html", dati)


@require_safe
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def trascurate(request):
    """Le persone che segue e non vede da tempo. Nell'indirizzo: `giorni` e `pagina`."""
    scritti = request.GET.get("giorni", "")
    giorni = int(scritti) if scritti in map(str, SENZA_CONTATTI_DA) else SENZA_CONTATTI_DA[1]
    oggi = timezone.localdate()
    pagina = pagina_per_chiave(
        senza_contatti(request.attore, giorni, oggi),
        fra=seguite(request.attore).per_calcolo(),
        chiesta=request.GET.get("pagina", ""),
        quante=PERSONE_PER_PAGINA,
    )
    # L'ultimo contatto si mostra senza leggere le sue righe: si annota.
    annota_molte([(voce.pk, voce.ente_id) for voce in pagina], Gruppo.PRESTAZIONI)
    dati = {
        "giorni": giorni,
        "scelte": SENZA_CONTATTI_DA,
        "pagina": pagina,
        "righe": [(voce, (oggi - voce.da_quando).days) for voce in pagina],
    }
    return render(request, "prestazioni/agenda/trascurate.html", dati)


def _giorno_chiesto(request: HttpRequest, oggi: date) -> date:
    """Il giorno dell'indirizzo; oggi se non c'è, non si capisce, o è fuori dal calendario."""
    try:
        chiesto = date.fromisoformat(request.GET.get("giorno", ""))
    except ValueError:
        return oggi
    return chiesto if 2000 <= chiesto.year < 2100 else oggi
