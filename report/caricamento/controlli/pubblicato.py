"""I riferimenti del file delle cifre stampate."""

from collections.abc import Iterator

from report.caricamento.controlli.comune import Indici, Raccolta, per_sigla
from report.caricamento.formato.pubblicato import FormaAddendo, FormaCifra
from report.caricamento.lettura import Cartella


PUBBLICATO = "report_pubblicato.yaml"


def controlla_pubblicato(cartella: Cartella, indici: Indici, raccolta: Raccolta) -> None:
    """Segna in `raccolta` ciò che non torna fra le cifre, le schede e gli assi."""
    pubblicato = cartella.pubblicato
    cifre = per_sigla(pubblicato.cifre)
    raccolta.doppi(PUBBLICATO, "cifre", (c.id for c in pubblicato.cifre), "l'id")
    for cifra in pubblicato.cifre:
        dove = (PUBBLICATO, f"cifra {cifra.id}")
        raccolta.ignoti(*dove, [cifra.nodo], indici.nodi, "nodo")
        raccolta.ignoti(*dove, cifra.ricalcolo.da_cifre, cifre, "cifra")
        if cifra.stampato != (cifra.valore is not None):
            raccolta.segna(*dove, "«stampato» dice se il valore c'è: qui si contraddicono")
        for addendo in _addendi(cifra):
            _addendo(addendo, dove[1], indici, raccolta)
    _uscite(cartella, indici, raccolta)
    for proposta in pubblicato.proposte:
        raccolta.ignoti(PUBBLICATO, "proposte", [proposta.ambito], indici.assi, "asse")
    for controllo in pubblicato.controlli_interni:
        voce = f"controllo {controllo.id}"
        raccolta.ignoti(PUBBLICATO, voce, [controllo.scheda], indici.schede, "scheda")


def _addendi(cifra: FormaCifra) -> Iterator[FormaAddendo]:
    yield from cifra.ricalcolo.addendi
    for ipotesi in cifra.ricalcolo.ipotesi:
        yield from ipotesi.addendi


def _addendo(addendo: FormaAddendo, voce: str, indici: Indici, raccolta: Raccolta) -> None:
    raccolta.ignoti(PUBBLICATO, voce, [addendo.scheda], indici.schede, "scheda")
    scheda = indici.schede.get(addendo.scheda)
    if scheda is not None:
        noti = per_sigla(scheda.beneficiari.conteggi)
        raccolta.ignoti(
            PUBBLICATO, f"{voce}, scheda {scheda.id}", [addendo.conteggio], noti, "conteggio"
        )


def _uscite(cartella: Cartella, indici: Indici, raccolta: Raccolta) -> None:
    uscite = cartella.pubblicato.enti_con_drop_out
    if uscite is None:
        return
    raccolta.ignoti(PUBBLICATO, "enti_con_drop_out", uscite.enti, indici.enti, "ente")
    for riga in uscite.ricalcolo.per_scheda:
        raccolta.ignoti(PUBBLICATO, "enti_con_drop_out", [riga.scheda], indici.schede, "scheda")
        raccolta.ignoti(PUBBLICATO, "enti_con_drop_out", [riga.ente], indici.enti, "ente")
