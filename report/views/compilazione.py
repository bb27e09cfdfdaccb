"""Compilare una scheda: una sezione per pagina, ogni riga si salva da sé.

Una pagina risponde a tutto ciò che si fa alle righe della sua sezione: il campo «riga» dice
quale, «gesto» che cosa. Con HTMX torna solo il pezzo che cambia; senza, si ricarica la pagina.
"""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from assi.models import Programma
from enti.models import Ente
from enti.permessi import Permesso, richiede
from report.azioni import righe as azioni
from report.controlli import Gravita, avvisi_di
from report.fascicolo import Fascicolo, chiave
from report.forms.sezione import DomandaInPagina, domande_in_pagina, modulo_di
from report.models import Conteggio, Scheda
from report.views.schede import gesti, scheda_visibile


# Un numero di riga o di versione più lungo non l'ha scritto una nostra pagina.
CIFRE_MASSIME = 18


@require_safe
@richiede(Permesso.SCHEDE_COMPILARE)
def compila(request, uuid):
    """Porta alla prima sezione ancora da compilare; se ci sono tutte, alla prima."""
    scheda = scheda_visibile(request, uuid)
    fascicolo = Fascicolo.di(scheda)
    if not scheda.aperta or not fascicolo.sezioni:
        return redirect("report:scheda", scheda.uuid)
    prossima = [*fascicolo.sezioni_mancanti, *fascicolo.sezioni][0]
    return redirect("report:scheda_sezione", scheda.uuid, prossima.codice)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
@richiede(Permesso.SCHEDE_COMPILARE)
def sezione(request, uuid, codice):
    scheda = scheda_visibile(request, uuid)
    pagina = PaginaDiSezione(request, scheda, codice)
    if request.method == "POST":
        return pagina.rispondi()
    if not scheda.aperta:
        messages.info(
            request, f"La scheda è {scheda.get_stato_display()}: qui la si può solo leggere."
        )
        return redirect("report:scheda", scheda.uuid)
    return pagina.mostra()


@require_safe
@richiede(Permesso.SCHEDE_COMPILARE)
def margine(request, uuid, codice):
    """L'indice e i controlli aggiornati, chiesti dopo ogni salvataggio."""
    pagina = PaginaDiSezione(request, scheda_visibile(request, uuid), codice)
    return render(request, "report/schede/compila/_margine.html", pagina.margine())


