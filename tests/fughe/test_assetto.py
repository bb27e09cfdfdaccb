"""LEAK-04, LEAK-05 e LEAK-06: il database sta come deve, e chi non dice chi è non vede niente."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError

from beneficiari import models
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, IdentificativoFactory, come
from tests.fughe.a_parte import connessione_senza_contesto, righe_senza_contesto
from tests.fughe.assetto import scostamenti
from tests.fughe.mondo import PUBBLICHE_NELLA_RETE, tabelle_isolate
from tests.interrogazioni import al_massimo


def test_il_database_sta_come_deve(a_parte):
    assert scostamenti(a_parte) == []


def test_finito_il_contesto_la_stessa_connessione_non_vede_niente(a_parte):
    """Un valore di sessione resterebbe sulla connessione riusata: qui si scrive per davvero."""
    persona = BeneficiarioFactory()
    chi = attore(Ruolo.REFERENTE, ente=persona.ente)
    tabelle = sorted(set(tabelle_isolate()) - PUBBLICHE_NELLA_RETE)

    with contesto(utente=chi.utente.pk, ente=persona.ente.pk, finalita="invio"):
        assert models.Beneficiario.objects.count() == 1

    assert not connection.in_atomic_block
    assert not any(righe_senza_contesto(tabelle).values())
    with connessione_senza_contesto() as nuda:
        assert not any(righe_senza_contesto(tabelle, nuda).values())


@pytest.mark.parametrize("alias", ["proprietario"])
def test_con_un_ruolo_che_salta_il_confine_non_si_parte(a_parte, alias):
    """Chi scambia i due indirizzi nelle impostazioni se ne accorge prima di mostrare una riga."""
    vere = dict(connections["default"].settings_dict)
    connections["default"].close()
    sue = connections[alias].settings_dict
    connections["default"].settings_dict |= {"USER": sue["USER"], "PASSWORD": sue["PASSWORD"]}
    try:
        with pytest.raises(ImproperlyConfigured, match="confine"):
            connections["default"].ensure_connection()
    finally:
        connections["default"].close()
        connections["default"].settings_dict |= vere


def test_un_codice_noto_altrove_si_inserisce_come_uno_mai_visto(a_parte):
    """Stesso esito, stesse interrogazioni: nessuno impara che la persona è già conosciuta."""
    codice = "RSSMRA80A01A182N"
    IdentificativoFactory(codice=codice)
    qui = BeneficiarioFactory()
    fatte = []
    for quale in (codice, "VRDLGI75B12A182F"):
        riga = models.Identificativo(beneficiario=qui, ente=qui.ente, tipo="cf")
        riga.scrivi_valore(quale, normale=quale)
        chi = attore(Ruolo.OPERATORE, ente=qui.ente)
        with come(chi), al_massimo(20) as interrogazioni, transaction.atomic():
            riga.save()
            trovate = models.Identificativo.objects.filter(tipo="cf", indice=riga.indice).count()
            transaction.set_rollback(True)
        fatte.append((trovate, len(interrogazioni)))

    assert fatte[0] == fatte[1]


def legami_fra_righe() -> list[tuple]:
    """(modello, campo) di ogni legame fra righe di persone, dai modelli: uno nuovo arriva da sé."""
    return [
        (modello, campo)
        for modello in vars(models).values()
        if isinstance(modello, type) and hasattr(modello, "_meta") and not modello._meta.abstract
        for campo in modello._meta.fields
        if campo.related_model is models.Beneficiario and campo.name != "unito_a"
    ]


@pytest.mark.parametrize(("modello", "campo"), legami_fra_righe(), ids=str)
def test_un_legame_a_chi_e_altrove_si_rifiuta_come_a_chi_non_c_e(a_parte, modello, campo):
    """Stessa eccezione e stesso codice: dalla riga di un altro ente non si impara che esiste."""
    altrove = BeneficiarioFactory()
    chi = attore(Ruolo.REFERENTE)
    esiti = [_aggancia(modello, campo, chi, chiave) for chiave in (altrove.pk, 2**40)]

    assert esiti[0] == esiti[1]
    assert esiti[0] is not None


def _aggancia(modello, campo, chi, chiave: int) -> tuple | None:
    """L'eccezione e il suo codice, provando a legare una riga del proprio ente a `chiave`."""
    with come(chi), connection.cursor() as cursore:
        colonne = {"ente_id": chi.ente.pk, campo.column: chiave}
        if any(c.column == "uuid" for c in modello._meta.fields):
            colonne["uuid"] = uuid.uuid4()
        testo = (
            f"INSERT INTO {modello._meta.db_table} ({', '.join(colonne)})"  # noqa: S608
            f" VALUES ({', '.join(['%s'] * len(colonne))})"
        )
        try:
            with transaction.atomic():
                cursore.execute(testo, list(colonne.values()))
                cursore.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except Exception as errore:
            return type(errore), getattr(errore.__cause__, "sqlstate", None)
    return None


def test_il_legame_si_rifiuta_anche_a_riga_completa(a_parte):
    """Una riga per il resto buona: la ferma il legame, con lo stesso errore nei due casi."""
    altrove, chi = BeneficiarioFactory(), attore(Ruolo.REFERENTE)
    esiti = []
    for chiave in (altrove.pk, 2**40):
        with come(chi), connection.cursor() as cursore:
            try:
                with transaction.atomic():
                    models.Recapito.objects.create(
                        ente=chi.ente, beneficiario_id=chiave, tipo="telefono", valore="1"
                    )
                    cursore.execute("SET CONSTRAINTS ALL IMMEDIATE")
            except IntegrityError as errore:
                esiti.append((type(errore), errore.__cause__.sqlstate))
    with come_sistema(chi.ente):
        assert models.Recapito.objects.count() == 0

    assert len(esiti) == 2
    assert esiti[0] == esiti[1]
