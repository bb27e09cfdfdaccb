"""I codici di persona: i casi scritti nei dati, e poi quanti se ne possono inventare."""

from datetime import date
from itertools import combinations

import pytest
import yaml
from hypothesis import given, strategies as st
from stdnum.it import codicefiscale

from beneficiari.codici import (
    FORME_NORMALI,
    POSIZIONI_CIFRE,
    CodiceErrato,
    controlla_cf,
    controlla_eni,
    controlla_provvisorio,
    controlla_stp,
    dati_del_cf,
    forma_normale_cf,
    incongruenze,
    lettere_del_cognome,
    lettere_del_nome,
)
from registro.comune.tassonomie import CARTELLA


REGOLE = yaml.safe_load((CARTELLA / "persone" / "codice_fiscale.yaml").read_text(encoding="utf-8"))
VETTORI_CF = [v for v in REGOLE["vettori"] if "cf" in v]
VETTORI_PROVVISORI = [v for v in REGOLE["vettori"] if "num" in v]
OMOCODIA = REGOLE["omocodia"]["sostituzione"]

CF = "RSSMRA80A01A182N"
DONNA = "BNCNNA55T71A479X"
LETTERE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SEGNI = LETTERE + "0123456789"


def con_controllo(corpo: str) -> str:
    return corpo + codicefiscale.calc_check_digit(corpo)


def errore(controllo, codice: str) -> CodiceErrato:
    with pytest.raises(CodiceErrato) as preso:
        controllo(codice)
    return preso.value


@st.composite
def codici_fiscali(disegna) -> str:
    tre = st.text(LETTERE, min_size=3, max_size=3)
    giorno = disegna(st.integers(1, 28)) + disegna(st.sampled_from([0, 40]))
    return con_controllo(
        f"{disegna(tre)}{disegna(tre)}{disegna(st.integers(0, 99)):02d}"
        f"{disegna(st.sampled_from('ABCDEHLMPRST'))}{giorno:02d}"
        f"{disegna(st.sampled_from(LETTERE))}{disegna(st.integers(0, 999)):03d}"
    )


def omocodo(cf: str, posizioni) -> str:
    corpo = [
        OMOCODIA[segno] if posizione in posizioni else segno
        for posizione, segno in enumerate(cf[:15], start=1)
    ]
    return con_controllo("".join(corpo))


@pytest.mark.parametrize("vettore", VETTORI_CF, ids=lambda v: v["cf"])
def test_i_casi_scritti_nei_dati(vettore):
    if not vettore["valido"]:
        assert errore(controlla_cf, vettore["cf"]).posizione == 16
        return

    dati = dati_del_cf(vettore["cf"])

    assert controlla_cf(vettore["cf"]) == vettore["cf"]
    assert dati.luogo == vettore.get("luogo", dati.luogo)
    assert dati.sesso == vettore.get("sesso", dati.sesso)
    if nascita := vettore.get("nascita"):
        assert (dati.giorno, dati.mese, dati.anno) == (
            nascita.day,
            nascita.month,
            nascita.year % 100,
        )


@pytest.mark.parametrize("vettore", VETTORI_PROVVISORI, ids=lambda v: v["num"])
def test_i_casi_dei_codici_provvisori(vettore):
    if vettore["valido"] is False:
        assert errore(controlla_provvisorio, vettore["num"]).posizione == 1
    else:
        assert controlla_provvisorio(vettore["num"]) == vettore["num"]


def test_gli_omocodi_dei_dati_sono_della_stessa_forma():
    omocodi = [v["cf"] for v in VETTORI_CF if "omocod" in v.get("nota", "")]

    assert len(omocodi) == 3
    assert {forma_normale_cf(cf) for cf in omocodi} == {CF}


@given(codici_fiscali())
def test_ogni_insieme_di_omocodie_torna_alla_stessa_forma(cf):
    insiemi = [
        scelte
        for quante in range(len(POSIZIONI_CIFRE) + 1)
        for scelte in combinations(POSIZIONI_CIFRE, quante)
    ]
    omocodi = {omocodo(cf, posizioni) for posizioni in insiemi}

    assert len(omocodi) == len(insiemi) == REGOLE["omocodia"]["combinazioni"]
    assert {forma_normale_cf(codice) for codice in omocodi} == {cf}
    assert {dati_del_cf(codice) for codice in omocodi} == {dati_del_cf(cf)}