class PaginaDiSezione:
    """Una sezione di una scheda e ciò che una richiesta le chiede."""

    def __init__(self, request: HttpRequest, scheda: Scheda, codice: str) -> None:
        self.request, self.scheda, self.codice = request, scheda, codice
        self._leggi(request.POST or None)

    def _leggi(self, dati=None) -> None:
        self.fascicolo = Fascicolo.di(self.scheda)
        self.sezione = self.fascicolo.sezione(self.codice)
        if self.sezione is None:
            raise Http404("La scheda non ha questa sezione.")
        self.domande: list[DomandaInPagina] = domande_in_pagina(self.fascicolo, self.sezione, dati)

    def rispondi(self) -> HttpResponse:
        """Fa ciò che il campo «gesto» dice."""
        gesti_noti: dict[str, Callable[[], HttpResponse]] = {
            "salva": self._salva,
            "unisci": self._salva,
            "aggiungi": self._aggiungi,
            "lascia": self._riga_com_e,
            "conferma": self._conferma,
            "togli": self._togli,
            "rimetti": self._rimetti,
            "dichiara-vuota": lambda: self._segna(presente=True),
            "non-detta": lambda: self._segna(presente=False),
        }
        gesto = gesti_noti.get(self.request.POST.get("gesto", "salva"))
        if gesto is None:
            raise Http404("Gesto sconosciuto.")
        return gesto()

    # Salvare --------------------------------------------------------------------------
    def _salva(self) -> HttpResponse:
        modulo = self._modulo()
        if modulo is None:
            return self._riga_perduta()
        if not modulo.is_valid():
            return self._esito(modulo, stato=422)
        try:
            riga = modulo.salva(self._versione_letta(), self.request.attore)
        except azioni.RigaCambiata as cambiata:
            if self._vuole_unire(cambiata):
                return self._unisci(modulo, cambiata)
            return self._esito(modulo, cambiata=cambiata, stato=422)
        except ValidationError as errore:
            modulo.add_error(None, errore.messages)
            return self._esito(modulo, stato=422)
        if modulo.cambia_forma:
            return self._riga_com_e()
        return self._esito(modulo, scritta=riga)

    def _vuole_unire(self, cambiata: azioni.RigaCambiata) -> bool:
        # Due numeri non si uniscono, e una frase nel frattempo tolta non c'è più.
        due_testi = isinstance(cambiata, azioni.TestoCambiato) and cambiata.attuale is not None
        return due_testi and self.request.POST.get("gesto") == "unisci"

    def _unisci(self, modulo, cambiata: azioni.TestoCambiato) -> HttpResponse:
        """Tiene i due testi, uno sotto l'altro: chi scrive poi li sistema."""
        testo = f"{cambiata.testo_proposto}\n\n{cambiata.testo_attuale}"
        modulo.cleaned_data["testo"] = testo
        try:
            modulo.salva(cambiata.attuale.versione, self.request.attore)
        except azioni.RigaCambiata as ancora:
            # Un terzo ha scritto nel frattempo: si sceglie di nuovo, con davanti il suo testo.
            return self._esito(modulo, cambiata=ancora, stato=422)
        except ValidationError as errore:
            return self._rifiutata(modulo, errore)
        return self._riga_com_e()

    def _conferma(self) -> HttpResponse:
        modulo = self._modulo()
        if modulo is None or not isinstance(modulo.instance, Conteggio):
            return self._riga_perduta()
        altri = modulo.dati() if modulo.is_valid() else {}
        try:
            azioni.conferma_calcolato(
                conteggio=modulo.instance,
                versione=self._versione_letta(),
                da=self.request.attore,
                **altri,
            )
        except azioni.RigaCambiata as cambiata:
            return self._esito(modulo, cambiata=cambiata, stato=422)
        except ValidationError as errore:
            return self._rifiutata(modulo, errore)
        return self._riga_com_e()

    # Aggiungere e togliere ------------------------------------------------------------
    def _aggiungi(self) -> HttpResponse:
        modulo = self._modulo()
        if modulo is None or not modulo.prefix.startswith("nuova-"):
            raise Http404("Qui non si aggiungono righe.")
        if not modulo.is_valid():
            return self._non_aggiunta(modulo)
        try:
            riga = modulo.aggiungi(self.request.attore)
        except ValidationError as errore:
            modulo.add_error(None, errore.messages)
            return self._non_aggiunta(modulo)
        if not self.request.htmx:
            return self._torna(chiave(riga), "Riga aggiunta.")
        self._leggi()
        aggiunta = modulo_di(self.domande, chiave(riga))
        domanda = next(voce for voce in self.domande if aggiunta in voce.moduli)
        return self._pezzo(
            "report/schede/compila/_aggiunta.html", {"modulo": aggiunta, "domanda": domanda}
        )

    def _non_aggiunta(self, modulo) -> HttpResponse:
        if not self.request.htmx:
            return self.mostra(422, scritto={"modulo": modulo})
        return self._pezzo("report/schede/compila/_nuova.html", {"modulo": modulo}, stato=422)

    def _togli(self) -> HttpResponse:
        modulo = self._modulo()
        if modulo is None:
            return self._riga_perduta()
        try:
            tolta = azioni.togli_riga(riga=modulo.instance, da=self.request.attore)
        except ValidationError as errore:
            return self._rifiutata(modulo, errore)
        if not self.request.htmx:
            return self._torna("righe-tolte", "Riga tolta. In fondo alla pagina si può rimettere.")
        dati = {"tolta": tolta, "chiave": modulo.prefix}
        return self._pezzo("report/schede/compila/_tolta.html", dati, al_posto_di=modulo.prefix)

    def _rimetti(self) -> HttpResponse:
        numero = _numero(self.request.POST.get("tolta", ""))
        tolta = get_object_or_404(self.scheda.righe_tolte.all(), pk=numero)
        try:
            riga = azioni.rimetti_riga(tolta=tolta, da=self.request.attore)
        except ValidationError as errore:
            messages.error(self.request, " ".join(errore.messages))
            return self._torna("righe-tolte")
        return self._torna(chiave(riga), "Riga rimessa al suo posto.")

    def _segna(self, *, presente: bool) -> HttpResponse:
        try:
            azioni.segna_sezione(
                scheda=self.scheda,
                sezione=self.sezione.codice,
                presente=presente,
                da=self.request.attore,
            )
        except ValidationError as errore:
            messages.error(self.request, " ".join(errore.messages))
        return self._torna("contenuto-sezione")

    # Che cosa mostrare ----------------------------------------------------------------
    def mostra(self, stato: int = 200, **altro) -> HttpResponse:
        dati = {**self.margine(), "domande": self.domande, **self._vicine(), **altro}
        if self.scheda.stato == Scheda.Stato.RIMANDATA:
            dati["rimando"] = self.scheda.passaggi.select_related("chi").order_by("pk").last()
        dati["righe_tolte"] = self.scheda.righe_tolte.filter(sezione=self.codice).order_by("-pk")
        facoltativa = self.sezione.facoltativa
        dati["vuota"] = facoltativa and not self.fascicolo.ha_righe(self.sezione)
        tipi = {domanda.tipo for domanda in self.sezione.domande}
        if tipi & {"voci", "canali", "legami", "output"}:
            dati["enti_noti"] = Ente.objects.attivi().per_denominazione()
        if "output" in tipi:
            dati["programmi_noti"] = Programma.objects.order_by("denominazione")
        return render(self.request, "report/schede/compila/sezione.html", dati, status=stato)

    def margine(self) -> dict:
        """Ciò che sta accanto alla sezione: indice, controlli, completezza, scadenza."""
        avvisi = avvisi_di(self.fascicolo)
        return {
            "scheda": self.scheda,
            "sezione": self.sezione,
            "fascicolo": self.fascicolo,
            "avvisi_qui": [avviso for avviso in avvisi if avviso.sezione == self.codice],
            "avvisi_altrove": [avviso for avviso in avvisi if avviso.sezione != self.codice],
            "indice": [self._voce_d_indice(sezione, avvisi) for sezione in self.fascicolo.sezioni],
            **gesti(self.request.attore, self.scheda),
        }

    def _voce_d_indice(self, sezione, avvisi) -> dict:
        suoi = [avviso for avviso in avvisi if avviso.sezione == sezione.codice]
        return {
            "sezione": sezione,
            "presente": self.fascicolo.presente(sezione),
            "quanti": len(suoi),
            "blocca": any(avviso.gravita == Gravita.BLOCCA for avviso in suoi),
        }

    def _vicine(self) -> dict:
        codici = [sezione.codice for sezione in self.fascicolo.sezioni]
        posto = codici.index(self.codice)
        sezioni = dict(enumerate(self.fascicolo.sezioni))
        return {"precedente": sezioni.get(posto - 1), "successiva": sezioni.get(posto + 1)}

    def _esito(self, modulo, *, scritta=None, cambiata=None, stato=200) -> HttpResponse:
        """Com'è andata: solo l'esito della riga con HTMX, la pagina intera senza."""
        versione = self._versione_letta() if scritta is None else getattr(scritta, "versione", 0)
        dati = {"modulo": modulo, "versione": versione, "cambiata": cambiata}
        if self.request.htmx:
            if isinstance(scritta, Conteggio) and scritta.valore_calcolato is not None:
                dati["calcolata"] = scritta
            return self._pezzo("report/schede/compila/_esito.html", dati, stato=stato)
        if stato == 200:
            return self._torna(modulo.prefix, "Salvato.")
        return self.mostra(stato, scritto=dati)

    def _rifiutata(self, modulo, errore: ValidationError) -> HttpResponse:
        """Il gesto non si può fare: la riga resta com'era, con la frase che dice perché."""
        if not self.request.htmx:
            messages.error(self.request, " ".join(errore.messages))
            return self._torna(modulo.prefix)
        return self._pezzo(
            "report/schede/compila/_esito.html",
            {"modulo": modulo, "versione": self._versione_letta(), "frasi": errore.messages},
            stato=422,
        )

    def _riga_com_e(self) -> HttpResponse:
        """La riga riletta dal database, al posto di quella in pagina."""
        nome = self.request.POST.get("riga", "")
        self._leggi()
        modulo = modulo_di(self.domande, nome)
        if modulo is None:
            return self._riga_perduta()
        if not self.request.htmx:
            return self._torna(nome, "Salvato.")
        return self._pezzo(
            "report/schede/compila/_riga.html",
            {"modulo": modulo, "salvata": True},
            al_posto_di=nome,
        )

    def _riga_perduta(self) -> HttpResponse:
        frase = (
            "Questa riga l'ha tolta un'altra persona. In fondo alla pagina, fra le righe tolte, "
            "si può rimettere."
        )
        if not self.request.htmx:
            messages.error(self.request, frase)
            return self._torna("righe-tolte")
        nome = self.request.POST.get("riga", "")
        return self._pezzo(
            "report/schede/compila/_perduta.html", {"frase": frase, "chiave": nome}, stato=422
        )

    def _pezzo(self, modello: str, dati: dict, *, al_posto_di: str = "", stato: int = 200):
        dati = {**dati, "scheda": self.scheda, "sezione": self.sezione, "htmx": True}
        risposta = render(self.request, modello, dati, status=stato)
        risposta["HX-Trigger"] = "scheda-salvata"
        if al_posto_di:
            risposta["HX-Retarget"] = f"#{al_posto_di}"
            risposta["HX-Reswap"] = "outerHTML"
        return risposta

    def _torna(self, ancora: str, frase: str = "") -> HttpResponse:
        if frase:
            messages.success(self.request, frase)
        pagina = redirect("report:scheda_sezione", self.scheda.uuid, self.codice)
        pagina["Location"] += f"#{ancora}"
        return pagina

    def _modulo(self):
        return modulo_di(self.domande, self.request.POST.get("riga", ""))

    def _versione_letta(self) -> int:
        """La versione che chi scrive ha davanti, o quella sopra cui ha deciso di scrivere."""
        letta = self.request.POST.get("sopra") or self.request.POST.get("versione") or "0"
        return _numero(letta)


def _numero(scritto: str) -> int:
    """Il numero che un campo nascosto porta, o zero se qualcuno l'ha riscritto: nessuna riga lo ha."""
    return int(scritto) if scritto.isdecimal() and len(scritto) <= CIFRE_MASSIME else 0
