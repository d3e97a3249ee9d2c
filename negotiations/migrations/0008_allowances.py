"""How much of what is costly each visitor has used in the present minute; for all processes of all machines.

Unlogged: it is written often, and forgotten after a crash without harm.
"""

from django.db import migrations

FORWARD = """
CREATE UNLOGGED TABLE negotiations_allowance (
    visitor text NOT NULL,
    what text NOT NULL,
    minute timestamptz NOT NULL,
    used integer NOT NULL,
    PRIMARY KEY (visitor, what)
);
CREATE INDEX allowance_by_minute ON negotiations_allowance (minute);
"""
BACKWARD = "DROP TABLE negotiations_allowance"


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0007_intake")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
