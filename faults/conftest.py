import pytest

from .site import ANSWERS, RECOVERIES, site


@pytest.fixture(scope="session")
def broken():
    with site() as one:
        yield one


def pytest_terminal_summary(terminalreporter):
    """What it all came to."""
    if not ANSWERS:
        return
    faults = len(terminalreporter.stats.get("passed", [])) + len(terminalreporter.stats.get("failed", []))
    statuses = sum((answers.statuses for answers in ANSWERS), start=type(ANSWERS[0].statuses)())
    tracebacks = sum("Traceback" in wrong for answers in ANSWERS for wrong in answers.wrong)
    terminalreporter.write_line(
        f"{faults} faults, {statuses.total()} requests of readers meanwhile {dict(statuses)}: {tracebacks} tracebacks,"
        f" {sum(answers.lost for answers in ANSWERS)} lost; recovered after {max(RECOVERIES, default=0):.1f} s at most"
    )
