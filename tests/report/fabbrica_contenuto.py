"""Un `Contenuto` vero, fatto direttamente dai file di `dati/quadrante`.

Serve alle prove della stampa e dei grafici: dati veri, aritmetica ingenua, nessuna base di dati.
"""

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from report.contenuto import (
    AddendoContenuto,
    AltroNumeroContenuto,
    AsseContenuto,
    AttivitaContenuto,
    AzioneContenuto,
    BlocchiContenuto,
    CifraContenuto,
    CollaborazioneContenuto,
    ConteggioContenuto,
    Contenuto,
    DropOutContenuto,
    EnteContenuto,
    EntiDiAsse,
    EntiDiNodo,
    EsitiDiNodo,
    GiudizioContenuto,
    IndividuazioneContenuto,
    LegameContenuto,
    MisuratoreContenuto,
    NodoContenuto,
    OutputContenuto,
    ProsecuzioneContenuto,
    RapportoContenuto,
    RegolaContenuto,
    RetiContenuto,
    SchedaContenuto,
    UscitaContenuto,
    ValoreDiNodo,
    VoceContenuto,
)


QUADRANTE = Path(__file__).resolve().parents[2] / "dati" / "quadrante"
CANALI = {
    "servizi-pubblici": "Servizi pubblici",
    "altri-ets": "Altri enti del Terzo Settore",
    "rete-progetto": "Rete del progetto",
    "rete-territoriale": "Rete territoriale",
    "passaparola": "Passaparola",
    "contatti-propri": "Contatti propri dell'ente",
    "scouting": "Ricerca attiva",
    "progetto-collegato": "Progetti collegati",
}
MISURATORI = {
    "nuove_pratiche": "Nuove pratiche",
    "capacity_building": "Crescita delle competenze",
    "gap_bisogni_soluzioni": "Distanza fra bisogni e soluzioni",
}
DEFINIZIONI = {
    "individui-totale": "Persone o nuclei che hanno ricevuto almeno un servizio del progetto.",
    "enti-totale": "Aziende ed enti raggiunti dalle attività del progetto.",
    "individui-asti": "Persone o nuclei seguiti dagli enti del nodo di Asti.",
    "enti-asti": "Aziende ed enti raggiunti dagli enti del nodo di Asti.",
    "individui-alessandria": "Persone seguite dagli enti del nodo di Alessandria.",
    "enti-alessandria": "Aziende ed enti raggiunti dagli enti del nodo di Alessandria.",
    "individui-aree-interne": "Persone seguite dagli enti del nodo delle aree interne.",
    "enti-aree-interne": "Aziende ed enti raggiunti dagli enti delle aree interne.",
    "miglioramento-medio": "Voto medio degli operatori al miglioramento dei beneficiari.",
    "capacity-building": "Peso dell'adesione al progetto sulle competenze degli operatori.",
    "nuove-pratiche": "Peso dell'adesione al progetto su pratiche nuove o migliorate.",
    "necessita-prosecuzione": "Quanto è necessario proseguire presa in carico e prove.",
}
REGOLA = "misto-come-nel-report"


@cache
def leggi(nome: str) -> dict:
    """Un file della cartella, già letto."""
    return yaml.safe_load((QUADRANTE / nome).read_text(encoding="utf-8"))


@cache
def nomi() -> dict[str, str]:
    """Slug di enti, programmi → nome da stampare."""
    dati = leggi("enti.yaml")
    return {
        voce["id"]: voce.get("sigla") or voce["denominazione"]
        for voce in (*dati["enti"], *dati["programmi"])
    }


def chiama(slug) -> tuple[str, ...]:
    """Gli slug come nomi, nello stesso ordine."""
    return tuple(nomi().get(uno, uno) for uno in slug or ())


def voci(elenco) -> tuple[VoceContenuto, ...]:
    """Le frasi di una sezione presente."""
    return tuple(
        VoceContenuto(
            voce["testo"],
            chiama(voce.get("enti")),
            voce.get("asse") or voce.get("ambito"),
            voce.get("gruppo"),
            voce.get("note"),
        )
        for voce in elenco
    )


