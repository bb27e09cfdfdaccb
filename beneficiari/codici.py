"""I codici che identificano una persona: codice fiscale, provvisorio, STP, ENI.

Un codice sbagliato dice quale carattere non va, perché chi è allo sportello lo possa correggere.
Ciò che un codice fiscale racconta della persona è solo un confronto: vale quello che la persona
dice, e una differenza è un avviso, mai un errore. Del sesso non si avvisa: il codice segue
l'anagrafe, il genere è quello che la persona dichiara.
"""

import unicodedata
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from stdnum import luhn
from stdnum.it.codicefiscale import calc_check_digit

from registro.comune.tassonomie import luogo_catastale


LUNGHEZZA = 16
LUNGHEZZA_PROVVISORIO = 11
# Posizioni contate da uno, come le conta una persona.
POSIZIONI_CIFRE = (7, 8, 10, 11, 13, 14, 15)
_MESI = "ABCDEHLMPRST"
_NOMI_DEI_MESI = (
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
)
_OMOCODIA = "LMNPQRSTUV"
_A_CIFRE = str.maketrans(_OMOCODIA, "0123456789")
_CIFRE = "0123456789"
_LETTERE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DONNA = 40
# Non si scompongono in una lettera e un accento.
_LETTERE_UNITE = str.maketrans(
    {"ẞ": "SS", "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Ħ": "H"}
)
_VOCALI = "AEIOU"
# Chi scambia una lettera con la cifra che le somiglia.
_FORSE = {"0": "la lettera O", "1": "la lettera I", "O": "lo zero", "I": "la cifra 1"}


class CodiceErrato(ValueError):
    """Un codice che non può esistere: `frase` per chi scrive, `posizione` del carattere (da 1),
    None se riguarda il codice intero. La frase non contiene il codice."""

    def __init__(self, frase: str, posizione: int | None = None) -> None:
        self.frase = frase
        self.posizione = posizione
        super().__init__(frase)


@dataclass(frozen=True, slots=True)
class DatiDelCF:
    """Ciò che dice un codice fiscale: `sesso` all'anagrafe (F o M), `anno` di due cifre (il
    secolo non c'è), `luogo` come codice catastale."""

    sesso: str
    giorno: int
    mese: int
    anno: int
    luogo: str


def forma_normale_cf(codice: str) -> str:
    """Il codice fiscale in maiuscolo, con le cifre al posto delle lettere di omocodia e il
    carattere di controllo che ne segue: la stessa per tutti gli omocodi di una persona.

    Non vuol dire la stessa persona: due che hanno lo stesso codice di partenza si distinguono
    proprio per l'omocodia. Solleva `CodiceErrato`.
    """
    return _a_cifre(controlla_cf(codice))


def controlla_cf(codice: str) -> str:
    """Il codice fiscale senza spazi e in maiuscolo, omocodia compresa. Solleva `CodiceErrato`."""
    cf = pulito(codice)
    _controlla_lunghezza(cf, LUNGHEZZA, "Il codice fiscale")
    for posizione, carattere in enumerate(cf, start=1):
        _controlla_carattere(posizione, carattere)
    _controlla_giorno(_dati(_a_cifre(cf)))
    atteso = calc_check_digit(cf[:-1])
    if cf[-1] != atteso:
        raise CodiceErrato(
            f"L'ultima lettera non torna con le altre: ci si aspettava {atteso}. Ricontrolla tutto"
            " il codice: basta un carattere diverso dal documento.",
            LUNGHEZZA,
        )
    return cf


def controlla_provvisorio(codice: str) -> str:
    """Le undici cifre di un codice fiscale provvisorio. Solleva `CodiceErrato`.

    Ha la forma di una partita IVA, e si controlla solo l'ultima cifra: l'ufficio che lo rilascia
    non sta negli elenchi delle province, e rifiutarlo scarterebbe codici veri.
    """
    cifre = pulito(codice)
    _controlla_lunghezza(cifre, LUNGHEZZA_PROVVISORIO, "Il codice provvisorio", "cifre")
    _controlla_cifre(cifre, da=1)
    if not int(cifre[:7]):
        raise CodiceErrato("Le prime sette cifre non possono essere tutte zero.", 1)
    atteso = luhn.calc_check_digit(cifre[:-1])
    if cifre[-1] != atteso:
        raise CodiceErrato(
            f"L'ultima cifra non torna con le altre: ci si aspettava {atteso}. Ricontrolla tutto"
            " il codice: basta una cifra diversa dal documento.",
            LUNGHEZZA_PROVVISORIO,
        )
    return cifre


