"""What was last loaded from the files, so that a later load can tell an editor's change from its own."""

from django.db import models


class LoadedRow(models.Model):
    """The fingerprint of one row of the record's files as it stood in the database after it was last loaded."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="loaded_row_once")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"
