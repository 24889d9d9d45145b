from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from kap_content.model.lock import Review, TopicAnswer
from kap_content.registries.newer import MOST, Newer, gather_newer
from tests.registries.conftest import PATIENT, TODAY
from tests.registry.server import Registry
from tests.registry.world import article

QUERY = '("ketamine"[ti]) AND systematic[sb] AND ("2024/05/01"[edat] : "3000"[edat])'
TOPIC = "ketamine in anxiety disorders"
Look = Callable[..., Newer]


@pytest.fixture
def look(registry: Registry) -> Look:
    registry.world.add_pubmed(
        article("40000001", "10.1000/rev.1", title="Ketamine for anxiety: a review.", entered=date(2026, 3, 2)),
        article("39000002", title="An earlier one.", entered=date(2024, 5, 1)),
        article("38000003", title="Too early.", entered=date(2024, 4, 30)),
        article("37000004", title="Without a day."),
    )
    registry.world.reviews["ketamine"] = ("39000002", "40000001", "38000003", "37000004")

    def run(queries: dict[str, str], previous: dict[str, TopicAnswer] | None = None, **options: object) -> Newer:
        options = {"today": TODAY, "limits": PATIENT} | options
        return gather_newer(queries, previous or {}, registry.settings(), **options)  # type: ignore[arg-type] # options by name

    return run


def test_one_query_a_topic_brings_the_reviews_the_newest_first(look: Look, registry: Registry) -> None:
    newer = look({TOPIC: QUERY})
    assert newer.topics == {
        TOPIC: TopicAnswer(
            QUERY,
            TODAY,
            (
                Review("40000001", date(2026, 3, 2), "Ketamine for anxiety: a review", "10.1000/rev.1", "2019"),
                Review("39000002", date(2024, 5, 1), "An earlier one", "", "2019"),
            ),
        )
    }
    assert (newer.asked, newer.unchecked, newer.requests_made) == ((TOPIC,), {}, 2)


def test_a_topic_without_reviews_is_an_answer_too(look: Look) -> None:
    newer = look({"yoga in pain": QUERY.replace("ketamine", "yoga")})
    assert newer.topics["yoga in pain"].reviews == ()
    assert newer.requests_made == 1


@pytest.mark.parametrize("fault", ["500", "403", "search-error", "fetch-error", "html", "null", "truncated"])
def test_no_answer_is_never_stored(look: Look, registry: Registry, fault: str) -> None:
    registry.fail("pubmed", fault)
    newer = look({TOPIC: QUERY})
    assert newer.topics == {}
    assert set(newer.unchecked) == {TOPIC}


def test_reviews_without_their_records_are_no_answer(look: Look, registry: Registry) -> None:
    registry.fail("pubmed", "fetch-error", match="efetch")
    newer = look({TOPIC: QUERY, "yoga in pain": QUERY.replace("ketamine", "yoga")})
    assert set(newer.topics) == {"yoga in pain"}
    assert "Cannot retrieve" in newer.unchecked[TOPIC]


def test_a_stale_answer_is_kept_where_there_is_no_newer_one(look: Look, registry: Registry) -> None:
    stale = {TOPIC: TopicAnswer(QUERY, TODAY - timedelta(days=31))}
    registry.fail("pubmed", "500")
    newer = look({TOPIC: QUERY}, stale)
    assert newer.topics == stale
    assert set(newer.unchecked) == {TOPIC}


def test_a_fresh_answer_to_the_same_query_is_not_asked_for_again(look: Look, registry: Registry) -> None:
    fresh = {TOPIC: TopicAnswer(QUERY, TODAY - timedelta(days=30))}
    assert look({TOPIC: QUERY}, fresh) == Newer(fresh)
    assert not registry.log
    assert look({TOPIC: QUERY}, fresh, refresh=True).asked == (TOPIC,)
    assert look({TOPIC: QUERY.replace("2024/05", "2025/05")}, fresh).asked == (TOPIC,)


def test_topics_that_no_claim_has_any_more_are_dropped(look: Look) -> None:
    assert look({}, {TOPIC: TopicAnswer(QUERY, TODAY)}).topics == {}


def test_the_order_of_the_topics_changes_nothing_and_records_are_fetched_together(look: Look) -> None:
    queries = {f"ketamine in topic {number}": QUERY for number in range(5)}
    one, other = look(queries), look(dict(reversed(queries.items())))
    assert one.topics == other.topics
    assert one.requests_made == len(queries) + 1


def test_no_more_than_the_newest_are_kept(look: Look, registry: Registry) -> None:
    numbers = [str(41000000 + index) for index in range(MOST + 10)]
    registry.world.add_pubmed(*(article(number, entered=date(2026, 1, 1)) for number in numbers))
    registry.world.reviews["ketamine"] = tuple(numbers)
    assert len(look({TOPIC: QUERY}).topics[TOPIC].reviews) == MOST
