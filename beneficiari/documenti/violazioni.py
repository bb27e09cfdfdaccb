"""Le carte di una violazione: la notifica al Garante e la lettera a ogni persona colpita."""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from beneficiari.models import Beneficiario
from privacy.gruppi import Gruppo
from privacy.models import Violazione
from privacy.models.violazioni import Colpita
from registro.comune.stampa.motore import stampa


FOGLIO = "privacy/registri.css"
# Oltre, chi lo chiede aspetterebbe troppo davanti alla pagina.
LETTERE_AL_MASSIMO = 200


class TroppeLettere(ValueError):
    """Più lettere di quante se ne compongano in una richiesta."""


def notifica_al_garante(violazione: Violazione) -> bytes:
    """La bozza della notifica (art. 33.3 GDPR) in PDF: numeri e categorie, mai nomi."""
    colpite = violazione.colpite()
    gruppi = {gruppo for voce in colpite for gruppo in voce.gruppi}
    return _pdf(
        "stampa_notifica",
        "Notifica di una violazione di dati personali",
        violazione=violazione,
        quante=len(colpite),
        gruppi=[voce.label for voce in Gruppo if voce.value in gruppi],
    )


def lettere_alle_persone(
    violazione: Violazione, persone: Iterable[tuple[Beneficiario, Colpita]]
) -> bytes:
    """Una lettera per persona (art. 34 GDPR), con ciò che di lei si è letto. Solleva TroppeLettere."""
    coppie = list(persone)
    if len(coppie) > LETTERE_AL_MASSIMO:
        raise TroppeLettere(
            f"Sono {len(coppie)} lettere: troppe per un documento solo. Restringi il periodo."
        )
    return _pdf(
        "stampa_lettere", "Avviso di una violazione di dati", violazione=violazione, persone=coppie
    )


def _pdf(modello: str, titolo: str, **dati) -> bytes:
    """Solleva RisorsaMancanteError se mancano caratteri o stili."""
    html = render_to_string(
        f"beneficiari/violazioni/{modello}.html",
        {
            "titolo": titolo,
            "oggi": timezone.localdate(),
            "contatto_dpo": settings.CONTATTO_DPO,
            **dati,
        },
    )
    return stampa(
        html,
        titolo=titolo,
        foglio=FOGLIO,
        creato=timezone.now(),
        identificativo=hashlib.sha256(html.encode()).hexdigest(),
    ).contenuto
