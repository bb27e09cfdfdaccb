"""I numeri di un ente e della rete sono gli stessi prima e dopo la cancellazione di chi c'era."""

import datetime
import random

import pytest
from django.db import connection

from beneficiari.models import BisognoRilevato
from conservazione.azioni.oblio import dimentica
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.models import RigaStatistica
from prestazioni.sguardi.cruscotto import (
    AmbitoDiEnte,
    bisogni_per_stato,
    casi_aperti,
    nuclei_presenti,
    numeri_di,
    totali_degli_esiti,
)
from prestazioni.sguardi.rete import (
    PER,
    Ambito,
    bisogni_di_rete,
    casi_di_rete,
    ricalcola,
    righe_di_rete,
)
from tests.fabbriche import AsseFactory, EnteFactory, NodoFactory, attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    BisognoFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    EsitoFactory,
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
    TipoDiEsitoFactory,
)


pytestmark = pytest.mark.django_db
PRIMO = datetime.date(2025, 1, 1)
# Periodi di mesi interi: sono quelli dei rapporti e dei cruscotti.
PERIODI = [
    (PRIMO, datetime.date(2026, 6, 30)),
    (datetime.date(2025, 3, 1), datetime.date(2025, 8, 31)),
    (datetime.date(2025, 12, 1), datetime.date(2025, 12, 31)),
    (datetime.date(2026, 1, 1), datetime.date(2026, 3, 31)),
]


class Mondo:
    """Un ente con persone a caso: prestazioni, casi chiusi, bisogni, esiti, un nucleo."""

    def __init__(self, seme: int) -> None:
        self.caso = random.Random(seme)
        self.ente = EnteFactory(nodo=NodoFactory())
        self.referente = attore(Ruolo.REFERENTE, ente=self.ente)
        self.amministra = attore(Ruolo.AMMINISTRATORE)
        assi = [AsseFactory(), AsseFactory()]
        self.azioni = [AzioneFactory(asse=assi[n % 2]) for n in range(3)]
        self.servizi = [ServizioFactory(ente=self.ente) for _ in range(2)]
        self.bisogni = [BisognoFactory(asse=asse) for asse in assi]
        self.tipi = [TipoDiEsitoFactory(asse=assi[0]), TipoDiEsitoFactory()]
        self.persone = [self.persona() for _ in range(6)]

    def giorno(self) -> datetime.date:
        return PRIMO + datetime.timedelta(self.caso.randrange(500))

    def persona(self):
        persona = BeneficiarioFactory(ente=self.ente, genere="F")
        assorbita = BeneficiarioFactory(ente=self.ente, unito_a=persona)
        for azione in self.caso.sample(self.azioni, 2):
            self.segui(self.caso.choice([persona, assorbita]), azione)
        BisognoRilevatoFactory(
            beneficiario=persona,
            bisogno=self.caso.choice(self.bisogni),
            stato=self.caso.choice(BisognoRilevato.Stato.values),
            rilevato_il=self.giorno(),
        )
        if self.caso.random() < 0.5:
            self.nel_nucleo(persona)
        return persona

    def segui(self, persona, azione) -> None:
        presa = PresaInCaricoFactory(
            beneficiario=persona,
            azione=azione,
            aperta_il=PRIMO,
            chiusa_il=datetime.date(2026, 6, self.caso.randrange(1, 28)),
            esito=TipoDiChiusuraFactory(),
        )
        for _ in range(4):
            self.presenza(presa)
        EsitoFactory(
            presa=presa, tipo=self.caso.choice(self.tipi), giorno=self.giorno(), importo=50
        )

    def presenza(self, presa, **campi) -> None:
        fatta = PrestazioneFactory(
            ente=self.ente,
            azione=presa.azione,
            servizio=self.caso.choice(self.servizi),
            giorno=self.giorno(),
            minuti=self.caso.choice([None, 15, 60]),
            senza_nome=self.caso.choice([None, 3]),
        )
        PartecipazioneFactory(presa=presa, prestazione=fatta, **campi)

    def nel_nucleo(self, persona) -> None:
        nucleo = NucleoFactory(ente=self.ente)
        ComponenteFactory(nucleo=nucleo, beneficiario=persona, dal=PRIMO)
        presa = PresaInCaricoFactory(
            beneficiario=None,
            nucleo=nucleo,
            ente=self.ente,
            azione=self.caso.choice(self.azioni),
            aperta_il=PRIMO,
        )
        self.presenza(presa, beneficiario=None)

    def dell_ente(self) -> list:
        """Tutto ciò che il cruscotto dell'ente dice, per periodo e per filtro."""
        filtri = [{}, *({"azione": voce} for voce in self.azioni)]
        filtri += [{"asse": self.azioni[0].asse}, {"servizio": self.servizi[0]}]
        detti = []
        with come(self.referente):
            for dal, al in PERIODI:
                for filtro in filtri:
                    ambito = AmbitoDiEnte(self.ente, dal, al, **filtro)
                    detti.append((numeri_di(ambito), nuclei_presenti(ambito)))
                    detti.append((casi_aperti(ambito), bisogni_per_stato(ambito)))
                    detti.append(sorted(totali_degli_esiti(ambito), key=lambda t: t.codice))
        return detti

    def della_rete(self, *, ricalcolata: bool = True) -> list:
        """Tutto ciò che la rete dice, per ogni raggruppamento."""
        if ricalcolata:
            ricalcola()
        detti = []
        with come(self.amministra):
            for dal, al in PERIODI:
                for azione in (None, self.azioni[0]):
                    ambito = Ambito(dal, al, azione=azione)
                    detti += [righe_di_rete(per, ambito) for per in PER]
                    detti += [casi_di_rete(per, ambito) for per in ("totale", "ente", "azione")]
                    detti.append(bisogni_di_rete(ambito))
        return detti


