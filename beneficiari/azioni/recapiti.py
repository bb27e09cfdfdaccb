"""I recapiti di una persona, anche quelli che vedono in due."""

from beneficiari.models import Beneficiario, Recapito
from enti.models import Utente
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


def scrivi_recapito(
    *,
    persona: Beneficiario,
    da: Attore,
    recapito: Recapito | None = None,
    riservato: bool = False,
    altro_custode: Utente | None = None,
    **campi,
) -> Recapito:
    """Aggiunge un recapito, o ne cambia uno. Uno riservato lo custodisce chi lo scrive, e al più
    un altro utente dell'ente: nessun altro lo vedrà. Solleva ValidationError."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    recapito = recapito or Recapito(ente=da.ente, beneficiario=persona)
    for nome, valore in campi.items():
        setattr(recapito, nome, valore)
    if not riservato:
        recapito.custode = recapito.altro_custode = None
    elif da.utente.pk not in (recapito.custode_id, recapito.altro_custode_id):
        recapito.custode, recapito.altro_custode = da.utente, altro_custode
    elif recapito.custode_id == da.utente.pk:
        recapito.altro_custode = altro_custode
    recapito.riservato = riservato
    with frasi_del_database():
        recapito.save()
    return recapito


def togli_recapito(*, recapito: Recapito, da: Attore) -> None:
    """Toglie un recapito che non serve più: la storia, per chi risponde dei dati, lo conserva."""
    da.esigi(Permesso.PERSONE_SCRIVERE)
    with frasi_del_database():
        recapito.delete()
