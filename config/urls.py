"""The admin for editors; everything else is for readers."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    # The address says the language, and nothing else does: one link shows everybody the same page.
    *i18n_patterns(path("", include("negotiations.urls")), prefix_default_language=False),
]

handler404 = "negotiations.views.errors.not_found"
handler500 = "negotiations.views.errors.server_error"
