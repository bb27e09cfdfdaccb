"""Il cruscotto di un ente: i suoi numeri, adesso, con il periodo e i filtri nell'indirizzo."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import caches
from django.http import Http404, HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from assi.models import Asse, Azione, Servizio
from beneficiari.models import BisognoRilevato
from enti.permessi import Permesso, richiede
from prestazioni.forms.cruscotti import FiltriDiEnteForm
from prestazioni.forms.elenco import FiltriPrestazioniForm
from prestazioni.sguardi.cruscotto import (
    AmbitoDiEnte,
    NumeriDiEnte,
    bisogni_per_stato,
    casi_aperti,
    con_i_casi,
    nuclei_presenti,
    numeri_di,
    totali_degli_esiti,
)
from prestazioni.sguardi.definizioni import DELL_ENTE
from prestazioni.sguardi.tavole import Tavola, nome_del_mese, tavola_di_numeri
from registro.comune.esportazioni import risposta_csv
from registro.comune.grafici import colore_asse


SENZA_VOCE = "Non più in elenco"
# Un caso è di un'azione: non ha un mese né un servizio.
SENZA_CASI = {"mese", "servizio"}
# Per quanti secondi i disegni di una pagina sono quelli dei numeri che ha mostrato.
DURATA = 60


@dataclass(frozen=True)
class Banco:
    """Ciò che si guarda: i filtri e l'ambito che ne viene."""

    filtri: FiltriDiEnteForm
    ambito: AmbitoDiEnte

    @classmethod
    def di(cls, request: HttpRequest) -> "Banco":
        filtri = FiltriDiEnteForm(request.GET, attore=request.attore)
        return cls(filtri, filtri.ambito(timezone.localdate()))

    def numeri(self, solo: str = "") -> NumeriDiEnte:
        """I conti con i casi aperti; con `solo`, quelli di un raggruppamento e basta."""
        numeri = numeri_di(self.ambito, solo)
        return numeri if solo in SENZA_CASI else con_i_casi(numeri, casi_aperti(self.ambito))

    def chiave(self, request: HttpRequest) -> str:
        """Sotto che nome stanno i numeri della pagina: di questa sessione, con questi filtri."""
        scelti = (self.ambito.asse, self.ambito.azione, self.ambito.servizio)
        filtri = [scelto.pk if scelto else None for scelto in scelti]
        sessione, ente = request.session.session_key, self.ambito.ente.pk
        dati = repr((sessione, ente, self.ambito.dal, self.ambito.al, filtri))
        return f"numeri-{hashlib.sha256(dati.encode()).hexdigest()}"


@require_safe
@vary_on_headers("HX-Request")
@richiede(Permesso.CRUSCOTTO_ENTE)
def cruscotto(request):
    banco = Banco.di(request)
    numeri = banco.numeri()
    # Disco pieno: ogni disegno conta la sua tavola da capo.
    with suppress(OSError):
        caches["grafici"].set(banco.chiave(request), numeri, DURATA)
    dati = {
        "filtri": banco.filtri,
        "periodo": banco.filtri.quando(timezone.localdate()),
        "numeri": numeri.totale,
        "nuclei": nuclei_presenti(banco.ambito),
        "tavole": _tavole(banco, numeri),
        "definizioni": DELL_ENTE,
        "righe": _indirizzo_delle_righe(banco.ambito),
        "cambiabile": request.GET.urlencode(),
        "tutto_l_ente": request.attore.risponde_dei_dati,
    }
    modello = "_numeri" if request.htmx else "ente"
    return render(request, f"prestazioni/cruscotti/{modello}.html", dati)


@require_safe
@richiede(Permesso.CRUSCOTTO_ENTE)
def disegno(request, slug):
    """Il disegno di una tavola, che la pagina chiede dopo aver mostrato i numeri: gli stessi."""
    banco = Banco.di(request)
    contati = caches["grafici"].get(banco.chiave(request))
    dati = {
        "tavola": _tavola_o_404(banco, slug, contati),
        "csv": "prestazioni:cruscotto_csv",
        "cambiabile": request.GET.urlencode(),
    }
    return render(request, "prestazioni/cruscotti/_disegno.html", dati)


@require_safe
@richiede(Permesso.CRUSCOTTO_ENTE)
def foglio_csv(request, slug):
    banco = Banco.di(request)
    che_cosa = banco.filtri.che_cosa(banco.filtri.quando(timezone.localdate()).in_parole)
    return risposta_csv(f"cruscotto-{slug}", _tavola_o_404(banco, slug).foglio(che_cosa))


