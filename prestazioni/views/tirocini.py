"""La pagina di un tirocinio e i suoi gesti: ore, proroga, fine, assunzione."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beneficiari.views.casi import cornice_del_caso, presa_in_mano_o_403
from enti.permessi import Permesso, richiede
from prestazioni.azioni import tirocini as azioni
from prestazioni.forms.tirocini import (
    AssunzioneForm,
    FineTirocinioForm,
    OreForm,
    ProrogaForm,
    TirocinioForm,
)
from prestazioni.models import Esito, Tirocinio
from prestazioni.sguardi.tirocini import OreDiTirocinio, ore_di, troppo_lungo
from prestazioni.views.percorsi import (
    gesto,
    modulo,
    modulo_del_percorso,
    pagina_di,
    percorso_in_mano_o_403,
    percorso_o_404,
    scritti,
)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def nuovo(request, uuid):
    presa = presa_in_mano_o_403(request, uuid)
    form = TirocinioForm(scritti(request), initial={"inizio": timezone.localdate()})

    def fai(campi: dict) -> tuple[str, str]:
        aperto = azioni.apri_tirocinio(presa=presa, da=request.attore, **campi)
        return _com_e_nato(aperto), pagina_di(aperto)

    return modulo(
        request,
        presa,
        form,
        fai,
        titolo="Nuovo tirocinio",
        bottone="Apri il tirocinio",
        torna=reverse("prestazioni:esiti_caso", args=[presa.uuid]),
    )


@require_safe
@richiede(Permesso.PRESTAZIONI_VEDERE)
def tirocinio(request, uuid):
    letto = percorso_o_404(request, Tirocinio, uuid)
    dati = cornice_del_caso(request, letto.presa)
    dati |= {
        "tirocinio": letto,
        "ore": ore_di(letto),
        "avvertenza": troppo_lungo(letto),
        "esiti": Esito.objects.di(letto.ente).filter(tirocinio=letto).per_elenco().dagli_ultimi(),
    }
    return render(request, "prestazioni/esiti/tirocinio.html", dati)


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def modifica(request, uuid):
    scelto = percorso_in_mano_o_403(request, Tirocinio, uuid)
    form = TirocinioForm(scritti(request), initial=TirocinioForm.iniziali(scelto))

    def fai(campi: dict) -> str:
        azioni.cambia_tirocinio(tirocinio=scelto, da=request.attore, **campi)
        return "Tirocinio salvato."

    return modulo_del_percorso(request, scelto, form, fai, titolo="Modifica il tirocinio")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def ore(request, uuid):
    scelto = percorso_in_mano_o_403(request, Tirocinio, uuid)
    form = OreForm(scritti(request), initial={"ore_svolte": scelto.ore_svolte})

    def fai(campi: dict) -> str:
        azioni.scrivi_ore(tirocinio=scelto, da=request.attore, **campi)
        return "Ore segnate."

    return modulo_del_percorso(request, scelto, form, fai, titolo="Ore fatte")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def proroga(request, uuid):
    scelto = percorso_in_mano_o_403(request, Tirocinio, uuid)
    form = ProrogaForm(scritti(request), initial={"ore_previste": scelto.ore_previste})

    def fai(campi: dict) -> str:
        azioni.proroga_tirocinio(tirocinio=scelto, da=request.attore, **campi)
        return "Tirocinio prorogato."

    return modulo_del_percorso(request, scelto, form, fai, titolo="Proroga", bottone="Proroga")


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def fine(request, uuid):
    scelto = percorso_in_mano_o_403(request, Tirocinio, uuid)
    iniziali = {
        "fine": min(scelto.fine_prevista, timezone.localdate()),
        "ore_svolte": scelto.ore_svolte,
        "esito": ore_di(scelto).esito,
    }
    form = FineTirocinioForm(scritti(request), initial=iniziali)

    def fai(campi: dict) -> str:
        azioni.finisci_tirocinio(tirocinio=scelto, da=request.attore, **campi)
        return "Tirocinio finito: l'esito è fra quelli della presa in carico."

    # Il conto segue le ore appena scritte, anche se il modulo torna indietro.
    scritte = form.cleaned_data.get("ore_svolte") if form.is_bound and form.is_valid() else None
    conti = OreDiTirocinio(scelto.ore_svolte if scritte is None else scritte, scelto.ore_previste)
    return modulo_del_percorso(
        request,
        scelto,
        form,
        fai,
        titolo="Com'è finito il tirocinio",
        bottone="Finisci il tirocinio",
        modello="prestazioni/esiti/fine_tirocinio.html",
        ore=conti,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def assunzione(request, uuid):
    scelto = percorso_in_mano_o_403(request, Tirocinio, uuid)
    form = AssunzioneForm(scritti(request), initial={"assunzione_il": scelto.assunzione_il})

    def fai(campi: dict) -> str:
        azioni.segna_assunzione(tirocinio=scelto, da=request.attore, **campi)
        return "Assunzione registrata fra gli esiti."

    return modulo_del_percorso(request, scelto, form, fai, titolo="Assunzione dopo il tirocinio")


@require_POST
@richiede(Permesso.PRESTAZIONI_SCRIVERE)
def riapri(request, uuid):
    scelto = percorso_in_mano_o_403(request, Tirocinio, uuid)
    return gesto(
        request,
        lambda: azioni.riapri_tirocinio(tirocinio=scelto, da=request.attore),
        frase="Il tirocinio è di nuovo in corso.",
        dove=pagina_di(scelto),
    )


def _com_e_nato(aperto: Tirocinio) -> str:
    if aperto.inizio < aperto.presa.aperta_il:
        return (
            "Tirocinio aperto. È cominciato prima della presa in carico: l'avvio non è un suo"
            " esito, e non si è registrato."
        )
    return "Tirocinio aperto, con il suo esito «avviato»."
