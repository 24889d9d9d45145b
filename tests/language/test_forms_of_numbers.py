"""What carries a number in another form, and what only looks as if it did: one pair of sentences a form."""

from __future__ import annotations

import pytest

from kap_content.language.quantity import Difference, Doubt, compare
from kap_content.language.quantity.periods import periods

CARRIED = [
    (
        "The area under the curve was 0.80.",
        "The area under the operating characteristic curve of the marker was 0.801.",
    ),
    ("The coefficient was -0.15 (95 % CI -0.29 to -0.02).", "(β = -0.15[-0.29, -0.02])"),
    ("Levels were lower by 0.4 standard deviations (95 % CI 0.2 to 0.6).", "SMD -0.4 (95% CI: -0.6, -0.2)"),
    ("Deaths were 40 % more frequent (95 % CI 18 % to 67 %).", "OR 1.40, 95% CI 1.18-1.67"),
    ("It was 0.4 against 0.2 per 1,000 person-years.", "rates of 0.4 vs. 0.2/1000py"),
    ("Seven times the odds.", "psychosis and smoking [adjOR 7.39 (95%CI 1.45-37.69)]"),
    ("It was given at 75 mg a day, in three doses of 25 mg.", "Imipramine--25 mg t.d.s."),
    ("Patients took 150 mg of the drug a day.", "treated with 75 mg twice daily"),
    ("It was given at 8 to 10 mg/kg.", "daily administration of 8-10 mg ketamine HCl/kg"),
    ("Thirty monkeys were studied.", "with 30 adult female monkeys"),
    ("The 24 rats were in three groups of eight.", "Twenty-four male Wistar rats were divided into three groups."),
    ("Just over half improved.", "improved (n = 19) and not improved (n = 17)"),
    ("Roughly 60 % of the trials gave one.", "We analysed 2632 trials, of which 1600 gave one."),
    ("Of nearly 2,000 patients, 58 % had it.", "In 1973 patients (1137 Crohn's disease, 836 ulcerative colitis)"),
    ("In all, 218 people were scanned.", "88 patients with OCD, 58 patients with ADHD, and 72 controls"),
    ("Of 109 patients, 46 functioned well.", "46 high-functioning (rating < 18) and 63 low-functioning patients"),
    ("There were 64 nurses in each group, 128 in all.", "64 nurses in a COVID-19 unit and 64 nurses elsewhere"),
    ("They had eight hours of contact a week.", "four 2-hour contact sessions a week"),
    ("They had five sessions a week for four weeks.", "20 sessions during 4 consecutive weeks"),
    (
        "They were referred at 12, five years after the diagnosis.",
        "mean age at referral was 12 years, at diagnosis 7 years",
    ),
    ("By day ten it had halved.", "By the 10th day it was one half of what it had been."),
    ("It was rated on days 5, 10 and 15.", "on the 5th, 10th, 15th day of treatment"),
    ("It took a quarter of an hour.", "after 15 min"),
    ("They were seen every six months.", "seen at half-year intervals"),
    ("They were 16 on average.", "Mage = 16.33"),
    ("Between 14 and 19 years old, 16 on average.", "aged 14-19 years (mean age 16.4 years)"),
    ("It missed one in twenty of the ill.", "sensitivity 0.95, specificity 0.88"),
    ("One patient in 25 was not satisfied.", "patient satisfaction was high (96%)"),
    ("Output had fallen by 48 %.", "Output was depressed to 52 percent of control."),
    (
        "Bullying weighed more than twice as much in girls (β 0.55) as in boys (β 0.24).",
        "girls (β=0.55) than boys (β=0.24)",
    ),
    ("Odds were 2.7 to 5.3 times as high.", "associated with 2.71-, 3.87-, and 5.27-fold increased odds"),
    ("It cost a fifth to a quarter of the performance.", "induced 21--25% decrements"),
    ("Over eight weeks 556 calls came.", "open from 20 March 2020 to 15 May 2020; 556 calls"),
    ("It peaked around eight in the morning.", "The peak was around 8:00 a.m."),
    ("The magnet had 3 tesla.", "All had a 3-Tesla scan."),
    ("Ketamine works (3).", "Ketamine works."),
    ("The coefficient was -93.2 (95 % CI -155 to -31).", "(β = - 93.210, CI [- 154.960, - 31.461])"),
    (
        "They numbered 126,470.",
        "liver (N = 17,154), colon (N = 30,391), breast (N = 40,036), other (N = 38,889) cancer",
    ),
    ("One in five had no history of it.", "drug use history 79.6% and living with others 60.3%"),
    ("It lessened by 0.1 SD (95 % CI 0.08 to 0.15).", "SMD, -0.1 [95%CI, -0.15 to -0.08]"),
    ("About a little over two years passed.", "The waves were 2.23 years apart."),
]
NOT_CARRIED = [
    ("Doses ran from 50 to 125 g a day.", "dosage varying from 50 to 125 mg/day", Difference.UNIT),
    ("A dose of 20 mg/kg.", "10 microgram/kg or 20 microgram/kg", Difference.UNIT),
    ("Rats lived 5,430 m above the sea.", "at 5430 ft [1655 m]", Difference.UNIT),
    ("The cut-off was a score of 55 or less.", "a score of 55, that is, a cutpoint of ≥55", Difference.COMPARATOR),
    ("Scores rose from 41 to 60.", "Scores fell from 60 to 41.", Difference.DIRECTION),
    ("They took 75 mg once a day.", "75 mg twice daily", Difference.NUMBER),
    ("The alpha was above 0.93.", "Cronbach's alpha coefficient was 0.93.", Difference.COMPARATOR),
    ("It was rated on days 5, 10 and 20.", "on the 5th, 10th, 15th day of treatment", Difference.NUMBER),
    ("Almost half had four.", "38.5% and 20.5% had four", Difference.NUMBER),
]


