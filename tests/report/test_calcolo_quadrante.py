"""Le cifre del rapporto vero, rifatte dalle undici schede."""

import copy
import json
from dataclasses import replace
from decimal import Decimal

import pytest

from report.calcolo import (
    Piano,
    ProgettoDelPiano,
    calcola,
    json_del_rapporto,
    piano_da_pubblicato,
    piano_della_cartella,
)
from tests.report import fabbrica_contenuto as fabbrica


PROGETTO = ProgettoDelPiano(slug="quadrante-alat", titolo="Quadrante")
NODI = tuple((n["id"], n["denominazione"]) for n in fabbrica.leggi("nodi.yaml")["nodi"])
ATTESE = {
    # valore, approssimazione, pubblicato, derivato, scarto, esito, risposte su chieste
    "individui-totale": (768, "almeno", 771, None, -3, "compatibile", (10, 11)),
    "enti-totale": (85, None, 85, None, 0, "esatto", (2, 11)),
    "individui-asti": (159, "almeno", None, 162, None, "compatibile", (3, 3)),
    "enti-asti": (55, None, 55, None, 0, "esatto", (1, 3)),
    "individui-alessandria": (51, None, 51, None, 0, "esatto-ambiguo", (4, 4)),
    "enti-alessandria": (0, None, None, 0, None, "derivato", (0, 4)),
    "individui-aree-interne": (558, "circa", 558, None, 0, "esatto", (3, 3)),
    "enti-aree-interne": (30, None, 30, None, 0, "esatto", (1, 3)),
    "miglioramento-medio": (7.5, None, 7.5, None, None, "non-ricalcolabile", (0, 0)),
    "capacity-building": (7.3, None, 7.3, None, None, "non-ricalcolabile", (0, 0)),
    "nuove-pratiche": (None, None, None, None, None, "non-ricalcolabile", (0, 0)),
    "necessita-prosecuzione": (None, None, None, None, None, "non-ricalcolabile", (0, 0)),
}
REGOLE = {
    # asti, alessandria, aree interne, totale, scarto da 771
    "solo-individui": (165, 51, 558, 774, 3),
    "individui-o-nuclei": (169, 51, 558, 778, 7),
    "nucleo-sempre-unita": (159, 30, 558, 747, -24),
    "misto-come-nel-report": (159, 51, 558, 768, -3),
}
AREE_INTERNE = {
    "id": "individui-aree-interne",
    "valore": 558,
    "unita": "beneficiari",
    "nodo": "aree-interne",
    "approssimazione": "circa",
    "regola": "misto-come-nel-report",
    "addendi": [
        {"scheda": "idea-marcondiro", "conteggio": "utenti-sportello", "valore": 270},
        {"scheda": "crescereinsieme", "conteggio": "totale", "valore": 28},
        {"scheda": "azimut", "conteggio": "beneficiari", "valore": 260},
    ],
    "pubblicato": 558,
    "derivato": None,
    "scarto": 0,
    "esito": "esatto",
    "nota": "",
}
con_e_senza_regole = pytest.mark.parametrize(
    "con_regole", [True, False], ids=["regole", "addendi"]
)


def schede_vere():
    return tuple(fabbrica.scheda(s) for s in fabbrica.leggi("schede.yaml")["schede"])


def piano_vero(con_regole: bool, schede=None) -> Piano:
    return piano_della_cartella(
        regole=fabbrica.leggi("regole.yaml") if con_regole else None,
        pubblicato=fabbrica.leggi("report_pubblicato.yaml"),
        schede=schede or schede_vere(),
        nodi=NODI,
        progetto=PROGETTO,
    )


def calcolo_vero(con_regole: bool):
    return calcola(schede_vere(), piano_vero(con_regole), NODI)


@con_e_senza_regole
def test_le_dodici_cifre_tornano(con_regole):
    trovate = {
        c.slug: (
            c.valore,
            c.approssimazione,
            c.pubblicato,
            c.derivato,
            c.scarto,
            c.esito,
            (c.rispondenti, c.interrogate),
        )
        for c in calcolo_vero(con_regole).cifre
    }
    assert trovate == ATTESE
    assert list(trovate) == [c["id"] for c in fabbrica.leggi("report_pubblicato.yaml")["cifre"]]


