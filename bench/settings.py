"""The site's own settings, and one page more: an empty signed-in POST, the ceiling of any page."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
