"""Il PDF del rapporto: accessibile, sempre uguale a sé stesso, con tutte le sue cifre."""

import io
from dataclasses import replace
from datetime import timedelta

import outloud
import pdfua
import pytest
from pypdf import PdfReader

from report.capitoli import componi
from report.contenuto import BlocchiContenuto, VoceContenuto
from report.documenti import html_del_rapporto, pdf_del_rapporto
from tests.report.fabbrica_contenuto import contenuto_quadrante
from tests.stampa_di_prova import CARICHI, CREATO, allegati, senza_spazi, server_in_ascolto


@pytest.fixture
def ascoltatore():
    """Un server locale che segna chi bussa."""
    with server_in_ascolto() as ascolto:
        yield ascolto


@pytest.fixture(scope="module")
def contenuto():
    """L'edizione vera del quadrante."""
    return contenuto_quadrante()


@pytest.fixture(scope="module")
def stampato(contenuto):
    """Il PDF intero, fatto una volta."""
    return pdf_del_rapporto(contenuto)


@pytest.fixture(scope="module")
def lettore(stampato):
    """Lo stesso, aperto."""
    return PdfReader(io.BytesIO(stampato.contenuto))


@pytest.fixture(scope="module")
def pagine(lettore):
    """Le parole di ogni pagina."""
    return [pagina.extract_text() for pagina in lettore.pages]


@pytest.fixture(scope="module")
def testo(pagine):
    """Tutte le parole del PDF, senza spazi: fra un riquadro e l'altro non sono scritti."""
    return senza_spazi("".join(pagine))


def test_i_due_verificatori_non_trovano_errori(stampato, tmp_path):
    percorso = tmp_path / "rapporto.pdf"
    percorso.write_bytes(stampato.contenuto)

    esito = outloud.check(str(percorso))
    secondo = pdfua.validate(str(percorso))

    assert esito.error is None
    assert [rilievo for rilievo in esito.findings if rilievo.severity == "error"] == []
    assert not secondo.findings


def test_dichiara_pdf_ua_lingua_e_titolo(lettore, contenuto):
    radice = lettore.trailer["/Root"]

    assert radice["/Lang"] == "it"
    assert radice["/MarkInfo"]["/Marked"]
    assert radice["/ViewerPreferences"]["/DisplayDocTitle"]
    assert lettore.metadata.title == "Rapporto di quadrante. Quadrante AL&AT Terzo Settore"
    assert b"pdfuaid" in radice["/Metadata"].get_data()


def test_i_metadati_non_dicono_chi_ne_dove(lettore, settings):
    metadati = {nome: str(valore) for nome, valore in lettore.metadata.items()}
    metadati["xmp"] = lettore.trailer["/Root"]["/Metadata"].get_data().decode()

    for nascosto in (str(settings.CARTELLA_BASE), "root", "localhost", "127.0.0.1"):
        assert not [nome for nome, valore in metadati.items() if nascosto in valore]
    assert metadati["/CreationDate"] == "D:20261122110000Z"


def test_ogni_capitolo_ha_segnalibro_e_pagina_nell_indice(lettore, pagine, contenuto):
    titoli = [voce["/Title"] for voce in lettore.outline if not isinstance(voce, list)]
    arrivi = {
        voce["/Title"]: lettore.get_destination_page_number(voce) + 1
        for voce in lettore.outline
        if not isinstance(voce, list)
    }
    indice = pagine[1]

    assert titoli == ["Indice", *(capitolo.titolo for capitolo in componi(contenuto)), "Colophon"]
    for titolo in titoli[1:]:
        riga = next(riga for riga in indice.splitlines() if riga.startswith(f"{titolo} .."))
        assert int(riga.rstrip().rsplit(" ", 1)[1]) == arrivi[titolo]


def test_ogni_scheda_e_un_segnalibro_dentro_il_suo_capitolo(lettore, contenuto):
    posto = next(
        posto
        for posto, voce in enumerate(lettore.outline)
        if not isinstance(voce, list) and voce["/Title"] == "Le schede di monitoraggio"
    )

    assert [voce["/Title"] for voce in lettore.outline[posto + 1]] == [
        scheda.titolo for scheda in contenuto.schede
    ]


