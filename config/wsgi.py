"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("PARLEY_SERVING", "1")  # a pool of connections, and a limit to every query
application = get_wsgi_application()
# Django would load the views with the first request, a quarter of a second in each process; here they are loaded
# before the processes part, which share them.
_ = get_resolver().url_patterns
