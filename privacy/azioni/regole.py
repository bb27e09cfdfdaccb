"""Le regole della rete: basi giuridiche e accordi di contitolarità.

Si scrivono e si chiudono; non si correggono. Chiudendole il database chiude, o accorcia, le
autorizzazioni che ci poggiano.
"""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from enti.models import Ente
from enti.permessi import Attore, Permesso
from privacy.models import AccordoContitolarita, BaseGiuridica, ParteDiAccordo
from registro.comune.vincoli import frasi_del_database


ALMENO_DUE = "Un accordo è fra almeno due enti: scegline un altro."
NEL_PASSATO = "Una regola si chiude da oggi in poi: ciò che ha retto finora resta scritto."
NON_SI_ALLUNGA = "Finisce già prima di quel giorno: si può anticipare, non prolungare."


def scrivi_base(
    *,
    finalita: str,
    gruppo: str,
    lettera_art6: str,
    lettera_art9: str = "",
    fonte: str,
    serve_consenso: bool,
    dal: date,
    da: Attore,
) -> BaseGiuridica:
    """Scrive la base di un gruppo di dati per una finalità.

    Solleva PermissionDenied, o ValidationError con la frase del vincolo (già una in vigore,
    mancano le lettere).
    """
    da.esigi(Permesso.REGOLE_GESTIRE)
    with frasi_del_database():
        return BaseGiuridica.objects.create(
            finalita=finalita,
            gruppo=gruppo,
            lettera_art6=lettera_art6,
            lettera_art9=lettera_art9,
            fonte=fonte,
            serve_consenso=serve_consenso,
            dal=dal,
        )


def chiudi_base(*, base: BaseGiuridica, al: date, da: Attore) -> None:
    """Chiude una base: le autorizzazioni di legge che reggeva finiscono quel giorno.

    Solleva PermissionDenied, o ValidationError se la data non può essere.
    """
    da.esigi(Permesso.REGOLE_GESTIRE)
    _chiudi(base, al)


@transaction.atomic
def stringi_accordo(
    *,
    titolo: str,
    finalita: Collection[str],
    contenuto: str,
    risponde: Ente,
    contatto: str,
    parti: Collection[Ente],
    dal: date,
    al: date | None = None,
    da: Attore,
) -> AccordoContitolarita:
    """Scrive un accordo fra `parti`; se il titolo c'è già, è la sua versione successiva.

    Chi risponde alle persone è sempre una parte. Solleva PermissionDenied, o ValidationError.
    """
    da.esigi(Permesso.REGOLE_GESTIRE)
    enti = {ente.pk: ente for ente in (*parti, risponde)}
    if len(enti) < 2:
        raise ValidationError({"parti": ALMENO_DUE})
    con_quel_titolo = AccordoContitolarita.objects.filter(titolo=titolo)
    ultima = con_quel_titolo.aggregate(ultima=Max("versione"))["ultima"] or 0
    with frasi_del_database():
        accordo = AccordoContitolarita.objects.create(
            titolo=titolo,
            versione=ultima + 1,
            finalita=list(finalita),
            contenuto=contenuto,
            risponde=risponde,
            contatto=contatto,
            dal=dal,
            al=al,
        )
        ParteDiAccordo.objects.bulk_create(
            ParteDiAccordo(accordo=accordo, ente=ente) for ente in enti.values()
        )
    return accordo


def chiudi_accordo(*, accordo: AccordoContitolarita, al: date, da: Attore) -> None:
    """Chiude un accordo: ciò che gli enti condividevano in suo nome finisce quel giorno.

    Se è oggi, dalla prossima interrogazione. Solleva PermissionDenied, o ValidationError se la
    data non può essere.
    """
    da.esigi(Permesso.REGOLE_GESTIRE)
    _chiudi(accordo, al)


def _chiudi(regola: BaseGiuridica | AccordoContitolarita, al: date) -> None:
    if al < timezone.localdate():
        raise ValidationError({"al": NEL_PASSATO})
    if regola.al is not None and al > regola.al:
        raise ValidationError({"al": NON_SI_ALLUNGA})
    regola.al = al
    with frasi_del_database():
        regola.save(update_fields=["al"])
