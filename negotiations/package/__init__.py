"""The whole published record as a data package: tables, documents, one database file, and what changed since the last.

`tables` says what a table is, `rows` reads the record, `write` puts files on disk, `release` makes them the latest.
"""
