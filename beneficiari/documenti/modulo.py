"""Il modulo di consenso da firmare su carta, in parole semplici."""

from beneficiari.documenti.composto import Composto, pagina
from beneficiari.models import Beneficiario, DocumentoDiPersona
from beneficiari.models.consensi import Consenso
from enti.permessi import Attore
from privacy.gruppi import Finalita, Gruppo
from privacy.models import AccordoContitolarita


TITOLO = "Modulo di consenso"


def modulo_di_consenso(documento: DocumentoDiPersona, attore: Attore) -> Composto:
    """Il modulo di una versione dell'informativa, per una persona o in bianco.

    Chi accede in anonimo ha il suo codice e nessuna riga per il nome. Solleva
    Beneficiario.DoesNotExist se la persona non si vede.
    """
    informativa = documento.informativa
    persona = None
    if documento.beneficiario_id:
        persona = Beneficiario.objects.di(attore.ente).get(pk=documento.beneficiario_id)
    html = pagina(
        "modulo",
        documento,
        TITOLO,
        persona=persona,
        informativa=informativa,
        finalita=[Finalita(voce).label for voce in informativa.finalita],
        gruppi=[Gruppo(voce).label for voce in informativa.gruppi],
        firmatari=[voce.label for voce in Consenso.Firmatario],
        accordi=AccordoContitolarita.objects.in_vigore()
        .filter(parti__ente=attore.ente, finalita__overlap=informativa.finalita)
        .distinct(),
    )
    return Composto(TITOLO, html=html)
