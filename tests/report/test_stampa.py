"""Il PDF del rapporto: accessibile, sempre uguale a sé stesso, chiuso verso l'esterno."""

import gc
import io
import logging
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import outloud
import pdfua
import pikepdf
import pytest
from django.template import Context, Template
from pypdf import PdfReader

from report import caratteri
from report.capitoli import componi
from report.contenuto import BlocchiContenuto, VoceContenuto
from report.documenti import html_del_rapporto, pdf_del_rapporto
from report.stampa import risorse
from report.stampa.motore import stampa
from tests.report.fabbrica_contenuto import contenuto_quadrante


CREATO = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PAGINA = (
    '<!doctype html><html lang="it"><head><title>Prova</title>'
    '<link rel="stylesheet" href="interno:stili/rapporto.css"></head><body>{}</body></html>'
)
# Ciò che chi vuole far uscire il server da sé scriverebbe in un nome o in una nota.
CARICHI = (
    '<img src="http://{}/immagine">',
    '<img src="file:///etc/hostname">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<link rel="attachment" href="http://{}/allegato">',
    '<a rel="attachment" href="file:///etc/group">allegato</a>',
    '<link rel="stylesheet" href="http://{}/stile.css">',
    "<style>@import url(http://{}/importato.css)</style>",
    "<style>@import 'file:///etc/passwd'</style>",
    "<style>body {{ background: url(http://{}/sfondo) }}</style>",
    "<style>@font-face {{ font-family: x; src: url(http://{}/carattere) }} p {{ font: 9pt x }}</style>",
    "<style>p::before {{ content: url(http://{}/prima) }}</style>",
    "<style>li {{ list-style: url(http://{}/punto) }}</style>",
    '<p style="background: url(http://{}/attributo)">stile</p>',
    '<object data="file:///etc/passwd" type="text/plain"></object>',
    '<object data="http://{}/oggetto"></object>',
    '<embed src="http://{}/incorporato">',
    '<iframe src="http://{}/cornice"></iframe>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://{}/svg"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><use href="http://{}/uso#a"/></svg>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'>"
    "<image href='http://{}/dato'/></svg>\">",
    '<img src="http://{}/rimando">',
    '<img srcset="http://{}/insieme 2x">',
    '<input type="image" src="http://{}/bottone">',
    '<video poster="http://{}/locandina"></video>',
    '<base href="http://{}/"><img src="relativa">',
    '<meta http-equiv="refresh" content="0; url=http://{}/">',
    '<script src="http://{}/codice"></script>',
    '<img src="//{}/schema">',
    '<link rel="icon" href="ftp://{}/icona">',
)


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


