"""I capitoli del rapporto stampato: che cosa va in ogni pagina, già pronto per i modelli."""

from collections.abc import Callable
from dataclasses import dataclass, field

from registro.comune.grafici import INCHIOSTRO, Grafico, colore_asse, colore_nodo
from registro.comune.templatetags.testo import numero
from report import figure, prospetti
from report.contenuto import (
    AsseContenuto,
    CifraContenuto,
    Contenuto,
    SchedaContenuto,
    VoceContenuto,
)
from report.grafici import SEGNI, NodoInMappa
from report.models import Cifra, Misuratore


# Le tinte dei nodi sul blu della copertina, dove quelle del rapporto non si leggerebbero.
TINTE_CHIARE = {"asti": "#5ed3a8", "alessandria": "#ff9aa6", "aree-interne": "#8cc4ff"}
SEZIONI_DI_TESTO = {
    "profilo": "Chi sono",
    "vulnerabilita": "Vulnerabilità",
    "bisogni_motivazioni": "Bisogni e motivazioni",
    "outcomes": "Cambiamenti",
    "impatto_ente": "Impatto sull'ente",
    "nuovi_bisogni": "Nuovi bisogni",
    "criticita": "Criticità",
    "proposte": "Proposte",
    "sostenibilita": "Sostenibilità",
}
# Non sono sezioni proprie della scheda: se mancano non si segnala.
FACOLTATIVE = {"profilo", "impatto_ente", "sostenibilita"}
GRUPPI_DI_OUTPUT = {
    "totale": "In tutto",
    "per-azienda": "Per azienda",
    "per-canale": "Per canale",
    "quota": "In percentuale",
}


@dataclass(frozen=True, slots=True)
class Capitolo:
    """Un capitolo: dove sta, con quale modello si rende, con quali dati.

    `colore`: quello dell'asse, neutro se non parla di un asse solo. `voci`: (segnalibro, titolo) dei paragrafi che
    meritano una riga nell'indice.
    """

    id: str
    titolo: str
    modello: str
    dati: dict
    colore: str = INCHIOSTRO
    classe: str = ""
    voci: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class NumeroGrande:
    """Un numero da leggere da lontano. `premessa`: «almeno», «circa» o niente; sta col numero."""

    testo: str
    didascalia: str
    premessa: str = ""
    dopo: str = ""
    nota: str = ""


@dataclass(frozen=True, slots=True)
class SchedaInPagina:
    """Una scheda coi suoi misuratori e le sezioni di testo piene, vuote e assenti."""

    scheda: SchedaContenuto
    colore: str
    assi: str
    misuratori: list[Grafico]
    sezioni: list[tuple[str, tuple[VoceContenuto, ...]]]
    vuote: list[str]
    assenti: list[str]
    output: list[tuple[str, list]] = field(default_factory=list)


def componi(contenuto: Contenuto) -> list[Capitolo]:
    """Tutti i capitoli, nell'ordine in cui si leggono."""
    prima: list[Callable[[Contenuto], Capitolo]] = [_sintesi, _progetto, _nodi]
    dopo: list[Callable[[Contenuto], Capitolo]] = [
        _beneficiari,
        _bisogni,
        _impatto_enti,
        _rete,
        _conclusioni,
        _schede,
        _cifre,
        _dati_delle_figure,
    ]
    return [
        *(capitolo(contenuto) for capitolo in prima),
        *(_asse(contenuto, asse) for asse in contenuto.assi),
        *(capitolo(contenuto) for capitolo in dopo),
    ]


def nodi_in_mappa(contenuto: Contenuto, *, schiariti: bool = False) -> list[NodoInMappa]:
    """I nodi per la mappa; `schiariti` per il fondo scuro della copertina."""
    return [
        NodoInMappa(
            nodo.denominazione,
            TINTE_CHIARE.get(nodo.slug, "#ffffff") if schiariti else colore_nodo(nodo.slug),
            nodo.comuni,
        )
        for nodo in contenuto.nodi
    ]


def numero_grande(cifra: CifraContenuto, didascalia: str) -> NumeroGrande:
    """Il numero di una cifra con ciò che non si può perdere: approssimazione, unità, provenienza."""
    note = {
        Cifra.Esito.NON_RICALCOLABILE: "Come pubblicato: dalle schede non si rifà.",
        Cifra.Esito.DERIVATO: "Ricavato per differenza: non era stampato.",
    }
    return NumeroGrande(
        testo=numero(cifra.in_mostra),
        premessa=cifra.approssimazione or "",
        dopo=cifra.unita if (cifra.unita or "").startswith("su ") else "",
        didascalia=didascalia,
        nota=note.get(cifra.esito, ""),
    )


