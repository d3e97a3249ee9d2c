"""What talks consist of, statements apart: meetings and moves are found by an index. Built beside the site's work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("negotiations", "0014_source_by_date")]
    operations = [
        AddIndexConcurrently(
            "entry",
            models.Index(
                "negotiation",
                "kind",
                F("earliest").desc(),
                F("id").desc(),
                name="entry_of_talks",
                condition=~Q(kind="statement"),
            ),
        ),
    ]
