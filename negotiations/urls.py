"""Addresses of the reader pages. Models and templates know them by these names."""

from django.urls import path, register_converter

from .views import (
    about,
    actors,
    api_docs,
    arrivals,
    citing,
    components,
    data,
    embed,
    entries,
    exports,
    follow,
    history,
    home,
    issues,
    pdf,
    pictures,
    positions,
    reports,
    search,
    sources,
    talks,
    timeline,
    treaties,
)


class CitationFile:
    """The endings of files for reference managers."""

    regex = "|".join(citing.FILES)

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(CitationFile, "citation")


urlpatterns = [
    path("", home.home, name="home"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline/arrivals/", arrivals.arrivals_page, name="timeline-arrivals"),
    path("timeline.atom", exports.atom, name="timeline-atom"),
    path("timeline.ics", exports.ics, name="timeline-ics"),
    path("timeline.csv", exports.csv, name="timeline-csv"),
    path("timeline.json", exports.json, name="timeline-json"),
    path("timeline.ndjson", exports.ndjson, name="timeline-ndjson"),
    path("moves.atom", exports.atom, {"moves_only": True}, name="moves-atom"),
    path("feeds/", exports.about, name="feeds"),
    path("corrections/", history.corrections, name="corrections"),
    path("corrections.atom", history.corrections_atom, name="corrections-atom"),
    path("history/<slug:kind>/<slug:slug>/", history.past, name="history"),
    path("about/", about.about, name="about"),
    path("about/components/", components.components, name="components"),
    path("about/method/", about.method, name="method"),
    path("api/docs", api_docs.api_docs, name="api-docs"),
    path("follow/", follow.follow, name="follow"),
    path("follow/asked/", follow.asked_for, name="follow-asked"),
    path("follow/confirm/<str:token>/", follow.confirm, name="follow-confirm"),
    path("follow/stop/<str:token>/", follow.stop, name="follow-stop"),
    path("embed/issues/<slug:slug>/", embed.issue, name="embed-issue"),
    path("embed/treaties/<slug:slug>/", embed.treaty, name="embed-treaty"),
    path("embed/statements/<slug:slug>/", embed.statement, name="embed-statement"),
    path("embed/positions/", embed.positions, name="embed-positions"),
    path("data/", data.data, name="data"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("search/", search.search_page, name="search"),
    path("parties/", actors.parties, name="parties"),
    path("parties/<slug:slug>/", actors.party, name="party"),
    path("people/", actors.people, name="people"),
    path("people/<slug:slug>/", actors.person, name="person"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("issues/", issues.issues, name="issues"),
    path("issues/<slug:slug>/", issues.issue, name="issue"),
    path("negotiations/", talks.negotiations, name="negotiations"),
    path("negotiations/<slug:slug>/", talks.negotiation, name="negotiation"),
    path("negotiations/<slug:negotiation>/<slug:path>/", talks.round_, name="round"),
    path("negotiations/<slug:negotiation>/<slug:path>/brief/", talks.brief, name="round-brief"),
    path("negotiations/<slug:negotiation>/<slug:path>/debate.xml", talks.akoma_ntoso, name="round-debate"),
    path("negotiations/<slug:negotiation>/<slug:path>/brief.pdf", pdf.brief, name="round-brief-pdf"),
    path("treaties/", treaties.treaties, name="treaties"),
    path("treaties/<slug:slug>/", treaties.treaty, name="treaty"),
    path("statements/<slug:slug>/", entries.statement, name="statement"),
    path("milestones/<slug:slug>/", entries.milestone, name="milestone"),
    path("positions/", positions.positions, name="positions"),
    path("positions.csv", positions.positions_csv, name="positions-csv"),
    path("positions.json", positions.positions_json, name="positions-json"),
    path("positions.pdf", pdf.positions, name="positions-pdf"),
    path("positions/<slug:slug>/", entries.position, name="position"),
    path("report/<slug:slug>/", reports.report, name="report"),
    path("reports/<slug:token>/", reports.report_status, name="report-status"),
    path("issues/<slug:slug>/picture.png", pictures.issue, name="issue-picture"),
    path("treaties/<slug:slug>/picture.png", pictures.treaty, name="treaty-picture"),
    path("cite.<citation:ending>", about.citation, name="record-cite"),
    path("timeline/cite.<citation:ending>", timeline.citation, name="timeline-cite"),
    path("positions/cite.<citation:ending>", positions.citation, name="positions-cite"),
    path("statements/<slug:slug>/cite.<citation:ending>", citing.statement, name="statement-cite"),
    path("milestones/<slug:slug>/cite.<citation:ending>", citing.milestone, name="milestone-cite"),
    path("positions/<slug:slug>/cite.<citation:ending>", citing.position, name="position-cite"),
    path("issues/<slug:slug>/cite.<citation:ending>", citing.issue, name="issue-cite"),
    path("treaties/<slug:slug>/cite.<citation:ending>", citing.treaty, name="treaty-cite"),
    path("negotiations/<slug:slug>/cite.<citation:ending>", citing.negotiation, name="negotiation-cite"),
    path("negotiations/<slug:negotiation>/<slug:path>/cite.<citation:ending>", citing.round_, name="round-cite"),
]
