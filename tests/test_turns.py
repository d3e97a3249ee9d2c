"""Who is answered next when more have asked than there are threads."""

import pytest

from config.turns import QUICK, Turns

SLOW = 10 * QUICK


@pytest.fixture
def turns():
    return Turns(4)


def come(turns, *readers, page=""):
    for reader in readers:
        turns.come(reader, (page or f"GET /{reader}").encode(), signed_in=False)


def take_all(turns):
    return list(iter(turns.take, None))


def test_readers_come_in_their_order_and_leave_a_thread_free(turns):
    come(turns, "a", "b", "c", "d")
    assert take_all(turns) == ["a", "b", "c"]
    turns.done("b", SLOW)
    assert take_all(turns) == ["d"]


def test_whoever_is_signed_in_finds_a_thread_while_readers_have_all_of_theirs(turns):
    come(turns, *"abcdef")
    take_all(turns)
    turns.come("editor", b"GET /admin/", signed_in=True)
    assert take_all(turns) == ["editor"]


def test_readers_keep_to_half_of_the_threads_while_an_editor_is_answered(turns):
    turns.come("editor", b"", signed_in=True)
    come(turns, *"abcd")
    assert take_all(turns) == ["editor", "a", "b"]
    turns.done("editor", SLOW)
    assert take_all(turns) == ["c"]


def test_readers_have_every_second_turn_however_many_are_signed_in(turns):
    for number in range(20):
        turns.come(f"editor {number}", b"", signed_in=True)
    come(turns, *"abcd")
    answered = take_all(turns)
    for _ in range(8):
        turns.done(answered[0], SLOW)
        answered = [*answered[1:], *take_all(turns)]
        assert sum(one in "abcd" for one in answered) <= 2
    assert not turns.readers


def test_those_who_wait_for_a_page_come_next_once_it_was_given(turns):
    come(turns, "first", "x", "y", "z")
    come(turns, "second", "third", page="GET /first")
    assert take_all(turns) == ["first", "x", "y"]
    turns.done("first", SLOW)
    assert take_all(turns) == ["second"]
    turns.done("second", 0)
    assert take_all(turns) == ["third"]
    turns.done("third", 0)
    assert take_all(turns) == ["z"]


def test_a_page_that_is_never_kept_gains_nobody_a_place(turns):
    come(turns, "first", "x", "y", "z")
    come(turns, "second", "third", "fourth", page="GET /first")
    take_all(turns)
    turns.done("first", SLOW)
    assert take_all(turns) == ["second"]
    turns.done("second", SLOW)
    assert take_all(turns) == ["third"]
    turns.done("x", SLOW)
    turns.done("y", SLOW)
    turns.done("third", SLOW)
    assert take_all(turns) == ["fourth", "z"]


def test_who_comes_while_a_page_is_given_to_all_that_waited_comes_after_the_others(turns):
    come(turns, "first", "x", "y", "z")
    come(turns, "second", page="GET /first")
    take_all(turns)
    turns.done("first", SLOW)
    assert take_all(turns) == ["second"]
    come(turns, "late", page="GET /first")
    turns.done("second", 0)
    assert take_all(turns) == ["z"]


def test_a_form_is_nobody_elses(turns):
    come(turns, "a", "b", "c", page=" ")
    for form in ("d", "e"):
        turns.come(form, b"", signed_in=False)
    take_all(turns)
    turns.done("a", SLOW)
    assert not turns.quick


def test_with_one_thread_or_two_nobody_is_kept_out():
    turns = Turns(1)
    come(turns, "a", "b", "c")
    assert take_all(turns) == ["a", "b"]
