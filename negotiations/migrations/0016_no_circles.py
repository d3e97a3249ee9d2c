"""No party continues its own record and no text follows on itself, by however many steps: whoever walks such a line back
would walk for ever, and every page does that has the two powers on it.

Deferred like the other rules that span rows (`0002_rules.py`), so that a load may turn a line round.
"""

from django.db import migrations

# Each rule: its name, the words an editor would see, the table, and the column that leads back.
RULES = [
    (
        "party_is_not_its_own_forebear",
        "The line of predecessors leads back to this party.",
        "negotiations_party",
        "predecessor_id",
    ),
    (
        "treaty_is_not_its_own_forebear",
        "The line of texts that this one follows leads back to it.",
        "negotiations_treaty",
        "follows_id",
    ),
]


def forward_sql():
    for name, message, table, column in RULES:
        yield f"""
            CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $rule$
            BEGIN
                IF EXISTS (
                    WITH RECURSIVE forebear(id) AS (
                        SELECT {column} FROM {table} WHERE id = NEW.id
                        UNION SELECT {column} FROM {table} JOIN forebear USING (id)
                    ) SELECT FROM forebear WHERE id = NEW.id
                ) THEN
                    RAISE EXCEPTION USING
                        ERRCODE = 'check_violation', CONSTRAINT = '{name}', MESSAGE = '{message}';
                END IF;
                RETURN NULL;
            END $rule$;
            CREATE CONSTRAINT TRIGGER {name} AFTER INSERT OR UPDATE OF {column} ON {table}
            DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {name}();
        """


def backward_sql():
    for name, _, table, _ in RULES:
        yield f"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}();"


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0015_talks_by_kind")]
    operations = [migrations.RunSQL("".join(forward_sql()), "".join(backward_sql()))]
