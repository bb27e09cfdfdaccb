"""Ciò su cui poggia una condivisione: basi giuridiche, accordo fra i dodici enti, informative."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from beneficiari.dimostrazione.materiale import Materiale
from beneficiari.dimostrazione.scena import Scena, come
from enti.models import Ente
from enti.sistema import come_sistema
from privacy.azioni.regole import stringi_accordo
from privacy.caricamento import carica_basi
from privacy.gruppi import FINALITA_CONDIVISE
from privacy.models import AccordoContitolarita, Informativa


_DA_QUANTO = timedelta(720)


@dataclass(frozen=True)
class Accordo:
    """L'accordo della rete e gli enti che ne sono parte."""

    riga: AccordoContitolarita
    enti_parte: tuple[Ente, ...]


def accordo_gia_scritto(materiale: Materiale) -> bool:
    """Vero se la dimostrazione è già stata preparata: il suo accordo c'è."""
    titolo = materiale.regole["accordo"]["titolo"]
    return AccordoContitolarita.objects.filter(titolo=titolo).exists()


def scrivi_regole(materiale: Materiale, enti: Sequence[Ente], oggi: date) -> Accordo:
    """Scrive le basi giuridiche e l'accordo fra `enti`, in vigore da due anni."""
    carica_basi()
    voce = materiale.regole["accordo"]
    with come_sistema(Ente.objects.che_ospita_il_coordinamento()) as sistema:
        riga = stringi_accordo(
            titolo=voce["titolo"],
            finalita=[finalita.value for finalita in FINALITA_CONDIVISE],
            contenuto=voce["contenuto"],
            risponde=enti[0],
            contatto=voce["contatto"],
            parti=enti,
            dal=oggi - _DA_QUANTO,
            da=sistema,
        )
    return Accordo(riga, tuple(enti))


def scrivi_informative(scena: Scena, materiale: Materiale) -> None:
    """Le versioni dell'informativa dell'ente, dalla più vecchia: le pubblica chi ne risponde."""
    contatto = materiale.regole["accordo"]["contatto"]
    with come(scena.referente):
        for voce in materiale.regole["informative"]:
            ritirata = voce.get("ritirata_giorni_fa")
            riga = Informativa.objects.create(
                ente=scena.ente,
                versione=voce["versione"],
                titolo=voce["titolo"],
                testo=voce["testo"].format(ente=scena.ente.denominazione, contatto=contatto),
                finalita=voce["finalita"],
                gruppi=voce["gruppi"],
                pubblicata_il=scena.oggi - timedelta(voce["giorni_fa"]),
                ritirata_il=scena.oggi - timedelta(ritirata) if ritirata else None,
            )
            scena.informative.append(riga)
