"""Quanto ci mettono le pagine che si aprono di continuo, intere e per HTTP, su un mondo grande.

Uso: `python -m misure.pagine [--piccolo | --dieci]` dalla radice del progetto. Il server è quello
della produzione (gunicorn), su loopback; chi chiede è un operatore dell'ente più grande. Accanto ai
tempi, le interrogazioni della pagina. Il confronto è con le cifre pubblicate di Lino Welfare, su
20.000 persone: lì non si può rifare il giro, perciò valgono i bersagli in millisecondi. Un tempo
dipende dalla macchina: accanto c'è il suo passo, alternato alle pagine (`_un_milione`).
`--dieci` usa dieci milioni di prestazioni: gli elenchi non devono accorgersene.
"""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from misure import registra
from misure.banco import carica_mondo, database_provvisorio, entrato
from misure.costo_del_confine import letture_di
from misure.tavola import Riga, alternate, esci, numero


GIRI = 15
MONDO_AL_MASSIMO = 180
# pagina → (che cosa ne dice Lino Welfare, millisecondi al massimo, interrogazioni al massimo)
BERSAGLI = {
    "elenco delle persone": ("349 ms, 214 interrogazioni", 40, 15),
    "elenco delle prestazioni": ("349 ms, 214 interrogazioni", 40, 15),
    "persona con la cronologia": ("156 ms, 112 interrogazioni", 50, 20),
    "ricerca di una persona": ("220 ms", 30, 15),
    "«Registra»": ("7 clic e il testo per una nota", 50, 20),
}


def richieste(mondo) -> dict[str, tuple[str, str, dict]]:
    """Le pagine da aprire: nome → (metodo, indirizzo, dati)."""
    from django.urls import reverse

    from beneficiari.models import Beneficiario, PresaInCarico
    from privacy import letture
    from registro.db.contesto import contesto

    ente, utente = mondo.enti[0], mondo.utenti[mondo.quanto.enti]
    with contesto(utente=utente, ente=ente), letture.registra_letture("misura"):
        seguita = PresaInCarico.objects.filter(ente_id=ente, operatore_id=utente).first()
        persona = Beneficiario.objects.get(pk=seguita.beneficiario_id)
    return {
        "elenco delle persone": ("GET", reverse("beneficiari:elenco"), {}),
        "elenco delle prestazioni": ("GET", reverse("prestazioni:elenco"), {}),
        "persona con la cronologia": (
            *("GET", reverse("beneficiari:persona", args=[persona.uuid])),
            {},
        ),
        "ricerca di una persona": (
            *("POST", reverse("beneficiari:cerca")),
            {"testo": persona.cognome[:4]},
        ),
        "«Registra»": ("GET", reverse("prestazioni:registra"), {}),
    }


@contextmanager
def servite(utente: int) -> Iterator[tuple[int, str, str]]:
    """Gunicorn acceso e una sessione aperta: rende (porta, cookie, gettone contro le richieste finte)."""
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        porta = presa.getsockname()[1]
    cookie, gettone = _sessione(utente)
    comando = ["gunicorn", "registro.wsgi", "--bind", f"127.0.0.1:{porta}", "--threads", "2"]
    processo = subprocess.Popen([sys.executable, "-m", *comando], stderr=subprocess.DEVNULL)
    try:
        _aspetta(porta)
        yield porta, cookie, gettone
    finally:
        processo.terminate()
        processo.wait(10)


def _sessione(utente: int) -> tuple[str, str]:
    """Il cookie di una sessione di `utente`, come la farebbe l'accesso, e il gettone dei moduli."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string

    client = entrato(utente)
    sessione = client.session
    sessione["fattore"] = "totp"
    sessione["_csrftoken"] = gettone = _get_new_csrf_string()
    sessione.save()
    nome = settings.SESSION_COOKIE_NAME
    return f"{nome}={client.cookies[nome].value}", gettone


def _aspetta(porta: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", porta), 0.2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("Il server non si è acceso in 20 secondi.")


def _chiedi(
    linea: http.client.HTTPConnection, richiesta: tuple, cookie: str, gettone: str
) -> None:
    metodo, indirizzo, dati = richiesta
    intestazioni = {"Cookie": cookie, "Host": "localhost", "X-CSRFToken": gettone}
    corpo = None
    if metodo == "POST":
        # Si cerca scrivendo: il navigatore chiede il solo elenco di chi si è trovato.
        intestazioni["HX-Request"] = "true"
        corpo = urlencode(dati)
        intestazioni["Content-Type"] = "application/x-www-form-urlencoded"
    linea.request(metodo, indirizzo, corpo, intestazioni)
    risposta = linea.getresponse()
    risposta.read()
    if risposta.status != 200:
        raise SystemExit(f"{indirizzo}: {risposta.status}")


def _un_milione() -> None:
    """Il passo della macchina in quel momento: un milione di somme in Python, fra una pagina e l'altra."""
    totale = 0
    for n in range(1_000_000):
        totale += n


def misura(mondo) -> Iterator[Riga]:
    """Una riga per pagina: la mediana intera per HTTP e le sue interrogazioni."""
    utente = mondo.utenti[mondo.quanto.enti]
    da_chiedere = richieste(mondo)
    client = entrato(utente)
    with servite(utente) as (porta, cookie, gettone):
        linea = http.client.HTTPConnection("127.0.0.1", porta)
        for nome, richiesta in da_chiedere.items():
            metodo, indirizzo, dati = richiesta
            fatte, _ = letture_di(client, metodo.lower(), indirizzo, dati)
            _chiedi(linea, richiesta, cookie, gettone)
            tempo, passo = alternate(
                lambda r=richiesta: _chiedi(linea, r, cookie, gettone), _un_milione, giri=GIRI
            )
            contro, al_massimo, quante = BERSAGLI[nome]
            yield Riga(
                f"{nome}, risposta intera",
                f"Lino Welfare: {contro}; il passo della macchina, {numero(passo, 1)} ms",
                f"{numero(tempo, 1)} ms, {len(fatte)} interrogazioni",
                f"{al_massimo} ms, {quante} interrogazioni",
                tempo <= al_massimo and len(fatte) <= quante,
            )
        yield from registra.misura(mondo, porta, cookie, gettone)


def main(argomenti: list[str]) -> Iterator[Riga]:
    """Carica e misura."""
    with database_provvisorio() as amministratore:
        from misure.mondo import Grandezza

        quante = 10_000_000 if "--dieci" in argomenti else 1_000_000
        quante = 50_000 if "--piccolo" in argomenti else quante
        mondo, secondi = carica_mondo(amministratore, Grandezza(valutazioni=0, prestazioni=quante))
        yield Riga(
            f"mondo di 300 enti, 60.000 persone, {numero(quante, 0)} prestazioni",
            "COPY, coi trigger spenti",
            f"{numero(secondi, 0)} s",
            "3 minuti per un milione",
            secondi <= MONDO_AL_MASSIMO * max(1, quante // 1_000_000),
        )
        os.environ["REGISTRO_HOST"] = "localhost"
        yield from misura(mondo)


if __name__ == "__main__":
    esci(main)
