import pytest

from lstm_course.chapters import NAMES, chapter_number
from lstm_course.course import change, choose, moved, spans
from lstm_course.figures import decimal, factor, short
from lstm_plugins.errors import InputError

WHOLE = change("day", "A day", 2, 1, 5)
REAL = change("b_f", "A bias", 1.0, -2.0, 2.0, 0.5)
WORD = change("kind", "A kind", "one", choices=("one", "two", "three"))


def test_typed_values_are_taken_where_they_are_allowed():
    assert WHOLE.parse(" 5 ") == 5
    assert REAL.parse("−1.25") == REAL.parse("-1.25") == -1.25
    assert WORD.parse("two") == "two"


@pytest.mark.parametrize(
    ("option", "text", "sentence"),
    [
        (WHOLE, "6", "day: 6 is not a whole number from 1 to 5."),
        (WHOLE, "2.5", "day: '2.5' is not a whole number from 1 to 5."),
        (REAL, "nan", "b_f: nan is not a number from −2 to 2."),
        (REAL, "inf", "b_f: inf is not a number from −2 to 2."),
        (WORD, "four", "kind: 'four' is not one of one, two, three."),
    ],
)
def test_other_values_are_told_with_what_is_allowed(option, text, sentence):
    with pytest.raises(InputError) as error:
        option.parse(text)
    assert str(error.value) == sentence


def test_arrows_move_by_strides_and_end_at_the_limits():
    assert [moved(WHOLE, value, 1) for value in (1, 4, 5)] == [2, 5, 5]
    assert isinstance(moved(WHOLE, 1, 1), int)
    assert [moved(REAL, value, -1) for value in (2.0, 0.0, -2.0)] == [1.5, -0.5, -2.0]
    assert [moved(WORD, value, 1) for value in WORD.choices] == ["two", "three", "three"]


def test_arrows_lead_from_a_typed_number_to_the_next_one_of_theirs():
    assert moved(REAL, 0.7, 1) == 1.0
    assert moved(REAL, 0.7, -1) == 0.5


def test_numbers_are_written_with_a_true_minus_and_without_a_negative_zero():
    assert decimal(-1.25) == "−1.250"
    assert decimal(-0.0001) == "0.000"
    assert [short(one) for one in (0.5, 20.0, 100, -0.0)] == ["0.5", "20", "100", "0"]
    assert factor(-0.5) == "(−0.5)"


def test_terms_between_asterisks_stand_out():
    assert list(spans("The *cell* is *new*.")) == [
        ("The ", False),
        ("cell", True),
        (" is ", False),
        ("new", True),
        (".", False),
    ]


def test_settings_are_chosen_by_name(course):
    assert choose(course, ["look_back=4", "b_f=-2"]) == {"look_back": 4, "b_f": -2.0}
    with pytest.raises(InputError, match="'look_back' is not NAME=VALUE"):
        choose(course, ["look_back"])
    with pytest.raises(InputError, match=r"'lookback' cannot be changed here; choose from any_day, a,"):
        choose(course[:1], ["lookback=4"])


def test_chapters_are_found_by_number_and_name(course):
    assert tuple(chapter.name for chapter in course) == NAMES
    assert chapter_number("2") == chapter_number("windows") == 2
    with pytest.raises(InputError, match="There is no chapter 'window'; did you mean windows"):
        chapter_number("window")
    with pytest.raises(
        InputError, match=f"There is no chapter '0'; choose 1 to {len(NAMES)}, or cell, windows"
    ):
        chapter_number("0")


def test_names_are_unique_and_mean_the_same_within_a_chapter(course):
    assert len({chapter.name for chapter in course}) == len(course)
    for chapter in course:
        for names in ([one.name for one in chapter.steps], [one.name for one in chapter.exercises]):
            assert len(set(names)) == len(names)
        changes = {one for step in chapter.steps for one in step.changes}
        assert len(changes) == len(chapter.changes), chapter.name
        for step in chapter.steps:
            assert not step.plays or step.change(step.plays)
            for one in step.changes:
                assert one.parse(one.text(one.default)) == one.default


@pytest.mark.exhaustive
def test_every_chapter_ends_with_an_exercise_or_two_that_are_open_at_first(course):
    for chapter in course:
        assert 1 <= len(chapter.exercises) <= 3, chapter.name
        assert chapter.steps[-1].exercises, chapter.name
        for step in chapter.steps:
            if step.exercises:
                assert step.solved(step.values({}), step.page({})) == (), step.name
