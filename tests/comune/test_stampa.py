"""La stampa di una pagina: chiusa verso l'esterno, sempre uguale a sé stessa, accessibile."""

import gc
import io
import logging

import pikepdf
import pytest
from django.template import Context, Template
from pypdf import PdfReader

from registro.comune import caratteri
from registro.comune.stampa import risorse
from registro.comune.stampa.motore import stampa
from tests.stampa_di_prova import (
    CARICHI,
    CREATO,
    FOGLIO,
    PAGINA,
    allegati,
    server_in_ascolto,
    stampa_pagina,
)


@pytest.fixture
def ascoltatore():
    """Un server locale che segna chi bussa."""
    with server_in_ascolto() as ascolto:
        yield ascolto


def test_un_altra_impronta_da_un_altro_identificativo():
    prima = stampa(
        PAGINA.format("<p>a</p>"),
        titolo="Prova",
        foglio=FOGLIO,
        creato=CREATO,
        identificativo="uno",
    )
    dopo = stampa(
        PAGINA.format("<p>a</p>"),
        titolo="Prova",
        foglio=FOGLIO,
        creato=CREATO,
        identificativo="due",
    )

    assert prima.contenuto != dopo.contenuto


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
    aperte = risorse.RisorseInterne(FOGLIO)

    for indirizzo in (*risorse.CARATTERI, risorse.indirizzo_del_foglio(FOGLIO)):
        assert aperte.fetch(indirizzo).read()


def test_il_foglio_di_un_altro_documento_non_si_carica():
    aperte = risorse.RisorseInterne(FOGLIO)

    with pytest.raises(ValueError, match="non ammessa"):
        aperte.fetch("interno:stili/persona.css")
