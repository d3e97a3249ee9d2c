"""The record as files: one YAML file a kind, read and corrected by hand, loaded and dumped without loss.

`kinds` says which columns stand in which file, `fields` how a column is read, checked and written, `text` is the
YAML itself, `rules` what must hold across rows, `load` and `dump` carry rows between files and database.
"""
