"""I gesti della conservazione e della vigilanza: una persona in scadenza, una notte, una persona
dimenticata, un fatto fuori dall'ordinario."""

import datetime

from django.db import connection
from django.utils import timezone

from beneficiari.models import Beneficiario, PresaInCarico
from conservazione.models import Corsa, RegolaConservazione, Scadenza, VerbaleOblio
from enti.sistema import come_sistema
from prestazioni.models import RigaStatistica
from privacy.models import RegolaDiAnomalia, Segnalazione
from tests.fughe.mondo import Mondo
from tests.fughe.passi import gesto, persona_a_caso
from tests.fughe.passi_emergenze import GESTI


# Qui dentro ci sono tutti i gesti, anche quelli degli altri moduli.
__all__ = ["GESTI"]


def _regola(m: Mondo) -> RegolaConservazione:
    with come_sistema():
        regola, _ = RegolaConservazione.objects.get_or_create(
            codice="del-mondo",
            defaults={
                "categoria": "persone",
                "evento": "l'ultima cosa successa",
                "durata": 1,
                "unita": "anni",
                "azione": "anonimizza",
                "motivo": "prova",
            },
        )
    m.segna(regola, ("regola",), storia=("storia_di_regola",))
    return regola


@gesto
def arriva_alla_scadenza(m: Mondo) -> None:
    """Chi è in scadenza, e com'è andata la notte: persone solo a chi risponde dei dati."""
    persona, oggi = persona_a_caso(m), timezone.localdate()
    regola = _regola(m)
    m.diario.append(f"{persona.cognome} è in scadenza")
    with come_sistema(persona.ente):
        scadenza, _ = Scadenza.objects.get_or_create(
            ente=persona.ente,
            beneficiario_id=persona.pk,
            defaults={
                "regola": regola,
                "evento_il": oggi,
                "termine": oggi,
                "avvisata_il": oggi,
                "scade_il": oggi + datetime.timedelta(30),
            },
        )
        corsa = Corsa.objects.create(ente=persona.ente, regola=regola, prova=True)
    m.segna(scadenza, ("storia", persona.ente_id))
    m.segna(corsa, ("violazione", persona.ente_id))


@gesto
def dimentica_una_persona(m: Mondo) -> None:
    """Nasce e se ne va: restano il verbale e una riga statistica, nel suo ente."""
    ente = m.caso.choice(m.enti)
    m.diario.append(f"{ente.pk} dimentica una persona")
    with come_sistema(ente) as sistema, connection.cursor() as cursore:
        persona = Beneficiario.objects.create(
            ente=ente, cognome="Dimenticata", inserito_da=sistema.utente
        )
        PresaInCarico.objects.create(
            ente=ente,
            beneficiario=persona,
            azione=m.vocabolari["azioni"][0],
            canale="passaparola",
            operatore=sistema.utente,
        )
        cursore.execute("SELECT registro_dimentica(%s, 'prova', NULL, true, '{}')", [persona.pk])
        verbale = VerbaleOblio.objects.filter(ente=ente).latest("pk")
        riga = RigaStatistica.objects.filter(ente=ente).latest("pk")
    m.segna(verbale, ("violazione", ente.pk))
    m.segna(riga, ("dell_ente", ente.pk))


@gesto
def si_segnala_qualcosa(m: Mondo) -> None:
    """Di chi lavora per un ente, letto dal solo garante: nemmeno da chi è segnalato."""
    utente, ente = m.caso.choice(sorted(m.o.ruoli))
    m.diario.append(f"{utente} per {ente} è segnalato")
    with come_sistema():
        segnalazione, _ = Segnalazione.objects.get_or_create(
            regola=RegolaDiAnomalia.NOTTE,
            ente_id=ente,
            utente_id=utente,
            giorno=timezone.localdate(),
            defaults={"quando": timezone.now(), "quante": 1},
        )
    m.segna(segnalazione, ("segnalazione",))