@given(codici_fiscali(), st.sets(st.sampled_from(POSIZIONI_CIFRE)), st.data())
def test_cambiare_un_carattere_solo_si_vede_sempre(cf, posizioni, data):
    cf = omocodo(cf, posizioni)
    posto = data.draw(st.integers(0, 15))
    altro = data.draw(st.sampled_from([segno for segno in SEGNI if segno != cf[posto]]))

    with pytest.raises(CodiceErrato):
        controlla_cf(cf[:posto] + altro + cf[posto + 1 :])


@given(st.text(SEGNI, min_size=15, max_size=15).map(con_controllo) | codici_fiscali())
def test_cio_che_accettiamo_lo_accetta_anche_chi_non_siamo_noi(codice):
    try:
        accettato = controlla_cf(codice)
    except CodiceErrato:
        return
    assert codicefiscale.validate(accettato) == codice


@pytest.mark.parametrize(
    "scritto",
    [" rssmra80a01a182n ", "RSS MRA 80A01 A182N", "RSS-MRA-80A01-A182N", "ＲSSMRA80A01A182N"],
)
def test_maiuscole_spazi_e_trattini_non_contano(scritto):
    assert controlla_cf(scritto) == CF


@pytest.mark.parametrize(
    ("codice", "posizione", "frase"),
    [
        ("R1SMRA80A01A182N", 2, "Il 2° carattere, «1», dovrebbe essere una lettera. Forse è la"),
        (
            "RSSMRA80A01AX82N",
            13,
            "Il 13° carattere, «X», dovrebbe essere una cifra (o una lettera",
        ),
        ("RSSMRA8OA01A182N", 8, "L'8° carattere, «O», dovrebbe essere una cifra (o una lettera"),
        ("RSSMRA80F01A182N", 9, "dovrebbe essere la lettera di un mese: una fra A, B, C, D, E, H"),
        ("RSSMRA80A0?A182N", 11, "L'11° carattere, «?», dovrebbe essere una cifra"),
        ("RSSMRA80A01A1824", 16, "Il 16° carattere, «4», dovrebbe essere una lettera."),
        ("RSSMRA80A01A182A", 16, "L'ultima lettera non torna con le altre: ci si aspettava N."),
        (con_controllo("RSSMRA80A32A182"), 10, "il giorno 32 gennaio 80 non esiste"),
        (con_controllo("RSSMRA80A40A182"), 10, "il giorno 40 gennaio 80 non esiste"),
        (con_controllo("RSSMRA80A81A182"), 10, "il giorno 41 gennaio 80 non esiste"),
        (con_controllo("RSSMRA81B29A182"), 10, "il giorno 29 febbraio 81 non esiste"),
        ("RSSMRA80A01A182", None, "Il codice fiscale ha 16 caratteri: qui ce ne sono 15."),
        ("12345670058", None, "Undici cifre sono un codice provvisorio"),
        ("  ", None, "Il codice fiscale è vuoto."),
    ],
)
def test_un_codice_sbagliato_dice_quale_carattere(codice, posizione, frase):
    preso = errore(controlla_cf, codice)

    assert preso.posizione == posizione
    assert frase in preso.frase
    assert str(preso) == preso.frase


def test_il_29_febbraio_vale_negli_anni_bisestili():
    assert dati_del_cf(con_controllo("RSSMRA00B69A182")).giorno == 29


def test_l_errore_non_ripete_il_codice():
    assert CF[:15] not in errore(controlla_cf, CF[:15] + "A").frase


@pytest.mark.parametrize(
    ("codice", "posizione", "frase"),
    [
        ("12345670059", 11, "L'ultima cifra non torna con le altre: ci si aspettava 8."),
        ("1234567005O", 11, "dovrebbe essere una cifra. Forse è lo zero?"),
        ("00000001231", 1, "Le prime sette cifre non possono essere tutte zero."),
        ("1234567005", None, "Il codice provvisorio ha 11 cifre: qui ce ne sono 10."),
    ],
)
def test_un_provvisorio_sbagliato_dice_quale_cifra(codice, posizione, frase):
    preso = errore(controlla_provvisorio, codice)

    assert preso.posizione == posizione
    assert frase in preso.frase


