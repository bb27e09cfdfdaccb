"""Che cosa conta ogni numero di un cruscotto: si legge aprendo la cifra, in pagina."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Definizione:
    """Come si legge un numero: che cosa conta, in che unità, con quale regola, che cosa ne resta
    fuori e quando si calcola."""

    che_cosa: str
    unita: str
    regola: str
    fuori: str
    quando: str


_ADESSO = "Adesso, sulle righe dell'ente."
_A_MESI = (
    "Ogni tre minuti, sui mesi in cui qualcosa è cambiato; i giorni si guardano a mesi interi."
)
_A_5 = "Arrotondato al multiplo di 5 più vicino, ciascun numero da capo: le righe non danno il totale."

DELL_ENTE = {
    "prestazioni": Definizione(
        "Le prestazioni registrate con la data nel periodo.",
        "prestazioni",
        "Una riga di «Registra» è una prestazione, qualunque sia il numero di persone; un incontro"
        " di gruppo è una prestazione.",
        "Le prestazioni annullate e gli appuntamenti non ancora registrati.",
        _ADESSO,
    ),
    "ore": Definizione(
        "Le durate scritte nelle prestazioni.",
        "ore",
        "La durata di ogni prestazione una volta sola, qualunque sia il numero di persone e di"
        " operatori presenti.",
        "Le prestazioni senza durata, che non valgono zero e si contano a parte; le attività senza"
        " persone davanti e le ore di chi affianca, che stanno nei fogli ore.",
        _ADESSO,
    ),
    "persone": Definizione(
        "Le persone con un nome presenti ad almeno una prestazione.",
        "persone diverse",
        "Chi c'era più volte, o per più azioni, si conta una volta sola; due schede unite sono una"
        " persona. Per questo le righe di una tavola non danno il totale.",
        "Le persone senza nome e i nuclei presenti senza dire chi c'era.",
        _ADESSO,
    ),
    "senza_nome": Definizione(
        "Le persone senza nome scritte nelle prestazioni, per esempio di bassa soglia.",
        "presenze",
        "Si sommano: la stessa persona venuta due volte vale due. Non si aggiungono alle persone.",
        "Chi ha un nome.",
        _ADESSO,
    ),
    "casi": Definizione(
        "Le prese in carico aperte alla fine dell'ultimo giorno del periodo.",
        "prese in carico",
        "Aperte entro quel giorno e non ancora chiuse. Di una persona con due azioni se ne contano"
        " due; quella di un nucleo è una.",
        "Il filtro del servizio: un caso è di un'azione. Una presa riaperta risulta aperta anche"
        " nei giorni in cui era chiusa.",
        _ADESSO,
    ),
}
DELLA_RETE = {
    "prestazioni": Definizione(
        "Le prestazioni registrate dagli enti, con la data nel periodo.",
        "prestazioni",
        "Numero esatto. Il nodo è quello dell'ente, non del luogo in cui si è svolta.",
        "Le prestazioni annullate.",
        _A_MESI,
    ),
    "ore": Definizione(
        "Le durate scritte nelle prestazioni.",
        "ore",
        "Numero esatto: la durata di ogni prestazione una volta sola.",
        "Le prestazioni senza durata, contate a parte; le attività senza persone davanti.",
        _A_MESI,
    ),
    "persone": Definizione(
        "Le persone con un nome presenti ad almeno una prestazione.",
        "persone diverse, arrotondate a 5",
        "Chi è seguito da più enti si conta una volta se il codice fiscale è lo stesso, o se chi"
        f" amministra ha confermato che è la stessa persona. {_A_5}",
        "Le persone senza nome e i nuclei presenti senza dire chi c'era. Chi non ha un codice può"
        " essere contato una volta per ogni ente che lo segue: accanto c'è quanti sono.",
        _A_MESI,
    ),
    "senza_nome": Definizione(
        "Le persone senza nome scritte nelle prestazioni.",
        "presenze, arrotondate a 5",
        f"Si sommano: la stessa persona venuta due volte vale due. {_A_5}",
        "Chi ha un nome.",
        _A_MESI,
    ),
    "casi": Definizione(
        "Le prese in carico aperte alla fine dell'ultimo mese del periodo.",
        "prese in carico, arrotondate a 5",
        f"Aperte entro quel giorno e non ancora chiuse. {_A_5}",
        "Una presa riaperta risulta aperta anche nei giorni in cui era chiusa.",
        "Adesso, sulle righe degli enti.",
    ),
}
