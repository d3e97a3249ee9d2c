"""Whether a migration leaves the site working while it runs, and the release before it working afterwards.

    python -m config.scratch -m config.migrations      part of `make lint`

The rules stand in docs/operations.md. The library reads the SQL that each migration would run; it knows no rule about
constraints that are checked while the table is locked, which is added here.
"""

import logging
import os
import re
import sys
from typing import ClassVar

import django
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import PostgresqlAnalyser
from django_migration_linter.sql_analyser.base import Check, CheckMode, CheckType

# They ran before there was a site to keep working. A later one that has to break a rule is named here with its reason.
EXEMPT = [
    "0001_record", "0002_rules", "0003_trigrams", "0004_revisions", "0005_generation", "0006_desk_reports",
    "0007_intake", "0008_allowances", "0009_alerts", "0010_publishing", "0011_names", "0012_feed_indexes",
    "0013_followers", "0014_source_by_date",
]  # fmt: skip
LOCKS = ["CREATE_INDEX", "CREATE_INDEX_EXCLUSIVE", "DROP_INDEX", "REINDEX"]
# Nobody goes back by migrating: the schema stays, since it fits the release before.
NOT_ASKED = ["RUNPYTHON_REVERSIBLE", "RUNSQL_REVERSIBLE"]

CREATED = re.compile(r"CREATE TABLE (\S+)", re.IGNORECASE)
CONSTRAINED = re.compile(r"ALTER TABLE (\S+) ADD CONSTRAINT \S+ (?:CHECK|FOREIGN KEY|EXCLUDE)\b", re.IGNORECASE)


def checks_all_rows(statements: list[str], **_more: object) -> bool:
    """Whether a constraint comes upon rows that are there already, and is checked while nobody may write."""
    new = {found[1] for sql in statements if (found := CREATED.match(sql))}
    return any(
        (found := CONSTRAINED.match(sql)) and found[1] not in new and "NOT VALID" not in sql.upper()
        for sql in statements
    )


class Analyser(PostgresqlAnalyser):
    migration_checks: ClassVar[list[Check]] = [
        *PostgresqlAnalyser.migration_checks,
        Check("CONSTRAINT", checks_all_rows, "constraint without NOT VALID", CheckMode.TRANSACTION, CheckType.ERROR),
    ]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    logging.getLogger("django_migration_linter").setLevel(logging.WARNING)
    linter = MigrationLinter(
        include_apps=["negotiations"],
        ignore_name=EXEMPT,
        warnings_as_errors_tests=LOCKS,
        exclude_migration_tests=NOT_ASKED,
        quiet=["ok", "ignore"],
        no_cache=True,
    )
    linter.sql_analyser_class = Analyser
    linter.lint_all_migrations()
    return 1 if linter.has_errors else 0


if __name__ == "__main__":
    sys.exit(main())
