"""What readers of the timeline get: the entries they asked for, each once, with its date, sources and evidence."""

import html
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from negotiations import dates
from negotiations.models import Citation, Entry, Party, Person, Position
from tests.make import (
    make_citation,
    make_issue,
    make_milestone,
    make_negotiation,
    make_party,
    make_person,
    make_position,
    make_round,
    make_source,
    make_statement,
    make_treaty,
)

FRAGMENT = {"HTTP_HX_REQUEST": "true"}


def get(client, address="/timeline/", headers=None, **asked):
    response = client.get(address + ("?" + urlencode(asked, doseq=True) if asked else ""), **(headers or {}))
    assert response.status_code == 200
    return response.content.decode()


def words(page: str) -> str:
    """What a reader reads: the page without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def slugs(page: str) -> list[str]:
    return re.findall(r'<li[^>]* id="e-([^"]+)"', page)


def next_page(page: str) -> str | None:
    found = re.search(r'<a [^>]*href="([^"]+)" rel="next"', page)
    return html.unescape(found[1]) if found else None


def everything(client, **asked) -> list[str]:
    """The slugs on all pages of a view, by following its links."""
    page = get(client, **asked)
    found = slugs(page)
    while address := next_page(page):
        page = get(client, address)
        found += slugs(page)
    return found


def card(page: str, slug: str) -> str:
    """One entry's card, in words."""
    body = page.split(f'id="e-{slug}"', 1)[1].split("</article>", 1)[0]
    return words("<li " + body.split("<li id=")[0])


@pytest.fixture
def entries(record) -> list[Entry]:
    return list(Entry.objects.prefetch_related("parties", "issues"))


# The whole record


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_every_published_entry_is_reached_once_by_following_the_links(client, entries, order):
    found = everything(client, order=order)
    assert len(found) == len(set(found)) == len(entries)
    assert set(found) == {entry.slug for entry in entries}


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_years_run_in_one_direction_across_pages(client, record, order):
    page, years = get(client, order=order), []
    while page:
        years += [int(year) for year in re.findall(r'<h2 class="year__h">(\d{4})', page)]
        address = next_page(page)
        page = get(client, address) if address else None
    assert years == sorted(years, reverse=order == "newest")


def test_entries_that_are_not_published_stay_out(client, db):
    make_statement(slug="draft", state="draft")
    make_statement(slug="gone", state="withdrawn", withdrawn_on="2020-01-01", withdrawn_reason="A hoax.")
    make_statement(slug="public")
    page = get(client)
    assert slugs(page) == ["public"]
    assert "1 entry" in words(page)


def test_an_empty_record_has_a_timeline(client, db):
    assert "No entry matches" in words(get(client))


# The founding example


def test_lavrov_on_the_format_of_talks_with_its_source_and_the_position_it_bears_out(client, record):
    page = get(client, party="russia", issue="format", to="2013-06-22")
    slug = next(slug for slug in slugs(page) if "lavrov" in slug)
    said = card(page, slug)
    assert "will have to be considered in a multilateral format" in said
    assert "Sergey Lavrov" in said
    assert "Interfax" in said
    assert "22 June 2013" in said
    assert "Evidence that Russia demands: multilateral talks" in said
    assert re.search(r'href="/positions/russia-format-multilateral-2013[^"]*"', page)


def test_rome_2007_stands_as_one_card_with_what_was_said_there(client, record):
    page = get(client, negotiation="post-start-consultations", **{"from": "2007-09", "to": "2007-09"})
    rome = page.split('id="e-post-start-consultations-rome-consultations"', 1)[1].split("</article>", 1)[0]
    read = words(rome)
    assert "date inferred" in read
    assert "2007 follows from the weekday" in read
    assert "So far, we have been unable to convince the U.S. that a new document should be legally binding" in read
    assert "We will work until the last moment" in read
    assert "Russia demands: a legally binding agreement" in read


# Filters, against a plain reading of the record


