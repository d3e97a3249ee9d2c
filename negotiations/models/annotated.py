"""Rows with more that a query works out; what it adds is declared on the model that the rows are of."""

from typing import Any, TypeVar

from django.db.models import QuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])


def adding(rows: Rows, **more: Any) -> Rows:
    """As `annotate`, which for whoever checks types makes rows of another model, one that nothing else knows."""
    return rows.annotate(**more)
