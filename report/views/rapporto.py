"""Il rapporto sul sito: le edizioni e le loro pagine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from enti.permessi import Permesso, richiede
from report.models import DocumentoRapporto, Rapporto
from report.views.disegni import disegno, giudizi_dell_asse, misuratori_della_scheda
from report.views.edizione import Edizione, edizione_richiesta
from report.views.stato_pdf import stato_del_pdf


# (titolo, nome dell'indirizzo, sigle in più): l'indice che sta in testa a ogni pagina.
PARTI = (
    ("Sintesi", "rapporto"),
    ("Beneficiari", "rapporto_beneficiari"),
    ("Assi", "rapporto_asse"),
    ("Nodi", "rapporto_nodo"),
    ("Impatto sugli enti", "rapporto_impatto"),
    ("Rete", "rapporto_rete"),
    ("Conclusioni", "rapporto_conclusioni"),
    ("Schede", "rapporto_schede"),
    ("Cifre", "rapporto_cifre"),
)


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporti(request):
    edizioni = list(Rapporto.objects.dal_piu_recente())
    pronti = set(
        DocumentoRapporto.objects.pronti()
        .filter(rapporto__in=edizioni)
        .values_list("rapporto_id", flat=True)
    )
    return render(
        request, "report/rapporto/elenco.html", {"edizioni": edizioni, "con_pdf": pronti}
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    di_rete = [cifra for cifra in letta.contenuto.cifre if cifra.nodo is None]
    return pagina(
        request,
        letta,
        "rapporto",
        mappa=disegno(letta, "mappa"),
        beneficiari=disegno(letta, "beneficiari"),
        di_rete=[cifra for cifra in di_rete if cifra.in_mostra is not None],
        illeggibili=sum(cifra.in_mostra is None for cifra in di_rete),
        pdf=stato_del_pdf(letta.rapporto),
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_beneficiari(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    return pagina(
        request,
        letta,
        "rapporto_beneficiari",
        beneficiari=disegno(letta, "beneficiari"),
        canali=disegno(letta, "canali"),
        giudizi=[
            (asse, grafico)
            for asse in letta.contenuto.assi
            if (grafico := giudizi_dell_asse(letta, asse.slug, asse.denominazione))
        ],
        muti=[scheda for scheda in letta.contenuto.schede if scheda.uscite is None],
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_asse(request, progetto, edizione, asse):
    letta = edizione_richiesta(progetto, edizione)
    scelto = letta.asse(asse)
    return pagina(
        request,
        letta,
        "rapporto_asse",
        asse=scelto,
        giudizi=giudizi_dell_asse(letta, asse, scelto.denominazione),
        schede=[scheda for scheda in letta.contenuto.schede if asse in scheda.assi],
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_nodo(request, progetto, edizione, nodo):
    letta = edizione_richiesta(progetto, edizione)
    contenuto = letta.contenuto
    return pagina(
        request,
        letta,
        "rapporto_nodo",
        nodo=letta.nodo(nodo),
        cifre=[cifra for cifra in contenuto.cifre if cifra.nodo == nodo],
        schede=[scheda for scheda in contenuto.schede if scheda.nodo == nodo],
        esiti=[
            (asse, esito)
            for asse in contenuto.assi
            for esito in asse.esiti
            if esito.nodo == nodo and esito.voci
        ],
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_impatto(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    return pagina(
        request,
        letta,
        "rapporto_impatto",
        misuratori=disegno(letta, "misuratori"),
        attivita=disegno(letta, "attivita"),
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_rete(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    legami = letta.contenuto.legami
    return pagina(
        request,
        letta,
        "rapporto_rete",
        rete=disegno(letta, "rete"),
        contatti=disegno(letta, "contatti"),
        nuovi=sum(legame.nuovo for legame in legami),
        di_prima=sum(not legame.nuovo for legame in legami),
    )


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_conclusioni(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    return pagina(request, letta, "rapporto_conclusioni")


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_schede(request, progetto, edizione):
    letta = edizione_richiesta(progetto, edizione)
    return pagina(request, letta, "rapporto_schede")


@require_safe
@richiede(Permesso.RAPPORTO_VEDERE)
def rapporto_scheda(request, progetto, edizione, scheda):
    letta = edizione_richiesta(progetto, edizione)
    scelta = letta.scheda(scheda)
    return pagina(
        request,
        letta,
        "rapporto_scheda",
        scheda=scelta,
        conteggi={conteggio.slug: conteggio.cosa for conteggio in scelta.conteggi},
        misuratori=misuratori_della_scheda(letta, scheda),
        usati=_cifre_per_conteggio(letta, scheda),
    )


def pagina(request: HttpRequest, letta: Edizione, nome: str, **altro) -> HttpResponse:
    """Rende una pagina dell'edizione: il modello ha il nome dell'indirizzo, senza `rapporto_`."""
    contenuto = letta.contenuto
    nomi = {parte.slug: parte.denominazione for parte in (*contenuto.nodi, *contenuto.assi)}
    modello = f"report/rapporto/{nome.removeprefix('rapporto_')}.html"
    return render(
        request,
        modello,
        {
            "edizione": letta,
            "rapporto": letta.rapporto,
            "contenuto": contenuto,
            "nomi": nomi,
            "parti": _parti(letta, nome),
            **altro,
        },
    )


def _parti(letta: Edizione, attuale: str) -> list[dict]:
    prime = {
        "rapporto_asse": [asse.slug for asse in letta.contenuto.assi[:1]],
        "rapporto_nodo": [nodo.slug for nodo in letta.contenuto.nodi[:1]],
    }
    di_casa = {"rapporto_cifra": "rapporto_cifre", "rapporto_scheda": "rapporto_schede"}
    return [
        {
            "titolo": titolo,
            "url": letta.indirizzo(nome, *prime.get(nome, ())),
            "attiva": nome == di_casa.get(attuale, attuale),
        }
        for titolo, nome in PARTI
        if prime.get(nome, True)
    ]


def _cifre_per_conteggio(letta: Edizione, scheda: str) -> dict[str, list]:
    """Per ogni conteggio della scheda, le cifre del rapporto in cui entra."""
    trovate: dict[str, list] = {}
    for cifra in letta.contenuto.cifre:
        for addendo in cifra.addendi:
            if addendo.scheda == scheda:
                trovate.setdefault(addendo.conteggio, []).append(cifra)
    return trovate
