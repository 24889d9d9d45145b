"""Small projects for the rendering tests, read by the same loaders as real ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from kap_content.checking.gate import Checked
from kap_content.load.bib import parse_bib
from kap_content.load.claims import parse_claims
from kap_content.load.page import parse_page
from kap_content.model.project import Context, Project
from kap_content.model.record import Record
from kap_content.model.settings import Settings
from kap_content.rendering.csl_styles import bundled_style
from kap_content.rendering.style import SCRIPT, STYLESHEET, Style, packaged
from tests.rendering.screen import Browser, Make, showing

AS_OF = date(2026, 11, 22)


CLAIMS = """
version: 1
claims:
  - id: A-1
    match_text: Ten of 12 people responded.
    category: efficacy
    status: approved
    certainty: very_low
    evidence:
      - ref: glue2017
        design: open-label
        finding: 10 of 12 responded
  - id: A-2
    match_text: Two reviews disagree.
    category: efficacy
    status: approved
    evidence: [{ref: tully2022}, {ref: hartland2023}, {ref: glue2017}, {ref: short2018, direction: disputes}]
  - id: A-3
    match_text: A lone claim.
    category: safety
    status: draft
    evidence: short2018
"""
BIB = """
@article{glue2017, author={Glue, Paul and Medlicott, Natalie J and Harland, Sarah and Neehoff, Shona and
  Anderson-Fahey, Bridget and Le Nedelec, Martin and Gray, Andrew and McNaughton, Neil},
  title={Ketamine's dose-related effects on anxiety symptoms}, journal={J Psychopharmacol}, year={2017},
  volume={31}, number={10}, pages={1302--1305}, doi={10.1177/0269881117705089}}
@article{tully2022, author={Tully, Jamie L and Brooks, Samantha}, title={Ketamine treatment for refractory anxiety},
  journal={Br J Clin Pharmacol}, year={2022}, volume={88}, pages={4412--4426}, doi={10.1111/bcp.15374}}
@article{hartland2023, author={Hartland, Hannah}, title={Ketamine's anxiolytic effects}, journal={J Psychopharmacol},
  year={2023}, volume={37}, pages={764--774}, doi={10.1177/02698811231161627}}
@article{short2018, author={Short, Brooke and Loo, Colleen K}, title={Side-effects of ketamine},
  journal={Lancet Psychiatry}, year={2018}, volume={5}, pages={65--78}, doi={10.1016/S2215-0366(17)30272-9}}
@online{fda2023, organization={US Food and Drug Administration}, title={FDA warns of compounded ketamine},
  date={2023-10-10}, url={https://www.fda.gov/x?a=1&b=2}, urldate={2026-11-22}}
"""
HEAD = """---
title: A small page
subtitle: For tests
description: What it is about.
author: {name: Ann Author, credentials: PhD}
reviewer: {name: Ray Reviewer, credentials: MD, role: medical}
published: 2026-11-01
last_reviewed: 2026-11-22
next_review_due: 2028-11-22
about: {condition: anxiety disorders, intervention: ketamine}
audience: Patient
specialty: Psychiatric
interest: We sell nothing.
---
"""


@pytest.fixture(scope="session")
def style() -> Style:
    return Style(
        csl=bundled_style("american-medical-association") or "",
        stylesheet=packaged(STYLESHEET),
        script=packaged(SCRIPT),
    )


@pytest.fixture(scope="session")
def claims() -> str:
    return CLAIMS


@pytest.fixture(scope="session")
def bib() -> str:
    return BIB


@pytest.fixture(scope="session")
def make() -> Make:
    """Read a page (with the standard head unless it has its own) into a page that passed the gate."""

    def build(
        body: str,
        *,
        claims: str = CLAIMS,
        bib: str = BIB,
        records: Mapping[str, Record] | None = None,
        settings: Settings | None = None,
        path: str = "pages/small.md",
    ) -> Checked:
        source = body if body.startswith("---") else HEAD + "\n" + body
        page = parse_page(path, source)
        project = Project(
            settings or Settings(),
            pages=(page,),
            claims=parse_claims("claims.yaml", claims)[0],
            references=parse_bib("references.bib", bib)[0],
            records=records or {},
        )
        return Checked(page, Context.of(project, AS_OF), ())

    return build


def structured(html: str) -> Any:
    """What a page tells programs: its JSON-LD."""
    return json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[0])


@pytest.fixture(scope="module")
def browser(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium that shows the small site.

    It ends with the module: its server is a thread, and beside threads no process is forked to render in.
    """
    with showing(make, tmp_path_factory.mktemp) as browser:
        yield browser