def _tavola_o_404(banco: Banco, slug: str, contati: NumeriDiEnte | None = None) -> Tavola:
    """La tavola dei numeri già `contati`; senza, se ne conta il suo raggruppamento e basta."""
    if slug not in TAVOLE:
        raise Http404("Questa tavola non c'è.")
    if slug in SENZA_NUMERI:
        return TAVOLE[slug](banco, NumeriDiEnte())
    return TAVOLE[slug](banco, contati or banco.numeri(slug))


def _tavole(banco: Banco, numeri: NumeriDiEnte) -> list[Tavola]:
    tavole = (fai(banco, numeri) for fai in TAVOLE.values())
    return [tavola for tavola in tavole if tavola.righe]


def _per_mese(banco: Banco, numeri: NumeriDiEnte) -> Tavola:
    voci = [(nome_del_mese(mese), conti) for mese, conti in numeri.per_mese.items()]
    return tavola_di_numeri(
        *("mese", "Mese per mese", "Mese", voci),
        misura=banco.filtri.disegnata,
        mesi=tuple(numeri.per_mese),
    )


def _per_asse(banco: Banco, numeri: NumeriDiEnte) -> Tavola:
    assi = [asse for asse in Asse.objects.in_ordine() if asse.pk in numeri.per_asse]
    return tavola_di_numeri(
        *("asse", "Per asse", "Asse"),
        [(asse.denominazione, numeri.per_asse[asse.pk]) for asse in assi],
        misura=banco.filtri.disegnata,
        con_casi=True,
        colori=[colore_asse(asse.slug) for asse in assi],
    )


def _per_azione(banco: Banco, numeri: NumeriDiEnte) -> Tavola:
    azioni = Azione.objects.select_related("asse").filter(pk__in=numeri.per_azione)
    azioni = azioni.order_by("titolo", "pk")
    return tavola_di_numeri(
        *("azione", "Per azione", "Azione"),
        [(azione.titolo, numeri.per_azione[azione.pk]) for azione in azioni],
        misura=banco.filtri.disegnata,
        con_casi=True,
        colori=[colore_asse(azione.asse.slug) for azione in azioni],
    )


def _per_servizio(banco: Banco, numeri: NumeriDiEnte) -> Tavola:
    nomi = dict(
        Servizio.objects.filter(ente=banco.ambito.ente, pk__in=numeri.per_servizio).values_list(
            "pk", "nome"
        )
    )
    voci = [(nomi.get(pk, SENZA_VOCE), conti) for pk, conti in numeri.per_servizio.items()]
    voci.sort(key=lambda voce: (-voce[1].prestazioni, voce[0]))
    return tavola_di_numeri(
        *("servizio", "Per servizio", "Servizio", voci), misura=banco.filtri.disegnata
    )


def _bisogni(banco: Banco, _: NumeriDiEnte) -> Tavola:
    conti = bisogni_per_stato(banco.ambito)
    stati = [stato for stato in BisognoRilevato.Stato if stato.value in conti]
    return Tavola(
        "bisogni",
        "Bisogni rilevati, per stato di oggi",
        ("Stato", "Persone", "Bisogni"),
        tuple((stato.label.capitalize(), *conti[stato.value]) for stato in stati),
        colonna=2,
        definizioni=(DELL_ENTE["persone_con_bisogni"], DELL_ENTE["bisogni"]),
    )


def _esiti(banco: Banco, _: NumeriDiEnte) -> Tavola:
    totali = totali_degli_esiti(banco.ambito)
    return Tavola(
        "esiti",
        "Esiti, per tipo",
        ("Esito", "Esiti", "Casi", "Come va", "Euro"),
        tuple((t.nome, t.esiti, t.prese, t.segno_in_parole, t.euro) for t in totali),
        definizioni=tuple(
            DELL_ENTE[voce] for voce in ("esiti", "casi_con_esiti", "segno", "euro")
        ),
    )


TAVOLE = {
    "mese": _per_mese,
    "asse": _per_asse,
    "azione": _per_azione,
    "servizio": _per_servizio,
    "bisogni": _bisogni,
    "esiti": _esiti,
}
SENZA_NUMERI = {"bisogni", "esiti"}


def _indirizzo_delle_righe(ambito: AmbitoDiEnte) -> str:
    """L'elenco delle prestazioni contate: gli stessi filtri, di tutto l'ente."""
    filtri = {
        "di_chi": FiltriPrestazioniForm.ENTE,
        "dal": ambito.dal.isoformat(),
        "al": ambito.al.isoformat(),
        "asse": ambito.asse.slug if ambito.asse else "",
        "azione": ambito.azione.slug if ambito.azione else "",
        "servizio": ambito.servizio.uuid if ambito.servizio else "",
    }
    scelti = {nome: valore for nome, valore in filtri.items() if valore}
    return f"{reverse('prestazioni:elenco')}?{urlencode(scelti)}"
