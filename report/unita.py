"""Le unità dei conteggi, al singolare quando il numero è uno."""

AL_SINGOLARE = {
    "individui": "individuo",
    "nuclei": "nucleo",
    "aziende": "azienda",
    "enti": "ente",
    "tirocini": "tirocinio",
    "percorsi": "percorso",
    "segnalazioni": "segnalazione",
    "esperienze": "esperienza",
    "giorni": "giorno",
    "mesi": "mese",
    "anni": "anno",
    "ore": "ora",
    "incontri": "incontro",
    "visite": "visita",
    "posti": "posto",
    "invii": "invio",
}


def accordata(unita: str, quanti) -> str:
    """L'unità accordata col numero: 1 e «nuclei» → «nucleo»."""
    return AL_SINGOLARE.get(unita, unita) if quanti == 1 else unita
