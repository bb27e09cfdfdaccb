"""AUTH-02c: lo stesso codice mandato da più richieste insieme passa una volta, in qualunque processo."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from enti.azioni import fattori
from enti.models import Utente
from registro.db.contesto import contesto
from tests.enti.accessi_di_prova import con_l_app
from tests.fabbriche import UtenteFactory


@pytest.fixture
def utente(django_db_setup, django_db_blocker):
    """Un utente confermato nel database: due connessioni non vedono una transazione aperta."""
    with django_db_blocker.unblock():
        utente = UtenteFactory()
        yield utente
        with contesto(utente=utente.pk):
            Authenticator.objects.all().delete()
        # Gli account non si cancellano mai: le tabelle che li nominano sono chiuse all'applicazione.
        Utente.objects.filter(pk=utente.pk)._raw_delete("default")
        connection.close()


def _quattro_volte(utente, verifica) -> list[bool]:
    def prova(_):
        try:
            with contesto(utente=utente.pk):
                return verifica()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as insieme:
        return sorted(insieme.map(prova, range(4)))


def test_un_codice_dell_app_passa_una_volta(utente):
    codice = fattori.codice_di_adesso(con_l_app(utente))

    passati = _quattro_volte(utente, lambda: fattori.verifica_app(utente=utente, codice=codice))

    assert passati == [False, False, False, True]
