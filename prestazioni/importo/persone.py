"""Le persone come sono scritte in un foglio: in una colonna o in due, una o molte per cella."""

import re
import unicodedata
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
_MESI = "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic"
_GIORNO = (
    r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}"
    rf"|\d{{1,2}}[°º^]?[\s/.\-]*(?:{_MESI})[a-z]*\.?[\s/.\-]*'?\d{{2,4}})"
)
# Un luogo non passa una virgola né una «e»: dopo può esserci un'altra persona.
_LUOGO = r"(?:\s+(?:a|ad|in)\s+(?:(?!\s+ed?\s)[^\d(),;/+&]){2,60}?(?:\s*\([a-z]{2}\))?)"
_E_NATA = (
    rf"(?:(?:nat[oa](?:/[ao])?|n\.?){_LUOGO}?"
    r"|d\.?\s?n\.?|(?:data|anno)\s+(?:di\s+)?nascita|nascita|classe)"
)
_PRIMA = r"(?:^|[\s,;(\-–]+)"
_NATA = re.compile(
    rf"{_PRIMA}(?:{_E_NATA}[\s,:]*(?:il\s+|l['’]\s*)?)?(?<!\d)({_GIORNO})(?:,?{_LUOGO})?[\s).,]*$",
    re.IGNORECASE,
)
# Un anno solo può essere tante cose: è quello di nascita se lo si dice.
_NATA_NEL = re.compile(
    rf"{_PRIMA}{_E_NATA}[\s,:]*(?:nel\s+)?((?:19|20)\d\d)[\s).,]*$", re.IGNORECASE
)
# La nascita sta in fondo: in una cella lunghissima non la si cerca da ogni segno.
_IN_FONDO = 200
_CODICE = re.compile(
    r"[\s,;(\-–]?\s?(?:c\.?\s?f\.?|cod(?:ice|\.)?\s?fisc(?:ale|\.)?)?[\s:]{0,2}"
    r"\b((?=\w{0,15}\d)[a-z]{6}[\dlmnpqrstuv]{2}[a-z][\dlmnpqrstuv]{2}[a-z][\dlmnpqrstuv]{3}[a-z]"
    r"|(?:stp|eni)\d{13})\b\)?",
    re.IGNORECASE,
)
_CON_LE_BARRE = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{2,4})(?!\d)")
_NATO_A = re.compile(r"\b(nat[oa])/[ao]\b", re.IGNORECASE)
_FRA_DUE = re.compile(r"\s+ed?\s+|[;/+&]", re.IGNORECASE)
_SEGNI_DEI_NOMI = frozenset(" '’‘`´ʼ.-‐‑–·,")
# Parole che in un nome non stanno mai: «Somma», «Media» e «Nota» sono anche cognomi.
_DI_FONDO = re.compile(
    r"\b(?:totale|totali|complessiv[oaie]|iscritti|utenti|partecipanti|nominativi)\b"
    r"|\b(?:compilat|aggiornat|redatt|stampat|firmat)[oaie] (?:da|dal|dalla|il|al|a)\b"
    r"|\b(?:eta media|media eta)\b|\bnat[oa] (?:a|ad|in|il|nel) |\b(?:tel|cell|c\.f)\."
)
_ANNO = re.compile(r"((?:19|20)\d\d)(?:,0)?")
_PARTICELLE = frozenset(
    [
        *("de", "di", "da", "del", "della", "dello", "degli", "dei", "dal", "dalla", "la", "lo"),
        *("le", "li", "el", "al", "ben", "ait", "abu", "van", "von", "dos", "san", "santa"),
    ]
)
_LUNGO = 100
_MOSTRATI = 60
DUE_NASCITE = (
    "La data di nascita accanto al nome non è quella della colonna: correggi una delle due."
)
DUE_CODICI = "Il codice accanto al nome non è quello della colonna: correggi uno dei due."


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
    una persona o due, e perché chi c'è già passi comunque si chiami. `molte`: se una cella può
    averne più d'una.
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
        except (FormaNonCapita, CodiceErrato) as errore:
            in_due = celle[0] is not None or celle[1] is not None
            motivi.append(("cognome" if in_due else "persona", errore.frase))
        nascita, stimata = self._nascita(celle[3], motivi)
        codici = self._codici(celle[4], motivi)
        if motivi:
            return [], motivi
        if not scritte and codici:
            scritte = [Scritta("", "", "")] * len(codici)
        motivi += _discordanze(scritte, nascita, stimata, codici)
        if motivi:
            return [], motivi
        numeri = []
        for posto, scritta in enumerate(scritte):
            intera = replace(scritta, codice=codici[posto] if codici else scritta.codice)
            # L'anno della colonna non vale più del giorno scritto accanto al nome.
            if nascita and not (stimata and scritta.nascita):
                intera = replace(intera, nascita=nascita, stimata=stimata)
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
            parti = ["" if cella is None else _pulito(cella) for cella in (cognome, nome)]
            if not any(parti):
                return []
            # Chi l'ente ha già si riconosce comunque si chiami.
            if parole_del_nome(" ".join(parti)) not in self.interi:
                # «Costa e Silva» è un cognome solo; senza un nome accanto, o nel nome, sono due.
                _solo_un_nome(" ".join(parti).strip(), contato=parti[1] or parti[0])
            return [_di(*parti)]
        if insieme is None:
            return []
        return [self._una(nome_intero) for nome_intero in self._divise(insieme) if nome_intero]

    def _divise(self, insieme: Cella) -> list[str]:
        intera = _pulito(insieme)
        if not self.molte:
            return [intera]
        # Le barre delle date e di «nato/a» non dividono persone.
        senza_barre = insieme
        if isinstance(insieme, str):
            senza_barre = _NATO_A.sub(r"\1", _CON_LE_BARRE.sub(r"\1.\2.\3", insieme))
        sola = _senza_nascita(_CODICE.sub(" ", _pulito(senza_barre)).strip())
        # «Rossi, Mario» è una persona se l'ente ne ha una che si chiama così.
        if not sola or len(forme.nomi(sola)) == 1 or parole_del_nome(sola) in self.interi:
            return [intera]
        return [_pulito(nome) for nome in forme.nomi(senza_barre)]

    def _una(self, scritto: str) -> Scritta:
        """La persona di una cella sola: il nome, e accanto la nascita e il codice se ci sono."""
        codici = [codice_da(trovato[1]) for trovato in _CODICE.finditer(scritto)]
        scritto = _CODICE.sub(" ", scritto).strip()
        nascita, stimata = self._nascita_accanto(scritto)
        scritto = _senza_nascita(scritto)
        if len(codici) > 1 or scritto.count(",") > 1:
            raise FormaNonCapita(_due_persone(scritto))
        # Chi l'ente ha già si riconosce comunque si chiami; di chi c'è solo il codice, dal codice.
        if parole_del_nome(scritto) not in self.interi and (scritto or not codici):
            _solo_un_nome(scritto, contato=scritto)
        if "," in scritto:
            cognome, _, nome = (parte.strip() for parte in scritto.partition(","))
        else:
            cognome, nome = _dividi(scritto, nome_prima=self.nome_prima)
        codice = codici[0] if codici else None
        return replace(_di(cognome, nome), nascita=nascita, stimata=stimata, codice=codice)

    def _nascita_accanto(self, scritto: str) -> tuple[date | None, bool]:
        if trovata := _in_fondo(_NATA, scritto):
            giorno = forme.data(trovata[1], oggi=self.lettore.oggi, passata=True)
            return _controllata(giorno), False
        if trovata := _in_fondo(_NATA_NEL, scritto):
            return _controllata(ultimo_giorno(int(trovata[1]))), True
        return None, False

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
                return _controllata(ultimo_giorno(int(anno[1]))), True
            giorno = forme.data(cella, oggi=self.lettore.oggi, passata=True)
            return _controllata(giorno), False
        except FormaNonCapita as errore:
            motivi.append(("nascita", errore.frase))
        return None, False

    def _codici(self, cella: Cella, motivi: list[tuple[str, str]]) -> list[CodiceScritto]:
        if cella is None:
            return []
        try:
            testo = forme.testo(cella)
            pezzi = _FRA_CODICI.split(testo) if self.molte else [testo]
            return [codice_da(pezzo) for pezzo in pezzi if pezzo]
        except (FormaNonCapita, CodiceErrato) as errore:
            motivi.append(("codice", errore.frase))
        return []


