"""Who is who among the machine's processes: enough to never mistake a stranger for one of ours."""

import shutil
import subprocess
from pathlib import Path


def arguments(pid: int) -> list[str]:
    """The command line of a process; empty where there is none, or it ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    except OSError:
        if Path("/proc/self/cmdline").exists():
            return []
    listed = subprocess.run(["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True)
    return listed.stdout.split()


def is_postmaster(pid: int, cluster: Path) -> bool:
    """Whether this process is the PostgreSQL server of this very cluster.

    Process ids are reused, after a restart of the machine above all, so a pid file alone proves nothing.
    """
    line = arguments(pid)
    return len(line) > 2 and Path(line[0]).name == "postgres" and line[1:3] == ["-D", str(cluster)]


def listening_on(port: int) -> str:
    """Who listens on this TCP port, in words; "another process" where the system does not tell."""
    pid = _listener_by_proc(port) or _listener_by_lsof(port)
    line = arguments(pid) if pid else []
    return f"{Path(line[0]).name} (process {pid})" if line and line[0] else "another process"


def _listener_by_proc(port: int) -> int | None:
    """Linux: find the listening socket's inode, then the process that holds it (if we may look)."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            _, local, _, state, *rest = row.split()
            if state == "0A" and int(local.rsplit(":", 1)[1], 16) == port:  # 0A is LISTEN
                inodes.add(f"socket:[{rest[5]}]")
    for handle in Path("/proc").glob("[0-9]*/fd/*") if inodes else ():
        try:
            if str(handle.readlink()) in inodes:
                return int(handle.parts[2])
        except OSError:
            continue
    return None


def _listener_by_lsof(port: int) -> int | None:
    if not shutil.which("lsof"):
        return None
    found = subprocess.run(["lsof", "-nP", "-t", f"-iTCP:{port}", "-sTCP:LISTEN"], capture_output=True, text=True)
    return int(found.stdout.split()[0]) if found.stdout.split() else None
