"""I filtri dei cruscotti: il periodo e che cosa guardare, tutto nell'indirizzo."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils import timezone

from assi.models import Asse, Azione, Servizio
from enti.models import Ente, Nodo
from enti.permessi import Attore
from prestazioni.forms.campi import azioni_e_assi
from prestazioni.forms.elenco import DATE_ROVESCIATE
from prestazioni.models import PRIMO_GIORNO
from prestazioni.sguardi.cruscotto import AmbitoDiEnte
from prestazioni.sguardi.ore import fine_del_mese, primo_del_mese
from prestazioni.sguardi.rete import Ambito
from prestazioni.sguardi.tavole import MISURE, nome_del_mese
from registro.comune.mesi import fra_mesi
from registro.comune.moduli import CampoGiorno, CampoScelta, FiltriForm
from registro.comune.templatetags.testo import data_estesa


MESE, TRIMESTRE, ANNO, ANNO_SCORSO, TUTTO = "mese", "trimestre", "anno", "anno-scorso", "tutto"
PERIODI = [
    ("", "Quest'anno"),
    (MESE, "Questo mese"),
    (TRIMESTRE, "Questo trimestre"),
    (ANNO_SCORSO, "L'anno scorso"),
    (TUTTO, "Da sempre"),
]
TROPPO_PRESTO = f"Prima del {PRIMO_GIORNO.year} non ci sono dati: scegli un giorno più vicino."
NON_ANCORA = "Questo giorno deve ancora venire: i numeri arrivano a oggi."


@dataclass(frozen=True)
class Periodo:
    """Dal primo all'ultimo giorno, compresi; `tutto` se chi guarda ha chiesto ogni data."""

    dal: date
    al: date
    tutto: bool = False

    @property
    def in_parole(self) -> str:
        """«dal 1º gennaio 2026 al 23 novembre 2026»."""
        if self.tutto:
            return f"da sempre, fino al {data_estesa(self.al)}"
        return f"dal {data_estesa(self.dal)} al {data_estesa(self.al)}"

    @property
    def a_mesi(self) -> "Periodo":
        """Lo stesso periodo a mesi interi: quelli in cui cade."""
        return Periodo(
            primo_del_mese(self.dal), fine_del_mese(primo_del_mese(self.al)), self.tutto
        )

    @property
    def mesi_in_parole(self) -> str:
        """«da gennaio 2026 a novembre 2026», o un mese solo."""
        primo, ultimo = nome_del_mese(self.dal), nome_del_mese(self.al)
        if self.tutto:
            return f"da sempre, fino a {ultimo}"
        return primo if primo == ultimo else f"da {primo} a {ultimo}"


class FiltriCruscottoForm(FiltriForm):
    """Il periodo e la misura da disegnare. Le date, se scritte, vincono sul periodo scelto; un
    periodo che arriva a domani si ferma a oggi.

    Se una delle due date non va, nessuna conta: resta il periodo scelto, e la pagina lo dice.
    """

    periodo = forms.ChoiceField(label="Periodo", required=False, choices=PERIODI)
    dal = CampoGiorno(label="Oppure dal", required=False)
    al = CampoGiorno(label="Al", required=False)
    asse = CampoScelta(
        Asse.objects.none(), required=False, to_field_name="slug", empty_label="Tutti gli assi"
    )
    azione = CampoScelta(
        Azione.objects.none(), required=False, to_field_name="slug", empty_label="Tutte le azioni"
    )
    misura = forms.ChoiceField(
        label="Nei disegni", required=False, choices=list(MISURE.items()), initial="prestazioni"
    )

    segna_facoltativi = False

    def clean(self):
        dati = super().clean()
        if rifiuto := _perche_non_vanno(dati.get("dal"), dati.get("al"), timezone.localdate()):
            self.add_error(*rifiuto)
        if self.date_rifiutate:
            # Metà periodo direbbe altro da ciò che si è chiesto: non vale né un giorno né l'altro.
            dati = {nome: valore for nome, valore in dati.items() if nome not in ("dal", "al")}
        return dati

    @property
    def date_rifiutate(self) -> list[str]:
        """Le frasi che dicono perché le date scritte non contano; vuoto se contano o non ci sono."""
        return [frase for nome in ("dal", "al") for frase in self.errors.get(nome, ())]

    def quando(self, oggi: date) -> Periodo:
        """Il periodo chiesto, mai oltre oggi; quello del menu se le date non si sono potute usare."""
        scelti = self.in_uso
        if "dal" in scelti or "al" in scelti:
            dal, al = scelti.get("dal", PRIMO_GIORNO), scelti.get("al", oggi)
            return Periodo(max(dal, PRIMO_GIORNO), min(al, oggi))
        return _periodo(scelti.get("periodo", ANNO), oggi)

    @property
    def disegnata(self) -> str:
        """La misura da disegnare: una di `MISURE`."""
        return self.in_uso.get("misura", "prestazioni")

    @property
    def quanti(self) -> int:
        """Quanti filtri restringono; scegliere che cosa disegnare non è un filtro."""
        return len(set(self.in_uso) - {"misura"})

    def che_cosa(self, periodo: str) -> list[tuple[str, str]]:
        """Il periodo (in parole) e i filtri, da scrivere in un file: «Filtri», «Asse: Casa»."""
        fuori = {"periodo", "dal", "al", "misura"}
        frasi = zip(self.in_uso, self.in_parole, strict=True)
        ristretti = [frase for nome, frase in frasi if nome not in fuori]
        return [("Periodo", periodo), ("Filtri", "; ".join(ristretti) or "nessuno")]