FILTERS = [
    ({"party": "china"}, lambda e, **_: "china" in e.of_parties),
    ({"party": ["china", "france"]}, lambda e, **_: {"china", "france"} & e.of_parties),
    ({"party": "soviet-union"}, lambda e, **_: "soviet-union" in e.of_parties),
    ({"party": "russia"}, lambda e, **_: {"russia", "soviet-union"} & e.of_parties),
    ({"party": "russia", "predecessor": "no"}, lambda e, **_: "russia" in e.of_parties),
    ({"party": "ukraine"}, lambda e, **_: "ukraine" in e.of_parties),
    ({"party": "us-soviet"}, lambda e, **_: "us-soviet" in e.of_parties),
    ({"issue": "verification"}, lambda e, **_: "verification" in e.of_issues),
    ({"issue": ["verification", "telemetry"]}, lambda e, **_: {"verification", "telemetry"} & e.of_issues),
    ({"kind": "milestone"}, lambda e, **_: e.kind == "milestone"),
    ({"kind": ["round", "position"]}, lambda e, **_: e.kind in ("round", "position")),
    ({"negotiation": "salt-i"}, lambda e, **_: e.negotiation and e.negotiation.slug == "salt-i"),
    ({"from": "2010"}, lambda e, **_: e.latest >= dates.parse("2010").earliest),
    ({"to": "1969-11"}, lambda e, **_: e.earliest <= dates.parse("1969-11").latest),
    (
        {"from": "1985-11-19/1985-11-21", "to": "1986~"},
        lambda e, **_: e.latest >= dates.parse("1985-11-19").latest and e.earliest <= dates.parse("1986").latest,
    ),
    (
        {"party": "russia", "issue": "format", "kind": "statement", "from": "2010", "to": "2013-06-22"},
        lambda e, **_: (
            "russia" in e.of_parties and "format" in e.of_issues and e.kind == "statement"
            and e.earliest <= dates.parse("2013-06-22").latest and e.latest.year >= 2010
        ),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("asked", "wanted"), FILTERS, ids=[urlencode(asked, doseq=True) for asked, _ in FILTERS])
def test_a_filter_gives_what_a_plain_reading_of_the_record_gives(client, entries, asked, wanted):
    for entry in entries:
        entry.of_parties = {party.slug for party in entry.parties.all()}
        entry.of_issues = {issue.slug for issue in entry.issues.all()}
    expected = {entry.slug for entry in entries if wanted(entry)}
    assert expected
    found = everything(client, **asked)
    assert len(found) == len(expected)
    assert set(found) == expected


def test_the_count_says_how_many_match_and_of_how_many(client, entries):
    statements = sum(entry.kind == "statement" for entry in entries)
    assert f"{statements} entries match of {len(entries):,}" in words(get(client, kind="statement"))


def test_each_kind_is_counted_as_if_no_kind_were_chosen(client, entries):
    page = get(client, kind="round")
    for kind in Entry.Kind.values:
        count = sum(entry.kind == kind for entry in entries)
        assert f'id="n-{kind}">{count}<' in page


def test_a_person_is_found_as_speaker_joint_speaker_and_head_of_a_delegation(client, db):
    person = make_person()
    alone = make_statement(speaker=person)
    together = make_statement(speaker=None, joint_speakers=[person, make_person()])
    table = make_round()
    table.delegations.update(head=person)
    make_statement()
    assert set(slugs(get(client, person=person.slug))) == {alone.slug, together.slug, table.slug}


def test_a_treaty_is_found_by_its_milestones_and_by_the_talks_it_came_of(client, db):
    talks = make_negotiation()
    treaty = make_treaty(negotiation=talks)
    signed, said, other = make_milestone(treaty=treaty), make_statement(negotiation=talks), make_statement()
    main = make_treaty()
    opening = make_round(negotiation=make_negotiation(treaty=main))
    assert set(slugs(get(client, treaty=treaty.slug))) == {signed.slug, said.slug}
    assert slugs(get(client, treaty=main.slug)) == [opening.slug]
    assert other.slug not in slugs(get(client, treaty=treaty.slug))


def test_a_date_that_is_not_exact_counts_for_every_day_it_may_mean(client, db):
    make_statement(slug="some-day-in-may", date="2009-05")
    for day in ("2009-05-01", "2009-05-31", "2009-05", "2009"):
        assert slugs(get(client, **{"from": day, "to": day})) == ["some-day-in-may"], day
    assert slugs(get(client, **{"from": "2009-06"})) == []
    assert slugs(get(client, to="2009-04-30")) == []


def test_the_soviet_record_is_included_with_russia_and_says_so(client, record):
    tokens = words(get(client, party="russia").split('<ul class="tokens"')[1].split("</ul>")[0])
    assert "Russia, with the Soviet Union before it" in tokens
    tokens = words(get(client, party="russia", predecessor="no").split('<ul class="tokens"')[1].split("</ul>")[0])
    assert "Without predecessors" in tokens


def test_the_form_shows_that_the_predecessor_is_included_and_lets_it_be_left_out(client, record):
    chosen = r'name="predecessor" value="([^"]*)" checked>([^<]+)'
    assert re.findall(chosen, get(client)) == [("", "Russia with the Soviet Union")]
    assert re.findall(chosen, get(client, predecessor="no")) == [("no", "Russia without the Soviet Union")]


def test_a_decade_is_one_filter_that_is_taken_off_at_once(client, record):
    page = get(client, **{"from": "1980", "to": "1989"})
    assert re.findall(r'class="token" href="([^"]+)".*?</span>([^<]+)', page) == [("/timeline/", "1980s")]
    assert "from=1980&amp;to=1989" in get(client)
    assert everything(client, **{"from": "198X", "to": "198X"}) == everything(client, **{"from": "1980", "to": "1989"})


@pytest.mark.parametrize(("path", "name"), [("/timeline/", "Sergey Lavrov"), ("/ru/timeline/", "Сергей Лавров")])
def test_anybody_in_the_record_can_be_chosen_by_family_name(client, record, path, name):
    offered = get(client, path).split('name="person"')[1].split("</select>")[0]
    people = re.findall(r'<option value="([\w-]+)"[^>]*>([^<]+)', offered)
    assert len(people) == Person.objects.count()
    assert ("lavrov-sergey", name) in people
    in_order = [slug for slug, _ in people] if path == "/timeline/" else [name.split()[-1] for _, name in people]
    assert in_order == sorted(in_order)


# Search


def test_a_search_finds_other_forms_of_a_word_in_both_languages(client, db):
    make_statement(slug="english", quote="Both sides have withdrawn their missiles")
    make_statement(slug="russian", quote="Стороны согласовали сокращение ракет", quote_language="ru")
    assert slugs(get(client, q="missile side")) == ["english"]
    assert slugs(get(client, q="ракеты")) == ["russian"]


def test_a_search_understands_phrases_and_exclusions(client, db):
    make_statement(slug="one", summary="Talks on missile defence went on.", quote="", quote_language="")
    make_statement(slug="other", summary="The defence minister spoke of a missile.", quote="", quote_language="")
    assert slugs(get(client, q='"missile defence"')) == ["one"]
    assert slugs(get(client, q="defence -minister")) == ["one"]


def test_words_that_were_found_are_marked_and_nothing_else_of_the_text_is_markup(client, db):
    make_statement(quote="Telemetry & <b>trust</b>")
    page = get(client, q="telemetry")
    assert "<q><mark>Telemetry</mark> &amp; &lt;b&gt;trust&lt;/b&gt;</q>" in page


def test_a_search_that_finds_nothing_says_how_to_search(client, record):
    read = words(get(client, q="zxqv"))
    assert "No entry matches all of these filters." in read
    assert "put OR between them" in read
    assert "Show the whole record" in read


def test_where_the_chosen_kind_has_no_match_the_others_are_offered(client, db):
    make_statement(date="1999")
    assert "Entries of another kind do: Statements: 1" in words(get(client, kind="round", **{"from": "1999"}))


# Addresses that cannot be understood


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("party=atlantis", "There is no party “atlantis” in the record."),
        ("issue=weather", "There is no issue “weather” in the record."),
        ("kind=rumour", "There is no kind of entry “rumour”."),
        ("negotiation=none", "There is no negotiation “none” in the record."),
        ("treaty=zenda", "There is no treaty “zenda” in the record."),
        ("person=nobody", "There is no person “nobody” in the record."),
        ("from=banana", "“banana” is not a date."),
        ("to=2013-02-31", "“2013-02-31” is not a date."),
        ("cursor=%00", "“�” was not understood as “cursor”."),
        ("cursor=2013-06-22", "The place to go on from was not understood."),
        ("cursor=2013-99-99.1", "The place to go on from was not understood."),
        ("cursor=0000-01-01.1", "The place to go on from was not understood."),
        ("q=%00", "“�” was not understood as “q”."),
        ("party=%00", "There is no party “�” in the record."),
        ("person=%00", "There is no person “�” in the record."),
        ("from=%00", "“�” was not understood as “from”."),
        ("order=sideways", "“sideways” was not understood as “order”."),
        ("predecessor=perhaps", "“perhaps” was not understood as “predecessor”."),
        ("utm_source=letter", "There is no filter “utm_source”."),
        ("%00=1", "There is no filter “�”."),
        ("from=2013&to=2009", "The dates end before they begin"),
        ("from=2001&from=2009", "“from” was given more than once; the last one was used."),
    ],
)
def test_what_was_not_understood_is_told_and_the_rest_shown(client, record, query, message):
    read = words(get(client, f"/timeline/?{query}"))
    assert "Not everything in this address was understood:" in read
    assert message in read


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a" * 10_000, "q=%FF%FE", "q=%22%22%22", "q=:*", "q='", "q=-", "q=the", "party=" + "a" * 10_000,
        "from=" + "9" * 5_000, "from=../..", "from=-", "from=20XX", "to=/2009", "from=0000", "to=9999-12-31",
        "cursor=9999-12-31.999999999999999999", "cursor=2013-06-22.-1", "cursor=²013-06-22.1",
        "&".join(f"{number}=1" for number in range(300)), "q=%3Cscript%3E&party=%3Cscript%3E",
    ],
)  # fmt: skip
def test_no_address_breaks_the_page(client, record, query):
    page = get(client, f"/timeline/?{query}")
    assert "<script>" not in page


