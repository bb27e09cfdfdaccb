"""Il foglio nella lingua di chi lo riceve: i titoli ci sono tutti, e nessun segno è un quadratino."""

import io

import pytest
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from beneficiari.documenti import componi
from beneficiari.documenti.composto import ALFABETI
from beneficiari.documenti.lingue import LINGUE, lingua_di
from beneficiari.models import DocumentoDiPersona
from enti.permessi import Ruolo
from registro.comune.caratteri import nome_statico, trova
from tests.fabbriche import attore
from tests.fabbriche_persone import BeneficiarioFactory, come


def _segni(nome: str) -> set[int]:
    return set(TTFont(trova(nome)).getBestCmap())


def test_sono_dieci_lingue_con_tutti_i_titoli():
    assert len(LINGUE) == 10
    assert all(all(lingua.testi) for lingua in LINGUE)
    assert len({lingua.codice for lingua in LINGUE}) == 10


@pytest.mark.parametrize("lingua", LINGUE, ids=lambda lingua: lingua.nome)
def test_ogni_segno_ha_il_suo_carattere(lingua):
    disponibili = _segni(nome_statico("regular"))
    for alfabeto in ALFABETI:
        disponibili |= _segni(f"registro/caratteri/noto-{alfabeto}.woff2")

    assert {ord(segno) for testo in lingua.testi for segno in testo} <= disponibili


@pytest.mark.parametrize(
    ("parlate", "codice"),
    [
        (["arabo", "francese"], "ar"),
        (["Rumeno"], "ro"),
        (["wolof", "francese"], "fr"),
        (["italiano", "arabo"], None),
        (["wolof"], None),
        ([], None),
    ],
)
def test_si_sceglie_la_prima_lingua_che_si_sa_dire(parlate, codice):
    trovata = lingua_di(parlate)

    assert (trovata.codice if trovata else None) == codice


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lingua", "carattere"), [("arabo", "Noto"), ("cinese", "Noto"), ("romeno", "Titillium")]
)
def test_il_foglio_di_chi_parla_un_altra_lingua_ne_porta_i_titoli(lingua, carattere):
    persona = BeneficiarioFactory(lingue=[lingua])
    chi = attore(Ruolo.REFERENTE, ente=persona.ente)
    with come(chi):
        documento = DocumentoDiPersona.objects.create(
            ente=chi.ente, utente=chi.utente, tipo="scheda", beneficiario=persona
        )
        composto = componi(documento, chi)

    pdf = composto.contenuto(creato=documento.richiesto_il, identificativo=documento.uuid.hex)

    assert lingua_di([lingua]).chi_ha_letto in composto.html
    lettore = PdfReader(io.BytesIO(pdf))
    caratteri = {
        str(risorsa["/BaseFont"])
        for pagina in lettore.pages
        for risorsa in (voce.get_object() for voce in pagina["/Resources"]["/Font"].values())
    }
    assert any(carattere in nome for nome in caratteri), caratteri
    assert lettore.trailer["/Root"]["/MarkInfo"]["/Marked"]
