"""Settings of the office, from ``TANTAM_*`` only; with none at all everything runs on one machine.

A wrong setting stops the start with one sentence (``bad_setting``); docs/reference/settings.md lists them all.
"""

from __future__ import annotations

import os
from pathlib import Path

from tantam import look
from tantam.errors import BadInput
from tantam.office import keyring
from tantam.office.databases import databases
from tantam.office.policy import POLICY

ENV = os.environ


def _choice(name: str, default: str, *allowed: str) -> str:
    value = ENV.get(name, default)
    if value not in allowed:
        raise BadInput("bad_setting", f"{name} is “{value}”.", f"Give one of: {', '.join(allowed)}.")
    return value


def _whole(name: str, default: int, low: int, high: int) -> int:
    text = ENV.get(name, str(default))
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise BadInput("bad_setting", f"{name} is “{text}”.", f"Give a whole number from {low} to {high}.")
    return int(text)


HOME = Path(ENV.get("TANTAM_HOME", "home")).absolute()
OPERATOR = ENV.get("TANTAM_OPERATOR", "Sao Mai")
DEMO = _choice("TANTAM_DEMO", "no", "yes", "no") == "yes"
HTTPS = _choice("TANTAM_HTTPS", "no", "yes", "no") == "yes"
SECOND_FACTOR = _choice("TANTAM_SECOND_FACTOR", "no" if DEMO else "required", "required", "no")
PORT = _whole("PORT", 8000, 1, 65535)
SMS = ENV.get("TANTAM_SMS", "console" if DEMO else "no")  # or the address of an SMS centre
SMS_PASSWORD = ENV.get("TANTAM_SMS_PASSWORD", "")
SMS_COPY_TO = ENV.get("TANTAM_SMS_COPY_TO", "5656")
SMS_PRICE_DONG = _whole("TANTAM_SMS_PRICE_DONG", 0, 0, 1_000_000)  # 0: nobody said
MAIL = ENV.get("TANTAM_MAIL", "")
MAIL_PASSWORD = ENV.get("TANTAM_MAIL_PASSWORD", "")
MAIL_FROM = ENV.get("TANTAM_MAIL_FROM", "")

DEBUG = False
SECRET_KEY = keyring.read(HOME, "django-key")
ALLOWED_HOSTS = [h for h in ENV.get("TANTAM_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
CSRF_TRUSTED_ORIGINS = [f"https://{h}" for h in ALLOWED_HOSTS if HTTPS and h != "*"]
ROOT_URLCONF = "tantam.office.urls"
WSGI_APPLICATION = "tantam.office.wsgi.application"

DATABASES = databases(ENV, HOME)
DATABASE_ROUTERS = ["tantam.office.databases.HealthRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = ["journal", "people", "parties", "promises", "programmes", "channels", "opinions", "cases", "events"]
ROOMS += ["quality", "camps", "desk"]
ROOMS += ["front", "worker"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    *[f"tantam.office.{room}" for room in ROOMS],
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tantam.office.watch.Watch",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tantam.office.watch.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tantam.office.door.Door",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            Path(__file__).parent / "shared" / "html",
            *[Path(__file__).parent / room / "html" for room in ROOMS],
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["tantam.office.tags", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tantam.office.door.rooms",
            ],
        },
    }
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
_LOOK = Path(look.__file__).parent
OWN_STATIC = Path(__file__).parent / "static"
STATICFILES_DIRS = [OWN_STATIC, ("look", _LOOK / "css"), ("fonts", _LOOK / "fonts")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300  # names carry no digest, so a new version must be seen within minutes

AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tantam.office.people.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
# How many opinions the form for anybody takes from one address (an IPv6 /64), and from all of them together.
SAY_PER_MINUTE = _whole("TANTAM_SAY_PER_MINUTE", 5, 1, 10_000)
SAY_PER_HOUR = _whole("TANTAM_SAY_PER_HOUR", 30, 1, 10_000)
SAY_PER_HOUR_TOTAL = _whole("TANTAM_SAY_PER_HOUR_TOTAL", 2_000, 1, 10_000)
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if HTTPS else 0  # behind a proxy each visitor has a limit of his own
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tận Tâm"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "tantam.office.watch.no_token"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
CONTENT_SECURITY_POLICY = POLICY
# In the database, so that every worker counts the same tries.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # with few, visitors from many addresses push others' counts out
    },
}
EMAIL_BACKEND = (
    "django.core.mail.backends.locmem.EmailBackend"  # mail goes out through channels, from step 4 on
)
LOGGING_CONFIG = "tantam.office.watch.configure_logging"
LOGGING = {"level": _choice("TANTAM_LOG", "info", "debug", "info", "warning", "error")}
SILENCED_SYSTEM_CHECKS: list[str] = []
