"""Le parti delle copie: somme, confronti, chiavi, quali copie si tengono."""

import stat
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from registro.servizi.errori import ErroreServizi
from registro.servizi.salvataggio import assetto, somme
from registro.servizi.salvataggio.__main__ import _prossima
from registro.servizi.salvataggio.busta import crea_chiave, destinatari, leggi_chiave
from registro.servizi.salvataggio.forma_sql import forma_normale
from registro.servizi.salvataggio.tenuta import (
    MESI,
    NOTTI,
    butta_le_vecchie,
    copie,
    da_tenere,
    nome_della_copia,
)


def _somma(*righe: bytes) -> dict:
    somma = somme.Somma()
    for riga in righe:
        somma.aggiungi(riga)
    return somma.voce()


def test_la_somma_non_guarda_l_ordine_ma_ogni_riga_conta():
    prima = _somma(b"1\tuno\n", b"2\tdue\n")

    assert _somma(b"2\tdue\n", b"1\tuno\n") == prima
    for diversa in (
        _somma(b"1\tuno\n", b"2\tDue\n"),
        _somma(b"1\tuno\n", b"1\tuno\n"),
        _somma(b"1\tuno\n2\tdue\n"),
    ):
        assert diversa != prima


def test_dal_testo_di_una_copia_si_contano_solo_le_righe():
    testo = [
        b"COPY public.a (id, testo) FROM stdin;\n",
        b"1\tCOPY public.b (id) FROM stdin;\n",
        b"\\\\.\n",
        b"\\.\n",
        b"SELECT pg_catalog.setval('public.a_id_seq', 2, true);\n",
        b'COPY "Schema"."Due parole" ("Id") FROM stdin;\n',
        b"\\.\n",
    ]

    trovate = somme.somme_di_un_testo(testo)

    assert {nome: voce["righe"] for nome, voce in trovate.items()} == {
        "public.a": 2,
        '"Schema"."Due parole"': 0,
    }


def test_ogni_differenza_ha_un_nome():
    atteso = {"a": _somma(b"1\n"), "b": _somma(b"1\n"), "c": _somma(), "d": _somma(b"1\n")}
    trovato = {"a": _somma(b"1\n"), "b": _somma(b"2\n"), "d": _somma(), "e": _somma()}

    assert somme.differenze(atteso, trovato) == [
        "b: le 1 righe non hanno lo stesso contenuto",
        "c: manca",
        "d: 0 righe invece di 1",
        "e: non doveva esserci",
    ]
    assert assetto.differenze({"policy x": "1", "ruolo y": "1"}, {"policy x": "2"}) == [
        "ruolo y: manca",
        "policy x: è diversa",
    ]


@pytest.mark.parametrize(
    ("salvata", "riletta"),
    [
        (
            "(ruolo)::text = ANY ((ARRAY['a'::character varying, 'b''c'::character varying])::text[])",
            "(ruolo)::text = ANY (ARRAY[('a'::character varying)::text, ('b''c'::character varying)::text])",
        ),
        ("WHEN ((((a) OR (b)) OR (c)))", "WHEN (((a) OR (b) OR (c)))"),
        ("CHECK ((((a) AND (b)) AND (c)))", "CHECK (((a) AND (b) AND (c)))"),
    ],
)
def test_la_stessa_condizione_scritta_in_due_modi_e_una(salvata, riletta):
    assert forma_normale(salvata) == forma_normale(riletta)


@pytest.mark.parametrize(
    ("una", "altra"),
    [
        ("((a) OR (b)) AND (c)", "(a) OR ((b) AND (c))"),
        ("(NOT (a)) OR (b)", "NOT ((a) OR (b))"),
        ("f((a) OR (b))", "f(a) OR (b)"),
        ("(x = '(a) OR (b)')", "(x = '((a) OR (b))')"),
        ("(a = 1)", "(a = 2)"),
        ("ANY (ARRAY['a'::text])", "ANY (ARRAY['b'::text])"),
    ],
)
def test_due_condizioni_diverse_restano_diverse(una, altra):
    assert forma_normale(una) != forma_normale(altra)


