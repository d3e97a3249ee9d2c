"""What every page of the desk has in common: addresses, refusals, forms and links. Entries: see entries.py."""

from collections.abc import Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Field, Model, QuerySet
from django.forms import BaseModelFormSet, ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from negotiations import unsaved
from negotiations.files import derived, versions
from negotiations.models import Entry, FormerSlug, Person, workflow
from negotiations.queries.desk import tasks_of
from negotiations.requests import Request

from .history import ShowsVersions
from .lists import BoundedPaginator, ReadsFilters
from .refusals import REFUSED, Refusal, explain
from .selected import ChosenRows, is_key
from .stale import StaleForm, already_saved
from .suggestions import Suggests, SuggestsMany

# Addresses


def free_slug(model: type[models.Model], *words: object) -> str:
    """An address made of words that no page has or had; numbered where another page has the plain one."""
    wanted = slugify(" ".join(str(word) for word in words if word))[:100].strip("-") or str(model._meta.model_name)
    owner = model._meta.get_field("slug").model
    taken = set(owner._default_manager.filter(slug__startswith=wanted).values_list("slug", flat=True))
    former = FormerSlug.objects.filter(kind=owner._meta.model_name, slug__startswith=wanted)
    taken.update(former.values_list("slug", flat=True))
    slug, number = wanted, 1
    while slug in taken:
        number += 1
        slug = f"{wanted}-{number}"
    return slug


def first_day(text: str | None) -> str:
    """The part of a date that an address shows."""
    return (text or "").split("/")[0].rstrip("?~%.")


def surname_first(person: Person) -> str:
    *given, surname = person.name.split() or [""]
    return " ".join([surname, *given])


# Filters, links and lists


class FoldedFilter(admin.RelatedFieldListFilter):
    """A filter with many choices, folded until one is chosen."""

    template = "admin/folded_filter.html"


class TaskFilter(admin.SimpleListFilter):
    """What an editor came for from the front page of the desk."""

    title = gettext_lazy("what is to be done")
    parameter_name = "task"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> Any:
        return [(task.key, task.label) for task in tasks_of(model_admin.model)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found = [task for task in tasks_of(queryset.model) if task.key == self.value()]
        return (
            queryset.filter(pk__in=found[0].rows(request.user, timezone.localdate()).values("pk"))
            if found
            else queryset
        )


def change_link(obj: models.Model, text: str | None = None) -> str:
    url = reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])
    return format_html('<a href="{}">{}</a>', url, text or obj)


def list_link(model: type[models.Model], text: str | Promise, **lookups: object) -> str:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', url, urlencode(lookups), text)


def add_link(model: type[models.Model], **initial: object) -> str:
    url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")
    text = _("Add %s") % model._meta.verbose_name
    return format_html('<a class="addlink" href="{}?{}">{}</a>', url, urlencode(initial), text)


def lines(items: Iterable[str]) -> str:
    return format_html_join("", "<div>{}</div>", ((item,) for item in items)) or "–"


# Forms


