"""Le regole di conteggio, una per una, su schede di poche righe."""

import pytest

from report.calcolo import PianoErrato, calcola, drop_out_delle_schede
from report.contenuto import UscitaContenuto
from tests.report.schede_di_prova import NODI, addendi, cifra, conteggio, piano, scheda


NUCLEI_CON_PERSONE = (
    conteggio("nuclei", "nuclei", 14),
    conteggio("adulti", "individui", 19, composizione_di="nuclei", ripartizione="eta"),
    conteggio("minori", "individui", 16, composizione_di="nuclei", ripartizione="eta"),
)


def prima_cifra(schede, un_piano):
    return calcola(schede, un_piano, NODI).cifre[0]


def con_metodo(metodo, *conteggi, unita="beneficiari", **campi):
    """La cifra che dà un metodo su una scheda sola."""
    un_piano = piano(cifra("c", {"regola": metodo}, unita=unita), **campi)
    return prima_cifra([scheda("a", conteggi=conteggi)], un_piano)


@pytest.mark.parametrize(
    ("metodo", "atteso"),
    [("solo-individui", 35), ("individui-o-nuclei", 35), ("nucleo-sempre-unita", 14)],
)
def test_persone_e_nuclei_non_si_sommano_mai(metodo, atteso):
    assert con_metodo(metodo, *NUCLEI_CON_PERSONE).valore == atteso


@pytest.mark.parametrize(
    ("metodo", "atteso"),
    [("solo-individui", None), ("individui-o-nuclei", 4), ("nucleo-sempre-unita", 4)],
)
def test_i_nuclei_senza_persone_contano_secondo_il_metodo(metodo, atteso):
    assert con_metodo(metodo, conteggio("nuclei", "nuclei", 4)).valore == atteso


def test_nuclei_le_cui_persone_non_sono_dette_contano_come_nuclei():
    conteggi = (
        conteggio("nuclei", "nuclei", 5),
        conteggio("persone", "individui", None, composizione_di="nuclei"),
    )
    assert con_metodo("individui-o-nuclei", *conteggi).valore == 5
    solo_persone = con_metodo("solo-individui", *conteggi)
    assert (solo_persone.valore, solo_persone.approssimazione) == (None, None)
    assert "Nessun numero è detto" in solo_persone.nota


def test_di_due_viste_delle_stesse_persone_se_ne_conta_una_la_prima_completa():
    conteggi = (
        conteggio("nuclei", "nuclei", 5),
        conteggio("uomini", "individui", None, composizione_di="nuclei", ripartizione="genere"),
        conteggio("donne", "individui", 90, composizione_di="nuclei", ripartizione="genere"),
        conteggio("adulti", "individui", 9, composizione_di="nuclei", ripartizione="eta"),
        conteggio("minori", "individui", 6, composizione_di="nuclei", ripartizione="eta"),
    )
    trovata = con_metodo("solo-individui", *conteggi)
    assert (trovata.valore, trovata.approssimazione) == (15, None)


def test_se_nessuna_vista_e_completa_vale_quella_che_dice_di_piu_ed_e_un_minimo():
    conteggi = (
        conteggio("nuclei", "nuclei", 5),
        conteggio("uomini", "individui", None, composizione_di="nuclei", ripartizione="genere"),
        conteggio("donne", "individui", 7, composizione_di="nuclei", ripartizione="genere"),
        conteggio("adulti", "individui", 9, composizione_di="nuclei", ripartizione="eta"),
        conteggio("minori", "individui", None, composizione_di="nuclei", ripartizione="eta"),
    )
    trovata = con_metodo("solo-individui", *conteggi)
    assert (trovata.valore, trovata.approssimazione) == (9, "almeno")


def test_di_due_ripartizioni_senza_un_intero_se_ne_conta_una():
    conteggi = (
        conteggio("uomini", "individui", 30, ripartizione="genere"),
        conteggio("donne", "individui", 20, ripartizione="genere"),
        conteggio("adulti", "individui", 50, ripartizione="eta"),
        conteggio("altri", "individui", 4),
    )
    assert con_metodo("solo-individui", *conteggi).valore == 54


