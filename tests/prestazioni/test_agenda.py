"""L'agenda: appuntamenti che diventano prestazioni, ciò che resta da registrare, chi si trascura."""

import datetime
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assi.models import EnteDiAzione
from beneficiari.models import Recapito
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from prestazioni.azioni.agenda import Impegno, fatto, fissa
from prestazioni.models import Appuntamento, Modo, Partecipazione, Prestazione
from prestazioni.sguardi.agenda import da_registrare, senza_contatti, visite
from privacy.gruppi import Uscita
from privacy.letture import registra_letture
from registro.comune.mesi import fra_mesi
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    BeneficiarioFactory,
    ComponenteFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    RecapitoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    AppuntamentoFactory,
    FoglioOreFactory,
    GruppoPresenzeFactory,
    PartecipazioneFactory,
    PrestazioneFactory,
    ServizioFactory,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

ADESSO = timezone.now()
OGGI = timezone.localdate()
UN_ORA = datetime.timedelta(hours=1)
UN_GIORNO = datetime.timedelta(days=1)


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def presa(operatore):
    persona = BeneficiarioFactory(ente=operatore.ente, cognome="Bo", nome="Ada")
    return _presa(operatore, persona)


@pytest.fixture
def servizio(operatore):
    return ServizioFactory(ente=operatore.ente, nome="Colloquio")


def _presa(chi, persona, **altro):
    return PresaInCaricoFactory(
        beneficiario=persona,
        operatore=chi.utente,
        **{"aperta_il": OGGI - datetime.timedelta(days=200)} | altro,
    )


def _appuntamento(chi, presa=None, **altro):
    con = {"presa": presa, "beneficiario": presa.beneficiario} if presa else {}
    return AppuntamentoFactory(
        ente=chi.ente, operatore=chi.utente, **{"quando": ADESSO - UN_GIORNO} | con | altro
    )


def _riservato(custode, persona, indirizzo):
    """Lo scrive chi lo custodisce: nessun altro può."""
    with come(custode):
        Recapito.objects.create(
            ente=custode.ente,
            beneficiario=persona,
            tipo=Recapito.Tipo.INDIRIZZO,
            valore=indirizzo,
            riservato=True,
            custode=custode.utente,
        )


def _riletto(chi, suo) -> Appuntamento:
    with come(chi), registra_letture("prova"):
        return Appuntamento.objects.per_elenco().get(pk=suo.pk)


def _contati(chi, modello) -> int:
    with come(chi):
        return modello.objects.filter(ente=chi.ente).count()


def _dati(persona=None, **altro) -> dict:
    return {
        "uuid": uuid4(),
        "persona": persona.uuid if persona else "",
        "giorno": (OGGI + UN_GIORNO).isoformat(),
        "ora": "09:30",
        "durata": "1h",
        "modo": "presenza",
        "luogo": "",
        "servizio": "",
        "azione": "",
        "oggetto": "",
    } | altro


def _indirizzo(nome, suo=None) -> str:
    return reverse(f"prestazioni:{nome}", args=[suo.uuid] if suo else [])


def _letture(chi, pagina) -> list[tuple]:
    with come_sistema(chi.ente), connection.cursor() as cursore:
        cursore.execute(
            "SELECT uscita, gruppi FROM privacy_registroaccessi WHERE pagina = %s", [pagina]
        )
        return cursore.fetchall()


def test_si_fissa_un_appuntamento_con_una_persona_e_la_sua_presa_in_carico(
    client, operatore, presa, servizio
):
    dati = _dati(presa.beneficiario, servizio=servizio.uuid)
    client.entra(operatore)

    for _ in range(2):
        risposta = client.post(_indirizzo("appuntamento_nuovo"), dati)

    assert risposta.status_code == 302
    with come(operatore), registra_letture("prova"):
        (suo,) = Appuntamento.objects.per_elenco()
    assert (suo.persona, suo.presa, suo.servizio) == (presa.beneficiario, presa, servizio)
    assert timezone.localtime(suo.quando).strftime("%H:%M") == "09:30"
    assert (suo.minuti, suo.operatore) == (60, operatore.utente)


