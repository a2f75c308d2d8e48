"""Whoever holds a lease ends before it lapses, so that nobody works beside them."""

from datetime import timedelta

import pytest

from runner.template import function_named
from shared.channels.domain import renewal
from shared.infrastructure.mail import TIMEOUT
from shared.media.adapters.fit_messages import MOST_SECONDS
from shared.media.domain import rendition
from shared.operations.application import work_off
from shared.operations.domain import outbox
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


@pytest.mark.parametrize("name", ["NotificationsMailer", "OperationsAuditor"])
def test_a_message_of_the_outbox_is_its_takers_alone(name: str) -> None:
    taker = function_named(FUNCTIONS, name)
    assert timedelta(seconds=taker.timeout) < outbox.LEASE


def test_the_last_mail_of_a_batch_leaves_in_the_mailers_time() -> None:
    """A server that takes as long as it may for each of a mail's commands, and for the greeting."""
    mailer = function_named(FUNCTIONS, "NotificationsMailer")
    assert work_off.PATIENCE + 7 * timedelta(seconds=TIMEOUT) < timedelta(seconds=mailer.timeout)


def test_a_rendition_is_its_makers_alone() -> None:
    fitter = function_named(FUNCTIONS, "MediaFitter")
    assert timedelta(seconds=fitter.timeout) < rendition.FILM_LEASE
    assert timedelta(seconds=MOST_SECONDS) < timedelta(seconds=fitter.timeout - 60)