def _sintesi(contenuto: Contenuto) -> Capitolo:
    didascalie = {
        "individui-totale": "persone o nuclei seguiti",
        "enti-totale": "aziende ed enti raggiunti",
        "miglioramento-medio": "voto degli operatori al miglioramento dei beneficiari",
    }
    numeri = [
        numero_grande(cifra, didascalia)
        for slug, didascalia in didascalie.items()
        if (cifra := prospetti.cifra_per_slug(contenuto, slug))
    ]
    nuovi = sum(len(riga.nuovi) for riga in prospetti.contatti(contenuto))
    assi = [asse for asse in contenuto.assi if not asse.trasversale]
    numeri += [
        NumeroGrande(numero(len(contenuto.enti)), "enti nella rete del progetto"),
        NumeroGrande(numero(len(contenuto.nodi)), f"nodi territoriali, su {len(assi)} assi"),
        NumeroGrande(numero(nuovi), "soggetti esterni conosciuti durante il progetto"),
    ]
    return Capitolo("sintesi", "In sintesi", "sintesi.html", {"numeri": numeri})


def _progetto(contenuto: Contenuto) -> Capitolo:
    scelta = next((regola for regola in contenuto.regole if regola.scelta), None)
    dati = {"regola": scelta, "totale": prospetti.cifra_per_slug(contenuto, "individui-totale")}
    return Capitolo("progetto", "Il progetto e questo rapporto", "progetto.html", dati)


def _nodi(contenuto: Contenuto) -> Capitolo:
    nodi = list(zip(contenuto.nodi, SEGNI.values(), strict=False))
    dati = {"mappa": figure.mappa_dei_nodi(contenuto), "nodi": nodi}
    return Capitolo("nodi", "I nodi e gli enti", "nodi.html", dati)


def _asse(contenuto: Contenuto, asse: AsseContenuto) -> Capitolo:
    titolo = asse.denominazione if asse.trasversale else f"Asse {asse.denominazione}"
    return Capitolo(
        f"asse-{asse.slug}",
        titolo,
        "asse.html",
        {
            "asse": asse,
            "esiti_di_nodo": [esito for esito in asse.esiti if esito.nodo],
            "esiti_comuni": [esito for esito in asse.esiti if not esito.nodo],
            "giudizi": figure.giudizi_di_asse(contenuto, asse.slug, asse.denominazione),
        },
        colore=colore_asse(asse.slug),
        classe="asse",
    )


def _beneficiari(contenuto: Contenuto) -> Capitolo:
    nodi = []
    for nodo in contenuto.nodi:
        individui = prospetti.cifra_per_slug(contenuto, f"individui-{nodo.slug}")
        enti = prospetti.cifra_per_slug(contenuto, f"enti-{nodo.slug}")
        numeri = [
            (cifra, numero_grande(cifra, didascalia))
            for cifra, didascalia in ((individui, "persone o nuclei"), (enti, "aziende ed enti"))
            if cifra
        ]
        nodi.append((nodo, numeri))
    return Capitolo(
        "beneficiari",
        "I beneficiari",
        "beneficiari.html",
        {
            "nodi": nodi,
            "totali": [
                (cifra, numero_grande(cifra, cifra.etichetta))
                for slug in ("individui-totale", "enti-totale")
                if (cifra := prospetti.cifra_per_slug(contenuto, slug))
            ],
            "miglioramento": _grande_se_c_e(contenuto, "miglioramento-medio"),
            "per_asse": figure.beneficiari_per_nodo(contenuto),
            "canali": figure.canali_di_individuazione(contenuto),
            "silenziose": sum(scheda.uscite is None for scheda in contenuto.schede),
        },
    )


def _bisogni(contenuto: Contenuto) -> Capitolo:
    ambiti = [
        (asse, voci)
        for asse in contenuto.assi
        if (voci := [voce for voce in contenuto.blocchi.proposte if voce.asse == asse.slug])
    ]
    dati = {"ambiti": ambiti}
    return Capitolo("bisogni", "I nuovi bisogni e le proposte", "bisogni.html", dati)