def controlla_stp(codice: str) -> str:
    """Un codice STP: la sigla e tredici cifre. Solleva `CodiceErrato`."""
    return _con_sigla(codice, "STP")


def controlla_eni(codice: str) -> str:
    """Un codice ENI: la sigla e tredici cifre. Solleva `CodiceErrato`."""
    return _con_sigla(codice, "ENI")


# Per tipo di identificativo, la forma normale: quella di cui si fa l'indice.
FORME_NORMALI: dict[str, Callable[[str], str]] = {
    "cf": forma_normale_cf,
    "cf-provvisorio": controlla_provvisorio,
    "stp": controlla_stp,
    "eni": controlla_eni,
}


def pulito(codice: str) -> str:
    """Il codice come lo si salva: maiuscolo, senza spazi, trattini e punti."""
    testo = unicodedata.normalize("NFKC", codice).upper()
    return "".join(segno for segno in testo if not segno.isspace() and segno not in "-.")


def dati_del_cf(codice: str) -> DatiDelCF:
    """Ciò che dice un codice fiscale, anche omocodo. Solleva `CodiceErrato`."""
    return _dati(forma_normale_cf(codice))


def incongruenze(
    codice: str,
    *,
    cognome: str = "",
    nome: str = "",
    nascita: date | None = None,
    luogo: str = "",
) -> list[str]:
    """Dove un codice fiscale valido non va d'accordo con ciò che si è scritto: frasi, da mostrare
    come avvisi.

    `luogo`: il codice catastale del comune o dello stato di nascita. Ciò che è vuoto non si
    confronta; una nascita stimata non va passata. Solleva `CodiceErrato`.
    """
    cf = forma_normale_cf(codice)
    dati = dati_del_cf(cf)
    avvisi = _avvisi_dei_nomi(cf, cognome, nome)
    if nascita and (nascita.day, nascita.month, nascita.year % 100) != (
        dati.giorno,
        dati.mese,
        dati.anno,
    ):
        avvisi.append(
            f"Secondo il codice fiscale la nascita è il {_giorno_in_parole(dati)}; qui c'è scritto"
            f" {nascita:%d/%m/%Y}. Vale la data scritta: se è giusta, ricontrolla il codice."
        )
    if luogo and luogo.upper() != dati.luogo:
        avvisi.append(
            f"Secondo il codice fiscale il luogo di nascita è {_luogo_in_parole(dati.luogo)}; qui"
            f" c'è scritto {_luogo_in_parole(luogo.upper())}."
        )
    return avvisi


def lettere_del_cognome(cognome: str) -> str | None:
    """Le tre lettere con cui un cognome entra nel codice; None se non è in lettere latine."""
    lettere = _lettere(cognome)
    return None if lettere is None else _tre(*_consonanti_e_vocali(lettere))


def lettere_del_nome(nome: str) -> str | None:
    """Le tre lettere con cui un nome entra nel codice; None se non è in lettere latine."""
    lettere = _lettere(nome)
    if lettere is None:
        return None
    consonanti, vocali = _consonanti_e_vocali(lettere)
    if len(consonanti) > 3:
        consonanti = consonanti[0] + consonanti[2:]
    return _tre(consonanti, vocali)


def _a_cifre(cf: str) -> str:
    caratteri = [
        carattere.translate(_A_CIFRE) if posizione in POSIZIONI_CIFRE else carattere
        for posizione, carattere in enumerate(cf[:-1], start=1)
    ]
    corpo = "".join(caratteri)
    return corpo + calc_check_digit(corpo)


def _dati(cf: str) -> DatiDelCF:
    """I dati di un codice fiscale già riportato a cifre, di cui si è controllata la forma."""
    giorno = int(cf[9:11])
    return DatiDelCF(
        sesso="F" if giorno > _DONNA else "M",
        giorno=giorno - _DONNA if giorno > _DONNA else giorno,
        mese=_MESI.index(cf[8]) + 1,
        anno=int(cf[6:8]),
        luogo=cf[11:15],
    )


def _controlla_lunghezza(codice: str, attesa: int, quale: str, di: str = "caratteri") -> None:
    if len(codice) == attesa:
        return
    if not codice:
        raise CodiceErrato(f"{quale} è vuoto.")
    frase = f"{quale} ha {attesa} {di}: qui ce ne sono {len(codice)}."
    if len(codice) == LUNGHEZZA_PROVVISORIO and codice.isdecimal():
        frase += " Undici cifre sono un codice provvisorio: se lo è, cambia il tipo di codice."
    raise CodiceErrato(frase)


