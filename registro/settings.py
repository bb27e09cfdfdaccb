"""Tutte le impostazioni, lette dall'ambiente: gli ambienti differiscono solo per variabili.

Chi avvia senza variabili (dimostrazione, sviluppo, prove) passa da `registro.servizi.ambiente`,
che le prepara prima che questo modulo sia letto.
"""

from datetime import timedelta
from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from registro.comune.chiavi import ChiaviErrate, leggi_chiave_di_firma, leggi_chiavi


CARTELLA_BASE = Path(__file__).resolve().parent.parent

# Una variabile NOME si può dare anche come NOME_FILE: il percorso di un file che la contiene.
env = environ.FileAwareEnv()
env.read_env(str(CARTELLA_BASE / ".env"), overwrite=False)

# Ambiente -----------------------------------------------------------------------------
SECRET_KEY = env.str("REGISTRO_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("REGISTRO_SECRET_KEY_PRECEDENTI", default=[])
DEBUG = env.bool("REGISTRO_DEBUG", default=False)
# Nella dimostrazione si serve in chiaro su loopback: niente Secure, niente HSTS.
DIMOSTRAZIONE = env.bool("REGISTRO_DIMOSTRAZIONE", default=False)
ALLOWED_HOSTS = env.list("REGISTRO_HOST", default=[])
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if not DIMOSTRAZIONE]
CARTELLA_DATI = Path(env.str("REGISTRO_DATI", default=str(CARTELLA_BASE / ".registro")))
PORTA = env.int("PORTA", default=8000)

# Applicazioni -------------------------------------------------------------------------
INSTALLED_APPS = [
    "registro.comune",
    "enti",
    "privacy",
    "assi",
    "beneficiari",
    "prestazioni",
    "conservazione",
    "report",
    "pgtrigger",
    "pghistory",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "registro.comune.middleware.IntestazioniMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "enti.middleware.DurataSessioneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "enti.middleware.EnteCorrenteMiddleware",
    "enti.middleware.SecondoFattoreMiddleware",
    "privacy.middleware.RegistroLettureMiddleware",
    "beneficiari.middleware.DatiLimitatiMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "registro.urls"
WSGI_APPLICATION = "registro.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CARTELLA_BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "enti.contesto_pagine.cornice",
            ],
        },
    },
]
FORM_RENDERER = "registro.comune.moduli.BootstrapItaliaRenderer"

