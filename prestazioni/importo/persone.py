"""Le persone come sono scritte in un foglio: in una colonna o in due, una o molte per cella."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError

from beneficiari.azioni.codici import CodiceScritto
from beneficiari.azioni.persone import controlla_nascita
from beneficiari.codici import CodiceErrato, lettere_del_cognome, lettere_del_nome
from beneficiari.forms.anagrafica import ultimo_giorno
from prestazioni.importo.celle import Lettore
from registro.comune.fogli import forme
from registro.comune.fogli.celle import Cella, Riga
from registro.comune.fogli.colonne import chiave
from registro.comune.fogli.forme import FormaNonCapita
from registro.comune.ricerca import forma_normale


# Il trattino divide, apostrofi e punti cadono: «D'Amè» è «dame», «Anna-Maria» «anna maria».
VIA_DAI_NOMI = "-'’‘`´.,"
_VIA = str.maketrans({"-": " ", **dict.fromkeys(VIA_DAI_NOMI[1:])})
_COLONNE = ("cognome", "nome", "persona", "nascita", "codice")
_FRA_CODICI = re.compile(r"\s*[,;/\n]\s*")
_NATA = re.compile(
    r"\(?\s*(?:,?\s*nat[oa](?:/a)?\s+(?:il\s+)?)?(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4})\s*\)?\s*$",
    re.IGNORECASE,
)
_ANNO = re.compile(r"((?:19|20)\d\d)(?:,0)?")
_PARTICELLE = frozenset(
    [
        *("de", "di", "da", "del", "della", "dello", "degli", "dei", "dal", "dalla", "la", "lo"),
        *("le", "li", "el", "al", "ben", "ait", "abu", "van", "von", "dos", "san", "santa"),
    ]
)
_LUNGO = 100


@dataclass(frozen=True, slots=True)
class Scritta:
    """Una persona com'è scritta. `parole`: quelle del nome, in forma normale e in ordine.

    `stimata`: della nascita c'era solo l'anno.
    """

    cognome: str
    nome: str
    parole: str
    nascita: date | None = None
    codice: CodiceScritto | None = None
    stimata: bool = False

    @property
    def come(self) -> str:
        """Come la si nomina a chi importa."""
        return f"{self.cognome} {self.nome}".strip()


def parole_del_nome(nome: str) -> str:
    """La forma con cui si confrontano i nomi: l'ordine fra cognome e nome non conta."""
    return " ".join(sorted(forma_normale(nome.translate(_VIA)).split()))


