"""The interface in English and Russian: the address says which, and every page leads to itself in the other."""

import gettext
import html
import re
import shutil
from pathlib import Path

import polib
import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import ngettext

from negotiations import dates, names
from negotiations.dateblock import date_block
from negotiations.models import Entry, Issue, Limit, Milestone, Negotiation, Option, Party, Person, Treaty
from tests import make

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "locale/ru/LC_MESSAGES/django.po"
PAGES = [
    "/", "/?on=1975-06-01", "/?on=2012-03-04", "/timeline/", "/timeline/?q=ABM&party=russia&kind=statement",
    "/timeline/?from=1968&to=1967&party=nobody", "/negotiations/", "/issues/", "/positions/",
    "/positions/?since=2009&on=2013-06-22", "/positions/?view=moves&since=2009", "/positions/?view=waits",
    "/positions/?party=china", "/treaties/", "/sources/", "/parties/", "/people/", "/about/", "/about/method/",
    "/about/components/", "/accessibility/", "/data/", "/follow/?party=russia", "/follow/asked/", "/api/docs",
    "/embed/issues/legal-form/",
    "/search/", "/search/?q=Geneva", "/search/?q=qqqqqq",
    "/issues/legal-form/", "/treaties/new-start/", "/treaties/salt-ii/", "/statements/antonov-rome-2007/",
    "/parties/russia/", "/parties/ukraine/", "/people/antonov-anatoly/",
]  # fmt: skip
# Words of the interface that no page in Russian may still say, outside what it marks as English.
ENGLISH = re.compile(
    r"\b(the|and|of|to|from|since|until|with|show|search|issues?|positions?|treat(y|ies)|timeline|statements?|sources?"
    r"|rounds?|recorded|entry|entries|party|parties|demands|prefers|accepts|opposes|day|days|years?|today)\b",
    re.IGNORECASE,
)
HEADINGS = re.compile(r"<(h[1-6]|nav|footer|th|dt|label|legend|button|summary|caption)\b[^>]*>(.*?)</\1>", re.DOTALL)


@pytest.fixture
def russian():
    with translation.override("ru"):
        yield


