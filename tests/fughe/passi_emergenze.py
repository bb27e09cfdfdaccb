"""I gesti d'emergenza: si cerca un codice esatto, per un'ora o per niente; e una violazione."""

from uuid import UUID

from django.utils import timezone

from beneficiari import models
from beneficiari.sguardi import apri_emergenza
from enti.sistema import come_sistema
from privacy.models import BaseGiuridica, Violazione
from registro.db.contesto import contesto
from tests.fughe import oracolo
from tests.fughe.mondo import Mondo, giorno, leggi_in_emergenza
from tests.fughe.passi import gesto, persona_a_caso
from tests.fughe.passi_prestazioni import GESTI


# Qui dentro ci sono anche quelli degli altri passi.
__all__ = ["GESTI"]

DA_LEGGERE = ("anagrafica", "contatti", "salute")


def _basi(m: Mondo) -> None:
    """Le basi per l'emergenza, una volta per mondo; ogni tanto ne manca una."""
    if any(base.finalita == "emergenza" for base in m.o.basi.values()):
        return
    for gruppo in DA_LEGGERE:
        if m.caso.random() < 0.1:
            continue
        with come_sistema():
            base = BaseGiuridica.objects.create(
                finalita="emergenza",
                gruppo=gruppo,
                lettera_art6="d",
                lettera_art9="c",
                fonte="Interessi vitali",
                serve_consenso=False,
                dal=giorno(-300),
            )
        m.o.basi[base.pk] = oracolo.Base("emergenza", gruppo, False, -300, None)
        m.segna(base, ("regola",), storia=("storia_di_regola",))


@gesto
def apre_in_emergenza(m: Mondo) -> None:
    """Uno qualsiasi cerca una persona qualsiasi, o un codice di nessuno."""
    _basi(m)
    utente, ente = m.caso.choice(sorted(m.o.ruoli))
    persona = persona_a_caso(m)
    esiste = m.caso.random() < 0.85
    minuti = m.caso.choice((0, 60, 60))
    voce = oracolo.Emergenza(utente, ente, persona.pk if esiste else None, minuti > 0)
    codice = f"{persona.cognome[:-1]}3" if esiste else "NESSUNO"
    with contesto(utente=utente, ente=ente):
        uuid = m.tenta(
            m.o.apre_in_emergenza(-1, voce),
            lambda: _apri(m, codice, minuti),
            f"{utente} per {ente} cerca {codice} in emergenza per {minuti} minuti",
        )
    if uuid is None:
        return
    with come_sistema(next(e for e in m.enti if e.pk == ente)):
        accesso = models.AccessoDEmergenza.objects.get(uuid=uuid)
    m.o.emergenze[accesso.pk] = m.o.emergenze.pop(-1)
    m.emergenze[accesso.pk] = uuid
    m.segna(accesso, ("emergenza", ente, utente))
    leggi_in_emergenza(utente, ente, uuid)
    _impara_gli_avvisi(m)


def _apri(m: Mondo, codice: str, minuti: int) -> UUID:
    indici = {
        ente.pk: models.Identificativo.indice_di("stp", ente=ente.pk, normale=codice)
        for ente in m.enti
    }
    return apri_emergenza(
        tipo="stp", motivo="È svenuta davanti allo sportello.", minuti=minuti, indici=indici
    )


def _impara_gli_avvisi(m: Mondo) -> None:
    """Gli avvisi li scrive il database: qui se ne imparano le chiavi. Ogni tanto si prende visione."""
    for ente in m.enti:
        with come_sistema(ente) as sistema:
            for avviso in models.AvvisoDEmergenza.objects.filter(ente=ente):
                m.segna(avviso, ("storia", ente.pk))
                if m.caso.random() < 0.3:
                    models.AvvisoDEmergenza.objects.filter(pk=avviso.pk).update(
                        visto_il=timezone.now(), visto_da=sistema.utente
                    )


@gesto
def scopre_una_violazione(m: Mondo) -> None:
    ente = m.caso.choice(m.enti)
    with come_sistema(ente) as sistema:
        violazione = Violazione.objects.create(
            ente=ente,
            scoperta_il=timezone.now(),
            natura="riservatezza",
            descrizione="Un foglio lasciato sul tavolo.",
            aperta_da=sistema.utente,
        )
    m.segna(violazione, ("violazione", ente.pk), storia=ente.pk)
