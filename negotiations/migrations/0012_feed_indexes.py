"""Feeds find what changed last, and what was withdrawn, by an index. Built beside the site's work: the table may be large."""

from datetime import UTC

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import TruncDate


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("negotiations", "0011_names")]
    operations = [
        AddIndexConcurrently(
            "entry",
            models.Index(
                TruncDate("updated_at", tzinfo=UTC).desc(),
                F("earliest").desc(),
                F("id").desc(),
                name="entry_by_change",
                condition=Q(state="published"),
            ),
        ),
        AddIndexConcurrently(
            "entry",
            models.Index(F("updated_at").desc(), name="entry_changed_last", condition=Q(state="published")),
        ),
        AddIndexConcurrently(
            "entry",
            models.Index(
                F("withdrawn_on").desc(), F("id").desc(), name="entry_withdrawn", condition=Q(state="withdrawn")
            ),
        ),
    ]
