"""Che cosa si può leggere in un foglio, per tipo, e come lo chiamano gli enti."""

from dataclasses import dataclass

from prestazioni.models import Importazione
from registro.comune.fogli.colonne import Campo


Tipo = Importazione.Tipo


@dataclass(frozen=True, slots=True)
class CampoDelFoglio:
    """Un campo: `nome` interno, `etichetta` per chi abbina, `sinonimi` come si trova scritto."""

    nome: str
    etichetta: str
    sinonimi: tuple[str, ...]

    @property
    def da_abbinare(self) -> Campo:
        return Campo(self.nome.replace("_", " "), (self.etichetta, *self.sinonimi))


def _campo(nome: str, etichetta: str, *sinonimi: str) -> CampoDelFoglio:
    return CampoDelFoglio(nome, etichetta, sinonimi)


_CHI = (
    _campo(
        *("cognome", "Cognome", "cognomi", "cognome beneficiario", "cognome utente"),
        *("beneficiario cognome", "persona cognome", "cognome persona", "surname"),
    ),
    _campo(
        *("nome", "Nome", "nome beneficiario", "nome utente", "beneficiario nome"),
        *("persona nome", "nome persona", "nome di battesimo", "nome proprio"),
    ),
    _campo(
        *("persona", "Cognome e nome insieme", "cognome e nome", "nome e cognome", "nominativo"),
        *("nominativi", "beneficiario", "beneficiari", "beneficiario/a", "utente", "utenti"),
        *("persone", "presenti", "partecipanti", "partecipante", "chi", "assistito"),
        *("cognome/nome", "nome completo", "ragazzi", "ospite", "ospiti", "destinatario"),
        *("destinatari", "presenze", "cognome nome", "nome cognome"),
    ),
    _campo(
        *("nascita", "Data di nascita", "data nascita", "nato il", "nata il", "nato/a il"),
        *("data nasc", "nascita", "dt nascita", "data di nascita persona", "nato a il"),
        *("data di nascita beneficiario", "birth date"),
    ),
    _campo(
        *("codice", "Codice fiscale, STP o ENI", "codice fiscale", "cf", "c.f.", "cod fiscale"),
        *("cod fisc", "codice fisc", "codice fiscale beneficiario", "cf beneficiario"),
        *("stp", "codice stp", "eni", "codice eni", "cf/stp", "codice fiscale stp"),
        *("codice fiscale utente", "codice identificativo"),
    ),
)
# I campi che dicono chi è una persona: le risposte ai dubbi sono su ciò che sta lì.
DI_CHI = frozenset(campo.nome for campo in _CHI)
_NUOVE = (
    _campo("genere", "Genere", "sesso", "m/f", "f/m", "genere", "sex"),
    _campo(
        *("cittadinanza", "Cittadinanza", "nazionalita", "nazionalità", "paese"),
        *("cittadinanze", "paese di provenienza", "provenienza", "nazione", "stato"),
    ),
    _campo(
        *("comune", "Comune dove vive", "comune", "comune residenza", "comune di residenza"),
        *("citta", "città", "residenza", "residente a", "domicilio", "comune di domicilio"),
    ),
    _campo(
        *("telefono", "Telefono", "tel", "cellulare", "cell", "n tel", "numero di telefono"),
        *("recapito", "recapito telefonico", "mobile", "contatto telefonico"),
    ),
    _campo("posta", "Posta elettronica", "mail", "email", "e-mail", "posta", "indirizzo email"),
    _campo(
        "indirizzo", "Indirizzo", "via", "indirizzo di residenza", "via e numero", "abitazione"
    ),
)
_OPERATORE = (
    _campo(
        *("operatore", "Operatore", "operatrice", "operatori", "educatore", "educatrice"),
        *("assistente sociale", "chi ha lavorato", "volontario", "case manager", "referente"),
        *("operatore di riferimento", "compilato da", "registrato da", "operatore/i"),
    ),
    _campo(
        "operatore_cognome", "Cognome dell'operatore", "operatore cognome", "cognome operatore"
    ),
    _campo("operatore_nome", "Nome dell'operatore", "operatore nome", "nome operatore"),
)
_AZIONE = _campo("azione", "Azione", "progetto", "azione del progetto", "attività di progetto")
_PRESSO = _campo(
    *("presso", "Presso chi", "presso", "ente ospitante", "azienda", "datore di lavoro"),
    *("ospitante", "impresa", "luogo"),
)

