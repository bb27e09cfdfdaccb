"""Quanto ci mette «Registra» a salvare, intero e per HTTP, accanto agli stessi INSERT scritti a mano.

Lo chiama `misure.pagine`, che ha già il mondo e il server accesi. Un salvataggio è ciò che fa chi
tocca «Registra»: la riga si controlla e si scrive coi suoi trigger, e la pagina torna ridisegnata.
Gli INSERT a mano sono le stesse due righe, come `registro_app`, coi trigger e le policy. Salvare
non ha un bersaglio a sé: vale quello delle richieste che scrivono, sotto carico.
"""

import http.client
import os
import statistics
import time
import uuid
from collections.abc import Iterator
from urllib.parse import urlencode

import psycopg

from misure.tavola import Riga, numero


GIRI = 15
PEGGIORE_AL_MASSIMO = 800
_PRESTAZIONE = """
    INSERT INTO prestazioni_prestazione (uuid, ente_id, servizio_id, azione_id, operatore_id, giorno,
        minuti, modo, luogo, oggetto, origine, registrata_da_id, versione)
    VALUES (%(uuid)s, %(ente)s, %(servizio)s, %(azione)s, %(utente)s, %(giorno)s,
        %(minuti)s, 'presenza', '', '', 'web', %(utente)s, 1) RETURNING id
"""
_CHI_C_ERA = """
    INSERT INTO prestazioni_partecipazione (ente_id, prestazione_id, presa_id, beneficiario_id,
        giorno, azione_id, voce_id, registrata_da_id)
    VALUES (%(ente)s, %(prestazione)s, %(presa)s, %(persona)s,
        %(giorno)s, %(azione)s, %(voce)s, %(utente)s)
"""


def _valori(mondo) -> dict:
    """Una persona seguita da chi registra, e un servizio del suo ente, come chiavi e come uuid."""
    from django.utils import timezone

    from assi.models import Servizio
    from beneficiari.models import Beneficiario, PresaInCarico
    from privacy import letture
    from registro.db.contesto import contesto

    ente, utente = mondo.enti[0], mondo.utenti[mondo.quanto.enti]
    with contesto(utente=utente, ente=ente), letture.registra_letture("misura"):
        presa = PresaInCarico.objects.filter(
            ente_id=ente, operatore_id=utente, chiusa_il=None, beneficiario__isnull=False
        ).first()
        persona = Beneficiario.objects.get(pk=presa.beneficiario_id)
        servizio = Servizio.objects.filter(ente_id=ente).first()
    return {
        **{"ente": ente, "utente": utente, "presa": presa.pk, "azione": presa.azione_id},
        **{"persona": persona.pk, "uuid_persona": persona.uuid, "giorno": timezone.localdate()},
        **{"servizio": servizio.pk, "uuid_servizio": servizio.uuid, "voce": servizio.voce_id},
    }


def _a_mano(app: psycopg.Connection, valori: dict) -> None:
    with app.transaction():
        app.execute(
            "SELECT set_config('registro.utente', %s, true), set_config('registro.ente', %s, true)",
            [str(valori["utente"]), str(valori["ente"])],
        )
        (chiave,) = app.execute(_PRESTAZIONE, valori).fetchone()
        app.execute(_CHI_C_ERA, valori | {"prestazione": chiave})


def _dalla_pagina(linea: http.client.HTTPConnection, chiavi: dict, valori: dict) -> None:
    modulo = {
        "uuid": valori["uuid"],
        "persona": valori["uuid_persona"],
        "servizio": valori["uuid_servizio"],
        "quando": valori["giorno"].isoformat(),
        **{"durata": "altro", "durata_scritta": valori["minuti"]},
        "modo": "presenza",
    }
    intestazioni = chiavi | {"Content-Type": "application/x-www-form-urlencoded"}
    linea.request("POST", "/registra/", urlencode(modulo), intestazioni)
    risposta = linea.getresponse()
    testo = risposta.read().decode()
    if risposta.status != 200 or "registrata" not in risposta.headers.get("HX-Trigger", "") + (
        risposta.headers.get("HX-Trigger-After-Settle", "")
    ):
        raise SystemExit(f"«Registra» non ha salvato: {risposta.status}\n{testo[:2000]}")


def misura(mondo, porta: int, cookie: str, gettone: str) -> Iterator[Riga]:
    """Una riga: la mediana e il peggiore di quindici salvataggi diversi, alternati agli INSERT."""
    valori = _valori(mondo)
    chiavi = {"Cookie": cookie, "Host": "localhost", "X-CSRFToken": gettone, "HX-Request": "true"}
    linea = http.client.HTTPConnection("127.0.0.1", porta)
    tempi: dict[str, list[float]] = {"pagina": [], "mano": []}
    with psycopg.connect(os.environ["DATABASE_URL"]) as app:
        for giro in range(2 * (GIRI + 1)):
            # Ogni riga è diversa dalle altre: due uguali si fermano per chiedere.
            una = valori | {"uuid": uuid.uuid4(), "minuti": 11 + giro}
            inizio = time.perf_counter()
            if giro % 2:
                _a_mano(app, una)
            else:
                _dalla_pagina(linea, chiavi, una)
            tempi["mano" if giro % 2 else "pagina"].append((time.perf_counter() - inizio) * 1000)
    # Il primo di ciascuno scalda i piani e i modelli.
    pagina, mano = tempi["pagina"][1:], tempi["mano"][1:]
    yield Riga(
        "«Registra»: salvare e ridisegnare",
        f"gli stessi due INSERT a mano, {numero(statistics.median(mano), 1)} ms;"
        " Lino Welfare: 7 clic e il testo per una nota",
        f"{numero(statistics.median(pagina), 1)} ms, il peggiore di {GIRI} {numero(max(pagina), 1)}",
        f"nessuno oltre {PEGGIORE_AL_MASSIMO} ms",
        max(pagina) <= PEGGIORE_AL_MASSIMO,
    )
