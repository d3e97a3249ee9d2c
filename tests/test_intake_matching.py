"""What of the record an article speaks of: people, parties, treaties, issues, the round, and what is there already."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from negotiations import intake
from negotiations.intake.names import latin
from negotiations.models import Person, Treaty
from negotiations.queries.intake import english_place, issues_in, match, matching_people, treaties_in

from . import make
from .test_intake import SEEDS, with_seeds

TODAY = date(2026, 11, 26)


def read(text):
    return match(intake.propose(intake.read_paste(text), TODAY))


def seed(name):
    return match(intake.propose(intake.read(name, (SEEDS / name).read_bytes()), TODAY))


def slugs(things):
    return [thing.slug for thing in things]


# The founding articles


@with_seeds
def test_the_rome_article_is_tied_to_its_round_its_treaties_and_its_people(record):
    found = seed("ria-novosti-2007-09-12.txt")
    assert found.round.slug == "post-start-consultations-rome-consultations"
    assert {"start-i", "start-ii", "sort"} <= set(slugs(found.treaties))
    assert "legal-form" in slugs(found.issues)
    assert found.source.slug == "ria-novosti-2007-09-12"
    assert (found.city, found.country) == ("Rome", "Italy")
    first, second = [one for one in found.statements if one.proposed.direct]
    assert first.person.slug == second.person.slug == "antonov-anatoly"
    assert first.party.slug == "russia"
    assert "legal-form" in slugs(first.issues)
    assert first.date == "2007-09-12"
    assert slugs(first.likely) == ["antonov-rome-2007"]
    assert slugs(second.likely) == ["antonov-rome-outlook-2007"]


@with_seeds
def test_the_rome_round_speaks_for_the_year_too(record):
    first, *others = seed("ria-novosti-2007-09-12.txt").candidates
    assert first.date == "2007-09-12"
    assert "Rome consultations (2007-09-12) is in the record" in first.reasons
    assert {"2001-09-12", "2012-09-12", "2018-09-12"} <= {other.date for other in others}


@with_seeds
def test_the_moscow_article_is_tied_to_lavrov_and_new_start(record):
    found = seed("interfax-2013-06-22.txt")
    assert slugs(found.treaties) == ["new-start"]
    assert {"format", "missile-defence", "space-weapons", "conventional-balance"} <= set(slugs(found.issues))
    direct = [one for one in found.statements if one.proposed.direct]
    assert {one.person.slug for one in direct} == {"lavrov-sergey"}
    assert {one.office for one in direct} == {"Minister of Foreign Affairs"}
    assert {one.party.slug for one in direct} == {"russia"}
    assert all(one.likely for one in direct[1:3])


# People


@pytest.mark.parametrize(
    "name", ["Лавров", "Сергей Лавров", "С. Лавров", "С.В. Лавров", "Lavrov", "S. Lavrov", "Sergei Lavrov", "Lavroff"]
)
def test_a_name_is_known_in_whatever_letters(record, name):
    assert slugs(matching_people(name, Person.objects.all())) == ["lavrov-sergey"]


@pytest.mark.parametrize("name", ["Igor Lavrov", "Lavrovsky", "", "Лавровский"])
def test_another_name_is_not(record, name):
    assert matching_people(name, Person.objects.all()) == []


def test_everybody_in_the_record_is_found_by_the_native_name(record):
    people = list(Person.objects.all())
    missed = [one.name for one in people if one.native_name and one not in matching_people(one.native_name, people)]
    assert missed == []


def test_most_russian_names_sound_like_their_english_form(record):
    people = Person.objects.filter(native_name__regex="[а-я]")
    alike = [one for one in people if latin(one.native_name).split()[-1] == latin(one.name).split()[-1]]
    assert len(alike) >= 0.9 * len(people)


def test_among_namesakes_the_one_in_office_for_the_party_is_meant(db):
    russia, us = make.make_party(slug="russia"), make.make_party(slug="united-states", short_name="United States")
    first, second = make.make_person(name="Ann Kent"), make.make_person(name="Ada Kent")
    make.make_office(person=first, party=us, start="2001-01-01", end="2005-01-01")
    make.make_office(person=second, party=russia, start="2001-01-01")
    text = "MOSCOW, March 4, 2003 (Test Wire) - Talks went on.\n\n“We wait for them,” U.S. Ambassador Kent said."
    (one,) = read(text).statements
    assert (one.person, one.party, len(one.people)) == (first, us, 2)
    later = text.replace("2003", "2009").replace("U.S. Ambassador", "Minister")
    assert read(later).statements[0].person == second


def test_a_person_who_is_not_in_the_record_is_proposed_as_new_with_the_party_named(record):
    text = "WASHINGTON, March 4, 2009 (Test Wire) - “We wait,” Soviet Foreign Minister Rupert Hentzau said on Tuesday."
    one = read(text).statements[-1]
    assert one.person is None
    assert one.party.slug == "russia"  # there is no Soviet Union in 2009
    assert one.date == "2009-03-03"
    assert one.office == "Soviet Foreign Minister"


# Treaties, issues, places


def test_a_longer_name_of_a_treaty_claims_its_words(record):
    assert slugs(treaties_in("The New START treaty has lapsed.")) == ["new-start"]
    assert slugs(treaties_in("START II followed START I; SALT II did not enter into force.")) == [
        "start-ii",
        "start-i",
        "salt-ii",
    ]
    assert slugs(treaties_in("ДСНВ и ДРСМД, а не Договор по ПРО")) == ["new-start", "inf-treaty", "abm-treaty"]
    assert treaties_in("A fresh start, and the restart of STARTling talks") == []


def test_every_treaty_is_found_by_its_own_name(record):
    for treaty in Treaty.objects.all():
        assert treaty in treaties_in(f"They spoke of the {treaty.short_name} again."), treaty


def test_issues_are_found_by_their_keywords_in_both_languages(record):
    from negotiations.models import Issue

    issues = list(Issue.objects.all())
    assert slugs(issues_in("a legally binding text on ABM", issues, "en")) == ["legal-form", "missile-defence"]
    assert slugs(issues_in("юридически обязывающего договора", issues, "ru"))[0] == "legal-form"
    assert issues_in("The dog barked at the abm and the sdi.", issues, "en") == []


def test_places_are_called_as_the_record_calls_them(db):
    assert english_place("Женева") == "Geneva"
    assert english_place("Стрельсау") == "Стрельсау"
    assert english_place("Zenda") == "Zenda"


# The command


@with_seeds
def test_the_command_prints_what_an_article_would_give(record, capsys):
    call_command("intake", str(SEEDS / "ria-novosti-2007-09-12.txt"))
    out = capsys.readouterr().out
    assert "RIA Novosti" in out
    assert "date, guess 1     2007-09-12: 12 September was a Wednesday in 2007" in out
    assert "Anatoly Antonov [antonov-anatoly], director of the Foreign Ministry" in out
    assert "(said, called “he”)" in out
    assert "perhaps in the record already: antonov-rome-2007" in out


def test_the_command_says_the_day_of_an_article_and_that_nobody_is_quoted(record, capsys, tmp_path):
    path = tmp_path / "story.txt"
    path.write_text("ZENDA, July 9, 2009 (Reuters) -- Rain fell on the lakes.", encoding="utf-8")
    call_command("intake", str(path))
    out = capsys.readouterr().out
    assert "date              2009-07-09" in out
    assert "Nobody is quoted in it." in out


def test_the_command_gives_the_same_as_data_with_exact_places(record, capsys, tmp_path):
    text = "ZENDA, July 9, 2009 (Reuters) -- Talks went on.\n\n“We leave with homework,” said Anton Detchard."
    path = tmp_path / "story.txt"
    path.write_text(text, encoding="utf-8")
    call_command("intake", str(path), json=True)
    data = json.loads(capsys.readouterr().out)
    assert (data["publisher"], data["date"]["stated"]) == ("Reuters", "2009-07-09")
    (one,) = data["statements"]
    assert text[one["start"] : one["end"]] == one["selector"]["exact"] == "We leave with homework"
    assert one["selector"]["prefix"].endswith("“")
    assert one["person"] == ""


@pytest.mark.parametrize(("name", "content", "why"), [("no.txt", None, "No such file"), ("a.pdf", b"x", "none inside")])
def test_the_command_refuses_what_it_cannot_read(db, tmp_path, name, content, why):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=why):
        call_command("intake", str(path))
