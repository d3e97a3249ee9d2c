"""Files that editors send: no larger than the operator allows, and of the kinds that a form asks for."""

import contextlib
import io
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# How files of a kind begin; None: text, of which nothing can be said by its first bytes but that it has no NUL.
SIGNATURES = {
    ".pdf": (b"%PDF-",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".csv": None,
    ".txt": None,
    ".html": None,
    ".htm": None,
}


class TooLarge(InMemoryUploadedFile):
    """A file that was not kept, only measured."""


class Quota(FileUploadHandler):
    """Stands before the other handlers and passes on no more of a file than the limit; the rest is only counted."""

    chunk_size = 64 * 2**10

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.seen = start + len(raw_data)
        return raw_data if self.seen <= settings.UPLOAD_LIMIT else None

    def file_complete(self, file_size: int) -> TooLarge | None:
        if file_size <= settings.UPLOAD_LIMIT:
            return None
        return TooLarge(io.BytesIO(), self.field_name, self.file_name, self.content_type, file_size, self.charset)


class OnDisk(TemporaryFileUploadHandler):
    """Keeps what is too large for memory, and nothing of what the disk has no room for."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            with contextlib.suppress(OSError):  # what is still to be written does not fit either
                self.upload_interrupted()
            raise


class UploadField(forms.FileField):
    """A file of one of the kinds named by their endings, such as `.csv`; refused in words where it is none."""

    def __init__(self, *, kinds: tuple[str, ...], **kwargs: Any) -> None:
        self.kinds: Mapping[str, tuple[bytes, ...] | None] = {kind: SIGNATURES[kind] for kind in kinds}
        super().__init__(widget=forms.FileInput(attrs={"accept": ",".join(kinds)}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if not file:
            return file
        if isinstance(file, TooLarge) or file.size > settings.UPLOAD_LIMIT:
            size, limit = filesizeformat(file.size), filesizeformat(settings.UPLOAD_LIMIT)
            raise ValidationError(
                _("The file has %(size)s; at most %(limit)s are taken.") % {"size": size, "limit": limit}
            )
        ending = "." + file.name.lower().rpartition(".")[2]
        if ending not in self.kinds:
            raise ValidationError(_("Files of these kinds are taken: %s.") % ", ".join(self.kinds))
        start = file.read(4096)
        file.seek(0)
        signature = self.kinds[ending]
        if not (start.startswith(signature) if signature else b"\0" not in start):
            raise ValidationError(_("The file is called %(ending)s but is something else.") % {"ending": ending})
        file.kind = ending
        return file