@pytest.mark.parametrize(("controllo", "sigla"), [(controlla_stp, "STP"), (controlla_eni, "ENI")])
def test_stp_ed_eni_sono_una_sigla_e_tredici_cifre(controllo, sigla):
    assert controllo(f"{sigla.lower()} 0101 0012 34567") == f"{sigla}0101001234567"
    assert errore(controllo, f"{sigla}010100123456").posizione is None
    assert errore(controllo, f"{sigla}010100123456A").posizione == 16
    assert errore(controllo, "XXX0101001234567").posizione == 1
    assert f"comincia con {sigla}" in errore(controllo, "XXX0101001234567").frase


def test_ogni_tipo_di_codice_ha_la_sua_forma_normale():
    assert FORME_NORMALI["cf"]("rssmraulalmamunr") == CF
    assert FORME_NORMALI["cf-provvisorio"](" 12345670058") == "12345670058"
    assert FORME_NORMALI["stp"]("stp0101001234567") == "STP0101001234567"
    assert FORME_NORMALI["eni"]("eni0101001234567") == "ENI0101001234567"


@pytest.mark.parametrize(
    ("cognome", "nome", "lettere"),
    [
        ("Rossi", "Maria", "RSSMRA"),
        ("Fo", "Li", "FOXLIX"),
        ("D'Amico", "Giò", "DMCGIO"),
        ("Ng", "Vân", "NGXVNA"),
        ("De Rossi", "Maria Grazia", "DRSMGR"),
        ("Bianchi", "Gianfranco", "BNCGFR"),
        ("Aue", "Ia", "AUEIAX"),
        ("Müller", "Łukasz", "MLLLSZ"),
        ("Diallo", "Mamadou", "DLLMMD"),
    ],
)
def test_cognome_e_nome_danno_le_loro_lettere(cognome, nome, lettere):
    assert (lettere_del_cognome(cognome), lettere_del_nome(nome)) == (lettere[:3], lettere[3:])


@pytest.mark.parametrize("testo", ["", "  ", "Шевченко", "李"])
def test_un_altro_alfabeto_non_si_confronta(testo):
    assert lettere_del_cognome(testo) is None
    assert lettere_del_nome(testo) is None
    assert incongruenze(CF, cognome=testo, nome=testo) == []


def test_cio_che_torna_non_da_avvisi():
    assert (
        incongruenze(CF, cognome="Rossi", nome="Mara", nascita=date(1980, 1, 1), luogo="A182")
        == []
    )
    assert incongruenze(CF, cognome="Russo") == []
    assert incongruenze(DONNA, nascita=date(1955, 12, 31), luogo="a479") == []
    assert incongruenze("RSSMRAULALMAMUNR", nascita=date(1980, 1, 1)) == []


def test_il_secolo_lo_decide_la_data_scritta():
    ambiguo = "RSSMRA10A01A182U"

    assert incongruenze(ambiguo, nascita=date(1910, 1, 1)) == []
    assert incongruenze(ambiguo, nascita=date(2010, 1, 1)) == []


@pytest.mark.parametrize(
    ("scritto", "frase"),
    [
        ({"cognome": "Verdi", "nome": "Mara"}, "Il cognome darebbe VRD"),
        ({"cognome": "Rossi", "nome": "Luca"}, "Il nome darebbe LCU"),
        ({"cognome": "Mara", "nome": "Rossi"}, "potrebbero essere scambiati"),
        ({"nascita": date(1980, 1, 2)}, "è il 1º gennaio dell'anno che finisce con 80; qui c'è"),
        ({"nascita": date(1980, 1, 2)}, "Vale la data scritta"),
        ({"luogo": "Z329"}, "è Alessandria (AL) (A182); qui c'è scritto Mali (Z329)."),
        ({"luogo": "H501"}, "qui c'è scritto quello col codice H501."),
    ],
)
def test_una_differenza_e_un_avviso(scritto, frase):
    (avviso,) = incongruenze(CF, **scritto)

    assert frase in avviso


def test_piu_differenze_danno_piu_avvisi():
    avvisi = incongruenze(CF, cognome="Verdi", nome="Luca", nascita=date(1970, 5, 5), luogo="Z329")

    assert len(avvisi) == 4


def test_un_codice_sbagliato_non_si_confronta():
    with pytest.raises(CodiceErrato):
        incongruenze("RSSMRA80A01A182A", cognome="Rossi")
