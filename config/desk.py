"""Django's admin, opened by a site of our own."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default_site = "negotiations.site.DeskSite"