def test_what_is_understood_counts_beside_what_is_not(client, entries):
    page = get(client, "/timeline/?kind=round&party=atlantis&party=china&from=banana")
    china = {e.slug for e in entries if e.kind == "round" and "china" in {party.slug for party in e.parties.all()}}
    assert set(slugs(page)) == china


def test_a_search_that_is_too_long_is_cut_and_says_so(client, db):
    make_statement(slug="long", summary="treaty " * 5, quote="", quote_language="")
    page = get(client, q="treaty " * 200)
    assert "its first 200 characters were used" in words(page)
    assert slugs(page) == ["long"]


def test_a_flood_of_unknown_names_is_summed_up(client, db):
    page = get(client, "/timeline/?" + "&".join(f"x{number}=1" for number in range(100)))
    assert "94 more filters were not understood." in words(page)


# One address, page and fragment


def test_htmx_gets_a_fragment_and_everybody_else_a_page(client, record):
    page, fragment = get(client, party="china"), get(client, headers=FRAGMENT, party="china")
    assert page.startswith("<!doctype html>")
    assert "<html" not in fragment
    assert slugs(page) == slugs(fragment)
    assert "<title>China · Timeline · Parley</title>" in fragment


def test_a_page_restored_from_history_is_a_whole_page(client, db):
    assert "<html" in get(client, headers=FRAGMENT | {"HTTP_HX_HISTORY_RESTORE_REQUEST": "true"})


