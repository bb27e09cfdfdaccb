"""La pagina con cui si comincia: un passo solo, quello giusto per chi la apre."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from enti.models import Appartenenza, Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from report.agenda import Impegno, giro_di, impegni_di
from report.models import Scheda
from tests.fabbriche import (
    CampagnaFactory,
    EnteFactory,
    NodoFactory,
    SchedaFactory,
    attore,
)


pytestmark = pytest.mark.django_db

CASA = reverse("report:casa")
Stato = Scheda.Stato


def _campagna(scade_fra: int, ritardo_fino_a: int | None = None):
    oggi = timezone.localdate()
    return CampagnaFactory(
        apre_il=oggi - timedelta(days=90),
        scade_il=oggi + timedelta(days=scade_fra),
        ritardo_fino_al=None if ritardo_fino_a is None else oggi + timedelta(days=ritardo_fino_a),
    )


def _apri(client, chi) -> str:
    risposta = client.entra(chi).get(CASA)
    assert risposta.status_code == 200
    return " ".join(risposta.content.decode().split())


def _nel_contesto(funzione, chi):
    """`funzione(chi)` con ciò che il database mostra a `chi`."""
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        return funzione(chi)


def _impegno(**campi) -> Impegno:
    scheda = SchedaFactory(**campi)
    (impegno,) = _nel_contesto(impegni_di, attore(Ruolo.REFERENTE, ente=scheda.ente))
    return impegno


def _scadenza(**campi) -> str:
    return _impegno(**campi).scadenza.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("giorni", "frase"),
    [(12, "scade fra 12 giorni"), (1, "scade fra 1 giorno"), (0, "scade oggi")],
)
def test_il_tempo_che_resta_si_dice_a_parole(giorni, frase):
    assert _scadenza(campagna=_campagna(giorni)) == frase


def test_un_ritardo_dice_fino_a_quando_si_accetta():
    frase = _scadenza(campagna=_campagna(-3, ritardo_fino_a=5))

    assert frase.startswith("scaduta da 3 giorni, si accetta fino al ")
    assert _scadenza(campagna=_campagna(-9, ritardo_fino_a=-2)) == "scaduta da 9 giorni"


def test_una_scheda_senza_scadenza_lo_dice():
    assert _scadenza() == "senza scadenza"


def test_una_scheda_inviata_non_e_mai_in_ritardo():
    impegno = _impegno(campagna=_campagna(-9), stato=Stato.INVIATA)

    assert not impegno.in_ritardo
    assert impegno.scadenza == "consegnata"


def test_chi_compila_trova_per_prima_la_scheda_piu_urgente(client):
    chi = attore(Ruolo.REFERENTE)
    campagna = _campagna(10)
    for stato in (Stato.DA_APRIRE, Stato.IN_COMPILAZIONE, Stato.RIMANDATA, Stato.ACCETTATA):
        SchedaFactory(ente=chi.ente, campagna=campagna, titolo=f"Titolo {stato}", stato=stato)
    ordine = [impegno.scheda.stato for impegno in _nel_contesto(impegni_di, chi)]

    testo = _apri(client, chi)

    assert ordine == [Stato.RIMANDATA, Stato.IN_COMPILAZIONE, Stato.DA_APRIRE, Stato.ACCETTATA]
    assert "C'è una scheda da rivedere" in testo


def test_un_ritardo_viene_prima_di_tutto():
    chi = attore(Ruolo.REFERENTE)
    SchedaFactory(ente=chi.ente, campagna=_campagna(10), stato=Stato.RIMANDATA)
    tardi = SchedaFactory(ente=chi.ente, campagna=_campagna(-1), stato=Stato.DA_APRIRE)

    assert _nel_contesto(impegni_di, chi)[0].scheda == tardi


@pytest.mark.parametrize(
    ("ruolo", "frase"), [(Ruolo.REFERENTE, "la invii da lì"), (Ruolo.OPERATORE, "il referente")]
)
def test_la_pagina_dice_chi_invia(client, ruolo, frase):
    scheda = SchedaFactory(campagna=_campagna(5))

    assert frase in _apri(client, attore(ruolo, ente=scheda.ente))


def test_chi_non_ha_schede_legge_da_dove_arrivano(client):
    assert "Le schede arrivano con le campagne" in _apri(client, attore(Ruolo.OPERATORE))


def test_le_schede_degli_altri_non_compaiono(client):
    SchedaFactory(titolo="Scheda altrui", campagna=_campagna(5))

    assert "Scheda altrui" not in _apri(client, attore(Ruolo.REFERENTE))


def test_chi_coordina_vede_solo_il_suo_nodo_e_i_ritardi_per_primi():
    nodo = NodoFactory()
    campagna = _campagna(-2)
    SchedaFactory(campagna=campagna, titolo="Altrove", stato=Stato.INVIATA)
    SchedaFactory(campagna=campagna, ente=EnteFactory(nodo=nodo), stato=Stato.INVIATA, numero=1)
    SchedaFactory(campagna=campagna, ente=EnteFactory(nodo=nodo), numero=2)
    chi = attore(Ruolo.COORDINATORE, nodo=nodo)

    giro = _nel_contesto(giro_di, chi)

    assert [impegno.scheda.numero for impegno in giro.impegni] == [2, 1]
    assert [impegno.scheda.numero for impegno in giro.da_guardare] == [1]
    assert giro.consegnate == 1


def test_dopo_il_nodo_tocca_alla_rete():
    scheda = SchedaFactory(campagna=_campagna(5), stato=Stato.ACCETTATA_DAL_NODO)
    rete, nodo = attore(Ruolo.COORDINATORE), attore(Ruolo.COORDINATORE, nodo=scheda.nodo)

    assert len(_nel_contesto(giro_di, rete).da_guardare) == 1
    assert _nel_contesto(giro_di, nodo).da_guardare == []


@pytest.mark.parametrize(
    ("stato", "scade_fra", "frase"),
    [
        (Stato.INVIATA, 5, "scheda aspetta una risposta"),
        (Stato.IN_COMPILAZIONE, -5, "in ritardo"),
        (Stato.IN_COMPILAZIONE, 5, "Nessuna scheda aspetta te"),
    ],
)
def test_chi_coordina_ha_un_solo_passo_successivo(client, stato, scade_fra, frase):
    scheda = SchedaFactory(campagna=_campagna(scade_fra), stato=stato)
    testo = _apri(client, attore(Ruolo.COORDINATORE, nodo=scheda.nodo)).replace("\xa0", " ")

    assert frase in testo
    assert testo.count('class="passo ') == 1


@pytest.mark.parametrize("ruolo", [Ruolo.INVIANTE, Ruolo.GARANTE])
def test_chi_legge_soltanto_trova_enti_e_rapporto(client, ruolo):
    testo = _apri(client, attore(ruolo))

    assert "Trova un ente" in testo
    assert "Ancora nessun rapporto pubblicato" in testo


def test_fuori_dalla_dimostrazione_gli_account_di_prova_non_si_creano(settings):
    settings.DIMOSTRAZIONE = False

    with pytest.raises(CommandError, match="solo nella dimostrazione"):
        call_command("prepara_demo")

    assert not Utente.objects.filter(di_sistema=False).exists()


def test_la_dimostrazione_si_prepara_due_volte_senza_doppioni(capsys):
    call_command("prepara_demo")
    prima = capsys.readouterr().out
    with come_sistema():
        appartenenze = Appartenenza.objects.count()

    call_command("prepara_demo")

    with come_sistema():
        assert Appartenenza.objects.count() == appartenenze
    assert capsys.readouterr().out == prima
    ruoli = {"amministratore", "coordinatore della rete", "referente", "operatore", "inviante"}
    assert all(ruolo in prima for ruolo in ruoli)
    assert prima.count("anna.moro@la-strada.example") == 2
