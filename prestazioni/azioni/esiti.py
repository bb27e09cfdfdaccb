"""Registrare un esito, correggerlo, toglierlo."""

from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from assi.models import TipoDiEsito
from beneficiari.models import PresaInCarico
from enti.models import Ente
from enti.permessi import Attore
from prestazioni.azioni.percorsi import com_e_ora, presa_da_scrivere, scrivi
from prestazioni.models import Esito
from registro.comune.vincoli import frasi_del_database


GIA_SCRITTO = "Questo esito, in questo giorno, è già registrato."


def registra_esito(
    *,
    presa: PresaInCarico,
    tipo: TipoDiEsito,
    giorno: date,
    da: Attore,
    prova: str = "",
    ospitante: Ente | None = None,
    nome_ospitante: str = "",
    mesi: int | None = None,
    importo: Decimal | None = None,
) -> Esito:
    """Registra un esito della presa in carico, anche chiusa. `importo` in euro.

    Solleva PermissionDenied, o ValidationError con la frase della regola che lo rifiuta.
    """
    with frasi_del_database():
        attuale = presa_da_scrivere(presa, da)
        _una_volta(attuale, tipo, giorno)
        return Esito.objects.create(
            ente=attuale.ente,
            presa=attuale,
            beneficiario_id=attuale.beneficiario_id,
            tipo=tipo,
            giorno=giorno,
            prova=prova,
            ospitante=ospitante,
            nome_ospitante=nome_ospitante,
            mesi=mesi,
            importo=importo,
            registrato_da=da.utente,
        )


def correggi_esito(*, esito: Esito, da: Attore, **campi) -> Esito:
    """Riscrive i `campi` di un esito (giorno, prova, presso chi, mesi, importo); il tipo resta.

    Solleva PermissionDenied o ValidationError.
    """
    with frasi_del_database():
        attuale = com_e_ora(esito, da)
        _una_volta(attuale.presa, attuale.tipo, campi["giorno"], salvo=attuale)
        return scrivi(attuale, campi)


def togli_esito(*, esito: Esito, da: Attore) -> None:
    """Toglie un esito registrato per sbaglio; la storia lo conserva. Solleva PermissionDenied."""
    with frasi_del_database():
        com_e_ora(esito, da).delete()


def _una_volta(
    presa: PresaInCarico, tipo: TipoDiEsito, giorno: date, salvo: Esito | None = None
) -> None:
    uguali = Esito.objects.della_presa(presa).filter(tipo=tipo, giorno=giorno)
    if uguali.exclude(pk=salvo.pk if salvo else None).exists():
        raise ValidationError({"giorno": GIA_SCRITTO}, code="gia_scritto")
