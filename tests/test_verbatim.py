"""Whether words stand in a text: white space and quotation marks may differ, nothing else."""

import pytest

from negotiations import verbatim

TEXT = "He said:\n\n“We will   work\u00a0until the ‘last’ moment.”\n\n“And after,” he said. “Always.”"


@pytest.mark.parametrize(
    "passage",
    [
        "We will work until the 'last' moment.",
        'said: "We will work',
        "And after […] Always.",
        "until the ’last’ moment",
    ],
)
def test_words_stand_in_a_text_whatever_its_spaces_and_marks(passage):
    assert verbatim.find(passage, TEXT)


@pytest.mark.parametrize(
    "passage",
    ["We will work until the last moment.", "we will work", "And after Always.", "Always. […] And after", "", " […] "],
)
def test_other_words_do_not(passage):
    assert verbatim.find(passage, TEXT) is None


def test_what_is_left_out_of_a_quotation_is_a_clause_and_no_page():
    assert verbatim.find("We agree […] to little", "We agree, he said, to little.")
    assert verbatim.find("We agree […] to little", f"We agree, he said{' and said' * 60}, to little.") is None


def test_the_place_is_told_in_the_text_as_it_is_kept():
    place = verbatim.find('We will work until the "last" moment'.replace('"', "'"), TEXT)
    assert TEXT[place.start : place.end] == "We will   work\u00a0until the ‘last’ moment"


def test_a_passage_that_stands_twice_is_found_where_it_is_looked_for():
    text = "Yes, he said. Yes, she said."
    assert verbatim.find("Yes", text).start == 0
    assert verbatim.find("Yes", text, near=5).start == 14
    assert verbatim.find("Yes", text, near=20).start == 0


def test_a_quotation_over_paragraphs_has_a_mark_at_the_head_of_each():
    text = "“We did not begin this.\n\n“We will end it,” he said."
    assert verbatim.find("We did not begin this. We will end it", text)


def test_a_selector_shows_the_words_around_on_one_line():
    selector = verbatim.select(TEXT, verbatim.find("And after", TEXT))
    assert selector.exact == "And after"
    assert selector.prefix.endswith("moment.” “")
    assert selector.suffix == ",” he said. “Always.”"
    assert max(len(selector.prefix), len(selector.suffix)) <= verbatim.AROUND