class DeskForm(StaleForm):
    """A form that can show why the database refused it, and that suggests an address where none is given."""

    refusal: Refusal | None = None
    required: Sequence[str] = ()
    help: dict[str, Any] = {}
    """By field; in words that are translated when they are shown."""
    why = forms.CharField(
        label=gettext_lazy("What you change, and why"),
        widget=AdminTextareaWidget(attrs={"rows": 2}),
        required=False,
        help_text=gettext_lazy("Kept with this version. Readers see it in the record history of what is public."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.help.keys() & self.fields.keys():
            self.fields[name].help_text = self.help[name]
        for name in self.required:
            if name in self.fields:
                self.fields[name].required = True
        if slug := self.fields.get("slug"):
            slug.required = False
            slug.help_text = f"{slug.help_text} {_('Leave it empty for a suggestion.')}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "slug" in self.fields and not cleaned.get("slug") and "slug" not in self.errors:
            cleaned["slug"] = self.initial.get("slug") or free_slug(self._meta.model, *self.slug_words(cleaned))
        if self.refusal:
            self.add_error(self.refusal.field if self.refusal.field in self.fields else None, self.refusal.message)
        return cleaned

    def slug_words(self, cleaned: dict) -> Iterable[object]:
        """What an address is made of, where the editor gives none."""
        return ()


def form_field(db_field: models.Field, kwargs: dict) -> None:
    """Boxes as large as what goes into them, and addresses as the web is today."""
    if type(db_field) is models.TextField:
        kwargs.setdefault("widget", AdminTextareaWidget(attrs={"rows": 3}))
    elif isinstance(db_field, models.URLField):
        kwargs.setdefault("assume_scheme", "https")
    elif isinstance(db_field, models.CharField) and not db_field.choices:
        wide = (db_field.max_length or 0) > 64
        kwargs.setdefault("widget", AdminTextInputWidget(attrs={"class": "vLargeTextField"} if wide else {}))


MOST_NEW_ROWS = 100


class RowsFormSet(forms.BaseInlineFormSet):
    """Rows inside another form, which two editors may have open at once."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        # For a form that claims more, Django would draw two thousand empty rows, which takes it minutes.
        self.max_num = self.absolute_max = len(self.get_queryset()) + MOST_NEW_ROWS

    def clean(self) -> None:
        super().clean()
        # Django hides this error with the hidden field it belongs to.
        here: Any = self
        if any(here._pk_field.name in errors for errors in here._errors):
            raise ValidationError(
                _("Somebody else has removed a row here meanwhile. Open the page again before you save.")
            )


class ChoosesWhatMayBeRead(BaseModelAdmin):
    """Fields that name an entry: who may not read a draft cannot choose it either."""

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        model = db_field.related_model
        if isinstance(model, type) and issubclass(model, Entry):
            kwargs["queryset"] = model._default_manager.filter(workflow.readable(request.user))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", Suggests(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", SuggestsMany(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class Inline(ChoosesWhatMayBeRead, InlineModelAdmin):
    """Common ground of the rows inside another form."""

    formset = RowsFormSet
    extra = 0

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        # One empty row on a new page, so that it can be filled in without JavaScript too.
        return self.extra if obj else 1

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        form_field(db_field, kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class StackedInline(Inline, admin.StackedInline):
    pass


class TabularInline(Inline, admin.TabularInline):
    pass


# Pages


class DeskAdmin(ChosenRows, ShowsVersions, ChoosesWhatMayBeRead, ReadsFilters):
    """A page of the desk. Nothing an editor does here ends in an error page: a refusal is shown where it can be met."""

    form = DeskForm
    change_form_template = "admin/desk_form.html"
    list_per_page = 50
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    class Media:
        css = {"all": ["css/desk.css"]}

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        form_field(db_field, kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm]:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return cast(type[ModelForm], form)

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        asked_why = versions.is_kept(self.model) and self.has_change_permission(request, obj)
        hidden = {"version", "token"} if asked_why else {"version", "token", "why"}
        return [name for name in super().get_fields(request, obj) if name not in hidden]

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        asked_why = self.fieldsets and obj and self.has_change_permission(request, obj)
        return [*fieldsets, (gettext_lazy("This change"), {"fields": ["why"]})] if asked_why else fieldsets

    def get_ordering(self, request: HttpRequest) -> Any:
        # Said aloud, since a model's own order is lost where rows are counted.
        return self.ordering or self.opts.ordering

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        # PostgreSQL knows no NUL, and an autocomplete passes on whatever it is sent.
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def view_on_site(self, obj: Any) -> str:
        return str(obj.get_absolute_url())

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        obj = super().get_object(request, object_id, from_field)
        if obj:
            obj.viewer = request.user  # what the page shows of others' drafts depends on it
        return obj

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        for field in self.opts.get_fields():
            if field.is_relation and field.name in initial:
                keys = initial[field.name]
                if not all(map(is_key, keys if isinstance(keys, list) else [keys])):
                    del initial[field.name]
        return initial

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        desk = cast(Request, request)
        if unsaved.restore(desk):
            desk.refusal = Refusal(str(unsaved.TOLD))
        elif made := self._already_saved(request):
            return made
        try:
            page = super().changeform_view(request, object_id, form_url, extra_context)
            # The first of two may have been saved after we looked, and before the second was found to say the same.
            saved_once = None if page.status_code == 302 else self._already_saved(request)
            return saved_once or page
        except REFUSED as error:
            if made := self._already_saved(request):
                return made
            # Everything is rolled back. The same form once more, with what was typed and the reason.
            desk.refusal = explain(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _already_saved(self, request: HttpRequest) -> HttpResponseRedirect | None:
        """To what this form has made already, if it is being sent a second time."""
        made = already_saved(request.POST.get("token", ""))
        if not made:
            return None
        self.message_user(request, _("This form was sent twice and is saved once: here is what it made."))
        return HttpResponseRedirect(reverse(f"admin:negotiations_{made._meta.model_name}_change", args=[made.pk]))

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: list[BaseModelFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        changed: set[str] = set()
        if change:
            changed = {*form.changed_data, *(str(rows.prefix) for rows in formsets if rows.has_changed())}
        derived.follow(form.instance, changed)
        self.keep_version(request, form)
        # The deferred rules speak now and not at commit, while the form is still at hand to show what they say.
        connection.check_constraints()

    def why_keep(self, obj: Any) -> str:
        """Why something may not be deleted, where the database would let it go."""
        return ""

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        obj = self.get_object(request, unquote(object_id))
        refuse = self.why_keep(obj) if obj and self.has_delete_permission(request, obj) else ""
        try:
            if not refuse:
                return super().delete_view(request, object_id, extra_context)
        except REFUSED as error:
            refuse = explain(error).message
        self.message_user(request, refuse, messages.ERROR)
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
        )

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)
        connection.check_constraints()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().delete_queryset(request, queryset)
        connection.check_constraints()


class ReadOnly(ReadsFilters):
    """For what follows from elsewhere and is only looked at here."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class PartOfAnother(ReadOnly):
    """Rows that are edited on the page of what they belong to; a list of their own is there to look through."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Asked also when what they belong to is deleted, and they with it.
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return super().render_change_form(request, context | {"show_delete": False}, *args, **kwargs)

    def why_keep(self, obj: Any) -> str:
        return _("Open what it belongs to, and remove it there.")