@pytest.mark.parametrize(
    ("scritto", "frase"),
    [
        ({"ora": ""}, "Scrivi a che ora"),
        ({"ora": "sera"}, "14:30"),
        ({"durata": "25h"}, "1 minuto a 24 ore"),
        ({"giorno": ""}, "Scrivi il giorno"),
    ],
)
def test_cio_che_non_va_si_dice_e_la_persona_resta_scelta(
    client, operatore, presa, scritto, frase
):
    risposta = client.entra(operatore).post(
        _indirizzo("appuntamento_nuovo"), _dati(presa.beneficiario, **scritto)
    )

    assert risposta.status_code == 422
    assert frase in risposta.content.decode()
    assert risposta.context["scelta"].persona == presa.beneficiario
    assert _contati(operatore, Appuntamento) == 0


def test_un_azione_per_cui_non_e_seguita_si_rifiuta(client, operatore, presa):
    altra = PresaInCaricoFactory().azione
    EnteDiAzione.objects.create(azione=altra, ente=operatore.ente)

    risposta = client.entra(operatore).post(
        _indirizzo("appuntamento_nuovo"), _dati(presa.beneficiario, azione=altra.slug)
    )

    assert risposta.status_code == 422
    assert "non ha una presa in carico aperta" in risposta.content.decode()


@pytest.mark.parametrize("gesto", ["cerca", ""])
def test_cercare_una_persona_non_perde_cio_che_e_scritto(client, operatore, presa, gesto):
    dati = _dati(gesto=gesto, testo="bo", oggetto="Portare i moduli")

    pagina = client.entra(operatore).post(_indirizzo("appuntamento_nuovo"), dati)

    assert pagina.status_code == 200
    assert presa.beneficiario in [voce.persona for voce in pagina.context["pastiglie"]]
    assert "Portare i moduli" in pagina.content.decode()
    assert _contati(operatore, Appuntamento) == 0


def test_un_indirizzo_riservato_non_va_in_agenda(client, presa, operatore):
    _riservato(operatore, presa.beneficiario, "Via Segreta 9, Asti")

    risposta = client.entra(operatore).post(
        _indirizzo("appuntamento_nuovo"),
        _dati(presa.beneficiario, modo="domicilio", luogo="via segreta 9"),
    )

    assert risposta.status_code == 422
    assert "riservato" in risposta.context["form"].errors["luogo"][0]
    assert _contati(operatore, Appuntamento) == 0


def test_un_tocco_registra_la_prestazione_e_chiude_l_appuntamento(
    client, operatore, presa, servizio
):
    suo = _appuntamento(operatore, presa, servizio=servizio, minuti=45, modo="domicilio")
    client.entra(operatore)

    for _ in range(2):
        risposta = client.post(_indirizzo("appuntamento_fatto", suo))

    assert risposta.status_code == 302
    riletto = _riletto(operatore, suo)
    with come(operatore), registra_letture("prova"):
        nata = Prestazione.objects.per_elenco().get()
        (chi,) = Partecipazione.objects.all()
    assert (riletto.stato, riletto.prestazione_id) == ("fatto", nata.pk)
    assert (nata.servizio, nata.minuti, nata.modo) == (servizio, 45, "domicilio")
    assert nata.giorno == timezone.localdate(suo.quando)
    assert (chi.presa_id, chi.beneficiario_id) == (presa.pk, presa.beneficiario.pk)


def test_se_manca_il_servizio_lo_si_chiede(client, operatore, presa, servizio):
    suo = _appuntamento(operatore, presa, minuti=30)
    client.entra(operatore)

    chiesto = client.post(_indirizzo("appuntamento_fatto", suo))
    vuoto = client.post(_indirizzo("appuntamento_fatto", suo), {"servizio": "", "durata": ""})
    detto = client.post(
        _indirizzo("appuntamento_fatto", suo), {"servizio": servizio.uuid, "durata": "1h30"}
    )

    assert (chiesto.status_code, vuoto.status_code, detto.status_code) == (200, 422, 302)
    assert "Scegli che cosa hai fatto" in vuoto.content.decode()
    with come(operatore):
        assert Prestazione.objects.get().minuti == 90


