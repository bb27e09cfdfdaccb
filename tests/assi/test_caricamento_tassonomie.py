"""I vocabolari entrano interi o non entrano, e le loro voci non spariscono mai."""

import shutil
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from assi.caricamento import carica_tassonomie
from assi.models import (
    Asse,
    Bisogno,
    Condizione,
    TipoDiChiusura,
    TipoDiEsito,
    UnitaDiMisura,
    VoceNomenclatura,
)
from registro.comune.tassonomie import CARTELLA, TassonomiaErrata


pytestmark = pytest.mark.django_db

BISOGNI = "bisogni/bisogni.csv"
SALUTE = "bisogni/disabilita_salute_flag.csv"
VULNERABILITA = "bisogni/vulnerabilita.csv"
CHIUSURE = "valutazione/chiusura_caso.csv"
NOMENCLATURA = "servizi/nomenclatura_rts.csv"
UNITA = "servizi/unita_misura.csv"
ESITI = "valutazione/esiti.csv"
VOCABOLARI = (
    Bisogno,
    Condizione,
    TipoDiChiusura,
    UnitaDiMisura,
    VoceNomenclatura,
    TipoDiEsito,
)


@pytest.fixture
def cartella(tmp_path) -> Path:
    copia = tmp_path / "tassonomie"
    shutil.copytree(CARTELLA, copia)
    return copia


def cambia(cartella: Path, file: str, prima: str, dopo: str) -> None:
    testo = (cartella / file).read_text(encoding="utf-8")
    assert prima in testo
    (cartella / file).write_text(testo.replace(prima, dopo, 1), encoding="utf-8")


def quante() -> tuple[int, ...]:
    return tuple(modello.objects.count() for modello in VOCABOLARI)


def test_carica_tutte_le_voci_e_la_seconda_volta_nessuna():
    prima = carica_tassonomie()
    dopo = carica_tassonomie()

    assert quante() == (50, 40, 9, 19, 104, 53)
    assert prima.nuove == 275
    assert (dopo.nuove, dopo.corrette, dopo.chiuse) == (0, 0, 0)


def test_un_bisogno_trova_il_suo_asse_quando_la_rete_lo_ha():
    senza = carica_tassonomie()
    casa = Asse.objects.create(slug="housing", denominazione="Casa")
    con = carica_tassonomie()

    assert "housing" in senza.assi_assenti
    assert "housing" not in con.assi_assenti
    assert Bisogno.objects.filter(asse=casa).count() == 12
    assert VoceNomenclatura.objects.filter(asse=casa).count() == 24
    assert Bisogno.objects.get(codice="H04").asse == casa
    assert Bisogno.objects.get(codice="H04").servizi_tipici == ["ABI.03", "ABI.10"]
    assert Bisogno.objects.get(codice="L01").asse is None


def test_caricare_il_quadrante_porta_anche_i_vocabolari(quadrante):
    assert Bisogno.objects.filter(asse__slug="lavoro").count() == 12
    assert Bisogno.objects.filter(asse=None).count() == 0


@pytest.mark.parametrize(
    ("codice", "particolare", "valori"),
    [
        ("V01", False, ["si", "no", "non-dichiara"]),
        ("V08", True, ["si", "no", "non-dichiara"]),
        ("V11", True, ["si", "no", "non-dichiara"]),
        ("V07", True, ["si", "no", "non-dichiara"]),
        ("L104", True, ["no", "c.1", "c.3", "non-dichiara"]),
        ("INV", True, ["no", "34-66", "67-73", "74-99", "100", "100+acc", "non-dichiara"]),
    ],
)
def test_una_condizione_dice_se_e_particolare_e_che_risposte_ammette(codice, particolare, valori):
    carica_tassonomie()

    condizione = Condizione.objects.get(codice=codice)

    assert condizione.particolare is particolare
    assert condizione.valori == valori


