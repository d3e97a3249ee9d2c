"""What the database says when it refuses a change, in words for the editor who asked for it.

The rules that span rows stand in the database (migrations/0002_rules.py, 0016_no_circles.py), and not once more here: a
form saves, asks the database at once, and shows its answer in place of an error page. The same way catches the editor
who loses a race to another.
"""

import re
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from psycopg.errors import Diagnostic

# Where a form shows what a rule says; other rules concern the whole form.
FIELD_OF_RULE = {
    "position_option_answers_its_issue": "option",
    "position_ends_after_it_begins": "end",
    "milestone_party_is_party_to_treaty": "party",
    "treaty_party_with_milestones_stays": "parties",
    "party_is_not_its_own_forebear": "predecessor",
    "treaty_is_not_its_own_forebear": "follows",
}
UNIQUE, FOREIGN_KEY = "23505", "23503"
SAVED_AT_ONCE = {"40001", "40P01", "55P03"}

REFUSED = (IntegrityError, OperationalError)


class Refusal(NamedTuple):
    message: str
    field: str | None = None


def explain(error: DatabaseError) -> Refusal:
    """The editor's words for a refusal; an error that is no refusal is raised again."""
    if isinstance(error, ProtectedError):
        return Refusal(_("Other parts of the record refer to this, so it cannot be deleted."))
    diagnosis = getattr(error.__cause__, "diag", None)
    if not diagnosis:
        raise error
    rule, code = diagnosis.constraint_name, diagnosis.sqlstate
    if code in SAVED_AT_ONCE:
        return Refusal(_("Somebody else is saving the same thing at this moment. Please save again."))
    if rule and not diagnosis.table_name:
        # A trigger of ours spoke: its message is written for editors.
        return Refusal(_(diagnosis.message_primary), FIELD_OF_RULE.get(rule))
    if rule in (messages := _messages()):
        return Refusal(str(messages[rule]))
    if code == UNIQUE:
        return _explain_unique(diagnosis)
    if code == FOREIGN_KEY:
        return Refusal(_("Something that this refers to, or that refers to this, has changed meanwhile. Look again."))
    raise error


def _messages() -> dict[str, Any]:
    models = apps.get_app_config("negotiations").get_models()
    return {rule.name: rule.violation_error_message for model in models for rule in model._meta.constraints}


def _explain_unique(diagnosis: Diagnostic) -> Refusal:
    """A column that must be unique has no named constraint in Django, but its field has the words."""
    model: Any = next((m for m in apps.get_models() if m._meta.db_table == diagnosis.table_name), None)
    columns: Any = re.match(r"Key \((\w+)\)=", diagnosis.message_detail or "")
    try:
        field = model._meta.get_field(columns[1])
        message = field.error_messages["unique"] % {"model_name": model._meta.verbose_name, "field_label": field.name}
        return Refusal(message, field.name)
    except (AttributeError, TypeError, FieldDoesNotExist):
        return Refusal(_("Somebody else has saved the same thing a moment ago."))
