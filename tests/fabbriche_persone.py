"""Le fabbriche di persone, casi, consensi e condivisioni. Tutte persone inventate."""

import datetime
from contextlib import contextmanager

import factory
from django.utils import timezone

from assi.models import Azione, Bisogno, Condizione, TipoDiChiusura
from beneficiari.models import (
    Autorizzazione,
    Beneficiario,
    BisognoRilevato,
    Componente,
    CondizioneRilevata,
    Consenso,
    Identificativo,
    Nota,
    Nucleo,
    Obiettivo,
    PresaInCarico,
    Recapito,
    RevocaConsenso,
    Valutazione,
)
from enti.models import Ente, Utente
from enti.permessi import Attore
from enti.sistema import come_sistema
from privacy.gruppi import FINALITA_CONDIVISE, Gruppo, Livello
from privacy.models import AccordoContitolarita, BaseGiuridica, Informativa, ParteDiAccordo
from registro.db.contesto import contesto
from tests.fabbriche import (
    AsseFactory,
    EnteFactory,
    FabbricaDiSistema,
    IndicatoreFactory,
    ProgettoFactory,
    ente_del_coordinamento,
)


TUTTI_I_GRUPPI = [gruppo.value for gruppo in Gruppo]
CONDIVISE = [finalita.value for finalita in FINALITA_CONDIVISE]
FRA_UN_ANNO = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(365))


@contextmanager
def come(attore: Attore, finalita: str | None = None):
    """Il contesto di una richiesta di `attore`: ciò che vedrebbe il database da una sua pagina."""
    with contesto(utente=attore.utente.pk, ente=attore.ente.pk, finalita=finalita):
        yield


def _sistema() -> Utente:
    return Utente.objects.sistema()


class AzioneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Azione

    slug = factory.Sequence(lambda n: f"azione-{n}")
    titolo = factory.Sequence(lambda n: f"Azione {n}")
    progetto = factory.SubFactory(ProgettoFactory)
    asse = factory.SubFactory(AsseFactory)


class TipoDiChiusuraFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TipoDiChiusura
        django_get_or_create = ("codice",)

    codice = "OBI"
    nome = "Obiettivi raggiunti"
    uscita_fse = True


class BisognoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Bisogno

    codice = factory.Sequence(lambda n: f"B{n}")
    nome = factory.Sequence(lambda n: f"Bisogno {n}")
    famiglia = "casa"


class CondizioneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Condizione
        # Su un database con i vocabolari veri il codice c'è già.
        django_get_or_create = ("codice",)

    codice = factory.Sequence(lambda n: f"C{n}")
    nome = factory.Sequence(lambda n: f"Condizione {n}")
    famiglia = Condizione.Famiglia.VULNERABILITA
    valori = factory.LazyFunction(lambda: ["si", "no", "non-dichiara"])


class BeneficiarioFactory(FabbricaDiSistema):
    class Meta:
        model = Beneficiario

    class Params:
        anonima = factory.Trait(
            anonimo=True,
            cognome="",
            nome="",
            data_nascita=None,
            codice_anonimo=factory.Sequence(lambda n: f"AN{n}"),
        )

    ente = factory.SubFactory(EnteFactory)
    cognome = factory.Sequence(lambda n: f"Inventata{n}")
    nome = "Lucia"
    data_nascita = datetime.date(1985, 5, 17)
    inserito_da = factory.LazyFunction(_sistema)


class _DiUnaPersona(FabbricaDiSistema):
    """Una riga di una persona, nello stesso ente."""

    class Meta:
        abstract = True

    beneficiario = factory.SubFactory(BeneficiarioFactory)
    ente = factory.SelfAttribute("beneficiario.ente")


class RecapitoFactory(_DiUnaPersona):
    class Meta:
        model = Recapito

    tipo = Recapito.Tipo.TELEFONO
    valore = "0141 000000"


class IdentificativoFactory(_DiUnaPersona):
    """`codice` si cifra; l'indice è quello del codice scritto così com'è."""

    class Meta:
        model = Identificativo

    tipo = Identificativo.Tipo.CF

    @classmethod
    def _create(cls, model_class, *args, codice="RSSMRA80A01A182N", **kwargs):
        riga = model_class(**kwargs)
        riga.scrivi_valore(codice, normale=codice)
        with come_sistema(riga.ente):
            riga.save()
        return riga


class NucleoFactory(FabbricaDiSistema):
    class Meta:
        model = Nucleo

    ente = factory.SubFactory(EnteFactory)


class ComponenteFactory(_DiUnaPersona):
    class Meta:
        model = Componente

    nucleo = factory.SubFactory(NucleoFactory, ente=factory.SelfAttribute("..ente"))
    ruolo = Componente.Ruolo.ALTRO


class PresaInCaricoFactory(_DiUnaPersona):
    class Meta:
        model = PresaInCarico

    azione = factory.SubFactory(AzioneFactory)
    canale = PresaInCarico.Canale.PASSAPAROLA
    operatore = factory.LazyFunction(_sistema)
    aperta_il = datetime.date(2026, 1, 15)


