"""A scanner of policies finds nothing in the templates but what is known, with the reason."""

from functools import cache

import pycfmodel
import pytest
from cfripper.config.config import Config
from cfripper.rule_processor import RuleProcessor
from cfripper.rules import DEFAULT_RULES

from tests.architecture.deployed import TEMPLATES
from tests.deployment.account import transformed

KNOWN = {
    ("S3ObjectVersioningRule", "MediaBucket"): "what people delete must be gone",
    ("WildcardResourceRule", "NotificationsMailerRole"): "SES asks for identities of both sides, "
    "which a template does not know",
}


@cache
def found(template: str) -> frozenset[tuple[str, str]]:
    """Each rule that is broken, by the resource that breaks it."""
    config = Config(stack_name="luxaris", rules=list(DEFAULT_RULES))
    rules = RuleProcessor(*(rule(config) for rule in DEFAULT_RULES.values()))
    model = pycfmodel.parse(transformed(template, {})).resolve()
    told = rules.process_cf_template(model, config)
    assert not told.exceptions
    return frozenset((each.rule, name) for each in told.failures for name in each.resource_ids)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_scanner_finds_nothing_new(template: str) -> None:
    assert found(template) - KNOWN.keys() == set()


def test_what_is_known_is_still_found() -> None:
    assert set().union(*map(found, TEMPLATES)) == KNOWN.keys()
