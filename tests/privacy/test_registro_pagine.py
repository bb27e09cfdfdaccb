"""Chi ha letto: nella scheda della persona, nel registro dell'ente, in quello della rete; e la storia."""

import csv
import io
import time
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from beneficiari.models import Beneficiario, Nota, Recapito
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from privacy.letture import annota_molte, registra_letture
from privacy.models import RegistroAccessi, numero_nel_registro
from tests.fabbriche import attore
from tests.fabbriche_persone import (
    AutorizzazioneFactory,
    BeneficiarioFactory,
    BisognoRilevatoFactory,
    NotaFactory,
    come,
)


pytestmark = pytest.mark.django_db

UN_SECONDO = 1.0


@pytest.fixture
def persona(db):
    return BeneficiarioFactory(cognome="Ferrero")


@pytest.fixture
def referente(persona):
    return attore(Ruolo.REFERENTE, ente=persona.ente)


def _legge(chi, persona, *gruppi, finalita=None, uscita="pagina"):
    with come(chi, finalita=finalita), registra_letture("prova", uscita=uscita):
        annota_molte([(persona.pk, persona.ente_id)], *(gruppi or ["anagrafica"]))


def _accessi(persona, **filtri) -> str:
    return reverse("beneficiari:accessi", args=[persona.uuid]) + _query(filtri)


def _query(filtri) -> str:
    return "?" + "&".join(f"{nome}={valore}" for nome, valore in filtri.items())


def test_dice_ente_giorno_finalita_e_gruppi(client, persona):
    altro = attore(Ruolo.OPERATORE)
    _legge(altro, persona, "anagrafica", "bisogni", finalita="invio")
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)

    testo = client.entra(operatore).get(_accessi(persona)).content.decode()

    assert altro.ente.denominazione in testo
    assert f"{timezone.localtime():%d/%m/%Y}" in testo
    assert "Invio a un altro ente" in testo
    assert "anagrafica, bisogni" in testo
    assert numero_nel_registro(persona.pk, ente=persona.ente_id) in testo


def test_il_nome_di_chi_lavora_lo_vede_il_referente_e_solo_del_suo_ente(
    client, persona, referente
):
    operatore, collega = (attore(Ruolo.OPERATORE, ente=persona.ente) for _ in range(2))
    altro = attore(Ruolo.OPERATORE)
    _legge(operatore, persona)
    _legge(altro, persona, finalita="invio")

    del_referente = client.entra(referente).get(_accessi(persona)).content.decode()
    del_collega = client.entra(collega).get(_accessi(persona)).content.decode()
    foglio = client.get(reverse("beneficiari:accessi_csv", args=[persona.uuid])).content.decode()

    assert operatore.utente.cognome in del_referente
    assert altro.utente.cognome not in del_referente
    for testo in (del_collega, foglio):
        assert operatore.utente.cognome not in testo
        assert altro.utente.cognome not in testo


def test_cento_letture_di_cinque_enti_sono_quelle_cento(client, persona, referente):
    lettori = [attore(Ruolo.OPERATORE) for _ in range(5)]
    for volta in range(100):
        _legge(lettori[volta % 5], persona, finalita="valutazione")

    risposta = client.entra(referente).get(_accessi(persona))
    foglio = client.get(reverse("beneficiari:accessi_csv", args=[persona.uuid]))
    righe = list(csv.reader(io.StringIO(foglio.content.decode("utf-8-sig")), delimiter=";"))

    assert risposta.context["pagina"].paginator.count == 100
    assert sorted(voce["letture"] for voce in risposta.context["per_ente"]) == [20] * 5
    # Le cento, più la riga delle intestazioni e quella della pagina appena aperta.
    assert len(righe) == 102
    assert foglio["Content-Disposition"] == 'attachment; filename="chi-ha-letto.csv"'


@pytest.mark.parametrize(
    ("filtri", "attese"),
    [
        ({"finalita": "invio"}, 1),
        ({"uscita": "pdf"}, 1),
        ({"gruppo": "note"}, 1),
        ({"finalita": "inventata"}, 3),
        ({"dal": "2999-01-01"}, 0),
        ({"dal": "2026-02-31"}, 3),
    ],
)
def test_i_filtri(client, persona, referente, filtri, attese):
    altro = attore(Ruolo.OPERATORE)
    _legge(altro, persona, finalita="invio")
    _legge(referente, persona, uscita="pdf")
    _legge(referente, persona, "note")

    risposta = client.entra(referente).get(_accessi(persona, **filtri))

    assert risposta.context["pagina"].paginator.count == attese


def test_un_periodo_al_contrario_lo_dice(client, persona, referente):
    indirizzo = _accessi(persona, dal="2026-03-02", al="2026-03-01")

    testo = client.entra(referente).get(indirizzo).content.decode()

    assert "scambia le date" in testo