def test_idem_vale_come_la_riga_sopra():
    carica_tassonomie()

    delle_dipendenze = Condizione.objects.get(codice="DIP").riferimento

    assert delle_dipendenze
    assert Condizione.objects.get(codice="CSM").riferimento == delle_dipendenze


def test_una_chiusura_distingue_uscita_e_abbandono():
    carica_tassonomie()

    lette = {
        tipo.codice: (tipo.uscita_fse, tipo.abbandono) for tipo in TipoDiChiusura.objects.all()
    }

    assert lette["OBI"] == (True, False)
    assert lette["RIN"] == (True, True)
    assert lette["DUP"] == (False, False)


def test_una_voce_della_nomenclatura_tiene_tutto_cio_che_il_file_ne_dice(quadrante):
    voce = VoceNomenclatura.objects.get(codice="ABI.14")

    assert voce.asse.slug == "housing"
    assert [asse.slug for asse in voce.assi_secondari.all()] == ["lavoro"]
    assert (voce.macroarea, voce.siuss, voce.l328, voce.leps) == ("E", ["A3.02"], ["2a"], [])
    assert (voce.unita.codice, voce.durata, voce.a_chi) == ("notte", "continuativa", ["nucleo"])
    assert voce.isee_rilevante is False
    assert VoceNomenclatura.objects.get(codice="EDU.09").isee_rilevante is True
    assert VoceNomenclatura.objects.get(codice="ACC.01").welfare == ["familycare"]


def test_solo_ore_ed_euro_si_contano_a_pezzi():
    carica_tassonomie()

    a_pezzi = UnitaDiMisura.objects.filter(decimali=True).values_list("codice", flat=True)

    assert set(a_pezzi) == {"ora", "euro"}


def test_un_esito_dice_se_e_un_passo_avanti_e_che_cosa_alimenta():
    carica_tassonomie()

    lette = {
        tipo.codice: (tipo.segno, tipo.verifica, tipo.indicatori)
        for tipo in TipoDiEsito.objects.filter(codice__in=["H_PR_RISP", "H_SFR_ESE", "T_RIN"])
    }

    assert lette == {
        "H_PR_RISP": ("+", "rate pagate/scadute >= 80%", "H02"),
        "H_SFR_ESE": ("-", "atto", ""),
        "T_RIN": ("0", "", ""),
    }


def test_gli_assi_secondari_seguono_il_file(cartella):
    for slug in ("lavoro", "housing", "poverta-educative", "trasversale"):
        Asse.objects.create(slug=slug, denominazione=slug)
    carica_tassonomie(cartella)
    cambia(cartella, NOMENCLATURA, "2a|4e,,H,,,", "2a|4e,,H,L|T,,")
    cambia(cartella, NOMENCLATURA, ",T,H|L|E,imprese,individuale", ",T,H,imprese,individuale")

    esito = carica_tassonomie(cartella)

    def secondari(codice):
        voce = VoceNomenclatura.objects.get(codice=codice)
        return {asse.slug for asse in voce.assi_secondari.all()}

    assert secondari("ABI.09") == {"lavoro", "trasversale"}
    assert secondari("ACC.08") == {"housing"}
    assert (esito.nuove, esito.corrette, esito.chiuse) == (0, 2, 0)


def test_una_voce_tolta_dal_file_si_chiude_e_se_torna_si_riapre(cartella):
    carica_tassonomie(cartella)
    originale = (cartella / CHIUSURE).read_text(encoding="utf-8")
    cambia(cartella, CHIUSURE, "DEC,Decesso,si,proposta_progetto\n", "")
    oggi = timezone.localdate()

    tolta = carica_tassonomie(cartella)

    decesso = TipoDiChiusura.objects.get(codice="DEC")
    assert tolta.chiuse == 1
    assert decesso.al == oggi
    assert decesso in TipoDiChiusura.objects.in_uso(oggi)
    assert decesso not in TipoDiChiusura.objects.in_uso(oggi + timedelta(days=1))
    assert carica_tassonomie(cartella).chiuse == 0

    (cartella / CHIUSURE).write_text(originale, encoding="utf-8")
    carica_tassonomie(cartella)

    assert TipoDiChiusura.objects.get(codice="DEC").al is None


