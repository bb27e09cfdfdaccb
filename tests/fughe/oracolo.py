"""Chi può vedere che cosa, detto da capo: dizionari e insiemi, niente del programma.

È il secondo parere delle prove: non importa modelli, non parla SQL, non legge `privacy.gruppi`. Se
qui e nel database la stessa domanda ha risposte diverse, uno dei due sbaglia.

I giorni sono distanze da oggi (-1 ieri, 0 oggi, 1 domani; None «senza fine»); utenti, enti, persone,
accordi e autorizzazioni sono numeri scelti da chi costruisce il mondo. Ogni gesto rende True se il
Registro lo deve accettare, False se lo deve rifiutare: rifiutato, non cambia nulla.
"""

from dataclasses import dataclass, field


GRUPPI = (
    "anagrafica",
    "contatti",
    "identificativi",
    "nucleo",
    "prestazioni",
    "bisogni",
    "valutazioni",
    "salute",
    "note",
)
SENSIBILI = {"bisogni", "valutazioni", "salute", "note"}
CONDIVISE = ("presa-in-carico", "invio", "valutazione")
LAVORANO = {"operatore", "referente"}
SEMPRE = 10**6


def fino(giorno: int | None) -> int:
    """Un giorno di fine come numero: «senza fine» è lontanissimo."""
    return SEMPRE if giorno is None else giorno


@dataclass
class Persona:
    ente: int
    diciotto: int | None = None
    codice: str = ""
    unita_a: int | None = None


@dataclass
class Caso:
    ente: int
    azione: int
    operatore: int
    persona: int | None = None
    nucleo: int | None = None
    aperto: bool = True


@dataclass
class Consenso:
    persona: int
    prestato: bool
    finalita: frozenset
    gruppi: frozenset
    destinatari: frozenset | None
    dal: int
    al: int | None
    revocato: bool = False


@dataclass
class Accordo:
    enti: frozenset
    finalita: frozenset
    dal: int
    al: int | None


@dataclass
class Base:
    finalita: str
    gruppo: str
    serve_consenso: bool
    dal: int
    al: int | None


@dataclass
class Autorizzazione:
    persona: int
    destinatario: int
    livello: str
    gruppi: frozenset
    finalita: str
    consenso: int | None
    accordo: int
    dal: int
    al: int
    revocata: bool = False
    sospesa: bool = False

    @property
    def vale(self) -> bool:
        return not self.revocata and not self.sospesa and self.dal <= 0 <= self.al


@dataclass
class Emergenza:
    utente: int
    ente: int
    persona: int | None
    aperta: bool


