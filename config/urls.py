"""The admin for editors, a few addresses for machines; everything else is for readers."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path

from config.metrics import metrics
from negotiations.api import web
from negotiations.sitemaps import SITEMAPS
from negotiations.views import data, embed, machines

urlpatterns = [
    path(settings.ADMIN_PATH, admin.site.urls),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path(".well-known/security.txt", machines.security_txt, name="security-txt"),
    path(settings.CSP_REPORTS.lstrip("/"), machines.csp_report, name="csp-report"),
    # For programs: one address each, in no language.
    path("api/v1/", include((web.patterns(), "api"))),
    path("oembed", embed.oembed, name="oembed"),
    path("data/<str:version>/<path:name>", data.file, name="data-file"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemaps"),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    # The address says the language, and nothing else does: one link shows everybody the same page.
    *i18n_patterns(path("", include("negotiations.urls")), prefix_default_language=False),
]

handler400 = "negotiations.views.errors.bad_request"
handler404 = "negotiations.views.errors.not_found"
handler500 = "negotiations.views.errors.server_error"
