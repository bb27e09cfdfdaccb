"""Controlli sui codici di un'organizzazione (python-stdnum) e su chi prova ad accedere."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from stdnum.exceptions import ValidationError as CodiceErrato
from stdnum.it import codicefiscale, iva


def partita_iva(valore: str) -> None:
    """Solleva ValidationError se `valore` non è una partita IVA con la cifra di controllo giusta."""
    try:
        iva.validate(valore)
    except CodiceErrato as errore:
        raise ValidationError(
            "La partita IVA ha 11 cifre e l'ultima controlla le altre: ricontrollala.",
            code="partita_iva",
        ) from errore


def codice_fiscale_di_ente(valore: str) -> None:
    """Solleva ValidationError se `valore` non è un codice fiscale valido.

    Un'organizzazione ha di solito 11 cifre come la partita IVA; un'impresa individuale ha il
    codice di 16 caratteri del titolare.
    """
    try:
        codicefiscale.validate(valore)
    except CodiceErrato as errore:
        raise ValidationError(
            "Il codice fiscale non torna con il suo carattere di controllo: ricontrollalo.",
            code="codice_fiscale",
        ) from errore


class ParoleDiContestoValidator:
    """Rifiuta una password fatta solo di parole che chi ci conosce prova per prime.

    Il nome della persona e dei suoi enti, la città, «volontariato». Chi la chiama mette nell'utente
    `parole_del_contesto`; una frase che ne contiene una, e ha anche altro, va bene.
    """

    SEMPRE = ("volontariato", "volontari", "registro", "terzosettore", "terzo", "settore", "rete")
    SEMPRE += (
        "quadrante",
        "cooperativa",
        "associazione",
        "onlus",
        "password",
        "alessandria",
        "asti",
    )
    # Quanti segni devono restare, tolte quelle parole: sotto, la password è solo quelle.
    RESTO = 8

    def validate(self, password: str, user=None) -> None:
        resto = _sole_lettere(password)
        for parola in sorted(self._parole(user), key=len, reverse=True):
            resto = resto.replace(parola, "")
        if len(resto) < self.RESTO and len(resto) < len(_sole_lettere(password)):
            raise ValidationError(
                "Questa password è fatta di parole che chi conosce te o il tuo ente prova per prime:"
                " aggiungi parole che non c'entrano.",
                code="parole_di_contesto",
            )

    def get_help_text(self) -> str:
        return "Non solo il tuo nome, il tuo ente o la tua città."

    def _parole(self, user) -> set[str]:
        sue = (getattr(user, nome, "") or "" for nome in ("nome", "cognome", "email"))
        frasi = [*self.SEMPRE, *sue, *getattr(user, "parole_del_contesto", ())]
        parole = {
            _sole_lettere(pezzo) for frase in frasi for pezzo in re.split(r"[\s@._-]+", frase)
        }
        return {parola for parola in parole if len(parola) >= _PAROLA}


# Più corte, si troverebbero per caso dentro altre parole.
_PAROLA = 4


def chi_prova(request, credenziali: dict | None) -> str | None:
    """AXES_USERNAME_CALLABLE: la posta di chi prova ad accedere, sempre scritta allo stesso modo."""
    scritto = (credenziali or {}).get("username") or (credenziali or {}).get("email")
    return scritto.strip().lower()[:255] if scritto else None


def _sole_lettere(testo: str) -> str:
    senza_accenti = unicodedata.normalize("NFD", testo.lower())
    return "".join(segno for segno in senza_accenti if segno.isalpha())
