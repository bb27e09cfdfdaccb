"""La dimostrazione pronta da usare: dati del quadrante, account, una campagna, le persone e il lavoro
di un anno."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from assi.models import Progetto
from beneficiari.dimostrazione import prepara_persone
from beneficiari.dimostrazione.diritti import prepara_richieste
from conservazione.caricamento import carica_durate
from enti.azioni.fattori import ha_un_fattore, lega_app
from enti.models import Appartenenza, Ente, Nodo, Utente
from enti.permessi import Attore
from enti.sistema import come_sistema
from prestazioni.dimostrazione import prepara_prestazioni
from registro.comune.comandi import Comando
from registro.db.contesto import contesto
from report.dimostrazione import prepara_campagna


ACCOUNT = Path(settings.CARTELLA_BASE) / "dati" / "dimostrazione" / "account.yaml"
# Una sola e stampata: sta davanti a dati inventati, su una macchina che nessun altro raggiunge.
PASSWORD = "prova-quadrante-2021"  # noqa: S105 - non è un segreto: la si stampa
DELLA_RETE = "rete"
INIZIO = date(2024, 1, 1)
SENZA_SEGRETO = "da attivare al primo accesso"
COME_SI_ENTRA = """
Dopo la password il Registro chiede un codice: è quello che mostrerebbe l'app, col segreto scritto qui
accanto. Per averlo senza app:  .venv/bin/python manage.py codice_demo POSTA
(con un REGISTRO_DATI tuo, lo stesso davanti al comando). Un codice vale una volta: il prossimo arriva in
30 secondi."""


class Accesso(NamedTuple):
    """Una riga della tabella degli account."""

    email: str
    password: str
    segreto: str
    ruolo: str
    ente: str


class Command(Comando):
    help = "Carica i dati della dimostrazione e stampa gli account. Si può ripetere."

    def handle(self, **opzioni) -> None:
        if not settings.DIMOSTRAZIONE:
            raise CommandError(
                "Questo comando crea account con una password nota a tutti: funziona solo nella"
                " dimostrazione (REGISTRO_DIMOSTRAZIONE=1). Non è stato scritto nulla."
            )
        call_command("carica_quadrante", verbosity=0)
        with transaction.atomic():
            accessi = list(_prepara_account())
            prepara_campagna(Progetto.objects.get(slug=settings.PROGETTO_PREDEFINITO))
            carica_durate()
            prepara_persone()
            prepara_prestazioni()
            prepara_richieste()
        self.stdout.write(_tabella(accessi) + "\n" + COME_SI_ENTRA)


def _prepara_account() -> Iterator[Accesso]:
    """Crea ciò che manca e rende tutti gli accessi. Gli enti che non ci sono si saltano."""
    enti = {ente.slug: ente for ente in Ente.objects.all()}
    enti[DELLA_RETE] = Ente.objects.che_ospita_il_coordinamento()
    nodi = {nodo.slug: nodo for nodo in Nodo.objects.all()}
    for voce in yaml.safe_load(ACCOUNT.read_text(encoding="utf-8")):
        for ruolo in voce["ruoli"]:
            if ruolo["ente"] in enti:
                utente = _utente(voce)
                ente, nodo = enti[ruolo["ente"]], nodi.get(ruolo.get("nodo"))
                _aggiungi(utente, ente, ruolo["ruolo"], nodo)
                attore = Attore(utente, ente, ruolo["ruolo"], nodo)
                segreto = voce.get("segreto", SENZA_SEGRETO)
                yield Accesso(
                    utente.email, PASSWORD, segreto, attore.ruolo_in_parole, ente.nome_breve
                )


def _utente(voce: dict) -> Utente:
    trovato = Utente.objects.filter(email=voce["email"]).first()
    utente = trovato or Utente.objects.create(
        email=voce["email"], password=_impronta(), nome=voce["nome"], cognome=voce["cognome"]
    )
    if "segreto" in voce:
        with contesto(utente=utente.pk):
            # Chi nel frattempo ha messo la propria app se la tiene.
            if not ha_un_fattore(utente):
                lega_app(utente=utente, segreto=voce["segreto"])
    return utente


@cache
def _impronta() -> str:
    """Una sola per tutti: è lenta apposta, e la password la si stampa comunque."""
    return make_password(PASSWORD)


def _aggiungi(utente: Utente, ente: Ente, ruolo: str, nodo: Nodo | None) -> None:
    with come_sistema(ente):
        # Chi nel frattempo ha cambiato ruolo, o è uscito, resta com'è.
        if not Appartenenza.objects.filter(utente=utente, ente=ente).exists():
            Appartenenza.objects.create(
                utente=utente, ente=ente, ruolo=ruolo, nodo=nodo, inizio=INIZIO
            )


def _tabella(accessi: list[Accesso]) -> str:
    titoli = Accesso("Posta elettronica", "Password", "Segreto dell'app", "Ruolo", "Ente")
    larghezze = [max(map(len, colonna)) for colonna in zip(titoli, *accessi, strict=True)]
    righe = [
        "  ".join(
            cella.ljust(largo) for cella, largo in zip(riga, larghezze, strict=True)
        ).rstrip()
        for riga in (titoli, *accessi)
    ]
    return "\n".join(righe)
