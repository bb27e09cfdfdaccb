"""Schede minime per provare i conti: solo i conteggi, il nodo e le uscite."""

from collections.abc import Iterable, Mapping
from typing import Any

from report.calcolo import Piano, ProgettoDelPiano
from report.contenuto import ConteggioContenuto, SchedaContenuto, UscitaContenuto


NODI = (("nord", "Nord"), ("sud", "Sud"))
PROGETTO = ProgettoDelPiano(slug="prova", titolo="Prova")


def conteggio(slug: str, unita: str, valore, **campi) -> ConteggioContenuto:
    """Un conteggio esatto e intero, salvo ciò che `campi` dice."""
    return ConteggioContenuto(
        **{
            "slug": slug,
            "cosa": slug.replace("-", " "),
            "unita": unita,
            "valore": valore,
            "approssimazione": None,
        }
        | campi
    )


def scheda(
    slug: str,
    nodo: str | None = "nord",
    conteggi: Iterable[ConteggioContenuto] = (),
    uscite: Iterable[UscitaContenuto] | None = None,
) -> SchedaContenuto:
    """Una scheda con quei conteggi e nessun'altra sezione."""
    return SchedaContenuto(
        slug=slug,
        numero=1,
        titolo=slug.upper(),
        enti=(slug,),
        dichiaranti=(slug.title(),),
        dichiaranti_slug=(slug,),
        assi=(),
        nodo=nodo,
        nodo_denominazione=dict(NODI).get(nodo),
        azioni=(),
        conteggi=tuple(conteggi),
        uscite=None if uscite is None else tuple(uscite),
        altri_numeri=(),
        profilo=(),
        vulnerabilita=None,
        individuazione=None,
        bisogni_motivazioni=None,
        giudizi=(),
        reti=None,
        collaborazione=None,
        output=(),
        output_testi=(),
        outcomes=None,
        attivita=(),
        impatto_ente=(),
        nuovi_bisogni=None,
        criticita=None,
        proposte=None,
        misuratori=(),
        prosecuzione=None,
    )


def cifra(sigla: str, calcolo: Mapping[str, Any], **campi) -> dict[str, Any]:
    """Una cifra del piano: di persone e di tutta la rete, salvo ciò che `campi` dice."""
    base = {"id": sigla, "etichetta": sigla, "unita": "beneficiari", "calcolo": calcolo}
    return base | campi


def piano(*cifre: Mapping[str, Any], **campi) -> Piano:
    """Un piano con quelle cifre."""
    return Piano.model_validate({"progetto": PROGETTO, "cifre": cifre} | campi)


def addendi(*nomi: str) -> dict[str, Any]:
    """Il calcolo che somma i conteggi `scheda/conteggio`."""
    coppie = (nome.split("/") for nome in nomi)
    return {"addendi": [{"scheda": s, "conteggio": c} for s, c in coppie]}
