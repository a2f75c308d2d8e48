"""Whoever holds a lease ends before it lapses, so that nobody works beside them."""

from datetime import timedelta

from runner.template import function_named
from shared.channels.domain import renewal
from shared.publishing.adapters.networks import PATIENCE
from shared.publishing.application.publish_due import SENDING
from tests.architecture.tree import FUNCTIONS


def test_a_claim_outlives_its_publisher() -> None:
    publisher = function_named(FUNCTIONS, "PublishingPublisher")
    assert int(publisher.environment["PUBLISHING_LEASE_SECONDS"]) > publisher.timeout


def test_the_last_answer_of_a_batch_comes_in_the_publishers_time() -> None:
    publisher = function_named(FUNCTIONS, "PublishingPublisher")
    assert timedelta(seconds=SENDING) + PATIENCE < timedelta(seconds=publisher.timeout)


def test_a_renewal_is_one_refreshers_alone() -> None:
    refresher = function_named(FUNCTIONS, "ChannelsTokenRefresher")
    assert timedelta(seconds=refresher.timeout) < renewal.LEASE
