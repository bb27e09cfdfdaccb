"""Le copie di sicurezza: quanto è vecchia l'ultima, e quando si è provato a ripristinarla."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from enti.permessi import Permesso, richiede
from registro.comune.copie import LIMITI
from registro.comune.salute import giudizi_delle_copie


# Come si legge ogni esito: parola e tono del distintivo.
_IN_PAROLE = {
    "ok": ("a posto", "success"),
    "vecchia": ("troppo vecchia", "danger"),
    "fallita": ("non riuscita", "danger"),
    "mai": ("mai fatta", "danger"),
}


@require_safe
@richiede(Permesso.SERVIZIO_VEDERE)
def copie(request):
    giudizi = giudizi_delle_copie()
    voci = [
        {
            "nome": nome,
            "riuscita_il": giudizio.riuscita_il,
            "parole": _IN_PAROLE[giudizio.esito][0],
            "tono": _IN_PAROLE[giudizio.esito][1],
        }
        for nome, giudizio in giudizi.items()
    ]
    dati = {
        "voci": voci,
        "rosso": any(giudizio.rosso for giudizio in giudizi.values()),
        "ore": round(LIMITI["copia"].total_seconds() / 3600),
        "giorni": LIMITI["prova"].days,
    }
    return render(request, "enti/copie.html", dati)