@dataclass
class Oracolo:
    """Lo stato del mondo e le domande che gli si fanno."""

    spenti: set = field(default_factory=set)
    # (utente, ente) → (ruolo, inizio, fine, chiusa prima che il giorno finisse)
    ruoli: dict = field(default_factory=dict)
    persone: dict[int, Persona] = field(default_factory=dict)
    # nucleo → persone che ne fanno parte adesso
    nuclei: dict[int, set] = field(default_factory=dict)
    casi: dict[int, Caso] = field(default_factory=dict)
    # (utente, persona) → ore che mancano alla scadenza di ogni apertura con motivo
    aperture: dict = field(default_factory=dict)
    informative: dict = field(default_factory=dict)
    consensi: dict[int, Consenso] = field(default_factory=dict)
    accordi: dict[int, Accordo] = field(default_factory=dict)
    basi: dict[int, Base] = field(default_factory=dict)
    autorizzazioni: dict[int, Autorizzazione] = field(default_factory=dict)
    emergenze: dict[int, Emergenza] = field(default_factory=dict)

    # Le domande ---------------------------------------------------------------------------

    def ruolo(self, utente: int, ente: int) -> str | None:
        """Il ruolo con cui oggi `utente` agisce per `ente`; None se non gli appartiene."""
        if utente in self.spenti or (utente, ente) not in self.ruoli:
            return None
        ruolo, inizio, fine, chiusa = self.ruoli[utente, ente]
        finita = fine is not None and (fine < 0 or (fine == 0 and chiusa))
        return ruolo if inizio <= 0 and not finita else None

    def lavora(self, utente: int, ente: int) -> bool:
        return self.ruolo(utente, ente) in LAVORANO

    def segue(self, utente: int, persona: int) -> bool:
        """Ha un caso aperto della persona, o del nucleo di cui fa parte adesso."""
        return any(
            caso.aperto
            and caso.operatore == utente
            and caso.ente == self.persone[persona].ente
            and (caso.persona == persona or persona in self.nuclei.get(caso.nucleo, ()))
            for caso in self.casi.values()
        )

    def nel_suo_ente(self, utente: int, ente: int, persona: int) -> set:
        """I gruppi che `utente` vede di una persona dell'ente per cui agisce."""
        ruolo = self.ruolo(utente, ente)
        if ruolo not in LAVORANO or self.persone[persona].ente != ente:
            return set()
        aperta = any(ore > 0 for ore in self.aperture.get((utente, persona), ()))
        if ruolo == "referente" or aperta or self.segue(utente, persona):
            return set(GRUPPI)
        return set(GRUPPI) - SENSIBILI

    def condivisi(self, utente: int, ente: int, finalita: str | None, persona: int) -> set:
        """I gruppi che un altro ente ha aperto a quello per cui `utente` agisce."""
        if not self.lavora(utente, ente):
            return set()
        aperti: set = set()
        for data in self.autorizzazioni.values():
            per_lui = data.persona == persona and data.destinatario == ente
            if per_lui and data.vale and data.livello == "completo" and data.finalita == finalita:
                aperti |= data.gruppi
        return aperti

    def vede(self, utente: int, ente: int, finalita: str | None, persona: int) -> set:
        """I gruppi di dati di `persona` aperti a `utente` che agisce per `ente`."""
        return self.nel_suo_ente(utente, ente, persona) | self.condivisi(
            utente, ente, finalita, persona
        )

    def ricevute(self, utente: int, ente: int) -> set:
        """Le autorizzazioni che adesso fanno sapere qualcosa all'ente, a qualunque livello."""
        if not self.lavora(utente, ente):
            return set()
        return {
            n for n, data in self.autorizzazioni.items() if data.destinatario == ente and data.vale
        }

    def in_emergenza(self, utente: int, ente: int, numero: int) -> set:
        """(persona, gruppo) che un accesso d'emergenza mostra a `utente` che agisce per `ente`."""
        voce = self.emergenze[numero]
        suo = (voce.utente, voce.ente) == (utente, ente) and self.lavora(utente, ente)
        if not (suo and voce.aperta and voce.persona and self._base_d_emergenza("anagrafica")):
            return set()
        persona = self.persone[voce.persona]
        if persona.ente == ente:
            return set()
        tenuta = persona.unita_a or voce.persona
        return {
            (tenuta, gruppo)
            for gruppo in ("anagrafica", "contatti", "salute")
            if self._base_d_emergenza(gruppo)
        }

    def _base_d_emergenza(self, gruppo: str) -> bool:
        return any(
            (base.finalita, base.gruppo) == ("emergenza", gruppo)
            and base.dal <= 0 <= fino(base.al)
            for base in self.basi.values()
        )

    def _vede_emergenza(self, utente, ente, finalita, di, chi) -> bool:
        """Un accesso d'emergenza lo vedono chi l'ha aperto, chi risponde del suo ente, il garante."""
        ruolo = self.ruolo(utente, ente)
        if ruolo == "garante":
            return True
        return di == ente and (ruolo == "referente" or (utente == chi and ruolo in LAVORANO))

    def risponde(self, regola: tuple, utente: int, ente: int, finalita: str | None) -> bool:
        """Se la riga di cui `regola` dice la natura è visibile. `regola` = (natura, …)."""
        natura, *di_che = regola
        return getattr(self, f"_vede_{natura}")(utente, ente, finalita, *di_che)

    def attese(self, righe: dict, utente: int, ente: int, finalita: str | None) -> set:
        """Di `righe` (chiave → regola), le chiavi che devono vedersi."""
        visti = {persona: self.vede(utente, ente, finalita, persona) for persona in self.persone}
        return {
            chiave
            for chiave, regola in righe.items()
            if (
                regola[2] in visti[regola[1]]
                if regola[0] == "gruppo"
                else self.risponde(regola, utente, ente, finalita)
            )
        }

    def _vede_gruppo(self, utente, ente, finalita, persona, gruppo) -> bool:
        return gruppo in self.vede(utente, ente, finalita, persona)

    def _vede_riservato(self, utente, ente, finalita, persona, custodi) -> bool:
        """Un indirizzo riservato non esce dall'ente e lo vede solo chi lo custodisce."""
        return utente in custodi and "contatti" in self.nel_suo_ente(utente, ente, persona)

    def _vede_dell_ente(self, utente, ente, finalita, di) -> bool:
        return di == ente and self.lavora(utente, ente)

    def _vede_dei_suoi(self, utente, ente, finalita, di) -> bool:
        """Ciò che un ente offre lo leggono tutti i suoi, di ogni ruolo."""
        return di == ente and self.ruolo(utente, ente) is not None

    def _vede_nota_scritta(self, utente, ente, finalita, persona, di, chi) -> bool:
        """La nota di una prestazione: chi vede le note della persona, e chi l'ha scritta."""
        sua = utente == chi and self._vede_dell_ente(utente, ente, finalita, di)
        return sua or "note" in self.vede(utente, ente, finalita, persona)

    def _vede_apertura(self, utente, ente, finalita, di, chi) -> bool:
        """Perché una persona è stata aperta lo sanno chi l'ha fatto e chi risponde dei dati."""
        sua = utente == chi or self.ruolo(utente, ente) == "referente"
        return sua and self._vede_dell_ente(utente, ente, finalita, di)

    def _vede_fra_due(self, utente, ente, finalita, di, per) -> bool:
        return ente in (di, per) and self.lavora(utente, ente)

    def _vede_storia(self, utente, ente, finalita, di) -> bool:
        """La storia delle modifiche la legge chi risponde dei dati."""
        return di == ente and self.ruolo(utente, ente) == "referente"

    def _vede_storia_riservata(self, utente, ente, finalita, di, custodi) -> bool:
        return utente in custodi and self._vede_storia(utente, ente, finalita, di)

    def _vede_regola(self, utente, ente, finalita) -> bool:
        """Accordi e basi: li conosce tutta la rete, e non nominano persone."""
        return True

    def _vede_storia_di_regola(self, utente, ente, finalita) -> bool:
        return self.ruolo(utente, ente) in {"amministratore", "garante"}

    def _vede_violazione(self, utente, ente, finalita, di) -> bool:
        """Una violazione la leggono chi risponde di quei dati, il garante, chi amministra."""
        ruolo = self.ruolo(utente, ente)
        return ruolo in {"garante", "amministratore"} or (di == ente and ruolo == "referente")

    def _vede_segnalazione(self, utente, ente, finalita) -> bool:
        return self.ruolo(utente, ente) == "garante"

    def _vede_informativa(self, utente, ente, finalita, di) -> bool:
        ruolo = self.ruolo(utente, ente)
        return ruolo == "garante" or (ruolo is not None and di == ente)

    def _vede_autorizzazione(self, utente, ente, finalita, di, per, numero) -> bool:
        """Sospesa, la vede solo chi l'ha data (e il garante): per chi riceve è come se non ci fosse."""
        if self.ruolo(utente, ente) == "garante":
            return True
        if ente == per and self.autorizzazioni[numero].sospesa:
            return False
        return self._vede_fra_due(utente, ente, finalita, di, per)

    def _vede_richiesta(self, utente, ente, finalita, di, persona, chi) -> bool:
        """Ciò che una persona chiede: chi la segue, chi l'ha raccolto, chi risponde dei dati."""
        raccolta = utente == chi and self._vede_dell_ente(utente, ente, finalita, di)
        return raccolta or "note" in self.nel_suo_ente(utente, ente, persona)

    def _vede_passaggio(self, utente, ente, finalita, di, per, autorizzazione) -> bool:
        """Chi lo riceve lo legge finché l'autorizzazione regge; chi lo propone sempre."""
        vale = self.autorizzazioni[autorizzazione].vale
        return self.lavora(utente, ente) and (ente == di or (ente == per and vale))

    def _vede_documento(self, utente, ente, finalita, di, chi) -> bool:
        """Un documento lo vede chi l'ha chiesto, finché lavora per quell'ente."""
        return utente == chi and di == ente and self.lavora(utente, ente)

    def _vede_lettura(self, utente, ente, finalita, titolare, per_conto_di) -> bool:
        """Il registro: il titolare dei dati, chi risponde di chi ha letto, il garante."""
        ruolo = self.ruolo(utente, ente)
        if ruolo == "garante":
            return True
        if titolare == ente and ruolo in LAVORANO:
            return True
        return per_conto_di == ente and ruolo == "referente"

    def scrive(self, utente: int, ente: int, persona: int, gruppo: str) -> bool:
        """Si scrive solo ciò che è del proprio ente e che si vede; chi riceve legge e basta."""
        return gruppo in self.nel_suo_ente(utente, ente, persona)

    # I gesti ------------------------------------------------------------------------------

    def sospendi(self, persona: int, finalita: str | None, sospesa: bool) -> None:
        """Ferma (o fa ripartire) ciò che di una persona si condivide; con `finalita` solo ciò che,
        per quella, poggia su una legge: è un'opposizione."""
        di_chi = self.persone[persona].unita_a
        for data in self.autorizzazioni.values():
            unita = self.persone[data.persona].unita_a
            sua = data.persona in (persona, di_chi) or unita == persona
            per_legge = data.consenso is None and data.finalita == finalita
            if sua and not data.revocata and (finalita is None or per_legge):
                data.sospesa = sospesa

    def apri_caso(self, numero: int, caso: Caso) -> bool:
        """Uno solo aperto per ente, azione e persona (o nucleo)."""
        chiave = (caso.ente, caso.azione, caso.persona, caso.nucleo)
        if any(
            c.aperto and (c.ente, c.azione, c.persona, c.nucleo) == chiave
            for c in self.casi.values()
        ):
            return False
        self.casi[numero] = caso
        return True

    def apre_in_emergenza(self, numero: int, voce: Emergenza) -> bool:
        """Chi lavora con le persone, se la rete ha la base, al più cinque volte in un giorno."""
        gia = sum(altra.utente == voce.utente for altra in self.emergenze.values())
        if not (self.lavora(voce.utente, voce.ente) and gia < 5):
            return False
        if not self._base_d_emergenza("anagrafica"):
            return False
        self.emergenze[numero] = voce
        return True

    def consenti(self, numero: int, informativa: int, firma_lei: bool, detto: Consenso) -> bool:
        """Un consenso (o un rifiuto) sta dentro l'informativa; un minore non lo dà da solo."""
        finalita, gruppi, pubblicata, ritirata = self.informative[informativa]
        if not (detto.finalita <= finalita and detto.gruppi <= gruppi):
            return False
        if not pubblicata <= detto.dal <= min(fino(ritirata), 0):
            return False
        diciotto = self.persone[detto.persona].diciotto
        if diciotto is not None and diciotto > detto.dal:
            if firma_lei:
                return False
            detto.al = min(fino(detto.al), diciotto - 1)
        if fino(detto.al) < detto.dal:
            return False
        self.consensi[numero] = detto
        return True

    def autorizza(self, numero: int, data: Autorizzazione) -> bool:
        """Un'autorizzazione poggia su un accordo e su un consenso valido o una base di legge."""
        ben_fatta = (
            self.persone[data.persona].ente != data.destinatario
            and data.dal <= data.al
            and self._livello_giusto(data)
            and self._accordo_regge(data)
        )
        regge = self._legge_regge if data.consenso is None else self._consenso_regge
        if not (ben_fatta and regge(data)):
            return False
        self.autorizzazioni[numero] = data
        return True

    @staticmethod
    def _livello_giusto(data: Autorizzazione) -> bool:
        if data.livello == "esistenza":
            return not data.gruppi
        if data.livello == "sintesi":
            return bool(data.gruppi) and data.gruppi <= {"prestazioni", "bisogni"}
        return "anagrafica" in data.gruppi

    def _accordo_regge(self, data: Autorizzazione) -> bool:
        accordo = self.accordi[data.accordo]
        due = {self.persone[data.persona].ente, data.destinatario}
        return (
            due <= accordo.enti
            and data.finalita in accordo.finalita
            and accordo.dal <= data.dal
            and data.al <= fino(accordo.al)
        )

    def _consenso_regge(self, data: Autorizzazione) -> bool:
        detto = self.consensi.get(data.consenso)
        if detto is None or detto.persona != data.persona:
            return False
        if not detto.prestato or detto.revocato:
            return False
        return (
            detto.dal <= data.dal
            and data.al <= fino(detto.al)
            and data.finalita in detto.finalita
            and data.gruppi <= detto.gruppi
            and (detto.destinatari is None or data.destinatario in detto.destinatari)
        )

    def _legge_regge(self, data: Autorizzazione) -> bool:
        return all(
            any(
                (base.finalita, base.gruppo) == (data.finalita, gruppo)
                and not base.serve_consenso
                and base.dal <= data.dal
                and data.al <= fino(base.al)
                for base in self.basi.values()
            )
            for gruppo in data.gruppi | {"anagrafica"}
        )

    def passa(self, autorizzazione: int) -> bool:
        """Un passaggio vuole un'autorizzazione in vigore, completa e per l'invio."""
        data = self.autorizzazioni[autorizzazione]
        return data.vale and data.livello == "completo" and data.finalita == "invio"

    def revoca_consenso(self, numero: int) -> bool:
        """Vale una volta sola, e chiude tutto ciò che vi poggiava."""
        if self.consensi[numero].revocato:
            return False
        self.consensi[numero].revocato = True
        for data in self.autorizzazioni.values():
            data.revocata |= data.consenso == numero
        return True

    def finisci_accordo(self, numero: int, al: int) -> bool:
        """Una fine passata o di oggi vale subito; una futura accorcia."""
        accordo = self.accordi[numero]
        if al < accordo.dal:
            return False
        accordo.al = al
        self._accorcia(al, lambda data: data.accordo == numero)
        return True

    def finisci_base(self, numero: int, al: int) -> bool:
        base = self.basi[numero]
        if al < base.dal:
            return False
        base.al = al

        def poggia(data: Autorizzazione) -> bool:
            suoi = data.gruppi | {"anagrafica"}
            return (
                not base.serve_consenso
                and data.consenso is None
                and data.finalita == base.finalita
                and base.gruppo in suoi
            )

        self._accorcia(al, poggia)
        return True

    def _accorcia(self, al: int, poggia) -> None:
        for data in self.autorizzazioni.values():
            if data.revocata or not poggia(data):
                continue
            if al <= 0 or data.dal > al:
                data.revocata = True
            data.al = min(data.al, al)

    def unisci(self, assorbita: int, tenuta: int) -> bool:
        """Due persone dello stesso ente, senza due codici fiscali diversi, una unione alla volta."""
        una, altra = self.persone[assorbita], self.persone[tenuta]
        gia = altra.unita_a is not None or any(
            p.unita_a == assorbita for p in self.persone.values()
        )
        codici = una.codice and altra.codice and una.codice != altra.codice
        if assorbita == tenuta or una.ente != altra.ente or gia or codici:
            return False
        una.unita_a = tenuta
        return True
