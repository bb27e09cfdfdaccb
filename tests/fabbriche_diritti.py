"""Le fabbriche delle richieste delle persone e di ciò che ne segue."""

import factory
from django.utils import timezone

from beneficiari import collegamenti
from beneficiari.azioni.richieste import presenta_richiesta
from beneficiari.models import (
    Autorizzazione,
    AvvisoAlDestinatario,
    Beneficiario,
    Limitazione,
    RichiestaInteressato,
)
from beneficiari.tasks import proponi_legami
from enti.models import Utente
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from tests.fabbriche import EnteFactory, FabbricaDiSistema, attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BaseGiuridicaFactory,
    BeneficiarioFactory,
    come,
)


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


def presenta(persona: Beneficiario, da: Attore, tipo: str = "accesso", **campi):
    """Una richiesta raccolta da `da` come farebbe la pagina: oggi, a voce, con un documento in mano."""
    voci = {"canale": "voce", "identita": "documento", "chiesta_il": timezone.localdate()} | campi
    with come(da):
        return presenta_richiesta(persona=persona, tipo=tipo, da=da, **voci)


def condivisa_per_legge(persona: Beneficiario) -> Autorizzazione:
    BaseGiuridicaFactory()
    return AutorizzazioneFactory(
        beneficiario=persona, fondamento="legge", consenso=None, gruppi=["anagrafica"]
    )


def e_sospesa(data: Autorizzazione) -> bool:
    with come_sistema(data.ente):
        return Autorizzazione.objects.get(pk=data.pk).sospesa
