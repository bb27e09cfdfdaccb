"""Il confine lo tiene il database: qui si prova a passarlo, anche senza il programma."""

import datetime

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.utils import timezone

from enti.models import Appartenenza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import NESSUNO, contesto, contesto_corrente, passa_all_ente
from report.models import Conteggio, DichiaranteDiScheda, Rapporto, Scheda
from tests.fabbriche import (
    AppartenenzaFactory,
    ConteggioFactory,
    EnteFactory,
    NodoFactory,
    ProgettoFactory,
    SchedaFactory,
    UtenteFactory,
    attore,
    ente_del_coordinamento,
)


pytestmark = pytest.mark.django_db


def _righe_viste(chi) -> tuple[int, int]:
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        return Scheda.objects.count(), Conteggio.objects.count()


def _prova_a_scrivere(chi, riga) -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        contesto(utente=chi.utente.pk, ente=chi.ente.pk),
    ):
        riga.save(force_insert=True)


def test_le_prove_girano_come_le_pagine():
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursore.fetchone() == ("registro_app", False, False)


def test_registro_app_non_possiede_nulla():
    with connection.cursor() as cursore:
        cursore.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner"
            " WHERE r.rolname = 'registro_app'"
        )
        assert cursore.fetchone() == (0,)


def test_senza_contesto_non_si_vede_nulla():
    ConteggioFactory()
    attore()

    assert not Scheda.objects.exists()
    assert not Conteggio.objects.exists()
    assert not Appartenenza.objects.exists()


def test_chi_dichiara_vede_la_propria_scheda_e_nessun_altra():
    propria = ConteggioFactory().scheda
    ConteggioFactory()

    assert _righe_viste(attore(ente=propria.ente)) == (1, 1)


def test_il_secondo_dichiarante_vede_la_scheda_e_la_scrive():
    secondo = EnteFactory()
    scheda = SchedaFactory(altri=[secondo])
    riga = ConteggioFactory.build(scheda=scheda, ente=scheda.ente)

    chi = attore(ente=secondo)
    with contesto(utente=chi.utente.pk, ente=secondo.pk):
        riga.save(force_insert=True)

    assert _righe_viste(chi) == (1, 1)


def test_l_ente_solo_in_testa_alla_scheda_non_la_vede():
    consorzio = EnteFactory()
    scheda = SchedaFactory()
    with come_sistema(scheda.ente):
        DichiaranteDiScheda.objects.create(
            ente=scheda.ente, scheda=scheda, dichiarante=consorzio, compila=False
        )

    assert _righe_viste(attore(ente=consorzio)) == (0, 0)


@pytest.mark.parametrize("ruolo", [Ruolo.INVIANTE, Ruolo.GARANTE])
def test_inviante_e_garante_non_vedono_le_schede_del_proprio_ente(ruolo):
    scheda = ConteggioFactory().scheda

    assert _righe_viste(attore(ruolo, ente=scheda.ente)) == (0, 0)


def test_chi_coordina_un_nodo_vede_solo_il_suo():
    scheda = ConteggioFactory().scheda
    ConteggioFactory()

    assert _righe_viste(attore(Ruolo.COORDINATORE, nodo=scheda.nodo)) == (1, 1)


def test_chi_coordina_non_vede_le_schede_dell_ente_che_lo_ospita():
    ospite = ente_del_coordinamento()
    ConteggioFactory(scheda__ente=ospite)

    assert _righe_viste(attore(Ruolo.COORDINATORE, nodo=NodoFactory())) == (0, 0)


def test_chi_coordina_la_rete_vede_tutto_anche_senza_nodo():
    ConteggioFactory()
    ConteggioFactory(scheda__nodo=None)

    assert _righe_viste(attore(Ruolo.COORDINATORE)) == (2, 2)
    assert _righe_viste(attore(Ruolo.AMMINISTRATORE)) == (2, 2)


def test_dichiararsi_di_un_altro_ente_non_mostra_righe():
    scheda = ConteggioFactory().scheda
    intruso = attore()

    with contesto(utente=intruso.utente.pk, ente=scheda.ente_id):
        assert not Scheda.objects.exists()
        assert not Conteggio.objects.exists()


@pytest.mark.parametrize(
    "date",
    [
        {"inizio": datetime.date(2020, 1, 1), "fine": datetime.date(2020, 12, 31)},
        {"inizio": datetime.date(2999, 1, 1)},
    ],
)
def test_un_appartenenza_finita_o_futura_non_apre_nulla(date):
    scheda = ConteggioFactory().scheda
    utente = UtenteFactory()
    AppartenenzaFactory(utente=utente, ente=scheda.ente, **date)

    with contesto(utente=utente.pk, ente=scheda.ente_id):
        assert not Scheda.objects.exists()


def test_l_ultimo_giorno_di_appartenenza_vale_ancora():
    scheda = ConteggioFactory().scheda
    utente = UtenteFactory()
    AppartenenzaFactory(utente=utente, ente=scheda.ente, fine=timezone.localdate())

    with contesto(utente=utente.pk, ente=scheda.ente_id):
        assert Scheda.objects.count() == 1


def test_un_utente_disattivato_non_vede_nulla():
    scheda = ConteggioFactory().scheda
    utente = UtenteFactory(is_active=False)
    AppartenenzaFactory(utente=utente, ente=scheda.ente)

    with contesto(utente=utente.pk, ente=scheda.ente_id):
        assert not Scheda.objects.exists()


def test_il_contesto_finisce_con_la_transazione():
    scheda = ConteggioFactory().scheda
    chi = attore(ente=scheda.ente)

    assert _righe_viste(chi) == (1, 1)
    assert not Scheda.objects.exists()


