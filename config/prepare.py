"""Bring the database and the static files up to date before the site is served: the child of `make run`.

    python -m config.prepare http://127.0.0.1:8000/

Every step looks first whether there is anything to do, so that a second start is quick.
"""

import hashlib
import secrets
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection

from config import leash, progress


def main(site_url: str) -> None:
    leash.fasten()
    django.setup()
    require_database()
    migrate()
    load_record_if_empty()
    collect_static_files()
    welcome_first_editor(site_url)


def require_database() -> None:
    try:
        connection.ensure_connection()
    except OperationalError as problem:
        where = connection.settings_dict
        reason = str(problem).strip().splitlines()[-1]
        sys.exit(
            f"parley: cannot reach the database {where['NAME']} at {where['HOST'] or 'the local socket'}"
            f"{':' if where['PORT'] else ''}{where['PORT']} (DATABASE_URL): {reason}"
        )


def migrate() -> None:
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with progress.step("Bringing the database up to date"):
            call_command("migrate", database=DEFAULT_DB_ALIAS, interactive=False, verbosity=0)


def load_record_if_empty() -> None:
    from negotiations.models import Entry

    if not Entry.objects.exists():
        call_command("load_record")


def collect_static_files() -> None:
    """Hash and compress the static files into STATIC_ROOT, unless it holds these very files already."""
    root = Path(settings.STATIC_ROOT)
    if settings.DEBUG:
        root.mkdir(exist_ok=True)  # empty: they are served from their own folders
        return
    stamp = root.with_name("static.stamp")
    wanted = static_fingerprint()
    if root.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    stamp.unlink(missing_ok=True)
    with progress.step("Compressing static files"):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def static_fingerprint() -> str:
    """Names, sizes and times of everything that would be collected."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            digest.update(f"{name} {file.st_size} {file.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def welcome_first_editor(site_url: str) -> None:
    """Where nobody can sign in yet, make an editor; the password is shown here and kept nowhere."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if users.exists():
        return
    password = secrets.token_urlsafe(12)
    users.create_superuser("editor", password=password)
    print(
        f"\nEditors sign in at {site_url}{settings.ADMIN_PATH}\n"
        f"    name      editor\n"
        f"    password  {password}\n"
        f"This password is shown only now. To set another: python manage.py changepassword editor\n",
        flush=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
