"""L'allegato delle cifre: ognuna con la sua regola e i suoi addendi, da leggere e da scaricare."""

from collections.abc import Iterator

from django.views.decorators.http import require_safe

from enti.permessi import Permesso, richiede
from registro.comune.esportazioni import Cella, Tabella, risposta_csv, risposta_xlsx
from report.contenuto import CifraContenuto, Contenuto
from report.views.edizione import Edizione, edizione_richiesta
from report.views.rapporto import pagina


INTESTAZIONI_CIFRE = (
    *("Sigla", "Cifra", "Definizione", "Unità", "Nodo", "Valore", "Approssimazione"),
    *("Regola", "Stampato", "Differenza", "Ricavato", "Esito"),
    *("Schede che rispondono", "Schede interrogate", "Nota"),
)
INTESTAZIONI_ADDENDI = (
    *("Sigla della cifra", "Cifra", "Scheda", "Conteggio", "Che cosa"),
    *("Unità", "Valore", "Approssimazione"),
)
INTESTAZIONI_REGOLE = (
    *("Regola", "Descrizione", "Nodo", "Valore", "Approssimazione"),
    *("Stampato", "Differenza", "Scelta per l'edizione", "Nota"),
)
INTESTAZIONI_CSV = (
    *("Riga", "Sigla", "Cifra", "Scheda", "Conteggio", "Che cosa", "Unità", "Nodo", "Valore"),
    *("Approssimazione", "Regola", "Stampato", "Differenza", "Ricavato", "Esito"),
    *("Schede che rispondono", "Schede interrogate", "Nota"),
)


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_cifre(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    return pagina(request, letta, "rapporto_cifre")


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_cifra(request, progetto, edizione, cifra):
    letta = edizione_richiesta(progetto, edizione)
    scelta = letta.cifra(cifra)
    cifre = letta.contenuto.cifre
    posto = cifre.index(scelta)
    return pagina(
        request,
        letta,
        "rapporto_cifra",
        cifra=scelta,
        prima=cifre[posto - 1] if posto else None,
        dopo=cifre[posto + 1] if posto + 1 < len(cifre) else None,
        altre_regole=_altre_regole(letta.contenuto, scelta),
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_cifre_csv(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    tabella = Tabella("Cifre", INTESTAZIONI_CSV, _righe_csv(letta.contenuto))
    return risposta_csv(_nome_file(letta), tabella)


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_cifre_xlsx(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    contenuto = letta.contenuto
    tabelle = [
        Tabella("Cifre", INTESTAZIONI_CIFRE, [_riga_cifra(c) for c in contenuto.cifre]),
        Tabella("Addendi", INTESTAZIONI_ADDENDI, _righe_addendi(contenuto)),
        Tabella("Regole di conteggio", INTESTAZIONI_REGOLE, _righe_regole(contenuto)),
    ]
    return risposta_xlsx(_nome_file(letta), tabelle)


def _nome_file(letta: Edizione) -> str:
    return f"cifre-{letta.rapporto.progetto.slug}-edizione-{letta.rapporto.edizione}"


def _altre_regole(contenuto: Contenuto, cifra: CifraContenuto) -> list[dict]:
    """Quanto darebbe ogni regola di conteggio per la stessa cifra; vuoto se non ne è il tema."""
    if cifra.regola not in {regola.slug for regola in contenuto.regole}:
        return []
    righe = []
    for regola in contenuto.regole:
        per_nodo = {valore.nodo: valore for valore in regola.valori}
        voce = regola if cifra.nodo is None else per_nodo.get(cifra.nodo)
        if voce is None:
            continue
        valore = regola.totale if cifra.nodo is None else voce.valore
        righe.append({"regola": regola, "valore": valore, "approssimazione": voce.approssimazione})
    return righe


def _riga_cifra(cifra: CifraContenuto) -> tuple[Cella, ...]:
    return (
        *(cifra.slug, cifra.etichetta, cifra.definizione, cifra.unita, cifra.nodo),
        *(cifra.valore, cifra.approssimazione, cifra.regola_in_parole),
        *(cifra.pubblicato, cifra.scarto, cifra.derivato, cifra.esito),
        *(cifra.rispondenti, cifra.interrogate, cifra.nota),
    )


def _righe_addendi(contenuto: Contenuto) -> Iterator[tuple[Cella, ...]]:
    for cifra in contenuto.cifre:
        for addendo in cifra.addendi:
            yield (
                *(cifra.slug, cifra.etichetta, addendo.scheda_titolo, addendo.conteggio),
                *(addendo.cosa, addendo.unita, addendo.valore, addendo.approssimazione),
            )


def _righe_regole(contenuto: Contenuto) -> Iterator[tuple[Cella, ...]]:
    for regola in contenuto.regole:
        scelta = "sì" if regola.scelta else "no"
        for valore in regola.valori:
            yield (
                *(regola.slug, regola.descrizione, valore.denominazione, valore.valore),
                *(valore.approssimazione, None, None, scelta, regola.nota),
            )
        yield (
            *(regola.slug, regola.descrizione, "tutta la rete", regola.totale),
            *(regola.approssimazione, regola.pubblicato, regola.scarto, scelta, regola.nota),
        )


def _righe_csv(contenuto: Contenuto) -> Iterator[tuple[Cella, ...]]:
    """Una riga per cifra e, sotto, una per addendo: la prima colonna dice quale, così una somma
    di colonna non mescola le due cose."""
    for cifra in contenuto.cifre:
        yield (
            *("cifra", cifra.slug, cifra.etichetta, None, None, cifra.definizione, cifra.unita),
            *(cifra.nodo, cifra.valore, cifra.approssimazione, cifra.regola_in_parole),
            *(cifra.pubblicato, cifra.scarto, cifra.derivato, cifra.esito),
            *(cifra.rispondenti, cifra.interrogate, cifra.nota),
        )
        for addendo in cifra.addendi:
            yield (
                *("addendo", cifra.slug, cifra.etichetta, addendo.scheda_titolo),
                *(addendo.conteggio, addendo.cosa, addendo.unita, cifra.nodo, addendo.valore),
                *(addendo.approssimazione, None, None, None, None, None, None, None, None),
            )