@con_e_senza_regole
def test_le_quattro_regole_danno_i_totali_annotati(con_regole):
    regole = calcolo_vero(con_regole).regole
    trovate = {
        r.slug: (
            *(
                {v.nodo: v.valore for v in r.valori}[n]
                for n in ("asti", "alessandria", "aree-interne")
            ),
            r.totale,
            r.scarto,
        )
        for r in regole
    }
    assert trovate == REGOLE
    assert {r.approssimazione for r in regole} == {"almeno"}
    assert [r.slug for r in regole if r.scelta] == ["misto-come-nel-report"]
    for regola in regole:
        per_nodo = {v.nodo: v.approssimazione for v in regola.valori}
        assert per_nodo == {"asti": "almeno", "alessandria": None, "aree-interne": "circa"}


@con_e_senza_regole
def test_i_51_di_alessandria_hanno_gli_addendi_stampati(con_regole):
    cifre = {c.slug: c for c in calcolo_vero(con_regole).cifre}
    alessandria = cifre["individui-alessandria"]
    assert {(a.scheda, a.conteggio, a.valore) for a in alessandria.addendi} == {
        ("cambalache", "formati", 7),
        ("coompany", "adulti", 19),
        ("coompany", "minori", 16),
        ("cultura-gapp", "peer-educators", 5),
        ("gapp", "percorsi-individuali", 4),
    }
    assert "«colloquiati-senza-peer»" in alessandria.nota
    assert "«persone sentite a colloquio» conta la parte «persone formate" in alessandria.nota
    assert cifre["enti-alessandria"].addendi == ()
    assert cifre["enti-alessandria"].aritmetica == "85 − 55 − 30 = 0"


@con_e_senza_regole
def test_gli_addendi_di_ogni_somma_fanno_il_valore(con_regole):
    for cifra in calcolo_vero(con_regole).cifre:
        if cifra.addendi:
            assert sum(a.valore for a in cifra.addendi) == cifra.valore


@con_e_senza_regole
def test_il_totale_dice_sia_il_minimo_sia_il_circa(con_regole):
    totale = calcolo_vero(con_regole).cifre[0]
    assert totale.approssimazione == "almeno"
    assert "È un minimo: «minori delle attività estive»" in totale.nota
    assert "oltre 100" in totale.nota
    assert "Comprende anche valori «circa»: «utenti degli sportelli»" in totale.nota
    assert "individui e nuclei, ogni nucleo vale uno" in totale.nota
    assert "Compatibile con 771 stampato: mancano 3." in totale.nota


def test_i_drop_out_sono_quelli_dei_cinque_enti():
    trovati = [
        (d.ente_slug, d.ente, d.scheda, d.individui, d.nuclei) for d in calcolo_vero(True).drop_out
    ]
    attesi = fabbrica.leggi("report_pubblicato.yaml")["enti_con_drop_out"]["ricalcolo"]
    assert trovati == [
        (d["ente"], fabbrica.nomi()[d["ente"]], d["scheda"], d["individui"], d["nuclei"])
        for d in attesi["per_scheda"]
    ]


def test_il_json_ha_le_chiavi_e_i_numeri_promessi():
    contenuto = fabbrica.contenuto_quadrante()
    calcolo = calcolo_vero(True)
    contenuto = replace(
        contenuto, cifre=calcolo.cifre, regole=calcolo.regole, drop_out=calcolo.drop_out
    )
    letto = json.loads(json.dumps(json_del_rapporto(contenuto)))
    assert (letto["progetto"], letto["edizione"]) == ("quadrante-alat", 1)
    per_id = {cifra["id"]: cifra for cifra in letto["cifre"]}
    assert per_id["individui-aree-interne"] | {"nota": ""} == AREE_INTERNE
    assert (per_id["miglioramento-medio"]["valore"], per_id["nuove-pratiche"]["valore"]) == (
        7.5,
        None,
    )
    assert set(letto["enti_con_drop_out"]) == {
        "cambalache", "gapp", "cultura-e-sviluppo", "coompany", "la-strada",
    }  # fmt: skip
    assert {r["id"]: r["totale"] for r in letto["regole"]} == {k: v[3] for k, v in REGOLE.items()}


