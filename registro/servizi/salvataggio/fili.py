"""Un lavoro in un altro filo, di cui si aspetta la fine e si riceve l'errore."""

import threading
from collections.abc import Callable
from typing import Any


class Filo(threading.Thread):
    """Esegue subito `lavoro`; `finisci` ne rende il risultato o ne risolleva l'errore."""

    def __init__(self, lavoro: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self._lavoro = lavoro
        self.errore: BaseException | None = None
        self.risultato: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.risultato = self._lavoro()
        except BaseException as errore:
            self.errore = errore

    def finisci(self) -> Any:
        """Aspetta; rende ciò che il lavoro ha reso, o solleva ciò che ha sollevato."""
        self.join()
        if self.errore is not None:
            raise self.errore
        return self.risultato
