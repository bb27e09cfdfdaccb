"""LEAK-02: i documenti preparati in coda, aperti e letti fino in fondo: testo, metadati, allegati.

Il lavoro gira da sé, con le sole chiavi; ciò che ne esce non porta niente d'altri, e porta tutto
ciò che a chi l'ha chiesto spetta.
"""

import io
import zipfile

import pytest
from pypdf import PdfReader

from beneficiari.azioni import documenti as azioni
from beneficiari.models import Beneficiario
from enti.permessi import Attore
from privacy.models import Informativa
from tests.beneficiari.documenti_di_prova import contenuto_di, file_di, prepara, riletto
from tests.fabbriche_persone import come
from tests.fughe.a_parte import righe_senza_contesto
from tests.fughe.scena import CONDIVISI, CONTRASSEGNO, Scena
from tests.fughe.uscite import niente_di_estraneo


def _scheda(scena: Scena, chi: Attore):
    persona = Beneficiario.objects.get(uuid=scena.nostri["persona"])
    return azioni.richiedi_scheda(persona=persona, da=chi)


def _modulo(scena: Scena, chi: Attore):
    persona = Beneficiario.objects.get(uuid=scena.nostri["persona"])
    informativa = Informativa.objects.get(uuid=scena.nostri["informativa"])
    return azioni.richiedi_modulo(informativa=informativa, persona=persona, da=chi)


def _condivisa(scena: Scena, chi: Attore):
    return azioni.richiedi_condivisa(condivisione=scena.nostri["ricevuta"], da=chi)


def _elenco(scena: Scena, chi: Attore):
    return azioni.richiedi_elenco(da=chi)


def _elenco_in_csv(scena: Scena, chi: Attore):
    return azioni.richiedi_elenco(in_csv=True, da=chi)


# Che cosa si chiede, chi lo chiede, i contrassegni che deve portare.
DOCUMENTI = [
    (_scheda, "referente", {"E0P0F1", "E0P0F2"}),
    (_scheda, "operatore", {"E0P0F1", "E0P0F2"}),
    (_modulo, "referente", {"E0P0F1"}),
    (_modulo, "operatore", {"E0P0F1"}),
    (_condivisa, "referente", CONDIVISI - {"E1P9F5"}),
    (_condivisa, "operatore", CONDIVISI - {"E1P9F5"}),
    (_elenco, "referente", {"E0P0F1"}),
    (_elenco_in_csv, "referente", {"E0P0F1"}),
]


def _tutto(contenuto: bytes) -> str:
    """Ogni testo che il file porta con sé, anche dove non si guarda."""
    if contenuto[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(contenuto)) as cartella:
            parti = [cartella.read(nome) for nome in cartella.namelist()]
        return b"\n".join(parti).decode(errors="replace")
    if not contenuto.startswith(b"%PDF"):
        return contenuto.decode("utf-8-sig")
    pdf = PdfReader(io.BytesIO(contenuto))
    assert not pdf.attachments
    metadati = f"{pdf.metadata} {pdf.xmp_metadata and pdf.xmp_metadata.stream.get_data()}"
    assert not CONTRASSEGNO.search(metadati), metadati
    return "\n".join(pagina.extract_text() for pagina in pdf.pages)


@pytest.mark.parametrize(("richiedi", "ruolo", "attesi"), DOCUMENTI)
def test_un_documento_porta_tutto_il_suo_e_niente_d_altri(
    scena, protette, richiedi, ruolo, attesi
):
    chi = scena.utenti[ruolo]
    with come(chi):
        documento = richiedi(scena, chi)

    prepara(documento)

    pronto = riletto(documento, chi)
    assert pronto.stato == pronto.Stato.PRONTO, pronto.errore
    file = file_di(pronto)
    with come(chi):
        testo = _tutto(contenuto_di(pronto))
    # Sul disco è chiuso: chi legge la cartella non trova nessuno.
    assert not CONTRASSEGNO.search(file.read_bytes().decode("latin-1"))
    assert not CONTRASSEGNO.search(file.name)
    niente_di_estraneo(ruolo, richiedi.__name__, testo)
    assert attesi <= set(CONTRASSEGNO.findall(testo))
    assert not any(righe_senza_contesto(protette).values())