def codice_da(testo: str) -> CodiceScritto:
    """Il codice scritto in una cella, riconosciuto dalla forma. Solleva CodiceErrato."""
    pulito = testo.upper().replace(" ", "")
    if pulito.startswith(("STP", "ENI")):
        return CodiceScritto.da_testo(pulito[:3].lower(), testo)
    tipo = "cf-provvisorio" if pulito.isdecimal() and len(pulito) == 11 else "cf"
    return CodiceScritto.da_testo(tipo, testo)


def _pulito(cella: Cella) -> str:
    """Il testo della cella senza i segni che non si vedono, che ne farebbero un altro nome."""
    visibili = (segno for segno in forme.testo(cella) if unicodedata.category(segno) != "Cf")
    return " ".join("".join(visibili).split())


def _controllata(nascita: date) -> date:
    try:
        controlla_nascita(nascita)
    except ValidationError as errore:
        raise FormaNonCapita(" ".join(errore.messages)) from None
    return nascita


def _solo_un_nome(scritto: str, *, contato: str) -> None:
    """Solleva FormaNonCapita, che dice che cosa non va, se `scritto` non è il nome di una persona.

    `contato`: la parte in cui una «e» vuol dire che le persone sono due.
    """
    mostrato = scritto if len(scritto) <= _MOSTRATI else f"{scritto[:_MOSTRATI]}…"
    if not any(segno.isalpha() for segno in scritto):
        raise FormaNonCapita(
            f"«{mostrato}» non è un nome: scrivi il cognome e il nome, o togli la riga."
        )
    if any(segno.isnumeric() for segno in scritto if not segno.isalpha()):
        raise FormaNonCapita(
            f"«{mostrato}» ha delle cifre, e non è un nome: scrivi solo il cognome e il nome, il resto"
            " nelle sue colonne. Se non è una persona, togli la riga."
        )
    if _FRA_DUE.search(contato):
        raise FormaNonCapita(_due_persone(mostrato))
    if _DI_FONDO.search(forma_normale(scritto)):
        raise FormaNonCapita(
            f"«{mostrato}» non sembra una persona, ma un totale o una nota: se lo è, togli la riga."
            " Se è una persona, scrivi solo il cognome e il nome."
        )
    for segno in scritto:
        if segno not in _SEGNI_DEI_NOMI and unicodedata.category(segno)[0] not in "LM":
            raise FormaNonCapita(
                f"«{mostrato}» ha il segno «{segno}», che in un nome non sta: scrivi solo il cognome"
                " e il nome, il resto nelle sue colonne."
            )