def test_chi_non_e_seguita_si_registra_da_un_altra_parte_e_intanto_si_chiude(
    client, operatore, servizio
):
    persona = BeneficiarioFactory(ente=operatore.ente)
    suo = _appuntamento(operatore, servizio=servizio, minuti=30, beneficiario=persona)
    client.entra(operatore)

    rifiuto = client.post(_indirizzo("appuntamento_fatto", suo))
    chiuso = client.post(_indirizzo("appuntamento_fatto", suo), {"gesto": "chiudi"})

    assert "non ha una presa in carico aperta" in rifiuto.content.decode()
    assert chiuso.status_code == 302
    assert _riletto(operatore, suo).stato == "fatto"
    assert _contati(operatore, Prestazione) == 0


def test_un_appuntamento_di_domani_non_e_ancora_fatto(operatore, presa, servizio):
    suo = _appuntamento(operatore, presa, servizio=servizio, minuti=30, quando=ADESSO + UN_GIORNO)

    with (
        come(operatore),
        registra_letture("prova"),
        pytest.raises(ValidationError, match="futuro"),
    ):
        fatto(suo, da=operatore)
    assert _riletto(operatore, suo).stato == "previsto"


def test_rimetterlo_fra_i_previsti_annulla_cio_che_ne_era_nato(client, operatore, presa, servizio):
    suo = _appuntamento(operatore, presa, servizio=servizio, minuti=45)
    client.entra(operatore)
    client.post(_indirizzo("appuntamento_fatto", suo))

    client.post(_indirizzo("appuntamento_rimetti", suo))
    rimesso = _riletto(operatore, suo)
    senza = _contati(operatore, Prestazione)
    client.post(_indirizzo("appuntamento_fatto", suo))

    assert (rimesso.stato, rimesso.prestazione_id, senza) == ("previsto", None, 0)
    assert _contati(operatore, Prestazione) == 1


def test_se_il_mese_e_firmato_non_si_rimette(client, operatore, presa, servizio):
    mese = fra_mesi(OGGI.replace(day=1), -1)
    quando = timezone.make_aware(datetime.datetime.combine(mese, datetime.time(10)))
    suo = _appuntamento(operatore, presa, servizio=servizio, minuti=45, quando=quando)
    client.entra(operatore)
    client.post(_indirizzo("appuntamento_fatto", suo))
    FoglioOreFactory(ente=operatore.ente, operatore=operatore.utente, mese=mese)

    risposta = client.post(_indirizzo("appuntamento_rimetti", suo), follow=True)

    assert "già firmato" in risposta.content.decode()
    assert _riletto(operatore, suo).stato == "fatto"
    assert _contati(operatore, Prestazione) == 1


@pytest.mark.parametrize(
    ("gesto", "stato"),
    [("appuntamento_mancato", "mancato"), ("appuntamento_annulla", "annullato")],
)
def test_mancato_e_annullato_si_segnano_e_si_rimettono(client, operatore, presa, gesto, stato):
    suo = _appuntamento(operatore, presa)
    client.entra(operatore)

    client.post(_indirizzo(gesto, suo))
    segnato = _riletto(operatore, suo).stato
    client.post(_indirizzo("appuntamento_rimetti", suo))

    assert segnato == stato
    assert _riletto(operatore, suo).stato == "previsto"


def test_spostarlo_cambia_il_giorno_e_uno_chiuso_non_si_sposta(client, operatore, presa):
    suo = _appuntamento(operatore, presa)
    client.entra(operatore)
    dati = _dati(presa.beneficiario, uuid=suo.uuid, luogo="In ufficio")

    spostato = client.post(_indirizzo("appuntamento", suo), dati)
    client.post(_indirizzo("appuntamento_annulla", suo))
    chiuso = client.post(_indirizzo("appuntamento", suo), dati | {"luogo": "Altrove"})

    assert (spostato.status_code, chiuso.status_code) == (302, 422)
    riletto = _riletto(operatore, suo)
    assert riletto.luogo == "In ufficio"
    assert timezone.localdate(riletto.quando) == OGGI + UN_GIORNO


