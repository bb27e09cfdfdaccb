"""Ciò che un utente stava scrivendo in una pagina, tenuto finché non lo salva o lo lascia."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from enti.permessi import Attore, Permesso
from prestazioni.models import Bozza


# Un foglio di presenze di mille persone occupa la metà.
LUNGHEZZA_MASSIMA = 100_000
TROPPO_LUNGA = "È troppo lungo per tenerlo da parte: salvalo, poi continua."


def tieni_bozza(*, pagina: str, contenuto: str, da: Attore) -> Bozza:
    """Tiene `contenuto` come bozza di `pagina` (al massimo 80 caratteri, senza nomi di persone).

    Prende il posto di quella di prima. Solleva ValidationError se è troppo lungo.
    """
    da.esigi(Permesso.PRESTAZIONI_SCRIVERE)
    if len(contenuto) > LUNGHEZZA_MASSIMA:
        raise ValidationError(TROPPO_LUNGA, code="bozza_troppo_lunga")
    bozza = bozza_di(pagina, da=da)
    if bozza is None:
        bozza = Bozza(ente=da.ente, utente=da.utente, pagina=pagina)
    try:
        with transaction.atomic():
            return _scrivi(bozza, contenuto)
    except IntegrityError:
        # Un'altra scheda della stessa pagina l'ha creata nel frattempo: vince l'ultima scrittura.
        return _scrivi(Bozza.objects.get(ente=da.ente, utente=da.utente, pagina=pagina), contenuto)


def bozza_di(pagina: str, *, da: Attore) -> Bozza | None:
    """La propria bozza di una pagina, per l'ente per cui si agisce; None se non c'è."""
    return Bozza.objects.filter(ente=da.ente, utente=da.utente, pagina=pagina).first()


def bozze_di(prefisso: str, *, da: Attore) -> list[Bozza]:
    """Le proprie bozze delle pagine che cominciano con `prefisso`, per l'ente per cui si agisce;
    l'ultima scritta prima."""
    sue = Bozza.objects.filter(ente=da.ente, utente=da.utente, pagina__startswith=prefisso)
    return list(sue.order_by("-aggiornata_il", "-pk"))


def butta_bozza(*, pagina: str, da: Attore) -> None:
    """Toglie la bozza: è stata salvata, o non serve più. Se non c'è non fa nulla."""
    Bozza.objects.filter(ente=da.ente, utente=da.utente, pagina=pagina).delete()


def _scrivi(bozza: Bozza, contenuto: str) -> Bozza:
    bozza.contenuto = contenuto
    bozza.save()
    return bozza
