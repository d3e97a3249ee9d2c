from django.apps import AppConfig
from django.db.models.signals import post_migrate


class NegotiationsConfig(AppConfig):
    name = "negotiations"
    verbose_name = "The record"

    def ready(self) -> None:
        from .groups import make_groups
        from .models.generation import watch_tables
        from .models.named import renew_names

        post_migrate.connect(watch_tables, sender=self, dispatch_uid="watch_tables")
        post_migrate.connect(make_groups, sender=self, dispatch_uid="make_groups")
        post_migrate.connect(renew_names, sender=self, dispatch_uid="renew_names")
