"""Nothing that looks like a mark is silently text."""

from __future__ import annotations

import pytest

from kap_content.load.page import parse_page


@pytest.mark.parametrize(
    ("source", "place", "message", "fix"),
    [
        ("a [b]{claim=a/b}", "1:6", "“a/b” needs quotation marks", 'claim="a/b"'),
        ("a [b] {claim=X}", "1:7", "a space stands between", "[wording]{claim=X}"),
        ("[b]{claim = X}", "1:4", "space before =", "without spaces"),
        ("[b]{claim= X}", "1:4", "space after =", "without spaces"),
        ("[b]{claim=“X”}", "1:4", "typographic quotation marks", "straight"),
        ('[b]{claim="X}', "1:4", "quotation mark is never closed", "both marks"),
        ("[b]{claim=X", "1:4", "brace { is never closed", "}"),
        ("[b]{claim}", "1:4", "no value", "{claim=ID}"),
        ("[b]{claim=}", "1:4", "no value", 'claim="..."'),
        ('[b]{claim=""}', "1:1", "names no claim", "claim=ID"),
        ("[b {claim=X}", "1:4", "never closed", "[wording]{claim=X}"),
        ("b {claim=X}", "1:3", "no [wording]", "[wording]{claim=X}"),
        ("b]{claim=X}", "1:3", "opening bracket is missing", "brackets"),
        ("[b](claim=X)", "1:1", "a link to “claim=X”", "[wording]{claim=ID}"),
        ("[b]{claims=X}", "1:1", "“claims” is no attribute", "claim="),
        ("[b]{Claim=X}", "1:1", "“Claim” is no attribute", "claim="),
        ("[b]{colour=red}", "1:1", "“colour” is no attribute", "claim"),
        ("[b]{claim=A claim=B}", "1:1", "2 claims", "on its own"),
        ("[b]{.nonclaim}", "1:1", "no reason", 'reason="..."'),
        ('[b]{.nonclaim reason=" "}', "1:1", "no reason", 'reason="..."'),
        ('[b]{nonclaim reason="x"}', "1:4", "no value", ".nonclaim"),
        ("[b]{.noclaim}", "1:1", "“.noclaim” means nothing", ".nonclaim"),
        ('[b]{reason="x"}', "1:1", "for nothing", ".nonclaim"),
        ('[b]{.nonclaim claim=A reason="x"}', "1:1", "both", "either"),
        ("[a](b){claim=A}", "1:1", "behind a link", "[[link text]"),
        ("[a [@k] b](https://example.org)", "1:11", "make no link", "[words](target)"),
        ("# T {claim=a}", "1:5", "no [wording]", "[wording]"),
        ("::: {.a claim=a/b}\nx\n:::", "1:1", "“a/b” needs quotation marks", 'claim="a/b"'),
        ("::: {.nonclaim}\nx\n:::", "1:1", "no reason", "reason"),
        ("::: {.nonclaim reason=x}\nx", "1:1", "never closed", ":::"),
        ("x\n:::", "2:1", "closes no division", ":::"),
        ("::: {.a} text\nx\n:::", "1:1", "behind the division's attributes", "next line"),
        ("::: two words\nx\n:::", "1:1", "cannot be read", "{.class"),
        ("::: {.figure claims=A}\nx\n:::", "1:1", "“claims” is no attribute of a figure", "claim="),
        ("- a\n  ::: {.b}\n  c\n\nd", "2:3", "never closed", ":::"),
        ("<div>[b]{claim=X}</div>", "1:9", "inside HTML", ":::"),
        ('<img src="a.png">', "1:1", "<img> is HTML", "![what it shows]"),
        ("a <iframe> b", "1:3", "<iframe> is HTML", "Remove"),
        ("<!-- kap: ignore -->\n\na", "1:1", "names no rule", "WRD001"),
        ("<!-- kap: ignore wrd001 -->\n\na", "1:1", "no rule's code", "WRD001"),
        ("<!-- kap: ignore WRD001 until=soon -->\n\na", "1:1", "“soon” is no date", "YYYY-MM-DD"),
        ("<!-- kap: ignore WRD001 until=2026-02-30 -->\n\na", "1:1", "is no date", "YYYY-MM-DD"),
        ("<!-- kap: ignore WRD001 because -->\n\na", "1:1", "“because”", "reason"),
        ("<!-- kap: ignore WRD001 why=x -->\n\na", "1:1", "“why” is nothing", "reason"),
        ("<!-- kap: disable WRD001 -->\n\na", "1:1", "“disable” is no instruction", "ignore"),
        ("<!-- kap-ignore WRD001 -->\n\na", "1:1", "no instruction", "ignore"),
        ('<!-- kap: ignore WRD001 reason="x" -->', "1:1", "nothing follows", "before the block"),
        ("a <!-- kap: ignore WRD001 --> b", "1:3", "inside a paragraph", "line of its own"),
        ("<!-- kap: ignore WRD001\n\na", "1:1", "never closed", "-->"),
        ("---\ntitle: x\n\nbody", "1:1", "front matter is never closed", "---"),
        ("| a |\n|---|\n| [b] {claim=X} |", "3:7", "a space stands between", "[wording]{claim=X}"),
        ("![a](b.svg){claim=a/b}", "1:12", "needs quotation marks", 'claim="a/b"'),
    ],
)  # fmt: skip
def test_a_mark_that_does_not_parse_is_reported(source: str, place: str, message: str, fix: str) -> None:
    problems = parse_page("p.md", source).problems
    shown = [f"{problem.place}: {problem.message} | {problem.help}" for problem in problems]
    assert any(
        str(problem.place) == f"p.md:{place}" and message in problem.message and fix in problem.help
        for problem in problems
    ), shown
    assert all(problem.code == "CLM009" for problem in problems)


@pytest.mark.parametrize(
    "source",
    [
        "`[b]{claim=a/b}`",
        "```\n[b]{claim=a/b}\n::: {.x\n```",
        "    [b]{claim=a/b}",
        "\\{claim=a/b\\}",
        "A set {1, 2}, a range [0,1] {x}, f(x)[3] and {braces}.",
        "[words]{.smallcaps #id}",
        "[mots]{lang=fr}",
        "[link](a.md){target=_blank} and `x`{.python}",
        "`[a [@k]](https://example.org)` and \\[a\\](https://example.org), [0,1](x), [a](https://example.org) [@k]",
        "# Title {#id .unnumbered -}",
        "a <!-- an ordinary comment --> b",
        "<!-- kapok is a fibre -->\n\na",
        "H<sub>2</sub>O<br>and <b>bold</b>",
        '::: {.figure kind=bars src="a.csv" x-label=Weeks min=0}\nA caption.\n:::',
        "The claim = 3 and a reason, too.",
        "time: 10:::30",
        "---\n\nA rule above, no front matter.",
    ],
)
def test_what_is_no_mark_is_left_alone(source: str) -> None:
    assert [problem.message for problem in parse_page("p.md", source).problems] == []
