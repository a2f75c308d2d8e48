"""What the documents say is there: alarms, files, commands, parameters, events."""

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import local_runner
from tests.architecture.deployed import TEMPLATES, document, resources
from tests.architecture.test_deployment import logged
from tests.architecture.tree import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")])
OPERATE = (ROOT / "docs/operate.md").read_text()
DEPLOY = (ROOT / "docs/deploy.md").read_text()
ALARMS = [name for name, _ in resources("AWS::CloudWatch::Alarm")]

TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
STAGES = tomllib.loads((ROOT / "samconfig.toml").read_text()).keys()


def _named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _sections() -> dict[str, str]:
    parts = re.split(r"^## (.+)$", OPERATE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("alarm", ALARMS)
def test_each_alarm_has_its_meaning_its_first_look_and_its_cure(alarm: str) -> None:
    section = _sections().get(alarm, "")
    for part in ("**Meaning.**", "**First look.**", "**Cure.**"):
        assert part in section, f"docs/operate.md: {alarm} has no {part}"


def test_no_section_is_of_an_alarm_that_is_gone() -> None:
    told = {title for title in _sections() if title.endswith("Alarm")}
    assert told == set(ALARMS)


def test_events_to_look_for_are_logged() -> None:
    """Words with an underscore, but for fields and for what is in code."""
    words = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", OPERATE)) - {"request_id"}
    assert words - logged().keys() == set()


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text())
    lost = {
        target
        for target in targets
        if "://" not in target and not (page.parent / target).resolve().exists()
    }
    assert not lost


def _commands(page: Path) -> list[str]:
    blocks = re.findall(r"^ *```console\n(.*?)```", page.read_text(), re.DOTALL | re.MULTILINE)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`((?:[A-Z_]+=\S+ )?(?:make|python) [^`]+)`", page.read_text())
    return [line for line in [*lines, *inline] if line]


@pytest.mark.parametrize("page", PAGES, ids=_named)
def test_commands_can_be_given(page: Path) -> None:
    """Whatever they would do; `make demo`, `make test` and `make check` are run for themselves."""
    for command in _commands(page):
        words = command.split()
        while "=" in words[0]:
            words = words[1:]
        match words:
            case ["make", target, *_]:
                assert target in TARGETS, command
            case ["python", "local_runner.py", "--help", *_]:
                pass
            case ["python", "local_runner.py", *rest]:
                local_runner.parser().parse_args(rest)
            case ["python" | ".venv/bin/python", "-m", module, *rest]:
                assert find_spec(module), command
                paths = [each for each in rest if each.startswith("tests/")]
                assert all((ROOT / each).exists() for each in paths), command
            case ["sam", "deploy", *rest]:
                assert rest[rest.index("--config-env") + 1] in STAGES, command
                if "--template" in rest:
                    assert (ROOT / rest[rest.index("--template") + 1]).exists(), command
            case _:
                pytest.fail(f"nobody knows whether {command!r} works")


def test_whoever_deploys_is_told_of_each_parameter_without_a_default() -> None:
    parameters = document("template.yaml")["Parameters"]
    needed = {name for name, each in parameters.items() if "Default" not in each}
    assert {name for name in needed if f"`{name}`" not in DEPLOY} == set()


def test_what_the_pages_name_is_in_the_templates() -> None:
    known = {
        name
        for template in TEMPLATES
        for part in ("Parameters", "Resources", "Outputs")
        for name in document(template)[part]
    }
    aws = {"Throttles"}
    for page in (DEPLOY, OPERATE):
        words = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]*)*)(?:=\w+)?`", page))
        assert words - known - aws == set()
