"""Settings, all from the environment (and `.env`); a bad or missing value ends the start and is named.

Secure by default. `make run`, `make dev` and the tests set PARLEY_LOCAL, which alone allows plain http,
the key kept in the data folder and no hosts but this machine. Every variable is explained in `.env.example`.
"""

import sys
from datetime import timedelta

import dj_database_url
from environs import Env, EnvError

from config import local

BASE_DIR = local.BASE_DIR
DATA_DIR = local.data_folder()
REQUIRED = ...

local.read_env_file()
env = Env()


def read(kind, name, default=REQUIRED):
    """Read one variable; a missing or wrong value ends everything with one line that names it."""
    try:
        value = getattr(env, kind)(name, default)
    except EnvError as problem:
        sys.exit(f"parley: {problem}")
    if default is REQUIRED and value in ("", [], [""]):
        sys.exit(f'parley: Environment variable "{name}" is empty')
    return value


DEBUG = read("bool", "DEBUG", False)
LOCAL = read("bool", "PARLEY_LOCAL", False)
SECRET_KEY = read("str", "SECRET_KEY", local.kept_secret_key(DATA_DIR) or REQUIRED)

# Hosts and transport

ALLOWED_HOSTS = read("list", "ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if LOCAL else REQUIRED)
CSRF_TRUSTED_ORIGINS = read("list", "CSRF_TRUSTED_ORIGINS", [])
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 0 if LOCAL else read("int", "HSTS_SECONDS", 365 * 24 * 3600)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_HSTS_SECONDS > 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads it
# Only where a proxy really sets and strips this header: otherwise any client could claim to use https.
if read("bool", "BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
LIMITS = read("bool", "LIMITS", True)
ADMIN_PATH = (read("str", "ADMIN_PATH", "admin").strip("/") or "admin") + "/"
SECURITY_CONTACT = read("list", "SECURITY_CONTACT", [])
CSP_REPORTS = "/csp-report/"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "report-uri": CSP_REPORTS,
        "report-to": "csp",
    }
}

# Database

WEB_THREADS = read("int", "WEB_THREADS", 4)
STATEMENT_TIMEOUT = read("int", "STATEMENT_TIMEOUT", 10)
DATABASES = {"default": read("dj_db_url", "DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    sys.exit('parley: Environment variable "DATABASE_URL" must begin with postgresql://')
for _number, _url in enumerate(read("list", "DATABASE_REPLICA_URLS", []), 1):
    # In tests each stands for the primary, which has no copies there.
    DATABASES[f"replica-{_number}"] = dj_database_url.parse(_url) | {"TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["negotiations.replicas.Router"]
SERVING = read("bool", "PARLEY_SERVING", False)  # said by config.wsgi; commands may take their time
for _database in DATABASES.values() if SERVING else ():
    _database["CONN_HEALTH_CHECKS"] = True  # outlive a restart of the database
    _database.setdefault("OPTIONS", {}).update(
        # As many connections as there are threads to use them; without a pool each request opens its own.
        # None waits for another's, so what takes longer than this is a database that is away.
        pool={"min_size": 1, "max_size": WEB_THREADS, "timeout": 3},
        # A reader is gone by then; the query must not go on without them.
        options=f"-c statement_timeout={STATEMENT_TIMEOUT}s",
    )
# Pages are kept in each process, or in a Redis that several machines share. Local memory is bounded by number: a
# thousand pages are 20 MB at most where none is unusual.
CACHING = read("bool", "CACHING", not DEBUG)
CACHES = {"default": read("dj_cache_url", "CACHE_URL", "locmem://")}
CACHES["default"].setdefault("OPTIONS", {})
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.locmem.LocMemCache":
    CACHES["default"]["OPTIONS"] |= {"MAX_ENTRIES": 1000}
else:  # one that hangs must not hold up readers
    CACHES["default"]["OPTIONS"] |= {"socket_timeout": 1, "socket_connect_timeout": 1}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The application

INSTALLED_APPS = [
    "config.desk.DeskConfig",  # django.contrib.admin, with a site of our own
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "template_partials",
    "negotiations",
]
MIDDLEWARE = [
    "config.journal.Journal",
    "config.metrics.Metrics",
    "django.middleware.security.SecurityMiddleware",
    "config.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "negotiations.page_cache.PageCache",
    "negotiations.replicas.Replicas",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "negotiations.limits.Limits",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
LOGIN_URL = "admin:login"
# Four eyes: who drafted an entry may not publish it. On one's own machine there are only two.
PUBLISH_OWN = read("bool", "PUBLISH_OWN", LOCAL)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# The desk's door: passwords, second factor, sessions, and what may come in and go out

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
# How many proxies of ours stand in front and add to X-Forwarded-For; beyond them, anybody can write what they like.
PROXY_COUNT = read("int", "PROXY_COUNT", 0)
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
# The name alone would let anybody lock an editor out; the address alone, a colleague behind the same one.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "negotiations.visitors.address"
AXES_LOCKOUT_TEMPLATE = "admin/locked_out.html"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who signs in from where is nobody's business while it goes well
AXES_VERBOSE = False

SECOND_FACTOR_REQUIRED = read("bool", "SECOND_FACTOR_REQUIRED", False)
OTP_TOTP_ISSUER = "Parley"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True

SESSION_COOKIE_AGE = read("int", "SESSION_HOURS", 12) * 3600
SESSION_IDLE = read("int", "SESSION_IDLE_MINUTES", 120) * 60

UPLOAD_LIMIT = read("int", "UPLOAD_MEGABYTES", 10) * 2**20
FILE_UPLOAD_HANDLERS = [
    "negotiations.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "negotiations.uploads.OnDisk",
]
# Hosts that `check_links` may ask for pages; none, unless the operator lists them. Nothing else leaves this server.
LINK_CHECK_HOSTS = [name.lower() for name in read("list", "LINK_CHECK_HOSTS", [])]

# Mail: to the console, unless there is a server

vars().update(read("dj_email_url", "EMAIL_URL", "consolemail://"))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = read("str", "EMAIL_FROM", "Parley <parley@localhost>")

# Language and time

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# Static files: hashed names, served as immutable, except where they change under our hands

HASHED_STATIC_FILES = read("bool", "HASHED_STATIC_FILES", not DEBUG)
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC_FILES
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Logs, to the console

LOG_LEVEL = read("str", "LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    sys.exit('parley: Environment variable "LOG_LEVEL" must be DEBUG, INFO, WARNING, ERROR or CRITICAL')
LOG_FORMAT = read("str", "LOG_FORMAT", "line").lower()
if LOG_FORMAT not in ("line", "json"):
    sys.exit('parley: Environment variable "LOG_FORMAT" must be line or json')
SLOW_QUERY = read("int", "SLOW_QUERY", 500)
METRICS_TOKEN = read("str", "METRICS_TOKEN", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "config.journal.WithRequest"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}]: {message}", "style": "{"},
        "json": {"()": "config.journal.Json"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["request"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        # By default Django's own handlers are silent without DEBUG, and mail nobody.
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        # Every visitor's mistyped address is not news.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Lock-outs are news; who signed in is not.
        "axes": {"level": "WARNING"},
        # On a reader's own machine nobody reads a line for each request.
        "parley.requests": {"level": LOG_LEVEL if LOG_FORMAT == "json" else "WARNING"},
    },
}
