"""Come si custodiscono le password, e che cosa si dice di una che non va."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError

from registro.comune.password_comuni import e_comune


class Argon2Registro(Argon2PasswordHasher):
    """Argon2id con 46 MiB, un giro, un filo: 44 ms di CPU per accesso (misurati).

    I valori predefiniti di Django (100 MiB, due giri, otto fili) costano 165 ms di CPU e 460 ms
    d'attesa: alle otto e mezza del mattino, cinque accessi al secondo prenderebbero quasi tutto
    un processore. Questi sono fra quelli che OWASP indica come equivalenti per robustezza.
    """

    memory_cost = 47104
    time_cost = 1
    parallelism = 1


# Segni di una password che sta da sola, e di una con accanto un secondo fattore.
SENZA_FATTORE, CON_FATTORE = 15, 12


class LunghezzaMinimaValidator(MinimumLengthValidator):
    """Quello di Django, che questa frase in italiano non ce l'ha ancora.

    Di chi ha già il secondo fattore (chi la chiama mette `con_secondo_fattore` nell'utente) bastano
    `con_fattore` segni; di chiunque altro, e di chi non si sa, ne servono `min_length`.
    """

    def __init__(self, min_length: int = SENZA_FATTORE, con_fattore: int = CON_FATTORE) -> None:
        super().__init__(min_length)
        self._con_fattore = con_fattore

    def validate(self, password: str, user=None) -> None:
        minimo = minimo_di_segni(user, self.min_length, self._con_fattore)
        if len(password) < minimo:
            raise ValidationError(
                f"La password è troppo corta: servono almeno {minimo} segni.",
                code="password_too_short",
            )


def minimo_di_segni(
    utente, senza_fattore: int = SENZA_FATTORE, con_fattore: int = CON_FATTORE
) -> int:
    """Quanti segni deve avere almeno la password di `utente`."""
    return con_fattore if getattr(utente, "con_secondo_fattore", False) else senza_fattore


class LunghezzaMassimaValidator:
    """Oltre `max_length` segni si rifiuta: un testo lunghissimo costerebbe solo tempo di calcolo."""

    def __init__(self, max_length: int = 256) -> None:
        self.max_length = max_length

    def validate(self, password: str, user=None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(
                f"La password è troppo lunga: al massimo {self.max_length} segni.",
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return f"Al massimo {self.max_length} segni."


class PasswordComuniValidator:
    """Rifiuta le password lunghe che tutti provano per prime, senza chiederlo a nessuno in rete."""

    def validate(self, password: str, user=None) -> None:
        if e_comune(password):
            raise ValidationError(
                "Questa password è fra quelle che chi vuole entrare prova per prime: scegline"
                " un'altra. Tre o quattro parole che non c'entrano fra loro vanno benissimo.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "Non una delle password più usate."
