"""Compone le persone della dimostrazione: chi sono, con chi vivono, chi le conosce due volte.

Qui non c'è database: dagli stessi file e dallo stesso giorno escono sempre le stesse persone. Le
età si contano dal giorno in cui si prepara, così fra un anno la dimostrazione è ancora credibile.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from beneficiari.dimostrazione.codici import codice_fiscale, con_sigla, omocodo, provvisorio
from beneficiari.dimostrazione.materiale import Materiale
from registro.comune.tassonomie import comuni, paesi


ITALIA = "IT"
MAGGIORE_ETA, ANZIANITA = 18, 67
_LETTERE, _CIFRE = "ABCDEFGHJKLMNPRSTVZ", "23456789"
# Profilo dell'ente → le fasce d'età di chi ci arriva da solo, con quanto pesano.
_ETA = {
    "lavoro": ([(18, 29), (30, 49), (50, 64), (67, 72)], [30, 42, 26, 2]),
    "casa": ([(21, 34), (35, 54), (55, 66), (67, 88)], [25, 40, 18, 17]),
    "genitori": ([(6, 13), (14, 17), (24, 48), (67, 80)], [42, 18, 34, 6]),
    "giovani": ([(14, 17), (18, 24)], [60, 40]),
}
_APOLIDE = "XX"
_DOPPIA = re.compile(r"([a-z])\1")
_SCEMPIA = re.compile(r"([aeiou])([bcdfglmnprstv])([aeiou])")


@dataclass(eq=False)
class Inventata:
    """Una persona che non esiste. `paese` è la sigla ISO della cittadinanza, `nata_a` il codice
    catastale; `codice` è (tipo, valore), oppure («nessuno», motivo); None per chi è anonima."""

    cognome: str = ""
    nome: str = ""
    sesso: str = "F"
    nascita: date | None = None
    paese: str = ITALIA
    nata_a: str = ""
    comune: str = ""
    lingue: list[str] = field(default_factory=list)
    genere: str = ""
    nome_scelto: str = ""
    stimata: bool = False
    codice: tuple[str, str] | None = None
    anonima: str = ""

    def eta(self, oggi: date) -> int | None:
        """Gli anni compiuti; None se la nascita non si sa."""
        if self.nascita is None:
            return None
        compiuti = (oggi.month, oggi.day) >= (self.nascita.month, self.nascita.day)
        return oggi.year - self.nascita.year - (not compiuti)


@dataclass(eq=False)
class Famiglia:
    """Chi vive insieme: (persona, ruolo nel nucleo, convivente)."""

    tipologia: str
    componenti: list[tuple[Inventata, str, bool]] = field(default_factory=list)


@dataclass
class Invenzione:
    """Le persone di un ente. `doppioni` sono coppie (quella giusta, la stessa scritta due volte);
    `diverse`, due persone che si chiamano allo stesso modo."""

    persone: list[Inventata] = field(default_factory=list)
    famiglie: list[Famiglia] = field(default_factory=list)
    doppioni: list[tuple[Inventata, Inventata]] = field(default_factory=list)
    diverse: list[tuple[Inventata, Inventata]] = field(default_factory=list)


def inventa_rete(
    materiale: Materiale, *, oggi: date, vietati: Collection[tuple[str, str]] = ()
) -> tuple[dict[str, Invenzione], list[dict[str, Inventata]]]:
    """Le persone di ogni ente (per sigla), e quelle che più enti conoscono: per ciascuna, la riga
    di ogni ente. `vietati` sono le coppie (cognome, nome) che non devono uscire."""
    presi = set(vietati)
    rete = {
        sigla: _Fabbrica(sigla, piano, materiale, oggi, presi).tutte()
        for sigla, piano in materiale.enti.items()
    }
    return rete, list(_stesse_persone(rete, materiale, oggi))


class _Fabbrica:
    """Compone le persone di un ente, con un caso tutto suo."""

    def __init__(
        self,
        sigla: str,
        piano: dict[str, Any],
        materiale: Materiale,
        oggi: date,
        presi: set[tuple[str, str]],
    ) -> None:
        self.caso = Random(f"quadrante {sigla}")  # noqa: S311 - persone inventate
        self.piano, self.nomi, self.oggi, self.presi = piano, materiale.nomi, oggi, presi
        self.quanti_doppioni = materiale.intrecci["doppioni"].get(sigla, 0)
        self.stranieri = [paese for paese in self.nomi if paese != ITALIA]
        self.pesi = [self.nomi[paese]["peso"] for paese in self.stranieri]

    def tutte(self) -> Invenzione:
        fatta = Invenzione(famiglie=[self._famiglia() for _ in range(self.piano["nuclei"])])
        fatta.persone = [chi for famiglia in fatta.famiglie for chi, _, _ in famiglia.componenti]
        anonime = self.piano["anonimi"]
        while len(fatta.persone) < self.piano["persone"] - anonime:
            fatta.persone.append(self._da_sola())
        self._in_due_nuclei(fatta)
        fatta.persone += [self._anonima() for _ in range(anonime)]
        self._aggiungi_doppioni(fatta)
        return fatta

    def _paese(self) -> str:
        if self.caso.random() >= self.piano["stranieri"]:
            return ITALIA
        return self.caso.choices(self.stranieri, self.pesi)[0]

    def _da_sola(self) -> Inventata:
        fasce, pesi = _ETA[self.piano["profilo"]]
        eta = self.caso.randint(*self.caso.choices(fasce, pesi)[0])
        return self._persona(self._paese(), eta)

    def _famiglia(self) -> Famiglia:
        """Uno o due genitori, da uno a quattro figli, ogni tanto un nonno."""
        paese, soli = self._paese(), self.caso.random() < 0.4
        madre = self._persona(paese, self.caso.randint(26, 46), sesso="F")
        famiglia = Famiglia("MONO_M" if soli else "COP_F", [(madre, "capofamiglia", True)])
        padre = None
        if not soli:
            padre = self._persona(paese, self.caso.randint(28, 52), sesso="M")
            padre.comune = madre.comune
            famiglia.componenti.append((padre, "coniuge", self.caso.random() < 0.9))
        for eta in self._eta_dei_figli(madre):
            figlia = self._persona(paese, eta, cognome=(padre or madre).cognome)
            figlia.comune = madre.comune
            famiglia.componenti.append((figlia, "figlio", True))
        if self.caso.random() < 0.15:
            famiglia.tipologia = "ALLARG"
            nonna = self._persona(paese, self.caso.randint(67, 84), cognome=madre.cognome)
            famiglia.componenti.append((nonna, "genitore", True))
        return famiglia

    def _eta_dei_figli(self, madre: Inventata) -> list[int]:
        """Età di minori lontane almeno un anno l'una dall'altra, e possibili per la madre."""
        possibili = range(self.caso.randint(1, 2), min(17, madre.eta(self.oggi) - 19) + 1, 2)
        quanti = self.caso.choices((1, 2, 3, 4), (30, 40, 22, 8))[0]
        return self.caso.sample(possibili, min(quanti, len(possibili)))

    def _persona(self, paese: str, eta: int, *, sesso: str = "", cognome: str = "") -> Inventata:
        sesso = sesso or self.caso.choice("FM")
        cognome, nome = self._nome(paese, sesso, cognome)
        chi = Inventata(
            cognome=cognome,
            nome=nome,
            sesso=sesso,
            nascita=self.oggi - timedelta(round(eta * 365.25) + self.caso.randrange(1, 360)),
            paese=paese,
            nata_a=self._dove_nasce(paese, eta),
            comune=self.caso.choice(self.piano["comuni"]),
            lingue=[] if paese == ITALIA else list(self.nomi[paese]["lingue"]),
            genere=sesso,
        )
        self._rifinisci(chi)
        return chi

    def _nome(self, paese: str, sesso: str, cognome: str) -> tuple[str, str]:
        """Una coppia che nessun altro ha, e che non è di un account."""
        elenco = self.nomi[paese]
        while True:
            scelto = cognome or self.caso.choice(elenco["cognomi"])
            # Chi nasce qui porta spesso un nome di qui.
            nomi = elenco if self.caso.random() < 0.8 else self.nomi[ITALIA]
            coppia = (scelto, self.caso.choice(nomi["donne" if sesso == "F" else "uomini"]))
            if coppia not in self.presi:
                self.presi.add(coppia)
                return coppia

    def _dove_nasce(self, paese: str, eta: int) -> str:
        if paese == ITALIA or (eta < MAGGIORE_ETA and self.caso.random() < 0.6):
            return self.caso.choice(_catastali_di_qui())
        return _catastali_dei_paesi()[paese]

    def _rifinisci(self, chi: Inventata) -> None:
        """Ciò che non è uguale per tutti: nome scelto, genere, data stimata, codice."""
        sorte = self.caso.random()
        if sorte < 0.03:
            chi.genere = self.caso.choice("XN")
            chi.nome_scelto = self.caso.choice(("Alex", "Andrea", "Sam", "Noa"))
        elif sorte < 0.07:
            chi.nome_scelto = chi.nome[:4].rstrip("aeiou") + "y"
        if chi.paese != ITALIA and chi.nata_a.startswith("Z") and self.caso.random() < 0.12:
            chi.stimata = True
            chi.nascita = date(chi.nascita.year, 1, 1)
        if chi.paese in ("ML", "AF") and self.caso.random() < 0.1:
            chi.paese = _APOLIDE
        chi.codice = self._codice(chi)

    def _codice(self, chi: Inventata) -> tuple[str, str]:
        sorte, arrivata = self.caso.random(), chi.nata_a.startswith("Z")
        if arrivata and (chi.stimata or sorte < 0.14):
            tipo = self.caso.choice(("cf-provvisorio", "sigla", "nessuno"))
            if tipo == "cf-provvisorio":
                return tipo, provvisorio(self.caso)
            if tipo == "sigla":
                # L'ENI è per chi viene da un paese dell'Unione, l'STP per gli altri.
                sigla = "eni" if chi.paese in _dell_unione() else "stp"
                return sigla, con_sigla(sigla.upper(), self.caso)
            return "nessuno", self.caso.choice(("RICH_ATT", "NON_ESIBITO", "ESTERO"))
        if sorte > 0.95:
            minore = chi.eta(self.oggi) < MAGGIORE_ETA
            return "nessuno", "MINORE" if minore else self.caso.choice(("RICH_ATT", "NON_ESIBITO"))
        codice = codice_fiscale(
            cognome=chi.cognome,
            nome=chi.nome,
            sesso=chi.sesso,
            nascita=chi.nascita,
            luogo=chi.nata_a,
        )
        return "cf", omocodo(codice) if self.caso.random() < 0.02 else codice

    def _anonima(self) -> Inventata:
        segni = [self.caso.choice(gruppo) for gruppo in (_LETTERE, _CIFRE) for _ in range(3)]
        return Inventata(anonima="".join(segni), genere=self.caso.choice("FMN"))

    def _in_due_nuclei(self, fatta: Invenzione) -> None:
        """Un figlio che vive anche con chi, dei genitori, abita altrove; uno per ente al più."""
        adulte = [chi for chi in fatta.persone if (chi.eta(self.oggi) or 0) in range(25, 55)]
        figlio = next(
            (
                chi
                for famiglia in fatta.famiglie
                for chi, ruolo, _ in famiglia.componenti
                if ruolo == "figlio" and famiglia.tipologia == "MONO_M"
            ),
            None,
        )
        in_famiglia = {chi for f in fatta.famiglie for chi, _, _ in f.componenti}
        altrove = [chi for chi in adulte if chi not in in_famiglia and chi.sesso == "M"]
        if figlio and altrove:
            altra = Famiglia(
                "MONO_P", [(altrove[0], "capofamiglia", True), (figlio, "figlio", False)]
            )
            fatta.famiglie.append(altra)

    def _aggiungi_doppioni(self, fatta: Invenzione) -> None:
        """La stessa persona inserita due volte: senza codice, col nome scritto un po' diverso."""
        adatte = [chi for chi in fatta.persone if chi.codice and chi.codice[0] == "cf"]
        for chi in adatte[-self.quanti_doppioni :] if self.quanti_doppioni else []:
            copia = replace(
                chi,
                nome=_con_un_refuso(chi.nome),
                nome_scelto="",
                codice=("nessuno", "NON_ESIBITO"),
            )
            fatta.doppioni.append((chi, copia))
            fatta.persone.append(copia)
        if self.quanti_doppioni > 1:
            chi = adatte[0]
            altra = self._persona(chi.paese, (chi.eta(self.oggi) or 30) + 9, sesso=chi.sesso)
            altra.cognome, altra.nome, altra.nome_scelto = chi.cognome, chi.nome, ""
            altra.codice = ("nessuno", "NON_ESIBITO")
            fatta.diverse.append((chi, altra))
            fatta.persone.append(altra)


