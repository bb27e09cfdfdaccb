"""Che cosa cambia da un'edizione alla successiva, in parole."""

from collections.abc import Iterator

from report.calcolo.parole import in_cifre
from report.contenuto import CifraContenuto, Contenuto, Numero, SchedaContenuto


NON_INDICATO = "non indicato"


def che_cosa_cambia(prima: Contenuto, dopo: Contenuto) -> str:
    """Le cifre cambiate («individui-asti: da 159 a 169»), le schede entrate, uscite o cambiate, e
    se cambiano i testi dell'hub o la rete. Vuota se le due edizioni dicono le stesse cose."""
    cifre = "; ".join(_cifre(prima, dopo))
    frasi = [f"{cifre}." if cifre else "", *_schede(prima.schede, dopo.schede)]
    if prima.blocchi != dopo.blocchi or prima.assi != dopo.assi:
        frasi.append("Cambiano i testi o le attività degli assi.")
    if (prima.nodi, prima.enti, prima.legami) != (dopo.nodi, dopo.enti, dopo.legami):
        frasi.append("Cambiano i nodi, gli enti o i loro legami.")
    return " ".join(frase for frase in frasi if frase)


def _cifre(prima: Contenuto, dopo: Contenuto) -> Iterator[str]:
    vecchie = {cifra.slug: cifra for cifra in prima.cifre}
    for cifra in dopo.cifre:
        vecchia = vecchie.pop(cifra.slug, None)
        if vecchia is None:
            yield f"{cifra.slug}: nuova, {_detto(cifra.valore, cifra.approssimazione)}"
        else:
            yield from _differenze(vecchia, cifra)
    for cifra in vecchie.values():
        yield f"{cifra.slug}: non c'è più"


def _differenze(prima: CifraContenuto, dopo: CifraContenuto) -> Iterator[str]:
    if (prima.valore, prima.approssimazione) != (dopo.valore, dopo.approssimazione):
        # L'approssimazione si ripete solo se è lei a cambiare.
        stessa = prima.approssimazione == dopo.approssimazione
        da = _detto(prima.valore, None if stessa else prima.approssimazione)
        a = _detto(dopo.valore, None if stessa else dopo.approssimazione)
        yield f"{dopo.slug}: da {da} {_verso(a)}"
    if (prima.pubblicato, prima.derivato) != (dopo.pubblicato, dopo.derivato):
        da = _detto(prima.pubblicato if prima.pubblicato is not None else prima.derivato, None)
        a = _detto(dopo.pubblicato if dopo.pubblicato is not None else dopo.derivato, None)
        yield f"{dopo.slug}, già stampata: da {da} {_verso(a)}"


def _verso(meta: str) -> str:
    return f"ad {meta}" if meta.startswith("a") else f"a {meta}"


def _detto(valore: Numero | None, approssimazione: str | None) -> str:
    if valore is None:
        return NON_INDICATO
    return f"{approssimazione} {in_cifre(valore)}" if approssimazione else in_cifre(valore)


def _schede(
    prima: tuple[SchedaContenuto, ...], dopo: tuple[SchedaContenuto, ...]
) -> Iterator[str]:
    vecchie = {scheda.slug: scheda for scheda in prima}
    nuove = {scheda.slug: scheda for scheda in dopo}
    for parole, titoli in (
        ("Schede nuove", [s.titolo for slug, s in nuove.items() if slug not in vecchie]),
        ("Schede tolte", [s.titolo for slug, s in vecchie.items() if slug not in nuove]),
        (
            "Schede cambiate",
            [s.titolo for slug, s in nuove.items() if slug in vecchie and vecchie[slug] != s],
        ),
    ):
        if titoli:
            yield f"{parole}: {', '.join(titoli)}."
