"""BCK-02: una copia si ripristina su un server vuoto, e il confine torna intero.

È la prova breve di `make restauro`, sulle persone della scena e con pochi mondi.
"""

import os
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from pyrage.x25519 import Identity

from beneficiari.models import Beneficiario
from enti.sistema import come_sistema
from registro.servizi.salvataggio import prova
from registro.servizi.salvataggio.copia import CANCELLATI, Scelte, salva
from registro.servizi.salvataggio.programmi import leggi_da, programma
from registro.servizi.salvataggio.ripristino import CONFRONTI


MONDI = 4


@pytest.fixture(scope="module")
def chiave() -> Identity:
    return Identity.generate()


@pytest.fixture(scope="module")
def copia(scena, chiave, tmp_path_factory):
    """Una copia del database di questo file, con le persone della scena e un documento."""
    radice = tmp_path_factory.mktemp("copia")
    (radice / "documenti").mkdir()
    (radice / "documenti" / "uno.pdf").write_bytes(b"%PDF di prova")
    url = urlsplit(os.environ["DATABASE_URL_SALVATAGGIO"])
    return salva(
        Scelte(
            url=url._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
            documenti=radice / "documenti",
            cartella=radice / "copie",
            destinatari=(chiave.to_public(),),
        )
    )


@pytest.fixture(scope="module")
def dimenticata(scena, copia) -> str:
    """Il cognome di una persona che è nella copia ed è stata dimenticata dopo averla fatta."""
    with come_sistema(scena.proprio):
        persona = (
            Beneficiario.objects.di(scena.proprio)
            .per_calcolo()
            .values_list("uuid", "cognome")
            .order_by("pk")
            .first()
        )
    uuid, cognome = persona
    (copia.percorso.parent / CANCELLATI).write_text(f"{uuid},2026-11-23\n")
    return cognome


def test_ripristinata_su_un_server_vuoto_una_copia_e_uguale_e_il_confine_tiene(
    copia, chiave, dimenticata, monkeypatch
):
    """BCK-02: righe e contenuto, policy e privilegi, migrazioni, sigilli, e i mondi sul ripristinato.

    BCK-05: chi era stato dimenticato dopo la copia, dopo il ripristino non c'è più.
    """
    quante_volte = []
    vero = prova.torna_in_servizio

    def guarda_prima_e_dopo(percorso, ambiente):
        def conta():
            testo = [programma("pg_dump"), "--data-only"]
            righe = b"".join(leggi_da(testo, url=ambiente["DATABASE_URL_SALVATAGGIO"]))
            quante_volte.append(righe.count(dimenticata.encode()))

        conta()
        passi = vero(percorso, ambiente)
        conta()
        return passi

    monkeypatch.setattr(prova, "torna_in_servizio", guarda_prima_e_dopo)

    esito = prova.prova_la_copia(copia.percorso, chiave, mondi=MONDI)

    print(f"\n{esito.tabella()}")  # noqa: T201 - i tempi dell'esecuzione
    assert esito.riuscita, esito.tabella()
    assert copia.manifesto["tabelle"]["public.beneficiari_beneficiario"]["righe"] > 5
    assert [passo.nome for passo in esito.passi] == [
        *("copia riletta", "server vuoto", "ripristino", *CONFRONTI),
        *("migrazioni", "epoca nuova", "oblii riapplicati", "sigilli dei registri"),
        f"{MONDI} mondi",
    ]
    assert esito.passi[-1].visto.startswith(f"{MONDI} mondi")
    assert quante_volte[0] > 0
    assert quante_volte[1] == 0


def test_se_il_confine_non_torna_la_prova_non_riesce_e_dice_dove(copia, chiave, monkeypatch):
    """BCK-02: senza una policy lo dicono il confronto e, guardando le righe, i mondi."""
    vero = prova.ripristina

    def col_confine_spento(percorso, aperta, server, documenti):
        manifesto = vero(percorso, aperta, server, documenti)
        with psycopg.connect(server.proprietario, autocommit=True) as proprietario:
            proprietario.execute("ALTER TABLE beneficiari_beneficiario DISABLE ROW LEVEL SECURITY")
        return manifesto

    monkeypatch.setattr(prova, "torna_in_servizio", lambda copia, ambiente: [])
    monkeypatch.setattr(prova, "ripristina", col_confine_spento)

    esito = prova.prova_la_copia(copia.percorso, chiave, mondi=1)

    non_tornano = {passo.nome: passo.non_torna for passo in esito.passi if passo.non_torna}
    assert not esito.riuscita
    assert non_tornano.pop("policy, privilegi, funzioni") == (
        "tabella public.beneficiari_beneficiario: è diversa",
    )
    assert list(non_tornano) == ["1 mondi"]
    assert "NON TORNA" in esito.tabella()
