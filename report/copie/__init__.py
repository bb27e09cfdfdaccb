"""Le copie: dalle righe di oggi a ciò che un'edizione congela, e dall'edizione al suo contenuto."""

from report.copie.cornice import (
    Cornice,
    congela_cornice,
    cornice_corrente,
    rete_del_progetto,
    rileggi_cornice,
)
from report.copie.edizione import (
    congela_scheda,
    contenuto_dell_edizione,
    impronta_del_contenuto,
    rileggi_scheda,
)
from report.copie.scheda import SchedaCopiata, copia_della_scheda, copie_delle_schede


__all__ = [
    "Cornice",
    "SchedaCopiata",
    "congela_cornice",
    "congela_scheda",
    "contenuto_dell_edizione",
    "copia_della_scheda",
    "copie_delle_schede",
    "cornice_corrente",
    "impronta_del_contenuto",
    "rete_del_progetto",
    "rileggi_cornice",
    "rileggi_scheda",
]
