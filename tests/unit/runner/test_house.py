"""What the runner loads before anybody calls it."""

from runner.folder import new_secrets
from runner.house import must_be_prompt
from runner.settings import STAND_INS, defaults
from runner.template import PATH, Template


def test_only_what_timers_call_and_what_is_due_leaves_through_is_loaded_ahead() -> None:
    settings = dict.fromkeys([*STAND_INS, *new_secrets()], "") | defaults({})
    functions = Template(PATH.read_text(), settings).functions
    prompt = {each.name for each in functions if must_be_prompt(each)}
    by_timers = {each.name for each in functions if each.of_kind("ScheduleV2")}
    assert prompt == by_timers | {"PublishingPublisher"}
    assert "PublishingScanner" in by_timers
