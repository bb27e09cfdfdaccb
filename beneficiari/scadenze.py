"""Le richieste delle persone che aspettano: chi risponde dei dati lo sa in tempo (art. 12.3)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from beneficiari.models import RichiestaInteressato
from beneficiari.models.diritti import PREAVVISO
from enti.models import Appartenenza, Ente
from enti.permessi import Ruolo
from enti.sistema import indirizzi_del_garante
from registro.comune.posta import spedisci_a_ciascuno


def inoltra_ancora(ente: Ente) -> None:
    """Riporta le richieste aperte dell'ente a chi tratta i dati della stessa persona.

    Chi l'ha già ricevuta non la riceve due volte. Va chiamata nel contesto dell'ente.
    """
    aperte = RichiestaInteressato.objects.di(ente).aperte().filter(presso_tutti=True)
    chiavi = list(aperte.filter(arrivata=False).per_calcolo().values_list("pk", flat=True))
    with connection.cursor() as cursore:
        for chiave in chiavi:
            cursore.execute("SELECT registro_inoltra_richiesta(%s)", [chiave])


def avvisa(ente: Ente) -> bool:
    """Scrive ai referenti dell'ente se ci sono scadenze di cui non sanno ancora; rende se l'ha fatto.

    Se la posta non parte non si segna niente: si riprova la prossima volta.
    """
    dell_ente = RichiestaInteressato.objects.di(ente).sui_propri_dati()
    in_scadenza = dell_ente.in_scadenza().filter(avviso_scadenza_il=None)
    scadute = dell_ente.scadute().filter(avviso_ritardo_il=None)
    quante, in_ritardo = in_scadenza.count(), scadute.count()
    if not (quante or in_ritardo) or not _scrivi(ente, quante, in_ritardo):
        return False
    oggi = timezone.localdate()
    in_scadenza.update(avviso_scadenza_il=oggi)
    scadute.update(avviso_ritardo_il=oggi)
    return True


@dataclass
class RichiesteDiUnEnte:
    """Quante richieste di persone ha un ente, e quante in ritardo: nessuno dice di chi."""

    ente: Ente
    aperte: int = 0
    in_scadenza: int = 0
    scadute: int = 0
    chiuse: int = 0
    chiuse_tardi: int = 0

    def conta(self, stato: str, scade_il: date, risposta_il: datetime | None) -> None:
        """Aggiunge una richiesta ai conti."""
        if stato != RichiestaInteressato.Stato.APERTA:
            self.chiuse += 1
            self.chiuse_tardi += timezone.localtime(risposta_il).date() > scade_il
            return
        self.aperte += 1
        restano = scade_il - timezone.localdate()
        self.scadute += restano < timedelta(0)
        self.in_scadenza += timedelta(0) <= restano <= PREAVVISO


def richieste_della_rete() -> list[RichiesteDiUnEnte]:
    """I conti di ogni ente che ne ha, chi è più in ritardo prima; vuoto per chi non è garante."""
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT ente, stato, scade_il, risposta_il FROM registro_richieste_della_rete()"
        )
        righe = cursore.fetchall()
    enti = Ente.objects.in_bulk({riga[0] for riga in righe})
    conti: dict[int, RichiesteDiUnEnte] = {}
    for chiave, stato, scade_il, risposta_il in righe:
        conti.setdefault(chiave, RichiesteDiUnEnte(enti[chiave])).conta(
            stato, scade_il, risposta_il
        )
    return sorted(
        conti.values(),
        key=lambda voce: (-voce.scadute, -voce.in_scadenza, voce.ente.denominazione),
    )


def _scrivi(ente: Ente, in_scadenza: int, scadute: int) -> bool:
    """Ai referenti; un ente che non ne ha più lascia persone ad aspettare: lo sappia il garante."""
    referenti = Appartenenza.objects.filter(ente=ente, ruolo=Ruolo.REFERENTE).indirizzi()
    testo = render_to_string(
        "beneficiari/posta/scadenze.txt",
        {"ente": ente, "in_scadenza": in_scadenza, "scadute": scadute},
    )
    spediti = spedisci_a_ciascuno(
        "Richieste di persone da rispondere",
        testo,
        referenti or indirizzi_del_garante(),
        che_cosa="Avviso delle scadenze",
    )
    return spediti > 0