class Persone:
    """Raccoglie le persone scritte in un foglio: ognuna una volta, con la prima riga che la nomina.

    `interi`: i nomi delle persone dell'ente (`parole_del_nome`), per capire se «Rossi, Mario» è
    una persona o due. `molte`: se una cella può averne più d'una.
    """

    def __init__(self, lettore: Lettore, *, interi: Collection[str] = (), molte: bool) -> None:
        self.lettore = lettore
        self.interi = interi
        self.molte = molte
        self.scritte: list[Scritta] = []
        self._numeri: dict[tuple, int] = {}
        self.prime: list[tuple[int, int]] = []
        self._gia: dict[tuple, tuple[list[int], list[tuple[str, str]]]] = {}
        scritto = chiave(lettore.nome("persona")).split()
        self.nome_prima = scritto[:1] == ["nome"] and "cognome" in scritto

    def della_riga(self, riga: Riga) -> list[int]:
        """I numeri delle persone della riga; vuoto se non ce n'è, o se non si capiscono."""
        celle = tuple(self.lettore.cella(riga, campo) for campo in _COLONNE)
        chi = tuple((cella.__class__, cella) for cella in celle)
        if chi not in self._gia:
            self._gia[chi] = self._capisci(riga, celle)
        numeri, motivi = self._gia[chi]
        for campo, motivo in motivi:
            self.lettore.rifiuta(riga, campo, motivo)
        return numeri

    def _capisci(self, riga: Riga, celle: tuple[Cella, ...]):
        motivi: list[tuple[str, str]] = []
        scritte: list[Scritta] = []
        try:
            scritte = self._scritte(*celle[:3])
        except FormaNonCapita as errore:
            motivi.append(("persona" if celle[2] is not None else "cognome", errore.frase))
        nascita, stimata = self._nascita(celle[3], motivi)
        codici = self._codici(celle[4], motivi)
        if motivi:
            return [], motivi
        if not scritte and codici:
            scritte = [Scritta("", "", "")] * len(codici)
        if len(codici) not in (0, len(scritte)):
            motivi.append(("codice", f"I codici sono {len(codici)}, le persone {len(scritte)}."))
        if nascita and len(scritte) > 1:
            motivi.append(("nascita", "La data di nascita è una, le persone sono più d'una."))
        if motivi:
            return [], motivi
        numeri = []
        for posto, scritta in enumerate(scritte):
            codice = codici[posto] if codici else None
            intera = replace(
                scritta, nascita=nascita or scritta.nascita, codice=codice, stimata=stimata
            )
            numeri.append(self._numero(self._con_ordine(intera), riga.numero, posto))
        return list(dict.fromkeys(numeri)), []

    def _numero(self, scritta: Scritta, riga: int, posto: int) -> int:
        """Il numero di una persona: maiuscole, accenti e ordine del nome non ne fanno un'altra."""
        chi = (scritta.parole, scritta.nascita, scritta.stimata, scritta.codice)
        if chi not in self._numeri:
            self._numeri[chi] = len(self.scritte)
            self.scritte.append(scritta)
            self.prime.append((riga, posto))
        return self._numeri[chi]

    def unisci(self) -> list[int]:
        """Per ogni numero, quello che vale: chi a volte ha il codice e a volte no è uno solo.

        Vale se nome e nascita sono uguali e il codice, dove c'è, è sempre lo stesso.
        """
        col_codice: dict[tuple, set[int]] = {}
        for numero, scritta in enumerate(self.scritte):
            if scritta.codice and scritta.nascita and not scritta.stimata:
                chi = (scritta.parole, scritta.nascita)
                col_codice.setdefault(chi, set()).add(numero)
        validi = []
        for numero, scritta in enumerate(self.scritte):
            uguali = col_codice.get((scritta.parole, scritta.nascita), set())
            unico = scritta.codice is None and len(uguali) == 1 and not scritta.stimata
            validi.append(next(iter(uguali)) if unico else numero)
        return validi

    def _scritte(self, cognome: Cella, nome: Cella, insieme: Cella) -> list[Scritta]:
        if cognome is not None or nome is not None:
            parti = ["" if cella is None else forme.testo(cella) for cella in (cognome, nome)]
            return [_di(*parti)]
        if insieme is None:
            return []
        divise = self._divise(insieme)
        return [self._una(nome_intero) for nome_intero in divise]

    def _divise(self, insieme: Cella) -> list[str]:
        intera = forme.testo(insieme)
        if not self.molte:
            return [intera]
        nomi = forme.nomi(insieme)
        if len(nomi) == 1:
            return [intera]
        # «Rossi, Mario» è una persona se l'ente ne ha una che si chiama così.
        return [intera] if parole_del_nome(_senza_nascita(intera)) in self.interi else list(nomi)

    def _una(self, scritto: str) -> Scritta:
        nascita = None
        if trovata := _NATA.search(scritto):
            nascita = forme.data(trovata[1], oggi=self.lettore.oggi, passata=True)
            scritto = scritto[: trovata.start()].strip(" ,(")
        if "," in scritto:
            cognome, _, nome = (parte.strip() for parte in scritto.partition(","))
        else:
            cognome, nome = _dividi(scritto, nome_prima=self.nome_prima)
        return replace(_di(cognome, nome), nascita=nascita)

    def _con_ordine(self, scritta: Scritta) -> Scritta:
        """Con cognome e nome come dice il codice fiscale, se stavano in una colonna sola."""
        if scritta.codice is None or scritta.codice.tipo != "cf" or not scritta.nome:
            return scritta
        if self.lettore.ha("cognome", "nome"):
            return scritta
        parole = scritta.come.split()
        for quante in range(1, len(parole)):
            prime, ultime = " ".join(parole[:quante]), " ".join(parole[quante:])
            for cognome, nome in ((prime, ultime), (ultime, prime)):
                lettere = (lettere_del_cognome(cognome), lettere_del_nome(nome))
                if lettere == (scritta.codice.valore[:3], scritta.codice.valore[3:6]):
                    return replace(scritta, cognome=cognome, nome=nome)
        return scritta

    def _nascita(self, cella: Cella, motivi: list[tuple[str, str]]) -> tuple[date | None, bool]:
        """La data di nascita, e se è una stima perché c'era solo l'anno."""
        if cella is None:
            return None, False
        try:
            if anno := _ANNO.fullmatch(forme.testo(cella)):
                return ultimo_giorno(int(anno[1])), True
            giorno = forme.data(cella, oggi=self.lettore.oggi, passata=True)
            controlla_nascita(giorno)
        except FormaNonCapita as errore:
            motivi.append(("nascita", errore.frase))
        except ValidationError as errore:
            motivi.append(("nascita", " ".join(errore.messages)))
        else:
            return giorno, False
        return None, False

    def _codici(self, cella: Cella, motivi: list[tuple[str, str]]) -> list[CodiceScritto]:
        if cella is None:
            return []
        try:
            testo = forme.testo(cella)
            pezzi = _FRA_CODICI.split(testo) if self.molte else [testo]
            return [codice_da(pezzo) for pezzo in pezzi if pezzo]
        except FormaNonCapita as errore:
            motivi.append(("codice", errore.frase))
        except CodiceErrato as errore:
            motivi.append(("codice", errore.frase))
        return []


