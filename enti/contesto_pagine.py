"""Ciò che la cornice di ogni pagina mostra: chi agisce, per chi, dove può andare."""

from django.http import HttpRequest
from django.urls import reverse

from enti.middleware import segno_di_presenza
from enti.permessi import Attore, Permesso


# (titolo, nome dell'indirizzo, permesso): una voce si vede solo se porta da qualche parte.
VOCI_DI_MENU = (
    ("Registra", "prestazioni:registra", Permesso.PRESTAZIONI_SCRIVERE),
    ("Oggi", "report:casa", Permesso.RETE_VEDERE),
    ("Persone", "beneficiari:elenco", Permesso.PERSONE_VEDERE),
    ("Casi", "beneficiari:casi_elenco", Permesso.PERSONE_VEDERE),
    ("Gruppi", "prestazioni:gruppi", Permesso.PRESTAZIONI_VEDERE),
    ("Agenda", "prestazioni:agenda", Permesso.PRESTAZIONI_SCRIVERE),
    ("Ore", "prestazioni:ore", Permesso.PRESTAZIONI_SCRIVERE),
    ("Esiti", "prestazioni:esiti", Permesso.PRESTAZIONI_VEDERE),
    ("Condivise", "beneficiari:condivise", Permesso.PERSONE_VEDERE),
    ("Cruscotto", "prestazioni:cruscotto", Permesso.CRUSCOTTO_ENTE),
    ("Cruscotto", "prestazioni:cruscotto_rete", Permesso.CRUSCOTTO_RETE),
    ("Servizi", "prestazioni:servizi", Permesso.PRESTAZIONI_VEDERE),
    ("Schede", "report:schede", Permesso.SCHEDE_VEDERE),
    ("Rapporto", "report:rapporti", Permesso.RAPPORTO_VEDERE),
    ("Enti", "enti:elenco", Permesso.RETE_VEDERE),
    ("Utenti", "enti:utenti", Permesso.UTENTI_GESTIRE),
    ("Accessi", "privacy:registro", Permesso.REGISTRI_VEDERE),
    ("Regole", "privacy:regole", Permesso.REGOLE_VEDERE),
    ("Legami", "beneficiari:collegamenti", Permesso.COLLEGAMENTI_DECIDERE),
)


def pagina_iniziale(attore: Attore) -> str:
    """Il nome della pagina con cui comincia chi agisce: chi lavora con le persone registra, gli
    altri guardano che cosa c'è da fare."""
    if attore.puo(Permesso.PRESTAZIONI_SCRIVERE) and not attore.risponde_dei_dati:
        return "prestazioni:registra"
    return "report:casa"


def cornice(request: HttpRequest) -> dict:
    """Rende `attore`, `puo_cambiare_ente`, `menu` e `segno` ai template; vuoti per chi non è
    entrato. `segno` è ciò con cui una pagina aperta chiede se può restare in vista."""
    attore = getattr(request, "attore", None)
    return {
        "attore": attore,
        "puo_cambiare_ente": len(getattr(request, "appartenenze", [])) > 1,
        "menu": _menu(request.path, attore) if attore else [],
        "segno": segno_di_presenza(attore) if attore else "",
    }


def _menu(percorso: str, attore) -> list[dict]:
    voci = [
        {"titolo": titolo, "url": reverse(nome)}
        for titolo, nome, permesso in VOCI_DI_MENU
        if attore.puo(permesso)
    ]
    casa = reverse("report:casa")
    for voce in voci:
        voce["attiva"] = (
            percorso == casa if voce["url"] == casa else percorso.startswith(voce["url"])
        )
    return voci
