"""Le figure del rapporto: da un `Contenuto` ai grafici, ognuno col suo titolo e i suoi dati."""

from registro.comune.grafici import (
    Barra,
    Grafico,
    barre_orizzontali,
    barre_raggruppate,
    colore_asse,
    colore_nodo,
)
from registro.comune.templatetags.testo import NON_INDICATO, approssimato, conta
from report import prospetti
from report.contenuto import Contenuto, GiudizioContenuto, MisuratoreContenuto, SchedaContenuto
from report.grafici import (
    Casella,
    Gruppo,
    Legame,
    NodoInMappa,
    Punto,
    distribuzione,
    mappa,
    misuratore,
    rete,
)


VOTI = tuple(str(voto) for voto in range(1, 11))
CIFRE_SUGLI_ENTI = ("capacity-building", "nuove-pratiche")
TIPI_DI_ATTIVITA = {
    "ordinaria": "Ordinaria",
    "parziale": "In parte già svolta",
    "innovativa": "Nuova per l'ente",
    None: "Non detto",
}


def mappa_dei_nodi(contenuto: Contenuto) -> Grafico:
    """I comuni dei nodi."""
    return mappa(
        "I comuni in cui lavorano i nodi",
        [
            NodoInMappa(nodo.denominazione, colore_nodo(nodo.slug), nodo.comuni)
            for nodo in contenuto.nodi
        ],
    )


def beneficiari_per_nodo(contenuto: Contenuto) -> Grafico:
    """I beneficiari di ogni nodo, per asse."""
    nomi = {asse.slug: asse.denominazione for asse in contenuto.assi}
    barre = []
    for nodo in contenuto.nodi:
        cifra = prospetti.cifra_per_slug(contenuto, f"individui-{nodo.slug}")
        for voce in prospetti.beneficiari_per_asse(contenuto, cifra) if cifra else ():
            barre.append(
                Barra(
                    etichetta=nomi.get(voce.asse, "Più assi"),
                    valore=voce.valore,
                    testo=f"{approssimato(voce.valore, voce.approssimazione)}"
                    f" {' e '.join(voce.unita)}",
                    colore=colore_asse(voce.asse),
                    gruppo=nodo.denominazione,
                )
            )
    return barre_raggruppate(
        "Beneficiari per nodo e per asse",
        barre,
        gruppo="Nodo",
        voce="Asse",
        misura="Beneficiari",
    )


def canali_di_individuazione(contenuto: Contenuto) -> Grafico:
    """Quante schede nominano ogni canale."""
    return barre_orizzontali(
        "Canali con cui si sono trovati i beneficiari",
        [
            Barra(uso.etichetta, len(uso.schede), conta(len(uso.schede), "scheda", "schede"))
            for uso in prospetti.canali(contenuto)
        ],
        voce="Canale",
        misura="Schede che lo nominano",
    )


def giudizi_di_asse(contenuto: Contenuto, asse: str, denominazione: str) -> Grafico | None:
    """I giudizi sugli indicatori di un asse; `None` se nessuna scheda ne ha."""
    giudizi = prospetti.giudizi_di_asse(contenuto, asse)
    if not giudizi:
        return None
    conti: dict[tuple[str, str, bool], int] = {}
    for giudizio in giudizi:
        for colonna, parziale in _colonne(giudizio):
            chiave = (giudizio.testo, colonna, parziale)
            conti[chiave] = conti.get(chiave, 0) + 1
    return distribuzione(
        f"Giudizi sugli indicatori dell'asse {denominazione}",
        list(dict.fromkeys(giudizio.testo for giudizio in giudizi)),
        _gruppi({colonna for _, colonna, _ in conti}),
        [Casella(riga, colonna, n, parziale) for (riga, colonna, parziale), n in conti.items()],
        voce="Indicatore",
        colore=colore_asse(asse),
    )


def _gruppi(usate: set[str]) -> list[Gruppo]:
    """Le colonne che servono: voti, parole e silenzi, ciascuno nel suo gruppo."""
    parole = (
        *prospetti.PAROLE.values(),
        *(f"{parola} in alcuni casi" for parola in prospetti.PAROLE.values()),
    )
    gruppi = [
        Gruppo("Voti su dieci", VOTI if usate & set(VOTI) else ()),
        Gruppo("Giudizi a parole", tuple(parola for parola in parole if parola in usate)),
        Gruppo(
            "Senza giudizio",
            tuple(stato for stato in prospetti.SILENZI.values() if stato in usate),
            pieno=False,
        ),
    ]
    return [gruppo for gruppo in gruppi if gruppo.colonne]


def _colonne(giudizio: GiudizioContenuto) -> list[tuple[str, bool]]:
    if giudizio.stato != "espresso":
        return [(prospetti.SILENZI[giudizio.stato], False)]
    if giudizio.valore is not None:
        return [(str(giudizio.valore), False)]
    colonne = [(prospetti.PAROLE[giudizio.giudizio or ""], False)]
    if giudizio.in_alcuni_casi:
        colonne.append((f"{prospetti.PAROLE[giudizio.in_alcuni_casi]} in alcuni casi", True))
    return colonne


