"""“Add from article”: bring an article to the desk, look at what it would give, confirm what belongs in the record."""

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from negotiations import intake, unsaved
from negotiations.intake import article as articles
from negotiations.models import Intake, Person, Source, workflow
from negotiations.queries.intake import Match, match
from negotiations.requests import Request, editor

from .intake_drafts import Saved, save
from .intake_forms import ArticleForm, ProposalForm, Proposals, SourceForm, proposals_of
from .refusals import REFUSED, explain

KNOWN = ("title", "publisher", "author", "url", "date")


class TakesArticles(ModelAdmin):
    """For the page of statements: the way from an article to drafts of them."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("from-article/", view(self.bring), name="negotiations_statement_from_article"),
            path("from-article/<int:pk>/", view(self.review), name="negotiations_statement_review_article"),
            *super().get_urls(),
        ]

    def may_take_articles(self, request: HttpRequest) -> bool:
        sources = self.admin_site._registry[Source]
        return self.has_add_permission(request) and sources.has_add_permission(request)

    def bring(self, request: HttpRequest) -> HttpResponse:
        """The page on which an article is pasted or uploaded."""
        self._admit(request)
        typed = unsaved.taken(request)
        sent = request.method == "POST"
        data, files = (request.POST, request.FILES) if sent else (None, None)
        form = ArticleForm(data, files, initial=typed.dict() if typed else None)
        if typed:
            self.message_user(request, f"{unsaved.TOLD} {unsaved.CHOOSE_FILE}", messages.WARNING)
        if sent and form.is_valid():
            article = form.article
            brought = Intake.objects.create(
                by=editor(request), text=article.text, known={name: getattr(article, name) for name in KNOWN}
            )
            return HttpResponseRedirect(reverse("admin:negotiations_statement_review_article", args=[brought.pk]))
        unfinished = Intake.objects.filter(by=editor(request), saved_at=None)[:10]
        context = {"form": form, "unfinished": unfinished, "title": _("Add from article")}
        return self._page(request, "admin/intake.html", context, 422 if form.errors else 200)

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The article beside its proposals. Saves nothing until it is confirmed, and then once."""
        self._admit(request)
        brought = get_object_or_404(Intake, pk=pk, by=editor(request))
        typed_before = unsaved.restore(cast(Request, request))
        if request.method == "POST" and "discard" in request.POST and not brought.saved_at and not typed_before:
            brought.delete()
            self.message_user(request, _("The article was put away. Nothing of it is in the record."))
            return HttpResponseRedirect(reverse("admin:negotiations_statement_from_article"))
        if brought.saved_at:
            return self._done(request, brought)
        found = match(intake.propose(_article(brought), timezone.localdate()), workflow.readable(request.user))
        data = request.POST if request.method == "POST" else None
        source_form = SourceForm(data, match=found, prefix="source")
        proposals = proposals_of(found, request.user, data)
        refusal = unsaved.TOLD if typed_before else ""
        if data is not None and all([source_form.is_valid(), proposals.is_valid()]) and not typed_before:
            self._may_enter_people(request, proposals)
            try:
                saved = save(brought, source_form, proposals, editor(request))
            except REFUSED as error:
                refusal = explain(error).message
            else:
                return self._done(request, brought, saved)
        context = {
            "title": _("Add from article"),
            "brought": brought,
            "match": found,
            "source_form": source_form,
            "proposals": proposals,
            "paragraphs": marked(found),
            "people": proposals.choices.people,
            "refusal": refusal,
        }
        return self._page(request, "admin/intake_review.html", context, 422 if data is not None else 200)

    def _admit(self, request: HttpRequest) -> None:
        if not self.may_take_articles(request):
            raise PermissionDenied

    def _may_enter_people(self, request: HttpRequest, proposals: Proposals) -> None:
        drafts = [form.cleaned_data for form in proposals.taken() if form.cleaned_data["take"] == ProposalForm.DRAFT]
        entered = any(draft["speaker"] and not draft["person"] for draft in drafts)
        if entered and not self.admin_site._registry[Person].has_add_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, template: str, context: dict, status: int) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, context, status=status)

    def _done(self, request: HttpRequest, brought: Intake, saved: Saved | None = None) -> HttpResponse:
        """To the drafts, whether they have been made just now or by the same form a moment ago."""
        if saved:
            for statement in saved.drafts:
                self.log_addition(request, statement, [{"added": {}}])
            self.message_user(request, _told(saved), messages.SUCCESS)
        else:
            self.message_user(request, _("The drafts of this article have been made already."), messages.WARNING)
        source = brought.source or Intake.objects.get(pk=brought.pk).source
        query = {"citations__source__id__exact": source.pk} if source else {}
        return HttpResponseRedirect(reverse("admin:negotiations_statement_changelist", query=query))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        more = {"takes_articles": self.may_take_articles(request)}
        return super().changelist_view(request, more | (extra_context or {}))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "citations__source__id__exact" or super().lookup_allowed(lookup, value, request)


def _article(brought: Intake) -> intake.Article:
    article = articles.from_text(brought.text, title=brought.known.get("title", ""))
    for name in KNOWN[1:]:
        setattr(article, name, brought.known.get(name, ""))
    return article


def _told(saved: Saved) -> str:
    parts = [
        ngettext("%d draft was made.", "%d drafts were made.", len(saved.drafts)) % len(saved.drafts),
    ]
    if saved.merged:
        count = len(saved.merged)
        parts.append(ngettext("%d entry has one more source.", "%d entries have one more source.", count) % count)
    if saved.people:
        count = len(saved.people)
        parts.append(ngettext("%d person was entered.", "%d people were entered.", count) % count)
    url = reverse("admin:negotiations_source_change", args=[saved.source.pk])
    return format_html('{} <a href="{}">{}</a>', " ".join(parts), url, saved.source)


# The article with its proposals marked


@dataclass(frozen=True)
class Stretch:
    """Some words of the article; `number` is that of the proposal they belong to."""

    text: str
    number: int | None = None
    first: bool = False
    direct: bool = True


@dataclass(frozen=True)
class Shown:
    """A paragraph as the review shows it."""

    stretches: list[Stretch]
    body: bool
    is_title: bool


def marked(found: Match) -> list[Shown]:
    """The article, paragraph by paragraph, with what is proposed set off."""
    article = found.proposal.article
    pieces = sorted(
        (start, end, number, order == 0, one.proposed.direct)
        for number, one in enumerate(found.statements)
        for order, (start, end) in enumerate(one.proposed.pieces)
    )
    shown = []
    for paragraph in article.paragraphs:
        at, stretches = paragraph.start, []
        for start, end, number, first, direct in pieces:
            if at <= start and end <= paragraph.end:
                stretches += [
                    Stretch(article.text[at:start]),
                    Stretch(article.text[start:end], number, first, direct),
                ]
                at = end
        stretches.append(Stretch(article.text[at : paragraph.end]))
        words = " ".join(article.text[paragraph.start : paragraph.end].split())
        shown.append(Shown([one for one in stretches if one.text], paragraph.body, words == article.title))
    return shown
