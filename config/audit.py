"""`make audit`: the pinned dependencies against the advisory database, less what `audit-exceptions.txt` excuses.

The database is on the network. Where that is closed it is said, and nothing fails: CI goes on.
"""

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXCEPTIONS = ROOT / "audit-exceptions.txt"
LINE = re.compile(r"(?P<id>\S+)\s+(?P<until>\d{4}-\d\d-\d\d)\s+(?P<why>\S.*)")
# What pip-audit says where it cannot ask.
CLOSED = ("ConnectionError", "Max retries exceeded", "NewConnectionError", "ProxyError", "timed out", "HTTPError",
          "Name or service not known", "Temporary failure in name resolution", "ServiceError")  # fmt: skip


def main() -> int:
    today = datetime.now(UTC).date()
    ignored = [option for name in excused(EXCEPTIONS.read_text(), today) for option in ("--ignore-vuln", name)]
    command = [sys.executable, "-m", "pip_audit", "--requirement", "requirements.txt", "--no-deps", "--timeout", "10"]
    command += ["--disable-pip", "--progress-spinner", "off", *ignored]
    done = subprocess.run([*command, "--format", "json"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode and any(sign in done.stderr for sign in CLOSED):
        print("audit: the advisory database cannot be reached from here; nothing was checked", file=sys.stderr)
        return 0
    try:
        found = json.loads(done.stdout)["dependencies"]
    except ValueError:
        print(done.stderr, file=sys.stderr)
        return done.returncode or 1
    return told(found)


def told(found: list[dict]) -> int:
    """Print what was found, one hole a line; a package that could not be looked up is not one without holes."""
    unknown = [package["name"] for package in found if "skip_reason" in package]
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or '-'}"
        for package in found
        for hole in package.get("vulns", ())
    ]
    print(*holes, sep="\n", end="\n" if holes else "")
    if unknown:
        print(f"audit: not known to the advisory database reached from here: {', '.join(unknown)}", file=sys.stderr)
    print(f"audit: {len(found) - len(unknown)} of {len(found)} packages checked, {len(holes)} holes", file=sys.stderr)
    return 1 if holes else 0


def excused(text: str, today: date) -> list[str]:
    """The advisories excused today; one whose day has passed is said, and counts again."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match:
            sys.exit(f"audit: {EXCEPTIONS.name} line {number}: write an id, a day and a reason")
        if date.fromisoformat(match["until"]) >= today:
            found.append(match["id"])
        else:
            print(f"audit: the exception for {match['id']} ended on {match['until']}", file=sys.stderr)
    return found


if __name__ == "__main__":
    sys.exit(main())