def test_le_persone_di_una_parte_dei_nuclei_non_si_aggiungono_ai_nuclei():
    conteggi = (
        conteggio("nuclei", "nuclei", 4),
        conteggio("affido", "nuclei", 2, parte_di="nuclei"),
        conteggio("persone-affido", "individui", 6, composizione_di="affido"),
    )
    assert con_metodo("individui-o-nuclei", *conteggi).valore == 4
    assert con_metodo("nucleo-sempre-unita", *conteggi).valore == 4


def test_le_parti_non_si_sommano_al_loro_intero_a_nessuna_profondita():
    conteggi = (
        conteggio("utenti", "individui", 270),
        conteggio("ovada", "individui", 120, parte_di="utenti", ripartizione="sede"),
        conteggio("alessandria", "individui", 150, parte_di="utenti", ripartizione="sede"),
        conteggio("selezionati", "individui", 25, parte_di="utenti"),
        conteggio("attivati", "individui", 10, parte_di="selezionati"),
    )
    assert con_metodo("solo-individui", *conteggi).valore == 270


@pytest.mark.parametrize(
    ("scelte", "atteso"),
    [
        ([("attivati", "utenti")], 10),
        ([("selezionati", "utenti"), ("attivati", "selezionati")], 10),
        ([("ovada", "utenti"), ("alessandria", "utenti")], 270),
        ([("attivati", "selezionati")], 300),
    ],
    ids=["una parte", "la parte di una parte", "due parti", "una scelta senza effetto"],
)
def test_una_parte_scelta_prende_il_posto_del_suo_intero(scelte, atteso):
    conteggi = (
        conteggio("utenti", "individui", 300),
        conteggio("ovada", "individui", 120, parte_di="utenti", ripartizione="sede"),
        conteggio("alessandria", "individui", 150, parte_di="utenti", ripartizione="sede"),
        conteggio("selezionati", "individui", 25, parte_di="utenti"),
        conteggio("attivati", "individui", 10, parte_di="selezionati"),
    )
    voci = [
        {"scheda": "a", "conteggio": c, "al_posto_di": i, "nota": f"Perché {c}."}
        for c, i in scelte
    ]
    trovata = con_metodo("solo-individui", *conteggi, scelte=voci)
    assert trovata.valore == atteso
    contati = {addendo.conteggio for addendo in trovata.addendi}
    assert {v["conteggio"] for v in voci if v["nota"] in trovata.nota} == contati - {"utenti"}


def test_un_intero_non_detto_resta_fuori_anche_se_le_sue_parti_sono_dette():
    conteggi = (
        conteggio("utenti", "individui", None),
        conteggio("ovada", "individui", 120, parte_di="utenti", ripartizione="sede"),
        conteggio("alessandria", "individui", 150, parte_di="utenti", ripartizione="sede"),
        conteggio("altri", "individui", 8),
    )
    trovata = con_metodo("solo-individui", *conteggi)
    assert (trovata.valore, trovata.approssimazione) == (8, "almeno")
    assert "Resta fuori 1 conteggio non detto su 2: «utenti» (A)." in trovata.nota
    assert "Le parti di «utenti» fanno 270" in trovata.nota


def test_enti_e_aziende_si_contano_insieme_e_lo_si_dice():
    trovata = con_metodo(
        "enti-e-aziende",
        conteggio("aziende", "aziende", 38),
        conteggio("rete", "enti", 7),
        conteggio("persone", "individui", 50),
        unita="enti",
    )
    assert trovata.valore == 45
    assert trovata.nota.startswith("Somma unità diverse: aziende ed enti.")


@pytest.mark.parametrize(
    ("approssimazioni", "attesa"),
    [
        ((None, None), None),
        (("circa", None), "circa"),
        (("oltre", None), "almeno"),
        (("oltre", "circa"), "almeno"),
    ],
)
def test_l_approssimazione_arriva_al_totale(approssimazioni, attesa):
    conteggi = [
        conteggio(f"c{i}", "individui", 10, approssimazione=a)
        for i, a in enumerate(approssimazioni)
    ]
    trovata = con_metodo("solo-individui", *conteggi)
    assert (trovata.valore, trovata.approssimazione) == (20, attesa)


def test_zero_detto_e_zero_e_silenzio_e_silenzio():
    assert con_metodo("solo-individui", conteggio("p", "individui", 0)).valore == 0
    muta = con_metodo("solo-individui")
    assert (muta.valore, muta.esito) == (None, "non-ricalcolabile")
    assert muta.nota == "Nessuna scheda lo dichiara."


