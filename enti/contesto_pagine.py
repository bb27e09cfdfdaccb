"""Ciò che la cornice di ogni pagina mostra: chi agisce, per chi, dove può andare."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from enti.middleware import segno_di_presenza
from enti.permessi import Attore, Permesso


# (gruppo, titolo, nome dell'indirizzo, permesso): una voce si vede solo se porta da qualche parte.
# Senza gruppo sta in vista; un gruppo si apre, e con una voce sola è quella voce.
VOCI_DI_MENU = (
    ("", "Registra", "prestazioni:registra", Permesso.PRESTAZIONI_SCRIVERE),
    ("", "Oggi", "report:casa", Permesso.RETE_VEDERE),
    ("", "Agenda", "prestazioni:agenda", Permesso.PRESTAZIONI_SCRIVERE),
    ("", "Persone", "beneficiari:elenco", Permesso.PERSONE_VEDERE),
    ("", "Casi", "beneficiari:casi_elenco", Permesso.PERSONE_VEDERE),
    ("", "Gruppi", "prestazioni:gruppi", Permesso.PRESTAZIONI_VEDERE),
    ("Lavoro fatto", "Prestazioni", "prestazioni:elenco", Permesso.PRESTAZIONI_VEDERE),
    ("Lavoro fatto", "Ore", "prestazioni:ore", Permesso.PRESTAZIONI_SCRIVERE),
    ("Lavoro fatto", "Esiti", "prestazioni:esiti", Permesso.PRESTAZIONI_VEDERE),
    ("Numeri", "Cruscotto", "prestazioni:cruscotto", Permesso.CRUSCOTTO_ENTE),
    ("Numeri", "Cruscotto", "prestazioni:cruscotto_rete", Permesso.CRUSCOTTO_RETE),
    ("Numeri", "Schede", "report:schede", Permesso.SCHEDE_VEDERE),
    ("Numeri", "Rapporto", "report:rapporti", Permesso.RAPPORTO_VEDERE),
    (
        "Rete",
        "Richieste delle persone",
        "beneficiari:richieste_della_rete",
        Permesso.DIRITTI_VIGILARE,
    ),
    ("Rete", "Condivise con noi", "beneficiari:condivise", Permesso.PERSONE_VEDERE),
    ("Rete", "Emergenza", "beneficiari:emergenza_nuova", Permesso.PERSONE_VEDERE),
    ("Rete", "Enti", "enti:elenco", Permesso.RETE_VEDERE),
    ("Rete", "Regole", "privacy:regole", Permesso.REGOLE_VEDERE),
    ("Rete", "Legami", "beneficiari:collegamenti", Permesso.COLLEGAMENTI_DECIDERE),
    ("Gestione", "Richieste", "beneficiari:richieste", Permesso.DIRITTI_RACCOGLIERE),
    ("Gestione", "Servizi", "prestazioni:servizi", Permesso.PRESTAZIONI_VEDERE),
    ("Gestione", "Importa", "prestazioni:importa", Permesso.IMPORTARE),
    ("Gestione", "Utenti", "enti:utenti", Permesso.UTENTI_GESTIRE),
    ("Gestione", "Copie di sicurezza", "enti:copie", Permesso.SERVIZIO_VEDERE),
    ("Gestione", "Registri", "privacy:registri", Permesso.REGISTRI_VEDERE),
    ("Gestione", "Violazioni", "beneficiari:violazioni", Permesso.VIOLAZIONI_VEDERE),
    ("Gestione", "Emergenze", "beneficiari:emergenze", Permesso.REGISTRI_VEDERE),
)


def pagina_iniziale(attore: Attore) -> str:
    """Il nome della pagina con cui comincia chi agisce: chi lavora con le persone registra, gli
    altri guardano che cosa c'è da fare."""
    if attore.puo(Permesso.PRESTAZIONI_SCRIVERE) and not attore.risponde_dei_dati:
        return "prestazioni:registra"
    return "report:casa"


def cornice(request: HttpRequest) -> dict:
    """Rende `attore`, `puo_cambiare_ente`, `menu` e `segno` ai template; vuoti per chi non è
    entrato. `contatto_dpo` è in ogni pagina (art. 37 GDPR). `segno` è ciò con cui una pagina aperta chiede se può restare in vista."""
    attore = getattr(request, "attore", None)
    ferma = getattr(request, "solo_attivazione", False)
    return {
        "attore": attore,
        "puo_cambiare_ente": len(getattr(request, "appartenenze", [])) > 1 and not ferma,
        "menu": _menu(request.path, attore) if attore and not ferma else [],
        "segno": segno_di_presenza(attore) if attore else "",
        "contatto_dpo": settings.CONTATTO_DPO,
    }


def _menu(percorso: str, attore: Attore) -> list[dict]:
    """Le voci in vista e i gruppi, nell'ordine della tabella: `titolo`, `url` (o `voci`), `attiva`."""
    menu: dict[str, dict] = {}
    for gruppo, titolo, nome, permesso in VOCI_DI_MENU:
        if attore.puo(permesso):
            voce = _voce(titolo, _indirizzo(nome), percorso)
            chiave = gruppo or titolo
            menu.setdefault(chiave, {"titolo": chiave, "voci": []})["voci"].append(voce)
    return [
        gruppo["voci"][0]
        if len(gruppo["voci"]) == 1
        else gruppo | {"attiva": any(voce["attiva"] for voce in gruppo["voci"])}
        for gruppo in menu.values()
    ]


@cache
def _indirizzo(nome: str) -> str:
    # Le voci sono le stesse in ogni pagina, e l'indirizzo di ognuna non cambia a programma acceso.
    return reverse(nome)


def _voce(titolo: str, url: str, percorso: str) -> dict:
    casa = url == _indirizzo("report:casa")
    attiva = percorso == url if casa else percorso.startswith(url)
    return {"titolo": titolo, "url": url, "attiva": attiva}
