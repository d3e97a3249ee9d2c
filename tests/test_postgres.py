"""The embedded PostgreSQL: whatever happened to it before, it starts, and never harms what is not its own."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from config import postgres, processes

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run PostgreSQL as somebody else")


@pytest.fixture
def data(tmp_path):
    """A data folder below one that is closed to everybody else, as pytest's are."""
    folder = tmp_path / "var"
    folder.mkdir()
    yield folder
    shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)  # where root keeps it elsewhere


@pytest.fixture
def open_data():
    """A data folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def running(folder):
    return postgres.running(folder, postgres.SCRATCH)


def note(url, text):
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS notes (text text)")
        connection.execute("INSERT INTO notes VALUES (%s)", [text])


def notes(url):
    with psycopg.connect(url) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM notes")]


def cluster(folder):
    return (folder / "postgres").resolve() / "cluster"


def postmaster(folder):
    return int((cluster(folder) / "postmaster.pid").read_text().split()[0])


def leave_a_server_behind(folder):
    """What a killed process leaves: a running server that nobody counts as theirs. Returns its pid."""
    script = (
        "import os, signal, sys; from pathlib import Path; from config import postgres\n"
        "with postgres.running(Path(sys.argv[1]), postgres.SCRATCH): os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(folder)], cwd=Path(__file__).parent.parent)
    return postmaster(folder)


def test_data_survive_a_restart(data):
    with running(data) as url:
        note(url, "Пугуошская конференция")
    with running(data) as url:
        assert notes(url) == ["Пугуошская конференция"]


def test_server_stops_with_its_last_user_only(data):
    with running(data) as url:
        pid = postmaster(data)
        with running(data) as same:
            assert same == url
        note(url, "still here")
    assert not processes.is_postmaster(pid, cluster(data))


def test_server_left_behind_by_a_kill_is_used_and_then_stopped(data):
    pid = leave_a_server_behind(data)
    with running(data) as url:
        note(url, "as if nothing had happened")
        assert postmaster(data) == pid
    assert not processes.is_postmaster(pid, cluster(data))


def test_killed_server_starts_again(data):
    os.kill(leave_a_server_behind(data), signal.SIGKILL)
    with running(data) as url:
        note(url, "recovered")


def test_stale_pid_file_does_not_harm_the_process_that_has_the_number_now(data):
    with running(data):
        pass
    innocent = subprocess.Popen(["sleep", "60"])
    try:
        (cluster(data) / "postmaster.pid").write_text(
            f"{innocent.pid}\n{cluster(data)}\n{int(time.time())}\n5432\n/nowhere\n\n"
        )
        with running(data) as url:
            note(url, "started")
        assert innocent.poll() is None
    finally:
        innocent.kill()
        innocent.wait()


@pytest.mark.parametrize("content", ["", "12", "not a number\n"])
def test_torn_pid_file_is_cleared_away(data, content):
    with running(data):
        pass
    (cluster(data) / "postmaster.pid").write_text(content)
    with running(data) as url:
        note(url, "started")


def test_half_made_cluster_is_made_again(data):
    with running(data):
        pass
    home = cluster(data).parent
    cluster(data).rename(home / "cluster.new")
    (home / "cluster.new" / "global" / "pg_control").unlink()
    with running(data) as url:
        note(url, "made again")
    assert not (home / "cluster.new").exists()


def test_damaged_cluster_is_set_aside_and_never_deleted(data, capsys):
    with running(data) as url:
        note(url, "precious")
    (cluster(data) / "global" / "pg_control").unlink()
    with running(data) as url:
        note(url, "new")
    (aside,) = cluster(data).parent.glob("cluster.incomplete-*")
    assert (aside / "PG_VERSION").exists()
    assert str(aside) in capsys.readouterr().err


def test_cluster_of_another_version_is_named_in_one_line(data):
    with running(data):
        pass
    (cluster(data) / "PG_VERSION").write_text("12\n")
    with pytest.raises(SystemExit, match=r"made by PostgreSQL 12, and this is 18") as refusal, running(data):
        pass
    assert "\n" not in str(refusal.value)


def test_long_path_still_has_a_socket(data):
    deep = data / ("f" * 90)
    deep.mkdir()
    try:
        with running(deep) as url:
            note(url, "started")
    finally:
        shutil.rmtree((deep / "postgres").resolve(), ignore_errors=True)


def test_upper_case_and_odd_characters_in_the_path(open_data):
    odd = open_data / "My Data & Ünïcode %41"
    odd.mkdir()
    with running(odd) as url:
        note(url, "started")


def test_settings_for_another_server_are_ignored(data, monkeypatch):
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/nowhere")
    with running(data) as url:
        note(url, "started")


@as_root
def test_root_keeps_the_cluster_where_its_account_can_go_and_opens_no_folder(data):
    before = [(folder, folder.stat().st_mode, folder.stat().st_uid) for folder in [data, *data.parents]]
    with running(data) as url:
        note(url, "elsewhere")
        assert Path(f"/proc/{postmaster(data)}").stat().st_uid != 0
    assert (data / "postgres").is_symlink()
    assert [(folder, folder.stat().st_mode, folder.stat().st_uid) for folder, *_ in before] == before


@as_root
def test_root_keeps_the_cluster_in_place_where_its_account_may_go(open_data):
    with running(open_data) as url:
        note(url, "here")
    assert not (open_data / "postgres").is_symlink()


@as_root
def test_copied_folder_does_not_share_the_database_of_the_original(data, tmp_path):
    with running(data):
        pass
    copy = tmp_path / "copy"
    shutil.copytree(data, copy, symlinks=True)
    with pytest.raises(SystemExit, match="is a copy"), running(copy):
        pass


@as_root
def test_moved_folder_keeps_its_database(data, tmp_path):
    with running(data) as url:
        note(url, "moved")
    moved = tmp_path / "moved"
    data.rename(moved)
    with running(moved) as url:
        assert notes(url) == ["moved"]
    moved.rename(data)


@as_root
def test_root_runs_a_users_cluster_as_that_user(open_data):
    user = {"user": 65534, "group": 65534, "extra_groups": []}
    os.chown(open_data, 65534, 65534)
    home = open_data / "postgres"
    home.mkdir(mode=0o700)
    os.chown(home, 65534, 65534)
    with running(open_data) as url:
        note(url, "theirs")
    assert cluster(open_data).stat().st_uid == 65534
    assert subprocess.run(["/usr/bin/test", "-w", str(cluster(open_data))], **user).returncode == 0