# Dati ---------------------------------------------------------------------------------
# Due accessi: `default` è registro_app (web e lavori), `proprietario` è registro_owner, che
# possiede le tabelle e serve solo alle migrazioni. Nei processi web il secondo può mancare.
_POSTGRES = {
    "ENGINE": "registro.db",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    # I cursori servono ai fogli lunghi. Si legge sempre dentro la transazione del contesto, e lì
    # vivono anche con pgbouncer a transazione.
    "DISABLE_SERVER_SIDE_CURSORS": False,
}
_OPZIONI = {
    "connect_timeout": 5,
    # Senza jit: le policy gonfiano i costi stimati, e compilare una pagina costa più che leggerla.
    "options": "-c lock_timeout=10s -c idle_in_transaction_session_timeout=120s -c timezone=UTC"
    " -c jit=off",
}
DATABASES = {
    "default": {**env.db("DATABASE_URL"), **_POSTGRES, "OPTIONS": _OPZIONI},
}
if env.str("DATABASE_URL_PROPRIETARIO", default=""):
    DATABASES["proprietario"] = {
        **env.db("DATABASE_URL_PROPRIETARIO"),
        **_POSTGRES,
        "OPTIONS": {"connect_timeout": 5},
        "TEST": {"MIRROR": "default"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cifratura ----------------------------------------------------------------------------
# Indipendenti da SECRET_KEY, che si può cambiare senza perdere nulla: queste no. Senza chiavi
# buone il programma non parte, per non scrivere in chiaro o con una chiave che altri conoscono.
_SENZA_CHIAVI = (
    "Senza le chiavi con cui si cifrano i dati delle persone il programma non parte. Come si fanno"
    " e dove si tengono lo dice docs/esercizio.md."
)
try:
    _CHIAVI = leggi_chiavi(env.str("REGISTRO_CHIAVI", default=""))
except OSError as errore:
    raise ImproperlyConfigured(
        f"REGISTRO_CHIAVI_FILE: il file non si legge ({errore.strerror}). {_SENZA_CHIAVI}"
    ) from None
except ChiaviErrate as errore:
    raise ImproperlyConfigured(f"REGISTRO_CHIAVI: {errore} {_SENZA_CHIAVI}") from None
CHIAVI_DI_CIFRATURA, CHIAVE_CORRENTE = _CHIAVI.cifratura, _CHIAVI.corrente
CHIAVE_INDICE, CHIAVE_DI_RETE = _CHIAVI.indice, _CHIAVI.rete

# Sigilli ------------------------------------------------------------------------------
# Chi sigilla i registri entra con un ruolo suo, che hanno i lavoratori e non le pagine. Senza
# l'accesso o senza la chiave si lavora lo stesso: lo dicono le pagine dei registri.
DATABASE_URL_SIGILLO = env.str("DATABASE_URL_SIGILLO", default="").strip()
try:
    CHIAVE_DI_FIRMA = leggi_chiave_di_firma(env.str("REGISTRO_CHIAVE_FIRMA", default=""))
except ChiaviErrate as errore:
    raise ImproperlyConfigured(f"REGISTRO_CHIAVE_FIRMA: {errore}") from None

# Storia delle modifiche -----------------------------------------------------------------
# Chi e per quale ente stanno nella riga stessa, scritti dal contesto (registro/db): una tabella
# dei contesti comune a tutti gli enti non avrebbe un confine.
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField(null=True)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="storia", db_constraint=False)

# Accesso ------------------------------------------------------------------------------
AUTH_USER_MODEL = "enti.Utente"
# Il primo non fa entrare nessuno: ferma chi ha sbagliato troppe volte.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "registro.comune.password.Argon2Registro",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    # Quanti segni, e quanti accanto al secondo fattore, lo dice il controllo.
    {"NAME": "registro.comune.password.LunghezzaMinimaValidator"},
    {"NAME": "registro.comune.password.LunghezzaMassimaValidator", "OPTIONS": {"max_length": 256}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "registro.comune.password.PasswordComuniValidator"},
    {"NAME": "enti.controlli.ParoleDiContestoValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
# Quanti passaggi fidati (nginx) stanno davanti al programma: dicono da dove arriva una richiesta.
PASSAGGI_FIDATI = env.int("REGISTRO_PASSAGGI_FIDATI", default=0 if DIMOSTRAZIONE else 1)
# Il secondo fattore (allauth): le pagine sono nostre, e nessun indirizzo di allauth è aperto.
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ALLAUTH_TRUSTED_PROXY_COUNT = PASSAGGI_FIDATI
MFA_ADAPTER = "enti.adattatore.AdattatoreMfa"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 0
MFA_TOTP_ISSUER = "Registro del Terzo Settore"
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
# Una passkey vuole una pagina cifrata; la dimostrazione è in chiaro, su questa macchina.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DIMOSTRAZIONE
# Chi sbaglia troppo (axes): cinque volte, per utente e rete insieme, fermano un quarto d'ora.
AXES_HANDLER = "enti.azioni.freno.FrenoHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "enti.controlli.chi_prova"
AXES_CLIENT_IP_CALLABLE = "registro.comune.provenienza.rete_di_provenienza"
AXES_LOCKOUT_CALLABLE = "enti.views.fermo.risposta"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 200
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "codice", "credenziale", "next"]
AXES_VERBOSE = False
# Di guardian si usano le tabelle dei permessi per oggetto. A decidere è `Attore.puo`, un posto
# solo: niente utente anonimo, niente metodi aggiunti agli utenti, niente secondo motore di accesso.
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
LOGIN_URL = "enti:accedi"
LOGIN_REDIRECT_URL = "report:casa"
LOGOUT_REDIRECT_URL = "enti:accedi"

# Sicurezza delle risposte ---------------------------------------------------------------
_SICURO = not DIMOSTRAZIONE
SECURE_SSL_REDIRECT = _SICURO
SECURE_REDIRECT_EXEMPT = [r"^salute/(copie/)?$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SICURO else None
SECURE_HSTS_SECONDS = 31_536_000 if _SICURO else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _SICURO
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# La porta nel nome: due dimostrazioni sulla stessa macchina non si rubano la sessione.
SESSION_COOKIE_NAME = "__Host-sessione" if _SICURO else f"sessione-{PORTA}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _SICURO
SESSION_ENGINE = "registro.comune.sessioni"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_USE_SESSIONS = True
# Nella sessione, non in un secondo cookie: un messaggio può nominare un ente o un file.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "registro.comune.viste_errore.csrf_scaduto"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # accessible-autocomplete e gli SVG dei grafici scrivono attributi style.
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
# Un file caricato resta in memoria: un foglio di persone non passa mai in chiaro dal disco. Oltre
# la misura, appena sopra il massimo che si accetta, si butta mentre arriva.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 11 * 1024 * 1024

# Lingua e ora -------------------------------------------------------------------------
LANGUAGE_CODE = "it"
TIME_ZONE = "Europe/Rome"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

# File ---------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = CARTELLA_DATI / "static"
# `static/` è nostro; `.costruiti/` esce da `npm run build` e non si committa.
STATICFILES_DIRS = [CARTELLA_BASE / "static", CARTELLA_BASE / ".costruiti"]
MEDIA_ROOT = CARTELLA_DATI / "documenti"
# Chi è stato cancellato, per numero: in produzione sta fuori da ciò che le copie comprendono.
ELENCO_CANCELLATI = Path(
    env.str("REGISTRO_ELENCO_CANCELLATI", default=str(CARTELLA_DATI / "cancellati.csv"))
)
# Ferma ogni cancellazione notturna, di ogni ente, finché non si toglie.
CONSERVAZIONE_FERMA = env.bool("REGISTRO_CONSERVAZIONE_FERMA", default=False)
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False

# Memoria ------------------------------------------------------------------------------
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # I disegni dei grafici, sotto l'impronta dei loro dati, e per un minuto i numeri che un cruscotto
    # disegna: su disco, perché chi stampa è un processo nuovo ogni volta. Si può svuotare quando si
    # vuole.
    "grafici": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": CARTELLA_DATI / "grafici",
        "OPTIONS": {"MAX_ENTRIES": 5000},
    },
}