def _due_persone(mostrato: str) -> str:
    return f"«{mostrato[:_MOSTRATI]}» sembrano più persone: scrivine una per riga."


def _discordanze(
    scritte: list[Scritta], nascita: date | None, stimata: bool, codici: list[CodiceScritto]
) -> list[tuple[str, str]]:
    """Dove le colonne della nascita e del codice non vanno d'accordo con la cella del nome."""
    if len(codici) not in (0, len(scritte)):
        return [("codice", f"I codici sono {len(codici)}, le persone {len(scritte)}.")]
    if nascita and len(scritte) > 1:
        return [("nascita", "La data di nascita è una, le persone sono più d'una.")]
    motivi = []
    for scritta, codice in zip(scritte, codici, strict=False):
        if scritta.codice and scritta.codice.normale != codice.normale:
            motivi.append(("codice", DUE_CODICI))
    for scritta in scritte if nascita else ():
        uguale = scritta.nascita == nascita
        if stimata or scritta.stimata:
            uguale = scritta.nascita is None or scritta.nascita.year == nascita.year
        if scritta.nascita and not uguale:
            motivi.append(("nascita", DUE_NASCITE))
    return motivi


def _di(cognome: str, nome: str) -> Scritta:
    for parte in (cognome, nome):
        if len(parte) > _LUNGO:
            raise FormaNonCapita(f"Il nome ha {len(parte)} caratteri: al massimo {_LUNGO}.")
    return Scritta(cognome, nome, parole_del_nome(f"{cognome} {nome}"))


def _in_fondo(forma: re.Pattern, scritto: str) -> re.Match | None:
    return forma.search(scritto, max(0, len(scritto) - _IN_FONDO))


def _senza_nascita(scritto: str) -> str:
    trovata = _in_fondo(_NATA, scritto) or _in_fondo(_NATA_NEL, scritto)
    return scritto[: trovata.start() if trovata else None].strip(" ,(;-–")


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
