"""LaTeX to Unicode."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kap_content.load.bib.latex import _ACCENTS, _LETTERS, _translator, decode, decode_address, decode_pages

SET = {
    "plain text": "plain text",
    "{A}nxiety in {GAD}": "Anxiety in GAD",
    '{\\"o} \\"o \\"{o} {\\"{o}}': "ö ö ö ö",
    "\\v{S} {\\v S} {\\c c} {\\H u}": "Š Š ç ű",
    "\\'{\\i} \\'\\i": "í í",
    '\\ss{} {\\o} \\aa{}ngstr{\\"o}m {\\OE}uvre': "ß ø ångström Œuvre",
    "na{\\\"\\i}ve caf\\'e": "naïve café",
    "Drugs \\& Aging": "Drugs & Aging",
    "Drugs & Aging": "Drugs & Aging",
    "50\\% of 20": "50% of 20",
    "50% of 20": "50% of 20",
    "a~b c": "a b c",
    "1990--2000 --- and on": "1990–2000 — and on",
    "``quoted'' and `single'": "“quoted” and ‘single’",
    "$\\alpha$-blockers, $ \\beta $": "α-blockers, β",
    "$p<0.05$ and $n$": "p<0.05 and n",
    "CO$_2$, H$_{2}$O, m$^2$": "CO₂, H₂O, m²",
    "CO\\textsubscript{2} 2\\textsuperscript{nd}": "CO₂ 2nd",
    "It costs $5 and more": "It costs $5 and more",
    "from $5 to $10": "from $5 to $10",
    "US\\$17.50": "US$17.50",
    "\\emph{In vivo} {\\em in vitro} \\textit{x}": "In vivo in vitro x",
    "{\\it in vivo} effects": "in vivo effects",
    "\\url{https://example.org/a_b%20c}": "https://example.org/a_b%20c",
    "\\href{https://example.org}{The text}": "The text",
    "\\noopsort{1973b}1973": "1973",
    "the \\LaTeX{} book, \\TeX": "the LaTeX book, TeX",
    "\\MTeX and \\pkg{meta}": "MTeX and meta",
    "see \\cite[p. 2]{glue2017}": "see glue2017",
    "10\\,000 and \\ldots": "10 000 and …",
    "{deeply {nested {braces {of {no {meaning}}}}}}": "deeply nested braces of no meaning",
    "\\": "",
    "unclosed $x": "unclosed $x",
    "#1 in a_b": "#1 in a_b",
}  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), SET.items(), ids=range(len(SET)))
def test_latex_is_set_as_text(written: str, expected: str) -> None:
    assert decode(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://example.org/a_b~c--d", "https://example.org/a_b~c--d"),
        ("10.1000/a{\\_}b\\_c", "10.1000/a_b_c"),
        ("\\url{https://example.org/\\%7Ex}", "https://example.org/%7Ex"),
        ("http://example.org/$\\sim$jo/{\\textasciitilde}x/\\~{}y", "http://example.org/~jo/~x/~y"),
        ("10.1002/1097$<$1::AID$>$3.0", "10.1002/1097<1::AID>3.0"),
        ("10.1002/1097\\textless 1\\textgreater{}", "10.1002/1097<1>"),
    ],
)
def test_an_address_keeps_its_signs(written: str, expected: str) -> None:
    assert decode_address(written) == expected


@pytest.mark.parametrize(
    "written", ["617--627", "617-627", "617–627", "617 -- 627", "617---627", "617{\\textendash}627"]
)
def test_pages_have_a_plain_hyphen(written: str) -> None:
    assert decode_pages(written) == "617-627"


def test_the_letters_set_here_are_those_that_pylatexenc_sets() -> None:
    translate = _translator()
    for accent in _ACCENTS:
        for letter in (*string.ascii_letters, "\\i", "\\j"):
            forms = [f"{{\\{accent}{{{letter}}}}}", f"\\{accent}{{{letter}}}", f"{{\\{accent} {letter}}}"]
            for form in forms:
                assert decode(form) == unicodedata.normalize("NFC", translate(form)), form
    for name in _LETTERS:
        assert decode(f"{{\\{name}}}") == decode(f"\\{name}{{}}") == translate(f"{{\\{name}}}")


@given(st.text(st.sampled_from("ab {}\\$%&#~^_`'\"-<>[]éi1"), max_size=40))
@settings(deadline=None, max_examples=400)
def test_anything_can_be_set(text: str) -> None:
    decoded = decode(" ".join(text.split()))
    assert decoded == " ".join(decoded.split())
    assert isinstance(decode_address(text), str)
    assert isinstance(decode_pages(text), str)


@given(
    st.lists(
        st.sampled_from(
            ["Foo", " ", "{Bar}", "{\\'e}", '\\"{u}', "{\\ss}", "\\&", "--", "{A {b} c}", "$x$", "\\emph{y}"]
        ),
        max_size=10,
    )
)
@settings(deadline=None, max_examples=200)
def test_no_markup_is_left(pieces: list[str]) -> None:
    assert not set("{}\\$") & set(decode("".join(pieces)))


@pytest.mark.parametrize(
    "text", ["{" * 20_000 + "x" + "}" * 20_000, "{\\em " * 5_000 + "x" + "}" * 5_000, "\\a" * 40_000, "$" * 9_999]
)
def test_depth_and_length_do_no_harm(text: str) -> None:
    assert len(decode(text)) <= len(text)
