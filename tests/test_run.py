"""`make run` in a real clone, as the people who try it will do: started, stopped, killed, started again."""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from config import bootstrap, local, processes

ROOT = local.BASE_DIR
IS_ROOT = os.geteuid() == 0
OURS = ("PARLEY_", "DJANGO_", "PYTEST_", "MAKE", "DATABASE_URL", "SECRET_KEY", "HASHED_STATIC_FILES", "DEBUG")
PATIENCE = 240


def clone_to(folder):
    """The working tree as a commit of it would be cloned."""
    ignored = (ROOT / ".gitignore").read_text().split()
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", *(name.strip("/") for name in ignored)))
    return folder


def environment(**variables):
    """Our own environment without what the tests have set in it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | {name: str(value) for name, value in variables.items()}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Run:
    """A `make run` under way."""

    def __init__(self, clone, *, port=None, user=None, target="run", **variables):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.lines = []
        as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        self.make = subprocess.Popen(
            ["make", "--no-print-directory", target],
            cwd=clone,
            env=environment(PORT=self.port, **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # as a terminal would: a Ctrl-C goes to all of it
            **as_whom,
        )
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.make.stdout), daemon=True)
        self.reader.start()

    @property
    def output(self):
        return "".join(self.lines)

    def until_it_serves(self):
        deadline = time.monotonic() + PATIENCE
        while f"Parley is at {self.url}" not in self.output:
            assert self.make.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)
        return self

    def get(self, path="/"):
        """The status of the answer; None where there is none."""
        try:
            with urllib.request.urlopen(self.url + path.lstrip("/"), timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as answer:
            return answer.code
        except OSError:
            return None

    def ctrl_c(self):
        return self.send(signal.SIGINT)

    def send(self, number):
        os.killpg(self.make.pid, number)
        return self.ended()

    def ended(self):
        self.make.wait(PATIENCE)
        self.reader.join(20)
        return self

    def the_line(self):
        """The one line of complaint it ended with."""
        self.ended()
        assert self.make.returncode != 0
        lines = [line.rstrip() for line in self.lines if not line.startswith("make:")]
        assert len(lines) == 1, self.output
        return lines[0]


def assert_nothing_is_left(clone, run, data="var"):
    home = (clone / data / "postgres").resolve()
    assert not (home / "cluster" / "postmaster.pid").exists()
    assert processes.listening_on(run.port) == "another process"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", run.port), timeout=2)
    assert str(home) not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout


def usable_by(user, path):
    """Whether another account may execute this."""
    as_whom = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return subprocess.run(["/bin/sh", "-c", 'exec "$0" -c ""', path], **as_whom, cwd="/").returncode == 0


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    """An environment to share, so that not every clone installs its own: this one, if make made it."""
    if bootstrap.is_ready(Path(sys.prefix), ["requirements.txt"]):
        return sys.prefix
    folder = tmp_path_factory.mktemp("venv") / "venv"
    subprocess.run(
        [sys.executable, "-m", "config.bootstrap", "-c", ""],
        cwd=ROOT,
        env=environment(PARLEY_VENV=folder),
        check=True,
    )
    return str(folder)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A clone below folders of mode 0700, as pytest's are and as root's home is."""
    folder = clone_to(tmp_path_factory.mktemp("home") / "clone")
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    yield folder
    shutil.rmtree((folder / "var" / "postgres").resolve(), ignore_errors=True)


@pytest.fixture(scope="module")
def first_run(clone, venv):
    """The output of the clone's very first run, which served and was stopped with Ctrl-C."""
    run = Run(clone, PARLEY_VENV=venv).until_it_serves()
    run.answer = run.get("/timeline/")
    run.admin = run.get("/admin/login/")
    return run.ctrl_c()


@pytest.fixture
def start(clone, venv, first_run):
    """Start the clone again; whatever still runs at the end of the test is stopped."""
    runs = []

    def start(**variables):
        runs.append(Run(clone, **{"PARLEY_VENV": venv} | variables))
        return runs[-1]

    yield start
    for run in runs:
        if run.make.poll() is None:
            run.ctrl_c()


def test_first_run_serves_the_record_and_stops_on_ctrl_c(clone, first_run):
    assert first_run.answer == 200
    assert first_run.admin == 200
    assert "Traceback" not in first_run.output
    assert_nothing_is_left(clone, first_run)


def test_first_run_shows_a_password_once_and_keeps_it_nowhere(clone, first_run, start):
    (password,) = re.findall(r"^ +password +(\S+)$", first_run.output, re.MULTILINE)
    assert "password" not in start().until_it_serves().ctrl_c().output
    found = subprocess.run(["grep", "-rlF", password, clone / "var/"], capture_output=True, text=True).stdout
    assert not found
    assert (clone / "var" / "secret_key").stat().st_mode & 0o777 == 0o600


def test_second_start_repeats_nothing(start):
    output = start().until_it_serves().output
    assert output.splitlines()[-1].startswith("Parley is at")
    assert not re.search("record|static|packages|environment", output)


def test_static_files_are_hashed_and_kept_for_ever(clone, start):
    run = start().until_it_serves()
    manifest = (clone / "var/static/staticfiles.json").read_text()
    name = re.search(r'"admin/css/base.css": "([^"]+)"', manifest)[1]
    with urllib.request.urlopen(f"{run.url}static/{name}") as answer:
        assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("whom", ["all of it", "make alone"])
