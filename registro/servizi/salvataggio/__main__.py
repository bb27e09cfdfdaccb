"""I comandi delle copie: `python -m registro.servizi.salvataggio COMANDO` (vedi il pacchetto)."""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from registro.comune.copie import annota
from registro.servizi.cartella import cartella_scelta
from registro.servizi.errori import ErroreServizi
from registro.servizi.passi import in_secondi
from registro.servizi.salvataggio import sorgente
from registro.servizi.salvataggio.busta import (
    DALL_INGRESSO,
    crea_chiave,
    leggi_chiave,
    testo_di_una_chiave,
)
from registro.servizi.salvataggio.copia import Fatta, NonPortata, Scelte, porta_l_ultima, salva
from registro.servizi.salvataggio.prova import Prova, prova_la_copia, torna_in_servizio
from registro.servizi.salvataggio.ripristino import CONFRONTI, confronta, prepara, ripristina
from registro.servizi.salvataggio.verifica import verifica


_ROMA = ZoneInfo("Europe/Rome")
_RIPROVA = timedelta(hours=1)


def main(argomenti: list[str]) -> int:
    """Esegue un comando. Rende 0 se è riuscito, 1 con una frase se no."""
    scelti = _lettore().parse_args(argomenti)
    try:
        return scelti.esegui(scelti)
    except ErroreServizi as errore:
        print(f"NON RIUSCITO. {errore}", file=sys.stderr)
        return 1


def _lettore() -> argparse.ArgumentParser:
    lettore = argparse.ArgumentParser(prog="python -m registro.servizi.salvataggio")
    comandi = lettore.add_subparsers(required=True, metavar="COMANDO")

    def comando(nome: str, esegui: Callable[[argparse.Namespace], int], aiuto: str):
        sotto = comandi.add_parser(nome, help=aiuto, description=aiuto)
        sotto.set_defaults(esegui=esegui)
        return sotto

    chiave = comando("chiave", _chiave, "fa la chiave che apre le copie")
    chiave.add_argument("file", type=Path, help="dove scriverla; - per mandarla in uscita")
    comando("salva", _salva, "fa una copia adesso")
    comando("ogni-notte", _ogni_notte, "fa una copia ogni notte, finché non lo si ferma")
    for nome, esegui, aiuto in (
        ("verifica", _verifica, "rilegge una copia per intero"),
        ("ripristina", _ripristina, "versa una copia in un server vuoto"),
    ):
        sotto = comando(nome, esegui, aiuto)
        sotto.add_argument("file", type=Path)
        sotto.add_argument(
            "--chiave", type=Path, required=True, help="il file, o - per leggerla in ingresso"
        )
    prova = comando("prova", _prova, "ripristina su un server che si butta e confronta")
    prova.add_argument("file", type=Path, nargs="?", help="senza: una copia fatta adesso")
    prova.add_argument("--chiave", type=Path)
    prova.add_argument("--mondi", type=int, default=0, help="mondi a caso da farci vivere")
    return lettore


def _chiave(scelti: argparse.Namespace) -> int:
    if str(scelti.file) == DALL_INGRESSO:
        print(testo_di_una_chiave()[0], end="")
        return 0
    pubblica = crea_chiave(scelti.file)
    print(
        f"La chiave che apre le copie è in {scelti.file}: portala via da questa macchina e tienine"
        f" due esemplari. Qui basta quella pubblica:\nREGISTRO_SALVATAGGIO_DESTINATARI={pubblica}"
    )
    return 0


def _salva(_: argparse.Namespace) -> int:
    with sorgente.sorgente() as scelte:
        _annotando(scelte)
    return 0


def _annotando(scelte: Scelte) -> Fatta:
    """Fa la copia e scrive com'è andata dove le pagine lo leggono."""
    inizio = time.monotonic()
    try:
        fatta = salva(scelte)
    except BaseException:
        annota(cartella_scelta(), "copia", riuscita=False)
        raise
    annota(cartella_scelta(), "copia", riuscita=True)
    print(
        f"Copia riuscita e riletta in {in_secondi(time.monotonic() - inizio)}: {fatta.percorso}"
        f" ({fatta.percorso.stat().st_size} byte, {fatta.righe} righe,"
        f" {len(fatta.manifesto['documenti'])} documenti).",
        flush=True,
    )
    return fatta


def _porta(scelte: Scelte) -> None:
    """Riprova a portare altrove la copia di stanotte, e lo annota."""
    porta_l_ultima(scelte)
    annota(cartella_scelta(), "copia", riuscita=True)
    print("La copia di stanotte ora è anche nella seconda cartella.", flush=True)


