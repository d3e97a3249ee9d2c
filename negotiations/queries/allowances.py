"""What a visitor may still ask for in this minute. A visitor is a digest, another every day."""

import random

from django.db import connection

SPEND = """
INSERT INTO negotiations_allowance AS known VALUES (%(visitor)s, %(what)s, date_trunc('minute', now()), 1)
ON CONFLICT (visitor, what) DO UPDATE SET
    used = CASE WHEN known.minute = EXCLUDED.minute THEN known.used + 1 ELSE 1 END, minute = EXCLUDED.minute
RETURNING used, ceil(extract(epoch FROM minute + interval '1 minute' - now()))::int
"""
FORGET = "DELETE FROM negotiations_allowance WHERE minute < now() - interval '2 minutes'"
TIDY_ONE_IN = 200


def spend(visitor: str, what: str, allowed: int) -> int:
    """Use one; the seconds to wait where there is none left, else 0."""
    with connection.cursor() as cursor:
        cursor.execute(SPEND, {"visitor": visitor, "what": what})
        used, left = cursor.fetchone()
        if random.randrange(TIDY_ONE_IN) == 0:  # noqa: S311
            cursor.execute(FORGET)
    return max(left, 1) if used > allowed else 0
