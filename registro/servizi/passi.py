"""Le righe dell'avvio: una per passo, con il tempo che ha preso."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


LARGHEZZA = 24


@contextmanager
def passo(titolo: str) -> Iterator[None]:
    """Scrive `titolo` e, se il passo riesce, i secondi; se fallisce la riga si ferma lì."""
    print(f"  {titolo} ".ljust(LARGHEZZA, "."), end=" ", flush=True)
    inizio = time.monotonic()
    try:
        yield
    except BaseException:
        print("interrotto", flush=True)
        raise
    print(in_secondi(time.monotonic() - inizio), flush=True)


def in_secondi(durata: float) -> str:
    """`3.21` → `3,2 s`."""
    return f"{durata:.1f} s".replace(".", ",")
