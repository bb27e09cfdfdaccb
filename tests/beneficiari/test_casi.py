"""Aprire una presa in carico, leggerla, cambiarla in due, chiuderla e riaprirla."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import (
    Affidamento,
    BisognoRilevato,
    Obiettivo,
    PresaInCarico,
    RevisioneObiettivo,
    Riapertura,
)
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.models import RegistroAccessi
from tests.fabbriche import EnteFactory, attore
from tests.fabbriche_persone import (
    AzioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    ComponenteFactory,
    NotaFactory,
    NucleoFactory,
    ObiettivoFactory,
    PresaInCaricoFactory,
    TipoDiChiusuraFactory,
    ValutazioneFactory,
    come,
)
from tests.interrogazioni import al_massimo


pytestmark = pytest.mark.django_db

OGGI = datetime.date(2026, 1, 15)


@pytest.fixture
def operatore(db):
    return attore(Ruolo.OPERATORE)


@pytest.fixture
def persona(operatore):
    return BeneficiarioFactory(ente=operatore.ente)


@pytest.fixture
def presa(operatore, persona):
    """Una presa in carico aperta il 15 gennaio 2026, seguita da `operatore`."""
    return PresaInCaricoFactory(
        beneficiario=persona, operatore=operatore.utente, motivazione="Cerca casa."
    )


def _indirizzo(nome, *argomenti):
    return reverse(f"beneficiari:{nome}", args=argomenti)


def _appartenenza(chi) -> str:
    with come_sistema(chi.ente):
        return str(chi.ente.appartenenze.get(utente=chi.utente).uuid)


def _apertura(chi, azione, **altro):
    return {
        "azione": azione.slug,
        "canale": "passaparola",
        "operatore": _appartenenza(chi),
        "aperta_il": "2026-02-01",
        "motivazione": "Le serve un lavoro.",
    } | altro


def _modifica(presa, **altro):
    return {
        "azione": presa.azione.slug,
        "canale": presa.canale,
        "aperta_il": f"{presa.aperta_il:%Y-%m-%d}",
        "motivazione": presa.motivazione,
        "prosecuzione": "",
        "ente_inviante": "",
        "versione": presa.versione,
    } | altro


def _chiusura(**altro):
    return {"chiusa_il": "2026-03-01", "esito": "OBI", "prosecuzione": "no"} | altro


def _riletta(presa):
    with come_sistema(presa.ente):
        return PresaInCarico.objects.get(pk=presa.pk)


# Aprire ---------------------------------------------------------------------------------


def test_chi_apre_una_presa_in_carico_da_quel_momento_la_segue(client, operatore, persona):
    azione = AzioneFactory()
    inviante = EnteFactory()
    scritti = _apertura(operatore, azione, ente_inviante=inviante.slug)

    risposta = client.entra(operatore).post(_indirizzo("caso_nuovo", persona.uuid), scritti)

    with come(operatore):
        presa = PresaInCarico.objects.get(beneficiario=persona)
        affidata = Affidamento.objects.get(presa=presa)
    assert risposta.url == _indirizzo("caso", presa.uuid)
    assert (presa.azione, presa.ente_inviante, presa.operatore) == (
        azione,
        inviante,
        operatore.utente,
    )
    assert (affidata.utente, affidata.al) == (operatore.utente, None)


def test_la_seconda_aperta_per_la_stessa_azione_e_rifiutata_e_porta_alla_prima(
    client, operatore, presa, persona
):
    scritti = _apertura(operatore, presa.azione)

    risposta = client.entra(operatore).post(_indirizzo("caso_nuovo", persona.uuid), scritti)

    assert risposta.status_code == 422
    assert "ha già una presa in carico aperta per questa azione" in risposta.text
    assert _indirizzo("caso", presa.uuid) in risposta.text
    assert "Le serve un lavoro." in risposta.text


def test_dopo_un_unione_la_seconda_aperta_e_rifiutata_lo_stesso(client, operatore, presa, persona):
    tenuta = BeneficiarioFactory(ente=operatore.ente)
    with come_sistema(operatore.ente):
        persona.unito_a = tenuta
        persona.save()
    scritti = _apertura(operatore, presa.azione)

    risposta = client.entra(operatore).post(_indirizzo("caso_nuovo", tenuta.uuid), scritti)

    assert risposta.status_code == 422
    assert _indirizzo("caso", presa.uuid) in risposta.text


def test_si_propone_l_azione_dell_ultima_presa_in_carico(client, operatore, presa, persona):
    AzioneFactory()

    pagina = client.entra(operatore).get(_indirizzo("caso_nuovo", persona.uuid))

    assert pagina.context["form"]["azione"].initial == presa.azione.slug
    assert "senza diagnosi" in pagina.text


def test_una_data_nel_futuro_e_rifiutata_con_una_frase(client, operatore, persona):
    domani = timezone.localdate() + datetime.timedelta(1)
    scritti = _apertura(operatore, AzioneFactory(), aperta_il=f"{domani:%Y-%m-%d}")

    risposta = client.entra(operatore).post(_indirizzo("caso_nuovo", persona.uuid), scritti)

    assert risposta.status_code == 422
    assert "La data è nel futuro" in risposta.text


def test_si_apre_per_un_nucleo_e_la_vedono_i_suoi_componenti(client, operatore, persona):
    nucleo = NucleoFactory(ente=operatore.ente)
    altra = BeneficiarioFactory(ente=operatore.ente)
    for chi in (persona, altra):
        ComponenteFactory(beneficiario=chi, nucleo=nucleo)
    azione = AzioneFactory()
    scritti = _apertura(operatore, azione, per=str(nucleo.uuid))
    client.entra(operatore)

    risposta = client.post(_indirizzo("caso_nuovo", persona.uuid), scritti)

    with come(operatore):
        presa = PresaInCarico.objects.get(nucleo=nucleo)
    assert risposta.url == _indirizzo("caso", presa.uuid)
    assert azione.titolo in client.get(_indirizzo("casi", altra.uuid)).text
    pagina = client.get(_indirizzo("caso", presa.uuid)).text
    assert persona.come_si_chiama in pagina
    assert altra.come_si_chiama in pagina


def test_non_si_affida_a_chi_non_lavora_nell_ente(client, operatore, persona):
    estraneo = attore(Ruolo.OPERATORE)
    scritti = _apertura(operatore, AzioneFactory(), operatore=_appartenenza(estraneo))

    risposta = client.entra(operatore).post(_indirizzo("caso_nuovo", persona.uuid), scritti)

    assert risposta.status_code == 422
    with come(operatore):
        assert not PresaInCarico.objects.exists()


# Leggere --------------------------------------------------------------------------------


def test_la_pagina_dice_chi_segue_e_che_cosa_e_successo(client, operatore, presa, persona):
    bisogno = BisognoRilevatoFactory(beneficiario=persona, presa=presa)
    voto = ValutazioneFactory(beneficiario=persona, presa=presa)
    NotaFactory(beneficiario=persona, presa=presa)

    pagina = client.entra(operatore).get(_indirizzo("caso", presa.uuid)).text

    for atteso in (
        f"Affidata a {operatore.utente.nome_completo}",
        "Cerca casa.",
        f"Bisogno rilevato: {bisogno.bisogno.nome}",
        voto.indicatore.testo,
        "Nota scritta",
    ):
        assert atteso in pagina


def test_il_collega_che_non_segue_legge_perche_non_puo_cambiare(client, operatore, presa, persona):
    bisogno = BisognoRilevatoFactory(beneficiario=persona, presa=presa)
    collega = attore(Ruolo.OPERATORE, ente=operatore.ente)
    client.entra(collega)

    pagina = client.get(_indirizzo("caso", presa.uuid)).text

    assert f"La segue {operatore.utente.nome_completo}" in pagina
    assert "Questi dati si aprono dicendo perché" in pagina
    assert bisogno.bisogno.nome not in pagina
    for nome in ("caso_modifica", "caso_affida", "caso_chiudi", "obiettivo_nuovo", "caso_passa"):
        indirizzo = _indirizzo(nome, presa.uuid)
        assert indirizzo not in pagina
        assert client.get(indirizzo).status_code == 403
        assert client.post(indirizzo, {}).status_code == 403


def test_il_titolo_della_finestra_non_dice_il_nome(client, operatore, presa, persona):
    pagina = client.entra(operatore).get(_indirizzo("caso", presa.uuid)).text

    assert persona.cognome not in pagina.split("</title>")[0]


def test_leggere_una_presa_in_carico_lascia_una_riga(client, operatore, presa, persona):
    client.entra(operatore).get(_indirizzo("caso", presa.uuid))

    with come(attore(Ruolo.REFERENTE, ente=operatore.ente)):
        letture = RegistroAccessi.objects.filter(
            beneficiario=persona.pk, pagina="beneficiari:caso"
        )
        assert {"anagrafica", "prestazioni"} <= set(letture.get().gruppi)


def test_la_presa_in_carico_di_un_altro_ente_non_esiste(client, presa):
    client.entra(attore(Ruolo.REFERENTE))

    assert client.get(_indirizzo("caso", presa.uuid)).status_code == 404


def test_la_pagina_costa_poche_interrogazioni(client, operatore, presa, persona):
    for _ in range(5):
        ObiettivoFactory(beneficiario=persona, presa=presa)
        BisognoRilevatoFactory(beneficiario=persona, presa=presa)
    client.entra(operatore)

    # Una dice se i dati della persona sono limitati.
    with al_massimo(17):
        client.get(_indirizzo("caso", presa.uuid))


# Cambiare -------------------------------------------------------------------------------


def test_chi_segue_la_cambia(client, operatore, presa):
    scritti = _modifica(presa, motivazione="Cerca casa e lavoro.")

    risposta = client.entra(operatore).post(_indirizzo("caso_modifica", presa.uuid), scritti)

    assert risposta.url == _indirizzo("caso", presa.uuid)
    dopo = _riletta(presa)
    assert (dopo.motivazione, dopo.versione) == ("Cerca casa e lavoro.", 2)


def _scritta_da_un_altro(presa, **campi):
    with come_sistema(presa.ente):
        PresaInCarico.objects.filter(pk=presa.pk).update(versione=presa.versione + 1, **campi)


def test_due_persone_sulla_stessa_presa_vedono_entrambi_i_testi(client, operatore, presa):
    _scritta_da_un_altro(presa, motivazione="Testo della collega.", canale="scouting")
    scritti = _modifica(presa, motivazione="Testo mio.")

    risposta = client.entra(operatore).post(_indirizzo("caso_modifica", presa.uuid), scritti)

    assert risposta.status_code == 422
    assert "un'altra persona ha salvato" in risposta.text.replace("&#x27;", "'")
    assert "Testo della collega." in risposta.text
    assert "Testo mio." in risposta.text
    assert "ricerca attiva" in risposta.text
    assert _riletta(presa).motivazione == "Testo della collega."


@pytest.mark.parametrize(
    ("scelta", "attesa"),
    [
        ("mio", "Testo mio."),
        ("salvato", "Testo della collega."),
        ("entrambi", "Testo della collega.\n\nTesto mio."),
    ],
)
def test_campo_per_campo_si_sceglie_quale_testo_tenere(client, operatore, presa, scelta, attesa):
    _scritta_da_un_altro(presa, motivazione="Testo della collega.", canale="scouting")
    scritti = _modifica(presa, motivazione="Testo mio.") | {
        "sopra": presa.versione + 1,
        "scelta-motivazione": scelta,
        "scelta-canale": "salvato",
    }

    risposta = client.entra(operatore).post(_indirizzo("caso_modifica", presa.uuid), scritti)

    assert risposta.status_code == 302
    dopo = _riletta(presa)
    assert (dopo.motivazione, dopo.canale) == (attesa, "scouting")


def test_se_intanto_scrive_un_terzo_si_sceglie_di_nuovo(client, operatore, presa):
    _scritta_da_un_altro(presa, motivazione="Testo di un terzo.")
    scritti = _modifica(presa, motivazione="Testo mio.") | {
        "sopra": presa.versione,
        "scelta-motivazione": "mio",
    }

    risposta = client.entra(operatore).post(_indirizzo("caso_modifica", presa.uuid), scritti)

    assert risposta.status_code == 422
    assert "Testo di un terzo." in risposta.text
    assert _riletta(presa).motivazione == "Testo di un terzo."


def test_chi_scrive_la_stessa_cosa_non_ha_niente_da_scegliere(client, operatore, presa):
    _scritta_da_un_altro(presa, motivazione="Uguale.")

    risposta = client.entra(operatore).post(
        _indirizzo("caso_modifica", presa.uuid), _modifica(presa, motivazione="Uguale.")
    )

    assert risposta.status_code == 302


def test_il_referente_affida_a_un_collega_e_la_storia_lo_ricorda(client, operatore, presa):
    collega = attore(Ruolo.OPERATORE, ente=operatore.ente)
    client.entra(attore(Ruolo.REFERENTE, ente=operatore.ente))

    client.post(_indirizzo("caso_affida", presa.uuid), {"operatore": _appartenenza(collega)})

    assert _riletta(presa).operatore == collega.utente
    pagina = client.get(_indirizzo("caso", presa.uuid)).text
    assert f"Affidata a {operatore.utente.nome_completo}" in pagina
    assert f"Affidata a {collega.utente.nome_completo}" in pagina


# Obiettivi ------------------------------------------------------------------------------


def test_un_obiettivo_rivisto_tiene_com_era_e_perche(client, operatore, presa):
    client.entra(operatore)
    client.post(_indirizzo("obiettivo_nuovo", presa.uuid), {"testo": "Trovare casa ad Asti"})
    with come(operatore):
        obiettivo = Obiettivo.objects.get(presa=presa)

    client.post(
        _indirizzo("obiettivo", obiettivo.uuid),
        {"testo": "Trovare una stanza", "stato": "in-parte", "motivo": "I canoni sono saliti"},
    )

    with come(operatore):
        obiettivo.refresh_from_db()
        revisione = RevisioneObiettivo.objects.get(obiettivo=obiettivo)
    assert (obiettivo.testo, obiettivo.stato) == ("Trovare una stanza", "in-parte")
    assert (revisione.testo, revisione.stato) == ("Trovare casa ad Asti", "in-corso")
    pagina = client.get(_indirizzo("caso", presa.uuid)).text
    assert "Prima era: Trovare casa ad Asti" in pagina
    assert "I canoni sono saliti" in pagina


def test_un_obiettivo_non_cambia_senza_un_motivo(client, operatore, presa, persona):
    obiettivo = ObiettivoFactory(beneficiario=persona, presa=presa)

    risposta = client.entra(operatore).post(
        _indirizzo("obiettivo", obiettivo.uuid), {"testo": "Altro", "stato": "raggiunto"}
    )

    assert risposta.status_code == 422
    assert "perché l&#x27;obiettivo cambia" in risposta.text


def test_un_obiettivo_scaduto_si_vede(client, operatore, presa, persona):
    ObiettivoFactory(beneficiario=persona, presa=presa, entro_il=OGGI)
    ObiettivoFactory(beneficiario=persona, presa=presa, entro_il=OGGI, stato="raggiunto")

    pagina = client.entra(operatore).get(_indirizzo("caso", presa.uuid)).text

    assert pagina.count("doveva esserci entro il") == 1


# Chiudere e riaprire --------------------------------------------------------------------


def test_prima_di_chiudere_si_leggono_i_bisogni_ancora_aperti(client, operatore, presa, persona):
    aperto = BisognoRilevatoFactory(beneficiario=persona, presa=presa)
    coperto = BisognoRilevatoFactory(beneficiario=persona, chiuso_il=timezone.localdate())

    pagina = client.entra(operatore).get(_indirizzo("caso_chiudi", presa.uuid)).text

    assert aperto.bisogno.nome in pagina
    assert coperto.bisogno.nome not in pagina


def test_si_chiude_con_un_esito_e_i_bisogni_restano(client, operatore, presa, persona):
    TipoDiChiusuraFactory()
    BisognoRilevatoFactory(beneficiario=persona, presa=presa)

    risposta = client.entra(operatore).post(_indirizzo("caso_chiudi", presa.uuid), _chiusura())

    assert risposta.url == _indirizzo("caso", presa.uuid)
    dopo = _riletta(presa)
    assert (dopo.chiusa_il, dopo.esito.codice) == (datetime.date(2026, 3, 1), "OBI")
    with come_sistema(presa.ente):
        assert BisognoRilevato.objects.aperti().count() == 1


def test_una_chiusura_prima_dell_apertura_e_rifiutata_con_una_frase(client, operatore, presa):
    TipoDiChiusuraFactory()

    risposta = client.entra(operatore).post(
        _indirizzo("caso_chiudi", presa.uuid), _chiusura(chiusa_il="2025-12-31")
    )

    assert risposta.status_code == 422
    assert "La chiusura non può precedere l&#x27;apertura." in risposta.text
    assert _riletta(presa).aperta


def test_di_un_abbandono_si_dicono_fase_motivo_e_chi(client, operatore, presa):
    TipoDiChiusuraFactory(codice="RIN", nome="Rinuncia", abbandono=True)
    indirizzo = _indirizzo("caso_chiudi", presa.uuid)
    client.entra(operatore)

    taciuto = client.post(indirizzo, _chiusura(esito="RIN"))
    detto = client.post(
        indirizzo,
        _chiusura(esito="RIN")
        | {
            "fase_abbandono": "in-corso",
            "unita_abbandono": "persona",
            "motivo_abbandono": "Si è trasferita",
        },
    )

    assert taciuto.status_code == 422
    assert "Dillo, di un abbandono." in taciuto.text
    assert detto.status_code == 302
    assert _riletta(presa).motivo_abbandono == "Si è trasferita"


def test_riaprire_tiene_com_era_finita(client, operatore, presa):
    TipoDiChiusuraFactory()
    client.entra(operatore)
    client.post(
        _indirizzo("caso_chiudi", presa.uuid), _chiusura(esito_in_parole="Ha trovato casa")
    )

    senza_motivo = client.post(_indirizzo("caso_riapri", presa.uuid), {})
    client.post(_indirizzo("caso_riapri", presa.uuid), {"motivo": "Ha perso la casa"})

    assert senza_motivo.status_code == 422
    assert _riletta(presa).aperta
    with come(operatore):
        riapertura = Riapertura.objects.get(presa=presa)
    assert riapertura.era_chiusa_il == datetime.date(2026, 3, 1)
    assert "Ha trovato casa" in riapertura.com_era_andata
    pagina = client.get(_indirizzo("caso", presa.uuid)).text
    assert "Chiusa: Obiettivi raggiunti" in pagina
    assert "Ha perso la casa" in pagina


def test_non_si_riapre_se_intanto_ce_n_e_un_altra_aperta(client, operatore, presa, persona):
    TipoDiChiusuraFactory()
    client.entra(operatore)
    client.post(_indirizzo("caso_chiudi", presa.uuid), _chiusura())
    PresaInCaricoFactory(beneficiario=persona, azione=presa.azione, operatore=operatore.utente)

    risposta = client.post(_indirizzo("caso_riapri", presa.uuid), {"motivo": "Riprende"})

    assert risposta.status_code == 422
    assert "ha già una presa in carico aperta" in risposta.text