@pytest.mark.parametrize(("claim", "evidence"), CARRIED, ids=[claim for claim, _ in CARRIED])
def test_the_evidence_carries_the_number_in_another_form(claim: str, evidence: str) -> None:
    assert compare(claim, [evidence]) == ()


@pytest.mark.parametrize(("claim", "evidence", "difference"), NOT_CARRIED, ids=[claim for claim, *_ in NOT_CARRIED])
def test_the_number_is_flagged_with_what_differs(claim: str, evidence: str, difference: Difference) -> None:
    assert difference in {item.difference for item in compare(claim, [evidence])}


def test_24_or_more_is_no_contradiction_of_less_than_24() -> None:
    assert compare("37 % scored 24 or more.", ["63% had scores of <24, the others of 24 and above."]) == ()


def test_the_rest_of_what_the_evidence_says_of_the_same_thing_may_follow() -> None:
    (unmatched,) = compare("Five of eight patients relapsed.", ["Three of eight patients relapsed."])
    assert unmatched.doubt is Doubt.REACH


def test_a_number_that_two_others_make_up_as_no_slip_of_it_would_follows() -> None:
    assert compare("24 relapsed.", ["16 of the 40 on placebo and 8 of the 40 on treatment relapsed"]) == ()


def test_a_number_that_nothing_makes_up_is_in_no_doubt() -> None:
    (unmatched,) = compare("70 % relapsed.", ["16 of the 40 on placebo and 8 of the 40 on treatment relapsed"])
    assert not unmatched.doubt


def test_counts_that_are_not_added_up_make_no_sum() -> None:
    (unmatched,) = compare("Fifty mice were ill.", ["five mice with gene A2b and seven mice were ill"])
    assert unmatched.nearest is not None


def test_a_slipped_unit_never_follows() -> None:
    (unmatched,) = compare("A dose of 20 g.", ["A dose of 20 mg in 20 patients."])
    assert not unmatched.doubt


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("from 20 March 2020 to 15 May 2020", [56, 57]),
        ("between March 20 and April 10, 2020", [21, 22]),
        ("from 2008 to 2018", [3652.5, 4017.75]),
        ("between 3 July 2020 and 31 June 2020", []),
        ("from 2018 to 2008", []),
        ("in March 2020. May 2021 came", []),
    ],
)
def test_two_dates_say_how_long_it_took(text: str, days: list[float]) -> None:
    assert [float(period.value) for period in periods(text)] == days
