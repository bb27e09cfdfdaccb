"""Le letture fuori dall'ordinario: si cercano nel registro, si segnalano al garante."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from enti.eventi import annota_evento
from enti.models import CodiceEvento, Ente
from enti.sistema import come_sistema
from privacy.models import Segnalazione


# Un giro ogni dieci minuti: ciò che uno salta, per un guasto, lo trova quello dopo.
INDIETRO = timedelta(hours=2)
# Gli indirizzi che cominciano da una persona: dell'ente, condivisa da altri, di cui si sa una richiesta.
DI_UNA_PERSONA = ("persone/<uuid:uuid>/", "condivise/<uuid:uuid>/", "diritti/<uuid:uuid>/")


@transaction.atomic
def cerca_subito(dal: datetime | None = None, al: datetime | None = None) -> int:
    """Molte pagine, esportazioni grandi, letture di notte, da `dal` (due ore fa) ad `al` (adesso).

    Rende quante segnalazioni nuove ha scritto.
    """
    al = al or timezone.now()
    dal = dal or al - INDIETRO
    with come_sistema(), connection.cursor() as cursore:
        cursore.execute(
            "SELECT * FROM registro_anomalie_subito(%s, %s, %s)",
            [dal, al, pagine_di_una_persona()],
        )
        return _scrivi(cursore.fetchall())


@transaction.atomic
def cerca_del_giorno(giorno: date | None = None) -> int:
    """Persone senza un caso, stesso cognome o recapito, in `giorno` (ieri, se taciuto).

    Il giorno dopo, perché chi torna dopo tempo si apre prima la sua pagina e poi il caso. Rende quante
    segnalazioni nuove ha scritto.
    """
    giorno = giorno or timezone.localdate() - timedelta(days=1)
    with come_sistema(), connection.cursor() as cursore:
        cursore.execute(
            "SELECT * FROM registro_anomalie_del_giorno(%s, %s)", [giorno, pagine_di_una_persona()]
        )
        return _scrivi(cursore.fetchall())


def pagine_di_una_persona() -> list[str]:
    """I nomi delle pagine che ne mostrano una: quelle il cui indirizzo comincia da lei."""
    return sorted(nome for nome, via in _viste() if via.startswith(DI_UNA_PERSONA))


def _scrivi(righe: list[tuple]) -> int:
    nuove = 0
    for regola, utente, ente, giorno, quando, quante in righe:
        _, nata = Segnalazione.objects.get_or_create(
            regola=regola,
            ente_id=ente,
            utente_id=utente,
            giorno=giorno,
            defaults={"quando": quando, "quante": quante},
        )
        if nata:
            nuove += 1
            annota_evento(
                CodiceEvento.ANOMALIA_TROVATA, ente=Ente.objects.get(pk=ente), regola=regola
            )
    return nuove


def _viste(
    risolutore: URLResolver | None = None, spazio: str = "", via: str = ""
) -> Iterator[tuple[str, str]]:
    """Nome e indirizzo di ogni pagina dell'applicazione."""
    for voce in (risolutore or get_resolver()).url_patterns:
        qui = f"{via}{voce.pattern}"
        if isinstance(voce, URLResolver):
            dentro = f"{spazio}{voce.namespace}:" if voce.namespace else spazio
            yield from _viste(voce, dentro, qui)
        elif isinstance(voce, URLPattern):
            yield f"{spazio}{voce.name}", qui
