"""Ciò che serve per provare «Registra»: il modulo come lo manda la pagina, e che cosa ne resta."""

import datetime
from uuid import uuid4

from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone

from prestazioni.models import Prestazione
from tests.fabbriche_persone import come


REGISTRA = reverse("prestazioni:registra")
UN_ANNO_FA = timezone.localdate() - datetime.timedelta(365)


def scritto(presa=None, servizio=None, **altro) -> dict:
    dati = {
        "uuid": str(uuid4()),
        "quando": timezone.localdate().isoformat(),
        "durata": "30",
        "modo": "presenza",
    }
    if presa:
        dati["persona"] = str(presa.beneficiario.uuid)
    if servizio:
        dati["servizio"] = str(servizio.uuid)
    return dati | altro


def zuppa(risposta) -> BeautifulSoup:
    return BeautifulSoup(risposta.content, "html.parser")


def righe(chi) -> list[Prestazione]:
    with come(chi):
        return list(Prestazione.objects.order_by("pk"))