def test_con_diecimila_letture_la_pagina_sta_in_un_secondo(client, persona, referente):
    lettori = [attore(Ruolo.OPERATORE) for _ in range(5)]
    for chi in lettori:
        with come(chi), connection.cursor() as cursore:
            cursore.execute(
                """INSERT INTO privacy_registroaccessi (quando, utente_id, ente_id,
                    ente_titolare_id, beneficiario, finalita, gruppi, uscita, pagina, richiesta)
                SELECT now() - n * interval '1 hour', %s, %s, %s, %s, 'invio',
                    ARRAY['anagrafica'], 'pagina', 'prova', ''
                FROM generate_series(1, 2000) AS n""",
                [chi.utente.pk, chi.ente.pk, persona.ente_id, persona.pk],
            )
    client.entra(referente).get(_accessi(persona))

    inizio = time.perf_counter()
    risposta = client.get(_accessi(persona))
    trascorso = time.perf_counter() - inizio

    assert risposta.context["pagina"].paginator.count == 10_001
    assert trascorso <= UN_SECONDO


def test_le_letture_delle_righe_unite_sono_della_persona(client, persona, referente):
    doppione = BeneficiarioFactory(ente=persona.ente)
    _legge(referente, doppione)
    with come_sistema(persona.ente):
        Beneficiario.objects.filter(pk=doppione.pk).update(unito_a=persona)

    risposta = client.entra(referente).get(_accessi(persona))

    assert risposta.context["pagina"].paginator.count == 1


# Il registro ---------------------------------------------------------------------------------


def _registro(**filtri) -> str:
    return reverse("privacy:registro") + _query(filtri)


def test_il_garante_vede_numeri_e_mai_il_nome_della_persona(client, persona, referente):
    altra = BeneficiarioFactory(cognome="Bianco")
    _legge(referente, persona)
    _legge(attore(Ruolo.OPERATORE, ente=altra.ente), altra)

    garante = attore(Ruolo.GARANTE)
    client.entra(garante)
    pagine = [client.get(_registro()), client.get(reverse("privacy:registro_csv"))]

    for risposta in pagine:
        testo = risposta.content.decode()
        assert risposta.status_code == 200
        for chi in (persona, altra):
            assert numero_nel_registro(chi.pk, ente=chi.ente_id) in testo
            assert chi.cognome not in testo
            assert str(chi.uuid) not in testo


def test_il_referente_vede_i_dati_propri_e_cio_che_il_suo_ente_legge(client, persona, referente):
    altro = attore(Ruolo.OPERATORE)
    estranea = BeneficiarioFactory()
    letta_da_noi = BeneficiarioFactory()
    _legge(altro, persona, finalita="invio")
    _legge(referente, letta_da_noi, finalita="invio")
    _legge(altro, estranea, finalita="invio")

    risposta = client.entra(referente).get(_registro())

    visti = {lettura.beneficiario for lettura in risposta.context["pagina"]}
    assert visti == {persona.pk, letta_da_noi.pk}
    testo = risposta.content.decode()
    assert referente.utente.cognome in testo
    assert altro.utente.cognome not in testo
    assert altro.ente.nome_breve in testo


@pytest.mark.parametrize("ruolo", [Ruolo.OPERATORE, Ruolo.COORDINATORE, Ruolo.AMMINISTRATORE])
def test_il_registro_non_e_di_tutti(client, ruolo):
    client.entra(attore(ruolo))

    for nome in ("registro", "registro_csv", "registro_xlsx"):
        assert client.get(reverse(f"privacy:{nome}")).status_code == 403


def test_il_registro_si_filtra_per_chi_ha_letto_ma_non_per_chi_e_di_un_altro_ente(
    client, persona, referente
):
    operatore, altro = attore(Ruolo.OPERATORE, ente=persona.ente), attore(Ruolo.OPERATORE)
    _legge(operatore, persona)
    _legge(referente, persona)
    _legge(altro, persona, finalita="invio")
    client.entra(referente)

    suo = client.get(_registro(utente=operatore.utente.pk)).context["pagina"].paginator.count
    tutte = client.get(_registro(utente=altro.utente.pk)).context["pagina"].paginator.count

    assert (suo, tutte) == (1, 3)


def test_conta_letture_e_persone_per_giorno_e_utente(client, referente):
    persone = [BeneficiarioFactory(ente=referente.ente) for _ in range(3)]
    for persona in (*persone, persone[0]):
        _legge(referente, persona)

    (giornata,) = client.entra(referente).get(_registro()).context["giornate"]

    assert (giornata["letture"], giornata["persone"]) == (4, 3)
    assert giornata["chi"] == referente.utente.nome_completo
    assert giornata["giorno"] == timezone.localdate()


