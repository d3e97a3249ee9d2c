"""What every test can ask for.

**Databases.** The tests run on a scratch PostgreSQL of their own (or on the server that DATABASE_URL names),
where each worker has two databases: an empty one, and one that holds the whole of `fixtures/`, loaded once.
A test gets the empty one, unless it asks for the dataset:

    def test_x(db)                      an empty record; make what you need with `tests.make`
    def test_x(record)                  the dataset; what the test writes is rolled back (implies `db`)
    def test_x(sample)                  a sixteenth of the dataset, the rest being drafts
    def test_x(site)                    the dataset, served over http at `site.url` by a live server
    def test_x(editable_site)           the same, and the dataset is restored after the test

**Browser.** For tests in `tests/e2e`, all marked `e2e`:

    def test_x(open_page):
        page = open_page("/timeline/")                                  a Playwright page on `site`
        page = open_page("/", width=390, dark=True, javascript=False)

    def test_x(open_page, editable_site)                                where the browser changes something

A message of level error on the console, an uncaught exception or a violation of the content security
policy fails the test. One that means to meet an error page takes the expected messages out of the list
`browser_errors`. Without Chromium these tests are skipped, or fail where PARLEY_BROWSER_REQUIRED is set.
"""

import contextlib
import os
import shutil
import signal
from types import SimpleNamespace

import hypothesis
import pytest

from config import scratch

# The shell has no windows to draw: a fresh context takes it a tenth of a second instead of a whole one.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ON_THE_RECORD = {"record", "site", "editable_site", "open_page"}


# Before Django's settings are read


def pytest_configure(config):
    """Give the settings a scratch server. Workers inherit the environment of the process that starts them."""
    config.addinivalue_line("markers", "e2e: drives a real browser")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["HASHED_STATIC_FILES"] = "0"  # straight from static/, with nothing to collect first
    os.environ["CACHING"] = "0"  # tests of it turn it on; what others roll back raises no generation
    os.environ["LIMITS"] = "0"  # likewise
    # Playwright's synchronous calls keep an event loop on this thread, which is none of Django's business.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    # How fast the machine is at the moment is not what any test asks.
    hypothesis.settings.register_profile("parley", deadline=None)
    hypothesis.settings.load_profile("parley")
    if not hasattr(config, "workerinput"):
        # pytest counts a SystemExit as one test's failure; an interrupt ends it all and tidies up, once.
        signal.signal(signal.SIGTERM, interrupt_once)
        stack = contextlib.ExitStack()
        stack.enter_context(scratch.environment())
        config.add_cleanup(stack.close)
    # pytest-django does this only where the settings' name is known before this file is read.
    import django

    django.setup()


