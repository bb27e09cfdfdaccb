"""LEAK-02: tutto ciò che esce con una risposta, e i contrassegni che non dovrebbe portare."""

import io
import zipfile

from django.core import mail

from tests.fughe.scena import CONDIVISI, CONTRASSEGNO


def cio_che_esce(risposta, caplog) -> str:
    """Tutto ciò che lascia il Registro con questa risposta, in un testo solo."""
    corpo = b"".join(risposta.streaming_content) if risposta.streaming else risposta.content
    if corpo[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(corpo)) as cartella:
            corpo = b"\n".join(cartella.read(nome) for nome in cartella.namelist())
    posta = "\n".join(
        f"{lettera.subject}\n{lettera.body}\n{lettera.to}" for lettera in mail.outbox
    )
    intestazioni = "\n".join(f"{nome}: {valore}" for nome, valore in risposta.headers.items())
    registrazioni = "\n".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    fuori = "\n".join([intestazioni, posta, registrazioni])
    assert not CONTRASSEGNO.search(fuori), f"un nome fuori dalla pagina: {fuori}"
    return corpo.decode(errors="replace")


def niente_di_estraneo(chi: str, indirizzo: str, testo: str) -> None:
    visti = set(CONTRASSEGNO.findall(testo))
    ammessi = CONDIVISI if chi in {"operatore", "referente"} else set()
    di_altri = {segno for segno in visti if segno.startswith("E1")} - ammessi
    assert not di_altri, (chi, indirizzo, di_altri)
    if chi not in {"operatore", "referente"}:
        assert not visti, (chi, indirizzo, visti)
    if chi == "operatore":
        sensibili = {segno for segno in visti if segno[-1] in "79"}
        assert not sensibili, (indirizzo, sensibili)