@pytest.mark.parametrize("headers", [{}, FRAGMENT])
def test_caches_are_told_that_page_and_fragment_differ(client, db, headers):
    assert "HX-Request" in client.get("/timeline/", **headers).headers["Vary"]


def test_the_address_that_a_filter_leaves_behind_is_short_and_in_order(client, record):
    every = [("kind", kind) for kind in Entry.Kind.values]
    asked = urlencode([("to", ""), ("issue", "format"), *every, ("q", ""), ("party", "russia"), ("x", "1")])
    pushed = client.get(f"/timeline/?{asked}", **FRAGMENT).headers["HX-Push-Url"]
    assert pushed == "/timeline/?party=russia&issue=format"


def test_loading_earlier_entries_leaves_the_address_alone(client, record):
    assert "HX-Push-Url" not in client.get(next_page(get(client)), **FRAGMENT).headers


def test_a_year_that_goes_on_from_the_page_before_says_so(client, record):
    page = get(client, next_page(get(client, **{"from": "2009", "to": "2009"})))
    assert "2009 continued" in words(page)
    assert "Back to the newest entries" in words(page)


def test_every_filter_that_is_on_can_be_taken_off_again(client, record):
    asked = {"q": "START", "party": ["united-states", "russia"], "issue": "format", "order": "oldest", "to": "2013"}
    page = get(client, **asked)
    tokens = page.split('<ul class="tokens"')[1].split("</ul>")[0]
    left = [parse_qs(urlsplit(html.unescape(url)).query) for url in re.findall(r'class="token" href="([^"]+)"', tokens)]
    whole = {name: value if isinstance(value, list) else [value] for name, value in asked.items()}
    assert len(left) == 5
    for rest in left:
        removed = sum(len(values) for values in whole.values()) - sum(len(values) for values in rest.values())
        assert removed == 1
        assert all(set(values) <= set(whole[name]) for name, values in rest.items())


