"""Da quale rete arriva una richiesta: serve a contare i tentativi e a dire a ognuno da dove è entrato."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


# Un abbonato a una rete IPv6 ne ha una intera di queste: contare gli indirizzi uno per uno non serve.
_RETE_V6 = 64
# La colonna di chi lo conserva vuole un indirizzo: questo sta per «non si sa».
INDIRIZZO_IGNOTO = "0.0.0.0"  # noqa: S104 - non ci si mette in ascolto


def indirizzo_di_provenienza(request: HttpRequest) -> str:
    """L'indirizzo di chi chiede, come lo dice l'ultimo passaggio fidato; "" se non si sa.

    Ogni passaggio aggiunge in coda a X-Forwarded-For l'indirizzo che ha visto: si contano da destra
    quelli che conosciamo (`PASSAGGI_FIDATI`). Ciò che sta più a sinistra l'ha scritto chi chiede.
    """
    visto = request.META.get("REMOTE_ADDR", "")
    if settings.PASSAGGI_FIDATI:
        passi = [p for p in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if p.strip()]
        if len(passi) >= settings.PASSAGGI_FIDATI:
            visto = passi[-settings.PASSAGGI_FIDATI]
    try:
        return str(_semplice(visto.strip()))
    except ValueError:
        return ""


def rete_di_provenienza(request: HttpRequest) -> str | None:
    """L'indirizzo IPv4, o la rete /64 di quello IPv6; None se non si sa."""
    indirizzo = indirizzo_di_provenienza(request)
    if not indirizzo:
        return None
    if ":" not in indirizzo:
        return indirizzo
    return str(ip_network(f"{indirizzo}/{_RETE_V6}", strict=False).network_address)


def rete_in_parole(indirizzo: str) -> str:
    """Una rete detta all'ingrosso: «93.44.x.x», «2001:b07:…»; «questa macchina» se è locale."""
    numero = _semplice(indirizzo)
    if numero.is_loopback:
        return "questa macchina"
    if isinstance(numero, IPv6Address):
        return f"{':'.join(numero.exploded.split(':')[:3])}:…"
    return f"{'.'.join(str(numero).split('.')[:2])}.x.x"


def _semplice(indirizzo: str):
    numero = ip_address(indirizzo)
    return getattr(numero, "ipv4_mapped", None) or numero
