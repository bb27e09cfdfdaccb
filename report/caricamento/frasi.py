"""Traduce gli errori di pydantic in frasi che nominano la voce come la chiama chi l'ha scritta."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from report.caricamento.errori import Problema


# Come si chiama una voce di ciascuna lista: «scheda jokko», «conteggio nuclei».
_SINGOLARI = {
    "schede": "scheda",
    "conteggi": "conteggio",
    "drop_out": "uscita",
    "altri_numeri": "numero",
    "enti": "ente",
    "programmi": "programma",
    "nodi": "nodo",
    "azioni_trasversali": "azione trasversale",
    "assi": "asse",
    "azioni": "azione",
    "indicatori": "indicatore",
    "impatto_beneficiari": "indicatore",
    "cifre": "cifra",
    "regole_di_conteggio": "regola",
    "ipotesi": "ipotesi",
    "controlli_interni": "controllo",
    "sezioni": "sezione",
    "domande": "domanda",
}


# I conteggi di una scheda si capisce che sono dei suoi beneficiari.
SOTTINTESO = "beneficiari"


def _elenco(contesto: Mapping[str, Any]) -> str:
    return contesto["expected"].replace("' or '", ", ").replace("', '", ", ").replace("'", "")


_FRASI: dict[str, Callable[[Any, Mapping[str, Any]], str]] = {
    "missing": lambda _, __: "manca",
    "extra_forbidden": lambda _, __: "chiave sconosciuta",
    "invalid_key": lambda _, __: "la chiave dev'essere un testo",
    "int_type": lambda valore, _: f"dev'essere un numero intero, non {_detto(valore)}",
    "bool_type": lambda valore, _: f"si scrive true o false, non {_detto(valore)}",
    "string_type": lambda valore, _: f"dev'essere un testo fra virgolette, non {_detto(valore)}",
    "list_type": lambda _, __: "dev'essere una lista",
    "dict_type": lambda _, __: "dev'essere un insieme di chiavi e valori",
    "model_type": lambda _, __: "dev'essere un insieme di chiavi e valori",
    "string_too_short": lambda _, __: "non può essere vuoto",
    "string_too_long": lambda _, c: f"è più lungo di {c['max_length']} caratteri",
    "too_short": lambda _, __: "serve almeno una voce",
    "greater_than_equal": lambda valore, c: f"{valore} è meno del minimo, che è {c['ge']}",
    "less_than_equal": lambda valore, c: f"{valore} è più del massimo, che è {c['le']}",
    "literal_error": lambda v, c: (
        f"valore sconosciuto {_detto(v)}: si scrive uno fra {_elenco(c)}"
    ),
    "string_pattern_mismatch": lambda valore, c: _sagoma(valore, c["pattern"]),
    "value_error": lambda _, c: str(c["error"]),
}


def problemi_di_forma(file: str, errore: ValidationError, dati: Any) -> list[Problema]:
    """I problemi che pydantic ha trovato in `dati`, il contenuto già letto di `file`."""
    return [_problema(file, dettaglio, dati) for dettaglio in errore.errors(include_url=False)]


def _problema(file: str, dettaglio: Mapping[str, Any], dati: Any) -> Problema:
    frase = _FRASI.get(dettaglio["type"], lambda valore, _: f"valore non ammesso {_detto(valore)}")
    motivo = frase(dettaglio["input"], dettaglio.get("ctx", {}))
    voci, campi = _dove(dettaglio["loc"], dati)
    campo = " › ".join(campi)
    if dettaglio["type"] == "missing":
        motivo, campo = f"manca «{campo}»", ""
    elif dettaglio["type"] == "extra_forbidden":
        motivo, campo = f"chiave sconosciuta «{campo}»", ""
    return Problema(file, ", ".join(voci), f"{campo}: {motivo}" if campo else motivo)


def _dove(percorso: Sequence[str | int], dati: Any) -> tuple[list[str], list[str]]:
    """Le voci attraversate, nominate con la loro sigla, e i campi che restano dopo l'ultima."""
    voci: list[str] = []
    campi: list[str] = []
    for passo in percorso:
        if isinstance(passo, int) and isinstance(dati, list):
            dati = dati[passo]
            lista = campi.pop() if campi else "voce"
            voci.extend([*(c for c in campi if c != SOTTINTESO), _nome(lista, passo, dati)])
            campi = []
        else:
            campi.append(str(passo))
            dati = dati.get(passo) if isinstance(dati, dict) else None
    return voci, campi


def _nome(lista: str, posizione: int, voce: Any) -> str:
    singolare = _SINGOLARI.get(lista, f"{lista}, voce")
    sigla = None
    if isinstance(voce, dict):
        sigla = voce.get("id") or voce.get("codice") or voce.get("indicatore")
    return f"{singolare} {sigla}" if isinstance(sigla, str) else f"{singolare} {posizione + 1}"


def _detto(valore: Any) -> str:
    if isinstance(valore, bool):
        return "«true»" if valore else "«false»"
    if valore is None:
        return "«null»"
    if isinstance(valore, dict | list):
        return "un elenco"
    return f"«{str(valore)[:60]}»"


def _sagoma(valore: str, sagoma: str) -> str:
    if sagoma.startswith("^[0-9]"):
        return f"«{valore[:60]}» non sono righe: si scrive «248», «287-296» o «626, 73»"
    return f"«{valore[:60]}» non è una sigla: lettere minuscole, cifre e trattini"
