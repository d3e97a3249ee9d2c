"""Rules that span tables, as deferred constraint triggers: they speak at commit, when an entry is whole.

Forms and the loader check the same rules first and name them to editors; these hold whoever writes.
"""

from django.db import migrations

# Each rule: its name, the words an editor would see, the query that finds an entry breaking it, and the tables and
# columns whose change can break it. `$1` is the id of the entry (of the treaty, where the rule watches treaties).
RULES = [
    (
        "published_statement_has_source",
        "A published statement needs a source.",
        """SELECT FROM negotiations_entry e WHERE e.id = $1 AND e.kind = 'statement' AND e.state = 'published'
           AND NOT EXISTS (SELECT FROM negotiations_citation c WHERE c.entry_id = e.id)""",
        [
            ("negotiations_entry", "INSERT OR UPDATE OF state, kind", "NEW.id"),
            ("negotiations_citation", "UPDATE OF entry_id OR DELETE", "OLD.entry_id"),
        ],
    ),
    (
        "published_position_has_evidence",
        "A published position needs a statement, a milestone or a source as evidence.",
        """SELECT FROM negotiations_entry e WHERE e.id = $1 AND e.kind = 'position' AND e.state = 'published'
           AND NOT EXISTS (SELECT FROM negotiations_evidence v WHERE v.position_id = e.id)
           AND NOT EXISTS (SELECT FROM negotiations_citation c WHERE c.entry_id = e.id)""",
        [
            ("negotiations_entry", "INSERT OR UPDATE OF state, kind", "NEW.id"),
            ("negotiations_citation", "UPDATE OF entry_id OR DELETE", "OLD.entry_id"),
            ("negotiations_evidence", "UPDATE OF position_id OR DELETE", "OLD.position_id"),
        ],
    ),
    (
        "position_option_answers_its_issue",
        "The option does not belong to the issue of the position.",
        """SELECT FROM negotiations_position p JOIN negotiations_entry e ON e.id = p.entry_id
           JOIN negotiations_option o ON o.id = p.option_id WHERE p.entry_id = $1 AND o.issue_id <> e.issue_id""",
        [
            ("negotiations_entry", "UPDATE OF issue_id", "NEW.id"),
            ("negotiations_position", "INSERT OR UPDATE OF option_id", "NEW.entry_id"),
        ],
    ),
    (
        "position_ends_after_it_begins",
        "The position ends before it begins.",
        """SELECT FROM negotiations_position p JOIN negotiations_entry e ON e.id = p.entry_id
           WHERE p.entry_id = $1 AND p.end_latest < e.earliest""",
        [
            ("negotiations_entry", "UPDATE OF earliest", "NEW.id"),
            ("negotiations_position", "INSERT OR UPDATE OF end_latest", "NEW.entry_id"),
        ],
    ),
    (
        "milestone_party_is_party_to_treaty",
        "The party of the milestone is not a party to the treaty.",
        """SELECT FROM negotiations_milestone m JOIN negotiations_entry e ON e.id = m.entry_id
           WHERE m.entry_id = $1 AND e.party_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM negotiations_treaty_parties t WHERE t.treaty_id = m.treaty_id AND t.party_id = e.party_id)""",
        [
            ("negotiations_entry", "UPDATE OF party_id", "NEW.id"),
            ("negotiations_milestone", "INSERT OR UPDATE OF treaty_id", "NEW.entry_id"),
        ],
    ),
    (
        "treaty_party_with_milestones_stays",
        "A milestone of the treaty names this party.",
        """SELECT FROM negotiations_milestone m JOIN negotiations_entry e ON e.id = m.entry_id
           WHERE m.treaty_id = $1 AND e.party_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM negotiations_treaty_parties t WHERE t.treaty_id = m.treaty_id AND t.party_id = e.party_id)""",
        [("negotiations_treaty_parties", "UPDATE OR DELETE", "OLD.treaty_id")],
    ),
]


def forward_sql():
    for name, message, broken, watched in RULES:
        for number, (table, event, key) in enumerate(watched):
            function = f"{name}_{number}"
            yield f"""
                CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $rule$
                BEGIN
                    IF EXISTS ({broken.replace("$1", key)}) THEN
                        RAISE EXCEPTION USING
                            ERRCODE = 'check_violation', CONSTRAINT = '{name}', MESSAGE = '{message}';
                    END IF;
                    RETURN NULL;
                END $rule$;
                CREATE CONSTRAINT TRIGGER {function} AFTER {event} ON {table}
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {function}();
            """


def backward_sql():
    for name, _, _, watched in RULES:
        for number, (table, _, _) in enumerate(watched):
            yield f"DROP TRIGGER {name}_{number} ON {table}; DROP FUNCTION {name}_{number}();"


class Migration(migrations.Migration):
    dependencies = [("negotiations", "0001_record")]

    operations = [
        migrations.RunSQL("".join(forward_sql()), "".join(backward_sql())),
    ]
