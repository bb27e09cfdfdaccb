"""Gli eventi di sicurezza: chi li scrive, chi li legge, che cosa non vi entra."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.urls import reverse

from enti.azioni.inviti import annulla_invito, invita
from enti.azioni.utenti import cambia_ruolo, chiudi_account, chiudi_appartenenza
from enti.eventi import annota_evento
from enti.models import Appartenenza, CodiceEvento, EventoDiSicurezza
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from registro.db.contesto import contesto
from tests.fabbriche import AppartenenzaFactory, EnteFactory, UtenteFactory, attore


pytestmark = pytest.mark.django_db
PASSWORD = "una-password-di-prova"


def _come(chi):
    return contesto(utente=chi.utente.pk, ente=chi.ente.pk)


def _tutti():
    with come_sistema():
        return list(EventoDiSicurezza.objects.order_by("pk"))


def _codici():
    return [evento.codice for evento in _tutti()]


def test_ogni_accesso_riuscito_o_no_lascia_un_evento(client):
    """AdS 27-11-2008: accessi e tentativi, con chi e quando; l'indirizzo scritto non si conserva."""
    utente = UtenteFactory(email="anna@rete.example", password=PASSWORD)
    AppartenenzaFactory(utente=utente)
    accedi = reverse("enti:accedi")

    client.post(accedi, {"username": "nessuno@rete.example", "password": "x"})
    client.post(accedi, {"username": "anna@rete.example", "password": "sbagliata"})
    client.post(accedi, {"username": "anna@rete.example", "password": PASSWORD})
    client.post(reverse("enti:esci"))

    fatti = [(e.codice, e.utente, e.su_utente) for e in _tutti()]
    assert fatti == [
        ("accesso-fallito", None, None),
        ("accesso-fallito", None, utente),
        ("accesso", utente, None),
        ("uscita", utente, None),
    ]
    assert all("rete.example" not in str(e.dati) for e in _tutti())


def test_i_gesti_che_cambiano_chi_puo_agire_lasciano_un_evento():
    chi = attore(Ruolo.REFERENTE)
    altro = AppartenenzaFactory(ente=chi.ente)
    with _come(chi):
        invito = invita(
            ente=chi.ente,
            email="nuova@rete.example",
            ruolo=Ruolo.OPERATORE,
            collegamento=lambda gettone: gettone,
            da=chi,
        )
        annulla_invito(invito=invito, da=chi)
        nuova = cambia_ruolo(appartenenza=altro, ruolo=Ruolo.REFERENTE, da=chi)
        chiudi_appartenenza(appartenenza=nuova, da=chi)

    eventi = _tutti()
    assert [e.codice for e in eventi] == [
        "invito",
        "invito-annullato",
        "ruolo-cambiato",
        "appartenenza-chiusa",
    ]
    assert {e.utente_id for e in eventi} == {chi.utente.pk}
    assert {e.ente_id for e in eventi} == {chi.ente.pk}
    assert eventi[2].su_utente == altro.utente
    assert eventi[2].dati == {"prima": "operatore", "dopo": "referente"}


def test_chi_amministra_annota_per_l_ente_su_cui_agisce():
    chi, altro = attore(Ruolo.AMMINISTRATORE), AppartenenzaFactory()
    with _come(chi):
        chiudi_account(utente=altro.utente, da=chi)
        chiudi_appartenenza(appartenenza=Appartenenza.objects.get(pk=altro.pk), da=chi)

    assert [(e.codice, e.ente_id) for e in _tutti()] == [
        ("account-chiuso", chi.ente.pk),
        ("appartenenza-chiusa", altro.ente_id),
    ]


def test_se_il_gesto_torna_indietro_l_evento_torna_con_lui():
    """AUD-03: evento e gesto nella stessa transazione."""
    chi = attore(Ruolo.REFERENTE)
    with _come(chi):
        annota_evento(CodiceEvento.ESPORTAZIONE, da=chi, quante=3)
        transaction.set_rollback(True)

    assert _codici() == []