def codice_da(testo: str) -> CodiceScritto:
    """Il codice scritto in una cella, riconosciuto dalla forma. Solleva CodiceErrato."""
    pulito = testo.upper().replace(" ", "")
    if pulito.startswith(("STP", "ENI")):
        return CodiceScritto.da_testo(pulito[:3].lower(), testo)
    tipo = "cf-provvisorio" if pulito.isdecimal() and len(pulito) == 11 else "cf"
    return CodiceScritto.da_testo(tipo, testo)


def _di(cognome: str, nome: str) -> Scritta:
    for parte in (cognome, nome):
        if len(parte) > _LUNGO:
            raise FormaNonCapita(f"Il nome ha {len(parte)} caratteri: al massimo {_LUNGO}.")
    return Scritta(cognome, nome, parole_del_nome(f"{cognome} {nome}"))


def _senza_nascita(scritto: str) -> str:
    return _NATA.sub("", scritto).strip(" ,(")


def _dividi(scritto: str, *, nome_prima: bool) -> tuple[str, str]:
    """Cognome e nome di un nome intero: le maiuscole, poi le particelle, poi la prima parola."""
    parole = scritto.split()
    maiuscole = [parola for parola in parole if len(parola) > 1 and parola.isupper()]
    if maiuscole and len(maiuscole) < len(parole):
        return " ".join(maiuscole), " ".join(p for p in parole if p not in maiuscole)
    if nome_prima:
        quante = 1
        while quante < len(parole) and forma_normale(parole[-quante - 1]) in _PARTICELLE:
            quante += 1
        return " ".join(parole[-quante:]), " ".join(parole[:-quante])
    quante = 1
    while quante < len(parole) - 1 and forma_normale(parole[quante - 1]) in _PARTICELLE:
        quante += 1
    return " ".join(parole[:quante]), " ".join(parole[quante:])