def _ogni_notte(_: argparse.Namespace) -> int:
    ora = os.environ.get("REGISTRO_SALVATAGGIO_ORA") or "02:00"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    prossima = _prossima(ora, datetime.now(_ROMA))
    fai = _annotando
    while True:
        # Poco per volta: una macchina sospesa o un orologio corretto non saltano una notte.
        if datetime.now(_ROMA) < prossima:
            time.sleep(30)
            continue
        try:
            with sorgente.sorgente() as scelte:
                fai(scelte)
            fai, prossima = _annotando, _prossima(ora, datetime.now(_ROMA))
        except ErroreServizi as errore:
            print(f"Copia NON RIUSCITA, riprovo fra un'ora. {errore}", file=sys.stderr, flush=True)
            adesso = datetime.now(_ROMA)
            prossima = adesso + _RIPROVA
            # Una copia buona non si rifà ogni ora: si riprova a portarla, fino alla notte dopo.
            portare = isinstance(errore, NonPortata) and prossima < _prossima(ora, adesso)
            fai = _porta if portare else _annotando


def _prossima(ora: str, adesso: datetime) -> datetime:
    """La prossima volta che l'orologio di Roma segna `ora` («02:00»)."""
    try:
        momento = datetime.strptime(ora, "%H:%M").time()  # noqa: DTZ007 - è un'ora, non un istante
    except ValueError:
        raise ErroreServizi(
            f"REGISTRO_SALVATAGGIO_ORA vale «{ora}»: scrivila come 02:00."
        ) from None
    oggi = datetime.combine(adesso.date(), momento, _ROMA)
    return oggi if oggi > adesso else oggi + timedelta(days=1)


def _verifica(scelti: argparse.Namespace) -> int:
    manifesto = verifica(scelti.file, leggi_chiave(scelti.chiave))
    righe = sum(tabella["righe"] for tabella in manifesto["tabelle"].values())
    print(
        f"La copia è intera: {len(manifesto['tabelle'])} tabelle, {righe} righe,"
        f" {len(manifesto['documenti'])} documenti, presa il {manifesto['preso_il']}."
    )
    return 0


def _ripristina(scelti: argparse.Namespace) -> int:
    chiave = leggi_chiave(scelti.chiave)
    server = sorgente.server_da_ripristinare()
    print("Rileggo la copia…", flush=True)
    manifesto = verifica(scelti.file, chiave)
    print("È intera. Preparo il server e la verso…", flush=True)
    prepara(server)
    ripristina(scelti.file, chiave, server, cartella_scelta() / "documenti")
    print("Confronto, e rimetto in servizio…", flush=True)
    prova = Prova()
    for domanda in CONFRONTI:
        prova.fai(domanda, lambda d=domanda: ("", confronta(server, manifesto, d)))
    prova.passi += torna_in_servizio(scelti.file, dict(os.environ))
    print(prova.tabella())
    return int(not prova.riuscita)


def _prova(scelti: argparse.Namespace) -> int:
    if (scelti.file is None) != (scelti.chiave is None):
        raise ErroreServizi("Con una copia serve la sua --chiave; senza, né l'una né l'altra.")
    try:
        riuscita = _prova_il_file(scelti) if scelti.file else _prova_adesso(scelti)
    except BaseException:
        annota(cartella_scelta(), "prova", riuscita=False)
        raise
    annota(cartella_scelta(), "prova", riuscita=riuscita)
    return int(not riuscita)


def _prova_adesso(scelti: argparse.Namespace) -> bool:
    """Salva i dati che ci sono, con una chiave che si butta, e prova quella copia."""
    with tempfile.TemporaryDirectory(prefix="registro-copia-") as cartella:
        if os.geteuid() == 0:
            # L'utente dei server deve poterla attraversare.
            Path(cartella).chmod(0o711)
        chiave = Path(cartella, "chiave")
        crea_chiave(chiave)
        with sorgente.da_provare(chiave, Path(cartella)) as (scelte, altri):
            print("Salvo ciò che c'è adesso…", flush=True)
            scelti.file, scelti.chiave = salva(scelte).percorso, chiave
            return _prova_il_file(scelti, altri)


def _prova_il_file(scelti: argparse.Namespace, altri: dict[str, str] | None = None) -> bool:
    chiave = leggi_chiave(scelti.chiave)
    print("Ripristino su un server che poi butto, e confronto…", flush=True)
    prova = prova_la_copia(scelti.file, chiave, mondi=scelti.mondi, altri=altri)
    print(prova.tabella())
    print("La prova è riuscita." if prova.riuscita else "La prova NON è riuscita.", flush=True)
    return prova.riuscita


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
