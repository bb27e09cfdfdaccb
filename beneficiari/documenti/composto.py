"""Un documento composto, prima di diventare un file."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from beneficiari.models import DocumentoDiPersona
from registro.comune.caratteri import trova
from registro.comune.stampa.motore import stampa
from registro.comune.stampa.risorse import SCHEMA


FOGLIO = "beneficiari/persona.css"
# I soli segni che servono ai titoli nelle altre lingue: li riduce `docs/lingue.md`.
ALFABETI = ("arabo", "bengalese", "cinese", "cirillico")
NOME_DELLA_PAGINA = "i-tuoi-dati.pdf"


@dataclass(frozen=True, slots=True)
class Composto:
    """Una pagina da stampare (`html`, col suo `titolo`) o un foglio già fatto (`byte`).

    `titolo` entra nei metadati del PDF: non nomina nessuno. `poggia_su`: gli uuid delle
    autorizzazioni di altri enti senza le quali il file non deve esistere. Con `allegati` (nome →
    byte) il file è un archivio ZIP: la pagina stampata e loro.
    """

    titolo: str
    html: str = ""
    byte: bytes = b""
    poggia_su: tuple[UUID, ...] = ()
    allegati: Mapping[str, bytes] = field(default_factory=dict)

    def contenuto(self, *, creato: datetime, identificativo: str) -> bytes:
        """I byte del file. Solleva RisorsaMancanteError se caratteri e stili non ci sono."""
        if self.byte:
            return self.byte
        stampato = stampa(
            self.html,
            titolo=self.titolo,
            foglio=FOGLIO,
            creato=creato,
            identificativo=identificativo,
            immagini=_caratteri_delle_lingue(),
        ).contenuto
        return self._con_gli_allegati(stampato, creato) if self.allegati else stampato

    def _con_gli_allegati(self, stampato: bytes, creato: datetime) -> bytes:
        archivio = io.BytesIO()
        quando = timezone.localtime(creato).timetuple()[:6]
        with zipfile.ZipFile(archivio, "w", zipfile.ZIP_DEFLATED) as file:
            for nome, byte in {NOME_DELLA_PAGINA: stampato, **self.allegati}.items():
                file.writestr(zipfile.ZipInfo(nome, quando), byte, zipfile.ZIP_DEFLATED)
        return archivio.getvalue()


def pagina(modello: str, documento: DocumentoDiPersona, titolo: str, **dati) -> str:
    """L'HTML di `templates/beneficiari/stampa/<modello>.html`, con ciò che ogni foglio porta."""
    return render_to_string(
        f"beneficiari/stampa/{modello}.html",
        {
            "titolo": titolo,
            "ente": documento.ente,
            "documento": documento,
            "oggi": timezone.localdate(),
            "contatto_dpo": settings.CONTATTO_DPO,
            **dati,
        },
    )


def _caratteri_delle_lingue() -> dict[str, tuple[bytes, str]]:
    """I caratteri che il foglio di stile chiede oltre al nostro, con l'indirizzo con cui li chiede."""
    nomi = [f"caratteri/noto-{alfabeto}.woff2" for alfabeto in ALFABETI]
    return {
        f"{SCHEMA}{nome}": (trova(f"registro/{nome}").read_bytes(), "font/woff2") for nome in nomi
    }