@pytest.fixture
def ascoltatore():
    """Un server locale che segna chi bussa; `/rimando` manda a un file."""
    colpi: list[str] = []

    class Ascolta(BaseHTTPRequestHandler):
        def do_GET(self):
            colpi.append(self.path)
            if self.path == "/rimando":
                self.send_response(302)
                self.send_header("Location", "file:///etc/passwd")
            else:
                self.send_response(200)
            self.end_headers()

        def log_message(self, *argomenti):
            """Niente righe in uscita."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ascolta)
    filo = threading.Thread(target=server.serve_forever, daemon=True)
    filo.start()
    yield f"127.0.0.1:{server.server_port}", colpi
    server.shutdown()
    server.server_close()
    filo.join()


def senza_spazi(testo: str) -> str:
    """Il testo con le sole parole, attaccate."""
    return "".join(testo.split())


def stampa_pagina(corpo: str, **nominati):
    """Una pagina corta, stampata."""
    return stampa(
        PAGINA.format(corpo),
        titolo="Prova",
        creato=CREATO,
        identificativo="prova",
        **nominati,
    )


def allegati(pdf: bytes) -> list[str]:
    """Gli allegati del documento e quelli delle sue pagine."""
    lettore = PdfReader(io.BytesIO(pdf))
    nelle_pagine = [
        annotazione.get_object()["/Subtype"]
        for pagina in lettore.pages
        for annotazione in pagina.get("/Annots", [])
    ]
    return [*lettore.attachments, *(tipo for tipo in nelle_pagine if tipo == "/FileAttachment")]


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


def test_un_altra_impronta_da_un_altro_identificativo():
    prima = stampa(PAGINA.format("<p>a</p>"), titolo="Prova", creato=CREATO, identificativo="uno")
    dopo = stampa(PAGINA.format("<p>a</p>"), titolo="Prova", creato=CREATO, identificativo="due")

    assert prima.contenuto != dopo.contenuto


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


@pytest.mark.parametrize("carico", CARICHI)
def test_una_pagina_ostile_non_fa_uscire_nulla(carico, ascoltatore):
    indirizzo, colpi = ascoltatore

    pdf = stampa_pagina(f"<p>prima</p>{carico.format(indirizzo)}<p>dopo</p>").contenuto

    assert colpi == []
    assert allegati(pdf) == []
    with pikepdf.open(io.BytesIO(pdf)) as documento:
        nascosti = [oggetto for oggetto in documento.objects if b"root:" in _byte(oggetto)]
    assert nascosti == []


def _byte(oggetto) -> bytes:
    return oggetto.read_bytes() if isinstance(oggetto, pikepdf.Stream) else b""


def test_chi_chiede_risorse_non_nostre_viene_contato(ascoltatore, caplog):
    indirizzo, _ = ascoltatore
    with caplog.at_level(logging.DEBUG):
        esito = stampa_pagina(f'<img src="http://{indirizzo}/segreto-di-rossi"><p>testo</p>')

    assert esito.rifiutate == 1
    assert "1 risorse non ammesse" in caplog.text
    assert "segreto-di-rossi" not in caplog.text


def test_anche_una_nostra_risorsa_non_diventa_un_allegato():
    pdf = stampa_pagina('<p>a</p><a rel="attachment" href="interno:stili/rapporto.css">x</a>')

    assert allegati(pdf.contenuto) == []


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


def test_il_modello_di_una_pagina_protegge_i_nomi():
    corpo = Template("<p>{{ nome }}</p>").render(
        Context({"nome": '<link rel=attachment href="file:///etc/passwd"><b>Rossi</b>'})
    )

    pdf = stampa_pagina(corpo)

    assert pdf.rifiutate == 0
    assert "<b>Rossi</b>" in PdfReader(io.BytesIO(pdf.contenuto)).pages[0].extract_text()


def test_l_avanzamento_cresce_fino_alla_fine():
    passi: list[int] = []

    stampa_pagina("<p>testo</p>", progresso=passi.append)

    assert passi == sorted(passi)
    assert passi[0] < 20
    assert passi[-1] == 100


def test_chi_segue_l_avanzamento_puo_fermare_la_stampa():
    class FermatoError(Exception):
        pass

    def ferma(centesimi: int) -> None:
        raise FermatoError

    with pytest.raises(FermatoError):
        stampa_pagina("<p>testo</p>", progresso=ferma)

    assert gc.isenabled()
    assert logging.getLogger("weasyprint").propagate


def test_durante_la_stampa_il_raccoglitore_sta_fermo():
    stati: list[bool] = []

    stampa_pagina("<p>testo</p>", progresso=lambda _: stati.append(gc.isenabled()))

    assert stati[:-1] == [False] * (len(stati) - 1)
    assert gc.isenabled()


def test_senza_caratteri_costruiti_la_frase_dice_che_fare(monkeypatch, tmp_path):
    monkeypatch.setattr(caratteri.finders, "find", lambda nome: None)
    monkeypatch.setattr(caratteri.settings, "STATIC_ROOT", tmp_path)

    with pytest.raises(caratteri.RisorsaMancanteError, match="npm run build"):
        stampa_pagina("<p>testo</p>")


def test_uno_spazio_in_coda_non_manda_a_capo_dopo_la_prima_parola():
    frase = "Accoglienza dei tirocinanti nei cantieri e formazione"
    # La larghezza in cui la frase ci sta senza lo spazio in coda e non ci sta con lo spazio.
    blocchi = "".join(
        f'<p style="font: 600 9pt Titillium Web; width: {decimi / 10}mm">\n {frase}\n </p>'
        for decimi in range(640, 760, 4)
    )

    pdf = stampa_pagina(blocchi).contenuto

    righe = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).splitlines()
    assert "Accoglienza" not in [riga.strip() for riga in righe]


def test_le_celle_di_testata_dicono_che_cosa_intestano():
    corpo = (
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        '<tbody><tr><th scope="row">x</th><td>1</td></tr></tbody></table>'
    )

    with pikepdf.open(io.BytesIO(stampa_pagina(corpo).contenuto)) as documento:
        celle = [
            str(oggetto.A.Scope)
            for oggetto in documento.objects
            if isinstance(oggetto, pikepdf.Dictionary) and oggetto.get("/S") == "/TH"
        ]

    assert sorted(celle) == ["/Column", "/Column", "/Row"]


def test_ogni_risorsa_ammessa_esiste():
    aperte = risorse.RisorseInterne()

    for indirizzo in risorse.STATICI:
        assert aperte.fetch(indirizzo).read()
