"""Le fabbriche delle prove: enti, attori, schede. Scrivono come farebbe l'attore di sistema."""

import datetime

import factory
from django.core.management import call_command
from factory.django import DjangoModelFactory

from assi.models import Asse, Indicatore, Progetto
from enti.models import Appartenenza, Ente, Nodo, Utente
from enti.permessi import Attore, Ruolo
from enti.sistema import come_sistema
from report.models import (
    Campagna,
    Conteggio,
    DichiaranteDiScheda,
    ModelloScheda,
    Rapporto,
    Scheda,
    VoceTestuale,
)


class FabbricaDiSistema(DjangoModelFactory):
    """Scrive nel contesto dell'attore di sistema, per l'ente della riga se ne ha uno."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with come_sistema(kwargs.get("ente")):
            return super()._create(model_class, *args, **kwargs)


class NodoFactory(DjangoModelFactory):
    class Meta:
        model = Nodo

    slug = factory.Sequence(lambda n: f"nodo-{n}")
    denominazione = factory.Sequence(lambda n: f"Nodo {n}")


class EnteFactory(FabbricaDiSistema):
    class Meta:
        model = Ente

    class Params:
        coordinamento = factory.Trait(ospita_coordinamento=True)

    slug = factory.Sequence(lambda n: f"ente-{n}")
    denominazione = factory.Sequence(lambda n: f"Cooperativa Esempio {n}")
    natura = Ente.Natura.ETS
    ruolo = Ente.RuoloNellaRete.PARTNER
    nodo = factory.SubFactory(NodoFactory)


class UtenteFactory(DjangoModelFactory):
    class Meta:
        model = Utente

    email = factory.Sequence(lambda n: f"persona{n}@rete.example")
    nome = "Anna"
    cognome = factory.Sequence(lambda n: f"Prova{n}")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.crea(password=kwargs.pop("password", None), **kwargs)


class AppartenenzaFactory(FabbricaDiSistema):
    class Meta:
        model = Appartenenza

    utente = factory.SubFactory(UtenteFactory)
    ente = factory.SubFactory(EnteFactory)
    ruolo = Ruolo.OPERATORE
    inizio = datetime.date(2020, 1, 1)


class ProgettoFactory(DjangoModelFactory):
    class Meta:
        model = Progetto

    slug = factory.Sequence(lambda n: f"progetto-{n}")
    titolo = factory.Sequence(lambda n: f"Progetto {n}")


class AsseFactory(DjangoModelFactory):
    class Meta:
        model = Asse

    slug = factory.Sequence(lambda n: f"asse-{n}")
    denominazione = factory.Sequence(lambda n: f"Asse {n}")


class IndicatoreFactory(DjangoModelFactory):
    class Meta:
        model = Indicatore

    slug = factory.Sequence(lambda n: f"indicatore-{n}")
    testo = factory.Sequence(lambda n: f"Indicatore {n}")
    asse = factory.SubFactory(AsseFactory)


class ModelloSchedaFactory(DjangoModelFactory):
    class Meta:
        model = ModelloScheda

    slug = factory.Sequence(lambda n: f"modello-{n}")
    versione = 1
    titolo = "Scheda di prova"
    sezioni = factory.LazyFunction(list)


class CampagnaFactory(DjangoModelFactory):
    class Meta:
        model = Campagna

    slug = factory.Sequence(lambda n: f"campagna-{n}")
    titolo = factory.Sequence(lambda n: f"Campagna {n}")
    progetto = factory.SubFactory(ProgettoFactory)
    modello = factory.SubFactory(ModelloSchedaFactory)


class SchedaFactory(FabbricaDiSistema):
    """Una scheda con il suo primo dichiarante; `altri` sono gli enti che la compilano insieme."""

    class Meta:
        model = Scheda
        skip_postgeneration_save = True

    ente = factory.SubFactory(EnteFactory)
    campagna = factory.SubFactory(CampagnaFactory)
    slug = factory.Sequence(lambda n: f"scheda-{n}")
    titolo = factory.Sequence(lambda n: f"Scheda {n}")
    nodo = factory.SelfAttribute("ente.nodo")
    stato = Scheda.Stato.IN_COMPILAZIONE

    @factory.post_generation
    def altri(self, create, estratti, **kwargs):
        with come_sistema(self.ente):
            for ordine, dichiarante in enumerate([self.ente, *(estratti or [])]):
                DichiaranteDiScheda.objects.create(
                    ente=self.ente, scheda=self, dichiarante=dichiarante, ordine=ordine
                )


class ConteggioFactory(FabbricaDiSistema):
    class Meta:
        model = Conteggio

    scheda = factory.SubFactory(SchedaFactory)
    ente = factory.SelfAttribute("scheda.ente")
    sezione = Conteggio.Sezione.BENEFICIARI
    slug = factory.Sequence(lambda n: f"conteggio-{n}")
    cosa = "persone seguite"
    unita = Conteggio.Unita.INDIVIDUI
    valore = 10


class VoceTestualeFactory(FabbricaDiSistema):
    class Meta:
        model = VoceTestuale

    scheda = factory.SubFactory(SchedaFactory)
    ente = factory.SelfAttribute("scheda.ente")
    sezione = "criticita"
    testo = "Gli invii arrivano tardi."


def attore(ruolo: str = Ruolo.OPERATORE, *, ente: Ente | None = None, nodo: Nodo | None = None):
    """Un utente nuovo con un ruolo in `ente` (nuovo, se taciuto); `nodo` per chi ne coordina uno.

    Coordinatori e amministratori, se l'ente è taciuto, agiscono per quello del coordinamento.
    """
    if ente is None and ruolo in (Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE):
        ente = ente_del_coordinamento()
    appartenenza = AppartenenzaFactory(ruolo=ruolo, nodo=nodo, **({"ente": ente} if ente else {}))
    return Attore(appartenenza.utente, appartenenza.ente, appartenenza.ruolo, appartenenza.nodo)


def ente_del_coordinamento() -> Ente:
    """L'ente che ospita il coordinamento: quello che c'è, o uno nuovo."""
    return Ente.objects.filter(ospita_coordinamento=True).first() or EnteFactory(
        coordinamento=True
    )


def quadrante_caricato() -> Rapporto:
    """Carica la cartella che accompagna il progetto e rende l'edizione pubblicata."""
    call_command("carica_quadrante", verbosity=0)
    with come_sistema(Ente.objects.che_ospita_il_coordinamento()):
        return Rapporto.objects.ultima_edizione("quadrante-alat")
