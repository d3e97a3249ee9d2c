"""Names forgive a misspelling: PostgreSQL's trigrams."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0002_rules")]
    operations = [TrigramExtension()]