def _impatto_enti(contenuto: Contenuto) -> Capitolo:
    dati = {
        "misuratori": figure.misuratori_pubblicati(contenuto),
        "distribuzione": figure.misuratori_di_rete(contenuto),
        "attivita": figure.attivita_per_tipo(contenuto),
        "da_schede": any(
            cifra.esito != Cifra.Esito.NON_RICALCOLABILE
            for cifra in contenuto.cifre
            if cifra.slug in figure.CIFRE_SUGLI_ENTI
        ),
        "perse": sum(
            voce.motivo == Misuratore.Motivo.IMMAGINE_PERSA
            for scheda in contenuto.schede
            for voce in scheda.misuratori
        ),
    }
    return Capitolo("impatto-enti", "L'impatto sugli enti", "impatto_enti.html", dati)


def _rete(contenuto: Contenuto) -> Capitolo:
    dati = {
        "rete": figure.rete_prima_e_dopo(contenuto),
        "esterni": figure.contatti_esterni(contenuto),
        "nuovi_interni": prospetti.nuovi_interni(contenuto),
    }
    return Capitolo("rete", "La rete prima e dopo", "rete.html", dati)


def _conclusioni(contenuto: Contenuto) -> Capitolo:
    favorevoli = [
        scheda.titolo
        for scheda in contenuto.schede
        if scheda.prosecuzione and scheda.prosecuzione.necessaria
    ]
    dati = {
        "favorevoli": favorevoli,
        "proseguire": NumeroGrande(
            numero(len(favorevoli)),
            "schede dicono che è necessario proseguire",
            dopo=f"su {numero(len(contenuto.schede))}",
        ),
    }
    return Capitolo("conclusioni", "Conclusioni", "conclusioni.html", dati)


def _schede(contenuto: Contenuto) -> Capitolo:
    nomi = {asse.slug: asse.denominazione for asse in contenuto.assi}
    schede = [_in_pagina(scheda, nomi) for scheda in contenuto.schede]
    return Capitolo(
        "schede",
        "Le schede di monitoraggio",
        "schede.html",
        {"schede": schede},
        voci=tuple((f"scheda-{voce.scheda.slug}", voce.scheda.titolo) for voce in schede),
    )


def _cifre(contenuto: Contenuto) -> Capitolo:
    nomi = {nodo.slug: nodo.denominazione for nodo in contenuto.nodi}
    return Capitolo(
        "cifre",
        "Allegato. Ogni cifra e la sua aritmetica",
        "cifre.html",
        {
            "nomi_dei_nodi": nomi,
            "citano_righe": any("r. " in cifra.nota.lower() for cifra in contenuto.cifre),
        },
    )


def _dati_delle_figure(contenuto: Contenuto) -> Capitolo:
    giudizi = [
        figure.giudizi_di_asse(contenuto, asse.slug, asse.denominazione) for asse in contenuto.assi
    ]
    grafici = [
        *(grafico for grafico in giudizi if grafico),
        figure.misuratori_di_rete(contenuto),
        figure.attivita_per_tipo(contenuto),
    ]
    dati = {
        # Con tre colonne o meno la prima non intesta: chi ascolta sentirebbe solo intestazioni.
        "grafici": [(grafico, len(grafico.intestazioni) > 3) for grafico in grafici],
        "contatti": prospetti.contatti(contenuto),
        "legami": prospetti.legami_interni(contenuto),
    }
    return Capitolo("dati", "Allegato. I dati delle figure", "dati_figure.html", dati)


def _grande_se_c_e(contenuto: Contenuto, slug: str) -> NumeroGrande | None:
    cifra = prospetti.cifra_per_slug(contenuto, slug)
    return numero_grande(cifra, cifra.etichetta) if cifra else None


def _in_pagina(scheda: SchedaContenuto, nomi: dict[str, str]) -> SchedaInPagina:
    testi = {nome: getattr(scheda, nome) for nome in SEZIONI_DI_TESTO}
    return SchedaInPagina(
        scheda=scheda,
        colore=colore_asse(scheda.assi[0] if scheda.assi else None),
        assi=", ".join(nomi.get(slug, slug) for slug in scheda.assi),
        misuratori=figure.misuratori_di_scheda(scheda, nomi),
        sezioni=[(SEZIONI_DI_TESTO[nome], voci) for nome, voci in testi.items() if voci],
        vuote=[
            SEZIONI_DI_TESTO[nome]
            for nome, voci in testi.items()
            if voci == () and nome not in FACOLTATIVE
        ],
        assenti=[
            SEZIONI_DI_TESTO[nome]
            for nome, voci in testi.items()
            if voci is None and nome not in FACOLTATIVE
        ],
        output=[
            (titolo, voci)
            for gruppo, titolo in GRUPPI_DI_OUTPUT.items()
            if (voci := [voce for voce in scheda.output if voce.gruppo == gruppo])
        ],
    )
