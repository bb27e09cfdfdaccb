"""Quante persone dell'ente hanno ciascun bisogno aperto, e a quanti la rete non risponde.

Solo conteggi. Chi non risponde di tutto l'ente conta le persone che segue: lo dice la pagina.
"""

from dataclasses import dataclass, field

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assi.models import Bisogno
from beneficiari.models import BisognoRilevato
from enti.permessi import Attore, Permesso, richiede
from registro.comune.esportazioni import Tabella, risposta_csv


Stato = BisognoRilevato.Stato


@dataclass
class Conto:
    """Un bisogno e quante persone lo hanno aperto, per stato."""

    bisogno: Bisogno
    per_stato: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Stato.values, 0))

    @property
    def celle(self) -> list[tuple[str, int]]:
        """Coppie (stato in parole, persone), nell'ordine degli stati."""
        return [(Stato(stato).label, quante) for stato, quante in self.per_stato.items()]

    @property
    def senza_risposta(self) -> int:
        return self.per_stato[Stato.SENZA_RISPOSTA]

    @property
    def totale(self) -> int:
        return sum(self.per_stato.values())


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def bisogni_dell_ente(request):
    conti = _conti(request.attore)
    dati = {
        "conti": conti,
        "stati": Stato.labels,
        "aperti": sum(conto.totale for conto in conti),
        "senza_risposta": sum(conto.senza_risposta for conto in conti),
        "tutto_l_ente": request.attore.risponde_dei_dati,
    }
    return render(request, "beneficiari/rilevazioni/bisogni_dell_ente.html", dati)


@require_safe
@richiede(Permesso.PERSONE_VEDERE)
def bisogni_dell_ente_csv(request):
    intestazioni = ("Codice", "Bisogno", "Asse", *map(str.capitalize, Stato.labels), "Totale")
    righe = [
        (
            *(conto.bisogno.codice, conto.bisogno.nome),
            conto.bisogno.asse.denominazione if conto.bisogno.asse else "",
            *(*conto.per_stato.values(), conto.totale),
        )
        for conto in _conti(request.attore)
    ]
    tutti = request.attore.risponde_dei_dati
    nome = "bisogni-dell-ente" if tutti else "bisogni-di-chi-segui"
    return risposta_csv(nome, Tabella("Bisogni aperti", intestazioni, righe))


def _conti(da: Attore) -> list[Conto]:
    """I bisogni con almeno una persona: prima quelli a cui la rete non risponde, poi i più comuni."""
    conteggi = list(BisognoRilevato.objects.di(da.ente).aperti().persone_per_stato())
    chiavi = {riga["bisogno_id"] for riga in conteggi}
    bisogni = Bisogno.objects.filter(pk__in=chiavi).select_related("asse")
    conti = {bisogno.pk: Conto(bisogno) for bisogno in bisogni}
    for riga in conteggi:
        conti[riga["bisogno_id"]].per_stato[riga["stato"]] = riga["persone"]
    return sorted(
        conti.values(),
        key=lambda conto: (-conto.senza_risposta, -conto.totale, conto.bisogno.ordine),
    )
