"""BCK-06: quanto sono vecchie l'ultima copia e l'ultima prova, e quando è ora di preoccuparsi."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from enti.permessi import Ruolo
from enti.tasks import avvisa_delle_copie
from registro.comune.copie import STATO, annota, giudica
from tests.fabbriche import attore


@pytest.fixture(autouse=True)
def dati(settings, tmp_path):
    settings.CARTELLA_DATI = tmp_path
    return tmp_path


def _esiti(dati, fra: timedelta = timedelta()) -> dict[str, str]:
    giudizi = giudica(dati, timezone.now() + fra)
    return {nome: giudizio.esito for nome, giudizio in giudizi.items()}


def test_finche_non_si_e_fatto_niente_e_rosso(dati):
    assert _esiti(dati) == {"copia": "mai", "prova": "mai"}


def test_una_copia_vale_ventisei_ore_e_una_prova_trentacinque_giorni(dati):
    annota(dati, "copia", riuscita=True)
    annota(dati, "prova", riuscita=True)

    assert _esiti(dati, timedelta(hours=25, minutes=59)) == {"copia": "ok", "prova": "ok"}
    assert _esiti(dati, timedelta(hours=26, minutes=1)) == {"copia": "vecchia", "prova": "ok"}
    assert _esiti(dati, timedelta(days=35, minutes=1))["prova"] == "vecchia"


def test_un_tentativo_fallito_e_rosso_finche_non_ne_riesce_uno(dati):
    annota(dati, "copia", riuscita=True)
    riuscita = giudica(dati, timezone.now())["copia"].riuscita_il
    annota(dati, "copia", riuscita=False)

    fallita = giudica(dati, timezone.now())["copia"]
    assert fallita.esito == "fallita"
    assert fallita.riuscita_il == riuscita

    annota(dati, "copia", riuscita=True)
    assert _esiti(dati)["copia"] == "ok"


def test_in_cio_che_si_annota_ci_sono_solo_istanti(dati):
    annota(dati, "copia", riuscita=False)

    assert set((dati / STATO).read_text()) <= set('{}":,+-. \n_0123456789T') | set(
        "copiafallitail"
    )


@pytest.mark.django_db
def test_chi_sorveglia_lo_legge_senza_entrare(client, dati):
    senza = client.get("/salute/copie/")
    annota(dati, "copia", riuscita=True)
    annota(dati, "prova", riuscita=True)
    con = client.get("/salute/copie/")
    with time_machine.travel(timezone.now() + timedelta(hours=27), tick=False):
        vecchia = client.get("/salute/copie/")

    assert (senza.status_code, con.status_code, vecchia.status_code) == (503, 200, 503)
    assert senza.json()["copia"] == {"esito": "mai", "riuscita_il": None}
    assert con.json()["stato"] == "ok"
    assert vecchia.json()["copia"]["esito"] == "vecchia"
    assert "no-store" in con["Cache-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("ruolo", [Ruolo.AMMINISTRATORE, Ruolo.GARANTE])
def test_chi_risponde_della_rete_vede_il_rosso_e_quanto_si_puo_perdere(client, dati, ruolo):
    annota(dati, "prova", riuscita=True)

    testo = client.entra(attore(ruolo)).get("/copie/").content.decode()

    assert "Le copie non sono come devono essere" in testo
    assert "mai fatta" in testo
    assert "al più 24 ore di lavoro" in testo
    annota(dati, "copia", riuscita=True)
    assert "non sono come devono essere" not in client.get("/copie/").content.decode()


@pytest.mark.django_db
def test_se_le_copie_sono_rosse_chi_puo_agire_lo_riceve_per_posta(dati, mailoutbox):
    """BCK-04: una copia che non riesce si annuncia, a chi amministra e al garante e a nessun altro."""
    avvisati = [attore(ruolo).utente.email for ruolo in (Ruolo.AMMINISTRATORE, Ruolo.GARANTE)]
    attore(Ruolo.REFERENTE)
    annota(dati, "prova", riuscita=True)
    annota(dati, "copia", riuscita=False)

    assert avvisa_delle_copie() == 2

    assert sorted(posta.to[0] for posta in mailoutbox) == sorted(avvisati)
    assert "mai (fallita)" in mailoutbox[0].body
    annota(dati, "copia", riuscita=True)
    assert avvisa_delle_copie() == 0


@pytest.mark.django_db
def test_gli_altri_ruoli_non_la_aprono(client):
    assert client.entra(attore(Ruolo.REFERENTE)).get("/copie/").status_code == 403
