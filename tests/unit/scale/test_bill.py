"""Bills by hand."""

import math

import pytest

from tests.scale import bill
from tests.scale.budgets import beyond
from tests.scale.configured import SIZES


@pytest.fixture(autouse=True)
def _round_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    round_ones = {
        **{name: price.usd for name, price in bill.prices().items()},
        "lambda_gb_second": 0.00001,
        "lambda_requests": 0.2,
        "scheduler": 1.0,
        "aurora_acu_hour": 0.1,
        "endpoint_hour": 0.01,
        "secret_month": 0.4,
        "nat_gb": 0.05,
        "out_gb": 0.1,
    }
    told = {name: bill.Price(usd=usd, per="", source="") for name, usd in round_ones.items()}
    monkeypatch.setattr(bill, "prices", lambda: told)


def test_publishing() -> None:
    """A thousand invocations of two seconds with half a GB are 1,000 GB-seconds, a cent."""
    assert bill.publishing(512, 1000, 2.0) == pytest.approx(0.01 + 0.0002)


def test_posts_per_gb_second() -> None:
    assert bill.posts_per_gb_second(200, 512) == 400


def test_a_scanner_sleeps_where_nothing_is_due_and_never_where_much_is() -> None:
    whole = 43_200 * (60 * 0.5 * 0.00001 + 0.2 / 1e6)
    assert bill.scanning(0) == 0
    assert bill.scanning(1) == pytest.approx(whole * math.exp(-1), rel=0.01)
    assert bill.scanning(100_000) == pytest.approx(whole, rel=0.001)


def test_ticks_are_as_the_template_says() -> None:
    told = bill.ticks()
    assert told["PublishingScanner"] == 30 * 24 * 60
    assert told["PublishingPlanner"] == 30 * 24 * 12
    assert told["MediaCleaner"] == 30 * 4


def test_a_small_database_at_rest() -> None:
    """Half a unit for 730 hours."""
    assert bill.idle("small")["database"] == pytest.approx(0.5 * 730 * 0.1)


def test_a_spare_and_a_cluster_are_paid_for() -> None:
    standard = bill.idle("standard")
    assert standard["database"] == pytest.approx(2 * 1 * 730 * 0.1)
    assert standard["broker"] == pytest.approx(3 * (730 * 0.288 + 200 * 0.1))


def test_what_leads_to_services_of_aws_is_a_gateway_or_four_endpoints() -> None:
    """Secrets Manager, Lambda, STS and mail, each in one zone."""
    small, standard = bill.idle("small"), bill.idle("standard")
    assert (small["gateway to the internet"], standard["endpoints in its place"]) == (0, 0)
    assert small["endpoints in its place"] == pytest.approx(4 * 730 * 0.01)
    assert standard["gateway to the internet"] > 0


def test_the_secret_that_rds_manages_is_paid_for_as_the_brokers_is() -> None:
    assert bill.idle("small")["secrets"] == pytest.approx(2 * 0.4)


def test_only_what_passes_a_gateway_is_paid_for_there() -> None:
    """Ten kilobytes of a million posts are 10 GB."""
    assert bill.million("small")["traffic"] == pytest.approx(10 * 0.1)
    assert bill.million("standard")["traffic"] == pytest.approx(10 * 0.15)
    assert bill.picture_million("small") == pytest.approx(500 * 0.1)


def test_what_leaves_together_is_cheaper_and_nothing_is_free() -> None:
    small, standard, large = (bill.million(size)["publisher"] for size in SIZES)
    assert small > standard > large > 0
    assert all(part > 0 for size in SIZES for part in bill.million(size).values())


def test_a_cap_by_hand() -> None:
    """Two posts on average: half of those with one have another, a quarter a third."""
    assert [beyond(cap, mean=2) for cap in (0, 1, 2)] == [1, 0.5, 0.25]