class FiltriDiEnteForm(FiltriCruscottoForm):
    """I filtri del cruscotto di un ente."""

    servizio = CampoScelta(
        Servizio.objects.none(),
        required=False,
        to_field_name="uuid",
        empty_label="Tutti i servizi",
    )

    field_order = ("periodo", "dal", "al", "asse", "azione", "servizio", "misura")

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        self.attore = attore
        # Le stesse scelte dell'elenco delle prestazioni, a cui la pagina rimanda.
        azioni_e_assi(self, attore.ente)
        self.fields["servizio"].queryset = Servizio.objects.di(attore.ente).order_by("nome")

    def ambito(self, oggi: date) -> AmbitoDiEnte:
        """Che cosa contare."""
        scelti, periodo = self.in_uso, self.quando(oggi)
        return AmbitoDiEnte(
            self.attore.ente,
            periodo.dal,
            periodo.al,
            scelti.get("asse"),
            scelti.get("azione"),
            scelti.get("servizio"),
        )


class FiltriDiReteForm(FiltriCruscottoForm):
    """I filtri del cruscotto della rete: nodi ed enti sono quelli che chi guarda può vedere.

    Gli enti sono capofila e partner: aziende, scuole e uffici che la rete conosce non registrano.
    """

    nodo = CampoScelta(
        Nodo.objects.none(), required=False, to_field_name="slug", empty_label="Tutti i nodi"
    )
    ente = CampoScelta(
        Ente.objects.none(), required=False, to_field_name="slug", empty_label="Tutti gli enti"
    )

    field_order = ("periodo", "dal", "al", "nodo", "ente", "asse", "azione", "misura")

    def __init__(self, *args, attore: Attore, **kwargs):
        super().__init__(*args, **kwargs)
        nodi = Nodo.objects.order_by("parte", "denominazione")
        enti = Ente.objects.attivi().della_rete().per_denominazione()
        if not attore.di_rete:
            nodi, enti = nodi.filter(pk=attore.nodo.pk), enti.filter(nodo=attore.nodo)
        self.fields["nodo"].queryset = nodi
        self.fields["ente"].queryset = enti
        self.fields["asse"].queryset = Asse.objects.in_ordine()
        self.fields["azione"].queryset = Azione.objects.order_by("titolo")

    def ambito(self, oggi: date) -> Ambito:
        """Che cosa contare, a mesi interi."""
        scelti, periodo = self.in_uso, self.quando(oggi).a_mesi
        filtri = {nome: scelti.get(nome) for nome in ("nodo", "ente", "asse", "azione")}
        return Ambito(periodo.dal, periodo.al, **filtri)


def _perche_non_vanno(dal: date | None, al: date | None, oggi: date) -> tuple[str, str] | None:
    """Il campo e la frase, se fra le due date non c'è neanche un giorno che si possa contare."""
    if dal and al and al < dal:
        return "al", DATE_ROVESCIATE
    if al and al < PRIMO_GIORNO:
        return "al", TROPPO_PRESTO
    if dal and dal > oggi:
        return "dal", NON_ANCORA
    return None


def _periodo(nome: str, oggi: date) -> Periodo:
    if nome == TUTTO:
        return Periodo(PRIMO_GIORNO, oggi, tutto=True)
    if nome == ANNO_SCORSO:
        return Periodo(date(oggi.year - 1, 1, 1), date(oggi.year - 1, 12, 31))
    mese = primo_del_mese(oggi)
    primi = {MESE: mese, TRIMESTRE: fra_mesi(mese, -((oggi.month - 1) % 3))}
    return Periodo(primi.get(nome, date(oggi.year, 1, 1)), oggi)
