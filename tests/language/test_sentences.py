"""Where sentences of medical prose end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.language.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Ratings fell by half.|They rose again.",
        "Dr. Glue et al. (2017) gave 0.5 mg.|The dose rose.",
        "As Glue et al. reported, e.g. in Fig. 2 and on p. 3, it fell.|Nobody knew.",
        "It was given i.e. slowly, approx. 5 mg vs. placebo, cf. Table 3.|Then it stopped.",
        "The U.S. Food and Drug Administration agreed.|In the U.S. The rules differ.".replace("U.S. The", "U.S.|The"),
        "J. R. Smith wrote it.|He lives in the U.K. now.",
        "Take vitamin D.|Patients with low levels gained.",
        "She said “It works.”|Then she left.",
        "Did it work?|It did!|Nobody (not one) objected.",
        "It waned ... slowly.|Then it stopped…|Later it came back.",
        "No. 5 was the best.|The answer is no.|Nobody won.",
        "It fell by 50 percent.[3]|The next fell too. [4, 5]|The last did not.",
        "At 5 p.m. the dose was given.|It ended at 6 a.m.|The next day it rained.",
        "Version 2.1 came in Jan. 2020.|It cost $5.50 approx.",
        "Smith et al.|The rest agreed.",
        "One.|@glue2018 found another.",
        "The pH was 7.4.|Then e.g. sodium rose.",
        "St. John's wort, etc. was tried.|Mr. Jones, M.D., agreed.",
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str) -> None:
    assert sentences(text.replace("|", " ")) == text.split("|")


@given(st.text(alphabet='aB1 .?!"”()[]\n…@', max_size=60) | st.text(max_size=60))
@settings(max_examples=300, deadline=None)
def test_sentences_cover_all_but_white_space_in_order(text: str) -> None:
    end = 0
    for start, stop in sentence_spans(text):
        assert end <= start < stop <= len(text)
        assert not text[end:start].strip()
        assert not text[start].isspace()
        end = stop
    assert not text[end:].strip()
