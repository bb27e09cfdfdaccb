"""Vulnerabilità, salute e tutele di una persona: tutta la lista in una pagina."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.views.decorators.http import require_http_methods

from beneficiari.azioni.condizioni import attuali, segna_condizioni
from beneficiari.forms.condizioni import CondizioniForm
from beneficiari.models import Beneficiario, CondizioneRilevata
from beneficiari.views.comune import persona_o_404, vede_i_sensibili
from beneficiari.views.rilevazioni import RICHIUSI, pagina_di_modulo, torna
from enti.permessi import Permesso, richiede


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PERSONE_SCRIVERE)
def condizioni(request, uuid):
    persona = persona_o_404(request, uuid)
    righe = CondizioneRilevata.objects.di(request.attore.ente, persona.chiavi).per_elenco()
    form = CondizioniForm(
        request.POST if request.method == "POST" else None, attuali=attuali(righe)
    )
    if request.method == "POST" and form.is_valid():
        try:
            quante = _segna(request, persona, form)
        except ValidationError as errore:
            _riporta(form, errore)
        else:
            messages.success(request, _quante(quante))
            return torna(persona, "condizioni")
    return pagina_di_modulo(request, persona, "condizioni.html", form=form)


def _segna(request: HttpRequest, persona: Beneficiario, form: CondizioniForm) -> int:
    if not vede_i_sensibili(request.attore, persona):
        raise ValidationError(RICHIUSI)
    return segna_condizioni(
        persona=persona, risposte=form.risposte, viste=form.viste, da=request.attore
    )


def _riporta(form: CondizioniForm, errore: ValidationError) -> None:
    """Le frasi accanto alla condizione di cui parlano; ciò che c'è adesso diventa il già visto."""
    if not hasattr(errore, "error_dict"):
        form.add_error(None, errore)
        return
    form.data = form.data.copy()
    for codice, frasi in errore.error_dict.items():
        form.add_error(f"risposta-{codice}", frasi)
        form.data[f"vista-{codice}"] = form[f"vista-{codice}"].initial


def _quante(quante: int) -> str:
    if quante == 0:
        return "Non c'era niente di cambiato: le risposte restano com'erano."
    return "Una risposta salvata." if quante == 1 else f"{quante} risposte salvate."
