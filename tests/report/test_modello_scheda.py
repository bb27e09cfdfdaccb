"""Il modello di scheda: le domande sono dati, e i dati si controllano."""

import copy

import pytest
import yaml
from django.conf import settings
from pydantic import ValidationError

from report.caricamento.modelli import etichette_dei_risultati, leggi_modelli
from report.modello_scheda import ModelloLetto, sezioni_del_modello
from report.models import Conteggio, ModelloScheda
from tests.report.fabbrica_contenuto import leggi


FILE = settings.CARTELLA_BASE / "dati" / "modelli" / "monitoraggio-1.yaml"


@pytest.fixture
def dati() -> dict:
    return copy.deepcopy(yaml.safe_load(FILE.read_text(encoding="utf-8")))


def test_il_modello_che_accompagna_il_programma_e_valido():
    (monitoraggio,) = leggi_modelli()

    assert (monitoraggio.slug, monitoraggio.versione) == ("monitoraggio", 1)
    assert [s.codice for s in monitoraggio.sezioni][:3] == ["azioni", "beneficiari", "drop_out"]


def test_il_modello_conosce_ogni_risultato_e_ogni_unita_dichiarati():
    modelli = leggi_modelli()
    etichette = etichette_dei_risultati(modelli)
    unita = {
        domanda.tipo: set(domanda.unita)
        for sezione in modelli[0].sezioni
        for domanda in sezione.domande
        if domanda.unita
    }

    for scheda in leggi("schede.yaml")["schede"]:
        for prodotto in scheda["output"]["conteggi"]:
            assert prodotto["tipo"] in etichette
            assert prodotto["unita"] in unita["output"]
    assert unita["conteggi"] == set(Conteggio.Unita.values)


def test_le_sezioni_salvate_si_rileggono(dati):
    letto = ModelloLetto.model_validate(dati)
    salvato = ModelloScheda(sezioni=[s.model_dump(mode="json") for s in letto.sezioni])

    assert sezioni_del_modello(salvato) == letto.sezioni


@pytest.mark.parametrize(
    ("guasta", "motivo"),
    [
        (lambda d: d["sezioni"].append(d["sezioni"][0]), "codici ripetuti: azioni"),
        (lambda d: d["sezioni"][1]["domande"][0].update(codice="altro"), "ha per codice uno di"),
        (lambda d: d["sezioni"][0].update(colore="rosso"), "colore"),
        (lambda d: d["sezioni"][0].update(domande=[]), "at least 1"),
        (lambda d: d.update(versione=0), "greater than or equal to 1"),
        (lambda d: d["sezioni"][0]["domande"][0].update(tipo="disegno"), "disegno"),
    ],
)
def test_un_modello_sbagliato_si_ferma(dati, guasta, motivo):
    guasta(dati)

    with pytest.raises(ValidationError, match=motivo):
        ModelloLetto.model_validate(dati)
