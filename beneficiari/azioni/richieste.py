"""Raccogliere una richiesta di una persona sui propri dati, prendere tempo, rifiutarla, ritirarla.

Accoglierla è in `diritti`: lì c'è ciò che cambia.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from beneficiari.models import Autorizzazione, Beneficiario, RichiestaInteressato
from beneficiari.models.diritti import GIORNI_DI_PROROGA, GIORNI_PER_RISPONDERE
from enti.eventi import annota_evento
from enti.models import CodiceEvento
from enti.permessi import Attore, Permesso
from registro.comune.vincoli import frasi_del_database


Stato = RichiestaInteressato.Stato
GIA_RISPOSTO = "A questa richiesta è già stata data una risposta, oppure è stata ritirata."
SENZA_PERCHE = "Scrivi perché: la persona ha diritto di saperlo (art. 12.4)."


def presenta_richiesta(
    *, persona: Beneficiario, tipo: str, chiesta_il: date, da: Attore, **campi
) -> RichiestaInteressato:
    """Scrive la richiesta di una persona dell'ente e la porta a chi altro ne tratta i dati.

    `campi`: canale, identita, e gli altri del modello. Con `presso_tutti` arriva, nella stessa
    transazione, agli altri enti dell'accordo che tengono la stessa persona: non si sa se ce ne
    sono. Solleva PermissionDenied, o ValidationError con la frase del database.
    """
    return _presenta(
        RichiestaInteressato(beneficiario=persona, tipo=tipo, chiesta_il=chiesta_il, **campi), da
    )


def presenta_su_condivisa(
    *, condivisione: Autorizzazione, tipo: str, chiesta_il: date, da: Attore, **campi
) -> RichiestaInteressato:
    """Come `presenta_richiesta`, per una persona che si conosce solo da una condivisione ricevuta.

    Arriva sempre all'ente che condivide: è lui che tiene i dati.
    """
    campi["presso_tutti"] = True
    return _presenta(
        RichiestaInteressato(
            condivisione=condivisione.uuid, tipo=tipo, chiesta_il=chiesta_il, **campi
        ),
        da,
    )


def proroga(*, richiesta: RichiestaInteressato, motivo: str, da: Attore) -> RichiestaInteressato:
    """Prende altri due mesi, una volta sola, dicendo perché (art. 12.3).

    Solleva PermissionDenied, o ValidationError se è già chiusa, prorogata, o scaduta.
    """
    da.esigi(Permesso.DIRITTI_RISPONDERE)
    with frasi_del_database():
        attuale = in_mano(richiesta, da)
        if attuale.scaduta:
            raise ValidationError(
                "La scadenza è già passata: altro tempo si prende prima. Rispondi ora."
            )
        attuale.prorogata_il = timezone.localdate()
        attuale.motivo_proroga = motivo
        attuale.scade_il = attuale.chiesta_il + GIORNI_PER_RISPONDERE + GIORNI_DI_PROROGA
        # Dell'altra scadenza non ha ancora avvisato nessuno.
        attuale.avviso_scadenza_il = None
        attuale.save(
            update_fields=["prorogata_il", "motivo_proroga", "scade_il", "avviso_scadenza_il"]
        )
    return attuale


def rifiuta(
    *, richiesta: RichiestaInteressato, motivo: str, risposta: str, da: Attore
) -> RichiestaInteressato:
    """Dice di no, con il motivo della legge e con parole che la persona capisce (art. 12.4).

    Solleva PermissionDenied o ValidationError.
    """
    da.esigi(Permesso.DIRITTI_RISPONDERE)
    if not risposta.strip():
        raise ValidationError({"risposta": SENZA_PERCHE})
    with frasi_del_database():
        return chiudi(
            in_mano(richiesta, da), Stato.RIFIUTATA, risposta, motivo_rifiuto=motivo, da=da
        )


def ritira(*, richiesta: RichiestaInteressato, da: Attore) -> RichiestaInteressato:
    """La persona ci ripensa. Solleva PermissionDenied, o ValidationError se è già chiusa."""
    da.esigi(Permesso.DIRITTI_RISPONDERE)
    with frasi_del_database():
        return chiudi(in_mano(richiesta, da), Stato.RITIRATA, "", da=da)


def in_mano(richiesta: RichiestaInteressato, da: Attore) -> RichiestaInteressato:
    """La riga com'è adesso, chiusa a chiave. Solleva ValidationError se ha già una risposta."""
    aperte = RichiestaInteressato.objects.di(da.ente).aperte().select_for_update()
    try:
        return aperte.get(pk=richiesta.pk)
    except RichiestaInteressato.DoesNotExist:
        raise ValidationError(GIA_RISPOSTO) from None


def chiudi(
    richiesta: RichiestaInteressato,
    stato: str,
    risposta: str,
    *,
    motivo_rifiuto: str = "",
    da: Attore,
) -> RichiestaInteressato:
    """Scrive la risposta e l'evento; chi e quando li scrive il database."""
    richiesta.stato, richiesta.risposta = stato, risposta.strip()
    richiesta.motivo_rifiuto = motivo_rifiuto
    richiesta.save(update_fields=["stato", "risposta", "motivo_rifiuto"])
    rifiutata = stato == Stato.RIFIUTATA
    codice = CodiceEvento.RICHIESTA_RIFIUTATA if rifiutata else CodiceEvento.RICHIESTA_EVASA
    annota_richiesta(codice, richiesta, da=da, stato=stato, motivo=motivo_rifiuto or None)
    return richiesta


def annota_richiesta(
    codice: CodiceEvento, richiesta: RichiestaInteressato, *, da: Attore, **dati: str | None
) -> None:
    """Un evento su una richiesta: numeri e codici, mai ciò che dice."""
    annota_evento(
        codice,
        da=da,
        persona=richiesta.beneficiario_id,
        richiesta=richiesta.uuid.hex[:12],
        tipo=richiesta.tipo,
        **dati,
    )


@transaction.atomic
def _presenta(richiesta: RichiestaInteressato, da: Attore) -> RichiestaInteressato:
    da.esigi(Permesso.DIRITTI_RACCOGLIERE)
    richiesta.ente, richiesta.aperta_da = da.ente, da.utente
    with frasi_del_database():
        richiesta.save(force_insert=True)
        annota_richiesta(CodiceEvento.RICHIESTA_RICEVUTA, richiesta, da=da)
        if richiesta.presso_tutti:
            with connection.cursor() as cursore:
                cursore.execute("SELECT registro_inoltra_richiesta(%s)", [richiesta.pk])
    return richiesta