def sezione(elenco) -> tuple[VoceContenuto, ...] | None:
    """Le frasi di una sezione che può mancare."""
    return None if elenco is None else voci(elenco)


def rete() -> list[dict]:
    """I dodici enti del progetto, come nei file."""
    return [e for e in leggi("enti.yaml")["enti"] if e["ruolo"] in ("capofila", "partner")]


def azione(dati: dict) -> AzioneContenuto:
    """Una attività."""
    return AzioneContenuto(
        titolo=dati["titolo"],
        asse=dati["asse"],
        enti=chiama(dati["enti"]),
        collaboratori=chiama(dati.get("enti_collaboratori")),
        luoghi=tuple(dati["luoghi"]),
        inizio=dati["inizio"],
        fine=dati["fine"],
        servizi=tuple(dati["servizi"]),
        integrativa=dati.get("integrativa", False),
    )


def nodi() -> tuple[NodoContenuto, ...]:
    """I tre nodi."""
    assi = {a["id"]: a["denominazione"] for a in leggi("assi.yaml")["assi"]}
    return tuple(
        NodoContenuto(
            nodo["id"],
            nodo["denominazione"],
            nomi()[nodo["capofila"]],
            tuple(nodo["comuni"]),
            tuple(EntiDiAsse(a, assi[a], chiama(e)) for a, e in nodo["enti_per_asse"].items()),
        )
        for nodo in leggi("nodi.yaml")["nodi"]
    )


def assi() -> tuple[AsseContenuto, ...]:
    """I tre assi e le azioni trasversali."""
    per_slug = {n["id"]: n["denominazione"] for n in leggi("nodi.yaml")["nodi"]}
    return tuple(
        AsseContenuto(
            asse["id"],
            asse["denominazione"],
            asse["obiettivo"],
            asse["tipo"] == "trasversale",
            tuple(
                EntiDiNodo(nodo, per_slug[nodo], chiama(enti))
                for nodo, enti in asse["enti_per_nodo"].items()
            ),
            voci(asse["individuazione"]),
            tuple(
                EsitiDiNodo(
                    None if nodo == "comuni" else nodo,
                    per_slug.get(nodo, "Comuni ai tre nodi"),
                    voci(esiti),
                )
                for nodo, esiti in asse["esiti"].items()
            ),
            voci(asse["criticita"]),
            voci(asse["proposte"]),
            tuple(azione(a) for a in leggi("azioni.yaml")["azioni"] if a["asse"] == asse["id"]),
        )
        for asse in leggi("assi.yaml")["assi"]
    )


def addendo(dati: dict) -> AddendoContenuto:
    """Il conteggio di scheda a cui rimanda un addendo."""
    scheda = next(s for s in leggi("schede.yaml")["schede"] if s["id"] == dati["scheda"])
    conteggio = next(c for c in scheda["beneficiari"]["conteggi"] if c["id"] == dati["conteggio"])
    return AddendoContenuto(
        scheda["id"],
        scheda["titolo"],
        conteggio["id"],
        conteggio["cosa"],
        conteggio["unita"],
        conteggio["valore"],
        conteggio["approssimato"],
    )


def addendi_di(cifra: dict) -> tuple[AddendoContenuto, ...]:
    """Gli addendi scelti; il totale li prende dai tre nodi."""
    ricalcolo = cifra["ricalcolo"]
    if cifra["id"] == "individui-totale":
        tutte = {c["id"]: c for c in leggi("report_pubblicato.yaml")["cifre"]}
        return tuple(a for slug in ricalcolo["da_cifre"] for a in addendi_di(tutte[slug]))
    scelti = ricalcolo.get("addendi") or []
    if not scelti and ricalcolo.get("ipotesi"):
        scelti = ricalcolo["ipotesi"][0]["addendi"]
    return tuple(addendo(a) for a in scelti)


