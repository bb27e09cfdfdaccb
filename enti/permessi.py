"""Che cosa può fare ciascun ruolo: un elenco, una tabella, un soggetto.

Le viste non confrontano mai i ruoli: chiedono un `Permesso`. Chi vede quali righe lo decide il
database con le policy; qui si decide quali gesti sono aperti a chi.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum, auto
from functools import wraps
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


if TYPE_CHECKING:
    from enti.models import Appartenenza, Ente, Nodo, Utente


class Ruolo(models.TextChoices):
    OPERATORE = "operatore", "operatore"
    REFERENTE = "referente", "referente"
    COORDINATORE = "coordinatore", "coordinatore"
    AMMINISTRATORE = "amministratore", "amministratore"
    INVIANTE = "inviante", "inviante"
    GARANTE = "garante", "garante della privacy"


class Permesso(StrEnum):
    """Un gesto che una pagina può chiedere. Ogni vista ne dichiara almeno uno."""

    RETE_VEDERE = auto()
    SCHEDE_VEDERE = auto()
    SCHEDE_COMPILARE = auto()
    SCHEDE_INVIARE = auto()
    SCHEDE_ACCETTARE = auto()
    CAMPAGNE_GESTIRE = auto()
    RAPPORTO_VEDERE = auto()
    RAPPORTO_PREPARARE = auto()
    UTENTI_GESTIRE = auto()
    ACCOUNT_GESTIRE = auto()
    PERSONE_VEDERE = auto()
    PERSONE_SCRIVERE = auto()
    PERSONE_UNIRE = auto()
    PERSONE_ESPORTARE = auto()
    CONSENSI_RACCOGLIERE = auto()
    CONDIVISIONI_GESTIRE = auto()
    DIRITTI_RACCOGLIERE = auto()
    DIRITTI_RISPONDERE = auto()
    DIRITTI_VIGILARE = auto()
    INFORMATIVE_GESTIRE = auto()
    REGOLE_VEDERE = auto()
    REGOLE_GESTIRE = auto()
    REGISTRI_VEDERE = auto()
    REGISTRI_CURARE = auto()
    VIOLAZIONI_VEDERE = auto()
    VIOLAZIONI_GESTIRE = auto()
    COLLEGAMENTI_DECIDERE = auto()
    PRESTAZIONI_VEDERE = auto()
    PRESTAZIONI_SCRIVERE = auto()
    PRESTAZIONI_ESPORTARE = auto()
    SERVIZI_GESTIRE = auto()
    ORE_FIRMARE = auto()
    IMPORTARE = auto()
    CRUSCOTTO_ENTE = auto()
    CRUSCOTTO_RETE = auto()
    SERVIZIO_VEDERE = auto()
    PERSONE_DIMENTICARE = auto()
    CONSERVAZIONE_VEDERE = auto()
    CONSERVAZIONE_RINVIARE = auto()
    CONSERVAZIONE_GESTIRE = auto()


_TUTTI_VEDONO = frozenset({Permesso.RETE_VEDERE, Permesso.RAPPORTO_VEDERE, Permesso.REGOLE_VEDERE})
# Chi lavora con le persone del proprio ente. Chi coordina ne vede i conteggi, non i nomi.
_LAVORA_CON_LE_PERSONE = frozenset(
    {
        Permesso.PERSONE_VEDERE,
        Permesso.PERSONE_SCRIVERE,
        Permesso.CONSENSI_RACCOGLIERE,
        Permesso.CONDIVISIONI_GESTIRE,
        Permesso.DIRITTI_RACCOGLIERE,
        Permesso.PRESTAZIONI_VEDERE,
        Permesso.PRESTAZIONI_SCRIVERE,
        Permesso.CRUSCOTTO_ENTE,
    }
)

PERMESSI_DEL_RUOLO: dict[str, frozenset[Permesso]] = {
    # Compila la scheda dell'ente, ma la firma il referente.
    Ruolo.OPERATORE: _TUTTI_VEDONO
    | _LAVORA_CON_LE_PERSONE
    | {Permesso.SCHEDE_VEDERE, Permesso.SCHEDE_COMPILARE},
    # Risponde dei dati del proprio ente: conferma e invia.
    Ruolo.REFERENTE: _TUTTI_VEDONO
    | _LAVORA_CON_LE_PERSONE
    | {
        Permesso.PERSONE_UNIRE,
        Permesso.PERSONE_ESPORTARE,
        Permesso.DIRITTI_RISPONDERE,
        Permesso.INFORMATIVE_GESTIRE,
        Permesso.REGISTRI_VEDERE,
        Permesso.VIOLAZIONI_VEDERE,
        Permesso.VIOLAZIONI_GESTIRE,
        Permesso.SCHEDE_VEDERE,
        Permesso.SCHEDE_COMPILARE,
        Permesso.SCHEDE_INVIARE,
        Permesso.UTENTI_GESTIRE,
        Permesso.PRESTAZIONI_ESPORTARE,
        Permesso.SERVIZI_GESTIRE,
        Permesso.ORE_FIRMARE,
        Permesso.IMPORTARE,
        Permesso.PERSONE_DIMENTICARE,
        Permesso.CONSERVAZIONE_VEDERE,
        Permesso.CONSERVAZIONE_RINVIARE,
    },
    # Sollecita, legge e accetta le schede del proprio nodo, o di tutta la rete; non le riscrive.
    Ruolo.COORDINATORE: _TUTTI_VEDONO
    | {
        Permesso.SCHEDE_VEDERE,
        Permesso.SCHEDE_ACCETTARE,
        Permesso.RAPPORTO_PREPARARE,
        Permesso.CRUSCOTTO_RETE,
    },
    # Apre le campagne e pubblica il rapporto.
    Ruolo.AMMINISTRATORE: _TUTTI_VEDONO
    | {
        Permesso.SCHEDE_VEDERE,
        Permesso.SCHEDE_ACCETTARE,
        Permesso.CAMPAGNE_GESTIRE,
        Permesso.RAPPORTO_PREPARARE,
        Permesso.UTENTI_GESTIRE,
        Permesso.ACCOUNT_GESTIRE,
        Permesso.SERVIZIO_VEDERE,
        Permesso.REGOLE_GESTIRE,
        Permesso.COLLEGAMENTI_DECIDERE,
        Permesso.VIOLAZIONI_VEDERE,
        Permesso.CRUSCOTTO_RETE,
        Permesso.CONSERVAZIONE_VEDERE,
        Permesso.CONSERVAZIONE_GESTIRE,
    },
    # L'ente pubblico che invia persone: vede chi è nella rete e ciò che la rete pubblica.
    Ruolo.INVIANTE: _TUTTI_VEDONO,
    # Vede registri e regole, non schede in corso né persone.
    Ruolo.GARANTE: _TUTTI_VEDONO
    | {
        Permesso.CONSERVAZIONE_VEDERE,
        Permesso.REGISTRI_VEDERE,
        Permesso.REGISTRI_CURARE,
        Permesso.DIRITTI_VIGILARE,
        Permesso.SERVIZIO_VEDERE,
        Permesso.VIOLAZIONI_VEDERE,
    },
}

# Come ogni permesso si legge in «Chi può fare che cosa»: un gesto, all'infinito.
PERMESSI_IN_PAROLE: dict[Permesso, str] = {
    Permesso.RETE_VEDERE: "Vedere gli enti della rete",
    Permesso.SCHEDE_VEDERE: "Leggere le schede del proprio ambito",
    Permesso.SCHEDE_COMPILARE: "Compilare le schede dell'ente",
    Permesso.SCHEDE_INVIARE: "Inviare le schede dell'ente",
    Permesso.SCHEDE_ACCETTARE: "Accettare o rimandare le schede",
    Permesso.CAMPAGNE_GESTIRE: "Aprire e chiudere le campagne",
    Permesso.RAPPORTO_VEDERE: "Leggere il rapporto pubblicato",
    Permesso.RAPPORTO_PREPARARE: "Preparare il rapporto e i suoi documenti",
    Permesso.UTENTI_GESTIRE: "Invitare utenti, cambiarne il ruolo, chiuderne l'appartenenza",
    Permesso.ACCOUNT_GESTIRE: "Dare e ritirare permessi in più; chiudere e riaprire un account",
    Permesso.PERSONE_VEDERE: "Vedere le persone dell'ente",
    Permesso.PERSONE_SCRIVERE: "Inserire e seguire le persone dell'ente",
    Permesso.PERSONE_UNIRE: "Unire i doppioni dell'ente",
    Permesso.PERSONE_ESPORTARE: "Portare fuori l'elenco delle persone dell'ente",
    Permesso.CONSENSI_RACCOGLIERE: "Raccogliere e revocare consensi",
    Permesso.CONDIVISIONI_GESTIRE: "Condividere una persona con un altro ente, e revocare",
    Permesso.DIRITTI_RACCOGLIERE: "Raccogliere le richieste delle persone sui propri dati",
    Permesso.DIRITTI_RISPONDERE: "Rispondere alle richieste delle persone sui propri dati",
    Permesso.DIRITTI_VIGILARE: "Vedere, senza nomi, se gli enti rispondono in tempo alle persone",
    Permesso.INFORMATIVE_GESTIRE: "Pubblicare le informative dell'ente",
    Permesso.REGOLE_VEDERE: "Leggere accordi e basi giuridiche",
    Permesso.REGOLE_GESTIRE: "Scrivere accordi e basi giuridiche",
    Permesso.REGISTRI_VEDERE: "Leggere il registro degli accessi",
    Permesso.REGISTRI_CURARE: "Guardare i sigilli dei registri e chiudere le segnalazioni",
    Permesso.VIOLAZIONI_VEDERE: "Leggere le violazioni di dati, senza nomi di persone",
    Permesso.VIOLAZIONI_GESTIRE: "Scrivere le violazioni dei dati dell'ente e decidere chi avvisare",
    Permesso.COLLEGAMENTI_DECIDERE: "Decidere se due righe di enti diversi sono la stessa persona",
    Permesso.PRESTAZIONI_VEDERE: "Vedere le prestazioni dell'ente",
    Permesso.PRESTAZIONI_SCRIVERE: "Registrare prestazioni, presenze, ore ed esiti",
    Permesso.PRESTAZIONI_ESPORTARE: "Portare fuori gli elenchi di prestazioni, ore ed esiti",
    Permesso.SERVIZI_GESTIRE: "Scrivere i servizi che l'ente offre",
    Permesso.ORE_FIRMARE: "Firmare i fogli ore del mese e rettificarli",
    Permesso.IMPORTARE: "Importare fogli di calcolo, e annullare un'importazione",
    Permesso.CRUSCOTTO_ENTE: "Guardare i numeri del proprio ente",
    Permesso.CRUSCOTTO_RETE: "Guardare i numeri del nodo e della rete, senza nomi",
    Permesso.SERVIZIO_VEDERE: "Sapere se le copie di sicurezza sono fresche e si ripristinano",
    Permesso.PERSONE_DIMENTICARE: "Cancellare per sempre una persona dell'ente",
    Permesso.CONSERVAZIONE_VEDERE: "Vedere le notti della conservazione: quante righe, mai quali",
    Permesso.CONSERVAZIONE_RINVIARE: "Vedere chi è in scadenza nell'ente, e rinviare dicendo perché",
    Permesso.CONSERVAZIONE_GESTIRE: "Scrivere per quanto si tengono i dati, accendere e spegnere",
}

# I permessi che si possono dare in più a un utente, per un ente o per un nodo. Solo gesti che il
# database conosce: gli altri le policy li rifiuterebbero, guardando il ruolo.
ECCEZIONI_POSSIBILI = (
    (Permesso.SCHEDE_INVIARE.value, "Inviare le schede dell'ente"),
    (Permesso.UTENTI_GESTIRE.value, "Curare gli operatori dell'ente"),
)

# I ruoli che riguardano il solo ente: li può dare chi ne risponde. Gli altri li dà chi amministra.
RUOLI_DELL_ENTE = (Ruolo.OPERATORE, Ruolo.REFERENTE)

# Il ruolo dei lavori che nessuno avvia a mano; non si assegna a un utente.
RUOLO_DI_SISTEMA = "sistema"
PERMESSI_DEL_RUOLO[RUOLO_DI_SISTEMA] = frozenset(Permesso)


@dataclass(frozen=True)
class Attore:
    """Un utente che agisce per un ente con un ruolo: il soggetto di ogni decisione.

    `nodo` è l'ambito di un coordinatore: None vale «tutta la rete». `eccezioni` sono i permessi
    dati in più a questo utente per questo ente o per il suo nodo: aprono un gesto, mai righe che
    le policy non mostrerebbero già al suo ruolo.
    """

    utente: "Utente"
    ente: "Ente"
    ruolo: str
    nodo: "Nodo | None" = None
    eccezioni: frozenset[str] = frozenset()

    @classmethod
    def sistema(cls, utente: "Utente", ente: "Ente") -> "Attore":
        """L'attore di comandi e lavori a orario: agisce per un ente alla volta."""
        return cls(utente, ente, RUOLO_DI_SISTEMA)

    @classmethod
    def secondo(cls, appartenenza: "Appartenenza", utente: "Utente | None" = None) -> "Attore":
        """Chi agisce per un'appartenenza letta `con_eccezioni()`; `utente`, se è già in mano."""
        return cls(
            utente or appartenenza.utente,
            appartenenza.ente,
            appartenenza.ruolo,
            appartenenza.nodo,
            frozenset((*appartenenza.su_ente, *appartenenza.su_nodo)),
        )

    def puo(self, permesso: Permesso) -> bool:
        """Vero se lo consente il ruolo, o un'eccezione in corso. Non interroga il database."""
        return permesso in PERMESSI_DEL_RUOLO[self.ruolo] or permesso in self.eccezioni

    def esigi(self, permesso: Permesso) -> None:
        """Ferma con PermissionDenied chi non ha il permesso."""
        if not self.puo(permesso):
            raise PermissionDenied(f"Il ruolo {self.ruolo} non consente: {permesso}.")

    @property
    def cura_la_rete(self) -> bool:
        """Vero per chi cura gli utenti di ogni ente, e non del solo proprio."""
        return self.ruolo in (Ruolo.AMMINISTRATORE, RUOLO_DI_SISTEMA)

    @property
    def risponde_dei_dati(self) -> bool:
        """Vero per chi vede anche i gruppi sensibili di ogni persona del proprio ente e ne cambia
        le prese in carico. Lo decide `registro_apre_tutto()`: qui lo si ripete per le pagine."""
        return self.ruolo in (Ruolo.REFERENTE, RUOLO_DI_SISTEMA)

    @property
    def vigila(self) -> bool:
        """Vero per chi legge i registri di tutta la rete, con i nomi di chi lavora in ogni ente."""
        return self.ruolo == Ruolo.GARANTE

    @property
    def ruoli_che_puo_dare(self) -> tuple[str, ...]:
        """I ruoli che può dare ad altri. Chi cura gli utenti per eccezione dà solo il più piccolo."""
        if self.cura_la_rete:
            return tuple(Ruolo)
        if self.ruolo == Ruolo.REFERENTE:
            return RUOLI_DELL_ENTE
        return (Ruolo.OPERATORE,) if self.puo(Permesso.UTENTI_GESTIRE) else ()

    @property
    def di_rete(self) -> bool:
        """Vero per chi risponde di tutta la rete e non di un solo nodo."""
        return self.ruolo == Ruolo.AMMINISTRATORE or (
            self.ruolo == Ruolo.COORDINATORE and self.nodo is None
        )

    @property
    def ruolo_in_parole(self) -> str:
        """Il ruolo come lo si legge in testa alla pagina, con l'ambito di chi coordina."""
        parole = Ruolo(self.ruolo).label
        if self.ruolo != Ruolo.COORDINATORE:
            return parole
        return f"{parole} del nodo {self.nodo}" if self.nodo else f"{parole} della rete"


def richiede(*permessi: Permesso) -> Callable:
    """Apre la vista a chi ha almeno uno dei permessi. La prova di coerenza la cerca ovunque.

    Chi è entrato ma non agisce per nessun ente va alla pagina che dice perché e che cosa fare.
    """

    def decora(vista: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(vista)
        def protetta(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.attore is None:
                return redirect("enti:scegli")
            if not any(request.attore.puo(permesso) for permesso in permessi):
                raise PermissionDenied
            return vista(request, *args, **kwargs)

        protetta.permessi_richiesti = permessi
        return protetta

    return decora
