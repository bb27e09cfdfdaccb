"""Quali copie si tengono: le ultime quattordici notti, e la prima di ognuno degli ultimi dodici mesi."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path


NOTTI = 14
MESI = 12
_FORMA = "registro-%Y%m%d-%H%M%S.age"


def nome_della_copia(istante: datetime) -> str:
    """Il nome del file: solo l'istante (UTC), mai qualcosa di chi c'è dentro."""
    return istante.astimezone(UTC).strftime(_FORMA)


def istante_della_copia(percorso: Path) -> datetime | None:
    """L'istante scritto nel nome; None se il file non è una copia nostra."""
    try:
        return datetime.strptime(percorso.name, _FORMA).replace(tzinfo=UTC)
    except ValueError:
        return None


def copie(cartella: Path) -> list[tuple[datetime, Path]]:
    """Le copie intere della cartella, dalla più vecchia; nessuna se la cartella non c'è."""
    trovate = ((istante_della_copia(p), p) for p in cartella.glob("registro-*.age"))
    return sorted((istante, p) for istante, p in trovate if istante is not None)


def da_tenere(istanti: Iterable[datetime], adesso: datetime) -> set[datetime]:
    """Fra gli `istanti` delle copie, quelli da tenere: l'ultima c'è sempre."""
    ordinati = sorted(istanti)
    notti = {istante.date(): istante for istante in ordinati}
    recenti = set(sorted(notti.values())[-NOTTI:])
    mesi: dict[tuple[int, int], datetime] = {}
    for istante in ordinati:
        mesi.setdefault((istante.year, istante.month), istante)
    da_questo_mese = adesso.year * 12 + adesso.month
    dei_mesi = {
        i for (anno, mese), i in mesi.items() if da_questo_mese - (anno * 12 + mese) < MESI
    }
    return recenti | dei_mesi


def butta_le_vecchie(cartella: Path, adesso: datetime) -> None:
    """Cancella le copie di `cartella` che non sono più da tenere; altri file non li tocca."""
    tutte = copie(cartella)
    tenute = da_tenere((istante for istante, _ in tutte), adesso)
    for istante, percorso in tutte:
        if istante not in tenute:
            percorso.unlink(missing_ok=True)