def _stesse_persone(
    rete: dict[str, Invenzione], materiale: Materiale, oggi: date
) -> Iterable[dict[str, Inventata]]:
    """Mette le persone note a più enti anche negli altri: stessi nome, nascita e codice."""
    caso = Random("quadrante, stesse persone")  # noqa: S311 - persone inventate
    usate: set[Inventata] = set()
    for voce in materiale.intrecci["stesse_persone"]:
        primo, *altri = voce["enti"]
        doppie = {chi for coppia in rete[primo].doppioni for chi in coppia}
        adatte = [
            chi
            for chi in rete[primo].persone
            if chi.codice and chi.codice[0] == "cf" and chi not in usate | doppie
            if (chi.eta(oggi) or 0) >= MAGGIORE_ETA + 2
        ]
        for chi in caso.sample(adatte, voce["quante"]):
            usate.add(chi)
            righe = {primo: chi}
            for sigla in altri:
                copia = replace(chi, comune=caso.choice(materiale.enti[sigla]["comuni"]))
                if not voce.get("codice", True):
                    copia.nome = _con_un_refuso(chi.nome)
                    copia.codice = ("nessuno", "NON_ESIBITO")
                usate.add(copia)
                righe[sigla] = copia
                rete[sigla].persone.append(copia)
            yield righe


def _con_un_refuso(nome: str) -> str:
    """Il nome come lo scriverebbe chi lo ha sentito e non letto: una doppia di meno, o una in più."""
    if doppia := _DOPPIA.search(nome):
        return nome[: doppia.start()] + nome[doppia.start() + 1 :]
    return _SCEMPIA.sub(r"\1\2\2\3", nome, count=1)


@cache
def _catastali_di_qui() -> list[str]:
    return [
        comune.catastale for comune in comuni() if comune.provincia in ("AL", "AT", "TO", "CN")
    ]


@cache
def _catastali_dei_paesi() -> dict[str, str]:
    return {paese.iso2: paese.catastale for paese in paesi()}


@cache
def _dell_unione() -> frozenset[str]:
    return frozenset(paese.iso2 for paese in paesi() if paese.gruppo == "UE")
