"""L'avviso di chi sta per scadere: finché non è partito i giorni di preavviso non corrono."""

from django.template.loader import render_to_string
from django.utils import timezone

from conservazione.models import Scadenza
from conservazione.models.scadenze import PREAVVISO
from enti.models import Appartenenza, Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema, indirizzi_del_garante
from registro.comune.posta import spedisci_a_ciascuno


OGGETTO = "Registro: dati che stanno per essere cancellati"


def avvisa(ente: Ente) -> int:
    """Scrive quante persone di `ente` scadono e dove vederle, mai chi; rende di quante ha scritto.

    Ai referenti, o al garante se non ce n'è nessuno. Se la posta non parte non cambia niente: si
    riprova la notte dopo, e il giorno della cancellazione si sposta con lei.
    """
    with come_sistema(ente):
        da_dire = Scadenza.objects.di(ente).da_avvisare().per_calcolo()
        chiavi = list(da_dire.values_list("pk", flat=True))
        referenti = Appartenenza.objects.filter(ente=ente, ruolo=Ruolo.REFERENTE).indirizzi()
    if not chiavi or not _scrivi(ente, len(chiavi), referenti):
        return 0
    with come_sistema(ente):
        dette = Scadenza.objects.di(ente).filter(pk__in=chiavi)
        return dette.ricomincia(timezone.localdate(), posta_il=timezone.now())


def _scrivi(ente: Ente, quante: int, referenti: list[str]) -> bool:
    testo = render_to_string(
        "conservazione/posta/in_scadenza.txt",
        {
            "ente": ente,
            "quante": quante,
            "giorni": PREAVVISO.days,
            "senza_referente": not referenti,
        },
    )
    a_chi = referenti or indirizzi_del_garante()
    return bool(spedisci_a_ciascuno(OGGETTO, testo, a_chi, che_cosa="Avviso di conservazione"))
