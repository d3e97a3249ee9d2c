"""Whatever readers look for by name keeps its names in every language beside it, for the database to find.

They are written after the migration (see `models/named.py`).
"""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import migrations, models

NAMED = ("issue", "negotiation", "party", "person", "treaty")

# The search of entries takes a name with ё for the same name with е, as people type it.
PLAIN_YO = """
UPDATE negotiations_entry SET words = words || E'\\n' || translate(words, 'ёЁ', 'еЕ') WHERE words ~ '[ёЁ]'
"""


def operations_of(model: str) -> list:
    like = GinIndex(OpClass("called", name="gin_trgm_ops"), name=f"{model}_like")
    words = GinIndex(SearchVector("called", config="russian"), name=f"{model}_called")
    return [
        migrations.AddField(model, "called", models.TextField(blank=True, default="", editable=False)),
        migrations.AddIndex(model, like),
        migrations.AddIndex(model, words),
    ]


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0010_publishing")]
    operations = [
        *(operation for model in NAMED for operation in operations_of(model)),
        migrations.RunSQL(PLAIN_YO, migrations.RunSQL.noop),
    ]
