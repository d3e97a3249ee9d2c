"""So many requests a second, and how long they took: by wrk where it is installed, else by a few threads of our own."""

import http.client
import math
import re
import shutil
import statistics
import subprocess
import threading
import time
from typing import NamedTuple
from urllib.parse import urlsplit

UNIT = {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}


class Load(NamedTuple):
    per_second: float
    p50: float
    p95: float
    p99: float
    wrong: int


def load(url: str, seconds: float, connections: int, headers: dict[str, str], expected: int = 200) -> Load:
    if shutil.which("wrk"):
        return by_wrk(url, seconds, connections, headers)
    return by_threads(url, seconds, connections, headers, expected)


def by_wrk(url: str, seconds: float, connections: int, headers: dict[str, str]) -> Load:
    # wrk tells p50, p75, p90 and p99 on its own; a script is what gets p95 out of it.
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{math.ceil(seconds)}s",
        "--timeout",
        "30s",
        "-s",
        "bench/report.lua",
    ]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    found = dict(re.findall(r"^parley (\w+) ([\d.]+)$", said, re.MULTILINE))
    return Load(*(float(found[name]) for name in ("rps", "p50", "p95", "p99")), int(float(found["wrong"])))


def by_threads(url: str, seconds: float, connections: int, headers: dict[str, str], expected: int) -> Load:
    parts, took, wrong = urlsplit(url), [], []
    until = time.monotonic() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        while time.monotonic() < until:
            began = time.perf_counter()
            try:
                connection.request("GET", url.split(parts.netloc, 1)[1], headers=headers)
                answer = connection.getresponse()
                answer.read()
                (took if answer.status == expected else wrong).append((time.perf_counter() - began) * 1000)
            except (OSError, http.client.HTTPException):
                wrong.append(0)
                connection.close()

    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = statistics.quantiles(took, n=100, method="inclusive") if len(took) > 1 else (took or [0.0]) * 99
    at = [cuts[share - 1] for share in (50, 95, 99)]
    return Load(len(took) / seconds, *at, len(wrong))
