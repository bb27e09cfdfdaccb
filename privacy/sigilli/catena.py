"""La catena: un lotto al minuto, un'epoca nuova dopo ogni ripristino."""

import psycopg

from privacy.sigilli.accesso import SigilliChiusi, apri


def sigilla() -> int:
    """Sigilla le righe di tutte le transazioni finite. Rende quante; 0 se non ce n'erano.

    Una transazione lunga ancora aperta ferma l'orizzonte: le righe dopo aspettano la volta dopo.
    Solleva SigilliChiusi, anche se dopo un ripristino nessuno ha aperto un'epoca nuova.
    """
    try:
        with apri() as connessione:
            return connessione.execute("SELECT registro_sigilla()").fetchone()[0]
    except psycopg.errors.ObjectNotInPrerequisiteState as errore:
        raise SigilliChiusi(errore.diag.message_primary) from errore


def nuova_epoca(motivo: str = "ripristino") -> int:
    """Chiude l'epoca e ne apre un'altra. Rende il numero di quella nuova.

    La chiama chi ha appena ripristinato una copia, prima che le pagine ripartano: lì le transazioni
    si contano da un altro numero, e le righe nuove si confonderebbero con quelle già sigillate. I
    sigilli di prima restano validi. `motivo` è una parola, non un testo. Solleva SigilliChiusi.
    """
    with apri() as connessione:
        return connessione.execute("SELECT registro_nuova_epoca(%s)", [motivo[:40]]).fetchone()[0]
