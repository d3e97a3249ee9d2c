"""Who keeps the record: contributors draft, editors publish and withdraw, administrators also keep the accounts.

The groups are made, and given what belongs to them, after every migration. A desk with other rules makes groups of its
own beside them.
"""

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

CONTRIBUTOR, EDITOR, ADMINISTRATOR = "Contributor", "Editor", "Administrator"

DRAFTED = ("round", "statement", "milestone", "position", "delegation", "citation", "evidence")
"""What a draft is made of."""
CITED = ("source", "person")
"""What a new draft may name for the first time."""
READ = ("party", "office", "issue", "option", "negotiation", "treaty", "limit", "dataexchange", "entry")


def contributor() -> Q:
    writes = Q(content_type__model__in=DRAFTED, codename__regex="^(add|change|delete|view)_")
    names = Q(content_type__model__in=CITED, codename__regex="^(add|view)_")
    # Django asks for it when a draft of one's own is deleted; the list of all entries deletes nothing itself.
    whole = Q(codename="delete_entry")
    return writes | names | whole | Q(content_type__model__in=READ, codename__startswith="view_")


def make_groups(sender: AppConfig, using: str, **_signal: object) -> None:
    if not Permission.objects.using(using).filter(codename="publish_entry").exists():
        return  # taken back to before there were any
    rights = Permission.objects.using(using)
    record = Q(content_type__app_label="negotiations")
    for name, granted in (
        (CONTRIBUTOR, record & contributor()),
        (EDITOR, record),
        (ADMINISTRATOR, record | Q(content_type__app_label="auth", content_type__model__in=["user", "group"])),
    ):
        group, _ = Group.objects.using(using).get_or_create(name=name)
        group.permissions.set(rights.filter(granted))
