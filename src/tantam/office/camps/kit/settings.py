"""Django's settings on a kit: one room, one encrypted database, no staff, no office. :mod:`…kit.holding` says which."""

from __future__ import annotations

from pathlib import Path

from tantam import look
from tantam.office.camps.kit import holding
from tantam.office.databases import sqlite
from tantam.office.policy import POLICY

HELD = holding.held()
KIT_KEY = HELD.key

DEBUG = False
SECRET_KEY = HELD.derived("session").hex()
ALLOWED_HOSTS = list(HELD.hosts)
CSRF_TRUSTED_ORIGINS: list[str] = []
ROOT_URLCONF = "tantam.office.camps.kit.urls"
WSGI_APPLICATION = None

DATABASES = {
    "default": {"ENGINE": "django.db.backends.dummy"},
    "health": sqlite(
        HELD.folder / "health.sqlite3",
        "tantam.office.sqlcipher",
        key_file=holding.in_memory("health", HELD.derived("sqlite").hex().encode()),
    ),
}
DATABASE_ROUTERS = ["tantam.office.databases.HealthRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.staticfiles", "tantam.office.camps"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "tantam.office.watch.Watch",
    "tantam.office.watch.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tantam.office.camps.kit.door.Door",
]
_OFFICE = Path(__file__).parents[2]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_OFFICE / "shared" / "html", _OFFICE / "camps" / "html"],
        "OPTIONS": {
            "builtins": ["tantam.office.tags", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "tantam.office.camps.kit.door.shown",
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
OWN_STATIC = _OFFICE / "static"
STATICFILES_DIRS = [OWN_STATIC, ("look", _LOOK / "css"), ("fonts", _LOOK / "fonts")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 300

CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "tantam.office.watch.no_token"
SECURE_HSTS_SECONDS = 0  # on a Wi-Fi without names it would only lock the board out
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
CONTENT_SECURITY_POLICY = POLICY
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
LOGGING_CONFIG = "tantam.office.watch.configure_logging"
LOGGING = {"level": "warning"}
