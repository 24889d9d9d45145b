"""The project as the desk has it: fresh when asked, told when it cannot be read, and never dead."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kap_content.desk import reading
from kap_content.desk.forms import as_registered, carried_over, judgement_of, typed_in
from kap_content.desk.reading import Desk, Stage
from kap_content.load.settings import read_settings
from kap_content.model.claim import Claim, Evidence, Status, Verdict
from kap_content.model.errors import KapError, SettingsError
from kap_content.model.place import Place
from kap_content.model.project import Context
from kap_content.model.settings import Settings
from kap_content.review.ground import Known, files_in
from kap_content.review.judgement import Judgement, record
from kap_content.works.fingerprint import claim_fingerprint
from tests.desk.conftest import TODAY, change_wording, replace_in


@pytest.fixture
def desk(project: Path) -> Iterator[Desk]:
    desk = Desk(project, lambda: TODAY, patience=60)
    yield desk
    desk.close()


def test_what_is_asked_for_is_the_project_as_its_files_stand(desk: Desk, project: Path) -> None:
    assert desk.now().stage is Stage.JUDGED
    change_wording(project)
    assert "by a third" in desk.settled().context.claims["KET-1"].match_text
    assert "CLM002" in {finding.code for finding in desk.now().findings}


def test_pages_that_did_not_change_are_not_parsed_again(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = desk.now().context.project.pages
    monkeypatch.setattr(reading, "parse_page", lambda path, _text: pytest.fail(f"{path} was parsed again"))
    change_wording(project)
    assert desk.now().context.project.pages == before


def test_settings_that_cannot_be_used_keep_the_desk_from_opening(project: Path) -> None:
    (project / "kap.toml").write_text("[review\n", "utf-8")
    with pytest.raises(SettingsError):
        Desk(project, lambda: TODAY)


def test_a_missing_bibliography_is_an_error_with_the_last_state_and_goes_when_mended(desk: Desk, project: Path) -> None:
    desk.now()
    (project / "kap.toml").write_text('bibliography = "other.bib"\n', "utf-8")
    seen = desk.now()
    assert seen.error is not None
    assert "other.bib" in str(seen.error)
    assert not seen.is_usable
    assert "KET-1" in seen.context.claims
    (project / "kap.toml").write_text("", "utf-8")
    assert desk.now().error is None


def test_a_fault_in_kap_itself_is_told_and_the_desk_lives_on(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.now()
    with monkeypatch.context() as patch:
        patch.setattr(reading, "check", lambda *_, **__: 1 / 0)
        change_wording(project)
        assert "a fault in kap itself: ZeroDivisionError" in str(desk.now().error)
    replace_in(project / "claims.yaml", "by a third", "about half")
    assert desk.now().error is None


def test_a_large_project_shows_its_claims_first(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = []
    monkeypatch.setattr(reading, "MANY", 1)
    monkeypatch.setattr(reading, "BREATH", 0)
    publish = Desk._publish
    monkeypatch.setattr(
        Desk, "_publish", lambda self, seen, *more: (stages.append(seen.stage), publish(self, seen, *more))[1]
    )
    desk = Desk(project, lambda: TODAY, patience=60)
    try:
        assert desk.now().stage is Stage.JUDGED
    finally:
        desk.close()
    assert stages == [Stage.CLAIMS, Stage.WHOLE, Stage.JUDGED]


def approval(context: Context) -> Judgement:
    """KET-1 as it stands, its source found to carry it."""
    seen = claim_fingerprint(context.claims["KET-1"], context.references, context.project.records)
    return Judgement("KET-1", seen, {0: Verdict.SUBSTANTIATED}, decision="approve", role="medical")


def test_what_the_desk_wrote_is_known_without_reading_it_again(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.now()
    known = desk.settled().known
    done = record(project, known, approval(known.context), "Dr Lee", None, TODAY)
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "_whole", lambda *_: pytest.fail("the project was read again"))
        desk.wrote("KET-1", done.known)
        written = desk.now()
        assert written.stage is Stage.JUDGED
    assert "CLM003" not in {finding.code for finding in written.findings if finding.claim == "KET-1"}
    replace_in(project / "kap.toml", "[review]", "# another byte\n[review]")
    read = desk.now()
    assert read.context.claims == written.context.claims
    assert read.context.project.approvals == written.context.project.approvals
    assert read.rows == written.rows


def test_what_somebody_else_wrote_at_the_same_moment_is_read(desk: Desk, project: Path) -> None:
    before = desk.settled().known
    replace_in(project / "claims.yaml", "70% lower", "60% lower")
    done = record(project, before, approval(before.context), "Dr Lee", None, TODAY)
    assert done.known is None
    desk.wrote("KET-1", done.known)
    claims = desk.now().context.claims
    assert (claims["KET-1"].status, claims["KET-2"].match_text[:16]) == (Status.APPROVED, "Ratings were 60%")


def test_a_reading_that_began_before_the_desk_wrote_is_not_shown_after_it(
    desk: Desk, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.now()
    reading_goes_on, has_written = Event(), Event()
    whole = Desk._whole

    def slow(self: Desk, settings: Settings) -> Context:
        context = whole(self, settings)
        reading_goes_on.set()
        assert has_written.wait(60)
        return context

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "_whole", slow)
        replace_in(project / "kap.toml", "[review]", "# another byte\n[review]")
        desk.at_once()
        assert reading_goes_on.wait(60)
        known = Known(whole(desk, read_settings(project)), files_in(project, read_settings(project)))
        done = record(project, known, approval(known.context), "Dr Lee", None, TODAY)
        desk.wrote("KET-1", done.known)
        has_written.set()
    assert desk.now().context.claims["KET-1"].status is Status.APPROVED


def test_a_desk_that_was_closed_answers_no_more(project: Path) -> None:
    desk = Desk(project, lambda: TODAY)
    desk.now()
    desk.close()
    change_wording(project)
    with pytest.raises(KapError):
        desk.settled()


def claim(*verdicts: Verdict | None) -> Claim:
    place = Place("claims.yaml")
    items = tuple(Evidence(f"ref{number}", place, verdict=verdict) for number, verdict in enumerate(verdicts))
    return Claim("A", place, match_text="x", evidence=items)


VERDICTS = st.one_of(st.none(), st.sampled_from(Verdict))


@given(VERDICTS, VERDICTS, VERDICTS)
def test_a_field_that_nobody_touched_takes_what_a_colleague_wrote(
    then: Verdict | None, typed: Verdict | None, now: Verdict | None
) -> None:
    form = typed_in({"verdict-0": typed or "", "comment": "words"})
    merged = carried_over(form, claim(then), claim(now))
    assert merged.verdicts[0] == ((typed if typed is not then else now) or "")
    assert merged.comment == "words"


NAMES = st.sampled_from(["verdict-0", "verdict-1", "verdict-9", "certainty", "next_review_due", "decision", "comment"])
TEXTS = st.one_of(st.text(max_size=30), st.sampled_from([*Verdict, "low", "2028-01-31", "approve", "9999-99-99"]))


@given(st.dictionaries(st.one_of(NAMES, st.text(max_size=12).map("verdict-{}".format)), TEXTS))
def test_no_form_is_more_than_a_judgement_or_a_message(form: dict[str, str]) -> None:
    shown = claim(Verdict.TRIVIAL, None)
    judgement, errors = judgement_of(form, shown)
    assert judgement.decision in ("approve", "reject", "request_changes", "")
    assert all(errors.values())
    assert as_registered(shown, "medical").verdicts == {0: "trivial", 1: ""}
