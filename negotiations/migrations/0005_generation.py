"""The data generation: a number that grows with every committed change of the record.

What is derived from the record (a rendered page, a count) is good for as long as this number stands. A change notes its
transaction; the number itself is only raised at commit, by a deferred trigger, so that the one row that all writers
share is locked last and for a moment: two editors can neither wait for each other's whole transaction nor deadlock.
Which tables are watched is decided after each migration; see `models/generation.py`.
"""

from django.db import migrations

FORWARD = """
CREATE TABLE negotiations_generation (
    id smallint PRIMARY KEY CHECK (id = 1),
    number bigint NOT NULL,
    changed_at timestamptz NOT NULL
);
INSERT INTO negotiations_generation VALUES (1, 1, clock_timestamp());
CREATE TABLE negotiations_change (transaction xid8 PRIMARY KEY);

CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO negotiations_change VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

CREATE FUNCTION raise_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM negotiations_change WHERE transaction = NEW.transaction;
    INSERT INTO negotiations_generation AS known VALUES (1, 1, clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET number = known.number + 1, changed_at = clock_timestamp();
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER raise_generation AFTER INSERT ON negotiations_change
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION raise_generation();
"""
BACKWARD = """
DROP TABLE negotiations_change, negotiations_generation;
DROP FUNCTION raise_generation();
DROP FUNCTION note_change() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0004_revisions")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
