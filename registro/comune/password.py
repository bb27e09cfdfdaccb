"""Come si custodiscono le password, e che cosa si dice di una che non va."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import MinimumLengthValidator


class Argon2Registro(Argon2PasswordHasher):
    """Argon2id con 46 MiB, un giro, un filo: 44 ms di CPU per accesso (misurati).

    I valori predefiniti di Django (100 MiB, due giri, otto fili) costano 165 ms di CPU e 460 ms
    d'attesa: alle otto e mezza del mattino, cinque accessi al secondo prenderebbero quasi tutto
    un processore. Questi sono fra quelli che OWASP indica come equivalenti per robustezza.
    """

    memory_cost = 47104
    time_cost = 1
    parallelism = 1


class LunghezzaMinimaValidator(MinimumLengthValidator):
    """Quello di Django, che questa frase in italiano non ce l'ha ancora."""

    def get_error_message(self) -> str:
        return f"La password è troppo corta: servono almeno {self.min_length} segni."
