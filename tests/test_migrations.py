"""A migration must leave the site working while it runs, and the release before it afterwards: docs/operations.md."""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, RemoveIndexConcurrently
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django_migration_linter.sql_analyser import analyse_sql_statements

from config.migrations import Analyser

COLUMN = models.CharField(max_length=9)
INDEX = models.Index(fields=["city"], name="entry_by_city")
NAMED = models.CheckConstraint(condition=~models.Q(title=""), name="entry_has_title")
ONCE = models.UniqueConstraint(fields=["title", "date"], name="entry_once")

# Nothing is run, only written down; but what builds an index beside the site's work refuses to do so in a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def faults(*operations, atomic: bool = True) -> list[str]:
    """What the check finds wrong with a next migration that does this."""
    migration = migrations.Migration("9999_next", "negotiations")
    migration.operations, migration.atomic = list(operations), atomic
    with connection.schema_editor(collect_sql=True, atomic=atomic) as editor:
        migration.apply(MigrationLoader(connection).project_state(), editor, collect_sql=True)
    errors, _ignored, warnings = analyse_sql_statements(Analyser, editor.collected_sql)
    return sorted(fault.code for fault in errors + warnings)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.AddIndex("entry", INDEX), "CREATE_INDEX"),
        (migrations.RemoveIndex("entry", "entry_by_kind"), "DROP_INDEX"),
        (migrations.AddConstraint("entry", NAMED), "CONSTRAINT"),
        (migrations.AddConstraint("entry", ONCE), "ADD_UNIQUE"),
        (migrations.AlterField("entry", "withdrawn_on", models.DateField()), "NOT_NULL"),
        (migrations.AlterField("entry", "city", models.IntegerField()), "ALTER_COLUMN"),
    ],
)
def test_what_locks_a_large_table_is_found(operation, fault):
    assert fault in faults(operation)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.AddField("entry", "mood", models.CharField(max_length=9, default="")), "NOT_NULL"),
        (migrations.RemoveField("entry", "country"), "DROP_COLUMN"),
        (migrations.RenameField("entry", "country", "state_of"), "RENAME_COLUMN"),
        (migrations.RenameModel("Subscription", "Follower"), "RENAME_TABLE"),
        (migrations.DeleteModel("LinkCheck"), "DROP_TABLE"),
    ],
)
def test_what_the_release_before_does_not_survive_is_found(operation, fault):
    assert fault in faults(operation)


@pytest.mark.parametrize(
    "operation",
    [
        AddIndexConcurrently("entry", INDEX),
        RemoveIndexConcurrently("entry", "entry_by_kind"),
        AddConstraintNotValid("entry", NAMED),
        migrations.AddField("entry", "mood", models.CharField(max_length=9, null=True)),
        migrations.AddField("entry", "mood", models.CharField(max_length=9, db_default="")),
        migrations.CreateModel("Mood", [("id", models.BigAutoField(primary_key=True)), ("name", COLUMN)],
                               {"constraints": [models.CheckConstraint(condition=~models.Q(name=""), name="named")]}),
    ],
)  # fmt: skip
def test_the_ways_that_lock_nothing_for_long_pass(operation):
    assert faults(operation, atomic=False) == []
