"""The desk: where editors keep the record. One module for each family of models, on the common ground of base.py."""

from . import actors, issues, links, loads, positions, record, reports, sources, talks, treaties

__all__ = ["actors", "issues", "links", "loads", "positions", "record", "reports", "sources", "talks", "treaties"]