def test_di_un_collega_non_si_tocca_il_referente_si_un_altro_ente_non_lo_vede(
    client, operatore, presa
):
    suo = _appuntamento(operatore, presa)
    chi = {
        403: attore(ente=operatore.ente),
        200: attore(Ruolo.REFERENTE, ente=operatore.ente),
        404: attore(Ruolo.REFERENTE),
    }

    stati = {
        client.entra(voce).get(_indirizzo("appuntamento", suo)).status_code
        for voce in chi.values()
    }

    assert stati == set(chi)


def test_la_settimana_mostra_i_giorni_e_annota_chi_si_e_letto(client, operatore, presa, servizio):
    _appuntamento(operatore, presa, quando=ADESSO, servizio=servizio)
    _appuntamento(operatore, oggetto="Telefonare in comune", quando=ADESSO)

    pagina = client.entra(operatore).get(_indirizzo("agenda"))

    assert len(pagina.context["giorni"]) == 7
    testo = pagina.content.decode()
    assert "Bo Ada" in testo
    assert "Telefonare in comune" in testo
    assert _letture(operatore, "prestazioni:agenda")


def test_cento_appuntamenti_chiedono_poche_cose_al_database(client, operatore, servizio):
    for n in range(10):
        persona = BeneficiarioFactory(ente=operatore.ente)
        _appuntamento(
            operatore,
            _presa(operatore, persona),
            quando=ADESSO - datetime.timedelta(minutes=n),
            servizio=servizio,
        )
    client.entra(operatore)

    with al_massimo(15):
        client.get(_indirizzo("agenda"))


def test_da_registrare_ha_gli_appuntamenti_passati_e_i_gruppi_di_oggi(operatore, presa, servizio):
    passato = _appuntamento(operatore, presa)
    _appuntamento(operatore, presa, stato="mancato")
    _appuntamento(operatore, presa, quando=ADESSO + UN_ORA)
    _appuntamento(attore(ente=operatore.ente), presa)
    di_oggi = {
        "ente": operatore.ente,
        "operatore": operatore.utente,
        "servizio": servizio,
        "giorni": [OGGI.weekday()],
    }
    da_segnare = GruppoPresenzeFactory(**di_oggi)
    segnato = GruppoPresenzeFactory(**di_oggi)
    GruppoPresenzeFactory(**di_oggi | {"giorni": [(OGGI.weekday() + 1) % 7]})
    PrestazioneFactory(
        ente=operatore.ente,
        servizio=servizio,
        gruppo=segnato,
        azione=segnato.azione,
        operatore=operatore.utente,
        giorno=OGGI,
    )

    with come(operatore), registra_letture("prova"):
        resta = da_registrare(operatore, timezone.now())

    assert resta.appuntamenti == [passato]
    assert resta.gruppi == [da_segnare]


def test_sul_foglio_delle_visite_c_e_solo_cio_che_serve_e_niente_di_riservato(
    client, operatore, presa
):
    persona = presa.beneficiario
    RecapitoFactory(beneficiario=persona, tipo="telefono", valore="333 1234567")
    _riservato(operatore, persona, "Via Segreta 9")
    _appuntamento(operatore, presa, quando=ADESSO, modo=Modo.DOMICILIO, luogo="Al parco")
    _appuntamento(operatore, presa, quando=ADESSO + UN_ORA / 60, modo=Modo.DOMICILIO)
    _appuntamento(operatore, presa, quando=ADESSO, modo=Modo.TELEFONO)

    pagina = client.entra(operatore).get(_indirizzo("visite"), {"giorno": OGGI.isoformat()})

    righe = pagina.context["visite"]
    assert [(voce.telefono, voce.dove) for voce in righe] == [
        ("333 1234567", "Al parco"),
        ("333 1234567", ""),
    ]
    assert "Segreta" not in pagina.content.decode()
    uscite = {uscita for uscita, _ in _letture(operatore, "prestazioni:visite")}
    assert uscite == {Uscita.PDF}