def test_una_differenza_fra_cifre_con_gli_stessi_termini_e_zero_anche_se_qualcuno_tace():
    schede = [
        scheda("a", "nord", [conteggio("aziende", "aziende", None), conteggio("enti", "enti", 7)]),
        scheda("b", "sud", [conteggio("persone", "individui", 3)]),
    ]
    un_piano = piano(
        cifra("sud", {"differenza": {"da": "tutti", "meno": ["nord"]}}, unita="enti", nodo="sud"),
        cifra("tutti", {"regola": "enti-e-aziende"}, unita="enti"),
        cifra("nord", {"regola": "enti-e-aziende"}, unita="enti", nodo="nord"),
    )
    sud, tutti, nord = calcola(schede, un_piano, NODI).cifre
    assert (sud.valore, sud.approssimazione, sud.addendi) == (0, None, ())
    assert (tutti.valore, nord.valore, nord.approssimazione) == (7, 7, "almeno")


def test_una_differenza_ha_per_addendi_cio_che_resta():
    schede = [
        scheda("a", "nord", [conteggio("enti", "enti", 7)]),
        scheda("b", "sud", [conteggio("enti", "enti", 5, approssimazione="oltre")]),
    ]
    un_piano = piano(
        cifra("sud", {"differenza": {"da": "tutti", "meno": ["nord"]}}, unita="enti", nodo="sud"),
        cifra("tutti", {"regola": "enti-e-aziende"}, unita="enti"),
        cifra("nord", {"regola": "enti-e-aziende"}, unita="enti", nodo="nord"),
    )
    sud = prima_cifra(schede, un_piano)
    assert (sud.valore, sud.approssimazione) == (5, "almeno")
    assert [(a.scheda, a.valore) for a in sud.addendi] == [("b", 5)]


@pytest.mark.parametrize(
    ("tolto", "atteso", "frase"),
    [
        (conteggio("parte", "individui", 4, parte_di="tutti"), 6, ""),
        (
            conteggio("parte", "individui", 4, parte_di="tutti", approssimazione="oltre"),
            None,
            "la differenza non si dice",
        ),
        (conteggio("parte", "individui", None, parte_di="tutti"), None, "non si dice"),
    ],
    ids=["esatto", "minimo", "non detto"],
)
def test_togliere_un_minimo_non_da_un_numero(tolto, atteso, frase):
    schede = [scheda("a", conteggi=[conteggio("tutti", "individui", 10), tolto])]
    un_piano = piano(
        cifra("resto", {"differenza": {"da": "tutti", "meno": ["parte"]}}),
        cifra("tutti", addendi("a/tutti")),
        cifra("parte", addendi("a/parte")),
    )
    resto = prima_cifra(schede, un_piano)
    assert resto.valore == atteso
    assert frase in resto.nota
    assert resto.addendi == ()


def test_una_somma_di_cifre_porta_gli_addendi_di_tutte():
    schede = [
        scheda("a", "nord", [conteggio("p", "individui", 3, approssimazione="circa")]),
        scheda("b", "sud", [conteggio("p", "individui", 4)]),
    ]
    un_piano = piano(
        cifra("tutti", {"somma_di": ["nord", "sud"]}),
        cifra("nord", addendi("a/p"), nodo="nord"),
        cifra("sud", addendi("b/p"), nodo="sud"),
    )
    tutti = prima_cifra(schede, un_piano)
    assert (tutti.valore, tutti.approssimazione, len(tutti.addendi)) == (7, "circa", 2)
    assert tutti.aritmetica == "circa 3 + 4 = circa 7"


def test_una_somma_con_una_cifra_solo_stampata_usa_il_numero_stampato():
    schede = [scheda("a", conteggi=[conteggio("p", "individui", 3)])]
    un_piano = piano(
        cifra("tutti", {"somma_di": ["nord", "sud"]}),
        cifra("nord", addendi("a/p"), nodo="nord"),
        cifra("sud", {"pubblicata": True}, nodo="sud", pubblicato=2.5),
    )
    tutti = prima_cifra(schede, un_piano)
    assert (tutti.valore, tutti.addendi) == (5.5, ())
    assert tutti.aritmetica == "3 + 2,5 = 5,5"