def test_senza_periodo_si_vedono_gli_ultimi_trenta_giorni(client, persona, referente):
    with come(referente), connection.cursor() as cursore:
        cursore.execute(
            """INSERT INTO privacy_registroaccessi (quando, utente_id, ente_id, ente_titolare_id,
                beneficiario, finalita, gruppi, uscita, pagina, richiesta)
            VALUES (%s, %s, %s, %s, %s, 'assistenza', ARRAY['anagrafica'], 'pagina', 'p', '')""",
            [
                timezone.now() - timedelta(days=40),
                *(referente.utente.pk, referente.ente.pk, persona.ente_id, persona.pk),
            ],
        )
    client.entra(referente)
    giorno = timezone.localdate() - timedelta(days=40)

    assert client.get(_registro()).context["pagina"].paginator.count == 0
    antico = client.get(_registro(dal=giorno, al=giorno))
    assert antico.context["pagina"].paginator.count == 1


def test_il_foglio_del_registro_ha_letture_e_giornate(client, persona, referente):
    _legge(referente, persona)

    risposta = client.entra(referente).get(reverse("privacy:registro_xlsx"))

    libro = openpyxl.load_workbook(io.BytesIO(risposta.content))
    assert libro.sheetnames == ["Letture", "Per giorno"]
    assert libro["Letture"]["F2"].value == numero_nel_registro(persona.pk, ente=persona.ente_id)
    assert libro["Per giorno"]["D2"].value == 1


def test_un_registro_troppo_lungo_chiede_un_periodo_piu_breve(
    client, persona, referente, monkeypatch
):
    monkeypatch.setattr("privacy.views.registro.RIGHE_PER_FILE", 1)
    for _ in range(2):
        _legge(referente, persona)

    risposta = client.entra(referente).get(reverse("privacy:registro_csv"), follow=True)

    assert "scegli un periodo più breve" in risposta.content.decode()


# La storia ---------------------------------------------------------------------------------------


def _storia(persona, **filtri) -> str:
    return reverse("beneficiari:storia", args=[persona.uuid]) + _query(filtri)


def test_la_storia_dice_prima_e_dopo_campo_per_campo(client, persona, referente):
    with come(referente):
        Beneficiario.objects.filter(pk=persona.pk).update(comune="Alba", genere="F")

    risposta = client.entra(referente).get(_storia(persona))

    cambio = risposta.context["pagina"][0]
    campi = {voce.campo: (voce.prima, voce.dopo) for voce in cambio.cambiamenti}
    assert campi == {"comune dove vive": ("", "Alba"), "genere": ("", "donna")}
    assert (cambio.utente, cambio.ente) == (referente.utente, referente.ente)
    assert cambio.gesto == "cambiata"
    assert referente.utente.nome_completo in risposta.content.decode()


def test_di_cio_che_e_cifrato_si_dice_solo_che_e_cambiato(client, persona, referente):
    nota = NotaFactory(beneficiario=persona, testo="Prima non voleva parlare.")
    with come(referente):
        nota = Nota.objects.get(pk=nota.pk)
        nota.testo = "Adesso racconta."
        nota.save()

    risposta = client.entra(referente).get(_storia(persona, gruppo="note"))

    testo = risposta.content.decode()
    assert "cambiato (il testo è cifrato)" in testo
    for segreto in ("Prima non voleva", "Adesso racconta", "\\x", "memory"):
        assert segreto not in testo
    assert {gesto.gruppo for gesto in risposta.context["pagina"]} == {"note"}


def test_guardare_la_storia_e_una_lettura_dei_gruppi_che_mostra(client, persona, referente):
    BisognoRilevatoFactory(beneficiario=persona)

    client.entra(referente).get(_storia(persona))

    with come(referente):
        lettura = RegistroAccessi.objects.della_persona(persona.pk)[0]
    assert lettura.pagina == "beneficiari:storia"
    assert {"anagrafica", "bisogni"} <= set(lettura.gruppi)


def test_un_recapito_riservato_non_esce_dalla_storia(client, persona, referente):
    custode = attore(Ruolo.REFERENTE, ente=persona.ente)
    with come(custode):
        recapito = Recapito.objects.create(
            ente=persona.ente, beneficiario=persona, tipo="indirizzo", valore="Via segreta 1"
        )
        recapito.riservato, recapito.custode = True, custode.utente
        recapito.save()

    assert "Via segreta" not in client.entra(referente).get(_storia(persona)).content.decode()
    assert "Via segreta" in client.entra(custode).get(_storia(persona)).content.decode()


def test_la_storia_dice_anche_le_condivisioni(client, persona, referente):
    concessa = AutorizzazioneFactory(beneficiario=persona)

    testo = client.entra(referente).get(_storia(persona)).content.decode()

    assert concessa.destinatario.denominazione in testo


def test_la_storia_e_del_referente(client, persona):
    operatore = attore(Ruolo.OPERATORE, ente=persona.ente)
    estraneo = attore(Ruolo.REFERENTE)

    assert client.entra(operatore).get(_storia(persona)).status_code == 403
    assert client.entra(estraneo).get(_storia(persona)).status_code == 404
