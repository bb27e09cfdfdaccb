"""«I tuoi dati»: il foglio che si dà alla persona. Chi tiene i suoi dati, quali, chi li ha letti."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from beneficiari.agganci import altri_prospetti
from beneficiari.documenti.composto import Composto, pagina
from beneficiari.documenti.lingue import lingua_di
from beneficiari.documenti.regole import sensibili_aperti
from beneficiari.documenti.righe import prospetti_di
from beneficiari.models import Autorizzazione, Beneficiario, Consenso, DocumentoDiPersona
from enti.models import Ente
from enti.permessi import Attore
from privacy.gruppi import GRUPPI_SENSIBILI, Finalita, Gruppo
from privacy.models import AccordoContitolarita, RegistroAccessi


TITOLO = "I tuoi dati"
# Un PDF con più righe costa troppo; le altre si leggono, e si esportano, in «Chi ha letto».
LETTURE_STAMPATE = 1000


@dataclass(frozen=True, slots=True)
class GiornoDiLettura:
    """Un giorno in cui un ente ha letto dati della persona per una finalità."""

    giorno: date
    ente: str
    finalita: str
    gruppi: list[str]
    volte: int


def scheda_della_persona(documento: DocumentoDiPersona, attore: Attore) -> Composto:
    """Il foglio della persona del proprio ente, con i soli gruppi che chi lo stampa vede.

    Solleva Beneficiario.DoesNotExist se la persona non si vede.
    """
    persona = Beneficiario.objects.di(attore.ente).get(pk=documento.beneficiario_id)
    chiavi = persona.chiavi
    gruppi = set(Gruppo)
    if not sensibili_aperti(attore, chiavi):
        gruppi -= GRUPPI_SENSIBILI
    letture = _letture(chiavi, attore.ente)
    html = pagina(
        "scheda",
        documento,
        TITOLO,
        persona=persona,
        lingua=lingua_di(persona.lingue),
        prospetti=[
            *prospetti_di(chiavi, ente=persona.ente_id, gruppi=gruppi),
            *altri_prospetti(chiavi, ente=persona.ente_id, gruppi=gruppi),
        ],
        taciuti=[gruppo.label for gruppo in Gruppo if gruppo not in gruppi],
        consensi=Consenso.objects.filter(ente=attore.ente, beneficiario__in=chiavi).per_elenco(),
        autorizzazioni=Autorizzazione.objects.date_da(attore.ente)
        .filter(beneficiario__in=chiavi)
        .per_elenco(),
        letture=letture[:LETTURE_STAMPATE],
        altre_letture=max(len(letture) - LETTURE_STAMPATE, 0),
        accordi=AccordoContitolarita.objects.in_vigore()
        .filter(parti__ente=attore.ente)
        .distinct(),
    )
    return Composto(TITOLO, html=html)


def _letture(chiavi: list[int], ente: Ente) -> list[GiornoDiLettura]:
    """Le letture raccolte per giorno, ente e finalità, dalla più recente; mai chi lavora."""
    voci = (
        RegistroAccessi.objects.delle_righe(chiavi)
        .filter(ente_titolare=ente)
        .values_list("quando", "ente", "finalita", "gruppi")
    )
    raccolte: dict[tuple[date, int, str], tuple[set[str], int]] = {}
    for quando, chi, finalita, gruppi in voci.iterator():
        posto = (timezone.localtime(quando).date(), chi, finalita)
        visti, volte = raccolte.get(posto, (set(), 0))
        raccolte[posto] = (visti | set(gruppi), volte + 1)
    nomi = Ente.objects.in_bulk({chi for _, chi, _ in raccolte})
    return [
        GiornoDiLettura(
            giorno,
            nomi[chi].denominazione,
            Finalita(finalita).label,
            [Gruppo(gruppo).label for gruppo in Gruppo if gruppo in visti],
            volte,
        )
        for (giorno, chi, finalita), (visti, volte) in raccolte.items()
    ]
