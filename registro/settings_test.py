"""L'ambiente delle prove: come la dimostrazione, con la posta in memoria e password veloci."""

from registro.settings import *  # noqa: F403, TID251 - le prove partono da tutte le impostazioni vere


DIMOSTRAZIONE = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Chi prova ad accedere si conta nelle prove che parlano di questo (tests/enti/test_freno.py).
AXES_ENABLED = False
