"""I fogli da riempire per chi non ne ha ancora uno: colonne, due righe inventate, come si compila."""

from datetime import date

from assi.models import Azione, Servizio, TipoDiEsito
from beneficiari.models import PresaInCarico
from enti.permessi import Attore
from prestazioni.importo.campi import OBBLIGATORI, campo
from prestazioni.models import Importazione, Modo
from registro.comune.esportazioni import Cella, Tabella


Tipo = Importazione.Tipo
# Le persone inventate si chiamano tutte «Esempio»: se restano nel foglio si vede.
CHI = {
    "cognome": ("Esempio", "Esempio"),
    "nome": ("Amina", "Luca"),
    "nascita": (date(1990, 3, 14), date(2011, 11, 2)),
}
ESEMPI: dict[str, dict[str, tuple[Cella, Cella]]] = {
    Tipo.PERSONE: CHI
    | {
        "codice": ("", ""),
        "genere": ("F", "M"),
        "cittadinanza": ("Marocco", "Italia"),
        "comune": ("Asti", "Alessandria"),
        "telefono": ("0141 000000", ""),
        "posta": ("", "luca@esempio.example"),
        "indirizzo": ("via dell'Esempio 1", ""),
    },
    Tipo.CASI: CHI
    | {
        "azione": ("", ""),
        "canale": ("", ""),
        "aperta_il": (date(2026, 1, 12), date(2026, 2, 3)),
        "chiusa_il": ("", ""),
        "motivazione": ("Cerca lavoro", "Aiuto nei compiti"),
        "operatore": ("", ""),
    },
    Tipo.PRESTAZIONI: CHI
    | {
        "data": (date(2026, 3, 5), date(2026, 3, 6)),
        "servizio": ("", ""),
        "durata": ("1h30", "45'"),
        "modo": (Modo.PRESENZA.label, Modo.TELEFONO.label),
        "operatore": ("", ""),
        "azione": ("", ""),
        "luogo": ("Sportello di via dell'Esempio", ""),
        "nota": ("", ""),
    },
    Tipo.ESITI: CHI
    | {
        "tipo": ("", ""),
        "data": (date(2026, 4, 1), date(2026, 4, 20)),
        "azione": ("", ""),
        "prova": ("Contratto firmato", ""),
        "presso": ("Panetteria dell'Esempio", ""),
        "mesi": (6, None),
        "importo": (None, None),
    },
}
COME_SI_SCRIVE = {
    "cognome": "Come sui documenti.",
    "nome": "Come sui documenti.",
    "nascita": "Un giorno: 14/3/1990. Serve a distinguere chi ha lo stesso nome.",
    "codice": "Se c'è, la persona si riconosce da questo.",
    "genere": "F, M o altro.",
    "cittadinanza": "Il paese: Marocco, Italia.",
    "comune": "Il nome del comune.",
    "telefono": "Un numero.",
    "posta": "Un indirizzo.",
    "indirizzo": "Via e numero.",
    "azione": "Il titolo dell'azione. Vuota, vale quella scelta per tutto il foglio.",
    "canale": "Come è arrivata: {canali}.",
    "aperta_il": "Il giorno in cui comincia la presa in carico.",
    "chiusa_il": "Vuota se la persona è ancora seguita.",
    "motivazione": "Che cosa chiede, in poche parole.",
    "operatore": "Nome e cognome. Vuota, vale chi si sceglie per tutto il foglio.",
    "data": "Un giorno, non futuro: 5/3/2026.",
    "servizio": "Come lo chiamate voi: se il nome non si riconosce, si chiede una volta sola.",
    "durata": "1h30, 90' oppure 1:30.",
    "modo": "In presenza, a domicilio, al telefono, online.",
    "luogo": "Dove, se serve.",
    "nota": "Chi la può leggere è chi segue la persona e chi risponde dei dati.",
    "tipo": "Il nome dell'esito, come nell'elenco degli esiti.",
    "prova": "Il documento che lo mostra.",
    "presso": "L'ente o l'impresa.",
    "mesi": "Quanti mesi dura, se si sa.",
    "importo": "In euro: 1.250,50.",
}


def fogli_del_modello(tipo: str, da: Attore) -> list[Tabella]:
    """Il foglio da riempire e quello che spiega, con i nomi dell'ente di chi lo chiede."""
    nomi = tuple(ESEMPI[tipo])
    valori = ESEMPI[tipo] | _dell_ente(tipo, da)
    intestazioni = [campo(tipo, nome).etichetta for nome in nomi]
    righe = [[valori[nome][numero] for nome in nomi] for numero in (0, 1)]
    return [
        Tabella("Da riempire", intestazioni, righe),
        Tabella(
            "Come si compila",
            ("Nome della colonna", "Serve sempre", "Che cosa ci si scrive"),
            [
                ("Le due righe di esempio", "", "Toglile prima di caricare il foglio."),
                *((campo(tipo, n).etichetta, _serve(tipo, n), _come_si_scrive(n)) for n in nomi),
                (
                    "Le altre colonne",
                    "",
                    "Si possono aggiungere: al caricamento si lasciano fuori.",
                ),
            ],
        ),
    ]


def _dell_ente(tipo: str, da: Attore) -> dict[str, tuple[Cella, Cella]]:
    """I nomi veri dell'ente, dove ne ha: il modello si capisce meglio e si ricarica com'è."""
    azione = Azione.objects.di(da.ente).order_by("titolo").first()
    suoi = {
        "azione": (azione.titolo,) * 2 if azione else ("", ""),
        "operatore": (da.utente.nome_completo,) * 2,
    }
    if tipo == Tipo.PRESTAZIONI:
        suoi["servizio"] = _due([s.nome for s in Servizio.objects.di(da.ente).filter(al=None)[:2]])
    if tipo == Tipo.ESITI:
        suoi["tipo"] = _due([voce.nome for voce in TipoDiEsito.objects.order_by("codice")[:2]])
    if tipo == Tipo.CASI:
        suoi["canale"] = _due([str(nome) for _, nome in PresaInCarico.Canale.choices[:2]])
    return suoi


def _due(nomi: list[str]) -> tuple[str, str]:
    return (nomi[0], nomi[-1]) if nomi else ("", "")


def _serve(tipo: str, nome: str) -> str:
    for gruppo in OBBLIGATORI[tipo]:
        if nome in gruppo:
            return "sì" if len(gruppo) == 1 else "basta una di queste"
    return ""


def _come_si_scrive(nome: str) -> str:
    canali = ", ".join(str(etichetta) for _, etichetta in PresaInCarico.Canale.choices)
    return COME_SI_SCRIVE[nome].format(canali=canali)