def test_senza_un_luogo_il_foglio_porta_l_indirizzo_che_non_e_riservato(operatore, presa):
    RecapitoFactory(beneficiario=presa.beneficiario, tipo="indirizzo", valore="Via Roma 1")
    _appuntamento(operatore, presa, quando=ADESSO, modo=Modo.DOMICILIO)

    with come(operatore), registra_letture("prova"):
        (visita,) = visite(operatore, OGGI)

    assert visita.dove == "Via Roma 1"


def _trascurate(chi, giorni=30):
    with come(chi), registra_letture("prova"):
        return [(voce, voce.ultimo) for voce in senza_contatti(chi, giorni, OGGI)]


def _vista(presa, giorni_fa):
    giorno = OGGI - datetime.timedelta(days=giorni_fa)
    riga = PrestazioneFactory(
        ente=presa.ente,
        servizio=ServizioFactory(ente=presa.ente),
        azione=presa.azione,
        giorno=giorno,
    )
    PartecipazioneFactory(presa=presa, prestazione=riga)
    return giorno


def test_chi_non_si_vede_da_piu_tempo_viene_prima(operatore, presa):
    altra = _presa(operatore, BeneficiarioFactory(ente=operatore.ente))
    recente = _presa(operatore, BeneficiarioFactory(ente=operatore.ente))
    nuova = BeneficiarioFactory(ente=operatore.ente)
    _presa(operatore, nuova, aperta_il=OGGI - datetime.timedelta(days=3))
    giorno = _vista(altra, 40)
    _vista(recente, 5)

    assert _trascurate(operatore) == [(presa.beneficiario, None), (altra.beneficiario, giorno)]
    assert [voce for voce, _ in _trascurate(operatore, 60)] == [presa.beneficiario]


def test_un_contatto_col_nucleo_vale_per_chi_ci_vive(operatore):
    nucleo = NucleoFactory(ente=operatore.ente)
    persona = BeneficiarioFactory(ente=operatore.ente)
    ComponenteFactory(nucleo=nucleo, beneficiario=persona, dal=OGGI - datetime.timedelta(days=300))
    sua = _presa(operatore, None, nucleo=nucleo, ente=operatore.ente)

    prima = _trascurate(operatore)
    _vista(sua, 10)

    assert [voce for voce, _ in prima] == [persona]
    assert _trascurate(operatore) == []


def test_dopo_un_unione_conta_anche_la_riga_assorbita(operatore, presa):
    assorbita = BeneficiarioFactory(ente=operatore.ente)
    sua = _presa(operatore, assorbita)
    _vista(sua, 5)
    with come_sistema(operatore.ente):
        type(assorbita).objects.filter(pk=assorbita.pk).update(unito_a=presa.beneficiario)

    assert _trascurate(operatore) == []


def test_le_persone_trascurate_si_leggono_a_pagine_e_chi_si_mostra_resta_scritto(
    client, operatore
):
    for _ in range(32):
        _presa(operatore, BeneficiarioFactory(ente=operatore.ente))
    client.entra(operatore)

    with al_massimo(15):
        pagina = client.get(_indirizzo("trascurate"), {"giorni": 60})

    assert len(pagina.context["righe"]) == 30
    letture = _letture(operatore, "prestazioni:trascurate")
    assert len(letture) == 30
    assert all("prestazioni" in gruppi for _, gruppi in letture)
    viste = {voce.pk for voce, _ in pagina.context["righe"]}
    seguente = client.get(
        _indirizzo("trascurate"), {"giorni": 60, "pagina": pagina.context["pagina"].successiva}
    )
    altre = {voce.pk for voce, _ in seguente.context["righe"]}
    assert len(altre) == 2
    assert not viste & altre


def test_un_vincolo_non_lascia_fissare_durate_impossibili(operatore):
    with come(operatore), pytest.raises(ValidationError, match="24 ore"):
        fissa(Impegno(quando=ADESSO, minuti=5000), uuid=uuid4(), da=operatore)
