"""Le pagine degli esiti di una presa in carico e dei percorsi che li producono."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from prestazioni.models import Esito, PianoRientro, PraticaCasa, Rata, Tirocinio
from registro.comune.mesi import fra_mesi
from tests.fabbriche import AsseFactory, EnteFactory, attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    ComponenteFactory,
    NucleoFactory,
    PresaInCaricoFactory,
    come,
)
from tests.fabbriche_prestazioni import (
    EsitoFactory,
    PianoRientroFactory,
    PraticaCasaFactory,
    RataFactory,
    TipoDiEsitoFactory,
    TirocinioFactory,
)


pytestmark = pytest.mark.django_db

OGGI = timezone.localdate()
INIZIO = datetime.date(2026, 2, 1)


@pytest.fixture
def operatore():
    return attore()


@pytest.fixture
def casa(db):
    return AsseFactory(slug="housing", denominazione="Housing")


@pytest.fixture
def presa(operatore, casa):
    return PresaInCaricoFactory(
        beneficiario=BeneficiarioFactory(ente=operatore.ente),
        operatore=operatore.utente,
        azione=AzioneFactory(asse=casa),
        aperta_il=datetime.date(2025, 1, 15),
    )


def _url(nome, *argomenti, **filtri):
    chiesti = "&".join(f"{nome}={valore}" for nome, valore in filtri.items())
    return reverse(f"prestazioni:{nome}", args=argomenti) + (f"?{chiesti}" if chiesti else "")


# Gli esiti di una presa in carico ----------------------------------------------------------------


def test_dalla_presa_in_carico_si_arriva_ai_suoi_esiti(client, operatore, presa):
    pagina = client.entra(operatore).get(reverse("beneficiari:caso", args=[presa.uuid]))

    assert _url("esiti_caso", presa.uuid) in pagina.text


def test_senza_esiti_la_pagina_dice_che_cosa_sono(client, operatore, presa):
    pagina = client.entra(operatore).get(_url("esiti_caso", presa.uuid))

    assert "Nessun esito ancora" in pagina.text
    assert _url("esito_nuovo", presa.uuid) in pagina.text


def test_chi_non_segue_legge_ma_non_ha_bottoni(client, presa):
    collega = attore(ente=presa.ente)
    EsitoFactory(presa=presa, prova="contratto firmato")

    pagina = client.entra(collega).get(_url("esiti_caso", presa.uuid))

    assert "contratto firmato" in pagina.text
    assert _url("esito_nuovo", presa.uuid) not in pagina.text
    assert client.get(_url("esito_nuovo", presa.uuid)).status_code == 403


def test_i_tipi_dell_asse_vengono_prima_e_si_cercano(client, operatore, presa, casa):
    TipoDiEsitoFactory(codice="T_SPID", nome="Identità digitale attiva", ordine=1)
    TipoDiEsitoFactory(codice="H_STAB", nome="Ottenuto alloggio stabile", asse=casa, ordine=2)
    altro = AsseFactory(slug="lavoro", denominazione="Lavoro")
    TipoDiEsitoFactory(codice="L_QUAL", nome="Qualifica ottenuta", asse=altro, ordine=3)
    client.entra(operatore)

    tutti = client.get(_url("esito_nuovo", presa.uuid)).text
    cercati = client.get(_url("esito_nuovo", presa.uuid, cerca="alloggio")).text

    posti = [tutti.index(codice) for codice in ("H_STAB", "T_SPID", "L_QUAL")]
    assert posti == sorted(posti)
    assert "H_STAB" in cercati
    assert "T_SPID" not in cercati


def test_il_modulo_suggerisce_la_prova_e_chiede_solo_cio_che_serve(client, operatore, presa):
    TipoDiEsitoFactory(codice="H_FS", nome="Ottenuto contributo", verifica="atto")

    pagina = client.entra(operatore).get(_url("esito_nuovo", presa.uuid, tipo="H_FS")).text

    assert "Di solito: atto." in pagina
    assert 'name="importo"' in pagina
    assert 'name="mesi"' not in pagina
    assert 'name="nome_ospitante"' not in pagina


def test_un_esito_si_registra_si_corregge_e_si_toglie(client, operatore, presa):
    TipoDiEsitoFactory(codice="H_FS", nome="Ottenuto contributo")
    client.entra(operatore)
    scritti = {"giorno": "2026-03-01", "prova": "delibera", "importo": "1.250,50"}

    nato = client.post(_url("esito_nuovo", presa.uuid, tipo="H_FS"), scritti)
    with come(operatore):
        esito = Esito.objects.get(presa=presa)
    corretto = client.post(_url("esito", esito.uuid), scritti | {"importo": "900"})
    with come(operatore):
        ora = Esito.objects.get(presa=presa)
    tolto = client.post(_url("esito_togli", esito.uuid))

    assert [r.url for r in (nato, corretto, tolto)] == [_url("esiti_caso", presa.uuid)] * 3
    assert (esito.importo, ora.importo) == (Decimal("1250.50"), 900)
    with come(operatore):
        assert not Esito.objects.filter(presa=presa).exists()


def test_una_data_nel_futuro_e_una_frase_e_cio_che_si_e_scritto_resta(client, operatore, presa):
    TipoDiEsitoFactory(codice="T_ISEE")
    domani = OGGI + datetime.timedelta(1)

    risposta = client.entra(operatore).post(
        _url("esito_nuovo", presa.uuid, tipo="T_ISEE"),
        {"giorno": f"{domani:%Y-%m-%d}", "prova": "DSU del CAF"},
    )

    assert risposta.status_code == 422
    assert list(risposta.context["form"].errors) == ["giorno"]
    assert "nel futuro" in risposta.text
    assert "DSU del CAF" in risposta.text


def test_senza_un_tipo_si_torna_a_sceglierlo(client, operatore, presa):
    risposta = client.entra(operatore).post(_url("esito_nuovo", presa.uuid, tipo="NON_C_E"), {})

    assert risposta.status_code == 422
    assert "Registra un esito" in risposta.text


def test_presso_un_ente_e_presso_un_nome_insieme_non_si_puo(client, operatore, presa):
    TipoDiEsitoFactory(codice="L_FORM")
    ente = EnteFactory()

    risposta = client.entra(operatore).post(
        _url("esito_nuovo", presa.uuid, tipo="L_FORM"),
        {"giorno": "2026-03-01", "ospitante": ente.slug, "nome_ospitante": "Altro"},
    )

    assert "non tutti e due" in risposta.text


def test_gli_esiti_di_un_nucleo_si_aprono(client, operatore):
    nucleo = NucleoFactory(ente=operatore.ente)
    ComponenteFactory(
        nucleo=nucleo, beneficiario=BeneficiarioFactory(ente=operatore.ente, cognome="Nucleare")
    )
    presa = PresaInCaricoFactory(
        beneficiario=None, nucleo=nucleo, ente=operatore.ente, operatore=operatore.utente
    )
    EsitoFactory(presa=presa, beneficiario=None)
    client.entra(operatore)

    assert client.get(_url("esiti_caso", presa.uuid)).status_code == 200
    assert "Nucleare" in client.get(_url("esiti")).text


# Tirocini ----------------------------------------------------------------------------------------


def _tirocinio_scritto(**altro):
    return {
        "tipo": "extracurriculare",
        "nome_ospitante": "Forno inventato",
        "inizio": "2026-02-01",
        "fine_prevista": "2026-07-31",
        "ore_previste": "200",
        "indennita": "600",
    } | altro


def test_un_tirocinio_si_apre_e_porta_alla_sua_pagina(client, operatore, presa):
    TipoDiEsitoFactory(codice="L_TIR_AVV", nome="Tirocinio avviato")

    risposta = client.entra(operatore).post(
        _url("tirocinio_nuovo", presa.uuid), _tirocinio_scritto(), follow=True
    )

    assert "Presso Forno inventato" in " ".join(risposta.text.split())
    assert "Tirocinio avviato" in risposta.text
    assert "600,00" in risposta.text


def test_un_tirocinio_lungo_si_salva_con_un_avvertimento(client, operatore, presa):
    TipoDiEsitoFactory(codice="L_TIR_AVV")

    risposta = client.entra(operatore).post(
        _url("tirocinio_nuovo", presa.uuid),
        _tirocinio_scritto(fine_prevista="2026-11-30"),
        follow=True,
    )

    assert risposta.status_code == 200
    assert "ne dura al più 6" in risposta.text


def test_se_la_rete_non_ha_quell_esito_non_si_salva_niente(client, operatore, presa):
    risposta = client.entra(operatore).post(
        _url("tirocinio_nuovo", presa.uuid), _tirocinio_scritto()
    )

    assert risposta.status_code == 422
    assert "manca l&#x27;esito L_TIR_AVV" in risposta.text
    with come(operatore):
        assert not Tirocinio.objects.exists()


def test_la_fine_propone_cio_che_dicono_le_ore_e_mostra_il_conto(client, operatore, presa):
    tirocinio = TirocinioFactory(presa=presa, ore_previste=200, ore_svolte=150)

    pagina = client.entra(operatore).get(_url("tirocinio_fine", tirocinio.uuid))

    assert "150 ore fatte su 200 previste = 75 %" in pagina.text
    assert pagina.context["form"]["esito"].value() == "L_TIR_CON"


def test_finire_diversamente_dalle_ore_vuole_un_perche_e_tiene_lo_scritto(
    client, operatore, presa
):
    TipoDiEsitoFactory(codice="L_TIR_CON")
    tirocinio = TirocinioFactory(presa=presa, ore_previste=200)
    scritti = {"fine": "2026-06-30", "ore_svolte": "100", "esito": "L_TIR_CON"}
    client.entra(operatore)

    rifiutato = client.post(_url("tirocinio_fine", tirocinio.uuid), scritti)
    accettato = client.post(
        _url("tirocinio_fine", tirocinio.uuid), scritti | {"motivo": "Ore ridotte."}
    )

    assert rifiutato.status_code == 422
    assert "Le ore dicono altro" in rifiutato.text
    assert "100 ore fatte su 200 previste = 50 %" in rifiutato.text
    assert accettato.url == _url("tirocinio", tirocinio.uuid)


def test_ore_proroga_assunzione_e_riapertura(client, operatore, presa):
    for codice in ("L_TIR_ASS", "L_OCC_TD", "L_TIR_INT"):
        TipoDiEsitoFactory(codice=codice)
    tirocinio = TirocinioFactory(presa=presa, ore_previste=200)
    client.entra(operatore)
    gesti = [
        ("tirocinio_ore", {"ore_svolte": "120"}),
        ("tirocinio_proroga", {"fine_prevista": "2026-09-30", "ore_previste": "250"}),
        (
            "tirocinio_fine",
            {"fine": "2026-08-31", "ore_svolte": "130", "esito": "L_TIR_INT", "motivo": "Ferie."},
        ),
        (
            "tirocinio_assunzione",
            {"assunzione_il": "2026-09-01", "contratto": "L_OCC_TD", "mesi": "6"},
        ),
        ("tirocinio_riapri", {}),
    ]

    for nome, scritti in gesti:
        risposta = client.post(_url(nome, tirocinio.uuid), scritti)
        assert risposta.status_code == 302, nome

    with come(operatore):
        ora = Tirocinio.objects.get(pk=tirocinio.pk)
        nati = {esito.tipo.codice for esito in Esito.objects.filter(tirocinio=ora)}
    assert (ora.ore_svolte, ora.ore_previste, ora.fine) == (130, 250, None)
    assert nati == {"L_TIR_ASS", "L_OCC_TD"}


# Piani di rientro --------------------------------------------------------------------------------


def test_un_piano_dalla_firma_alle_rate(client, operatore, presa):
    TipoDiEsitoFactory(codice="H_PR_SOTT")
    client.entra(operatore)
    scritti = {
        "creditore": "atc",
        "debito": "1.000",
        "causa": "lavoro",
        "incolpevole": "si",
        "firmato_il": "2026-02-01",
    }

    aperto = client.post(_url("piano_nuovo", presa.uuid), scritti)
    with come(operatore):
        piano = PianoRientro.objects.get(presa=presa)
    client.post(_url("rate_nuove", piano.uuid), {"quante": "3", "dal": "2026-03-01"})
    pagina = client.get(_url("piano", piano.uuid)).text

    assert aperto.url == _url("piano", piano.uuid)
    assert "333,34" in pagina
    assert "0 rate pagate su 3 scadute" in " ".join(pagina.split())
    assert "Due o più rate scadute" in pagina


def test_una_rata_si_paga_con_un_tocco_e_si_torna_indietro(client, operatore, presa):
    rata = RataFactory(piano=PianoRientroFactory(presa=presa))
    dove = (rata.piano.uuid, 1)
    client.entra(operatore)

    pagata = client.post(_url("rata_paga", *dove))
    with come(operatore):
        quando = Rata.objects.get(pk=rata.pk).pagata_il
    client.post(_url("rata_da_pagare", *dove))
    client.post(_url("rata_controlla", *dove))
    with come(operatore):
        dopo = Rata.objects.get(pk=rata.pk)

    assert pagata.url == _url("piano", rata.piano.uuid)
    assert quando == OGGI
    assert (dopo.pagata_il, dopo.controllata_il) == (None, OGGI)


def test_una_rata_sola_si_cambia(client, operatore, presa):
    rata = RataFactory(piano=PianoRientroFactory(presa=presa))

    client.entra(operatore).post(
        _url("rata", rata.piano.uuid, 1),
        {"scade_il": "2026-04-15", "importo": "80,5", "pagata_il": "2026-04-10"},
    )

    with come(operatore):
        ora = Rata.objects.get(pk=rata.pk)
    assert (ora.importo, ora.pagata_il) == (Decimal("80.50"), datetime.date(2026, 4, 10))


def test_un_importo_che_non_e_un_numero_e_una_frase(client, operatore, presa):
    rata = RataFactory(piano=PianoRientroFactory(presa=presa))

    risposta = client.entra(operatore).post(
        _url("rata", rata.piano.uuid, 1), {"scade_il": "2026-04-15", "importo": "tanto"}
    )

    assert risposta.status_code == 422
    assert "non è un numero" in risposta.text


def test_la_fine_di_un_piano_mostra_il_conto_e_propone(client, operatore, presa):
    TipoDiEsitoFactory(codice="H_PR_INT")
    piano = PianoRientroFactory(presa=presa)
    for numero in range(1, 6):
        RataFactory(
            piano=piano,
            numero=numero,
            scade_il=fra_mesi(INIZIO, numero),
            pagata_il=fra_mesi(INIZIO, numero) if numero <= 3 else None,
        )
    client.entra(operatore)

    pagina = client.get(_url("piano_fine", piano.uuid)).text
    finito = client.post(
        _url("piano_fine", piano.uuid),
        {"giorno": f"{OGGI:%Y-%m-%d}", "esito": "H_PR_INT", "motivo": "Non riesce a pagare."},
    )
    riaperto = client.post(_url("piano_riapri", piano.uuid))

    assert "3 rate pagate su 5 scadute = 60 % (300,00 € su 500,00 €)" in " ".join(pagina.split())
    assert finito.url == riaperto.url == _url("piano", piano.uuid)


# Pratiche per la casa ----------------------------------------------------------------------------


def test_una_pratica_coi_suoi_passi_e_il_suo_esito(client, operatore, presa):
    TipoDiEsitoFactory(codice="H_FS", nome="Ottenuto contributo Fondo sociale")
    client.entra(operatore)
    client.post(
        _url("pratica_nuova", presa.uuid),
        {"tipo": "fondo-sociale", "presso": "ATC", "aperta_il": "2026-02-01"},
    )
    with come(operatore):
        pratica = PraticaCasa.objects.get(presa=presa)
    passo = {"passo": "presentata", "giorno": "2026-02-10", "note": "Protocollo 12"}
    client.post(_url("passo_nuovo", pratica.uuid), passo)
    con_passo = client.get(_url("pratica", pratica.uuid)).text
    client.post(_url("passo_togli", pratica.uuid, "presentata", "2026-02-10"))
    senza = client.get(_url("pratica", pratica.uuid)).text
    client.post(
        _url("pratica_esito", pratica.uuid),
        {"esito": "H_FS", "giorno": "2026-03-01", "importo": "800", "finisce": "on"},
    )
    finita = client.get(_url("pratica", pratica.uuid)).text
    client.post(_url("pratica_riapri", pratica.uuid))

    assert "Protocollo 12" in con_passo
    assert "Protocollo 12" not in senza
    assert "800,00" in finita
    with come(operatore):
        assert PraticaCasa.objects.get(pk=pratica.pk).chiusa_il is None


def test_un_passo_di_un_altra_pratica_non_si_sceglie(client, operatore, presa):
    pratica = PraticaCasaFactory(presa=presa, tipo="fondo-sociale")

    risposta = client.entra(operatore).post(
        _url("passo_nuovo", pratica.uuid), {"passo": "esecuzione", "giorno": "2026-03-01"}
    )

    assert risposta.status_code == 422


def test_il_giorno_di_un_passo_che_non_esiste_non_si_trova(client, operatore, presa):
    pratica = PraticaCasaFactory(presa=presa)

    risposta = client.entra(operatore).post(
        _url("passo_togli", pratica.uuid, "convalida", "2026-02-31")
    )

    assert risposta.status_code == 404