def test_the_bars_lead_to_their_year_and_keep_the_filters(client, record):
    page = get(client, party="china")
    assert re.search(
        r'<a href="/timeline/\?party=china&amp;from=2019&amp;to=2019"><title>2019: \d+ of \d+ entries', page
    )


def test_only_get_and_head_are_answered(client, db):
    assert client.head("/timeline/").status_code == 200
    assert client.post("/timeline/").status_code == 405


# Cards


def test_a_move_shows_what_the_position_was_and_what_it_is(client, db):
    issue, party = make_issue(), make_party()
    first, second = issue.options.all()
    make_position(party=party, option=first, stance="demands", date="2001", slug="before", evidence=None)
    make_position(party=party, option=second, stance="accepts", date="2008-04-06", slug="after")
    page = get(client, kind="position")
    assert "No view on record before Now: Demands a legally binding agreement" in card(page, "before")
    moved = card(page, "after")
    assert "Before: Demands a legally binding agreement Now: Accepts a political commitment" in moved
    assert "Position change" in moved


def test_a_position_after_a_silence_says_since_when_nothing_was_recorded(client, db):
    issue, party = make_issue(), make_party()
    make_position(party=party, issue=issue, date="2001", end="2003-06-01")
    make_position(party=party, issue=issue, date="2008", slug="after")
    assert "No stand recorded since 1 June 2003" in card(get(client, kind="position"), "after")


def test_a_position_that_takes_over_the_day_after_is_a_move_and_no_silence(client, db):
    issue, party = make_issue(), make_party()
    make_position(party=party, option=issue.options.first(), date="2001", end="2008-04-05")
    make_position(party=party, option=issue.options.last(), date="2008-04-06", slug="after")
    moved = card(get(client, kind="position"), "after")
    assert "Before: Demands a legally binding agreement Now: Demands a political commitment" in moved


def test_a_conditional_position_says_on_what_it_depends(client, db):
    make_position(slug="if", stance="conditional", condition="only if Graustark joins")
    said = card(get(client), "if")
    assert "Would accept a legally binding agreement" in said
    assert "Condition: only if Graustark joins." in said


def test_evidence_from_another_party_is_marked_as_its_account(client, db):
    ruritania, graustark = make_party(), make_party(short_name="Graustark")
    theirs = make_statement(party=graustark)
    make_position(party=ruritania, evidence=[theirs], basis="attributed", slug="attributed")
    said = card(get(client), "attributed")
    assert "Attributed by Graustark" in said
    assert "(another’s account)" in said


def test_a_quotation_is_called_verbatim_only_where_it_was_found_in_the_source(client, db):
    checked, unchecked = make_statement(sources=[]), make_statement(sources=[make_source()])
    make_citation(checked, make_source(), checked_on="2026-01-01", checked_sha256="a" * 64)
    page = get(client)
    assert "Verbatim, checked against source" in card(page, checked.slug)
    assert "Verbatim" not in card(page, unchecked.slug)


