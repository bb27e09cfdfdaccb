"""I percorsi: prese in carico, obiettivi, bisogni, valutazioni, condizioni, note."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assi.models import Azione, Bisogno, Condizione, Indicatore, TipoDiChiusura
from beneficiari.dimostrazione.inventa import MAGGIORE_ETA
from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.dimostrazione.scena import Persona, Scena, come
from beneficiari.models import (
    Affidamento,
    BisognoRilevato,
    CondizioneRilevata,
    Nota,
    Nucleo,
    Obiettivo,
    PresaInCarico,
    RevisioneObiettivo,
    Riapertura,
    Valutazione,
)
from enti.models import Ente
from enti.permessi import Attore


_CANALI = {
    PresaInCarico.Canale.SERVIZI_PUBBLICI: 34,
    PresaInCarico.Canale.PASSAPAROLA: 18,
    PresaInCarico.Canale.CONTATTI_PROPRI: 14,
    PresaInCarico.Canale.RETE_PROGETTO: 12,
    PresaInCarico.Canale.ALTRI_ETS: 9,
    PresaInCarico.Canale.RETE_TERRITORIALE: 7,
    PresaInCarico.Canale.SCOUTING: 4,
    PresaInCarico.Canale.PROGETTO_COLLEGATO: 2,
}
# I profili degli enti che seguono minori da soli; gli altri li incontrano con la famiglia.
_PER_MINORI = ("genitori", "giovani")
_ESITI = {"OBI": 40, "PAR": 26, "NOR": 8, "INV": 6, "TRA": 6, "RIN": 9, "IRR": 5}
_Stato = BisognoRilevato.Stato
_STATI_OBIETTIVO = {
    "": ("in-corso", "in-corso", "in-corso", "raggiunto", "in-parte"),
    "OBI": ("raggiunto", "raggiunto", "raggiunto", "in-parte"),
    "PAR": ("raggiunto", "in-parte", "in-parte"),
}
_LASCIATI = ("in-parte", "lasciato", "lasciato")
_APERTA = {
    _Stato.APERTO: 34,
    _Stato.IN_RISPOSTA: 30,
    _Stato.COPERTO: 16,
    _Stato.PARZIALE: 11,
    _Stato.SENZA_RISPOSTA: 9,
}
_RAGGIUNTA = {_Stato.COPERTO: 70, _Stato.PARZIALE: 25, _Stato.SENZA_RISPOSTA: 5}
_LASCIATA = {_Stato.COPERTO: 15, _Stato.PARZIALE: 35, _Stato.SENZA_RISPOSTA: 25, _Stato.APERTO: 25}
_COME_CHIUDE = (
    "chiusa_il",
    "esito",
    "esito_in_parole",
    "fase_abbandono",
    "motivo_abbandono",
    "unita_abbandono",
    "prosecuzione",
    "versione",
)


@dataclass
class Vocabolari:
    """Le voci della rete, per codice o sigla."""

    azioni: dict[str, Azione]
    bisogni: dict[str, Bisogno]
    condizioni: dict[str, Condizione]
    chiusure: dict[str, TipoDiChiusura]
    indicatori: dict[str, Indicatore]
    enti: dict[str, Ente]

    @classmethod
    def letti(cls) -> "Vocabolari":
        return cls(
            azioni={v.slug: v for v in Azione.objects.select_related("asse")},
            bisogni={v.codice: v for v in Bisogno.objects.all()},
            condizioni={v.codice: v for v in Condizione.objects.all()},
            chiusure={v.codice: v for v in TipoDiChiusura.objects.all()},
            indicatori={v.slug: v for v in Indicatore.objects.all()},
            enti={v.slug: v for v in Ente.objects.all()},
        )


@dataclass
class _Caso:
    """Una presa in carico mentre la si racconta: fino a che giorno, e di quale persona si parla.

    `esito` è il codice con cui si chiude; vuoto se resta aperta.
    """

    presa: PresaInCarico
    chi: Attore
    persona: Persona
    frasi: dict[str, list[str]]
    chiusa_il: date | None
    fino_a: date
    esito: str


class Percorsi:
    """Prepara i percorsi di una scena; poi, a righe scritte, ne chiude una parte."""

    def __init__(self, scena: Scena, materiale: Materiale, voci: Vocabolari) -> None:
        self.scena, self.caso = scena, scena.caso
        self.materiale, self.voci = materiale, voci
        self._da_chiudere: list[_Caso] = []

    def prepara(self) -> None:
        """Mette in conto tutto, con le prese in carico ancora aperte."""
        for nucleo, persone in self.scena.famiglie:
            if self.caso.random() < 0.9:
                azione = self.caso.choice(self.scena.azioni("nuclei", self.voci.azioni))
                self._racconta(persone[0], azione, nucleo=nucleo)
                for persona in persone:
                    persona.nel_nucleo.add(azione)
        capi = {persone[0] for _, persone in self.scena.famiglie}
        copie = {copia for _, copia in self.scena.inventate.doppioni}
        for persona in self.scena.persone.values():
            if persona.inventata in copie:
                continue
            # Chi è a capo di un nucleo di solito è seguito con il nucleo.
            if self.caso.random() < (0.3 if persona in capi else 0.92):
                quanti = 2 if self.caso.random() < 0.25 else 1
                azioni = self._azioni_per(persona)
                for azione in self.caso.sample(azioni, min(quanti, len(azioni))):
                    self._racconta(persona, azione)
        self._apre_con_motivo()

    def chiude(self) -> None:
        """Chiude le prese in carico finite, come farebbe chi le segue."""
        for caso in self._da_chiudere:
            self._esito(caso)
        for chi in self.scena.squadra:
            sue = [caso.presa for caso in self._da_chiudere if caso.chi == chi]
            with come(chi):
                PresaInCarico.objects.bulk_update(sue, _COME_CHIUDE)

    def _azioni_per(self, persona: Persona) -> list[Azione]:
        """Quelle in cui la si può seguire da sola: non dove la si segue già con il nucleo."""
        return [a for a in self._possibili(persona) if a not in persona.nel_nucleo]

    def _possibili(self, persona: Persona) -> list[Azione]:
        eta = persona.inventata.eta(self.scena.oggi)
        if eta is None or eta >= MAGGIORE_ETA:
            return self.scena.azioni("", self.voci.azioni)
        piano = self.scena.piano
        if "azioni_minori" in piano or piano["profilo"] in _PER_MINORI:
            return self.scena.azioni("minori", self.voci.azioni)
        return []

    def _a_caso(self, pesi: dict[Any, int]) -> Any:
        return self.caso.choices(list(pesi), list(pesi.values()))[0]

    def _racconta(self, persona: Persona, azione: Azione, nucleo: Nucleo | None = None) -> None:
        scena, frasi = self.scena, self.materiale.profili[self.scena.profilo(persona.inventata)]
        aperta_il = scena.giorni_fa(12, 620)
        di_chi = {"nucleo": nucleo} if nucleo else {"beneficiario": persona.riga}
        presa = PresaInCarico(
            ente=scena.ente,
            azione=azione,
            motivazione=self.caso.choice(frasi["motivazioni"]),
            operatore=persona.chi.utente,
            aperta_il=aperta_il,
            **self._come_arriva(),
            **di_chi,
        )
        lunga = (scena.oggi - aperta_il).days > 60
        chiusa_il = None
        if lunga and self.caso.random() < 0.36:
            chiusa_il = scena.fra(aperta_il + timedelta(45), scena.oggi - timedelta(2))
        esito = self._a_caso(_ESITI) if chiusa_il else ""
        fino_a = chiusa_il or scena.oggi
        caso = _Caso(presa, persona.chi, persona, frasi, chiusa_il, fino_a, esito)
        persona.prese.append(presa)
        self._gia_inserite(persona, nucleo, aperta_il)
        scena.scrive(persona.chi, presa)
        if chiusa_il:
            self._da_chiudere.append(caso)
        else:
            persona.aperte.append(presa)
            if (scena.oggi - aperta_il).days > 220 and self.caso.random() < 0.2:
                self._riapre(caso)
        self._riempi(caso)

    def _riempi(self, caso: _Caso) -> None:
        self._obiettivi(caso)
        self._bisogni(caso)
        self._valutazioni(caso)
        self._condizioni(caso)
        self._note(caso)

    def _gia_inserite(self, persona: Persona, nucleo: Nucleo | None, giorno: date) -> None:
        """Chi si segue da un giorno è nel registro almeno da quel giorno."""
        membri = [persona]
        for suo, persone in self.scena.famiglie if nucleo else ():
            if suo is nucleo:
                membri = persone
        for membro in membri:
            prima = self.scena.istante(giorno)
            membro.riga.inserito_il = min(membro.riga.inserito_il, prima)

    def _come_arriva(self) -> dict[str, Any]:
        canale = self._a_caso(_CANALI)
        sigle = self.scena.piano["invianti"]
        if canale in (PresaInCarico.Canale.RETE_PROGETTO, PresaInCarico.Canale.ALTRI_ETS):
            sigle = self.materiale.intrecci["condivide_con"][self.scena.ente.slug]
        elif canale != PresaInCarico.Canale.SERVIZI_PUBBLICI:
            sigle = []
        inviante = self.voci.enti.get(self.caso.choice(sigle)) if sigle else None
        return {"canale": canale, "ente_inviante": inviante}

    def _riapre(self, caso: _Caso) -> None:
        presa, esito = caso.presa, self.voci.chiusure[self.caso.choice(("OBI", "PAR"))]
        finita = self.scena.fra(presa.aperta_il + timedelta(60), self.scena.oggi - timedelta(40))
        riapertura = Riapertura(
            ente=self.scena.ente,
            presa=presa,
            beneficiario=presa.beneficiario,
            era_chiusa_il=finita,
            esito_di_prima=esito,
            com_era_andata=self.caso.choice(self.materiale.comuni["esiti"][esito.codice]),
            motivo=self.caso.choice(self.materiale.comuni["riaperture"]),
            quando=self.scena.istante(finita + timedelta(self.caso.randint(10, 35))),
            da=caso.chi.utente,
        )
        self.scena.scrive(caso.chi, riapertura)

    def _esito(self, caso: _Caso) -> None:
        presa, codice = caso.presa, caso.esito
        presa.chiusa_il, presa.esito = caso.chiusa_il, self.voci.chiusure[codice]
        presa.esito_in_parole = self.caso.choice(self.materiale.comuni["esiti"][codice])
        presa.prosecuzione = self.caso.choice(PresaInCarico.Prosecuzione.values)
        presa.versione = 2
        if presa.esito.abbandono:
            presa.fase_abbandono = self.caso.choice(PresaInCarico.FaseAbbandono.values)
            presa.motivo_abbandono = self.caso.choice(self.materiale.comuni["abbandoni"])
            presa.unita_abbandono = "nucleo" if presa.nucleo else "persona"

    def _obiettivi(self, caso: _Caso) -> None:
        stati = _STATI_OBIETTIVO.get(caso.esito, _LASCIATI)
        quanti = self.caso.randint(1, 2)
        indicatori = self._indicatori(caso)
        for testo in self.caso.sample(caso.frasi["obiettivi"], quanti):
            entro = caso.presa.aperta_il + timedelta(self.caso.randint(60, 400))
            obiettivo = Obiettivo(
                ente=self.scena.ente,
                presa=caso.presa,
                beneficiario=caso.presa.beneficiario,
                testo=testo,
                entro_il=entro,
                stato=self.caso.choice(stati),
            )
            if indicatori and self.caso.random() < 0.4:
                obiettivo.indicatore = self.caso.choice(indicatori)
            self.scena.scrive(caso.chi, obiettivo)
            if self.caso.random() < 0.25:
                self.scena.scrive(caso.chi, self._revisione(caso, obiettivo))

    def _revisione(self, caso: _Caso, obiettivo: Obiettivo) -> RevisioneObiettivo:
        quando = self.scena.fra(caso.presa.aperta_il, caso.fino_a)
        return RevisioneObiettivo(
            ente=self.scena.ente,
            obiettivo=obiettivo,
            beneficiario=obiettivo.beneficiario,
            testo=obiettivo.testo,
            entro_il=obiettivo.entro_il - timedelta(self.caso.randint(20, 50)),
            stato=Obiettivo.Stato.IN_CORSO,
            motivo=self.caso.choice(self.materiale.comuni["revisioni"]),
            quando=self.scena.istante(quando),
            da=caso.chi.utente,
        )

    def _indicatori(self, caso: _Caso) -> list[Indicatore]:
        sigle = self.materiale.indicatori.get(caso.presa.azione.asse.slug, [])
        return [self.voci.indicatori[sigla] for sigla in sigle if sigla in self.voci.indicatori]

    def _bisogni(self, caso: _Caso) -> None:
        codici = [c for c in caso.frasi["bisogni"] if c not in caso.persona.segnati]
        pesi = _LASCIATA if caso.chiusa_il else _APERTA
        if caso.esito in ("OBI", "PAR"):
            pesi = _RAGGIUNTA
        # I primi della lista sono i più frequenti.
        pochi = codici[: self.caso.choice((4, 6, len(codici)))]
        for codice in self.caso.sample(pochi, min(self.caso.randint(1, 3), len(pochi))):
            caso.persona.segnati.add(codice)
            stato = self._a_caso(pesi)
            rilevato = self.scena.fra(caso.presa.aperta_il, caso.fino_a)
            bisogno = BisognoRilevato(
                ente=self.scena.ente,
                beneficiario=caso.persona.riga,
                presa=caso.presa,
                bisogno=self.voci.bisogni[codice],
                gravita=self.caso.choices(range(5), (3, 20, 36, 29, 12))[0],
                novita=self.caso.choice(BisognoRilevato.Novita.values),
                stato=stato,
                rilevato_il=rilevato,
                rilevato_da=caso.chi.utente,
            )
            if stato == _Stato.COPERTO:
                bisogno.chiuso_il = self.scena.fra(rilevato, caso.fino_a)
            self.scena.scrive(caso.chi, bisogno)

    def _valutazioni(self, caso: _Caso) -> None:
        indicatori = self._indicatori(caso)
        quanti = min(self.caso.choice((1, 1, 2)), len(indicatori))
        for indicatore in self.caso.sample(indicatori, quanti):
            voto = self.caso.randint(2, 6)
            for momento, giorno in self._momenti(caso):
                valutazione = Valutazione(
                    ente=self.scena.ente,
                    beneficiario=caso.persona.riga,
                    presa=caso.presa,
                    indicatore=indicatore,
                    momento=momento,
                    valutata_il=giorno,
                    da=caso.chi.utente,
                )
                self._giudizio(valutazione, voto, caso.frasi["giudizi"])
                voto = min(10, max(1, voto + self.caso.choice((-1, 0, 1, 1, 2))))
                self.scena.scrive(caso.chi, valutazione)

    def _momenti(self, caso: _Caso) -> list[tuple[str, date]]:
        inizio, oggi = caso.presa.aperta_il + timedelta(7), self.scena.oggi
        momenti = [("ingresso", inizio)]
        if (caso.fino_a - inizio).days > 90:
            momenti.append(("in-itinere", inizio + (caso.fino_a - inizio) / 2))
        if caso.chiusa_il:
            momenti.append(("uscita", caso.chiusa_il))
            dopo = caso.chiusa_il + timedelta(182)
            if dopo <= oggi:
                momenti.append(("sei-mesi", dopo))
        return momenti

    def _giudizio(self, valutazione: Valutazione, voto: int, frasi: list[str]) -> None:
        sorte = self.caso.random()
        if sorte < 0.08:
            valutazione.non_esprimibile = True
        elif sorte < 0.2:
            valutazione.giudizio = self.caso.choice(frasi)
        else:
            valutazione.valore = voto
            if sorte < 0.35:
                valutazione.giudizio = self.caso.choice(frasi)

    def _condizioni(self, caso: _Caso) -> None:
        if caso.persona.inventata.anonima or self.caso.random() > 0.6:
            return
        codici = [c for c in caso.frasi["condizioni"] if c not in caso.persona.segnati]
        for codice in self.caso.sample(codici, min(self.caso.randint(1, 2), len(codici))):
            caso.persona.segnati.add(codice)
            condizione = self.voci.condizioni[codice]
            rilevata = CondizioneRilevata(
                ente=self.scena.ente,
                beneficiario=caso.persona.riga,
                condizione=condizione,
                valore=self.caso.choice([condizione.valori[0], *condizione.valori]),
                rilevata_il=self.scena.fra(caso.presa.aperta_il, caso.fino_a),
                rilevata_da=caso.chi.utente,
            )
            self.scena.scrive(caso.chi, rilevata)

    def _note(self, caso: _Caso) -> None:
        for testo in self.caso.sample(caso.frasi["note"], self.caso.choice((0, 1, 1, 2))):
            giorno = self.scena.fra(caso.presa.aperta_il, caso.fino_a)
            nota = Nota(
                ente=self.scena.ente,
                beneficiario=caso.persona.riga,
                presa=caso.presa,
                scritta_il=self.scena.istante(giorno),
                scritta_da=caso.chi.utente,
            )
            nota.testo = testo
            self.scena.scrive(caso.chi, nota)

    def _apre_con_motivo(self) -> None:
        """Qualcuno ha aperto, dicendo perché e per un'ora, i dati di chi segue una collega."""
        operatore = self.scena.squadra[0]
        altrui = [p for p in self.scena.persone.values() if p.chi != operatore and p.prese]
        for persona in self.caso.sample(altrui, min(2, len(altrui))):
            inizio = self.scena.istante(self.scena.giorni_fa(1, 20))
            aperto = Affidamento(
                ente=self.scena.ente,
                beneficiario=persona.riga,
                utente=operatore.utente,
                tipo=Affidamento.Tipo.APERTO,
                motivo=self.caso.choice(self.materiale.comuni["aperture"]),
                dal=inizio,
                al=inizio + timedelta(hours=1),
            )
            self.scena.scrive(operatore, aperto)
