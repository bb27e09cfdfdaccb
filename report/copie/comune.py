"""Dalle colonne ai valori del contenuto: vuoto diventa None, le date perdono il giorno inventato."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from assi.models import Azione, EnteDiAzione
from report.contenuto import AzioneContenuto


def numero(valore: Decimal | None) -> int | float | None:
    """Il numero di una colonna decimale: intero se lo è, None se non è detto."""
    if valore is None:
        return None
    return int(valore) if valore == int(valore) else float(valore)


def data_parziale(giorno: date | None, al_mese: bool) -> str | None:
    """La data com'era nota: «2019-09» se si sapeva solo il mese, altrimenti il giorno intero."""
    if giorno is None:
        return None
    return f"{giorno:%Y-%m}" if al_mese else giorno.isoformat()


def nomi(sigle: Iterable[str], per_sigla: Mapping[str, str]) -> tuple[str, ...]:
    """I nomi di alcune sigle, nello stesso ordine; una sigla ignota resta com'è scritta."""
    return tuple(per_sigla.get(sigla, sigla) for sigla in sigle)


def partecipanti_di_azione(percorso: str = "partecipanti") -> Prefetch:
    """Gli enti di un'azione, già pronti per `contenuto_dell_azione`."""
    return Prefetch(percorso, EnteDiAzione.objects.select_related("ente").order_by("ordine", "pk"))


def contenuto_dell_azione(azione: Azione) -> AzioneContenuto:
    """Un'attività; l'azione ha già l'asse e i partecipanti (`partecipanti_di_azione`)."""
    partecipanti = azione.partecipanti.all()
    return AzioneContenuto(
        titolo=azione.titolo,
        asse=azione.asse.slug,
        enti=tuple(p.ente.nome_breve for p in partecipanti if not p.collaboratore),
        collaboratori=tuple(p.ente.nome_breve for p in partecipanti if p.collaboratore),
        luoghi=tuple(azione.luoghi),
        inizio=data_parziale(azione.inizio, azione.inizio_al_mese),
        fine=data_parziale(azione.fine, azione.fine_al_mese),
        servizi=tuple(azione.servizi),
        integrativa=azione.integrativa,
    )
