"""Gli account di chi lavora."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class UtenteManager(BaseUserManager):
    def crea(self, *, email: str, password: str | None, **campi) -> "Utente":
        """Crea un account; senza password non si può accedere finché non se ne sceglie una."""
        utente = self.model(email=self.normalize_email(email).lower(), **campi)
        utente.set_password(password)
        utente.save()
        return utente

    def get_by_natural_key(self, email: str) -> "Utente":
        return self.get(email=email.lower())

    def sistema(self) -> "Utente":
        """L'attore che lavora da solo (comandi, orari). Lo crea la prima migrazione."""
        return self.get(di_sistema=True)


class Utente(AbstractBaseUser, PermissionsMixin):
    """Un account di chi lavora. Mai la persona aiutata, che è un beneficiario."""

    email = models.EmailField("posta elettronica", unique=True)
    nome = models.CharField("nome", max_length=100)
    cognome = models.CharField("cognome", max_length=100, blank=True)
    is_active = models.BooleanField("attivo", default=True)
    primo_accesso = models.DateTimeField("primo accesso", null=True, blank=True, editable=False)
    # Cambia quando le sessioni aperte devono finire tutte: entra nel segno che Django ricontrolla.
    epoca = models.PositiveIntegerField("epoca", default=0, db_default=0, editable=False)
    di_sistema = models.BooleanField("attore di sistema", default=False, editable=False)

    objects = UtenteManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"

    class Meta:
        verbose_name = "utente"
        verbose_name_plural = "utenti"
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="utente_email_minuscola",
                violation_error_message="La posta elettronica si scrive in minuscolo.",
            ),
            models.UniqueConstraint(
                fields=["di_sistema"],
                condition=Q(di_sistema=True),
                name="utente_un_solo_sistema",
                violation_error_message="L'attore di sistema esiste già.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome_completo

    def _get_session_auth_hash(self, secret=None) -> str:
        # Il gancio di Django sotto i due metodi pubblici, quello delle chiavi precedenti compreso.
        sale = "enti.Utente.sessione"
        valore = f"{self.password}|{self.epoca}"
        return salted_hmac(sale, valore, secret=secret, algorithm="sha256").hexdigest()

    @property
    def nome_completo(self) -> str:
        return f"{self.nome} {self.cognome}".strip()
