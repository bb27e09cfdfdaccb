"""I disegni delle pagine: gli stessi del PDF, tenuti in memoria con l'edizione."""

from collections.abc import Callable, Sequence

from enti.models import Ente
from registro.comune.grafici import Grafico, colore_nodo
from report import figure
from report.contenuto import Contenuto
from report.grafici.ventaglio import ventaglio
from report.prospetti import nome_breve
from report.views.edizione import Edizione, ricordato


DISEGNI: dict[str, Callable[[Contenuto], object]] = {
    "mappa": figure.mappa_dei_nodi,
    "beneficiari": figure.beneficiari_per_nodo,
    "canali": figure.canali_di_individuazione,
    "misuratori": figure.misuratori_di_rete,
    "attivita": figure.attivita_per_tipo,
    "rete": figure.rete_prima_e_dopo,
    "contatti": figure.contatti_esterni,
}


def disegno(letta: Edizione, nome: str) -> Grafico:
    """Il disegno `nome` (una chiave di `DISEGNI`) dell'edizione."""
    return ricordato(letta.rapporto, nome, lambda: DISEGNI[nome](letta.contenuto))


def giudizi_dell_asse(letta: Edizione, slug: str, denominazione: str) -> Grafico | None:
    """I giudizi delle schede sugli indicatori di un asse, o None se nessuna ne dà."""
    return ricordato(
        letta.rapporto,
        f"giudizi-{slug}",
        lambda: figure.giudizi_di_asse(letta.contenuto, slug, denominazione),
    )


def misuratori_della_scheda(letta: Edizione, slug: str) -> list[Grafico]:
    """I misuratori di una scheda, uno per semicerchio."""
    nomi = {asse.slug: asse.denominazione for asse in letta.contenuto.assi}
    return ricordato(
        letta.rapporto,
        f"misuratori-{slug}",
        lambda: figure.misuratori_di_scheda(letta.scheda(slug), nomi),
    )


def legami_dell_ente(
    letta: Edizione, ente: Ente, prima: Sequence[str], nuovi: Sequence[str]
) -> Grafico:
    """L'ente in mezzo; da una parte chi conosceva già, dall'altra chi ha conosciuto (nomi)."""
    return ricordato(
        letta.rapporto,
        f"legami-{ente.slug}",
        lambda: ventaglio(
            f"Con chi lavora {ente.nome_breve}",
            nome_breve(ente.nome_breve),
            prima,
            nuovi,
            colore=colore_nodo(ente.nodo.slug if ente.nodo else None),
            descrizione=(
                f"{ente.nome_breve} lavorava già con {len(prima)} soggetti "
                f"e ne ha conosciuti {len(nuovi)} nel progetto."
            ),
        ),
    )