def approssimazione_di(addendi) -> str | None:
    """«almeno» vince su «circa»."""
    trovate = {a.approssimazione for a in addendi}
    return "almeno" if "oltre" in trovate else "circa" if "circa" in trovate else None


def regola_in_parole(dati: dict) -> str:
    """Come si conta quella cifra."""
    if dati["unita"] == "enti":
        return "Si sommano aziende ed enti dichiarati."
    if dati["unita"] == "beneficiari":
        return "Ad Asti il nucleo vale uno, ad Alessandria si contano le persone."
    return "Nessuna: il numero è quello stampato."


def cifra(dati: dict) -> CifraContenuto:
    """Una cifra con la sua aritmetica."""
    addendi = addendi_di(dati)
    valore = sum(a.valore for a in addendi) if addendi else None
    pubblicato = dati["valore"] if dati["stampato"] else None
    schede = [s for s in leggi("schede.yaml")["schede"] if dati["nodo"] in (None, s["nodo"])]
    return CifraContenuto(
        slug=dati["id"],
        etichetta=dati["etichetta"],
        definizione=DEFINIZIONI[dati["id"]],
        valore=valore,
        unita=dati["unita"],
        nodo=dati["nodo"],
        approssimazione=approssimazione_di(addendi),
        regola=REGOLA,
        regola_in_parole=regola_in_parole(dati),
        addendi=addendi,
        pubblicato=pubblicato,
        scarto=None if None in (valore, pubblicato) else valore - pubblicato,
        derivato=dati.get("derivato"),
        esito=dati["ricalcolo"]["esito"],
        nota=" ".join(n for n in (dati["ricalcolo"].get("note"), dati.get("note")) if n),
        rispondenti=len({a.scheda for a in addendi}),
        interrogate=len(schede),
        aritmetica=dati["ricalcolo"].get("aritmetica") or "",
    )


def regola(dati: dict) -> RegolaContenuto:
    """Una regola di conteggio coi suoi totali."""
    valori = tuple(
        ValoreDiNodo(n["id"], n["denominazione"], dati[n["id"].replace("-", "_")], appr)
        for n, appr in zip(leggi("nodi.yaml")["nodi"], ("almeno", "circa", None), strict=True)
    )
    return RegolaContenuto(
        dati["id"],
        dati["descrizione"],
        valori,
        dati["totale"],
        "almeno",
        771,
        dati["totale"] - 771,
        dati["id"] == REGOLA,
        dati["note"],
    )


def drop_out(dati: dict) -> DropOutContenuto:
    """I drop-out di un ente."""
    scheda = next(s for s in leggi("schede.yaml")["schede"] if s["id"] == dati["scheda"])
    return DropOutContenuto(
        nomi()[dati["ente"]],
        scheda["id"],
        scheda["titolo"],
        dati["individui"],
        dati["nuclei"],
        uscite(scheda),
        dati["ente"],
    )


def uscite(scheda: dict) -> tuple[UscitaContenuto, ...] | None:
    """I drop-out di una scheda, `None` se tace."""
    elenco = scheda["beneficiari"]["drop_out"]
    if elenco is None:
        return None
    return tuple(UscitaContenuto(u["cosa"], u["unita"], u["valore"]) for u in elenco)


def legami() -> tuple[LegameContenuto, ...]:
    """Tutti i legami dichiarati, con «tutta la rete» sciolto."""
    interni = [e["id"] for e in rete()]
    trovati = []
    for scheda in leggi("schede.yaml")["schede"]:
        prima = scheda["reti"]["preesistenti"]
        verso = list(prima["enti"])
        if prima["tutta_la_rete"]:
            verso = [slug for slug in interni if slug not in prima["eccetto"]]
        for da in scheda["dichiaranti"]:
            coppie = [(slug, False) for slug in verso if slug != da]
            coppie += [(slug, True) for slug in scheda["reti"]["nuove"]["enti"]]
            trovati += [
                LegameContenuto(da, nomi()[da], slug, nomi()[slug], nuovo, slug in interni)
                for slug, nuovo in coppie
            ]
    return tuple(trovati)