@pytest.mark.parametrize(
    ("valore", "approssimazione", "campi", "esito", "frase"),
    [
        (10, None, {"pubblicato": 10}, "esatto", ""),
        (10, "circa", {"pubblicato": 10}, "esatto", ""),
        (10, "oltre", {"pubblicato": 10}, "compatibile", "lo raggiunge già il minimo"),
        (10, "oltre", {"pubblicato": 11}, "compatibile", "manca 1."),
        (10, "oltre", {"pubblicato": 9}, "non-ricalcolabile", "9, non si rifà dalle schede"),
        (10, "circa", {"pubblicato": 11}, "non-ricalcolabile", "non si rifà dalle schede"),
        (10, None, {"derivato": 10}, "derivato", "Coincide con 10"),
        (10, "oltre", {"derivato": 1200}, "compatibile", "mancano 1.190."),
        (10, None, {"derivato": 12}, "non-ricalcolabile", "Non coincide con 12"),
        (10, None, {}, "derivato", "Non era stampato: lo danno le schede."),
        (None, None, {"pubblicato": 10}, "non-ricalcolabile", "non si rifà dalle schede"),
        (None, None, {}, "non-ricalcolabile", ""),
    ],
)
def test_l_esito_segue_dal_confronto(valore, approssimazione, campi, esito, frase):
    schede = [
        scheda(
            "a",
            conteggi=[conteggio("p", "individui", valore, approssimazione=approssimazione)],
        )
    ]
    trovata = prima_cifra(schede, piano(cifra("c", addendi("a/p"), **campi)))
    assert trovata.esito == esito
    assert frase in trovata.nota


@pytest.mark.parametrize(
    ("ipotesi", "esito"),
    [
        ({"addendi": [{"scheda": "a", "conteggio": "q"}]}, "esatto-ambiguo"),
        ({"addendi": [{"scheda": "a", "conteggio": "p"}]}, "esatto"),
        ({"addendi": [{"scheda": "a", "conteggio": "r"}]}, "esatto"),
        ({"somma": 10}, "esatto-ambiguo"),
        ({"somma": 11}, "esatto"),
    ],
    ids=["altri addendi", "gli stessi", "un minimo", "somma annotata", "somma diversa"],
)
def test_un_altra_via_allo_stesso_numero_lo_rende_ambiguo(ipotesi, esito):
    conteggi = [
        conteggio("p", "individui", 10),
        conteggio("q", "individui", 10),
        conteggio("r", "individui", 10, approssimazione="oltre"),
    ]
    un_piano = piano(
        cifra("c", addendi("a/p"), pubblicato=10, ipotesi=[{"id": "altra"} | ipotesi])
    )
    trovata = prima_cifra([scheda("a", conteggi=conteggi)], un_piano)
    assert trovata.esito == esito
    assert ("«altra»" in trovata.nota) == (esito == "esatto-ambiguo")


def test_la_copertura_conta_le_schede_chieste_e_quelle_che_rispondono():
    schede = [
        scheda("a", "nord", [conteggio("p", "individui", 3)]),
        scheda("b", "nord", [conteggio("p", "individui", None)]),
        scheda("c", "nord"),
        scheda("d", "sud", [conteggio("p", "individui", 9)]),
    ]
    nord, tutti = calcola(
        schede,
        piano(
            cifra("nord", {"regola": "solo-individui"}, nodo="nord"),
            cifra("tutti", {"regola": "solo-individui"}),
        ),
        NODI,
    ).cifre
    assert (nord.rispondenti, nord.interrogate) == (1, 3)
    assert (tutti.rispondenti, tutti.interrogate) == (2, 4)


def test_una_regola_puo_contare_in_modo_diverso_nei_nodi_e_nelle_schede_senza_nodo():
    schede = [
        scheda("a", "nord", NUCLEI_CON_PERSONE),
        scheda("b", "sud", NUCLEI_CON_PERSONE),
        scheda("c", None, NUCLEI_CON_PERSONE),
    ]
    regola = {
        "id": "mista",
        "descrizione": "Mista.",
        "per_nodo": {"nord": "nucleo-sempre-unita", "*": "solo-individui"},
        "confronto": "tutti",
        "scelta": True,
    }
    un_piano = piano(cifra("tutti", {"regola": "mista"}, pubblicato=80), regole=[regola])
    calcolo = calcola(schede, un_piano, NODI)
    (mista,) = calcolo.regole
    assert {v.nodo: v.valore for v in mista.valori} == {"nord": 14, "sud": 35}
    assert (mista.totale, mista.pubblicato, mista.scarto, mista.scelta) == (84, 80, 4, True)
    assert calcolo.cifre[0].aritmetica == "14 + 35 + 35 = 84"


