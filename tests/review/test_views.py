"""What a reviewer is shown of a claim: marks, places, status, standing, differences, and the list's filters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from kap_content.checking.engine import check
from kap_content.load.whole import open_project
from kap_content.model.approval import Approval
from kap_content.model.claim import Claim, Evidence, Verdict
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.record import Notice, NoticeKind, Record, Source, State
from kap_content.review.difference import differences, word_pieces
from kap_content.review.evidence import Citation
from kap_content.review.pieces import Mark, Piece, Span, cut
from kap_content.review.rows import Filter, Show, chosen, page_rows, rows
from kap_content.review.status import Gravity, known_of
from kap_content.review.view import Earlier, Views
from kap_content.works.fingerprint import claim_fingerprint
from tests.desk.conftest import TODAY, write_project


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Context:
    return Context.of(open_project(write_project(tmp_path_factory.mktemp("views") / "project")), TODAY)


def views(context: Context, **more: object) -> Views:
    return Views(context, check(context).findings, lambda entry: Citation(entry.key, Markup(entry.key)), **more)


def marked(pieces: tuple[Piece, ...], mark: Mark) -> list[str]:
    return [piece.text for piece in pieces if mark in piece.marks]


def decided(context: Context, name: str, decision: str = "approve", role: str = "medical") -> Context:
    claim = context.claims[name]
    now = claim_fingerprint(claim, context.references, context.project.records)
    line = Approval(name, now, decision, role, "Dr Lee", TODAY, Place("approvals.jsonl", 1), comment="so be it")
    return Context.of(replace(context.project, approvals=(line,)), context.as_of)


def changed(context: Context, name: str, **fields: object) -> Context:
    claims = tuple(replace(claim, **fields) if claim.id == name else claim for claim in context.project.claims)
    return Context.of(replace(context.project, claims=claims), context.as_of)


def test_a_number_of_the_claim_is_marked_where_the_evidence_has_it_too(context: Context) -> None:
    view = views(context).of(context.claims["KET-1"])
    assert marked(view.wording, Mark.MISSING) == []
    assert "about half" in marked(view.wording, Mark.MATCH)[0]
    assert any("50 %" in text for text in marked(view.evidence[0].finding, Mark.MATCH))


def test_a_missing_number_is_marked_and_so_is_the_nearest_of_the_evidence(context: Context) -> None:
    view = views(context).of(context.claims["KET-2"])
    assert marked(view.wording, Mark.MISSING) == ["70%"]
    assert marked(view.evidence[0].finding, Mark.NEAR) == ["about 50 %"]


def test_a_number_that_nothing_at_hand_can_carry_is_open_not_missing(context: Context) -> None:
    claim = replace(context.claims["KET-2"], evidence=(Evidence("gone2001", Place("claims.yaml")),))
    view = views(context).of(claim)
    assert marked(view.wording, Mark.MISSING) == []
    assert "70%" in marked(view.wording, Mark.OPEN)


def test_the_anchors_quotation_is_marked_in_the_cached_abstract(context: Context) -> None:
    item = views(context).of(context.claims["KET-1"]).evidence[0]
    assert "".join(marked(item.abstract, Mark.QUOTE)) == "ratings were 50 % lower one hour after dosing"
    assert item.quote_state == "abstract"
    assert "".join(piece.text for piece in item.abstract).startswith("Twenty")


def test_a_quotation_that_is_not_there_is_said_to_be_absent(context: Context) -> None:
    claim = context.claims["KET-1"]
    item = replace(claim.evidence[0], anchor=replace(claim.evidence[0].anchor, exact="nobody was harmed at all"))
    assert views(context).of(replace(claim, evidence=(item,))).evidence[0].quote_state == "absent"


def test_a_place_is_shown_with_its_sentence_paragraph_section_and_line(context: Context) -> None:
    (place,) = views(context).of(context.claims["KET-1"]).places
    assert marked(place.text, Mark.CLAIM) == ["Anxiety ratings fell by about half within an hour of a dose."]
    assert "".join(piece.text for piece in place.text).startswith("Before it, a sentence. Anxiety")
    assert (place.section, place.place.path, place.place.line) == ("What was found", "pages/a.md", 14)
    assert place.drift == ()


def test_wording_that_the_page_leaves_to_the_claim_is_put_in(context: Context) -> None:
    (place,) = views(context).of(context.claims["KET-3"]).places
    assert "".join(marked(place.text, Mark.CLAIM)) == context.claims["KET-3"].match_text


def test_a_page_that_words_it_otherwise_shows_how(context: Context) -> None:
    claim = replace(
        context.claims["KET-1"], match_text="Anxiety ratings fell by about a third within an hour of a dose."
    )
    (place,) = views(context).of(claim).places
    assert [text.strip() for text in marked(place.drift, Mark.GONE)] == ["a third"]
    assert [text.strip() for text in marked(place.drift, Mark.ADDED)] == ["half"]


def test_design_and_level_are_those_of_the_question(context: Context) -> None:
    item = views(context).of(replace(context.claims["KET-1"], category="efficacy")).evidence[0]  # type: ignore[arg-type] # a text equals its member
    assert (item.design, item.level) == ("open-label", 4)
    assert views(context).of(context.claims["KET-1"]).evidence[0].level is None, "no level for a statistic"


def test_findings_on_what_a_claim_cites_are_the_claims_too(context: Context) -> None:
    codes = {finding.code for finding in views(context).of(context.claims["RET-1"]).findings}
    assert "STS001" in codes
    assert "EVD005" in {finding.code for finding in views(context).of(context.claims["KET-2"]).findings}


@pytest.mark.parametrize(
    ("record", "word", "gravity"),
    [
        (None, "unchecked", Gravity.UNKNOWN),
        (Record("glue2018", State.ABSENT, (Source("crossref", TODAY),)), "not known to the registry", Gravity.GRAVE),
        (Record("glue2018", State.FOUND, (Source("crossref", TODAY),)), "no notice known", Gravity.CLEAR),
        (
            Record("glue2018", State.FOUND, (Source("transcribed", TODAY),)),
            "not confirmed by a registry",
            Gravity.UNKNOWN,
        ),
        (
            Record("glue2018", State.FOUND, (Source("crossref", date(2026, 1, 1)),)),
            "no notice known, answer out of date",
            Gravity.UNKNOWN,
        ),
        (
            Record(
                "glue2018",
                State.FOUND,
                (Source("crossref", TODAY),),
                notices=(Notice(NoticeKind.ERRATUM, "crossref", "10.1000/e"),),
            ),
            "corrected",
            Gravity.CAUTION,
        ),
    ],
)
def test_unknown_is_never_clear(context: Context, record: Record | None, word: str, gravity: Gravity) -> None:
    records = {"glue2018": record} if record else {}
    known = known_of("glue2018", Context.of(replace(context.project, records=records), TODAY))
    assert (known.word, known.gravity) == (word, gravity)


def test_a_retraction_is_told_with_date_notice_and_source(context: Context) -> None:
    known = known_of("gone2001", context)
    assert known.gravity is Gravity.GRAVE
    assert "2019-03-01" in known.lines[0]
    assert "10.1000/notice" in known.lines[0]
    assert known.checked_on == TODAY


def test_who_has_decided_waits_for_nothing_until_the_claim_changes(context: Context) -> None:
    before = decided(context, "KET-1")
    claim = before.claims["KET-1"]
    assert dict(views(context).standings.of(claim).waiting) == {"medical": "not decided yet"}
    assert not views(before).standings.of(claim).waiting
    after = changed(before, "KET-1", match_text="Anxiety fell.")
    standing = views(after).standings.of(after.claims["KET-1"])
    assert dict(standing.waiting) == {"medical": "changed since it was approved"}
    assert standing.is_stale


def test_whoever_objected_waits_for_the_author_until_the_claim_changes(context: Context) -> None:
    before = decided(context, "KET-1", "request_changes")
    assert not views(before).standings.of(before.claims["KET-1"]).waiting
    after = changed(before, "KET-1", match_text="Anxiety fell.")
    assert dict(views(after).standings.of(after.claims["KET-1"]).waiting) == {"medical": "changed since you objected"}


def test_a_change_since_the_approval_is_named_and_shown_where_the_old_claim_is_known(context: Context) -> None:
    before = decided(context, "KET-1")
    old = before.claims["KET-1"]
    item = replace(old.evidence[0], verdict=Verdict.OVERSIMPLIFIED)
    after = changed(before, "KET-1", match_text="Anxiety ratings fell by a third.", evidence=(item,))
    known = views(after, remember=lambda _claim, _then: Earlier(old, "git 0123456789")).of(after.claims["KET-1"])
    (since,) = known.since
    assert {change.name for change in since.fields} == {"wording", "verdict of glue2018"}
    assert since.kept_in == "git 0123456789"
    (unknown,) = views(after).of(after.claims["KET-1"]).since
    assert unknown.fields == ()
    assert any("wording" in text for text in unknown.named)


def test_a_signature_that_does_not_hold_is_said_in_the_history(context: Context) -> None:
    before = decided(context, "KET-1")
    (line,) = before.project.approvals
    signed = replace(line, signature="-----BEGIN SSH SIGNATURE-----")
    after = Context.of(replace(before.project, approvals=(signed,)), TODAY)
    assert views(before).of(before.claims["KET-1"]).history[0].signature == "not signed"
    assert views(after).of(after.claims["KET-1"]).history[0].signature == "signed"
    assert views(after, against={}).of(after.claims["KET-1"]).history[0].signature == "signed; the signature holds"
    said = views(after, against={signed: "the key is revoked"}).of(after.claims["KET-1"]).history[0].signature
    assert said == "signed, but the key is revoked"


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), ["KET-1", "KET-2", "KET-3", "RET-1"]),
        (Filter(show=Show.ERRORS), ["KET-2", "RET-1"]),
        (Filter(show=Show.DUE), ["KET-2"]),
        (Filter(show=Show.DECIDED), ["KET-1"]),
        (Filter(show=Show.NEEDS), ["KET-2", "KET-3", "RET-1"]),
        (Filter(role="legal"), []),
        (Filter(page="pages/a.md"), ["KET-1", "KET-2", "KET-3"]),
        (Filter(category="statistic", words="HOUR 70%"), ["KET-2"]),
    ],
)
def test_filters(context: Context, wanted: Filter, found: list[str]) -> None:
    after = decided(context, "KET-1")
    made = views(after)
    every = rows(after, made.standings, made.findings)
    assert [row.id for row in chosen(every, wanted, "medical")] == found
    (page,) = page_rows(after, every, "medical")
    assert (page.claims, page.waiting, page.errors) == (3, 2, 1)


def test_a_filter_survives_its_way_through_an_address() -> None:
    wanted = Filter(Show.STALE, "medical", "pages/a.md", "safety", "two words")
    assert Filter.of(wanted.given()) == wanted
    assert Filter.of({"show": "nonsense", "at": "3"}) == Filter()


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_word_difference_holds_both_texts(before: str, after: str) -> None:
    pieces = word_pieces(before, after)
    kept = "".join(piece.text for piece in pieces if Mark.GONE not in piece.marks)
    assert kept.split() == after.split()


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50), st.sampled_from(Mark))))
def test_pieces_joined_are_the_text(text: str, spans: list[tuple[int, int, Mark]]) -> None:
    assert "".join(piece.text for piece in cut(text, (Span(*span) for span in spans))) == text


def test_equal_claims_differ_in_nothing() -> None:
    claim = Claim("A", Place("claims.yaml"), match_text="a b c", variations=("x", "y"))
    assert differences(claim, replace(claim, place=Place("other.yaml", 9), variations=("y", "x"))) == ()
    (change,) = differences(claim, replace(claim, match_text="a c"))
    assert change.words == (Piece("a "), Piece("b ", (Mark.GONE,)), Piece("c"))


def test_reading_a_view_of_the_own_page_works_for_every_claim() -> None:
    root = Path(__file__).resolve().parents[2]
    context = Context.of(open_project(root), TODAY)
    made = Views(context, (), lambda entry: Citation(entry.key, Markup(entry.key)))
    shown = [made.of(claim) for claim in context.claims.values()]
    assert all(view.places and (view.evidence or view.claim.category == "service") for view in shown)
    assert not [view.claim.id for view in shown if view.numbers.missing], "the page passes EVD005"
