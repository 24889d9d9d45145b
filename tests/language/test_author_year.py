"""Works named in prose by author and year."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.language.author_year import named_works


@pytest.mark.parametrize(
    ("text", "names", "years"),
    [
        ("Glue et al. (2017) gave", ("Glue",), (2017,)),
        ("as Glue et al, 2017, gave", ("Glue",), (2017,)),
        ("Figure: Glue et al 2017", ("Glue",), (2017,)),
        ("Glue and colleagues, 2018, gave", ("Glue",), (2018,)),
        ("Glue & co-workers (2018, 2020)", ("Glue",), (2018, 2020)),
        ("Glue P, et al. 2017a", ("Glue",), (2017,)),
        ("Glue and his colleagues in 2018", ("Glue",), (2018,)),
        ("Glue et al.'s (2017) trial", ("Glue",), (2017,)),
        ("a 2018 uncontrolled study by Glue et al", ("Glue",), (2018,)),
        ("In 2018, Glue et al. gave", ("Glue",), (2018,)),
        ("Baethge and Jergas, 2025", ("Baethge", "Jergas"), (2025,)),
        ("(Baethge & Jergas, 2025)", ("Baethge", "Jergas"), (2025,)),
        ("Taylor, Landeros, and Liu (2018)", ("Taylor", "Landeros", "Liu"), (2018,)),
        ("van der Kolk et al. (2014)", ("van der Kolk",), (2014,)),
        ("O’Connor-Smith et al. (2014)", ("O’Connor-Smith",), (2014,)),
        ("Möller and others (2012)", ("Möller",), (2012,)),
        ("Hamilton (2015) says", ("Hamilton",), (2015,)),
    ],
)
def test_a_named_work_is_read(text: str, names: tuple[str, ...], years: tuple[int, ...]) -> None:
    assert [(work.names, work.years) for work in named_works(text)] == [(names, years)]


@pytest.mark.parametrize(
    "text",
    [
        "Glue et al. gave 2017 mg-equivalents to nobody",
        "between 2015 and 2018 people and others came",
        "They met et al. 2017",
        "from 1990 to 2020",
        "In March 2019 the trial began",
        "patients and controls, 2018",
    ],
)
def test_other_years_name_no_work(text: str) -> None:
    assert named_works(text) == ()


@given(st.text(alphabet="AGlue tandal.,()&[]2017 \n'", max_size=80))
@settings(max_examples=300, deadline=None)
def test_named_works_stand_in_the_text_and_apart(text: str) -> None:
    end = 0
    for work in named_works(text):
        assert end <= work.start < work.end <= len(text)
        end = work.end