def test_due_parti_che_potrebbero_sovrapporsi_si_sommano_ma_lo_si_dice():
    conteggi = [
        conteggio("utenti", "individui", 100),
        conteggio("formati", "individui", 20, parte_di="utenti"),
        conteggio("assunti", "individui", 5, parte_di="utenti"),
    ]
    trovata = prima_cifra(
        [scheda("a", conteggi=conteggi)], piano(cifra("c", addendi("a/formati", "a/assunti")))
    )
    assert trovata.valore == 25
    assert "«formati» e «assunti» (A) sono parti dello stesso intero" in trovata.nota


@pytest.mark.parametrize(
    ("nomi", "motivo"),
    [
        (("a/adulti", "a/adulti"), "entra due volte"),
        (("a/adulti", "a/donne"), "è una parte di «adulti»"),
        (("a/nuclei", "a/adulti"), "sono le persone di «nuclei»"),
        (("a/affido", "a/donne"), "sono le persone di «affido»"),
        (("a/adulti", "a/uomini"), "viste diverse degli stessi fatti"),
        (("a/ovada", "a/giovani"), "viste diverse degli stessi fatti"),
        (("a/mattina", "a/centro"), "viste diverse degli stessi fatti"),
    ],
    ids=[
        "doppio",
        "parte",
        "persone",
        "persone e parte",
        "viste",
        "viste di un intero",
        "viste sole",
    ],
)
def test_una_somma_che_conta_due_volte_e_rifiutata(nomi, motivo):
    conteggi = [
        conteggio("nuclei", "nuclei", 14),
        conteggio("affido", "nuclei", 2, parte_di="nuclei"),
        conteggio("adulti", "individui", 9, composizione_di="nuclei", ripartizione="eta"),
        conteggio("donne", "individui", 5, parte_di="adulti"),
        conteggio("uomini", "individui", 5, composizione_di="nuclei", ripartizione="genere"),
        conteggio("utenti", "individui", 50),
        conteggio("ovada", "individui", 20, parte_di="utenti", ripartizione="sede"),
        conteggio("giovani", "individui", 30, parte_di="utenti", ripartizione="eta"),
        conteggio("mattina", "individui", 8, ripartizione="orario"),
        conteggio("centro", "individui", 8, ripartizione="luogo"),
    ]
    with pytest.raises(PianoErrato, match=motivo):
        prima_cifra([scheda("a", conteggi=conteggi)], piano(cifra("c", addendi(*nomi))))


def test_i_drop_out_silenziosi_nulli_o_zero_non_ci_sono():
    schede = [
        scheda("tace"),
        scheda("nessuno", uscite=[UscitaContenuto("usciti", "individui", 0)]),
        scheda("vago", uscite=[UscitaContenuto("usciti", "individui", None)]),
        scheda("nuclei", uscite=[UscitaContenuto("famiglie", "nuclei", 2)]),
        scheda(
            "persone",
            uscite=[
                UscitaContenuto("al corso", "individui", 3),
                UscitaContenuto("dopo", "individui", None),
            ],
        ),
    ]
    trovati = drop_out_delle_schede(schede)
    assert [(d.ente_slug, d.individui, d.nuclei) for d in trovati] == [
        ("persone", 3, 0),
        ("nuclei", 0, 2),
    ]
    assert trovati[0].ente == "Persone"


def test_un_conto_troppo_lungo_da_scrivere_dice_quanti_sono_i_conteggi():
    conteggi = [conteggio(f"c{i}", "individui", 1000) for i in range(80)]
    trovata = prima_cifra(
        [scheda("a", conteggi=conteggi)], piano(cifra("c", {"regola": "solo-individui"}))
    )
    assert trovata.aritmetica == "somma di 80 conteggi = 80.000"