def test_killed_run_starts_again(clone, start, whom):
    run = start().until_it_serves()
    if whom == "all of it":
        os.killpg(run.make.pid, signal.SIGKILL)
    else:
        run.make.kill()
    run.ended()
    again = start(port=run.port).until_it_serves()
    assert again.get("/timeline/") == 200
    assert_nothing_is_left(clone, again.ctrl_c())


def test_sigterm_stops_everything(clone, start):
    run = start().until_it_serves()
    run.make.terminate()
    assert_nothing_is_left(clone, run.ended())


def test_second_run_of_the_same_data_is_refused_and_told_where_the_first_serves(start):
    first = start().until_it_serves()
    assert first.url in start().the_line()
    assert first.get("/timeline/") == 200


def test_manage_py_uses_the_database_of_the_run(clone, start, venv):
    command = [f"{venv}/bin/python", "manage.py", "shell", "-v0", "-c"]
    command += ["from negotiations.models import Entry; print(Entry.objects.count() > 1000)"]
    beside = start().until_it_serves()
    for _ in ("while it runs", "after it stopped"):
        done = subprocess.run(command, cwd=clone, env=environment(), capture_output=True, text=True, check=True)
        assert done.stdout == "True\n"
        if beside.make.poll() is None:
            assert beside.get("/timeline/") == 200
            assert_nothing_is_left(clone, beside.ctrl_c())
    assert_nothing_is_left(clone, beside)


def test_dev_shows_its_errors_and_takes_in_changes(clone, start):
    run = start(target="dev").until_it_serves()
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"{run.url}no-such-page/")
    assert "DEBUG = True" in answer.value.read().decode()
    urls = clone / "config" / "urls.py"
    before = urls.read_text()
    try:
        urls.write_text(before.replace("urlpatterns = [", "urlpatterns = [\n    path('new/', lambda _: 1 / 0),"))
        deadline = time.monotonic() + PATIENCE
        while run.get("/new/") != 500:
            assert time.monotonic() < deadline, run.output
            time.sleep(0.2)
    finally:
        urls.write_text(before)
    assert_nothing_is_left(clone, run.ctrl_c())


def test_taken_port_is_named_with_who_has_it(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = start(port=port).the_line()
    assert f"port {port} is taken" in line
    assert f"PORT={port + 1}" in line
    if Path("/proc/net/tcp").exists():
        assert f"process {os.getpid()}" in line


@pytest.mark.parametrize("port", ["banana", "0", "65536", "-1", "８０"])
def test_bad_port_is_named(start, port):
    assert "PORT must be a number" in start(port=port).the_line()


def test_unreachable_database_is_named_without_its_password(start):
    line = start(DATABASE_URL="postgresql://reader:hush@127.0.0.1:9/parley").the_line()
    assert "127.0.0.1:9" in line
    assert "hush" not in line


def test_bad_setting_is_named(start):
    assert '"STATEMENT_TIMEOUT" invalid' in start(STATEMENT_TIMEOUT="soon").the_line()


def test_data_folder_that_cannot_be_written_is_named(start, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.touch()  # root may write anywhere but into a file
    line = start(PARLEY_DATA=in_the_way / "var").the_line()
    assert f"cannot write to the data folder {in_the_way / 'var'}" in line


def test_old_python_is_told_so(clone, tmp_path):
    """By its own words: every statement up to the check has to make sense to it."""
    script = (
        "import sys; sys.version_info = (3, 6, 9, 'final', 0); sys.argv = ['bootstrap', '-c', '']\n"
        "from config import bootstrap; bootstrap.newer_python = lambda: None; bootstrap.main(['-c', ''])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=clone, capture_output=True, text=True)
    assert done.returncode == 1
    assert re.fullmatch(r"parley: needs Python 3\.11 or newer, but .* is 3\.6; .*\n", done.stderr)


def test_half_made_environment_is_made_again(tmp_path):
    """With nothing to install, so that it takes no network."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "requirements.txt").write_text("")
    (tmp_path / ".venv" / "lib").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    command = [sys.executable, "-m", "config.bootstrap", "-c", "import sys; print(sys.prefix)"]
    for _ in ("healed", "found ready"):
        done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == str(tmp_path / ".venv")


def test_folder_that_is_no_environment_of_ours_is_never_emptied(tmp_path, clone):
    (tmp_path / "letter").write_text("precious")
    command = [sys.executable, "-m", "config.bootstrap", "-c", ""]
    done = subprocess.run(command, cwd=clone, env=environment(PARLEY_VENV=tmp_path), capture_output=True, text=True)
    assert done.returncode == 1
    assert (tmp_path / "letter").read_text() == "precious"


@pytest.mark.skipif(not IS_ROOT, reason="not root: every other test has run as an ordinary user")
def test_ordinary_user_runs_a_clean_clone():
    """The whole way, the installation of the packages included."""
    user = pwd.getpwnam("nobody")
    pythons = [sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")]
    usable = [python for python in pythons if python and usable_by(user, os.path.realpath(python))]
    if not usable:
        pytest.skip("no Python that an ordinary user may run")
    home = Path(tempfile.mkdtemp())
    try:
        folder = clone_to(home / "clone")
        for path in [home, *home.rglob("*")]:
            os.chown(path, user.pw_uid, user.pw_gid)
        run = Run(folder, user=user, HOME=home, PYTHON=os.path.realpath(usable[0]))
        run.until_it_serves()
        assert run.get("/timeline/") == 200
        assert_nothing_is_left(folder, run.ctrl_c())
        assert (folder / "var" / "postgres" / "cluster").stat().st_uid == user.pw_uid
    finally:
        shutil.rmtree(home, ignore_errors=True)