def _controlla_carattere(posizione: int, carattere: str) -> None:
    if posizione in POSIZIONI_CIFRE:
        ammessi, che_cosa = _CIFRE + _OMOCODIA, "una cifra (o una lettera di omocodia)"
    elif posizione == 9:
        ammessi, che_cosa = _MESI, f"la lettera di un mese: una fra {', '.join(_MESI)}"
    else:
        ammessi, che_cosa = _LETTERE, "una lettera"
    if carattere not in ammessi:
        raise _sbagliato(posizione, carattere, che_cosa)


def _sbagliato(posizione: int, carattere: str, che_cosa: str) -> CodiceErrato:
    articolo = "L'" if posizione in (8, 11) else "Il "
    frase = f"{articolo}{posizione}° carattere, «{carattere}», dovrebbe essere {che_cosa}."
    if carattere in _FORSE:
        frase += f" Forse è {_FORSE[carattere]}?"
    return CodiceErrato(frase, posizione)


def _controlla_giorno(dati: DatiDelCF) -> None:
    # L'anno ha due cifre: il 29 febbraio vale se vale in uno dei secoli possibili.
    anno = 2000 + dati.anno
    if not 1 <= dati.giorno <= monthrange(anno, dati.mese)[1]:
        raise CodiceErrato(
            f"Il 10° e l'11° carattere sono il giorno di nascita (più 40 per le donne), e il"
            f" giorno {dati.giorno} {_NOMI_DEI_MESI[dati.mese - 1]} {dati.anno:02d} non esiste.",
            10,
        )


def _controlla_cifre(cifre: str, *, da: int) -> None:
    for posizione, carattere in enumerate(cifre, start=da):
        if carattere not in _CIFRE:
            raise _sbagliato(posizione, carattere, "una cifra")


def _con_sigla(codice: str, sigla: str) -> str:
    testo = pulito(codice)
    _controlla_lunghezza(testo, LUNGHEZZA, f"Il codice {sigla}")
    for posizione, (carattere, atteso) in enumerate(zip(testo, sigla, strict=False), start=1):
        if carattere != atteso:
            raise _sbagliato(posizione, carattere, f"{atteso}: il codice comincia con {sigla}")
    _controlla_cifre(testo[len(sigla) :], da=len(sigla) + 1)
    return testo


def _avvisi_dei_nomi(cf: str, cognome: str, nome: str) -> list[str]:
    del_cognome, del_nome = lettere_del_cognome(cognome), lettere_del_nome(nome)
    cognome_diverso = bool(del_cognome) and cf[:3] != del_cognome
    nome_diverso = bool(del_nome) and cf[3:6] != del_nome
    if cognome_diverso and (cf[:3], cf[3:6]) == (
        lettere_del_cognome(nome),
        lettere_del_nome(cognome),
    ):
        return ["Secondo il codice fiscale, cognome e nome potrebbero essere scambiati."]
    avvisi = []
    if cognome_diverso:
        avvisi.append(
            f"Il cognome darebbe {del_cognome}, il codice fiscale comincia con {cf[:3]}:"
            " ricontrolla il cognome com'è sul documento."
        )
    if nome_diverso:
        avvisi.append(
            f"Il nome darebbe {del_nome}, nel codice fiscale c'è {cf[3:6]}: ricontrolla il nome"
            " com'è sul documento, anche il secondo."
        )
    return avvisi


def _lettere(testo: str) -> str | None:
    """Solo le lettere da A a Z di un nome; None se ne ha di un altro alfabeto o nessuna."""
    semplice = unicodedata.normalize("NFKD", testo.upper().translate(_LETTERE_UNITE))
    lettere = [segno for segno in semplice if segno.isalpha()]
    if not lettere or any(lettera not in _LETTERE for lettera in lettere):
        return None
    return "".join(lettere)


def _consonanti_e_vocali(lettere: str) -> tuple[str, str]:
    consonanti = "".join(lettera for lettera in lettere if lettera not in _VOCALI)
    vocali = "".join(lettera for lettera in lettere if lettera in _VOCALI)
    return consonanti, vocali


def _tre(consonanti: str, vocali: str) -> str:
    return (consonanti + vocali + "XXX")[:3]


def _giorno_in_parole(dati: DatiDelCF) -> str:
    giorno = "1º" if dati.giorno == 1 else str(dati.giorno)
    return f"{giorno} {_NOMI_DEI_MESI[dati.mese - 1]} dell'anno che finisce con {dati.anno:02d}"


def _luogo_in_parole(codice: str) -> str:
    nome = luogo_catastale(codice)
    return f"{nome} ({codice})" if nome else f"quello col codice {codice}"
