"""I vocabolari di chi chiede aiuto: bisogni, condizioni, come finisce una presa in carico."""

from collections.abc import Collection, Iterator

from assi.caricamento.lettore import Lettore, piu_valori
from assi.models import Bisogno, Condizione, TipoDiChiusura
from registro.comune.tassonomie import Riga


# «art.10» sono i dati giudiziari; con l'asterisco, ciò che la legge non elenca ma che rivela da
# dove una persona viene. Nel dubbio si protegge.
_PARTICOLARE = {"si": True, "no": False, "no*": True, "art.10": True}
# (si conta fra le uscite, è un abbandono)
_USCITA = {"si": (True, False), "si (abbandono)": (True, True), "no": (False, False)}
_COME_SOPRA = "idem"
_RISPOSTE = ["si", "no", "non-dichiara"]


def leggi_bisogni(lettore: Lettore, servizi: Collection[str]) -> list[Bisogno]:
    """I bisogni; `servizi` sono i codici della nomenclatura, gli unici che possono indicare."""
    colonne = ("codice", "nome", "asse", "famiglia", "servizi_tipici", "stato")
    ammessi = {codice: codice for codice in servizi}
    return lettore.voci(
        (
            riga,
            Bisogno(
                asse=lettore.asse(riga),
                famiglia=riga["famiglia"],
                # Se la nomenclatura non si è letta, il problema è già detto: non si ripete qui.
                servizi_tipici=lettore.piu_fra(riga, "servizi_tipici", ammessi)
                if ammessi
                else piu_valori(riga["servizi_tipici"]),
            ),
        )
        for riga in lettore.righe("bisogni/bisogni.csv", colonne)
    )


def leggi_condizioni(lettore: Lettore) -> list[Condizione]:
    """Le condizioni di vulnerabilità, poi quelle di salute."""
    return lettore.voci([*_vulnerabilita(lettore), *_salute(lettore)])


def leggi_chiusure(lettore: Lettore) -> list[TipoDiChiusura]:
    """Come può finire una presa in carico."""
    colonne = ("codice", "nome", "fse_uscita", "stato")
    return lettore.voci(
        (riga, TipoDiChiusura(uscita_fse=uscita, abbandono=abbandono))
        for riga in lettore.righe("valutazione/chiusura_caso.csv", colonne)
        for uscita, abbandono in [lettore.una_fra(riga, "fse_uscita", _USCITA) or (False, False)]
    )


def _vulnerabilita(lettore: Lettore) -> Iterator[tuple[Riga, Condizione]]:
    colonne = ("codice", "nome", "riferimento", "dato_particolare_art9", "assi", "stato")
    for riga in lettore.righe("bisogni/vulnerabilita.csv", colonne):
        particolare = lettore.una_fra(riga, "dato_particolare_art9", _PARTICOLARE)
        yield (
            riga,
            Condizione(
                famiglia=Condizione.Famiglia.VULNERABILITA,
                particolare=particolare is not False,
                riferimento=riga["riferimento"],
                valori=_RISPOSTE,
            ),
        )


def _salute(lettore: Lettore) -> Iterator[tuple[Riga, Condizione]]:
    colonne = ("codice", "nome", "uso", "valori", "base", "stato")
    base = ""
    for riga in lettore.righe("bisogni/disabilita_salute_flag.csv", colonne):
        base = base if riga["base"] == _COME_SOPRA else riga["base"]
        valori = [valore.strip().replace(" ", "-") for valore in riga["valori"].split("/")]
        yield (
            riga,
            Condizione(
                famiglia=Condizione.Famiglia.SALUTE,
                particolare=True,
                riferimento=base,
                valori=valori,
            ),
        )