@pytest.mark.parametrize("seme", range(2))
def test_i_numeri_di_prima_restano_quelli_di_prima(seme):
    """Le cifre pubblicate, dell'ente e della rete, non cambiano quando una persona se ne va."""
    mondo = Mondo(seme)
    ente, rete = mondo.dell_ente(), mondo.della_rete()
    assert any(numeri.totale.persone for numeri, _ in ente[::3])

    for persona in mondo.persone[:4]:
        with come(mondo.referente):
            dimentica(persona, motivo="richiesta accolta", da=mondo.referente)

    assert mondo.dell_ente() == ente
    # Anche prima che il ricalcolo rifaccia le celle.
    assert mondo.della_rete(ricalcolata=False) == rete
    assert mondo.della_rete() == rete
    with come_sistema():
        ricalcola(tutto=True)
    assert mondo.della_rete() == rete


def test_una_riga_statistica_non_torna_alla_persona():
    """Mese e non giorno, un numero per genere di riga, nessuna data di nascita né chi l'ha resa."""
    mondo = Mondo(7)
    with come(mondo.referente):
        dimentica(mondo.persone[0], motivo="richiesta accolta", da=mondo.referente)
        righe = list(RigaStatistica.objects.all())

    assert {riga.mese.day for riga in righe} == {1}
    per_genere = {}
    for riga in righe:
        per_genere.setdefault(riga.cosa, set()).add(riga.conto)
    tutti = [numero for numeri in per_genere.values() for numero in numeri if numero]
    assert len(tutti) == len(set(tutti))
    assert len(per_genere["presenza"]) == 1
    # In un ente con meno di dieci persone della stessa classe e genere il profilo non si scrive.
    assert RigaStatistica.Cosa.PROFILO not in per_genere
    assert not any(riga.eta or riga.genere for riga in righe)


def test_il_profilo_si_scrive_solo_se_nell_ente_sono_in_tanti():
    mondo = Mondo(3)
    for _ in range(10):
        BeneficiarioFactory(ente=mondo.ente, genere="F")

    with come(mondo.referente):
        dimentica(mondo.persone[0], motivo="richiesta accolta", da=mondo.referente)
        profilo = RigaStatistica.objects.get(cosa="profilo")

    assert (profilo.eta, profilo.genere, profilo.conto) == ("35-64", "F", None)
    assert (profilo.azione, profilo.servizio, profilo.mese.month) == (None, None, 1)


def test_le_righe_statistiche_le_scrive_solo_chi_dimentica():
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT bool_or(has_table_privilege('registro_app', 'prestazioni_rigastatistica', p))"
            " FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS p"
        )
        assert cursore.fetchone() == (False,)


def test_l_operatore_non_conta_i_bisogni_di_chi_non_c_e_piu():
    """Dei bisogni vede quelli di chi segue: di chi non c'è più non si sa chi lo seguiva."""
    mondo = Mondo(5)
    operatore = attore(Ruolo.OPERATORE, ente=mondo.ente)
    with come(mondo.referente):
        dimentica(mondo.persone[0], motivo="richiesta accolta", da=mondo.referente)

    with come(operatore):
        assert not RigaStatistica.objects.filter(cosa="bisogno").exists()
        assert RigaStatistica.objects.filter(cosa="presenza").exists()
    with come(attore(Ruolo.REFERENTE)):
        assert not RigaStatistica.objects.exists()


def test_i_numeri_rilasciati_sono_arrotondati_e_non_cambiano_piu():
    """STAT-03: ogni conto è un multiplo di 5, totali compresi; un trimestre si rilascia una volta."""
    mondo = Mondo(1)
    ricalcola()
    with come_sistema(mondo.ente), connection.cursor() as cursore:
        for attese in (True, False):
            cursore.execute("SELECT registro_rilascia_numeri(%s)", [datetime.date(2025, 5, 9)])
            assert (cursore.fetchone()[0] > 0) is attese
    with come(mondo.referente), connection.cursor() as cursore:
        cursore.execute("SELECT registro_rilascia_numeri(%s)", [PRIMO])
        assert cursore.fetchone() == (0,)


def test_il_trimestre_in_corso_non_si_rilascia():
    with come_sistema(EnteFactory()), connection.cursor() as cursore:
        cursore.execute("SELECT registro_rilascia_numeri(registro_oggi())")
        assert cursore.fetchone() == (0,)