# Lavori in coda -------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
# Senza questa, un lavoratore ucciso perde il lavoro anche con acks_late (misurato).
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 900
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1800,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # Chi chiede un lavoro con la coda ferma non aspetta: la richiesta resta nella tabella.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}
CELERY_TASK_ROUTES = {
    "report.tasks.prepara_pdf": {"queue": "pdf"},
    "beneficiari.tasks.prepara_documento": {"queue": "pdf"},
}
CELERY_TIMEZONE = TIME_ZONE

# Rete -----------------------------------------------------------------------------------
CARTELLA_QUADRANTE = CARTELLA_BASE / "dati" / "quadrante"
# Il progetto di una cartella di schede che non dichiara il proprio (`regole.yaml` assente).
PROGETTO_PREDEFINITO = env.str("REGISTRO_PROGETTO", default="quadrante-alat")

# Posta ----------------------------------------------------------------------------------
EMAIL_CONFIG = env.email("REGISTRO_EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("REGISTRO_EMAIL_MITTENTE", default="registro@localhost")
# A chi ci si rivolge per i propri dati: sta in ogni pagina e in ogni informativa (art. 37 GDPR).
CONTATTO_DPO = env.str(
    "REGISTRO_CONTATTO_DPO", default="dpo@rete.example" if DIMOSTRAZIONE else ""
)
# Un invito si spedisce mentre chi invita aspetta la pagina.
EMAIL_TIMEOUT = 8

# Registrazioni ----------------------------------------------------------------------------
# Mai corpi di richieste né parametri: in un registro di servizio non entrano dati di persone.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "riga": {
            "()": "registro.comune.registrazioni.SenzaDatiFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "riga"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "registro": {"level": "INFO"},
        "enti": {"level": "INFO"},
        "report": {"level": "INFO"},
    },
}