def giudizio(dati: dict) -> GiudizioContenuto:
    """Un giudizio: voto, parola o silenzio."""
    testo = next(
        i["testo"] for i in leggi("schede.yaml")["indicatori"] if i["id"] == dati["indicatore"]
    )
    parola = dati["giudizio"]
    stato = "espresso"
    if parola == "non-esprimibile":
        stato, parola = "non-esprimibile", None
    elif dati["valore"] is None and parola is None:
        stato = "non-pervenuto"
    return GiudizioContenuto(
        dati["indicatore"],
        testo,
        dati["asse"],
        stato,
        dati["valore"],
        parola,
        dati.get("in_alcuni_casi"),
        dati["scala"],
        dati.get("note"),
    )


def misuratori(dati: dict) -> tuple[MisuratoreContenuto, ...]:
    """I tre misuratori; quello distinto per asse dà una voce per asse."""
    tutti = []
    for slug, etichetta in MISURATORI.items():
        letto = dati[slug]
        per_asse = letto.get("per_asse") or {None: letto.get("valore")}
        tutti += [
            MisuratoreContenuto(
                slug,
                etichetta,
                valore,
                asse,
                letto.get("scala", 10),
                letto.get("incerto", False),
                letto.get("motivo"),
                letto.get("testo"),
                letto.get("note"),
            )
            for asse, valore in per_asse.items()
        ]
    return tuple(tutti)


def output(dati: dict) -> OutputContenuto:
    """Un prodotto contato."""
    return OutputContenuto(
        dati["id"],
        dati["tipo"].replace("-", " ").capitalize().replace(" cv", " CV"),
        dati["unita"],
        dati["valore"],
        dati["gruppo"],
        nomi().get(dati["presso"]),
        chiama(dati["canali"]),
        dati["approssimato"],
        dati.get("asse"),
    )


def collaborazione(dati: dict) -> CollaborazioneContenuto:
    """La collaborazione con gli enti pubblici."""
    return CollaborazioneContenuto(
        dati["attivata"],
        chiama(dati["enti"]),
        chiama(dati["formalizzata_con"]),
        voci(dati["punti_forza"]),
        voci(dati["da_migliorare"]),
    )


def reti(dati: dict) -> RetiContenuto:
    """Le reti prima e dopo."""
    prima = dati["preesistenti"]
    return RetiContenuto(
        prima["tutta_la_rete"],
        chiama(prima["eccetto"]),
        chiama(prima["enti"]),
        chiama(dati["nuove"]["enti"]),
        voci(dati["testi"]),
    )


def conteggi(elenco) -> tuple[ConteggioContenuto, ...]:
    """I conteggi di beneficiari di una scheda."""
    return tuple(
        ConteggioContenuto(
            c["id"],
            c["cosa"],
            c["unita"],
            c["valore"],
            c["approssimato"],
            c["asse"],
            c["parte_di"],
            c.get("composizione_di"),
            c.get("ripartizione"),
            nota=c.get("note"),
        )
        for c in elenco
    )


def altri_numeri(elenco) -> tuple[AltroNumeroContenuto, ...]:
    """I numeri di contorno di una scheda."""
    return tuple(
        AltroNumeroContenuto(
            n["cosa"],
            n["unita"],
            n.get("valore"),
            n.get("minimo"),
            n.get("massimo"),
            n["approssimato"],
        )
        for n in elenco
    )


def individuazione(elenco) -> tuple[IndividuazioneContenuto, ...] | None:
    """I canali di una scheda, `None` se non ne ha la sezione."""
    if elenco is None:
        return None
    return tuple(
        IndividuazioneContenuto(
            v["canale"], CANALI[v["canale"]], v["testo"], chiama(v["enti"]), v.get("asse")
        )
        for v in elenco
    )


