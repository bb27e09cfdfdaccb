"""Le regole che il database tiene sempre, e il confine sulle prestazioni."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction
from django.utils import timezone

from beneficiari.models import PresaInCarico
from enti.permessi import Ruolo
from prestazioni.azioni.prestazioni import CAMBIATA, Fatto, Presente, annulla, correggi, registra
from prestazioni.models import (
    FoglioOre,
    NotaDiPrestazione,
    Partecipazione,
    Prestazione,
    StoriaPrestazione,
)
from privacy.letture import registra_letture
from registro.comune.vincoli import frasi_del_database
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    ComponenteFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    FoglioOreFactory,
    PartecipazioneFactory,
    ServizioFactory,
)


pytestmark = pytest.mark.django_db

OGGI = datetime.date(2026, 3, 20)


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def presa(operatore):
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente), operatore=operatore.utente
    )


@pytest.fixture
def servizio(operatore):
    return ServizioFactory(ente=operatore.ente)


@pytest.fixture
def fatto(presa, servizio):
    return Fatto(servizio=servizio, azione=presa.azione, giorno=OGGI, minuti=45)


def _presenti(presa) -> list[Presente]:
    return [Presente(presa, presa.beneficiario)]


def _registra(fatto, presa, da, **altro) -> Prestazione:
    with come(da), registra_letture("prova"):
        presenti = altro.pop("presenti", None) or _presenti(presa)
        return registra(fatto, uuid=altro.pop("uuid", uuid4()), presenti=presenti, da=da, **altro)


def _con(fatto, **altro) -> Fatto:
    return Fatto(**{nome: getattr(fatto, nome) for nome in fatto.__dataclass_fields__} | altro)


def _rifiuto(fatto, presa, da, **altro) -> str:
    with pytest.raises(ValidationError) as rifiuto:
        _registra(fatto, presa, da, **altro)
    return rifiuto.value.messages[0]


def test_registra_scrive_chi_c_era_con_giorno_azione_e_voce(fatto, presa, operatore):
    prestazione = _registra(fatto, presa, operatore)

    with come(operatore), registra_letture("prova"):
        riga = Partecipazione.objects.get(prestazione=prestazione)
    assert (riga.giorno, riga.azione_id) == (OGGI, presa.azione_id)
    assert riga.voce_id == fatto.servizio.voce_id
    assert riga.beneficiario_id == presa.beneficiario_id


def test_la_stessa_richiesta_due_volte_e_una_riga_sola(fatto, presa, operatore):
    uuid = uuid4()

    prima = _registra(fatto, presa, operatore, uuid=uuid)
    seconda = _registra(_con(fatto, minuti=60), presa, operatore, uuid=uuid)

    assert seconda.pk == prima.pk
    with come(operatore):
        assert Prestazione.objects.get().minuti == 45


@pytest.mark.parametrize(
    ("altro", "frase"),
    [
        ({"giorno": datetime.date(2096, 1, 1)}, "futuro"),
        ({"giorno": datetime.date(1926, 3, 2)}, "troppo lontana"),
        ({"minuti": 0}, "da 1 minuto a 24 ore"),
        ({"minuti": 1441}, "da 1 minuto a 24 ore"),
        ({"quantita": 0}, "maggiore di zero"),
        ({"senza_nome": 0}, "da 1 a 5.000"),
        ({"giorno": datetime.date(2025, 12, 31)}, "non era ancora aperta"),
    ],
)
def test_un_valore_impossibile_ha_la_sua_frase(fatto, presa, operatore, altro, frase):
    assert frase in _rifiuto(_con(fatto, **altro), presa, operatore)


def test_dopo_la_chiusura_non_si_registra_e_si_dice_che_fare(fatto, operatore):
    chiusa = PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente),
        azione=fatto.azione,
        chiusa_il=OGGI - datetime.timedelta(1),
        esito=_esito(),
    )

    assert "già chiusa: riaprila" in _rifiuto(fatto, chiusa, operatore)


def _esito():
    return TipoDiChiusuraFactory()


def test_un_servizio_di_un_altro_ente_o_chiuso_non_si_usa(fatto, presa, operatore):
    chiuso = ServizioFactory(ente=operatore.ente, al=OGGI - datetime.timedelta(1))

    for servizio in (ServizioFactory(), chiuso):
        frase = _rifiuto(_con(fatto, servizio=servizio), presa, operatore)
        assert "non offriva questo servizio" in frase


def test_la_presa_e_della_persona_o_del_suo_nucleo(fatto, presa, operatore):
    altra = BeneficiarioFactory(ente=operatore.ente)
    del_nucleo = ComponenteFactory(beneficiario=altra, dal=datetime.date(2026, 1, 1))
    di_nucleo = PresaInCaricoFactory(
        beneficiario=None, nucleo=del_nucleo.nucleo, ente=operatore.ente, azione=fatto.azione
    )

    sbagliata = _rifiuto(fatto, presa, operatore, presenti=[Presente(presa, altra)])
    fuori = _rifiuto(fatto, presa, operatore, presenti=[Presente(di_nucleo, presa.beneficiario)])
    _registra(fatto, presa, operatore, presenti=[Presente(di_nucleo, altra)])
    _registra(fatto, presa, operatore, presenti=[Presente(di_nucleo, None)])

    assert "di un'altra persona" in sbagliata
    assert "non faceva parte del nucleo" in fuori


def test_senza_nessuno_non_si_registra_ma_con_persone_senza_nome_si(fatto, presa, operatore):
    with come(operatore), pytest.raises(ValidationError, match="Scegli almeno una persona"):
        registra(fatto, uuid=uuid4(), presenti=[], da=operatore)
    with come(operatore):
        registra(_con(fatto, senza_nome=12), uuid=uuid4(), presenti=[], da=operatore)
        assert Prestazione.objects.get().senza_nome == 12


def test_correggere_sposta_anche_chi_c_era_e_conserva_com_era(fatto, presa, operatore):
    prestazione = _registra(fatto, presa, operatore)
    nuovo = OGGI + datetime.timedelta(1)

    with come(operatore), registra_letture("prova"):
        correggi(
            prestazione,
            _con(fatto, giorno=nuovo, minuti=60),
            presenti=_presenti(presa),
            versione=1,
            da=operatore,
        )
        assert Partecipazione.objects.get().giorno == nuovo
        with pytest.raises(ValidationError, match=CAMBIATA):
            correggi(prestazione, fatto, presenti=_presenti(presa), versione=1, da=operatore)
    referente = attore(Ruolo.REFERENTE, ente=operatore.ente)
    with come(referente):
        assert [s.minuti for s in StoriaPrestazione.objects.all()] == [45]


def test_annullare_toglie_tutto_e_la_storia_resta(fatto, presa, operatore):
    prestazione = _registra(fatto, presa, operatore, nota="Un appunto inventato.")
    collega = attore(ente=operatore.ente)
    referente = attore(Ruolo.REFERENTE, ente=operatore.ente)

    with come(collega), pytest.raises(PermissionDenied):
        annulla(prestazione, da=collega)
    with come(referente):
        annulla(prestazione, da=referente)
        assert not Prestazione.objects.exists()
        assert StoriaPrestazione.objects.get().pgh_label == "tolta"


def test_un_mese_firmato_non_si_tocca_piu(fatto, presa, operatore):
    prestazione = _registra(fatto, presa, operatore)
    FoglioOreFactory(ente=operatore.ente, operatore=operatore.utente, mese=OGGI.replace(day=1))

    assert "già firmato" in _rifiuto(fatto, presa, operatore)
    for gesto in (
        lambda: annulla(prestazione, da=operatore),
        lambda: correggi(
            prestazione,
            _con(fatto, giorno=OGGI + datetime.timedelta(40)),
            presenti=_presenti(presa),
            versione=1,
            da=operatore,
        ),
    ):
        with (
            come(operatore),
            registra_letture("prova"),
            pytest.raises(ValidationError, match="già firmato"),
        ):
            gesto()


def test_un_mese_si_firma_finito_e_lo_firma_chi_risponde(operatore):
    questo = timezone.localdate().replace(day=1)
    with pytest.raises(Exception, match="quando è finito"):
        FoglioOreFactory(ente=operatore.ente, operatore=operatore.utente, mese=questo)
    campi = {"ente": operatore.ente, "operatore": operatore.utente, "mese": OGGI.replace(day=1)}

    with come(operatore), pytest.raises(ProgrammingError), transaction.atomic():
        FoglioOre.objects.create(firmato_da=operatore.utente, **campi)


def test_chiudere_una_presa_prima_delle_sue_prestazioni_si_rifiuta(fatto, presa, operatore):
    _registra(fatto, presa, operatore)

    with (
        come(operatore),
        pytest.raises(ValidationError, match="fuori da queste date"),
        frasi_del_database(),
    ):
        PresaInCarico.objects.filter(pk=presa.pk).update(
            chiusa_il=OGGI - datetime.timedelta(3), esito=_esito()
        )


def test_nessuno_registra_a_nome_di_un_altro(fatto, presa, operatore):
    collega = attore(ente=operatore.ente)
    altrui = {"registrata_da": collega.utente, "operatore": operatore.utente}

    with come(operatore), pytest.raises(ProgrammingError), transaction.atomic():
        Prestazione.objects.create(
            ente=operatore.ente,
            servizio=fatto.servizio,
            azione=fatto.azione,
            giorno=OGGI,
            **altrui,
        )


def test_un_altro_ente_non_vede_e_con_il_permesso_vede_solo_chi_c_era(fatto, presa, operatore):
    _registra(fatto, presa, operatore)
    altro = attore()

    with come(altro):
        assert not Prestazione.objects.exists()
        assert not Partecipazione.objects.exists()
    AutorizzazioneFactory(
        beneficiario=presa.beneficiario,
        destinatario=altro.ente,
        gruppi=["anagrafica", "prestazioni"],
        finalita="presa-in-carico",
    )
    with come(altro, "presa-in-carico"), registra_letture("prova"):
        assert [p.minuti for p in Partecipazione.objects.all()] == [None]
        assert not Prestazione.objects.exists()
        assert not NotaDiPrestazione.objects.exists()


def test_la_nota_la_legge_chi_l_ha_scritta_e_chi_segue_la_persona(fatto, presa, operatore):
    collega = attore(ente=operatore.ente)
    _registra(fatto, presa, collega, nota="Un appunto inventato.")
    terzo = attore(ente=operatore.ente)

    for chi, quante in ((collega, 1), (operatore, 1), (terzo, 0)):
        with come(chi), registra_letture("prova"):
            assert len(NotaDiPrestazione.objects.all()) == quante
    with come(operatore), registra_letture("prova"):
        assert NotaDiPrestazione.objects.get().testo == "Un appunto inventato."


def test_una_partecipazione_di_fabbrica_sta_nella_sua_presa():
    riga = PartecipazioneFactory()

    assert riga.ente_id == riga.presa.ente_id == riga.prestazione.ente_id
