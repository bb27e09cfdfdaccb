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


_OGGI = "Adesso, con lo stato che il bisogno ha oggi."
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
        "Le persone senza nome, i nuclei presenti senza dire chi c'era, chi ha i dati limitati.",
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
    "senza_durata": Definizione(
        "Le prestazioni del periodo che non dicono quanto sono durate.",
        "prestazioni",
        "Una durata non detta non vale zero: la prestazione si conta, le sue ore no.",
        "Chi ha scritto una durata, anche di un minuto.",
        _ADESSO,
    ),
    "nuclei": Definizione(
        "Le volte che un nucleo era presente senza dire chi c'era.",
        "presenze di nuclei",
        "Si sommano: lo stesso nucleo venuto due volte vale due, quante che siano le persone.",
        "I nuclei di cui si è detto chi c'era: quelle sono persone.",
        _ADESSO,
    ),
    "persone_con_bisogni": Definizione(
        "Le persone con almeno un bisogno rilevato nel periodo, in quello stato.",
        "persone diverse",
        "In una riga ognuna si conta una volta; chi ha bisogni in due stati sta in due righe, e le"
        " righe non danno il totale. Due schede unite sono una persona.",
        "Chi ha i dati limitati. Chi opera conta soltanto le persone che segue.",
        _OGGI,
    ),
    "bisogni": Definizione(
        "I bisogni rilevati con la data nel periodo, per stato di oggi.",
        "bisogni",
        "Ogni rilevazione è una: di una persona con tre bisogni se ne contano tre. L'asse è quello"
        " del bisogno; con il filtro di un'azione, solo quelli delle sue prese in carico.",
        "Chi ha i dati limitati. Chi opera conta soltanto i bisogni delle persone che segue. Il"
        " filtro del servizio non vale: un bisogno è di una persona.",
        _OGGI,
    ),
    "esiti": Definizione(
        "Gli esiti registrati con la data nel periodo, per tipo.",
        "esiti",
        "Ogni esito è uno: un caso con due esiti dello stesso tipo conta due, con due di tipo"
        " diverso conta uno in ciascuna riga. L'asse è quello dell'esito, l'azione quella del caso.",
        "Gli esiti di chi ha i dati limitati. Il filtro del servizio non vale: un esito è di un"
        " caso.",
        _ADESSO,
    ),
    "casi_con_esiti": Definizione(
        "Le prese in carico che hanno almeno un esito di quel tipo nel periodo.",
        "prese in carico",
        "In una riga un caso si conta una volta, quanti che siano i suoi esiti; con due esiti di tipo"
        " diverso sta in due righe, e le righe non danno il totale.",
        "I casi senza esiti nel periodo.",
        _ADESSO,
    ),
    "segno": Definizione(
        "Se quel tipo di esito è un passo avanti, un passo indietro o nessuno dei due.",
        "parole",
        "Lo dice il vocabolario della rete per il tipo di esito, uguale per tutti gli enti.",
        "Come sta andando la persona: il segno è del tipo, non di chi lo ottiene.",
        "Quando la rete cambia il vocabolario.",
    ),
    "euro": Definizione(
        "Gli importi scritti negli esiti di quel tipo.",
        "euro",
        "Si sommano quelli scritti; se nessun esito ne dice uno la cella è vuota, e non vale zero.",
        "Gli esiti senza importo.",
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
    "senza_durata": Definizione(
        "Le prestazioni del periodo che non dicono quanto sono durate.",
        "prestazioni",
        "Numero esatto. Una durata non detta non vale zero: la prestazione si conta, le ore no.",
        "Chi ha scritto una durata, anche di un minuto.",
        _A_MESI,
    ),
    "senza_codice": Definizione(
        "Quante delle persone contate non hanno un codice che le riconosca fra due enti.",
        "persone, arrotondate a 5",
        "Stanno già fra le persone: non si aggiungono. La stessa, seguita da due enti, può essere"
        f" contata due volte. {_A_5}",
        "Chi ha il codice fiscale, e chi l'amministrazione ha confermato essere la stessa persona.",
        _A_MESI,
    ),
    "persone_con_bisogni": Definizione(
        "Le persone con almeno un bisogno rilevato nel periodo, in quello stato.",
        "persone diverse, arrotondate a 5",
        f"Chi ha bisogni in due stati sta in due righe. {_A_5}",
        "Chi ha i dati limitati.",
        _OGGI,
    ),
    "bisogni": Definizione(
        "I bisogni rilevati con la data nel periodo, per stato di oggi.",
        "bisogni, arrotondati a 5",
        f"Ogni rilevazione è una: di una persona con tre bisogni se ne contano tre. {_A_5}",
        "Chi ha i dati limitati.",
        _OGGI,
    ),
}