CAMPI: dict[str, tuple[CampoDelFoglio, ...]] = {
    Tipo.PERSONE: (*_CHI, *_NUOVE),
    Tipo.PRESTAZIONI: (
        *_CHI,
        _campo(
            *("data", "Data", "giorno", "data prestazione", "data intervento", "data colloquio"),
            *("data servizio", "data attività", "data incontro", "quando", "data del servizio"),
        ),
        _campo(
            "ora",
            "Ora d'inizio",
            "ora",
            "orario",
            "ora inizio",
            "dalle",
            "ore inizio",
            "dalle ore",
        ),
        _campo(
            *("ora_fine", "Ora di fine", "ora fine", "alle", "ore fine", "alle ore", "fine"),
            *("orario fine", "ora termine", "termine", "ora uscita"),
        ),
        _campo(
            *("servizio", "Servizio", "prestazione", "tipo di servizio", "tipo servizio"),
            *("attività", "attivita", "intervento", "tipo intervento", "tipo di intervento"),
            *("tipologia", "tipo prestazione", "tipo di prestazione", "servizio erogato"),
            *("prestazione erogata", "tipologia di intervento", "tipo di attività", "cosa"),
            *("voce", "codice servizio", "tipologia servizio"),
        ),
        _campo(
            "durata", "Durata", "tempo", "durata intervento", "durata incontro", "tempo impiegato"
        ),
        _campo(
            *("ore", "Ore", "n ore", "ore svolte", "numero ore", "tot ore", "totale ore", "h"),
            *("durata in ore", "ore erogate", "durata ore", "monte ore", "ore prestate"),
        ),
        _campo(
            *("minuti", "Minuti", "min", "n minuti", "durata in minuti", "durata minuti"),
            *("minuti svolti", "durata min", "tempo in minuti", "numero minuti"),
        ),
        *_OPERATORE,
        _AZIONE,
        _campo("modo", "Come", "modalità", "modalita", "modo", "come si è svolto", "in presenza"),
        _campo("luogo", "Luogo", "sede", "dove", "luogo", "sede intervento"),
        _campo("quantita", "Quantità", "qta", "q.tà", "quantita", "pezzi", "unità"),
        _campo("valore", "Valore in euro", "importo", "euro", "valore", "controvalore", "€"),
        _campo(
            *("senza_nome", "Persone senza nome", "n persone", "numero persone", "anonimi"),
            *("n presenze", "numero presenti", "n partecipanti", "persone non identificate"),
            *("presenze anonime", "numero partecipanti", "passaggi"),
        ),
        _campo("oggetto", "Titolo dell'incontro", "oggetto", "titolo", "argomento", "tema"),
        _campo(
            *("nota", "Nota riservata", "note", "nota", "annotazioni", "osservazioni"),
            *("descrizione", "commenti", "diario", "note operatore", "relazione"),
        ),
    ),
    Tipo.CASI: (
        *_CHI,
        _AZIONE,
        _campo(
            *("canale", "Come è arrivata", "canale", "canale di invio", "invio", "inviato da"),
            *("canale di accesso", "segnalazione", "provenienza", "canale di segnalazione"),
            *("segnalato da", "modalità di accesso"),
        ),
        _campo(
            *("aperta_il", "Aperta il", "data apertura", "aperto il", "data presa in carico"),
            *("inizio", "dal", "data inizio", "data ingresso", "presa in carico", "ingresso"),
            *("data di presa in carico", "data di apertura", "data avvio", "presa in carico il"),
        ),
        _campo(
            *("chiusa_il", "Chiusa il", "data chiusura", "chiuso il", "fine", "al", "data fine"),
            *("data uscita", "dimissione", "uscita", "data di chiusura", "data dimissione"),
        ),
        _campo(
            *("esito", "Com'è finita", "esito", "motivo chiusura", "tipo di chiusura"),
            *("esito chiusura", "motivo di chiusura", "chiusura", "motivo uscita"),
        ),
        _campo(
            *("motivazione", "Motivazione", "bisogno", "richiesta", "problema"),
            *("motivo della presa in carico", "motivo accesso", "domanda"),
        ),
        *_OPERATORE,
    ),
    Tipo.ESITI: (
        *_CHI,
        _campo(
            *("tipo", "Esito", "tipo di esito", "esito", "tipo esito", "risultato"),
            *("risultato ottenuto", "cosa si è ottenuto", "codice esito"),
        ),
        _campo("data", "Data", "giorno", "data esito", "data dell'esito", "quando", "dal"),
        _AZIONE,
        _campo("prova", "Con che cosa si prova", "prova", "documento", "verifica", "attestazione"),
        _PRESSO,
        _campo("mesi", "Durata in mesi", "mesi", "n mesi", "durata", "durata mesi"),
        _campo("importo", "Importo in euro", "importo", "euro", "contributo", "€"),
    ),
}
# Due righe uguali possono essere due fatti: chi importa può caricarle lo stesso. Due persone no.
DOPPIONI_CARICABILI = frozenset({Tipo.PRESTAZIONI, Tipo.ESITI})
# I fogli che, se lo si chiede, creano le persone che non ci sono: dicono da quando sono seguite.
CREA_CHI_MANCA = frozenset({Tipo.PRESTAZIONI, Tipo.CASI})
# Le colonne che il Registro aggiunge alle righe rifiutate: ricaricando quel foglio non sono dati.
RIGA_NEL_FOGLIO, MOTIVO_DEL_RIFIUTO = "Riga del foglio", "Motivo del rifiuto"
# Ciò senza cui un foglio non si capisce: almeno un campo di ogni gruppo.
OBBLIGATORI: dict[str, tuple[tuple[str, ...], ...]] = {
    Tipo.PERSONE: (("cognome", "nome", "persona"),),
    Tipo.PRESTAZIONI: (("cognome", "nome", "persona", "codice", "senza_nome"), ("data",)),
    Tipo.CASI: (("cognome", "nome", "persona", "codice"), ("aperta_il",)),
    Tipo.ESITI: (("cognome", "nome", "persona", "codice"), ("tipo",), ("data",)),
}


def campo(tipo: str, nome: str) -> CampoDelFoglio:
    """Il campo `nome` di un tipo di foglio. Solleva StopIteration se non c'è."""
    return next(voce for voce in CAMPI[tipo] if voce.nome == nome)