def interrupt_once(_number, _frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/e2e/" in item.path.as_posix():
            item.add_marker(pytest.mark.e2e)


# Databases


class Databases:
    """The two databases of this worker, and which of them Django is connected to.

    Connections read the name of their database from one dictionary per alias, shared by all threads, when
    they open: changing it there and closing this thread's connection moves the whole process.
    """

    def __init__(self):
        self.names = {}
        self.wanted = "empty"

    def select(self, which):
        """Turn to one of the two; or, while it has still to be made, as soon as it is there."""
        from django.db import connection

        self.wanted = which
        if which in self.names and connection.settings_dict["NAME"] != self.names[which]:
            connection.close()
            connection.settings_dict["NAME"] = self.names[which]

    def load_record(self):
        """Make the one with the dataset, and a pristine copy of it to restore it from."""
        from django.core.management import call_command

        empty = self.names["empty"]
        self.names |= {"record": f"{empty}_record", "pristine": f"{empty}_pristine"}
        wanted = self.wanted
        self._copy("empty", "record")
        self.select("record")
        call_command("load_record", verbosity=0)
        self._copy("record", "pristine")
        self.select(wanted)

    def restore_record(self):
        self._copy("pristine", "record")

    def drop_record(self):
        self.select("empty")
        for which in ("record", "pristine"):
            if which in self.names:
                self._execute(f'DROP DATABASE IF EXISTS "{self.names.pop(which)}" WITH (FORCE)')

    def _copy(self, source, target):
        from django.db import connection

        connection.close()
        self._execute(f'DROP DATABASE IF EXISTS "{self.names[target]}" WITH (FORCE)')
        self._execute(f'CREATE DATABASE "{self.names[target]}" TEMPLATE "{self.names[source]}"')

    def _execute(self, sql):
        from django.db import connection

        with connection._nodb_cursor() as cursor:  # Django's own way to create and destroy test databases
            cursor.execute(sql)


databases = Databases()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Turn to the database this test needs before any fixture opens a transaction."""
    databases.select("record" if ON_THE_RECORD & set(item.fixturenames) else "empty")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Bring the dataset back after a test that committed something, or flushed all tables at its end."""
    result = yield
    names = set(item.fixturenames)
    marker = item.get_closest_marker("django_db")
    flushes = "transactional_db" in names or (marker and marker.kwargs.get("transaction"))
    if "record" in databases.names and ("editable_site" in names or (flushes and ON_THE_RECORD & names)):
        with item.session._django_db_blocker.unblock():
            databases.restore_record()
    return result


@pytest.fixture(autouse=True)
def _in_english():
    """Pages asked for in a test leave their language behind on the thread; the next test begins in English."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """Make the empty database; take both away in the end.

    Instead of pytest-django's, which leaves the settings on the real database when no test that was picked
    is marked as using one: those that visit `site` are not, but do.
    """
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    request.session._django_db_blocker = django_db_blocker
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        databases.names["empty"] = connection.settings_dict["NAME"]
    yield
    with django_db_blocker.unblock():
        databases.drop_record()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def _loaded_record(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        databases.load_record()


@pytest.fixture
def record(_loaded_record, db):
    """The whole dataset of `fixtures/`; changes are rolled back."""


@pytest.fixture
def sample(record):
    """A sixteenth of the dataset and one party’s positions, so that whole views are soon read; the rest is drafts."""
    from django.db.models import Q
    from django.db.models.functions import Mod

    from negotiations.models import Entry

    moving = Q(kind="position", party__slug="china")
    published = Entry.objects.annotate(sixteenth=Mod("pk", 16)).filter(Q(sixteenth=0) | moving)
    Entry.objects.exclude(pk__in=published.values("pk")).update(state="draft")


# A site to visit


@pytest.fixture(scope="session")
def site(_loaded_record, django_db_blocker):
    """The dataset, served at `site.url` for as long as the tests run. Read only: see `editable_site`.

    Not pytest-django's `live_server`, which empties all tables after every test.
    """
    from pytest_django.live_server_helper import LiveServer

    with django_db_blocker.unblock():  # the requests are answered by other threads than the test's
        server = LiveServer("127.0.0.1")
        yield SimpleNamespace(url=server.url)
        server.stop()


@pytest.fixture
def editable_site(site):
    """The site, for a test that changes the record through it; the dataset is restored afterwards."""
    return site


# A browser to visit it with


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once per worker."""
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not executable:
        missing = f"no browser: none of {', '.join(BROWSERS)} is installed, and CHROMIUM is unset"
        if os.environ.get("PARLEY_BROWSER_REQUIRED"):
            pytest.fail(missing)
        pytest.skip(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def browser_errors():
    """What the browser complained of during the test; anything left in it at the end is a failure."""
    messages = []
    yield messages
    assert not messages, "the browser complained:\n" + "\n".join(messages)


@pytest.fixture
def open_page(site, browser, browser_errors):
    """Open a path of the site in a fresh browser context, and return Playwright's page.

    The site comes first: once Playwright has its event loop on this thread, Django sees other connections than before,
    and those that stay open would keep the dataset's database from being copied.
    """
    contexts = []

    def listen(message):
        # Violations of the content security policy arrive here too. Chromium asks for an icon
        # where a page names none, as the admin's pages do.
        where = message.location["url"]
        if message.type == "error" and not where.endswith("/favicon.ico"):
            browser_errors.append(f"{message.text} ({where})")

    def open_page(path="/", *, width=1280, height=900, dark=False, javascript=True, **options):
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        context.on("console", listen)
        context.on("weberror", lambda thrown: browser_errors.append(str(thrown.error)))
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
