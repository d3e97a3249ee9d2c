"""The admin for editors; everything else is for readers."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("negotiations.urls")),
]

handler404 = "negotiations.views.errors.not_found"
handler500 = "negotiations.views.errors.server_error"
