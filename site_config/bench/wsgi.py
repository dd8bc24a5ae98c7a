"""The shop, and beside it a bare view to compare it with."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
settings.ROOT_URLCONF = "site_config.bench.urls"

application = get_wsgi_application()
