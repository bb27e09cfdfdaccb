"""I modelli di scheda che accompagnano il programma, letti dai loro file e salvati."""

from collections.abc import Sequence

from django.conf import settings

from registro.comune.allineamento import allinea
from report.caricamento.lettura import leggi_forma
from report.caricamento.yaml_sicuro import leggi_yaml
from report.modello_scheda import ModelloLetto
from report.models import ModelloScheda


# Quello con cui le schede di una cartella sono state compilate.
MONITORAGGIO = "monitoraggio"


def leggi_modelli() -> list[ModelloLetto]:
    """I modelli di `dati/modelli/`. Solleva `CartellaRifiutata` se uno è malformato."""
    cartella = settings.CARTELLA_BASE / "dati" / "modelli"
    return [
        leggi_forma(ModelloLetto, leggi_yaml(file), file.name)
        for file in sorted(cartella.glob("*.yaml"))
    ]


def salva_modelli(letti: Sequence[ModelloLetto]) -> ModelloScheda:
    """Allinea i modelli salvati a quelli letti; rende l'ultima versione del monitoraggio."""
    voluti = [
        ModelloScheda(
            slug=letto.slug,
            versione=letto.versione,
            titolo=letto.titolo,
            sezioni=[sezione.model_dump(mode="json") for sezione in letto.sezioni],
        )
        for letto in letti
    ]
    allineati = allinea(
        ModelloScheda.objects.all(),
        voluti,
        chiave=lambda modello: (modello.slug, modello.versione),
        campi=("titolo", "sezioni"),
    )
    monitoraggi = [m for m in allineati.righe.values() if m.slug == MONITORAGGIO]
    return max(monitoraggi, key=lambda modello: modello.versione)


def etichette_dei_risultati(letti: Sequence[ModelloLetto]) -> dict[str, str]:
    """Come si legge ogni tipo di risultato che i modelli conoscono."""
    return {
        tipo.codice: tipo.etichetta
        for letto in letti
        for sezione in letto.sezioni
        for domanda in sezione.domande
        for tipo in domanda.tipi
    }
