"""Run a Python command in the project's own virtual environment, making it first if need be.

    python3 -m config.bootstrap [--dev] -m config.run

Standard library only, and written so that even Python 3.6 can read it far enough to say
that it is too old: no syntax newer than that above `main`'s version check.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
NEWEST_KNOWN = (3, 14)
ROOT = Path(__file__).resolve().parent.parent
PASSED_ON = "PARLEY_PYTHON_TRIED"


def main(arguments):
    """Check Python, make or mend the virtual environment, and become the command asked for."""
    require_python()
    developing = arguments[:1] == ["--dev"]
    command = arguments[1:] if developing else arguments
    python = ready_environment(developing)
    os.environ.pop(PASSED_ON, None)
    sys.stdout.flush()
    os.execv(str(python), [str(python), *command])


def require_python():
    """Go on with a newer Python where this one is too old; say so in one line where there is none."""
    if sys.version_info[:2] >= OLDEST:
        return
    newer = None if PASSED_ON in os.environ else newer_python()
    if newer:
        os.environ[PASSED_ON] = "1"
        os.execv(newer, [newer, "-m", "config.bootstrap", *sys.argv[1:]])
    sys.exit(
        f"parley: needs Python {dotted(OLDEST)} or newer, but {sys.executable} is {dotted(sys.version_info)}; "
        "name a newer one with make PYTHON=…"
    )


def dotted(version):
    return f"{version[0]}.{version[1]}"


def newer_python():
    """The newest python3.x on the PATH that starts and is new enough, or None."""
    for minor in range(NEWEST_KNOWN[1], OLDEST[1] - 1, -1):
        candidate = shutil.which(f"python3.{minor}")
        # A name on the PATH may be a version manager's stub that only prints an error.
        if candidate and subprocess.call([candidate, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return candidate
    return None


def environment_folder():
    """Where the virtual environment lives: `.venv`, unless PARLEY_VENV names another folder."""
    return Path(os.environ.get("PARLEY_VENV") or str(ROOT / ".venv")).absolute()


def ready_environment(developing):
    """Return the environment's Python once it holds exactly what the requirements files ask for.

    A stamp with the digest of the files marks a finished installation, and is taken away while one is
    under way. An environment without any stamp was never finished: it is made again from nothing,
    because pip cannot tell a half-copied package from a whole one.
    """
    folder = environment_folder()
    python = folder / "bin" / "python"
    wanted = ["requirements.txt", "requirements-dev.txt"] if developing else ["requirements.txt"]
    if is_ready(folder, wanted):
        return python
    with only_one_at_a_time():
        if is_ready(folder, wanted):
            return python
        from config import progress

        if not list(folder.glob("*.stamp")) or not python.exists():
            if "PARLEY_VENV" in os.environ and folder.exists() and os.listdir(str(folder)):
                sys.exit(f"parley: {folder} was not made by a finished run of this; remove it, or unset PARLEY_VENV")
            with progress.step("Making a virtual environment"):
                create(folder)
        # Whoever has the tools for development keeps them when the site's own requirements change.
        if stamp(folder, "requirements-dev.txt").exists():
            wanted = ["requirements.txt", "requirements-dev.txt"]
        for name in wanted:
            if stamp(folder, name).exists():
                stamp(folder, name).unlink()
        # Not one stamp may survive this: a kill here has to lead to a fresh start.
        with progress.step("Installing packages") as step:
            install(python, wanted[-1], step)
        for name in wanted:
            stamp(folder, name).write_text(digest(name))
    return python


def is_ready(folder, names):
    """Whether each of these requirements files was installed as it now stands."""
    try:
        return all(stamp(folder, name).read_text() == digest(name) for name in names)
    except OSError:
        return False


def stamp(folder, name):
    return folder / (name + ".stamp")


def digest(name):
    """What an installation depends on: the requirements, those they build on, and the Python."""
    parts = [(ROOT / "requirements.txt").read_bytes(), (ROOT / name).read_bytes()]
    parts.append(dotted(sys.version_info).encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


@contextlib.contextmanager
def only_one_at_a_time():
    """Hold the clone's installation lock, so that two `make` at once do not write over each other."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def create(folder):
    try:
        import ensurepip  # noqa: F401  (Debian ships venv without it)
        import venv
    except ImportError:
        sys.exit("parley: this Python cannot make virtual environments; on Debian or Ubuntu: apt install python3-venv")
    try:
        venv.create(str(folder), clear=True, with_pip=True, symlinks=True)
    except PermissionError as problem:
        sys.exit(f"parley: no permission to write {problem.filename or folder}")
    except (OSError, subprocess.CalledProcessError) as problem:
        sys.exit(f"parley: cannot make a virtual environment in {folder}: {problem}")


def install(python, requirements, step):
    """Install with pip, its current line as the detail of `step`; its last words only if it fails."""
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    pip = subprocess.Popen(
        [*command, "-r", str(ROOT / requirements)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
    )
    said = []
    for line in pip.stdout:
        said.append(line.rstrip())
        if line.startswith(("Collecting", "Downloading", "Installing")):
            step.detail = " ".join(line.split()[:2]).rstrip(":")
    if pip.wait():
        errors = [line for line in said if line.startswith("ERROR")]
        print("\n".join(said[-15:]), file=sys.stderr)
        sys.exit(f"parley: could not install {requirements}. {(errors or said or [''])[-1]}")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
