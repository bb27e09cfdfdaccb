"""Due persone sulla stessa scheda, ciascuna con la sua connessione: nessuna parola si perde."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from enti.models import Appartenenza, Ente, Nodo, Utente
from enti.permessi import Ruolo
from enti.sistema import come_sistema
from report.azioni.righe import TestoCambiato, aggiungi_voce, salva_voce
from report.azioni.schede import invia_scheda
from report.controlli import avvisi_di
from report.models import Campagna, ModelloScheda, Scheda, VoceTestuale
from tests.fabbriche import SchedaFactory, VoceTestualeFactory, attore
from tests.report.schede_da_compilare import come, fascicolo, riletta


TEMPO = 20


@pytest.fixture
def scheda(django_db_setup, django_db_blocker):
    """Una scheda confermata nel database: due connessioni non vedono una transazione aperta."""
    with django_db_blocker.unblock():
        scheda = SchedaFactory()
        yield scheda
        _cancella(scheda)
        connection.close()


def _cancella(scheda: Scheda) -> None:
    """Toglie ciò che la prova ha confermato, così le altre ritrovano il database com'era."""
    modello, campagna = scheda.campagna.modello, scheda.campagna
    with come_sistema(scheda.ente):
        utenti = list(
            Appartenenza.objects.filter(ente=scheda.ente).values_list("utente", flat=True)
        )
        Scheda.objects.filter(pk=scheda.pk).delete()
        Appartenenza.objects.filter(ente=scheda.ente).delete()
        # Gli account non si cancellano mai: qui si tolgono senza guardare le tabelle di guardian,
        # che all'applicazione sono chiuse.
        Utente.objects.filter(pk__in=utenti)._raw_delete("default")
        Campagna.objects.filter(pk=campagna.pk).delete()
        ModelloScheda.objects.filter(pk=modello.pk).delete()
        campagna.progetto.delete()
    with come_sistema():
        Ente.objects.filter(pk=scheda.ente_id).delete()
        Nodo.objects.filter(pk=scheda.nodo_id).delete()


def in_parallelo(*lavori):
    """Avvia ogni lavoro nel suo filo, con la sua connessione; rende i risultati o gli errori."""

    def fai(lavoro):
        try:
            return lavoro()
        except Exception as errore:
            return errore
        finally:
            connection.close()

    with ThreadPoolExecutor(len(lavori)) as fili:
        return list(fili.map(fai, lavori, timeout=TEMPO))


def test_due_che_salvano_la_stessa_frase_non_si_cancellano(scheda):
    voce = VoceTestualeFactory(scheda=scheda)
    anna, luca = attore(ente=scheda.ente), attore(ente=scheda.ente)
    pronti = threading.Barrier(2, timeout=TEMPO)

    def scrive(chi, testo):
        with come(chi):
            mia = VoceTestuale.objects.get(pk=voce.pk)
            pronti.wait()
            return salva_voce(voce=mia, versione=mia.versione, testo=testo, da=chi)

    esiti = in_parallelo(lambda: scrive(anna, "Di Anna."), lambda: scrive(luca, "Di Luca."))

    riuscite = [esito for esito in esiti if isinstance(esito, VoceTestuale)]
    fermate = [esito for esito in esiti if isinstance(esito, TestoCambiato)]
    assert (len(riuscite), len(fermate)) == (1, 1)
    assert fermate[0].testo_attuale == riuscite[0].testo
    assert {fermate[0].testo_proposto, riuscite[0].testo} == {"Di Anna.", "Di Luca."}


def test_due_che_aggiungono_insieme_tengono_entrambe_le_frasi(scheda):
    chi = [attore(ente=scheda.ente) for _ in range(2)]
    pronti = threading.Barrier(2, timeout=TEMPO)

    def aggiunge(da, testo):
        with come(da):
            mia = Scheda.objects.get(pk=scheda.pk)
            pronti.wait()
            return aggiungi_voce(scheda=mia, sezione="criticita", testo=testo, da=da)

    in_parallelo(lambda: aggiunge(chi[0], "Una."), lambda: aggiunge(chi[1], "Due."))

    voci = fascicolo(scheda).voci
    assert {voce.testo for voce in voci} == {"Una.", "Due."}
    assert {voce.ordine for voce in voci} == {1, 2}


def test_chi_salva_mentre_un_collega_invia_aspetta_e_viene_a_saperlo(scheda):
    voce = VoceTestualeFactory(scheda=scheda)
    referente = attore(Ruolo.REFERENTE, ente=scheda.ente)
    operatore = attore(ente=scheda.ente)
    inviata = threading.Event()

    def invia():
        with come(referente):
            motivi = {a.codice: "Va bene." for a in avvisi_di(fascicolo(scheda))}
            invia_scheda(scheda=scheda, motivi=motivi, da=referente)
            inviata.set()
            # La transazione resta aperta quanto basta perché l'altro arrivi e si metta in fila.
            threading.Event().wait(0.5)

    def salva():
        with come(operatore):
            mia = VoceTestuale.objects.get(pk=voce.pk)
            assert inviata.wait(TEMPO)
            return salva_voce(voce=mia, versione=1, testo="Ultima parola.", da=operatore)

    _, esito = in_parallelo(invia, salva)

    assert isinstance(esito, ValidationError)
    assert "La scheda è inviata" in esito.messages[0]
    assert riletta(scheda).stato == Scheda.Stato.INVIATA
    assert fascicolo(scheda).voci[0].testo == voce.testo
