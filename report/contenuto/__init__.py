"""La forma del contenuto di un'edizione: ciò che la pagina web e il PDF mostrano.

Chi compone l'edizione riempie un `Contenuto` (dalle righe congelate della base di dati); chi lo
disegna non legge altro. Tutto è dato semplice: testi, numeri, date, tuple di altre classi di
questo modulo. Regole valide ovunque:

- `None` vuol dire «la fonte non lo dice»: non è mai zero né una lista vuota. Dove un campo ammette
  `None` e tuple, `None` = la scheda non ha quella sezione, `()` = la sezione c'è ed è vuota.
- I testi sono testo semplice, mai HTML: in pagina un `<b>` scritto da qualcuno si legge `<b>`.
- Gli slug di nodi e assi sono quelli dei dati (`asti`, `poverta-educative`): servono a scegliere i
  colori e a unire le tabelle. Gli enti compaiono col nome con cui li si stampa.
- L'approssimazione di una dichiarazione è `None` (esatta), `"circa"` oppure `"oltre"`; quella di
  una cifra è `None`, `"circa"` oppure `"almeno"`.
"""

from report.contenuto.edizione import (
    AddendoContenuto,
    AsseContenuto,
    BlocchiContenuto,
    CifraContenuto,
    Contenuto,
    DropOutContenuto,
    EnteContenuto,
    EntiDiAsse,
    EntiDiNodo,
    EsitiDiNodo,
    LegameContenuto,
    NodoContenuto,
    RapportoContenuto,
    RegolaContenuto,
    ValoreDiNodo,
)
from report.contenuto.scheda import (
    AltroNumeroContenuto,
    AttivitaContenuto,
    AzioneContenuto,
    CollaborazioneContenuto,
    ConteggioContenuto,
    GiudizioContenuto,
    IndividuazioneContenuto,
    MisuratoreContenuto,
    Numero,
    OutputContenuto,
    ProsecuzioneContenuto,
    RetiContenuto,
    SchedaContenuto,
    UscitaContenuto,
    VoceContenuto,
)


__all__ = [
    "AddendoContenuto",
    "AltroNumeroContenuto",
    "AsseContenuto",
    "AttivitaContenuto",
    "AzioneContenuto",
    "BlocchiContenuto",
    "CifraContenuto",
    "CollaborazioneContenuto",
    "ConteggioContenuto",
    "Contenuto",
    "DropOutContenuto",
    "EnteContenuto",
    "EntiDiAsse",
    "EntiDiNodo",
    "EsitiDiNodo",
    "GiudizioContenuto",
    "IndividuazioneContenuto",
    "LegameContenuto",
    "MisuratoreContenuto",
    "NodoContenuto",
    "Numero",
    "OutputContenuto",
    "ProsecuzioneContenuto",
    "RapportoContenuto",
    "RegolaContenuto",
    "RetiContenuto",
    "SchedaContenuto",
    "UscitaContenuto",
    "ValoreDiNodo",
    "VoceContenuto",
]