def test_ogni_pagina_dice_quante_sono(pagine, stampato):
    assert stampato.pagine == len(pagine)
    for numero, parole in enumerate(pagine[1:], start=2):
        assert f"{numero} / {stampato.pagine}" in parole


@pytest.mark.parametrize(
    "frase",
    [
        "almeno 768",
        "Stampato: 771 · differenza −3",
        "circa 558",
        "almeno 159",
        "dalle cifre stampate se ne ricavano 162",
        "51 persone o nuclei",
        "55 aziende ed enti",
        "30 aziende ed enti",
        "ricavato per differenza: non era stampato",
        "7,5 su 10",
        "7,3",
        "utenti degli sportelli individui circa 270",
        "minori delle attività estive individui oltre 100",
        "almeno 747 771 −24",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "22 novembre 2026, ore 12:00",
    ],
)
def test_le_cifre_si_leggono_con_la_loro_approssimazione(testo, frase):
    assert senza_spazi(frase) in testo


def test_ogni_cifra_ha_la_sua_aritmetica_nell_allegato(contenuto):
    html = html_del_rapporto(contenuto)

    for cifra in contenuto.cifre:
        inizio = html.index(f'id="cifra-{cifra.slug}"')
        pezzo = html[inizio : html.index("</article>", inizio)]
        assert pezzo.count('href="#scheda-') == len(cifra.addendi)
        assert f"{cifra.rispondenti} schede su {cifra.interrogate}" in pezzo


def test_lo_stesso_contenuto_da_gli_stessi_byte_anche_piu_tardi(contenuto, time_machine):
    breve = replace(
        contenuto,
        assi=contenuto.assi[:1],
        schede=contenuto.schede[-1:],
        cifre=(),
        drop_out=(),
        legami=(),
        regole=(),
    )
    time_machine.move_to(CREATO)
    prima = pdf_del_rapporto(breve).contenuto
    time_machine.move_to(CREATO + timedelta(days=400))

    assert pdf_del_rapporto(breve).contenuto == prima


def test_una_bozza_senza_schede_si_stampa_e_dice_di_esserlo(contenuto):
    vuota = replace(
        contenuto,
        rapporto=replace(contenuto.rapporto, pubblicato_il=None),
        cifre=(),
        regole=(),
        drop_out=(),
        legami=(),
        schede=(),
        blocchi=BlocchiContenuto((), (), (), (), (), ()),
    )

    pdf = pdf_del_rapporto(vuota).contenuto

    copertina = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "Bozza dell'edizione 1" in " ".join(copertina.split())


def test_una_sezione_assente_e_diversa_da_una_vuota(contenuto):
    scheda = replace(contenuto.schede[0], vulnerabilita=None, criticita=(), proposte=())

    html = html_del_rapporto(replace(contenuto, schede=(scheda,), cifre=()))

    assert "Sezioni che questa scheda non ha: vulnerabilità." in html
    assert "Sezioni senza voci: criticità, proposte." in html


def test_il_silenzio_sui_drop_out_non_e_zero(contenuto):
    mute = [scheda for scheda in contenuto.schede if scheda.uscite is None]
    html = html_del_rapporto(contenuto)

    assert len(mute) == 6
    assert " ".join(html.split()).count("<strong>Drop-out:</strong> non indicati.") == 6
    assert "6 schede su 11 non dicono" in html


def test_il_codice_scritto_nei_testi_si_legge_e_non_agisce(contenuto, ascoltatore):
    indirizzo, colpi = ascoltatore
    cattivi = [carico.format(indirizzo) for carico in CARICHI]
    scheda = replace(
        contenuto.schede[0],
        titolo=cattivi[2],
        criticita=tuple(VoceContenuto(carico) for carico in cattivi),
    )
    ostile = replace(contenuto, schede=(scheda,), cifre=(), drop_out=())

    esito = pdf_del_rapporto(ostile)

    testo = "".join(
        pagina.extract_text() for pagina in PdfReader(io.BytesIO(esito.contenuto)).pages
    )
    righe = senza_spazi(testo)
    assert esito.rifiutate == 0
    assert colpi == []
    assert allegati(esito.contenuto) == []
    for carico in cattivi:
        assert senza_spazi(carico)[:40] in righe
