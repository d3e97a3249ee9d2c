"""The database dies, hangs, fills up or may only be read: readers get the last page, or are told when to come back."""

import time
import urllib.parse
import urllib.request

import psycopg


def told(name, answers, seconds=None):
    print(f"\n  {name}: {dict(answers.statuses)}" + (f", recovered in {seconds:.1f} s" if seconds is not None else ""))
    assert answers.wrong == []


def test_killed_under_load_and_started_again(broken):
    with broken.readers() as answers:
        time.sleep(1)
        broken.kill_database()
        try:
            time.sleep(3)
        finally:
            broken.start_database()
        seconds = broken.recover()
    told("killed", answers, seconds)
    assert answers.statuses[200] > 0
    assert broken.get("/readyz") == 200


def test_a_page_never_read_before_says_when_to_come_back(broken):
    broken.kill_database()
    try:
        assert broken.get("/timeline/?from=1999&to=2003") == 503
        assert broken.get("/healthz") == 200
        assert broken.get("/readyz") == 503
    finally:
        broken.start_database()
    broken.recover()


def test_every_connection_broken_at_once(broken):
    with broken.readers() as answers:
        for _ in range(5):
            time.sleep(0.3)
            with psycopg.connect(broken.database.url(), autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
    told("connections broken", answers, broken.recover())


def test_no_connection_to_be_had(broken):
    taken = []
    with broken.readers() as answers:
        try:
            for _ in range(40):
                taken.append(psycopg.connect(broken.database.url()))
        except psycopg.OperationalError:
            pass
        time.sleep(2)
        for connection in taken:
            connection.close()
    told("no connections", answers, broken.recover())


def test_a_lock_that_nobody_lets_go_of(broken):
    with broken.readers() as answers, psycopg.connect(broken.database.url()) as holder:
        holder.execute("LOCK TABLE negotiations_entry IN ACCESS EXCLUSIVE MODE")
        time.sleep(6)
        holder.rollback()
    told("locked", answers, broken.recover())


def test_a_database_that_may_only_be_read(broken):
    def read_only(value):
        with psycopg.connect(broken.database.url(), autocommit=True) as admin:
            admin.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}")
            admin.execute("SELECT pg_reload_conf()")

    read_only("on")
    try:
        with broken.readers() as answers:
            time.sleep(2)
            page = f"http://127.0.0.1:{broken.port}/admin/login/"
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            form = opener.open(page).read().decode()
            token = form.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
            said = {"csrfmiddlewaretoken": token, "username": "x", "password": "y"}
            try:
                status = opener.open(page, urllib.parse.urlencode(said).encode()).status
            except urllib.error.HTTPError as refusal:
                status = refusal.code
            assert status == 503
    finally:
        with psycopg.connect(broken.database.url(), autocommit=True) as admin:
            admin.execute("SET default_transaction_read_only = off")
            admin.execute("ALTER SYSTEM RESET default_transaction_read_only")
            admin.execute("SELECT pg_reload_conf()")
    told("read only", answers, broken.recover())
    assert set(answers.statuses) == {200}
