"""What the desk keeps of every change: the version before it, and the one after, with the editor's name."""

from django.db import models

from negotiations.files import versions


class KeepsVersions:
    """For pages of the desk: whatever is saved, moved or deleted on them leaves a version in the record's history."""

    def save_model(self, request, obj, form, change):
        request.owners = self._owners(obj)
        versions.keep_before(*request.owners)
        super().save_model(request, obj, form, change)

    def keep_version(self, request, obj: models.Model) -> None:
        """Call once what belongs to the thing is saved too."""
        versions.keep(obj, *request.owners, by=request.user)

    def delete_model(self, request, obj):
        self._delete(request, [obj], lambda: super(KeepsVersions, self).delete_model(request, obj))

    def delete_queryset(self, request, queryset):
        self._delete(request, list(queryset), lambda: super(KeepsVersions, self).delete_queryset(request, queryset))

    def _owners(self, obj: models.Model) -> list[models.Model]:
        """What versions are kept of when a thing is saved: what it belongs to, and what it belonged to before."""
        stored = [versions.owner(before) for before in type(obj).objects.filter(pk=obj.pk)]
        return stored if type(obj) in versions.KIND_OF else [*stored, versions.owner(obj)]

    def _delete(self, request, objects: list[models.Model], delete) -> None:
        gone = [(obj, obj.pk) for obj in objects if type(obj) in versions.KIND_OF]
        changed = [owner for obj in objects for owner in self._owners(obj) if owner not in objects]
        changed += [other for obj in objects for other in versions.referring(obj)]
        versions.keep_before(*changed, *(obj for obj, _ in gone))
        delete()
        for obj, pk in gone:
            obj.pk = pk  # which Django takes away
            versions.keep_deleted(obj, by=request.user)
        versions.keep(*changed, by=request.user)
