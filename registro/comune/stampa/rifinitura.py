"""Chiude ciò che WeasyPrint lascia aperto per PDF/UA-1, con pikepdf.

1. Le celle `<th>` non dicono se intestano una colonna o una riga.
2. Testate e piè di pagina sono segnati come contenuto ma stanno fuori dall'albero: diventano
   artefatti, così chi ascolta il documento non li sente a ogni pagina.
3. I rimandi non hanno il permesso di stampa.
4. Gli allegati non si fanno mai: se una pagina ne chiede, si tolgono.
"""

import io
import re
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf


SEGNATO = re.compile(rb"/\w+\s+<<\s*/MCID (\d+)\s*>>\s+BDC")
ARTEFATTO = b"/Artifact\n<</Type /Pagination>>\nBDC"
STAMPABILE = 4


def rifinisci(pdf: bytes) -> bytes:
    """Il PDF di WeasyPrint reso accessibile; lo stesso ingresso dà sempre gli stessi byte."""
    uscita = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as documento:
        _toglie_allegati(documento)
        radice = documento.Root.get("/StructTreeRoot")
        if radice is not None:
            _intesta_le_celle(radice)
            _isola_testate_e_piedi(documento, radice)
        for pagina in documento.pages:
            for annotazione in pagina.get("/Annots", []):
                annotazione["/F"] = STAMPABILE
        documento.save(
            uscita,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            deterministic_id=True,
        )
    return uscita.getvalue()


def _toglie_allegati(documento: Pdf) -> None:
    nomi = documento.Root.get("/Names")
    if nomi is not None and "/EmbeddedFiles" in nomi:
        del nomi["/EmbeddedFiles"]
    if "/AF" in documento.Root:
        del documento.Root["/AF"]
    for pagina in documento.pages:
        annotazioni = pagina.get("/Annots")
        if annotazioni is not None:
            tenute = [voce for voce in annotazioni if voce.get("/Subtype") != "/FileAttachment"]
            pagina["/Annots"] = Array(tenute)


def _intesta_le_celle(radice: Dictionary) -> None:
    da_visitare = [(radice, False)]
    while da_visitare:
        elemento, in_testata = da_visitare.pop()
        tipo = elemento.get("/S")
        in_testata = in_testata or tipo == "/THead"
        if tipo == "/TH":
            attributi = elemento.get("/A", Dictionary(O=Name.Table))
            attributi["/Scope"] = Name.Column if in_testata else Name.Row
            elemento["/A"] = attributi
        da_visitare += [(figlio, in_testata) for figlio in _figli(elemento)]


def _figli(elemento: Dictionary) -> Iterator[Dictionary]:
    contenuto = elemento.get("/K")
    if contenuto is None:
        return
    for figlio in contenuto if isinstance(contenuto, Array) else [contenuto]:
        if isinstance(figlio, Dictionary) and "/S" in figlio:
            yield figlio


def _isola_testate_e_piedi(documento: Pdf, radice: Dictionary) -> None:
    corpo = radice.K[0]
    nel_corpo = {figlio.objgen for figlio in _figli(corpo)}
    pagine_segnate = radice.ParentTree.Nums
    for posto, pagina in enumerate(documento.pages):
        segnati = pagine_segnate[2 * posto + 1]
        fuori = {
            numero
            for numero in range(len(segnati))
            if _antenato(segnati[numero], corpo).objgen not in nel_corpo
        }
        if fuori:
            _segna_artefatti(documento, pagina, segnati, fuori)


def _antenato(elemento: Dictionary, corpo: Dictionary) -> Dictionary:
    """Il più alto degli elementi che contengono `elemento`, sotto il documento."""
    while (genitore := elemento.get("/P")) is not None and genitore.objgen != corpo.objgen:
        elemento = genitore
    return elemento


def _segna_artefatti(documento: Pdf, pagina, segnati: Array, fuori: set[int]) -> None:
    disegno = SEGNATO.sub(
        lambda trovato: ARTEFATTO if int(trovato[1]) in fuori else trovato[0],
        pagina.Contents.read_bytes(),
    )
    pagina.Contents = documento.make_stream(disegno)
    for numero in fuori:
        segnati[numero] = None
