"""I servizi che un ente offre: aggiungerli, cambiarne il nome, chiuderli e riaprirli."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from assi.models import Servizio, VoceNomenclatura
from enti.permessi import Attore, Permesso
from prestazioni.models import Prestazione
from registro.comune.ricerca import forma_normale
from registro.comune.vincoli import frasi_del_database


@transaction.atomic
def offri(
    *,
    voce: VoceNomenclatura,
    nome: str,
    da: Attore,
    sinonimi: Sequence[str] = (),
    bassa_soglia: bool = False,
    dal: date | None = None,
) -> Servizio:
    """Aggiunge ai servizi dell'ente una voce della nomenclatura, con il nome che le dà.

    `dal` vuoto: da sempre. Solleva ValidationError se un altro servizio in uso si chiama già così.
    """
    da.esigi(Permesso.SERVIZI_GESTIRE)
    servizio = Servizio(ente=da.ente, voce=voce)
    _scrivi(servizio, nome=nome, sinonimi=sinonimi, bassa_soglia=bassa_soglia, dal=dal)
    with frasi_del_database():
        servizio.save()
    return servizio


@transaction.atomic
def offri_insieme(*, voci: Iterable[VoceNomenclatura], da: Attore) -> list[Servizio]:
    """Aggiunge le voci con il nome che hanno nella rete; quelle già in uso si saltano.

    Rende i servizi nati.
    """
    da.esigi(Permesso.SERVIZI_GESTIRE)
    in_uso = Servizio.objects.di(da.ente).filter(al=None)
    gia = set(in_uso.values_list("voce_id", flat=True))
    return [offri(voce=voce, nome=voce.nome[:120], da=da) for voce in voci if voce.pk not in gia]


@transaction.atomic
def cambia(
    *,
    servizio: Servizio,
    nome: str,
    sinonimi: Sequence[str],
    bassa_soglia: bool,
    dal: date | None,
    da: Attore,
) -> Servizio:
    """Riscrive nome, altri nomi, bassa soglia e data d'inizio: la voce non si cambia.

    Solleva ValidationError se il nome è di un altro, o se ci sono prestazioni prima di `dal`.
    """
    da.esigi(Permesso.SERVIZI_GESTIRE)
    prima = _sue(servizio).aggregate(giorno=Min("giorno"))["giorno"]
    if dal and prima and prima < dal:
        raise ValidationError(
            {
                "dal": f"Ci sono prestazioni già dal {prima:%d/%m/%Y}: scrivi una data non successiva."
            }
        )
    _scrivi(servizio, nome=nome, sinonimi=sinonimi, bassa_soglia=bassa_soglia, dal=dal)
    return _salva(servizio, "nome", "sinonimi", "bassa_soglia", "dal")


@transaction.atomic
def chiudi(*, servizio: Servizio, al: date, da: Attore) -> Servizio:
    """Dice fino a quando l'ente ha offerto il servizio; ciò che è registrato resta.

    Solleva ValidationError se dopo quel giorno ci sono prestazioni.
    """
    da.esigi(Permesso.SERVIZI_GESTIRE)
    ultima = _sue(servizio).aggregate(giorno=Max("giorno"))["giorno"]
    if ultima and ultima > al:
        raise ValidationError(
            f"Ci sono prestazioni fino al {ultima:%d/%m/%Y}: chiudilo da quel giorno in poi."
        )
    servizio.al = al
    return _salva(servizio, "al")


@transaction.atomic
def riapri(*, servizio: Servizio, da: Attore) -> Servizio:
    """Offre di nuovo un servizio chiuso. Solleva ValidationError se un altro ha preso il suo nome."""
    da.esigi(Permesso.SERVIZI_GESTIRE)
    servizio.al = None
    _controlla_nomi(servizio)
    return _salva(servizio, "al")


def _sue(servizio: Servizio):
    return Prestazione.objects.filter(ente=servizio.ente_id, servizio=servizio)


def _scrivi(
    servizio: Servizio, *, nome: str, sinonimi: Sequence[str], bassa_soglia: bool, dal: date | None
) -> None:
    servizio.nome, servizio.bassa_soglia, servizio.dal = nome.strip(), bassa_soglia, dal
    visti = {forma_normale(nome)}
    servizio.sinonimi = []
    for altro in filter(None, map(str.strip, sinonimi)):
        if forma_normale(altro) not in visti:
            visti.add(forma_normale(altro))
            servizio.sinonimi.append(altro)
    _controlla_nomi(servizio)


def _controlla_nomi(servizio: Servizio) -> None:
    """Un nome porta a un servizio solo: importando un foglio si deve sapere quale."""
    oggi = timezone.localdate()
    altri = Servizio.objects.di(servizio.ente).in_uso(oggi).exclude(pk=servizio.pk)
    for campo, nomi in (("nome", [servizio.nome]), ("sinonimi", servizio.sinonimi)):
        for nome in nomi:
            preso = altri.con_nome(nome).first()
            if preso:
                raise ValidationError(
                    {campo: f"«{nome}» è già un nome del servizio «{preso.nome}»."}
                )


def _salva(servizio: Servizio, *campi: str) -> Servizio:
    with frasi_del_database():
        servizio.save(update_fields=campi)
    return servizio