def scheda(dati: dict) -> SchedaContenuto:
    """Una scheda intera."""
    tutte = {a["id"]: a for a in leggi("azioni.yaml")["azioni"]}
    per_nodo = {n["id"]: n["denominazione"] for n in leggi("nodi.yaml")["nodi"]}
    prosecuzione = dati["prosecuzione"]
    return SchedaContenuto(
        slug=dati["id"],
        numero=dati["numero"],
        titolo=dati["titolo"],
        enti=chiama(dati["enti"]),
        dichiaranti=chiama(dati["dichiaranti"]),
        assi=tuple(dati["assi"]),
        nodo=dati["nodo"],
        nodo_denominazione=per_nodo.get(dati["nodo"]),
        azioni=tuple(azione(tutte[slug]) for slug in dati["azioni"]),
        conteggi=conteggi(dati["beneficiari"]["conteggi"]),
        uscite=uscite(dati),
        altri_numeri=altri_numeri(dati["beneficiari"]["altri_numeri"]),
        profilo=voci(dati["beneficiari"]["profilo"]),
        vulnerabilita=sezione(dati["vulnerabilita"]),
        individuazione=individuazione(dati["individuazione"]),
        bisogni_motivazioni=sezione(dati["bisogni_motivazioni"]),
        giudizi=tuple(giudizio(g) for g in dati["impatto_beneficiari"]),
        reti=reti(dati["reti"]),
        collaborazione=collaborazione(dati["collaborazione_enti_pubblici"]),
        output=tuple(output(o) for o in dati["output"]["conteggi"]),
        output_testi=voci(dati["output"]["testi"]),
        outcomes=sezione(dati["outcomes"]),
        attivita=tuple(
            AttivitaContenuto(a["asse"], a["tipo"], a["elementi_innovativi"])
            for a in dati["impatto_ente"]["attivita"]
        ),
        impatto_ente=voci(dati["impatto_ente"]["testi"]),
        nuovi_bisogni=sezione(dati["nuovi_bisogni"]),
        criticita=sezione(dati["criticita"]),
        proposte=sezione(dati["proposte"]),
        misuratori=misuratori(dati["indicatori_finali"]),
        prosecuzione=ProsecuzioneContenuto(
            prosecuzione["necessaria"], prosecuzione["secondo_asse"], prosecuzione.get("note")
        ),
        sostenibilita=sezione(dati.get("sostenibilita")),
        dichiaranti_slug=tuple(dati["dichiaranti"]),
    )


def contenuto_quadrante() -> Contenuto:
    """L'edizione intera del quadrante AL&AT, come la prima che il prodotto pubblica."""
    pubblicato = leggi("report_pubblicato.yaml")
    blocchi = {nome: voci(pubblicato[nome]) for nome in BlocchiContenuto.__dataclass_fields__}
    return Contenuto(
        rapporto=RapportoContenuto(
            titolo="Rapporto di quadrante",
            sottotitolo="Lavoro, casa e povertà educative fra Asti, Alessandria e le aree interne",
            progetto="Quadrante AL&AT Terzo Settore",
            edizione=1,
            pubblicato_il=datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Europe/Rome")),
            periodo="luglio 2019 – giugno 2021",
            impronta="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            progetto_slug="quadrante-alat",
        ),
        nodi=nodi(),
        enti=tuple(
            EnteContenuto(
                e["id"],
                e["denominazione"],
                nomi()[e["id"]],
                e["ruolo"],
                e["nodo"],
                tuple(e["assi"]),
                tuple(c["nome"] for c in e["comuni"]),
            )
            for e in rete()
        ),
        assi=assi(),
        cifre=tuple(cifra(c) for c in pubblicato["cifre"]),
        regole=tuple(regola(r) for r in pubblicato["regole_di_conteggio"]),
        drop_out=tuple(
            drop_out(d) for d in pubblicato["enti_con_drop_out"]["ricalcolo"]["per_scheda"]
        ),
        legami=legami(),
        blocchi=BlocchiContenuto(**blocchi),
        schede=tuple(scheda(s) for s in leggi("schede.yaml")["schede"]),
    )
