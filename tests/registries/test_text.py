from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.model.dates import PartialDate
from kap_content.registries._text import date_of_parts, date_of_text, make_date, mappings, plain_text, strings, text_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Effects of <i>Salvia</i> on H<sub>2</sub>O", "Effects of Salvia on H2O"),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>", "Abstract One. Two."),
        ("Salt &amp; pepper", "Salt & pepper"),
        ("Salt &amp;amp;amp; pepper", "Salt & pepper"),
        ("&lt;i&gt;Homo&lt;/i&gt; and P &lt; 0.05", "Homo and P < 0.05"),
        ("P<0.05 and n>20", "P<0.05 and n>20"),
        ("a <b and c> d", "a <b and c> d"),
        ("<mml:math><mml:mi>x</mml:mi><mml:annotation>x_tex</mml:annotation></mml:math> rays", "x rays"),
        ("<i>Women in China</i>\n            .", "Women in China."),
        ("  two\n\tlines ", "two lines"),
        ("soft\u200bly \u202egnp", "soft ly gnp"),
        ("na\u00efve caf\u00e9", "naïve café"),
        (None, ""),
        (["list"], ""),
        (7, ""),
    ],
)
def test_markup_becomes_plain_text(markup: object, text: str) -> None:
    assert plain_text(markup) == text


@settings(deadline=None)
@given(st.text())
def test_plain_text_is_one_line_without_control_characters(markup: str) -> None:
    text = plain_text(markup)
    assert text == " ".join(text.split())
    assert not any(ord(letter) < 32 for letter in text)


@settings(deadline=None)
@given(JSON)
def test_readers_take_whatever_json_holds(value: object) -> None:
    assert all(isinstance(item, str) and item for item in strings(value))
    assert isinstance(text_of(value), str)
    assert all(isinstance(item, dict) for item in mappings(value))
    assert isinstance(date_of_parts({"date-parts": value}), PartialDate | None)
    assert isinstance(date_of_parts(value), PartialDate | None)
    assert isinstance(date_of_text(value), PartialDate | None)


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([[2017, 10, 5]], "2017-10-05"),
        ([[2017, 10]], "2017-10"),
        ([["2017"]], "2017"),
        ([[2017, 13, 40]], "2017"),
        ([[2017, 2, 30]], "2017-02"),
        ([[2017, None, None]], "2017"),
        ([[None]], "None"),
        ([[]], "None"),
        ([], "None"),
        (None, "None"),
        ([[0]], "None"),
        ([[True]], "None"),
    ],
)
def test_dates_are_as_precise_as_they_make_sense(parts: object, shown: str) -> None:
    assert str(date_of_parts({"date-parts": parts})) == shown


def test_a_number_may_stand_for_its_digits() -> None:
    assert text_of(12) == "12"
    assert make_date("2017", "3") == PartialDate(2017, 3)