def test_i_decimali_inutili_non_si_stampano():
    contenuto = fabbrica.contenuto_quadrante()
    prima = replace(contenuto.cifre[0], valore=Decimal("768.00"))
    letto = json_del_rapporto(replace(contenuto, cifre=(prima,)))
    assert json.dumps(letto["cifre"][0]["valore"]) == "768"


@con_e_senza_regole
def test_il_piano_si_conserva_come_json(con_regole):
    piano = piano_vero(con_regole)
    assert Piano.model_validate_json(json.dumps(piano.model_dump(mode="json"))) == piano


def conteggi_veri():
    return [
        (s["id"], c["id"])
        for s in fabbrica.leggi("schede.yaml")["schede"]
        for c in s["beneficiari"]["conteggi"]
    ]


def cifre_con(scheda: str, conteggio: str) -> set[str]:
    """Le cifre a cui arriva un conteggio, lette dal file del rapporto e da nient'altro."""
    qui = {"scheda": scheda, "conteggio": conteggio}
    toccate = set()
    for cifra in fabbrica.leggi("report_pubblicato.yaml")["cifre"]:
        ricalcolo = cifra["ricalcolo"]
        vie = ricalcolo.get("ipotesi") or [{}]
        elenco = ricalcolo.get("addendi") or vie[0].get("addendi") or []
        if any({k: a[k] for k in qui} == qui for a in elenco):
            toccate.add(cifra["id"])
    if any(sigla.startswith("individui-") for sigla in toccate):
        toccate.add("individui-totale")
    return toccate


@con_e_senza_regole
@pytest.mark.parametrize(("scheda", "conteggio"), conteggi_veri(), ids="/".join)
def test_cambiare_o_togliere_un_conteggio_tocca_le_sue_cifre_e_nessun_altra(
    con_regole, scheda, conteggio
):
    toccate = cifre_con(scheda, conteggio)
    prima = {c.slug: c for c in calcolo_vero(con_regole).cifre}
    for nuovo in (None, 1000):
        schede, vecchio = con_un_altro_valore(scheda, conteggio, nuovo)
        dopo = {c.slug: c for c in calcola(schede, piano_vero(con_regole, schede), NODI).cifre}
        for slug, cifra in prima.items():
            if slug not in toccate:
                assert (dopo[slug].valore, dopo[slug].approssimazione, dopo[slug].esito) == (
                    (cifra.valore, cifra.approssimazione, cifra.esito)
                )
                continue
            resto = cifra.valore - vecchio + (nuovo or 0)
            detti = [a for a in dopo[slug].addendi if a.valore is not None]
            assert dopo[slug].valore == (resto if detti else None)
            if nuovo is None and detti:
                assert dopo[slug].approssimazione == "almeno"


def con_un_altro_valore(scheda: str, conteggio: str, nuovo):
    dati = copy.deepcopy(fabbrica.leggi("schede.yaml")["schede"])
    trovato = next(
        c
        for s in dati
        if s["id"] == scheda
        for c in s["beneficiari"]["conteggi"]
        if c["id"] == conteggio
    )
    vecchio, trovato["valore"] = trovato["valore"], nuovo
    if nuovo is None:
        trovato["approssimato"] = None
    return tuple(fabbrica.scheda(s) for s in dati), vecchio


def test_senza_regole_il_piano_segue_gli_addendi_del_rapporto():
    piano = piano_da_pubblicato(
        fabbrica.leggi("report_pubblicato.yaml"), schede_vere(), NODI, PROGETTO
    )
    assert [(s.scheda, s.conteggio, s.al_posto_di) for s in piano.scelte] == [
        ("cambalache", "formati", "colloquiati")
    ]
    misto = {r.id: r.per_nodo for r in piano.regole}["misto-come-nel-report"]
    assert misto["asti"] == "nucleo-sempre-unita"
    assert misto["alessandria"] == "individui-o-nuclei"
