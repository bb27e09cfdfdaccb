"""Le fabbriche delle richieste delle persone e di ciò che ne segue."""

import factory

from beneficiari import collegamenti
from beneficiari.models import (
    AvvisoAlDestinatario,
    Beneficiario,
    Limitazione,
    RichiestaInteressato,
)
from beneficiari.tasks import proponi_legami
from enti.models import Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import EnteFactory, FabbricaDiSistema, attore
from tests.fabbriche_persone import BeneficiarioFactory, come


def _sistema() -> Utente:
    return Utente.objects.sistema()


class RichiestaFactory(FabbricaDiSistema):
    """Un accesso chiesto oggi, a voce, da chi si conosce."""

    class Meta:
        model = RichiestaInteressato

    beneficiario = factory.SubFactory(BeneficiarioFactory)
    ente = factory.SelfAttribute("beneficiario.ente")
    tipo = RichiestaInteressato.Tipo.ACCESSO
    canale = RichiestaInteressato.Canale.A_VOCE
    identita = RichiestaInteressato.Identita.CONOSCIUTA
    aperta_da = factory.LazyFunction(_sistema)


class LimitazioneFactory(FabbricaDiSistema):
    class Meta:
        model = Limitazione

    beneficiario = factory.SubFactory(BeneficiarioFactory)
    ente = factory.SelfAttribute("beneficiario.ente")
    richiesta = factory.SubFactory(
        RichiestaFactory,
        beneficiario=factory.SelfAttribute("..beneficiario"),
        tipo=RichiestaInteressato.Tipo.LIMITAZIONE,
    )
    motivo = Limitazione.Motivo.ESATTEZZA
    decisa_da = factory.LazyFunction(_sistema)


class AvvisoFactory(FabbricaDiSistema):
    class Meta:
        model = AvvisoAlDestinatario

    richiesta = factory.SubFactory(RichiestaFactory)
    ente = factory.SelfAttribute("richiesta.ente")
    destinatario = factory.SubFactory(EnteFactory)
    gesto = AvvisoAlDestinatario.Gesto.RETTIFICA
    dato = "comune dove vive"
    condivisione = factory.Faker("uuid4")
    finalita = "presa-in-carico"
    condivisa_dal = factory.LazyAttribute(lambda riga: riga.richiesta.chiesta_il)


def lega(*righe: Beneficiario, codice: str = "RSSMRA80A01A182N") -> None:
    """Conferma che le righe, di enti diversi, sono la stessa persona."""
    for riga in righe:
        with come_sistema(riga.ente):
            collegamenti.etichetta(riga, codice=codice)
    proponi_legami()
    with come(attore(Ruolo.AMMINISTRATORE)):
        for legame in collegamenti.da_decidere():
            if legame.stato == "proposto":
                collegamenti.decidi(legame.uuid, "confermato", "documento visto")