def test_un_errore_nel_contesto_rimette_quello_di_prima():
    scheda = ConteggioFactory().scheda
    chi, altro = attore(ente=scheda.ente), attore()

    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        with (
            pytest.raises(RuntimeError),
            contesto(utente=altro.utente.pk, ente=altro.ente.pk),
        ):
            raise RuntimeError
        assert Scheda.objects.count() == 1


def test_non_si_scrive_nella_scheda_di_un_altro_ente():
    scheda = SchedaFactory()
    riga = ConteggioFactory.build(scheda=scheda, ente=scheda.ente)

    _prova_a_scrivere(attore(), riga)


@pytest.mark.parametrize("stato", ["inviata", "accettata_dal_nodo", "accettata", "congelata"])
def test_una_scheda_inviata_non_si_scrive_piu(stato):
    scheda = SchedaFactory(stato=stato)
    riga = ConteggioFactory.build(scheda=scheda, ente=scheda.ente)

    _prova_a_scrivere(attore(ente=scheda.ente), riga)


def test_chi_coordina_non_riscrive_i_numeri_degli_enti():
    scheda = SchedaFactory()
    riga = ConteggioFactory.build(scheda=scheda, ente=scheda.ente)

    _prova_a_scrivere(attore(Ruolo.COORDINATORE, nodo=scheda.nodo), riga)


def test_un_amministratore_non_si_nomina_da_solo():
    chi = attore(Ruolo.REFERENTE)
    riga = Appartenenza(
        utente=chi.utente, ente=ente_del_coordinamento(), ruolo=Ruolo.AMMINISTRATORE
    )

    _prova_a_scrivere(chi, riga)


def _aggancia(scheda: Scheda, intero: Conteggio) -> None:
    """Scrive in `scheda` un conteggio «parte di» `intero` e fa parlare subito i vincoli."""
    with transaction.atomic(), come_sistema(scheda.ente), connection.cursor() as cursore:
        cursore.execute("SET CONSTRAINTS ALL IMMEDIATE")
        ConteggioFactory(scheda=scheda, parte_di=intero)


def test_una_riga_non_si_aggancia_a_quella_di_un_altro_ente():
    with pytest.raises(IntegrityError, match=r"stess[oa]_"):
        _aggancia(SchedaFactory(), ConteggioFactory())


def test_un_conteggio_non_e_parte_di_quello_di_un_altra_scheda():
    intero = ConteggioFactory()

    with pytest.raises(IntegrityError, match="stessa_scheda"):
        _aggancia(SchedaFactory(ente=intero.ente), intero)


def _edizione(stato: str) -> Rapporto:
    ente = ente_del_coordinamento()
    pubblicato = stato == "pubblicato"
    with come_sistema(ente):
        return Rapporto.objects.create(
            ente=ente,
            progetto=ProgettoFactory(),
            edizione=1,
            titolo="Rapporto",
            stato=stato,
            impronta="0" * 64 if pubblicato else "",
            pubblicato_il=timezone.now() if pubblicato else None,
        )


def test_la_bozza_del_rapporto_la_vede_solo_chi_coordina():
    _edizione("bozza")

    for chi, quante in ((attore(Ruolo.REFERENTE), 0), (attore(Ruolo.AMMINISTRATORE), 1)):
        with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
            assert Rapporto.objects.count() == quante


def test_il_rapporto_pubblicato_lo_legge_ogni_ente_e_non_lo_cambia_nessuno():
    rapporto = _edizione("pubblicato")

    for chi in (attore(Ruolo.INVIANTE), attore(Ruolo.AMMINISTRATORE)):
        with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
            assert Rapporto.objects.filter(pk=rapporto.pk).exists()
            assert Rapporto.objects.filter(pk=rapporto.pk).update(titolo="Altro") == 0
            assert Rapporto.objects.filter(pk=rapporto.pk).delete()[0] == 0


def _ente_nel_database() -> str:
    with connection.cursor() as cursore:
        cursore.execute("SELECT current_setting('registro.ente', true)")
        return cursore.fetchone()[0] or ""


def test_chi_passa_al_suo_ente_vede_le_sue_righe_fino_alla_fine_del_contesto():
    chi = attore(Ruolo.REFERENTE)
    with contesto(utente=chi.utente.pk, ente=chi.ente.pk):
        SchedaFactory(ente=chi.ente)

    with contesto(utente=chi.utente.pk):
        assert (Scheda.objects.count(), _ente_nel_database()) == (0, "")
        passa_all_ente(chi.ente.pk)
        assert (Scheda.objects.count(), _ente_nel_database()) == (1, str(chi.ente.pk))

    assert (contesto_corrente(), _ente_nel_database()) == (NESSUNO, "")
    assert Scheda.objects.count() == 0


def test_chi_passa_all_ente_di_un_altro_non_vede_niente():
    chi, scheda = attore(Ruolo.REFERENTE), SchedaFactory()

    with contesto(utente=chi.utente.pk):
        passa_all_ente(scheda.ente_id)
        assert Scheda.objects.count() == 0


def test_a_un_ente_si_passa_una_volta_sola_e_mai_senza_un_utente():
    chi, altrove = attore(Ruolo.REFERENTE), EnteFactory()

    with pytest.raises(RuntimeError, match="Si passa a un ente solo"):
        passa_all_ente(chi.ente.pk)
    with (
        pytest.raises(RuntimeError, match="Si passa a un ente solo"),
        contesto(utente=chi.utente.pk, ente=chi.ente.pk),
    ):
        passa_all_ente(altrove.pk)