def test_in_uso_guarda_gli_estremi():
    carica_tassonomie()
    Bisogno.objects.filter(codice="H01").update(dal=date(2024, 3, 1), al=date(2024, 3, 31))

    for giorno, attesa in [
        (date(2024, 2, 29), False),
        (date(2024, 3, 1), True),
        (date(2024, 3, 31), True),
        (date(2024, 4, 1), False),
    ]:
        assert Bisogno.objects.in_uso(giorno).filter(codice="H01").exists() is attesa, giorno


RIFIUTI = {
    "colonna sconosciuta": (
        BISOGNI,
        "servizi_tipici,stato",
        "servizi_tipici,stato,colore",
        "bisogni.csv, riga 1: colonna sconosciuta «colore»",
    ),
    "colonna che manca": (
        CHIUSURE,
        "codice,nome,fse_uscita,stato",
        "codice,nome,stato",
        "chiusura_caso.csv, riga 1: manca la colonna «fse_uscita»",
    ),
    "colonne scambiate": (
        CHIUSURE,
        "codice,nome,fse_uscita",
        "nome,codice,fse_uscita",
        "chiusura_caso.csv, riga 1: le colonne vanno in quest'ordine: codice, nome, fse_uscita,"
        " stato",
    ),
    "codice ripetuto": (
        BISOGNI,
        "H02,",
        "H01,",
        "bisogni.csv, riga 3: il codice «H01» c'è già alla riga 2",
    ),
    "codice di un altro file": (
        SALUTE,
        "DISAB,",
        "V05,",
        "disabilita_salute_flag.csv, riga 2: il codice «V05» è già di un altro file",
    ),
    "codice che manca": (BISOGNI, "H02,", ",", "bisogni.csv, riga 3: manca il codice"),
    "cella in meno": (
        CHIUSURE,
        "DEC,Decesso,si,",
        "DEC,Decesso,",
        "chiusura_caso.csv, riga 9: ha 3 celle invece di 4",
    ),
    "asse senza lettera": (
        BISOGNI,
        "Trovare un alloggio,H",
        "Trovare un alloggio,Q",
        "bisogni.csv, riga 2: asse: valore sconosciuto «Q»: si scrive uno fra L, H, E, T",
    ),
    "uscita di un altro elenco": (
        CHIUSURE,
        "Decesso,si",
        "Decesso,forse",
        "chiusura_caso.csv, riga 9: fse_uscita: valore sconosciuto «forse»: si scrive uno fra si,"
        " si (abbandono), no",
    ),
    "servizio tipico che non c'è": (
        BISOGNI,
        "ABI.03|ABI.10",
        "ABI.03|ABI.99",
        "bisogni.csv, riga 5: servizi_tipici: valore sconosciuto «ABI.99»: si scrive uno fra ",
    ),
    "unità che non c'è": (
        NOMENCLATURA,
        "individuale,notte,",
        "individuale,nottata,",
        "nomenclatura_rts.csv, riga 31: unita_misura: valore sconosciuto «nottata»: si scrive uno"
        " fra ora, ",
    ),
    "unità che non si somma": (
        UNITA,
        "ora,Ore,si",
        "ora,Ore,no",
        "unita_misura.csv, riga 2: somma_possibile: valore sconosciuto «no»: si scrive uno fra si",
    ),
    "asse secondario senza lettera": (
        NOMENCLATURA,
        ",T,H|L|E,imprese,individuale|gruppo",
        ",T,H|Q,imprese,individuale|gruppo",
        "nomenclatura_rts.csv, riga 9: assi_secondari: valore sconosciuto «Q»: si scrive uno fra"
        " L, H, E, T",
    ),
    "servizio per nessuno": (
        NOMENCLATURA,
        "H,,,individuale,notte",
        "H,,,,notte",
        "nomenclatura_rts.csv, riga 31: a_chi: Questo campo non può essere vuoto.",
    ),
    "polarità di un altro elenco": (
        ESITI,
        "Sfratto eseguito,-",
        "Sfratto eseguito,--",
        "esiti.csv, riga 7: polarita: valore sconosciuto «--»: si scrive uno fra +, 0, -",
    ),
    "nome troppo lungo": (
        BISOGNI,
        "Trovare un alloggio",
        "a" * 201,
        "bisogni.csv, riga 2: nome: Assicurati che questo valore non contenga più di 200 caratteri"
        " (ne ha 201).",
    ),
    "nome che manca": (
        VULNERABILITA,
        "Care leaver",
        "",
        "vulnerabilita.csv, riga 22: nome: Questo campo non può essere vuoto.",
    ),
}


