"""Legge un file YAML senza sorprese: niente oggetti, niente chiavi ripetute, niente rimandi."""

from pathlib import Path
from typing import Any

import yaml

from report.caricamento.errori import CartellaRifiutata, Problema


MASSIMO_BYTE = 5 * 1024 * 1024
PROFONDITA_MASSIMA = 50

# I codici che YAML permette di scrivere in un testo e che la base di dati non può tenere.
_VIETATI = {"\x00": "un carattere nullo"}


# Il lettore in C è sette volte più svelto; dove manca, quello in Python fa le stesse cose.
_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Lettore(_Base):
    """Rifiuta le chiavi ripetute, che altrimenti l'ultima vincerebbe in silenzio."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict:
        viste = set()
        for chiave, _ in node.value:
            if not isinstance(chiave, yaml.ScalarNode):
                raise yaml.MarkedYAMLError(
                    problem="una chiave dev'essere una parola", problem_mark=chiave.start_mark
                )
            if chiave.value in viste:
                raise yaml.MarkedYAMLError(
                    problem=f"la chiave «{chiave.value}» è ripetuta",
                    problem_mark=chiave.start_mark,
                )
            viste.add(chiave.value)
        return super().construct_mapping(node, deep)


def leggi_yaml(percorso: Path) -> Any:
    """Il contenuto di un file YAML: dizionari, liste, testi, numeri.

    Solleva `CartellaRifiutata` se il file manca, non si può aprire, è troppo grande, non è UTF-8 o
    non è YAML valido: in italiano, con la riga quando si conosce.
    """
    testo = _testo(percorso)
    try:
        _controlla_struttura(testo)
        dati = yaml.load(testo, Loader=_Lettore)  # noqa: S506 - deriva da SafeLoader
    except yaml.YAMLError as errore:
        raise _rifiuto(percorso, "", _in_italiano(errore)) from errore
    except ValueError as errore:
        raise _rifiuto(percorso, "", "contiene una data o un numero impossibile") from errore
    _controlla_testi(percorso, dati)
    return dati


def _controlla_struttura(testo: str) -> None:
    """Ferma i rimandi (`&` e `*`), che bastano a far crescere un file piccolo oltre ogni memoria, e
    le voci annidate senza fine, su cui il lettore cadrebbe."""
    profondita = 0
    for evento in yaml.parse(testo, Loader=_Base):
        if getattr(evento, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(
                problem="i rimandi di YAML (& e *) non si possono usare: il testo che comincia"
                " così va fra virgolette",
                problem_mark=evento.start_mark,
            )
        if isinstance(evento, yaml.CollectionStartEvent):
            profondita += 1
        elif isinstance(evento, yaml.CollectionEndEvent):
            profondita -= 1
        if profondita > PROFONDITA_MASSIMA:
            raise yaml.MarkedYAMLError(
                problem="le voci sono annidate troppo a fondo", problem_mark=evento.start_mark
            )


def _testo(percorso: Path) -> str:
    try:
        contenuto = percorso.read_bytes()
    except FileNotFoundError as errore:
        raise _rifiuto(percorso, "", "il file manca") from errore
    except OSError as errore:
        raise _rifiuto(percorso, "", f"il file non si può leggere ({errore.strerror})") from errore
    if len(contenuto) > MASSIMO_BYTE:
        raise _rifiuto(percorso, "", f"il file supera {MASSIMO_BYTE // 1024 // 1024} MB")
    try:
        return contenuto.decode("utf-8-sig")
    except UnicodeDecodeError as errore:
        riga = contenuto.count(b"\n", 0, errore.start) + 1
        raise _rifiuto(
            percorso, f"riga {riga}", "il testo non è UTF-8: va salvato con questa codifica"
        ) from errore


def _in_italiano(errore: yaml.YAMLError) -> str:
    segno = getattr(errore, "problem_mark", None)
    dove = f"alla riga {segno.line + 1} " if segno else ""
    # I nostri rifiuti sono già in italiano; quelli della libreria no, e la riga basta.
    if type(errore) is yaml.MarkedYAMLError:
        return f"{dove}{errore.problem}"
    return (
        f"{dove}il file non è YAML valido: spesso è un rientro sbagliato, o un testo con i due"
        " punti senza virgolette"
    )


def _controlla_testi(percorso: Path, dati: Any, voce: str = "") -> None:
    """Ferma i testi che la base di dati non può tenere: caratteri nulli e mezzi caratteri."""
    if isinstance(dati, str):
        vietato = next((nome for segno, nome in _VIETATI.items() if segno in dati), None)
        if vietato is None and any("\ud800" <= segno <= "\udfff" for segno in dati):
            vietato = "mezzo carattere"
        if vietato:
            raise _rifiuto(percorso, voce, f"il testo contiene {vietato}")
    elif isinstance(dati, dict):
        for chiave, valore in dati.items():
            _controlla_testi(percorso, chiave, voce)
            _controlla_testi(percorso, valore, f"{voce} › {chiave}" if voce else str(chiave))
    elif isinstance(dati, list):
        for numero, valore in enumerate(dati, start=1):
            _controlla_testi(percorso, valore, f"{voce} n. {numero}")


def _rifiuto(percorso: Path, voce: str, motivo: str) -> CartellaRifiutata:
    return CartellaRifiutata([Problema(percorso.name, voce, motivo)])
