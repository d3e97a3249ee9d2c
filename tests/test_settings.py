"""The settings: secure unless told to be local, and explicit about what is wrong with them."""

import os
import re
import subprocess
import sys

import pytest

from config import local

PRODUCTION = {
    "DATABASE_URL": "postgresql://parley:hush@db.example/parley",
    "SECRET_KEY": "k3y-" * 16 + "and-some-more-0123456789",
    "ALLOWED_HOSTS": "parley.example",
}


def django(*command, **variables):
    """Run Django with nothing in its environment but this."""
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings"} | variables
    return subprocess.run(
        [sys.executable, *command], cwd=local.BASE_DIR, env=environment, capture_output=True, text=True
    )


def settings_line(**variables):
    """What the settings say when they refuse: one line, and no traceback."""
    done = django("-c", "import config.settings", **variables)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def setting(name, **variables):
    done = django("-c", f"from config import settings; print(repr(settings.{name}))", **variables)
    assert done.returncode == 0, done.stderr
    return eval(done.stdout)  # noqa: S307


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_missing_setting_is_named(name, tmp_path):
    rest = {other: value for other, value in PRODUCTION.items() if other != name}
    assert f'"{name}" not set' in settings_line(PARLEY_DATA=str(tmp_path), **rest)
    assert f'"{name}" ' in settings_line(PARLEY_DATA=str(tmp_path), **rest, **{name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "banana"),
        ("PARLEY_LOCAL", "perhaps"),
        ("HSTS_SECONDS", "a year"),
        ("WEB_THREADS", "some"),
        ("LOG_LEVEL", "chatty"),
        ("DATABASE_URL", "banana"),
        ("DATABASE_URL", "postgresql://parley:hush@db.example:port/parley"),
        ("DATABASE_URL", "mysql://parley:hush@db.example/parley"),
    ],
)
def test_bad_setting_is_named_and_no_password_shown(name, value):
    line = settings_line(**PRODUCTION | {name: value})
    assert f'"{name}"' in line
    assert "hush" not in line


def test_production_passes_djangos_deployment_check():
    done = django("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr


def test_production_insists_on_https():
    assert setting("SECURE_SSL_REDIRECT", **PRODUCTION) is True
    assert setting("SECURE_HSTS_SECONDS", **PRODUCTION) >= 31536000
    assert setting("SESSION_COOKIE_SECURE", **PRODUCTION) is True
    assert setting("CSRF_COOKIE_SECURE", **PRODUCTION) is True


def test_forwarded_protocol_is_believed_only_on_request():
    assert setting("__dict__.get('SECURE_PROXY_SSL_HEADER')", **PRODUCTION) is None
    assert setting("SECURE_PROXY_SSL_HEADER", BEHIND_TLS_PROXY="1", **PRODUCTION)[0] == "HTTP_X_FORWARDED_PROTO"


def test_local_run_speaks_http_to_this_machine_only():
    local_run = {"DATABASE_URL": PRODUCTION["DATABASE_URL"], "SECRET_KEY": "x", "PARLEY_LOCAL": "1"}
    assert setting("SECURE_SSL_REDIRECT", **local_run) is False
    assert setting("ALLOWED_HOSTS", **local_run) == ["localhost", "127.0.0.1", "[::1]"]


def test_only_the_web_server_pools_connections_and_limits_queries():
    assert setting("DATABASES['default'].get('OPTIONS', {})", **PRODUCTION) == {}
    served = setting("DATABASES['default']['OPTIONS']", PARLEY_SERVING="1", STATEMENT_TIMEOUT="7", **PRODUCTION)
    assert served["pool"]["max_size"] == 4
    assert "statement_timeout=7s" in served["options"]


def test_the_web_server_loads_the_views_before_the_first_reader_comes_and_asks_the_database_nothing():
    # Its database cannot be reached.
    loaded = "import sys, config.wsgi; print('negotiations.views.exports' in sys.modules)"
    done = django("-c", loaded, **PRODUCTION)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr


def test_every_variable_is_explained_in_the_example():
    example = (local.BASE_DIR / ".env.example").read_text()
    source = (local.BASE_DIR / "config/settings.py").read_text()
    names = set(re.findall(r'read\("\w+", "(\w+)"', source))
    internal = {"PARLEY_LOCAL", "PARLEY_SERVING", "HASHED_STATIC_FILES"}
    assert {name for name in names - internal if f"#{name}=" not in example} == set()
