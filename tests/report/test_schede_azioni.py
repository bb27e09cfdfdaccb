"""I passaggi di stato di una scheda: chi li fa, in che ordine, con quali parole."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError
from django.utils import timezone

from enti.permessi import Ruolo
from enti.sistema import come_sistema
from report.azioni.righe import aggiungi_conteggio, aggiungi_voce
from report.azioni.schede import (
    InvioFermato,
    accetta_dal_nodo,
    accetta_dalla_rete,
    apri_scheda,
    invia_scheda,
    rimanda_scheda,
    ritira_scheda,
)
from report.controlli import avvisi_di
from report.models import AvvisoSuperato, PassaggioDiScheda, Scheda
from tests.fabbriche import NodoFactory, attore
from tests.report.schede_da_compilare import come, fascicolo, riletta, scheda_da_compilare


pytestmark = pytest.mark.django_db
Stato = Scheda.Stato


@pytest.fixture
def scheda() -> Scheda:
    return scheda_da_compilare()


@pytest.fixture
def referente(scheda):
    return attore(Ruolo.REFERENTE, ente=scheda.ente)


def motivi_per(scheda: Scheda) -> dict[str, str]:
    return {avviso.codice: "Lo sappiamo." for avviso in avvisi_di(fascicolo(scheda))}


def inviata(**campi) -> Scheda:
    """Una scheda inviata dal suo referente, coi motivi per gli avvisi che ha."""
    scheda = scheda_da_compilare(**campi)
    with come(attore(Ruolo.REFERENTE, ente=scheda.ente)) as chi:
        invia_scheda(scheda=scheda, motivi=motivi_per(scheda), da=chi)
    return riletta(scheda)


def passaggi(scheda: Scheda) -> list[tuple[str, str]]:
    with come_sistema(scheda.ente):
        return list(
            PassaggioDiScheda.objects.filter(scheda=scheda)
            .order_by("pk")
            .values_list("da_stato", "a_stato")
        )


# Aprire ---------------------------------------------------------------------------------
def test_chi_compila_apre_la_scheda():
    scheda = scheda_da_compilare(stato=Stato.DA_APRIRE)
    with come(attore(Ruolo.OPERATORE, ente=scheda.ente)) as chi:
        apri_scheda(scheda=scheda, da=chi)

    assert riletta(scheda).stato == Stato.IN_COMPILAZIONE
    assert passaggi(scheda) == [(Stato.DA_APRIRE, Stato.IN_COMPILAZIONE)]


def test_prima_dell_apertura_non_si_compila():
    domani = timezone.localdate() + datetime.timedelta(days=1)
    scheda = scheda_da_compilare(stato=Stato.DA_APRIRE, campagna__apre_il=domani)

    with come(attore(ente=scheda.ente)) as chi, pytest.raises(ValidationError, match="si apre il"):
        apri_scheda(scheda=scheda, da=chi)

    assert riletta(scheda).stato == Stato.DA_APRIRE


def test_la_prima_parola_apre_la_scheda():
    scheda = scheda_da_compilare(stato=Stato.DA_APRIRE)
    with come(attore(ente=scheda.ente)) as chi:
        aggiungi_voce(scheda=scheda, sezione="criticita", testo="Invii in ritardo.", da=chi)

    assert riletta(scheda).stato == Stato.IN_COMPILAZIONE


# Inviare --------------------------------------------------------------------------------
def test_l_operatore_non_invia(scheda):
    with come(attore(Ruolo.OPERATORE, ente=scheda.ente)) as chi, pytest.raises(PermissionDenied):
        invia_scheda(scheda=scheda, motivi=motivi_per(scheda), da=chi)


def test_un_avviso_si_supera_col_motivo_che_resta_scritto(scheda, referente):
    with come(referente):
        invia_scheda(scheda=scheda, motivi=motivi_per(scheda), da=referente)

    with come_sistema(scheda.ente):
        superati = list(AvvisoSuperato.objects.filter(scheda=scheda))
    assert riletta(scheda).stato == Stato.INVIATA
    assert riletta(scheda).inviata_il is not None
    assert {voce.codice for voce in superati} == set(motivi_per(scheda))
    assert {(voce.motivo, voce.chi) for voce in superati} == {("Lo sappiamo.", referente.utente)}


@pytest.mark.parametrize("motivo", ["", "   "])
def test_senza_motivo_un_avviso_ferma_l_invio(scheda, referente, motivo):
    motivi = motivi_per(scheda) | {"sezione-mancante:azioni": motivo}

    with come(referente), pytest.raises(InvioFermato) as fermato:
        invia_scheda(scheda=scheda, motivi=motivi, da=referente)

    assert [avviso.codice for avviso in fermato.value.avvisi] == ["sezione-mancante:azioni"]
    assert riletta(scheda).stato == Stato.IN_COMPILAZIONE
    with come_sistema(scheda.ente):
        assert not AvvisoSuperato.objects.filter(scheda=scheda).exists()


def test_un_avviso_che_blocca_non_si_supera_con_un_motivo(scheda, referente):
    with come(referente):
        aggiungi_conteggio(
            scheda=scheda,
            sezione="beneficiari",
            da=referente,
            cosa="utenti",
            unita="individui",
            valore=12,
            valore_calcolato=14,
        )
        with pytest.raises(InvioFermato) as fermato:
            invia_scheda(scheda=scheda, motivi=motivi_per(scheda), da=referente)

    assert [avviso.gravita for avviso in fermato.value.avvisi] == ["blocca"]


def test_dopo_l_ultimo_giorno_non_si_invia():
    scheda = scheda_da_compilare(campagna__scade_il=datetime.date(2020, 1, 1))
    with (
        come(attore(Ruolo.REFERENTE, ente=scheda.ente)) as chi,
        pytest.raises(ValidationError, match="accettava schede fino al"),
    ):
        invia_scheda(scheda=scheda, motivi=motivi_per(scheda), da=chi)


def test_in_ritardo_ma_entro_il_termine_si_invia():
    futuro = timezone.localdate() + datetime.timedelta(days=10)
    scheda = inviata(
        campagna__scade_il=datetime.date(2020, 1, 1), campagna__ritardo_fino_al=futuro
    )

    assert scheda.stato == Stato.INVIATA


def test_una_scheda_inviata_non_si_invia_di_nuovo():
    scheda = inviata()
    with (
        come(attore(Ruolo.REFERENTE, ente=scheda.ente)) as chi,
        pytest.raises(ValidationError, match="La scheda è inviata"),
    ):
        invia_scheda(scheda=scheda, motivi={}, da=chi)


# Ritirare -------------------------------------------------------------------------------
def test_il_referente_ritira_finche_nessuno_risponde():
    scheda = inviata()
    with come(attore(Ruolo.REFERENTE, ente=scheda.ente)) as chi:
        ritira_scheda(scheda=scheda, da=chi)

    assert riletta(scheda).stato == Stato.IN_COMPILAZIONE
    assert riletta(scheda).inviata_il is None


def test_dopo_il_primo_si_non_si_ritira():
    scheda = inviata()
    with come(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) as nodo:
        accetta_dal_nodo(scheda=scheda, da=nodo)

    with come(attore(Ruolo.REFERENTE, ente=scheda.ente)) as chi, pytest.raises(ValidationError):
        ritira_scheda(scheda=scheda, da=chi)


# Accettare ------------------------------------------------------------------------------
def test_due_si_prima_il_nodo_poi_la_rete():
    scheda = inviata()
    with come(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) as nodo:
        accetta_dal_nodo(scheda=scheda, da=nodo)
    with come(attore(Ruolo.COORDINATORE)) as rete:
        accetta_dalla_rete(scheda=scheda, da=rete)

    assert riletta(scheda).stato == Stato.ACCETTATA
    assert passaggi(scheda)[-2:] == [
        (Stato.INVIATA, Stato.ACCETTATA_DAL_NODO),
        (Stato.ACCETTATA_DAL_NODO, Stato.ACCETTATA),
    ]


def test_la_rete_non_salta_il_nodo():
    scheda = inviata()
    with come(attore(Ruolo.COORDINATORE)) as rete, pytest.raises(ValidationError):
        accetta_dalla_rete(scheda=scheda, da=rete)


def test_una_scheda_senza_nodo_ha_un_si_solo():
    scheda = inviata(nodo=None)
    with come(attore(Ruolo.COORDINATORE)) as rete:
        with pytest.raises(ValidationError, match="non è di un nodo"):
            accetta_dal_nodo(scheda=scheda, da=rete)
        accetta_dalla_rete(scheda=scheda, da=rete)

    assert riletta(scheda).stato == Stato.ACCETTATA


def test_chi_coordina_un_altro_nodo_non_vede_la_scheda_e_non_la_accetta():
    scheda = inviata()
    with come(attore(Ruolo.COORDINATORE, nodo=NodoFactory())) as altro:
        assert not Scheda.objects.filter(pk=scheda.pk).exists()
        with pytest.raises(ValidationError):
            accetta_dal_nodo(scheda=scheda, da=altro)

    assert riletta(scheda).stato == Stato.INVIATA


def test_chi_coordina_un_nodo_non_da_il_secondo_si():
    scheda = inviata()
    with come(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) as nodo:
        accetta_dal_nodo(scheda=scheda, da=nodo)
        with pytest.raises(PermissionDenied):
            accetta_dalla_rete(scheda=scheda, da=nodo)


def test_chi_compila_non_accetta():
    scheda = inviata()
    with (
        come(attore(Ruolo.REFERENTE, ente=scheda.ente)) as chi,
        pytest.raises(PermissionDenied),
    ):
        accetta_dal_nodo(scheda=scheda, da=chi)


# Rimandare ------------------------------------------------------------------------------
def test_chi_rimanda_scrive_che_cosa_rivedere_e_si_puo_rifare():
    scheda = inviata()
    with come(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) as nodo:
        rimanda_scheda(scheda=scheda, testo="Manca il nodo di Ovada.", da=nodo)
    with come(attore(Ruolo.REFERENTE, ente=scheda.ente)) as chi:
        invia_scheda(scheda=scheda, motivi=motivi_per(scheda), da=chi)
    with come(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) as nodo:
        rimanda_scheda(scheda=scheda, testo="Manca ancora.", da=nodo)

    with come_sistema(scheda.ente):
        testi = scheda.passaggi.filter(a_stato=Stato.RIMANDATA).order_by("pk")
        assert [p.testo for p in testi] == ["Manca il nodo di Ovada.", "Manca ancora."]
    assert riletta(scheda).stato == Stato.RIMANDATA


def test_senza_parole_non_si_rimanda():
    scheda = inviata()
    with (
        come(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) as nodo,
        pytest.raises(ValidationError, match="Scrivi che cosa va rivisto"),
    ):
        rimanda_scheda(scheda=scheda, testo="  ", da=nodo)


def test_cio_che_il_nodo_ha_accettato_lo_rimanda_solo_la_rete():
    scheda = inviata()
    with come(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) as nodo:
        accetta_dal_nodo(scheda=scheda, da=nodo)
        with pytest.raises(ValidationError):
            rimanda_scheda(scheda=scheda, testo="Ripensandoci.", da=nodo)
    with come(attore(Ruolo.COORDINATORE)) as rete:
        rimanda_scheda(scheda=scheda, testo="Un conto non torna.", da=rete)

    assert riletta(scheda).stato == Stato.RIMANDATA


def test_una_scheda_congelata_non_torna_indietro():
    scheda = scheda_da_compilare(stato=Stato.CONGELATA)
    with (
        come(attore(Ruolo.COORDINATORE)) as rete,
        pytest.raises(ValidationError, match="congelata"),
    ):
        rimanda_scheda(scheda=scheda, testo="Vorrei.", da=rete)


def test_la_storia_non_si_riscrive():
    scheda = inviata()
    with come(attore(Ruolo.REFERENTE, ente=scheda.ente)):
        passaggio = scheda.passaggi.get()
        passaggio.testo = "Mai detto."
        assert PassaggioDiScheda.objects.filter(pk=passaggio.pk).update(testo="x") == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            PassaggioDiScheda(
                ente=scheda.ente,
                scheda=scheda,
                da_stato=Stato.INVIATA,
                a_stato=Stato.ACCETTATA,
                chi=attore().utente,
            ).save()
