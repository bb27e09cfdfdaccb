"""Le cifre di un'edizione come JSON, per chi le rilegge con un programma."""

from typing import Any

from report.calcolo.parole import semplice
from report.contenuto import CifraContenuto, Contenuto, RegolaContenuto


def json_del_rapporto(contenuto: Contenuto) -> dict[str, Any]:
    """Le cifre di `contenuto` come dizionario pronto per `json.dumps`.

    Chiavi: `progetto` (slug), `edizione`, `cifre`, `enti_con_drop_out` (slug, ciascuno una volta),
    `regole` (i totali di ogni regola di conteggio). I numeri interi restano interi.
    """
    drop_out = (perdita.ente_slug for perdita in contenuto.drop_out)
    return {
        "progetto": contenuto.rapporto.progetto_slug,
        "edizione": contenuto.rapporto.edizione,
        "cifre": [_cifra(cifra) for cifra in contenuto.cifre],
        "enti_con_drop_out": list(dict.fromkeys(drop_out)),
        "regole": [_regola(regola) for regola in contenuto.regole],
    }


def _cifra(cifra: CifraContenuto) -> dict[str, Any]:
    return {
        "id": cifra.slug,
        "valore": semplice(cifra.valore),
        "unita": cifra.unita or None,
        "nodo": cifra.nodo or None,
        "approssimazione": cifra.approssimazione or None,
        "regola": cifra.regola,
        "addendi": [
            {
                "scheda": addendo.scheda,
                "conteggio": addendo.conteggio,
                "valore": semplice(addendo.valore),
            }
            for addendo in cifra.addendi
        ],
        "pubblicato": semplice(cifra.pubblicato),
        "derivato": semplice(cifra.derivato),
        "scarto": semplice(cifra.scarto),
        "esito": cifra.esito,
        "nota": cifra.nota,
    }


def _regola(regola: RegolaContenuto) -> dict[str, Any]:
    return {
        "id": regola.slug,
        "descrizione": regola.descrizione,
        "scelta": regola.scelta,
        "nodi": [
            {
                "nodo": valore.nodo,
                "valore": semplice(valore.valore),
                "approssimazione": valore.approssimazione or None,
            }
            for valore in regola.valori
        ],
        "totale": semplice(regola.totale),
        "approssimazione": regola.approssimazione or None,
        "pubblicato": semplice(regola.pubblicato),
        "scarto": semplice(regola.scarto),
        "nota": regola.nota,
    }
