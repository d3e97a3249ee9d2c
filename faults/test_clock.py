"""Clocks that jump, Parley's and the database's, as after a dead battery or a wrong time server.

clock.c, made by whatever C compiler there is, tells every program of this site the time that a file says. libfaketime
does more, but breaks Python's sleep where it leaves alone the clock that only measures.
"""

import email
import shutil
import subprocess
import tempfile
import time
from collections import Counter
from email import policy
from pathlib import Path

import psycopg
import pytest

from .editor import Editor, saved
from .site import site
from .test_database import told

DAY = 24 * 3600
JUMPS = (DAY, -DAY, 400 * DAY, -30 * DAY, 3 * 3600, 0)


@pytest.fixture(scope="module")
def moved():
    """A site on a clock of its own, and the way to set it."""
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("there is no C compiler")
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory(prefix="parley-clock-") as name:
        Path(name).chmod(0o755)  # PostgreSQL looks, too
        library, clock = Path(name, "clock.so"), Path(name, "clock")
        source = Path(__file__).with_name("clock.c")
        subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, source], check=True)

        def set_clock(seconds: int) -> None:
            new = clock.with_suffix(".new")
            new.write_text(str(seconds))
            new.rename(clock)

        set_clock(0)
        patch.setenv("LD_PRELOAD", str(library))
        patch.setenv("PARLEY_CLOCK", str(clock))
        with site() as one:
            yield one, set_clock


def answered(moved, sql: str, *values):
    with psycopg.connect(moved.database.url(), autocommit=True) as connection:
        return connection.execute(sql, values).fetchone()[0]


def test_the_clock_jumps_while_readers_read_and_an_editor_publishes(moved):
    one, set_clock = moved
    party, source = (answered(one, f"SELECT min(id) FROM negotiations_{table}") for table in ("party", "source"))
    editor, done, slowest = Editor(one), [], 0.0
    with one.readers() as answers:
        for number, jump in enumerate(JUMPS):
            set_clock(jump)
            away = answered(one, "SELECT extract(epoch FROM now())") - int(time.time())
            time.sleep(1.5)
            desk = editor.open("/admin/")
            assert desk.status == 200
            if "/login/" in desk.url:  # the session has ended, or not yet begun
                editor = Editor(one)
            slug = f"clock-{number}"
            assert saved(editor.publish_statement(slug, f"Said by the clock {slug}.", party, source))
            began = time.monotonic()
            while one.get(f"/timeline/?kind=statement&q={slug}") != 200 or slug not in one.read(f"/statements/{slug}/"):
                assert time.monotonic() - began < 10
            slowest = max(slowest, time.monotonic() - began)
            done.append(slug)
            assert abs(away - jump) < 10
    jumps = ", ".join(f"{jump / DAY:+.3g}" for jump in JUMPS)
    told(f"the clock jumped by {jumps} days, changes shown after {slowest:.1f} s", answers)
    assert set(answers.statuses) == {200}
    assert answered(one, "SELECT count(*) FROM negotiations_entry WHERE slug LIKE 'clock-%%'") == len(done)
    assert one.manage("check_record").wait() == 0


FOLLOWER = """INSERT INTO negotiations_subscription
(email, query, frequency, language, site, asked_at, confirmed_at, refusals, visitor)
SELECT 'reader-' || number || '@example.org', '', 'daily', 'en', 'https://parley.example', now() - interval '9 days',
       now() - interval '8 days', 0, '' FROM generate_series(1, %s) AS number"""


def test_digests_are_sent_once_however_the_clock_jumps(moved, tmp_path):
    one, set_clock = moved
    one.variables["EMAIL_URL"] = f"file:///{tmp_path}"
    with psycopg.connect(one.database.url()) as connection:
        connection.execute(FOLLOWER, [5])
    party, source = (answered(one, f"SELECT min(id) FROM negotiations_{table}") for table in ("party", "source"))
    sent = []
    for day, jump in enumerate((0, 1, -1, 0, 1, 2, -300, 3)):
        set_clock(jump * DAY)
        time.sleep(0.5)
        if day == 0:
            assert saved(Editor(one).publish_statement("clock-news", "News of the clock.", party, source))
        assert one.manage("send_digests", "-v0").wait() == 0
        sent.append(len(messages(tmp_path)))
    set_clock(0)
    found = messages(tmp_path)
    print(f"\n  digests after each of the jumps: {sent}")
    assert Counter(message["To"] for message in found if "clock-news" in body(message)) == {
        f"reader-{number}@example.org": 1 for number in range(1, 6)
    }
    assert len({message["Message-ID"] for message in found}) == len(found)


def messages(folder: Path) -> list:
    found = []
    for file in sorted(folder.glob("*.log")):
        for text in file.read_bytes().split(b"-" * 79 + b"\n"):
            if text.strip():
                found.append(email.message_from_bytes(text.lstrip(), policy=policy.default))
    return found


def body(message) -> str:
    return message.get_body(("plain",)).get_content()
