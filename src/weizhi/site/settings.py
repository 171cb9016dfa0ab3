"""One settings file; each value from the environment, with a default that runs a community on one machine."""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from weizhi.site import environment as env

ROOT = Path(__file__).resolve().parents[3]
HOME = env.path("WEIZHI_HOME", ROOT / "var")
HOME.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("WEIZHI_DEBUG")
DEMO = env.flag("WEIZHI_DEMO")
SECRET_KEY_FILE = env.path("WEIZHI_SECRET_KEY_FILE", HOME / "session.key")
# The keys of sensitive fields, seals and ballots lie outside the database: a copied database opens nothing.
KEYS_FILE = env.path("WEIZHI_KEYS", HOME / "keys.json")
FILES = env.path("WEIZHI_FILES", HOME / "files")
IMPORTS = env.path("WEIZHI_IMPORTS", HOME / "imports")  # names stand in it while an import is in work
MEDIA_ROOT = FILES


def _secret_key() -> str:
    if not SECRET_KEY_FILE.exists():
        import os
        import secrets

        descriptor = os.open(SECRET_KEY_FILE, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return SECRET_KEY_FILE.read_text()


SECRET_KEY = env.text("WEIZHI_SECRET_KEY") or _secret_key()
ALLOWED_HOSTS = env.words("WEIZHI_HOSTS", "127.0.0.1,localhost,[::1],testserver")
CSRF_TRUSTED_ORIGINS = env.words("WEIZHI_ORIGINS")

INSTALLED_APPS = [
    "weizhi.places",
    "weizhi.people",
    "weizhi.record",
    "weizhi.matters",
    "weizhi.reports",
    "weizhi.decisions",
    "weizhi.deliberation",
    "weizhi.census",
    "weizhi.portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "weizhi.site.headers.PageHeaders",
    "weizhi.site.headers.Limits",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "weizhi.site.demo_clock.DemoClock",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "weizhi.portal.accounts.second_factor.StaffSecondFactor",
    "weizhi.portal.refusing.RefusedPages",
]
ROOT_URLCONF = "weizhi.site.urls"
WSGI_APPLICATION = "weizhi.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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

DATABASES = {"default": dj_database_url.parse(env.text("DATABASE_URL", f"sqlite:///{HOME / 'weizhi.sqlite3'}"))}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "weizhi.places.sqlite3"
    # FULL, not NORMAL: a vote or a payment that was acknowledged survives the loss of power.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["ENGINE"] = "weizhi.places.postgresql"
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Opening a connection costs as much as three queries of a page.
DATABASES["default"]["CONN_MAX_AGE"] = 600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "weizhi.portal.accounts.backend.Backend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "weizhi.portal.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
STAFF_SESSION_AGE = 60 * 60 * 12
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # reading them writes no session
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.flag("WEIZHI_HTTPS")
SECURE_SSL_REDIRECT = False
PROXIES = int(env.text("WEIZHI_PROXIES", "0"))  # how many stand before us; their headers count, nobody else's do
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if env.flag("WEIZHI_HTTPS") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "style-src": [SELF],
        "script-src": [SELF, NONCE],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- signing in: by login name and password, or by a code to the telephone ---
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
LOGOUT_REDIRECT_URL = "account_login"
SMS: str = env.text("WEIZHI_SMS", "console")
SMS_WEBHOOK: str = env.text("WEIZHI_SMS_WEBHOOK")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
ACCOUNT_ADAPTER = "weizhi.portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up: an officer enrols people
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {
    "login_failed": "20/m/ip,20/5m/key",
    "request_login_code": "20/m/ip,3/10m/key,10/d/key",  # three guesses a code: thirty a day at one number
}
ACCOUNT_FORMS = {
    "login": "weizhi.portal.accounts.forms.LoginForm",
    "request_login_code": "weizhi.portal.accounts.forms.RequestCodeForm",
    "confirm_login_code": "weizhi.portal.accounts.forms.ConfirmCodeForm",
    "reauthenticate": "weizhi.portal.accounts.forms.ReauthenticateForm",
    "change_password": "weizhi.portal.accounts.forms.ChangePasswordForm",
    "set_password": "weizhi.portal.accounts.forms.SetPasswordForm",
}
MFA_ADAPTER = "weizhi.portal.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "weizhi.portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "weizhi.portal.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "weizhi.portal.accounts.forms.ActivateForm",
}
# Failures are counted by login and address, in the database: several processes and a restart count as one.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # who was here when is nobody's business
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_USERNAME_FORM_FIELD = "username"
AXES_SENSITIVE_PARAMETERS = ["login", "phone", "password", "code", "username", "csrfmiddlewaretoken"]
AXES_USERNAME_CALLABLE = "weizhi.portal.accounts.lockout.who_tries"
AXES_CLIENT_IP_CALLABLE = "weizhi.portal.accounts.lockout.address_of"
AXES_CLIENT_STR_CALLABLE = "weizhi.portal.accounts.lockout.nobody"
AXES_LOCKOUT_CALLABLE = "weizhi.portal.accounts.lockout.locked"
# Limits and used codes must hold across processes.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", _("英文"))]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.flag("WEIZHI_TESTING")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10
EMAIL_BACKEND = env.text("WEIZHI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
# How people outside reach the pages: put before the links of e-mails and chat notices.
ADDRESS = env.text("WEIZHI_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
CHAT = env.flag("WEIZHI_CHAT")  # notices to chat groups leave the house: off until somebody decides it
DEFAULT_FROM_EMAIL = env.text("WEIZHI_FROM", "weizhi@localhost")
SILENCED_SYSTEM_CHECKS: list[str] = []
