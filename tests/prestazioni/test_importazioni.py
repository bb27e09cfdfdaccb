"""Un foglio di prestazioni dal comando: che cosa entra, che cosa si rifiuta e perché."""

import datetime
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from enti.permessi import Ruolo
from prestazioni.models import Importazione, Partecipazione, Prestazione
from tests.comune.fogli.archivi import foglio
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, PresaInCaricoFactory, come
from tests.fabbriche_prestazioni import ServizioFactory


pytestmark = pytest.mark.django_db

NOMI = ["Cognome", "Nome", "Data di nascita", "Data", "Servizio", "Ore"]


@pytest.fixture
def referente():
    return attore(Ruolo.REFERENTE)


@pytest.fixture
def lina(referente):
    persona = BeneficiarioFactory(
        ente=referente.ente, cognome="Abate", nome="Lina", data_nascita=datetime.date(1980, 3, 12)
    )
    PresaInCaricoFactory(beneficiario=persona)
    return persona


@pytest.fixture
def sportello(referente):
    return ServizioFactory(ente=referente.ente, nome="Sportello casa", sinonimi=["sp. casa"])


def importa(tmp_path, contenuto, chi, *opzioni, tipo="prestazioni"):
    """Il codice d'uscita del comando, e il JSON che stampa."""
    percorso = tmp_path / "foglio"
    percorso.write_bytes(contenuto)
    uscita, codice = StringIO(), 0
    argomenti = [tipo, str(percorso), "--ente", chi.ente.slug, "--utente", chi.utente.email]
    try:
        call_command("importa", *argomenti, "--json", *opzioni, stdout=uscita)
    except CommandError as errore:
        codice = errore.returncode
    return codice, json.loads(uscita.getvalue())


def test_un_foglio_giusto_entra_tutto(tmp_path, referente, lina, sportello):
    contenuto = foglio(
        [
            NOMI,
            [
                "Abate",
                "Lina",
                datetime.date(1980, 3, 12),
                datetime.date(2026, 2, 3),
                "sp. casa",
                1.5,
            ],
            ["ABATE ", "lina", "12/3/80", "4/2/2026", "SPORTELLO CASA", "2"],
        ]
    )

    codice, esito = importa(tmp_path, contenuto, referente)

    assert (codice, esito["lette"], esito["valide"], esito["rifiutate"]) == (0, 2, 2, [])
    with come(referente):
        righe = list(Prestazione.objects.order_by("giorno"))
        assert [(r.minuti, r.operatore, r.registrata_da) for r in righe] == [
            (90, referente.utente, referente.utente),
            (120, referente.utente, referente.utente),
        ]
        assert {str(r.importazione.uuid) for r in righe} == {esito["importazione"]}
        assert Partecipazione.objects.filter(beneficiario=lina).count() == 2
        assert Importazione.objects.get().scritte == 2
