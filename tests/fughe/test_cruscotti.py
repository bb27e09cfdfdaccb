"""I numeri della rete in mondi a caso: quelli precalcolati e quelli contati riga per riga.

Ogni mondo fa nascere persone, codici, unioni, legami e prestazioni, ne corregge e ne toglie; dopo
ogni ricalcolo ciò che la rete risponde deve essere, senza differenze, ciò che conta l'oracolo.
"""

import datetime
import random
from contextlib import nullcontext

import pytest
from django.db import connection, transaction
from django.utils import timezone
from stdnum.it.codicefiscale import calc_check_digit

from beneficiari import collegamenti
from beneficiari.azioni.unioni import annulla_unione, unisci
from beneficiari.models import Unione
from beneficiari.tasks import proponi_legami
from enti.models import Ente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.azioni.importazioni import annulla, importa_subito
from prestazioni.importo.tipi import Scelte
from prestazioni.models import Importazione, Prestazione
from prestazioni.sguardi.rete import PER, prepara, ricalcola
from privacy.letture import registra_letture
from registro.comune.mesi import fra_mesi
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import EnteFactory, NodoFactory, attore
from tests.fabbriche_persone import (
    AsseFactory,
    AzioneFactory,
    BeneficiarioFactory,
    BisognoFactory,
    BisognoRilevatoFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.fughe.conftest import LUNGA
from tests.fughe.conti import Conti
from tests.fughe.mutanti import funzione


PRIMO = datetime.date(2024, 11, 1)
MESI = 16
CODICI = [
    codice + calc_check_digit(codice) for codice in (f"RSSMRA80A0{n}A182" for n in range(1, 8))
]
COLONNE = ["Cognome", "Nome", "Nato il", "Codice fiscale", "Data", "Servizio"]
# Scritte così nei fogli, e in nessun altro modo: chi importa non ha dubbi da sciogliere.
NUOVE = [("Neri", "Mara", 1951), ("Gallo", "Ugo", 1962)]
SEMI = range(40 if LUNGA else 2)
PAZIENZA = 600


class MondoDiNumeri:
    """Un piccolo mondo che cambia a caso: tre enti in due nodi, uno senza nodo."""

    def __init__(self, seme: int) -> None:
        self.caso = random.Random(seme)
        self.nodi = [NodoFactory(), NodoFactory()]
        nodi = [self.nodi[0], self.nodi[0], self.nodi[1], None]
        self.enti = [EnteFactory(nodo=nodo) for nodo in nodi]
        assi = [AsseFactory(), AsseFactory()]
        self.azioni = [AzioneFactory(asse=assi[n % 2]) for n in range(3)]
        self.servizi = {ente.pk: ServizioFactory(ente=ente) for ente in self.enti}
        self.bisogno = BisognoFactory(asse=assi[0])
        self.persone, self.prese, self.fatte = [], {}, []
        self.importate: list[Importazione] = []
        self.della_rete = attore(Ruolo.COORDINATORE)
        self.del_nodo = attore(Ruolo.COORDINATORE, nodo=self.nodi[0])
        self.amministra = attore(Ruolo.AMMINISTRATORE)

    def cambia(self, volte: int) -> None:
        for _ in range(3):
            self.nasce()
        gesti = (self.nasce, self.eroga, self.eroga, self.eroga, self.corregge, self.annulla)
        gesti += (self.unisce, self.divide, self.codice, self.decide, self.rileva)
        gesti += (self.importa, self.torna_indietro)
        for _ in range(volte):
            self.caso.choice(gesti)()

    def _giorno(self) -> datetime.date:
        return fra_mesi(PRIMO, self.caso.randrange(MESI)) + datetime.timedelta(
            self.caso.randrange(28)
        )

    def nasce(self) -> None:
        persona = BeneficiarioFactory(
            ente=self.caso.choice(self.enti),
            cognome=self.caso.choice(("Diallo Camara", "Verdi", "Bianchi")),
        )
        self.persone.append(persona)
        for azione in self.caso.sample(self.azioni, self.caso.randint(1, 2)):
            presa = PresaInCaricoFactory(
                beneficiario=persona, azione=azione, aperta_il=datetime.date(2024, 1, 1)
            )
            self.prese.setdefault(persona.ente_id, []).append(presa)
        if self.caso.random() < 0.6:
            self._scrive_codice(persona)

    def codice(self) -> None:
        self._scrive_codice(self.caso.choice(self.persone))

    def _scrive_codice(self, persona) -> None:
        with come_sistema(persona.ente):
            collegamenti.etichetta(persona, codice=self.caso.choice([*CODICI, None]))

    def eroga(self) -> None:
        ente = self.caso.choice(self.enti)
        prese = self.prese.get(ente.pk, [])
        scelte = self.caso.sample(prese, min(len(prese), self.caso.randint(0, 3)))
        prestazione = PrestazioneFactory(
            ente=ente,
            servizio=self.servizi[ente.pk],
            azione=self.caso.choice(self.azioni),
            giorno=self._giorno(),
            minuti=self.caso.choice((None, 15, 60)),
            senza_nome=None if scelte else self.caso.randint(1, 9),
        )
        self.fatte.append(prestazione)
        for presa in scelte:
            PartecipazioneFactory(presa=presa, prestazione=prestazione)

    def corregge(self) -> None:
        if self.fatte:
            riga = self.caso.choice(self.fatte)
            with come_sistema(riga.ente):
                Prestazione.objects.filter(pk=riga.pk).update(
                    giorno=self._giorno(), azione=self.caso.choice(self.azioni), minuti=None
                )

    def annulla(self) -> None:
        if self.fatte:
            riga = self.fatte.pop(self.caso.randrange(len(self.fatte)))
            with come_sistema(riga.ente):
                Prestazione.objects.get(pk=riga.pk).delete()

    def importa(self) -> None:
        """Due persone nascono da un foglio, una col codice; dove non ne sono già nate così."""
        ente = self.caso.choice(self.enti)
        if any(importata.ente_id == ente.pk for importata in self.importate):
            return
        righe = [COLONNE]
        for posto, (cognome, nome, anno) in enumerate(NUOVE):
            codice = self.caso.choice(CODICI) if posto == 0 else None
            chi = [cognome, nome, datetime.date(anno, 1, 1), codice]
            righe += [[*chi, self._giorno(), self.servizi[ente.pk].nome] for _ in range(2)]
        scelte = Scelte(
            nuove_persone=True,
            azione=self.caso.choice(self.azioni).slug,
            canale="passaparola",
            doppioni="carica",
        )
        chi = attore(Ruolo.REFERENTE, ente=ente)
        with come(chi), registra_letture("prova"):
            esame, fatta = importa_subito(
                tipo="prestazioni", contenuto=foglio(righe), scelte=scelte, da=chi
            )
        assert fatta, esame
        self.importate.append(fatta)

    def torna_indietro(self) -> None:
        """Chi era nato da un foglio se ne va con tutto ciò che il foglio aveva scritto."""
        if self.importate:
            fatta = self.importate.pop(self.caso.randrange(len(self.importate)))
            chi = attore(Ruolo.REFERENTE, ente=fatta.ente)
            with come(chi), registra_letture("prova"):
                annulla(importazione=fatta, da=chi)

    def unisce(self) -> None:
        ente = self.caso.choice(self.enti)
        sue = [p for p in self.persone if p.ente_id == ente.pk]
        if len(sue) > 1:
            tenuta, assorbita = self.caso.sample(sue, 2)
            with come_sistema(ente):
                tenuta.refresh_from_db()
                assorbita.refresh_from_db()
                libere = not tenuta.unito_a_id and not assorbita.unito_a_id
                if libere and not assorbita.assorbite.exists():
                    chi = attore(Ruolo.REFERENTE, ente=ente)
                    with come(chi):
                        unisci(tenuta=tenuta, assorbita=assorbita, da=chi)

    def divide(self) -> None:
        for ente in self.enti:
            with come_sistema(ente):
                unione = Unione.objects.filter(ente=ente, annullata_il=None).first()
            if unione:
                chi = attore(Ruolo.REFERENTE, ente=ente)
                with come(chi):
                    annulla_unione(unione=unione, da=chi)
                return

    def decide(self) -> None:
        proponi_legami()
        with come(self.amministra):
            legami = collegamenti.da_decidere()
            for legame in self.caso.sample(legami, min(2, len(legami))):
                stato = self.caso.choice(("confermato", "confermato", "annullato", "proposto"))
                with transaction.atomic():
                    collegamenti.decidi(legame.uuid, stato, "prova")

    def trasloca(self) -> None:
        """Un ente passa a un altro nodo. Non è fra i gesti a caso: fa rifare tutto, e nasconderebbe
        ciò che un poco alla volta non torna."""
        ente = self.enti[0]
        with come_sistema(ente):
            Ente.objects.filter(pk=ente.pk).update(nodo=self.nodi[1])

    def periodi(self) -> list[tuple[datetime.date, datetime.date]]:
        """Quelli che si preparano, e due qualunque che nessuno prepara."""
        a_caso = [sorted(self.caso.choices(range(MESI), k=2)) for _ in range(2)]
        return [*PERIODI, *((fra_mesi(PRIMO, dal), fra_mesi(PRIMO, al)) for dal, al in a_caso)]

    def rileva(self) -> None:
        persona = self.caso.choice(self.persone)
        BisognoRilevatoFactory(
            beneficiario=persona,
            bisogno=self.bisogno if self.caso.random() < 0.3 else BisognoFactory(),
            stato=self.caso.choice(("aperto", "in-risposta", "senza-risposta")),
            rilevato_il=self._giorno(),
            chiuso_il=timezone.localdate(),
        )


def _sguardi(mondo: MondoDiNumeri):
    """(chi guarda, enti che può vedere) per ogni ambito."""
    tutti = lambda conti: set(conti.nodo_di)  # noqa: E731 - due righe che si leggono insieme
    suoi = lambda conti: {e for e, n in conti.nodo_di.items() if n == mondo.nodi[0].pk}  # noqa: E731
    yield mondo.della_rete, tutti
    yield mondo.amministra, tutti
    yield mondo.del_nodo, suoi


def _filtri(mondo: MondoDiNumeri) -> list[tuple]:
    azione, ente = mondo.azioni[0], mondo.enti[2]
    return [
        (None, None, None, None),
        (mondo.nodi[0].pk, None, None, None),
        (None, ente.pk, azione.asse_id, None),
        (mondo.nodi[1].pk, ente.pk, None, azione.pk),
        (None, None, mondo.azioni[1].asse_id, None),
    ]


PERIODI = [
    (datetime.date(2024, 12, 1), datetime.date(2024, 12, 1)),
    # A cavallo fra due righe di sessanta mesi: il 2025 ne comincia una nuova.
    (datetime.date(2024, 11, 1), datetime.date(2025, 3, 1)),
    (datetime.date(2000, 1, 1), datetime.date(2026, 11, 1)),
]


def _chiedi(interrogazione: str, *argomenti) -> list[tuple]:
    with connection.cursor() as cursore:
        cursore.execute(interrogazione, argomenti)
        return cursore.fetchall()


def confronta(mondo: MondoDiNumeri, conti: Conti) -> None:
    """Ogni numero che la rete risponde, a ogni ambito, è quello dell'oracolo."""
    for chi, enti in _sguardi(mondo):
        visibili = enti(conti)
        with come(chi):
            for filtri in _filtri(mondo):
                for dal, al in mondo.periodi():
                    _confronta_uno(conti, dal, al, filtri, visibili)


def celle_giuste(padrone) -> None:
    """Aggiustate un poco alla volta, le celle sono quelle che si conterebbero da capo."""
    differenze = padrone.execute(
        "(TABLE cruscotti_conto EXCEPT ALL SELECT * FROM cruscotti_conti_di(NULL)) UNION ALL"
        " (SELECT * FROM cruscotti_conti_di(NULL) EXCEPT ALL TABLE cruscotti_conto)"
    ).fetchall()
    assert differenze == []
    assert padrone.execute("SELECT count(*) FROM cruscotti_da_rifare").fetchone() == (0,)


def _confronta_uno(conti, dal, al, filtri, visibili) -> None:
    fine = fra_mesi(al, 1) - datetime.timedelta(1)
    chiesta = "SELECT * FROM registro_cruscotto_rete(%s, %s, %s, %s, %s, %s, %s)"
    for per in PER:
        risposta = {riga[0]: riga[1:] for riga in _chiedi(chiesta, per, dal, al, *filtri)}
        assert risposta == conti.rete(per, dal, fine, filtri, visibili), (per, dal, al, filtri)
        if per != "mese":
            casi = dict(
                _chiedi(
                    "SELECT * FROM registro_cruscotto_casi(%s, %s, %s, %s, %s, %s)",
                    *(per, fine, *filtri),
                )
            )
            assert casi == conti.casi_aperti(per, fine, filtri, visibili), (per, filtri)
    bisogni = _chiedi(
        "SELECT * FROM registro_cruscotto_bisogni(%s, %s, %s, %s, %s, %s)", dal, fine, *filtri
    )
    attesi = conti.bisogni_per_stato(dal, fine, filtri, visibili)
    assert {stato: tuple(resto) for stato, *resto in bisogni} == attesi, filtri


@pytest.mark.parametrize("seme", SEMI)
def test_in_ogni_mondo_i_numeri_della_rete_sono_quelli_dell_oracolo(a_parte, seme):
    mondo = MondoDiNumeri(seme)
    for giro in range(3):
        mondo.cambia(25)
        ricalcola()
        celle_giuste(a_parte)
        conti = Conti(a_parte)
        # Una volta contate adesso, una volta già pronte; la terza, pronte prima di altri cambi.
        if giro:
            prepara(PERIODI, entro=PAZIENZA)
        confronta(mondo, conti)
    # Con un ente che trasloca le celle non valgono più, e risponde il conto sulle presenze.
    mondo.trasloca()
    confronta(mondo, Conti(a_parte))
    # Da capo viene lo stesso che un poco alla volta.
    ricalcola(tutto=True)
    celle_giuste(a_parte)
    confronta(mondo, Conti(a_parte))


def test_prima_del_ricalcolo_i_numeri_sono_quelli_di_prima(a_parte):
    mondo = MondoDiNumeri(99)
    mondo.cambia(20)
    ricalcola()
    prima = Conti(a_parte)

    for _ in range(5):
        mondo.eroga()

    chiesta = "SELECT * FROM registro_cruscotto_rete('azione', '2000-01-01', '2026-11-01', NULL, NULL, NULL, NULL)"
    with come(mondo.della_rete):
        risposta = {riga[0]: riga[1:] for riga in _chiedi(chiesta)}
        (in_attesa,) = _chiedi("SELECT in_attesa FROM registro_cruscotto_stato()")[0]
    dal, al = datetime.date(2000, 1, 1), datetime.date(2026, 11, 30)
    assert risposta == prima.rete("azione", dal, al, (None,) * 4, prima.nodo_di)
    assert in_attesa > 0


# Guasti piantati apposta: (funzione, pezzo, che cosa diventa).
GUASTI = {
    "persone_non_arrotondate": (
        "cruscotti_risponde",
        "(round(coalesce(persone.persone, 0) / 5.0) * 5)::bigint",
        "coalesce(persone.persone, 0)",
    ),
    "persone_di_un_ente_non_arrotondate": (
        "cruscotti_conta",
        "(round(coalesce(persone.persone, 0) / 5.0) * 5)::bigint",
        "coalesce(persone.persone, 0)",
    ),
    "casi_non_arrotondati": (
        "registro_cruscotto_casi",
        "(round(count(*) / 5.0) * 5)::bigint",
        "count(*)",
    ),
    "bisogni_non_arrotondati": (
        "registro_cruscotto_bisogni",
        "(round(sum(r.quanti) / 5.0) * 5)::bigint",
        "sum(r.quanti)::bigint",
    ),
    "chi_torna_si_riconta": (
        "cruscotti_risponde",
        "c.precedente < primo",
        "true",
    ),
    "celle_solo_aggiunte": (
        "registro_ricalcola_cruscotti",
        "quante = c.quante - x.quante",
        "quante = c.quante",
    ),
    "celle_del_nodo_di_ieri": (
        "cruscotti_butta_risposte",
        "INSERT INTO public.cruscotti_da_rifare DEFAULT VALUES;",
        "",
    ),
    "nodo_di_altri": (
        "cruscotti_risponde",
        "(rete OR e.nodo_id = ANY(nodi))",
        "true",
    ),
    "ente_di_altri": (
        "cruscotti_conta",
        "(rete OR e.nodo_id = ANY(nodi))",
        "true",
    ),
    "risposta_di_un_altro_nodo": (
        "registro_cruscotto_rete",
        "WHEN p_nodo IS NULL AND cardinality(nodi) = 1 THEN nodi[1]",
        "WHEN p_nodo IS NULL THEN 0",
    ),
    "risposta_vecchia": (
        "registro_ricalcola_cruscotti",
        "toccato BETWEEN a.dal AND a.al",
        "false",
    ),
    "casi_di_altri_nodi": ("registro_cruscotto_casi", "(rete OR e.nodo_id = ANY(nodi))", "true"),
    "bisogni_di_altri_nodi": (
        "registro_cruscotto_bisogni",
        "(rete OR e.nodo_id = ANY(nodi))",
        "true",
    ),
    "legami_annullati_contati": (
        "registro_ricalcola_cruscotti",
        "l.stato = 'annullato'",
        "false",
    ),
    "unioni_ignorate": (
        "registro_ricalcola_cruscotti",
        "'u' || coalesce(b.unito_a_id, b.id)",
        "'u' || b.id",
    ),
    "chi_non_ha_piu_una_chiave_resta": (
        "registro_ricalcola_cruscotti",
        "WHERE r.beneficiario_id = d.chi AND r.azione_id",
        "WHERE EXISTS (SELECT 1 FROM public.cruscotti_chiave k WHERE k.beneficiario_id = d.chi)"
        " AND r.beneficiario_id = d.chi AND r.azione_id",
    ),
    "chi_se_ne_va_resta": (
        "registro_ricalcola_cruscotti",
        "(v.mesi & ~t.maschera) | coalesce(a.mesi, 0)",
        "v.mesi | coalesce(a.mesi, 0)",
    ),
}


# Senza FUGHE=lunga se ne provano due: l'arrotondamento e il confine fra nodi.
BREVI = ("persone_non_arrotondate", "nodo_di_altri")


@pytest.mark.parametrize(
    "guasto", [None, *(GUASTI if LUNGA else BREVI)], ids=lambda nome: nome or "nessuno"
)
def test_ogni_guasto_piantato_apposta_si_trova(a_parte, guasto):
    """Senza guasti la stessa prova passa: se fallisse da sola, ogni guasto sembrerebbe trovato."""
    con_guasto = funzione(*GUASTI[guasto])(a_parte) if guasto else nullcontext()
    atteso = pytest.raises(AssertionError) if guasto else nullcontext()
    with con_guasto, atteso:
        for seme in (1, 2, 3) if LUNGA else (1,):
            mondo = MondoDiNumeri(seme)
            for _ in range(3):
                mondo.cambia(30)
                ricalcola()
                prepara(PERIODI, entro=PAZIENZA)
                confronta(mondo, Conti(a_parte))
            mondo.trasloca()
            confronta(mondo, Conti(a_parte))
    ricalcola(tutto=True)
