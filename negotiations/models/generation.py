"""Which tables make up the record that readers see: a change in any of them raises the data generation.

Every table of ours is watched unless it is named here, so that a new one is never forgotten. The triggers are set after
each migration; they run once a statement, not once a row.
"""

from typing import Any

from django.apps import apps
from django.db import connections

UNSEEN = {"digest", "intake", "linkcheck", "loadedrow", "subscription"}
"""Models that no page shows that readers share: what comes in a flood, or is one reader’s alone."""


def watched_tables() -> set[str]:
    models = apps.get_app_config("negotiations").get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.model_name not in UNSEEN and model._meta.managed}


def watch_tables(using: str, **_signal: Any) -> None:
    """Set the triggers that are missing, and take away those of tables that are watched no more."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regproc('note_change') IS NOT NULL")
        if not cursor.fetchone()[0]:  # the database has been taken back to before generations
            return
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'note_change'")
        watched, wanted = {name for (name,) in cursor.fetchall()}, watched_tables()
        for table in sorted(wanted - watched):
            cursor.execute(
                f'CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON "{table}" '
                "FOR EACH STATEMENT EXECUTE FUNCTION note_change()"
            )
        for table in sorted(watched - wanted):
            cursor.execute(f'DROP TRIGGER note_change ON "{table}"')