class ObiettivoFactory(_DiUnaPersona):
    class Meta:
        model = Obiettivo

    presa = factory.SubFactory(
        PresaInCaricoFactory, beneficiario=factory.SelfAttribute("..beneficiario")
    )
    testo = "Trovare un alloggio"


class BisognoRilevatoFactory(_DiUnaPersona):
    class Meta:
        model = BisognoRilevato

    bisogno = factory.SubFactory(BisognoFactory)
    gravita = 2
    rilevato_da = factory.LazyFunction(_sistema)


class ValutazioneFactory(_DiUnaPersona):
    class Meta:
        model = Valutazione

    presa = factory.SubFactory(
        PresaInCaricoFactory, beneficiario=factory.SelfAttribute("..beneficiario")
    )
    indicatore = factory.SubFactory(IndicatoreFactory)
    momento = Valutazione.Momento.INGRESSO
    valore = 5
    da = factory.LazyFunction(_sistema)


class CondizioneRilevataFactory(_DiUnaPersona):
    class Meta:
        model = CondizioneRilevata

    condizione = factory.SubFactory(CondizioneFactory)
    valore = "si"
    rilevata_da = factory.LazyFunction(_sistema)


class NotaFactory(_DiUnaPersona):
    class Meta:
        model = Nota

    testo = "Preferisce essere chiamata al mattino."
    scritta_da = factory.LazyFunction(_sistema)


class InformativaFactory(FabbricaDiSistema):
    class Meta:
        model = Informativa

    ente = factory.SubFactory(EnteFactory)
    versione = factory.Sequence(lambda n: n + 1)
    titolo = "Come usiamo i tuoi dati"
    testo = "Usiamo i tuoi dati per aiutarti."
    finalita = factory.LazyFunction(lambda: list(CONDIVISE))
    gruppi = factory.LazyFunction(lambda: list(TUTTI_I_GRUPPI))
    pubblicata_il = datetime.date(2025, 1, 1)


class ConsensoFactory(_DiUnaPersona):
    class Meta:
        model = Consenso

    informativa = factory.SubFactory(InformativaFactory, ente=factory.SelfAttribute("..ente"))
    esito = Consenso.Esito.PRESTATO
    finalita = factory.LazyFunction(lambda: list(CONDIVISE))
    gruppi = factory.LazyFunction(lambda: list(TUTTI_I_GRUPPI))
    tutta_la_rete = True
    canale = Consenso.Canale.FIRMA_SU_CARTA
    dato_il = datetime.date(2026, 1, 10)
    raccolto_da = factory.LazyFunction(_sistema)


class RevocaConsensoFactory(FabbricaDiSistema):
    class Meta:
        model = RevocaConsenso

    consenso = factory.SubFactory(ConsensoFactory)
    ente = factory.SelfAttribute("consenso.ente")
    beneficiario = factory.SelfAttribute("consenso.beneficiario")
    raccolta_da = factory.LazyFunction(_sistema)


class BaseGiuridicaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BaseGiuridica

    finalita = "presa-in-carico"
    gruppo = Gruppo.ANAGRAFICA
    lettera_art6 = "e"
    lettera_art9 = "g"
    fonte = "L. 328/2000, art. 22"
    serve_consenso = False
    dal = datetime.date(2025, 1, 1)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        with come_sistema(ente_del_coordinamento()):
            return super()._create(model_class, *args, **kwargs)


def accordo_fra(*enti: Ente, **campi) -> AccordoContitolarita:
    """Un accordo in vigore dal 2025, per tutte le finalità condivise, fra gli `enti`."""
    campi = {
        "titolo": "Accordo di rete",
        "finalita": list(CONDIVISE),
        "contenuto": "Gli enti rispondono insieme.",
        "risponde": enti[0],
        "contatto": "privacy@rete.example",
        "dal": datetime.date(2025, 1, 1),
    } | campi
    with come_sistema(ente_del_coordinamento()):
        accordo = AccordoContitolarita.objects.create(**campi)
        for ente in enti:
            ParteDiAccordo.objects.create(accordo=accordo, ente=ente)
    return accordo


class AutorizzazioneFactory(_DiUnaPersona):
    """Completa su tutti i gruppi, se non si dice altro; crea consenso e accordo che servono."""

    class Meta:
        model = Autorizzazione

    destinatario = factory.SubFactory(EnteFactory)
    livello = Livello.COMPLETO
    gruppi = factory.LazyFunction(lambda: list(TUTTI_I_GRUPPI))
    finalita = "presa-in-carico"
    fondamento = Autorizzazione.Fondamento.CONSENSO
    consenso = factory.SubFactory(
        ConsensoFactory, beneficiario=factory.SelfAttribute("..beneficiario")
    )
    accordo = factory.LazyAttribute(lambda riga: accordo_fra(riga.ente, riga.destinatario))
    dal = datetime.date(2026, 1, 10)
    al = FRA_UN_ANNO
    concessa_da = factory.LazyFunction(_sistema)