@pytest.mark.parametrize("valore", ["Anna Rossi", "anna@rete.example", "RSSMRA80A01A182N", ["x"]])
def test_in_un_evento_entrano_solo_numeri_e_codici(valore):
    chi = attore(Ruolo.REFERENTE)
    with _come(chi):
        with pytest.raises(ValueError, match="numeri e codici"):
            annota_evento(CodiceEvento.ESPORTAZIONE, da=chi, chi=valore)
        # Nemmeno scavalcando la funzione.
        with pytest.raises(IntegrityError, match="evento_con_soli_codici"), transaction.atomic():
            EventoDiSicurezza.objects.create(
                codice="esportazione", utente=chi.utente, ente=chi.ente, dati={"chi": valore}
            )


def test_il_garante_vede_la_rete_il_referente_il_suo_ente_l_operatore_se_stesso():
    uno, due = EnteFactory(), EnteFactory()
    operatore, collega = attore(Ruolo.OPERATORE, ente=uno), attore(Ruolo.OPERATORE, ente=uno)
    fuori = attore(Ruolo.REFERENTE, ente=due)
    for chi in (operatore, collega, fuori):
        with _come(chi):
            annota_evento(CodiceEvento.ESPORTAZIONE, da=chi, quante=1)

    def visti(chi):
        with _come(chi):
            return set(EventoDiSicurezza.objects.values_list("utente_id", flat=True))

    tutti = {chi.utente.pk for chi in (operatore, collega, fuori)}
    assert visti(attore(Ruolo.GARANTE)) == tutti
    assert visti(attore(Ruolo.AMMINISTRATORE)) == tutti
    assert visti(attore(Ruolo.REFERENTE, ente=uno)) == {operatore.utente.pk, collega.utente.pk}
    assert visti(operatore) == {operatore.utente.pk}
    assert visti(attore(Ruolo.COORDINATORE, ente=due)) == set()


def test_non_si_scrive_a_nome_d_altri_ne_per_un_altro_ente():
    chi, altro = attore(Ruolo.REFERENTE), attore(Ruolo.REFERENTE)
    for campi in (
        {"utente": altro.utente, "ente": chi.ente},
        {"utente": chi.utente, "ente": altro.ente},
        {"utente": chi.utente, "ente": None},
    ):
        with (
            _come(chi),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            EventoDiSicurezza.objects.create(codice="accesso", **campi)


def test_un_evento_si_aggiunge_e_non_si_tocca():
    """AUD-04: né l'ORM né SQL, né sulla tabella né su un suo mese."""
    chi = attore(Ruolo.GARANTE)
    annota_evento(CodiceEvento.ACCESSO, utente=chi.utente, ente=chi.ente)
    vietati = (
        lambda c: EventoDiSicurezza.objects.update(codice="uscita"),
        lambda c: EventoDiSicurezza.objects.all()._raw_delete("default"),
        lambda c: c.execute("TRUNCATE enti_eventodisicurezza"),
        lambda c: c.execute("ALTER TABLE enti_eventodisicurezza DISABLE ROW LEVEL SECURITY"),
        lambda c: c.execute("SELECT * FROM enti_eventodisicurezza_resto"),
        lambda c: c.execute("DELETE FROM enti_eventodisicurezza_resto"),
        lambda c: c.execute("SELECT registro_apri_mese('enti_eventodisicurezza', now()::date)"),
        lambda c: c.execute(
            "INSERT INTO enti_eventodisicurezza (codice, utente_id, ente_id, transazione)"
            " VALUES ('accesso', %s, %s, '1')",
            [chi.utente.pk, chi.ente.pk],
        ),
    )
    for gesto in vietati:
        with (
            _come(chi),
            pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursore,
        ):
            gesto(cursore)
    assert _codici() == ["accesso"]
