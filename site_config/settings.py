"""The one settings file. Every value that differs between places comes from env.py."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from site_config import databases, env, logs, payment
from site_config.accounts import *  # noqa: F403 - settings of one subject

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("VAR_DIR") or BASE_DIR / "var").resolve()

DEMO = env.flag("DEMO")
DEBUG = env.flag("DEBUG")
# Not a secret: it opens nothing but a demo shop on somebody's own machine.
DEMO_SECRET_KEY = "demo-" * 12
SECRET_KEY = env.text("SECRET_KEY") or (DEMO_SECRET_KEY if DEMO else "")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEMO else "")
PUBLIC_URL = env.text(
    "PUBLIC_URL", f"http://127.0.0.1:{env.number('PORT', 8000)}" if DEMO else ""
).rstrip("/")

if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set; any long random text will do.")
if not DEMO and (DEBUG or SECRET_KEY == DEMO_SECRET_KEY or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "Outside the demo, DEBUG must be off, SECRET_KEY your own, "
        "and ALLOWED_HOSTS must name the shop's hosts."
    )
if not env.text("DATABASE_URL"):
    raise ImproperlyConfigured("DATABASE_URL is not set.")

INSTALLED_APPS = [
    "checkout",
    "wishlist",
    "shop",
    "home",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "wagtail_modeladmin",
    "modelcluster",
    "taggit",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "site_config.middleware.ContentSecurityPolicy",
    "django.middleware.gzip.GZipMiddleware",
    "site_config.outage.Outages",
    # Below compression, for it keeps pages compressed; above all that reads a session:
    # who may see more is known by their cookies (home.cacheable).
    "site_config.page_cache.PageCache",
    "shop.sales.SaleClock",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "home.middleware.DraftMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "home.addresses.AddressMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "home.accounts.middleware.AccountPages",
    "wishlist.known.KnownCookie",
    "axes.middleware.AxesMiddleware",
    "checkout.cookies.BasketCount",
    # Last: what the others do is done on the primary.
    "site_config.replicas.CatalogReads",
]

ROOT_URLCONF = "site_config.urls"
# home.addresses leads to the right way of writing an address, and only if it exists.
APPEND_SLASH = False
WSGI_APPLICATION = "site_config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "home.storefront.context",
            ],
        },
    }
]

# PostgreSQL and Redis

DATABASES = {
    "default": databases.settings(env.text("DATABASE_URL")),
    **databases.replicas(env.words("DATABASE_REPLICA_URLS")),
}
DATABASE_ROUTERS = ["home.reading.Router"] if len(DATABASES) > 1 else []
DATABASE_ANSWERS_WITHIN_S = databases.answers_within_s()

# A worker that died is known by its silence (checkout.tasks.resume_stalled_jobs).
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 3}

REDIS_URL = env.text("REDIS_URL")
if not REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is not set.")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "TIMEOUT": 300,
        "KEY_PREFIX": env.text("CACHE_PREFIX", "vitrine"),
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.25,
            "SOCKET_TIMEOUT": 0.25,
            "IGNORE_EXCEPTIONS": True,
            "REDIS_CLIENT_CLASS": "home.breaker.BreakableRedis",
        },
    }
}

# Sessions are for those who log in: the pages of a shop never read one.
SESSION_ENGINE = "home.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600

# People

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
# Language, time, money

LANGUAGE_CODE = "en"
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("en", _("English"))]
TIME_ZONE = env.text("SHOP_TIME_ZONE", "Europe/Lisbon")
USE_TZ = True
SHOP_CURRENCY = env.text("SHOP_CURRENCY", "EUR")
SHOP_COUNTRY = env.text("SHOP_COUNTRY", "PT")
SHOP_PAGE_SIZE = 24
CART_DAYS = env.number("CART_DAYS", 90, least=1)
# Whether what stands at a piece is what is paid, or tax comes on top in the basket.
PRICES_INCLUDE_TAX = env.flag("PRICES_INCLUDE_TAX", True)
ORDER_NUMBER_PREFIX = env.text("ORDER_NUMBER_PREFIX", "KL").upper()
if not (ORDER_NUMBER_PREFIX.isascii() and ORDER_NUMBER_PREFIX.isalnum()):
    raise ImproperlyConfigured("ORDER_NUMBER_PREFIX must be letters and digits.")
# For so many days after its last parcel an order may be sent back; 0: not at all.
RETURN_DAYS = env.number("RETURN_DAYS", 30)

# Payment

PAYMENT_CODES = payment.codes(is_demo=DEMO)
PAYMENT_PROVIDERS = [payment.KNOWN[code] for code in PAYMENT_CODES]
PAYMENT_CAPTURED_SEPARATELY = payment.is_captured_separately()
STRIPE_SECRET_KEY = env.text("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = env.text("STRIPE_WEBHOOK_SECRET")
# Another address than Stripe's own: a stand-in, for tests.
STRIPE_API = ""
# Signs what the demo bank tells the demo shop.
DEMO_BANK_SECRET = f"demo-bank-{SECRET_KEY}"

# Files

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT") or VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "site_config" / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env.text("MEDIA_ROOT") or VAR_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "site_config.static_storage.ModuleStorage"},
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# A page of 2 MB, written longer by the editor's form, and some.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 2**20

# Wagtail

WAGTAIL_SITE_NAME = "Kiln & Loom" if DEMO else env.text("SHOP_NAME", "Vitrine")
WAGTAILADMIN_BASE_URL = PUBLIC_URL or "http://localhost"
WAGTAILIMAGES_IMAGE_MODEL = "home.Picture"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "pdf", "txt", "xlsx", "zip"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
# One clock for all: go-live and expiry times are typed and read in the shop's own zone.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# The rooms that know what is for sale; `home` names them by string only.
GOODS_SOURCE = "shop.shelves.fetch"
STOCK_SOURCE = "shop.queries.in_stock"
# The room that knows how pieces travel.
DELIVERY_SOURCE = "checkout.promises.ways"
# Where a wish becomes part of the basket.
BASKET_DOOR = "checkout.views.add"
# Whose page a layout block is previewed in, by its position; else the front page.
PREVIEW_PAGES = {
    "catalog": "shop.previews.list_page",
    "product": "shop.previews.product_page",
    "cart": "checkout.previews.cart_page",
}

# Security

CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
# How many proxies in front of the shop add to X-Forwarded-For what they saw.
TRUSTED_PROXIES = env.number("TRUSTED_PROXIES", 0 if DEMO else 1)
# Wagtail shows its previews in a frame of the same site, which W019 cannot know.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]
CSRF_FAILURE_VIEW = "site_config.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        # An order is sent by a form, and answered by the way to the payment.
        "form-action": [SELF, *payment.pages(PAYMENT_CODES)],
        "frame-ancestors": [SELF],
        # Players of videos, in a frame that appears once a visitor has pressed.
        "frame-src": [
            "https://www.youtube-nocookie.com",
            "https://player.vimeo.com",
        ],
    }
}
if not DEMO:
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env.number("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Health checks come from the machine itself, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

# Letters

EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    f"django.core.mail.backends.{'console' if DEMO else 'smtp'}.EmailBackend",
)
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Kiln & Loom <shop@localhost>")

# Logs: one JSON object a line in production, readable in the demo

LOG_LEVEL = (env.text("LOG_LEVEL") or "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(f"LOG_LEVEL={LOG_LEVEL!r} is not a level.")
LOGGING = logs.configuration(LOG_LEVEL, is_readable=DEMO)
