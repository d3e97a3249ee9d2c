"""Sources by date: the desk's list finds the first and last day without reading all. Built beside the site's work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("negotiations", "0013_followers")]
    operations = [AddIndexConcurrently("source", models.Index(fields=["earliest"], name="source_by_date"))]