def words(fragment: str) -> str:
    """The text of a fragment, its unbreakable spaces made plain."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", fragment)).split())


def without_english(page: str) -> str:
    """A page without what is marked as being in another language than Russian, and without what is not text."""
    page = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    # Names, and the titles of sources, are as they are.
    page = re.sub(r'<a [^>]*href="/ru/(people|sources)/[^"]+"[^>]*>.*?</a>', "", page)
    marked = r"<(\w+)\b[^>]* lang=\"(?!ru)[^\"]*\"[^>]*>(?:(?!<\1\b).)*?</\1>"
    return re.sub(marked, "", page, flags=re.DOTALL)


def test_the_address_alone_decides_the_language(db, client):
    english = client.get("/about/", headers={"Accept-Language": "ru"})
    russian = client.get("/ru/about/", headers={"Accept-Language": "en"})
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="ru">' in russian.content.decode()


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/timeline/?party=russia&issue=format", "/ru/timeline/?party=russia&amp;issue=format"),
        ("/ru/positions/?on=2013-06-22", "/positions/?on=2013-06-22"),
        ("/statements/antonov-rome-2007/", "/ru/statements/antonov-rome-2007/"),
    ],
)
def test_a_page_leads_to_itself_in_the_other_language_with_the_same_filters(record, client, here, there):
    page = client.get(here).content.decode()
    other = "en" if here.startswith("/ru/") else "ru"
    assert f'<link rel="alternate" hreflang="{other}" href="http://testserver{there}">' in page
    assert f'<a href="http://testserver{there}" lang="{other}" hreflang="{other}" data-language>' in page


def test_links_stay_in_the_language_of_the_page(record, client):
    for _ in range(2):  # the second time from what the first has kept
        assert (
            'href="/ru/people/lavrov-sergey/"'
            in client.get("/ru/statements/lavrov-factors-2013-06-22/").content.decode()
        )
        assert 'href="/people/lavrov-sergey/"' in client.get("/statements/lavrov-factors-2013-06-22/").content.decode()


def test_the_record_is_written_in_english_whatever_the_language_of_who_saves_it(db):
    milestone = make.make_milestone(type="entered-into-force")
    with translation.override("ru"):
        milestone.save()
    assert "entered into force" in Milestone.objects.get(pk=milestone.pk).title


def test_the_desk_has_one_address(db, client):
    assert client.get("/admin/login/").status_code == 200
    assert client.get("/ru/admin/login/").status_code == 404


# The catalogue


def test_the_catalogue_is_complete():
    catalogue = polib.pofile(CATALOGUE)
    assert len(catalogue) > 1000
    assert [entry.msgid for entry in catalogue if not entry.translated()] == []
    assert [entry.msgid for entry in catalogue if entry.fuzzy or entry.obsolete] == []
    assert "nplurals=3" in catalogue.metadata["Plural-Forms"]


def test_a_translation_has_the_placeholders_and_the_markup_of_its_original():
    def kept(text):
        return sorted(re.findall(r"%\(\w+\)s|%[sd]|{}|<[^>]+>", text))

    for entry in polib.pofile(CATALOGUE):
        for said in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            assert kept(said) == kept(entry.msgid_plural or entry.msgid), entry.msgid


def test_the_catalogue_in_use_is_the_one_in_the_source():
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        in_use = gettext.GNUTranslations(compiled)
    for entry in polib.pofile(CATALOGUE):
        if entry.msgid_plural:
            for form, said in entry.msgstr_plural.items():
                number = {0: 1, 1: 2, 2: 5}[form]
                assert in_use.ngettext(entry.msgid, entry.msgid_plural, number) == said
        elif entry.msgctxt:
            assert in_use.pgettext(entry.msgctxt, entry.msgid) == entry.msgstr
        else:
            assert in_use.gettext(entry.msgid) == entry.msgstr


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs the gettext tools")
def test_the_catalogue_has_every_word_of_the_interface_and_no_other(tmp_path, monkeypatch):
    for folder in ("negotiations", "templates"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("django.conf.settings.LOCALE_PATHS", [])
    call_command("makemessages", locale=["ru"], verbosity=0)

    def keys(path):
        return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in polib.pofile(path)}

    found, known = keys(tmp_path / "locale/ru/LC_MESSAGES/django.po"), keys(CATALOGUE)
    assert found - known == set(), "run makemessages and translate what is new"
    assert known - found == set(), "no longer in use"


# Numbers, dates, names


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (104, "104 дня")]
)
def test_counts_take_the_right_form(russian, count, said):
    assert words(ngettext("%d day", "%d days", count) % count) == said


@pytest.mark.parametrize(("count", "said"), [(1, "1 запись"), (2, "2 записи"), (5, "5 записей"), (21, "21 запись")])
def test_counts_take_the_right_form_on_a_page(db, client, count, said):
    for _ in range(count):
        make.make_statement(date="2007-09-12")
    page = words(client.get("/ru/timeline/").content.decode())
    assert f"{said} Сначала старые" in page
    assert f"2007 {said}" in page


def test_thousands_are_set_apart_by_a_space(record, client):
    page = client.get("/ru/treaties/new-start/").content.decode()
    assert "1\xa0550" in page
    assert "1,550" not in page


@pytest.mark.parametrize(
    ("text", "said", "after_since"),
    [
        ("2007-09-12", "12 сентября 2007", "12 сентября 2007"),
        ("2009-05", "май 2009", "мая 2009"),
        ("2009", "2009", "2009 года"),
        ("2009-05-19/2009-05-20", "19–20 мая 2009", "19–20 мая 2009"),
        ("2009-05-30/2009-06-02", "30 мая – 2 июня 2009", "30 мая – 2 июня 2009"),
        ("2009-05/2009-07", "май – июль 2009", "май – июль 2009"),
        ("2009-05~", "около мая 2009", "около мая 2009"),
        ("1972~", "около 1972 года", "около 1972 года"),
        ("1969-11/..", "с ноября 1969", "с ноября 1969"),
        ("../1972", "до 1972 года", "до 1972 года"),
    ],
)
def test_dates_in_russian(russian, text, said, after_since):
    assert dates.spell(text).replace("\xa0", " ") == said
    assert dates.spell(text, inflected=True).replace("\xa0", " ") == after_since


def test_short_dates_in_russian(russian):
    assert date_block("2007-05-12")[1:3] == ("12", "мая")
    assert date_block("2007-05")[1:3] == ("май", "")
    assert dates.short_day(dates.parse("2007-09-12").earliest) == "12 сен 2007"


def test_every_name_in_the_record_is_said_in_russian(record, russian):
    fields = {
        Party: ("short_name", "name"), Issue: ("question",), Option: ("label",), Treaty: ("short_name", "full_name"),
        Negotiation: ("name",), Limit: ("item", "unit"), Entry: ("city", "country"),
    }  # fmt: skip
    found = {name for model, columns in fields.items() for row in model.objects.values_list(*columns) for name in row}
    assert found - names.NAMES - {""} == set()
    assert [name for name in names.NAMES if not names.CYRILLIC.search(names.named(name))] == []


def test_a_name_that_has_no_translation_is_shown_as_written(russian):
    assert names.named("Ruritania") == "Ruritania"
    assert str(Treaty(short_name="Treaty of Strelsau")) == "Treaty of Strelsau"
    # Words of the interface are no names of the record.
    assert names.named("Timeline") == "Timeline"


def test_titles_of_positions_and_milestones_are_composed_anew(record, russian):
    entries = Entry.objects.published()
    for kind in ("position", "milestone"):
        titles = set(entries.filter(kind=kind).values_list("title", flat=True))
        assert [title for title in titles if not names.title(title)] == []
    assert names.title("Russia demands: a legally binding agreement") == (
        "Россия\u00a0— требование: юридически обязывающее соглашение"
    )
    assert names.title("New START: suspended (Russia)") == "ДСНВ: приостановка (Россия)"


def test_who_spoke_is_said_in_the_language_of_the_page_and_what_is_english_alone_is_marked(record, client):
    page = client.get("/ru/statements/antonov-rome-2007/").content.decode()
    occasion = "Interview with RIA Novosti during the Rome consultations"
    assert f'Анатолий Антонов: <span lang="en">{occasion}</span>, 12 сентября 2007' in page
    assert f"<title>Анатолий Антонов: {occasion}, 12 сентября 2007 · Parley</title>" in page
    assert "<span lang" not in client.get("/timeline/").content.decode().split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/ru/milestones/new-start-signed-2010-04-08/", "ДСНВ: подписание, 8 апреля 2010"),
        ("/ru/report/new-start-signed-2010-04-08/", "Сообщить об ошибке: ДСНВ: подписание"),
        ("/ru/history/milestone/new-start-signed-2010-04-08/", "История записи: ДСНВ: подписание"),
        ("/ru/report/antonov-rome-2007/", "Сообщить об ошибке: Анатолий Антонов: Interview with RIA Novosti"),
    ],
)
def test_the_title_in_a_browser_s_tab_is_in_the_language_of_the_page_and_has_no_markup(record, client, path, title):
    head = client.get(path).content.decode().partition("</title>")[0].partition("<title>")[2]
    assert head.startswith(title)
    assert "&lt;" not in head
    assert "<" not in head


def test_titles_that_have_no_other_words_stay_english_and_marked(db, client):
    party = make.make_party(short_name="Ruritania")
    said = make.make_statement(party=party, speaker=None, office="Foreign Ministry", occasion="Note: <b>second</b>")
    make.make_statement(party=party, speaker=None, office="", occasion="", summary="Nothing", slug="bare")
    page = client.get(f"/ru/statements/{said.slug}/").content.decode()
    assert '<span lang="en">Foreign Ministry: Note: &lt;b&gt;second&lt;/b&gt;</span>' in page
    assert client.get("/ru/statements/bare/").status_code == 200


def test_no_preposition_of_one_letter_ends_a_line_before_a_date(record, client):
    matrix = client.get("/ru/positions/?on=2013-06-22&since=2012-01-01").content.decode()
    assert 'С\xa0<span class="nw">1 января 2012' in matrix
    for path in ("/ru/", "/ru/issues/legal-form/", "/ru/treaties/npt/"):
        page = client.get(path).content.decode()
        assert re.findall(r"(?i)(?<!\w)с <(?:time|a|span)[^>]*>\d[^<]*", page) == [], path


def test_people_are_named_in_cyrillic_where_that_is_their_script(russian):
    assert str(Person(name="Sergey Lavrov", native_name="Сергей Лавров")) == "Сергей Лавров"
    assert Person(name="Sergey Lavrov", native_name="Сергей Лавров").other_name == "Sergey Lavrov"
    assert str(Person(name="Mao Ning", native_name="毛宁")) == "Mao Ning"
    assert str(Person(name="Marco Rubio")) == "Marco Rubio"


def test_citations_stay_in_english(record, client):
    page = client.get("/ru/milestones/new-start-signed-2010-04-08/").content.decode()
    cited = words(page.split('<div class="cite"')[1].split("</div>")[0])
    assert "April 8, 2010" in cited
    assert not re.search("[а-яё]", cited)


# Pages


@pytest.mark.parametrize("path", PAGES)
def test_pages_in_russian_say_nothing_in_english_but_what_they_mark(record, client, path):
    response = client.get(f"/ru{path}")
    assert response.status_code == 200
    page = response.content.decode()
    assert '<html lang="ru">' in page
    page = without_english(page)
    for tag, inside in HEADINGS.findall(page):
        found = ENGLISH.search(words(inside))
        assert not found, f"“{found[0]}” in <{tag}>: {words(inside)[:200]}"
    for label in re.findall(r'(?:aria-label|placeholder)="([^"]*)"', page):
        assert not ENGLISH.search(html.unescape(label)), label


def test_every_kind_of_entry_has_its_page_in_russian(record, client):
    for kind in Entry.Kind.values:
        for slug in Entry.objects.published().filter(kind=kind).order_by("slug").values_list("slug", flat=True)[:3]:
            entry = Entry.objects.get(slug=slug)
            with translation.override("ru"):
                address = entry.get_absolute_url()
            page = client.get(address)
            assert page.status_code == 200
            assert "Сведения о записи" in page.content.decode()


def test_drawings_have_decimal_points_in_every_language(record, client):
    for path in ("/", "/treaties/new-start/", "/issues/legal-form/", "/timeline/", "/positions/"):
        page = client.get(f"/ru{path}").content.decode()
        assert not re.search(r' (x|y|x1|x2|y1|y2|cx|cy|r|dx|dy|width|height)="-?\d+,\d', page), path


def test_the_matrix_reads_in_russian(record, client):
    page = words(client.get("/ru/positions/").content.decode())
    assert "Должно ли соглашение быть юридически обязывающим?" in page
    assert "Юридически обязывающее соглашение" in page
    assert "Требование с 17 декабря 2021" in page
