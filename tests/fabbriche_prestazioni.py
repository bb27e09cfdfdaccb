"""Le fabbriche di servizi, prestazioni, gruppi, ore, esiti. Tutto inventato."""

import datetime

import factory
from django.utils import timezone

from assi.models import Servizio, TipoDiEsito, UnitaDiMisura, VoceNomenclatura
from enti.models import Utente
from prestazioni.models import (
    Appuntamento,
    AttivitaIndiretta,
    Esito,
    FoglioOre,
    GruppoPresenze,
    Importazione,
    MembroDiGruppo,
    NotaDiPrestazione,
    Partecipazione,
    PianoRientro,
    PraticaCasa,
    Prestazione,
    Rata,
    Tirocinio,
)
from tests.fabbriche import EnteFactory, FabbricaDiSistema
from tests.fabbriche_persone import AzioneFactory, PresaInCaricoFactory


IERI = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(1))
DI_SISTEMA = factory.LazyFunction(lambda: Utente.objects.sistema())


class UnitaDiMisuraFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = UnitaDiMisura
        django_get_or_create = ("codice",)

    codice = "colloquio"
    nome = "Colloqui"


class VoceNomenclaturaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = VoceNomenclatura

    codice = factory.Sequence(lambda n: f"PRO.{n}")
    nome = factory.Sequence(lambda n: f"Servizio della rete {n}")
    macroarea = "A"
    a_chi = factory.LazyFunction(lambda: ["individuale", "gruppo"])
    unita = factory.SubFactory(UnitaDiMisuraFactory)
    durata = VoceNomenclatura.Durata.PUNTUALE


class TipoDiEsitoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TipoDiEsito
        django_get_or_create = ("codice",)

    codice = factory.Sequence(lambda n: f"T_{n}")
    nome = factory.Sequence(lambda n: f"Esito {n}")
    famiglia = "diritti"
    segno = TipoDiEsito.Segno.BENE


class ServizioFactory(FabbricaDiSistema):
    class Meta:
        model = Servizio

    ente = factory.SubFactory(EnteFactory)
    voce = factory.SubFactory(VoceNomenclaturaFactory)
    nome = factory.Sequence(lambda n: f"Sportello {n}")


class PrestazioneFactory(FabbricaDiSistema):
    """Senza nessuno: chi c'era lo aggiunge `PartecipazioneFactory`."""

    class Meta:
        model = Prestazione

    ente = factory.SubFactory(EnteFactory)
    servizio = factory.SubFactory(ServizioFactory, ente=factory.SelfAttribute("..ente"))
    azione = factory.SubFactory(AzioneFactory)
    operatore = DI_SISTEMA
    registrata_da = DI_SISTEMA
    giorno = IERI
    minuti = 30


class _DiUnaPresa(FabbricaDiSistema):
    """Una riga di una presa in carico, della stessa persona e dello stesso ente."""

    class Meta:
        abstract = True

    presa = factory.SubFactory(PresaInCaricoFactory)
    beneficiario = factory.SelfAttribute("presa.beneficiario")
    ente = factory.SelfAttribute("presa.ente")


class PartecipazioneFactory(_DiUnaPresa):
    class Meta:
        model = Partecipazione

    prestazione = factory.SubFactory(
        PrestazioneFactory,
        ente=factory.SelfAttribute("..ente"),
        azione=factory.SelfAttribute("..presa.azione"),
    )
    giorno = factory.SelfAttribute("prestazione.giorno")
    azione = factory.SelfAttribute("prestazione.azione")
    voce = factory.SelfAttribute("prestazione.servizio.voce")
    registrata_da = DI_SISTEMA


class NotaDiPrestazioneFactory(FabbricaDiSistema):
    """`testo` si cifra. La persona e la prestazione si passano già fatte."""

    class Meta:
        model = NotaDiPrestazione

    ente = factory.SelfAttribute("prestazione.ente")
    testo = "Un appunto inventato."
    scritta_da = DI_SISTEMA


class GruppoPresenzeFactory(FabbricaDiSistema):
    class Meta:
        model = GruppoPresenze

    ente = factory.SubFactory(EnteFactory)
    nome = factory.Sequence(lambda n: f"Laboratorio {n}")
    servizio = factory.SubFactory(ServizioFactory, ente=factory.SelfAttribute("..ente"))
    azione = factory.SubFactory(AzioneFactory)
    operatore = DI_SISTEMA
    dal = datetime.date(2026, 1, 1)


class MembroDiGruppoFactory(_DiUnaPresa):
    class Meta:
        model = MembroDiGruppo

    gruppo_presenze = factory.SubFactory(
        GruppoPresenzeFactory,
        ente=factory.SelfAttribute("..ente"),
        azione=factory.SelfAttribute("..presa.azione"),
    )
    dal = datetime.date(2026, 1, 1)


class AttivitaIndirettaFactory(FabbricaDiSistema):
    class Meta:
        model = AttivitaIndiretta

    ente = factory.SubFactory(EnteFactory)
    operatore = DI_SISTEMA
    registrata_da = DI_SISTEMA
    tipo = AttivitaIndiretta.Tipo.RIUNIONE
    giorno = IERI
    minuti = 60


class FoglioOreFactory(FabbricaDiSistema):
    class Meta:
        model = FoglioOre

    ente = factory.SubFactory(EnteFactory)
    operatore = DI_SISTEMA
    firmato_da = DI_SISTEMA
    mese = datetime.date(2026, 1, 1)


class AppuntamentoFactory(FabbricaDiSistema):
    class Meta:
        model = Appuntamento

    ente = factory.SubFactory(EnteFactory)
    operatore = DI_SISTEMA
    quando = factory.LazyFunction(timezone.now)


class ImportazioneFactory(FabbricaDiSistema):
    class Meta:
        model = Importazione

    ente = factory.SubFactory(EnteFactory)
    utente = DI_SISTEMA
    tipo = Importazione.Tipo.PRESTAZIONI
    impronta = "0" * 64


class TirocinioFactory(_DiUnaPresa):
    class Meta:
        model = Tirocinio

    tipo = Tirocinio.Tipo.INCLUSIONE
    nome_ospitante = "Panificio inventato"
    inizio = datetime.date(2026, 2, 1)
    fine_prevista = datetime.date(2026, 7, 31)
    registrato_da = DI_SISTEMA


class PianoRientroFactory(_DiUnaPresa):
    class Meta:
        model = PianoRientro

    creditore = PianoRientro.Creditore.ATC
    debito = 1200
    causa = PianoRientro.Causa.LAVORO
    incolpevole = PianoRientro.Incolpevole.SI
    registrato_da = DI_SISTEMA


class RataFactory(FabbricaDiSistema):
    """Del piano che si passa già fatto."""

    class Meta:
        model = Rata

    ente = factory.SelfAttribute("piano.ente")
    beneficiario = factory.SelfAttribute("piano.beneficiario")
    numero = 1
    scade_il = datetime.date(2026, 3, 1)
    importo = 100


class PraticaCasaFactory(_DiUnaPresa):
    class Meta:
        model = PraticaCasa

    tipo = PraticaCasa.Tipo.SFRATTO
    aperta_il = datetime.date(2026, 2, 1)
    registrato_da = DI_SISTEMA


class EsitoFactory(_DiUnaPresa):
    class Meta:
        model = Esito

    tipo = factory.SubFactory(TipoDiEsitoFactory)
    giorno = IERI
    registrato_da = DI_SISTEMA
