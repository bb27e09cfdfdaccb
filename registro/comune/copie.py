"""Quanto sono vecchie l'ultima copia di sicurezza e l'ultima prova di ripristino.

Chi salva lo scrive in un file accanto ai dati (`stato/copie.json`); chi guarda lo legge, senza altri
accessi. Nel file ci sono solo istanti.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


STATO = Path("stato", "copie.json")
# Una copia per notte, con due ore di tolleranza; una prova al mese, con qualche giorno.
LIMITI = {"copia": timedelta(hours=26), "prova": timedelta(days=35)}
_RIUSCITA, _FALLITA = "riuscita_il", "fallita_il"


@dataclass(frozen=True)
class Giudizio:
    """Che cosa si sa dell'ultima copia, o dell'ultima prova.

    `riuscita_il`: None se non è mai riuscita. `fallito`: se l'ultimo tentativo non è riuscito.
    """

    riuscita_il: datetime | None
    fallito: bool
    rosso: bool

    @property
    def esito(self) -> str:
        """«ok», «mai», «fallita» o «vecchia»."""
        if not self.rosso:
            return "ok"
        if self.fallito:
            return "fallita"
        return "vecchia" if self.riuscita_il else "mai"


def annota(radice: Path, che_cosa: str, *, riuscita: bool) -> None:
    """Scrive, nella cartella dati `radice`, com'è andata adesso la «copia» o la «prova»."""
    stato = _leggi(radice)
    istante = datetime.now(UTC).isoformat(timespec="seconds")
    voce = stato.get(che_cosa, {})
    voce[_RIUSCITA if riuscita else _FALLITA] = istante
    if riuscita:
        voce.pop(_FALLITA, None)
    percorso = radice / STATO
    percorso.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    provvisorio = percorso.with_suffix(".parziale")
    provvisorio.write_text(json.dumps(stato | {che_cosa: voce}, indent=2), encoding="utf-8")
    # Lo legge anche chi serve le pagine, che può essere un altro utente.
    provvisorio.chmod(0o644)
    provvisorio.replace(percorso)


def giudica(radice: Path, adesso: datetime) -> dict[str, Giudizio]:
    """Il giudizio su «copia» e «prova», dal file nella cartella dati `radice`."""
    stato = _leggi(radice)
    return {nome: _giudica(stato.get(nome, {}), limite, adesso) for nome, limite in LIMITI.items()}


def _giudica(voce: dict[str, str], limite: timedelta, adesso: datetime) -> Giudizio:
    riuscita = datetime.fromisoformat(voce[_RIUSCITA]) if _RIUSCITA in voce else None
    fallito = _FALLITA in voce
    vecchia = riuscita is None or adesso - riuscita > limite
    return Giudizio(riuscita, fallito, rosso=fallito or vecchia)


def _leggi(radice: Path) -> dict[str, dict[str, str]]:
    percorso = radice / STATO
    try:
        return json.loads(percorso.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
