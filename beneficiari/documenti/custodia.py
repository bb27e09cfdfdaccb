"""I documenti delle persone su disco: sempre cifrati, e si aprono solo per chi li ritira."""

from base64 import b64decode, b64encode

from beneficiari.models import DocumentoDiPersona
from registro.comune.cifratura import cifra, decifra, legame


def chiudi(documento: DocumentoDiPersona, contenuto: bytes) -> bytes:
    """I byte da scrivere su disco: si riaprono solo come file di quel documento."""
    return cifra(b64encode(contenuto).decode(), legame=_legame(documento))


def apri(documento: DocumentoDiPersona, busta: bytes) -> bytes:
    """Il file com'è stato preparato. Solleva DatoCifratoAlterato se non è intatto, o è di un altro."""
    return b64decode(decifra(busta, legame=_legame(documento)))


def _legame(documento: DocumentoDiPersona) -> str:
    return legame(
        "beneficiari_documentodipersona.file", ente=documento.ente_id, riga=documento.uuid
    )