@pytest.mark.parametrize(("file", "prima", "dopo", "frase"), RIFIUTI.values(), ids=RIFIUTI)
def test_un_file_sbagliato_si_rifiuta_intero(cartella, file, prima, dopo, frase):
    cambia(cartella, file, prima, dopo)

    with pytest.raises(CommandError) as errore:
        call_command("carica_tassonomie", str(cartella))

    *righe, chiusa = str(errore.value).splitlines()
    assert any(riga.startswith(frase) for riga in righe)
    assert "non è stato scritto nulla" in chiusa
    assert not any(quante())


@pytest.mark.parametrize(
    ("guasta", "frase"),
    [
        (lambda file: file.unlink(), "chiusura_caso.csv: il file non c'è"),
        (lambda file: file.write_bytes(b"codice,nome\xff"), "il testo non è in UTF-8"),
        (lambda file: file.write_text("codice,nome,fse_uscita,stato\n"), "non ha voci"),
        (
            lambda file: file.write_text('codice,nome,fse_uscita,stato\nA,"b,si,x\n'),
            "non è un CSV leggibile",
        ),
    ],
)
def test_un_file_illeggibile_dice_perche(cartella, guasta, frase):
    guasta(cartella / CHIUSURE)

    with pytest.raises(TassonomiaErrata, match=frase):
        carica_tassonomie(cartella)

    assert not any(quante())


def test_i_problemi_escono_tutti_insieme(cartella):
    cambia(cartella, BISOGNI, "Trovare un alloggio,H", "Trovare un alloggio,Q")
    cambia(cartella, CHIUSURE, "Decesso,si", "Decesso,forse")

    with pytest.raises(TassonomiaErrata) as errore:
        carica_tassonomie(cartella)

    assert len(errore.value.problemi) == 2


def test_il_comando_racconta_che_cosa_ha_fatto():
    uscita = StringIO()

    call_command("carica_tassonomie", stdout=uscita)
    call_command("carica_tassonomie", stdout=uscita)

    assert "Voci nuove: 275" in uscita.getvalue()
    assert "Già caricati: nulla è cambiato." in uscita.getvalue()
    assert "senza asse" in uscita.getvalue()


@pytest.mark.parametrize("modello", VOCABOLARI)
def test_una_voce_non_si_cancella(modello):
    carica_tassonomie()

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        modello.objects.all()._raw_delete(using="default")

    assert modello.objects.exists()


def test_il_database_rifiuta_una_condizione_di_salute_non_protetta():
    carica_tassonomie()

    with pytest.raises(IntegrityError, match="condizione_di_salute_particolare"):
        Condizione.objects.filter(codice="DIP").update(particolare=False)


def test_il_database_rifiuta_una_voce_che_finisce_prima_di_cominciare():
    carica_tassonomie()

    with pytest.raises(IntegrityError, match="bisogno_date_in_ordine"):
        Bisogno.objects.filter(codice="H01").update(dal=date(2024, 2, 1), al=date(2024, 1, 1))
