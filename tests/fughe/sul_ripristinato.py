"""I mondi delle fughe su un database ripristinato da una copia: il confine è tornato intero?

`python -m tests.fughe.sul_ripristinato 50`, con l'ambiente che indica quel database. È un database che
poi si butta: le basi giuridiche che trova le chiude, perché l'oracolo non le conosce. Esce con 1, e il
diario del mondo, se il database e l'oracolo non vedono le stesse righe.

Le righe che il database aveva già sono di enti che i mondi non conoscono: nessuno le deve vedere.
Fanno eccezione i registri della rete (epoche, sigilli, violazioni), che leggono garante e
amministratore; e il garante, che vigila, vede anche autorizzazioni ed emergenze. Persone, mai.
"""

import os
import sys
from collections.abc import Iterator
from random import Random

import django
import psycopg
from django.db import connection, transaction
from psycopg import sql


# Lo stesso seme ogni volta: una prova che non torna si rifà uguale.
SEME = 2026
SGUARDI = 20
# I nomi delle fabbriche cominciano da zero: nel database ripristinato possono già esserci.
DA_QUI = 1_000_000
# Li legge anche chi amministra: dicono della rete, non di una persona.
REGISTRI_DELLA_RETE = {
    "privacy_epoca",
    "privacy_sigillo",
    "privacy_violazione",
    "conservazione_verbaleoblio",
    "conservazione_corsa",
}


class _Disfa(Exception):
    """La prova è finita: la sua transazione torna indietro."""


def main(quanti: int) -> int:
    """Fa vivere `quanti` mondi. Rende 0 se in ognuno si è visto ciò che dice l'oracolo."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "registro.settings_test"
    django.setup()
    # Solo adesso: leggono i modelli.
    from factory.django import DjangoModelFactory

    from privacy.letture import Raccolta, _raccolta
    from tests.fughe.conftest import prepara_i_vocabolari
    from tests.fughe.giri import contati
    from tests.fughe.mondo import tabelle_isolate

    for fabbrica in _tutte(DjangoModelFactory):
        fabbrica.reset_sequence(DA_QUI, force=True)
    _raccolta.set(Raccolta("prova di ripristino", "lavoro"))
    _chiudi_le_basi()
    _riconosci_le_righe_di_prima(tabelle_isolate())
    try:
        with transaction.atomic():
            _vivi(prepara_i_vocabolari(), quanti)
            raise _Disfa
    except _Disfa:
        pass
    except AssertionError as errore:
        _di(f"nel mondo {contati['mondi'] + 1}: {errore}")
        return 1
    _di(f"{contati['mondi']} mondi, {contati['sguardi']} sguardi, {contati['righe']} righe viste")
    return 0


def _vivi(vocabolari: dict, quanti: int) -> None:
    from tests.fughe.giri import _NOMI, percorri

    caso = Random(SEME)
    for _ in range(quanti):
        gesti = [(caso.choice(_NOMI), caso.getrandbits(32)) for _ in range(caso.randint(6, 16))]
        percorri(vocabolari, caso.getrandbits(32), gesti, sguardi=SGUARDI)


def _chiudi_le_basi() -> None:
    """Da superutente: chi applica le regole non può chiudere prima di oggi una base nata oggi."""
    url = os.environ["REGISTRO_DATABASE_URL_AMMINISTRATORE"]
    database = connection.settings_dict["NAME"]
    with psycopg.connect(url, dbname=database) as padrone:
        padrone.execute("SET session_replication_role = replica")
        padrone.execute(
            "UPDATE privacy_basegiuridica SET dal = least(dal, current_date - 2),"
            " al = current_date - 1 WHERE al IS NULL OR al >= current_date - 1"
        )


def _riconosci_le_righe_di_prima(tabelle: dict[str, bool]) -> None:
    """Da qui in poi ciò che di prima si vede perché è della rete, e non di persone, non conta."""
    from tests.fughe.mondo import GRUPPO_DELLA_TABELLA, Mondo

    ultime = {}
    with psycopg.connect(os.environ["DATABASE_URL_SALVATAGGIO"]) as connessione:
        for tabella, storia in tabelle.items():
            if tabella.replace("_storia", "_") in GRUPPO_DELLA_TABELLA:
                continue
            ultime[tabella] = connessione.execute(
                sql.SQL("SELECT coalesce(max({})::bigint, 0) FROM {}").format(
                    sql.Identifier("pgh_obj_id" if storia else "id"), sql.Identifier(tabella)
                )
            ).fetchone()[0]
    vere = Mondo.viste

    def viste(mondo, utente, ente, finalita, sguardo):
        tutte = vere(mondo, utente, ente, finalita, sguardo)
        ruolo = mondo.o.ruolo(utente, ente)
        vigila = {"garante": set(ultime), "amministratore": REGISTRI_DELLA_RETE}.get(ruolo, set())
        return {
            (tabella, n) for tabella, n in tutte if tabella not in vigila or n > ultime[tabella]
        }

    Mondo.viste = viste


def _tutte(base: type) -> Iterator[type]:
    for una in base.__subclasses__():
        if not una._meta.abstract:
            yield una
        yield from _tutte(una)


def _di(testo: str) -> None:
    print(testo)  # noqa: T201 - ciò che dice a chi l'ha lanciata


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
