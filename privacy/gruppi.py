"""Gruppi di dati, finalità, livelli: l'unico posto che dice che cosa apre ciascun livello.

PostgreSQL nasconde righe e non colonne: per questo ogni gruppo è una tabella, o più d'una, con
una sua policy. La tabella livello x gruppo è in `docs/privacy.md`.
"""

from django.db import models


class Gruppo(models.TextChoices):
    """Un insieme di dati di una persona che si apre o resta chiuso tutto insieme."""

    ANAGRAFICA = "anagrafica", "anagrafica"
    CONTATTI = "contatti", "contatti"
    IDENTIFICATIVI = "identificativi", "identificativi"
    NUCLEO = "nucleo", "nucleo familiare"
    PRESTAZIONI = "prestazioni", "prese in carico e prestazioni"
    BISOGNI = "bisogni", "bisogni"
    VALUTAZIONI = "valutazioni", "valutazioni"
    SALUTE = "salute", "salute e tutele"
    NOTE = "note", "note"


# Nel proprio ente un operatore li vede delle persone che gli sono affidate, o che ha aperto
# dicendo perché; il referente, che risponde dei dati, di tutte.
GRUPPI_SENSIBILI = frozenset(
    {Gruppo.BISOGNI, Gruppo.VALUTAZIONI, Gruppo.SALUTE, Gruppo.NOTE},
)
# Dati particolari (art. 9 GDPR): la loro base giuridica ha anche la lettera dell'art. 9.
GRUPPI_PARTICOLARI = frozenset({Gruppo.SALUTE, Gruppo.NOTE})


class Finalita(models.TextChoices):
    """Perché si leggono i dati di una persona. Un'autorizzazione vale per una finalità sola."""

    ASSISTENZA = "assistenza", "assistenza da parte dell'ente"
    PRESA_IN_CARICO = "presa-in-carico", "presa in carico condivisa fra enti"
    INVIO = "invio", "invio a un altro ente"
    VALUTAZIONE = "valutazione", "valutazione comune del caso"
    EMERGENZA = "emergenza", "emergenza, per la vita o la sicurezza della persona"


# Quelle per cui si condivide con un altro ente; l'assistenza è il lavoro dell'ente stesso.
FINALITA_CONDIVISE = (Finalita.PRESA_IN_CARICO, Finalita.INVIO, Finalita.VALUTAZIONE)

# Ciò che un accesso d'emergenza mostra, e nient'altro: chi è e che lingue parla, come la si chiama al
# telefono, che cosa chi soccorre deve sapere. Mai un indirizzo, nemmeno se non è riservato: chi cerca
# una persona nascosta non deve poterla trovare così.
GRUPPI_D_EMERGENZA = (Gruppo.ANAGRAFICA, Gruppo.CONTATTI, Gruppo.SALUTE)
# Fra salute e tutele, queste soltanto: non dipendenze, salute mentale, violenze subite, pene.
CONDIZIONI_D_EMERGENZA = ("DISAB", "NON_AUT", "GRAV")


class Livello(models.TextChoices):
    """Quanto di una persona vede l'ente che riceve l'autorizzazione."""

    ESISTENZA = "esistenza", "solo che è seguita, e da chi"
    SINTESI = "sintesi", "una sintesi, senza testi"
    COMPLETO = "completo", "i gruppi di dati scelti, per intero"


# Livello → gruppo → che cosa se ne vede. Ciò che non c'è non si vede: «esistenza» e «sintesi» non
# aprono righe, e a rispondere sono funzioni che rendono queste cose e nessun'altra. L'ente che
# condivide e il contatto dell'accordo si vedono sempre.
_CHI_E = "il nome con cui è chiamata e l'anno di nascita"
MOSTRATI: dict[Livello, dict[Gruppo, str]] = {
    Livello.ESISTENZA: {Gruppo.ANAGRAFICA: _CHI_E},
    Livello.SINTESI: {
        Gruppo.ANAGRAFICA: _CHI_E,
        Gruppo.PRESTAZIONI: (
            "quante prese in carico per asse, aperte e chiuse, e da che mese a che mese"
        ),
        Gruppo.BISOGNI: "quanti bisogni per stato, e da che mese a che mese",
    },
    Livello.COMPLETO: {
        Gruppo.ANAGRAFICA: (
            "nome e cognome, nascita, genere, cittadinanze, lingue e comune dove vive"
        ),
        Gruppo.CONTATTI: "telefono, posta e indirizzo; mai quelli riservati",
        Gruppo.IDENTIFICATIVI: "codice fiscale o altri codici, oppure perché mancano",
        Gruppo.NUCLEO: "il suo ruolo nel nucleo e se ci vive; non gli altri componenti",
        Gruppo.PRESTAZIONI: (
            "prese in carico con motivazione, obiettivi ed esito; prestazioni ed esiti, uno per uno"
        ),
        Gruppo.BISOGNI: "i bisogni, uno per uno, con gravità e stato",
        Gruppo.VALUTAZIONI: "i giudizi dati nel tempo, uno per uno",
        Gruppo.SALUTE: "le condizioni segnate: sì, no, non dichiara; mai diagnosi",
        Gruppo.NOTE: "gli appunti, per intero",
    },
}


class Uscita(models.TextChoices):
    """Da dove sono usciti i dati letti."""

    PAGINA = "pagina", "pagina"
    FOGLIO = "foglio", "foglio di calcolo"
    PDF = "pdf", "documento PDF"
    LAVORO = "lavoro", "lavoro automatico"
