"""Reporting an error in an entry, and seeing what became of the report. No account, and nothing asked but the error."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from negotiations import visitors
from negotiations.models import Entry, ErrorReport, workflow
from negotiations.models.reports import TooManyReports


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]  # it takes none at run time
    # Out of sight, and of no use to anybody who fills the form in by hand.
    website = forms.CharField(
        required=False, label=gettext_lazy("Leave this empty"), widget=forms.TextInput(attrs={"tabindex": "-1"})
    )
    source = forms.URLField(
        required=False,
        max_length=500,
        assume_scheme="https",
        label=gettext_lazy("Where does it say so? (if you know)"),
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "url"}),
    )

    class Meta:
        model = ErrorReport
        fields = ["what", "source"]
        labels = {"what": gettext_lazy("What is wrong, and what should it say?")}
        widgets = {"what": forms.Textarea(attrs={"class": "input", "rows": 6})}

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This field was to stay empty. Empty it, and send again."))
        return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    entry = get_object_or_404(Entry.objects.published().select_related("negotiation"), slug=slug)
    form, status = ReportForm(request.POST or None), 200
    if form.is_valid():
        try:
            made = ErrorReport.objects.receive(
                entry=entry,
                what=form.cleaned_data["what"],
                source=form.cleaned_data["source"],
                sender=visitors.digest(request),
            )
            return redirect(made)
        except TooManyReports:
            form.add_error(None, _("Many reports have come in during the last hour. Please send yours later."))
            status = 429
    elif form.is_bound:
        status = 422
    return render(request, "negotiations/report.html", {"entry": entry, "form": form}, status=status)


@never_cache
@require_safe
def report_status(request: HttpRequest, token: str) -> HttpResponse:
    made = get_object_or_404(ErrorReport.objects.select_related("entry__negotiation", "correction"), token=token)
    # What an entry says while readers may not see it, they do not learn from a report on what it said before.
    context = {"report": made, "entry": made.entry, "has_page": made.entry.state in workflow.PUBLIC}
    response = render(request, "negotiations/report_status.html", context)
    response["Referrer-Policy"] = "no-referrer"
    return response
