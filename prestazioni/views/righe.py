"""Una riga già scritta: guardarla, correggerla, annullarla."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from enti.models import Utente
from enti.permessi import Permesso, richiede
from prestazioni.azioni.ognuno import appunti_di
from prestazioni.azioni.prestazioni import (
    NON_TUA,
    Presente,
    annulla as annulla_prestazione,
    puo_cambiare,
)
from prestazioni.azioni.registra import Registrazione, correggi_tutto
from prestazioni.forms.chi import (
    apertura_scritta,
    controlla_chi,
    persone_scelte,
    scelte_di,
    scelte_scritte,
)
from prestazioni.forms.ognuno import OgnunoForm
from prestazioni.forms.registra import RegistraForm, del_giorno, iniziali_dalla_riga
from prestazioni.models import (
    Affiancamento,
    FoglioOre,
    NotaDiPrestazione,
    Partecipazione,
    Prestazione,
    StoriaPrestazione,
)
from prestazioni.models.proposte import (
    Candidata,
    candidate,
    chi_c_era,
    servizi_per_uso,
    ultime_di,
)
from prestazioni.views.comune import prestazione_o_404
from prestazioni.views.registra import righe_di_oggi


CAMBIATA = "cambiata"
LEGATA = (
    "Questa prestazione non si annulla da sola: un appuntamento o un incontro di gruppo la indica."
    " Si corregge, oppure si cambia da lì."
)


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def prestazione(request, uuid):
    """Chi c'era, che cosa si è fatto, l'appunto se lo si può leggere, com'è cambiata."""
    riga = prestazione_o_404(request, uuid)
    affiancano = Affiancamento.objects.filter(ente=request.attore.ente, prestazione=riga)
    note = NotaDiPrestazione.objects.filter(ente=request.attore.ente, prestazione=riga)
    storia = StoriaPrestazione.objects.filter(ente=request.attore.ente, pgh_obj_id=riga.pk)
    dati = {
        "riga": riga,
        "partecipazioni": chi_c_era([riga])[riga.pk],
        "affiancano": list(affiancano.select_related("utente").order_by("pk")),
        "note": list(note.select_related("beneficiario", "scritta_da").order_by("pk")),
        "storia": list(storia.order_by("-pgh_id")),
        "mia": puo_cambiare(request.attore, riga),
        "firmato": FoglioOre.objects.che_ferma(riga),
    }
    return render(request, "prestazioni/riga/prestazione.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def correggi(request, uuid):
    """Riscrivere una riga. Se intanto è cambiata si vede com'è, e si decide."""
    riga = prestazione_o_404(request, uuid)
    if not puo_cambiare(request.attore, riga):
        raise PermissionDenied(NON_TUA)
    presenze = _presenze(request, riga)
    # Chi c'era come nucleo, senza dire chi, resta: qui si scelgono le persone.
    del_nucleo = [Presente(v.presa, None) for v in presenze if v.beneficiario is None]
    form = _modulo(request, riga)
    ognuno = _di_ognuno(request, riga, presenze)
    scelte = scelte_scritte(request.POST) if form.is_bound else _scelte_della_riga(presenze)
    scelti = _candidate(request, scelte)
    cambiata = None
    if _scritti_bene(form, ognuno) and controlla_chi(form, scelte, scelti, altri=bool(del_nucleo)):
        try:
            _correggi(request, riga, form, scelti, del_nucleo, ognuno)
        except ValidationError as errore:
            form.rifiutato(errore)
            cambiata = _se_cambiata(request, riga, form, errore)
        else:
            messages.success(request, "Corretta. Com'era prima resta nella storia.")
            return redirect("prestazioni:prestazione", riga.uuid)
    dati = {
        **{"riga": riga, "form": form, "ognuno": ognuno, "candidate": scelti},
        **{"del_nucleo": del_nucleo, "cambiata": cambiata},
        "servizi_in_vista": list(form.fields["servizio"].servizi.values()),
        "servizio_scelto": str(form["servizio"].value() or ""),
    }
    stato = 422 if form.is_bound else 200
    return render(request, "prestazioni/riga/correggi.html", dati, status=stato)


def _scritti_bene(form: RegistraForm, ognuno: OgnunoForm) -> bool:
    # Tutti e due, così si vedono insieme gli errori di tutti e due.
    validi = [form.is_valid(), ognuno.is_valid()]
    if not all(validi):
        return False
    restano = {utente.pk for utente in form.cleaned_data["affiancano"]}
    tolti = {utente.pk for utente in form.fields["affiancano"].utenti.values()} - restano
    return ognuno.entro(form.cleaned_data["minuti"], tolti=tolti)


def _presenze(request: HttpRequest, riga: Prestazione) -> list[Partecipazione]:
    presenze = Partecipazione.objects.filter(prestazione=riga, ente=request.attore.ente)
    return list(presenze.select_related("beneficiario__unito_a", "presa").order_by("pk"))


@require_POST
@vary_on_headers("HX-Request")
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def annulla(request, uuid):
    """Toglie la riga; la storia la conserva. Da «Registra» rende l'elenco di oggi, com'è adesso."""
    riga = prestazione_o_404(request, uuid)
    frase, riuscita = "Annullata: la riga non conta più. Nella storia resta scritto.", True
    try:
        annulla_prestazione(riga, da=request.attore)
    except ValidationError as errore:
        frase, riuscita = " ".join(errore.messages), False
    except ProtectedError:
        frase, riuscita = LEGATA, False
    if request.htmx:
        righe = righe_di_oggi(request.attore, ultime_di(request.attore))
        risposta = render(request, "prestazioni/registra/_oggi.html", {"righe": righe})
        return trigger_client_event(risposta, "notifica", {"value": frase})
    (messages.success if riuscita else messages.error)(request, frase)
    return redirect("prestazioni:registra")


def _modulo(request: HttpRequest, riga: Prestazione) -> RegistraForm:
    iniziali = {
        "uuid": riga.uuid,
        "versione": riga.versione,
        **iniziali_dalla_riga(riga),
        **del_giorno(riga.giorno),
    }
    servizi = servizi_per_uso(request.attore, riga.giorno)
    if riga.servizio not in servizi:
        servizi = [riga.servizio, *servizi]
    scritto = request.POST.copy() if request.method == "POST" else None
    form = RegistraForm(
        scritto, initial=iniziali, da=request.attore, servizi=servizi, operatore=riga.operatore_id
    )
    # Gli appunti già scritti sono uno per persona: stanno in `OgnunoForm`.
    del form.fields["nota"]
    accanto = set(_accanto(request, riga))
    utenti = form.fields["affiancano"].utenti
    form.initial["affiancano"] = [k for k, utente in utenti.items() if utente.pk in accanto]
    return form


def _di_ognuno(
    request: HttpRequest, riga: Prestazione, presenze: list[Partecipazione]
) -> OgnunoForm:
    accanto = Affiancamento.objects.filter(ente=request.attore.ente, prestazione=riga)
    return OgnunoForm(
        request.POST if request.method == "POST" else None,
        presenze=presenze,
        colleghi=list(accanto.select_related("utente").order_by("pk")),
        miei=appunti_di(riga, request.attore),
    )


def _accanto(request: HttpRequest, riga: Prestazione) -> list[int]:
    scritti = Affiancamento.objects.filter(ente=request.attore.ente, prestazione=riga)
    return list(scritti.values_list("utente", flat=True))


def _scelte_della_riga(presenze: list[Partecipazione]) -> dict[str, str]:
    """Chi c'era, con la presa in carico di allora; dopo un'unione, la persona rimasta."""
    nominate = [voce for voce in presenze if voce.beneficiario]
    rimaste = {voce.pk: voce.beneficiario.unito_a or voce.beneficiario for voce in nominate}
    return {str(rimaste[voce.pk].uuid): str(voce.presa.uuid) for voce in nominate}


def _candidate(request: HttpRequest, scelte: dict[str, str]) -> list[Candidata]:
    persone = persone_scelte(request.attore, scelte)
    return candidate(request.attore, persone, scelte=scelte)


def _correggi(
    request: HttpRequest,
    riga: Prestazione,
    form: RegistraForm,
    scelti: list[Candidata],
    del_nucleo: list[Presente],
    ognuno: OgnunoForm,
) -> None:
    dati = form.cleaned_data
    # Chi intanto ha lasciato l'ente non si può più scegliere, ma c'era.
    noti = {utente.pk for utente in form.fields["affiancano"].utenti.values()}
    usciti = Utente.objects.filter(pk__in=set(_accanto(request, riga)) - noti)
    correggi_tutto(
        riga,
        Registrazione(
            fatto=form.fatto(),
            scelte=scelte_di(scelti),
            apertura=apertura_scritta(form),
            azione=dati["azione"],
            affiancano=[*dati["affiancano"], *usciti],
        ),
        del_nucleo=del_nucleo,
        versione=dati["versione"] or 0,
        da=request.attore,
        ognuno=ognuno.ognuno(),
    )


def _se_cambiata(
    request: HttpRequest, riga: Prestazione, form: RegistraForm, errore: ValidationError
) -> Prestazione | None:
    """Com'è adesso la riga che un altro ha cambiato; il modulo riparte da quella versione."""
    if getattr(errore, "code", "") != CAMBIATA:
        return None
    adesso = prestazione_o_404(request, riga.uuid)
    form.data["versione"] = adesso.versione
    return adesso