def misuratori_pubblicati(contenuto: Contenuto) -> list[Grafico]:
    """Le cifre «su 10» dell'edizione che riguardano gli enti, una per semicerchio."""
    return [
        misuratore(cifra.etichetta, cifra.in_mostra)
        for cifra in contenuto.cifre
        if cifra.slug in CIFRE_SUGLI_ENTI
    ]


def misuratori_di_rete(contenuto: Contenuto) -> Grafico:
    """Che cosa dicono le schede nei tre misuratori: voti leggibili e silenzi."""
    per_slug = prospetti.misuratori(contenuto)
    conti: dict[tuple[str, str, bool], int] = {}
    for voci in per_slug.values():
        for voce in voci:
            chiave = (voce.etichetta, *_colonna_di_misuratore(voce))
            conti[chiave] = conti.get(chiave, 0) + 1
    usate = {colonna for _, colonna, _ in conti}
    gruppi = [
        Gruppo("Voti su dieci", VOTI),
        Gruppo("Senza voto", tuple(c for c in ("a parole", NON_INDICATO) if c in usate), False),
    ]
    return distribuzione(
        "I misuratori delle schede",
        [voci[0].etichetta for voci in per_slug.values()],
        [gruppo for gruppo in gruppi if gruppo.colonne],
        [Casella(riga, colonna, n, parziale) for (riga, colonna, parziale), n in conti.items()],
        voce="Misuratore",
    )


def _colonna_di_misuratore(voce: MisuratoreContenuto) -> tuple[str, bool]:
    if voce.valore is not None:
        return str(voce.valore), voce.incerto
    return ("a parole" if voce.testo else NON_INDICATO), False


def attivita_per_tipo(contenuto: Contenuto) -> Grafico:
    """Quanto erano nuove le attività per gli enti che le hanno svolte."""
    tipi = prospetti.tipi_di_attivita(contenuto)
    return barre_orizzontali(
        "Le attività erano nuove per gli enti?",
        [
            Barra(etichetta, tipi[tipo], conta(tipi[tipo], "attività", "attività"))
            for tipo, etichetta in TIPI_DI_ATTIVITA.items()
        ],
        voce="Tipo di attività",
        misura="Attività",
    )


def misuratori_di_scheda(
    scheda: SchedaContenuto, nomi_degli_assi: dict[str, str]
) -> list[Grafico]:
    """I misuratori di una scheda, uno per semicerchio."""
    colore = colore_asse(scheda.assi[0] if scheda.assi else None)
    grafici = []
    for voce in scheda.misuratori:
        asse = nomi_degli_assi.get(voce.asse or "", "")
        titolo = f"{voce.etichetta}, {asse}" if asse else voce.etichetta
        stato = "non è indicato" if voce.valore is None else f"è {voce.valore} su {voce.scala}"
        dubbio = ", ma l'attribuzione è incerta" if voce.incerto else ""
        grafici.append(
            misuratore(
                titolo,
                voce.valore,
                massimo=voce.scala,
                colore=colore_asse(voce.asse) if voce.asse else colore,
                incerto=voce.incerto,
                descrizione=f"Nella scheda {scheda.titolo} il misuratore «{titolo}» {stato}{dubbio}.",
            )
        )
    return grafici


def rete_prima_e_dopo(contenuto: Contenuto) -> Grafico:
    """La rete: enti, soggetti esterni, legami di prima e nuovi."""
    ordine = {nodo.slug: posto for posto, nodo in enumerate(contenuto.nodi)}
    enti = sorted(contenuto.enti, key=lambda ente: ordine.get(ente.nodo or "", len(ordine)))
    punti = {
        ente.slug: Punto(
            ente.slug, prospetti.nome_breve(ente.nome), colore_nodo(ente.nodo), interno=True
        )
        for ente in enti
    }
    for legame in contenuto.legami:
        esterno = Punto(legame.verso_slug, legame.verso, colore_nodo(None), interno=False)
        punti.setdefault(legame.verso_slug, esterno)
    nuovi = prospetti.nuovi_interni(contenuto)
    fuori = [len(riga.nuovi) for riga in prospetti.contatti(contenuto)]
    coppie = "; ".join(f"{da} con {verso}" for da, verso in nuovi) or "nessuno"
    return rete(
        "La rete prima e dopo il progetto",
        list(punti.values()),
        [Legame(voce.da_slug, voce.verso_slug, voce.nuovo) for voce in contenuto.legami],
        descrizione=(
            f"I {len(enti)} enti della rete e i soggetti con cui lavorano. "
            f"Legami nuovi fra enti della rete: {coppie}. "
            f"Soggetti esterni conosciuti nel progetto: {sum(fuori)}."
        ),
    )


def contatti_esterni(contenuto: Contenuto) -> Grafico:
    """Per ogni ente, quanti soggetti esterni conosceva e quanti ne ha incontrati."""
    righe = [riga for riga in prospetti.contatti(contenuto) if riga.prima or riga.nuovi]
    barre = []
    for riga in righe:
        nome = prospetti.nome_breve(riga.ente)
        barre.append(Barra("già conosciuti", len(riga.prima), str(len(riga.prima)), gruppo=nome))
        barre.append(Barra("nuovi", len(riga.nuovi), str(len(riga.nuovi)), gruppo=nome))
    return barre_raggruppate(
        "Soggetti esterni per ente", barre, gruppo="Ente", voce="Contatti", misura="Soggetti"
    )