def test_di_anni_di_copie_restano_quattordici_notti_e_dodici_mesi():
    adesso = datetime(2026, 11, 23, 2, tzinfo=UTC)
    istanti = [adesso - timedelta(days=n) for n in range(800)]

    tenute = da_tenere(istanti, adesso)

    assert {adesso - timedelta(days=n) for n in range(NOTTI)} <= tenute
    dei_mesi = tenute - {adesso - timedelta(days=n) for n in range(NOTTI)}
    assert len(dei_mesi) == MESI
    assert {istante.day for istante in dei_mesi} == {1}
    assert min(tenute) == datetime(2025, 12, 1, 2, tzinfo=UTC)


def test_dopo_mesi_senza_copie_le_ultime_notti_restano():
    adesso = datetime(2026, 11, 23, 2, tzinfo=UTC)
    vecchie = [adesso - timedelta(days=90 + n) for n in range(20)]

    tenute = da_tenere([*vecchie, adesso], adesso)

    assert {adesso, *vecchie[: NOTTI - 1]} <= tenute


def test_si_buttano_solo_copie_nostre(tmp_path):
    adesso = datetime(2026, 11, 23, 2, tzinfo=UTC)
    for n in range(30):
        (tmp_path / nome_della_copia(adesso - timedelta(days=n))).touch()
    altri = {tmp_path / "registro-appunti.age", tmp_path / "chiave", tmp_path / ".serratura"}
    for altro in altri:
        altro.touch()

    butta_le_vecchie(tmp_path, adesso)

    assert altri <= set(tmp_path.iterdir())
    # La prima di ottobre che c'è e la prima di novembre.
    assert len(copie(tmp_path)) == NOTTI + 2


def test_la_chiave_nasce_chiusa_e_non_si_sovrascrive(tmp_path):
    percorso = tmp_path / "chiave"

    pubblica = crea_chiave(percorso)

    assert stat.S_IMODE(percorso.stat().st_mode) == 0o400
    assert str(leggi_chiave(percorso).to_public()) == pubblica
    assert str(destinatari(f"{pubblica}, {pubblica}")[1]) == pubblica
    with pytest.raises(ErroreServizi, match="esiste già"):
        crea_chiave(percorso)


def test_una_chiave_che_altri_leggono_si_rifiuta(tmp_path):
    percorso = tmp_path / "chiave"
    crea_chiave(percorso)
    percorso.chmod(0o444)

    with pytest.raises(ErroreServizi, match="chmod 0400"):
        leggi_chiave(percorso)


@pytest.mark.parametrize("testo", ["", "AGE-SECRET-KEY-1PIPPO", "# solo un commento"])
def test_una_chiave_sbagliata_non_finisce_nel_messaggio(tmp_path, testo):
    percorso = tmp_path / "chiave"
    percorso.write_text(testo)
    percorso.chmod(0o400)

    with pytest.raises(ErroreServizi) as rifiuto:
        leggi_chiave(percorso)

    assert "PIPPO" not in str(rifiuto.value)
    assert rifiuto.value.__cause__ is None


@pytest.mark.parametrize("testo", ["", "age1pippo", "AGE-SECRET-KEY-1X"])
def test_senza_una_chiave_pubblica_non_si_fanno_copie(testo):
    with pytest.raises(ErroreServizi, match="REGISTRO_SALVATAGGIO_DESTINATARI"):
        destinatari(testo)


def test_la_prossima_notte_anche_quando_cambia_l_ora():
    roma = ZoneInfo("Europe/Rome")
    prima, dopo = datetime(2026, 3, 28, 1, tzinfo=roma), datetime(2026, 3, 28, 3, tzinfo=roma)

    assert _prossima("02:00", prima) == datetime(2026, 3, 28, 2, tzinfo=roma)
    assert _prossima("02:00", dopo) == datetime(2026, 3, 29, 2, tzinfo=roma)
    with pytest.raises(ErroreServizi, match="02:00"):
        _prossima("le due", dopo)