def test_what_was_said_at_a_round_stands_in_its_card_or_by_itself(client, db):
    meeting = make_round(date="2007-09-06/2007-09-12")
    said = make_statement(round=meeting, date="2007-09-12", negotiation=meeting.negotiation)
    page = get(client)
    assert slugs(page) == [meeting.slug, said.slug]
    assert page.count('class="entry entry--') == 1
    assert slugs(get(client, kind="statement")) == [said.slug]


def test_a_milestone_shows_only_the_stages_that_the_treaty_had_reached(client, db):
    treaty = make_treaty()
    make_milestone(treaty=treaty, type="signed", date="1979-06-18")
    make_milestone(treaty=treaty, type="expired", date="1985-12-31", slug="lapsed")
    stages = get(client).split('id="e-lapsed"')[1].split('class="stages"')[1].split("</ol>")[0]
    assert re.findall(r"<li([^>]*)>([^<]+)</li>", stages) == [
        ("", "Signed"), (' class="off"', "Ratified"), (' class="off"', "In force"), (' aria-current="step"', "Ended"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("date", "basis", "large", "rest", "machine"),
    [
        ("2013-06-22", "stated", "22", "Jun", "2013-06-22"),
        ("2009-05-19/2009-05-20", "stated", "19–20", "May", "2009-05-19"),
        ("1969-11-17/1969-12", "stated", "17", "Nov to Dec day not recorded", "1969-11-17"),
        ("1971-11-15/1972-02-04", "stated", "15", "Nov to 4 Feb 1972", "1971-11-15"),
        ("2009-05", "stated", "May", "day not recorded", "2009-05"),
        ("2009", "stated", "2009", "month not recorded", "2009"),
        ("1967?", "stated", "1967", "month not recorded uncertain", "1967"),
        ("2007-09-12", "inferred", "12", "Sep date inferred", "2007-09-12"),
    ],
)
def test_a_date_is_never_shown_more_precise_than_it_is(client, db, date, basis, large, rest, machine):
    make_statement(date=date, date_basis=basis, note="By the weekday.")
    block = re.search(r'<time class="entry__date" datetime="([^"]+)"><b>([^<]+)</b>(.*?)</time>', get(client))
    assert (block[1], block[2], words(block[3])) == (machine, large, rest)


def test_nothing_an_editor_writes_becomes_markup(client, db):
    evil = "<img src=x onerror=alert(1)>"
    source = make_source(publisher=evil, title=evil, url="javascript:alert(1)")
    issue = make_issue(question=evil, options=[evil])
    said = make_statement(
        quote=evil, summary=evil, occasion=evil, office=evil, city=evil, note=evil, key_phrase=evil, sources=[source],
        issues=[issue], party=make_party(short_name=evil), speaker=make_person(name=evil),
    )  # fmt: skip
    make_position(issue=issue, stance="conditional", condition=evil, scope=evil, summary=evil, evidence=[said])
    make_round(title=evil, summary=evil, country=evil, negotiation=make_negotiation(name=evil))
    page = get(client, q="img OR alert OR onerror OR Strelsau")
    assert "<img" not in page
    assert "javascript:" not in page


# Cost


def test_a_full_page_needs_no_more_queries_than_a_short_one(client, record):
    def queries(**asked):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            get(client, **asked)
        return len(captured)

    everything, some = queries(party="united-states"), queries(party="united-states", q="Reykjavik")
    assert everything == some <= 12
    assert queries() <= 12
    assert queries(q="START", person="antonov-anatoly", treaty="new-start", party="russia", order="oldest") <= 12


def test_the_search_of_a_party_that_is_gone_stays_within_its_lifetime(record):
    from negotiations.queries.timeline import TimelineFilter, matching

    gone = Party.objects.get(slug="soviet-union")
    assert gone.active_until.isoformat() in str(matching(TimelineFilter(parties=(gone,))).query)


def test_the_dataset_has_what_these_tests_are_about(record):
    assert Citation.objects.filter(checked_on__isnull=False).exists()
    assert Position.objects.filter(stance="conditional").exists()
