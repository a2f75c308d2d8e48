"""What the documents say is there: alarms, files, commands, parameters, events."""

import ast
import re
import shlex
import tomllib
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

import local_runner
from runner.settings import settings_classes
from tests.architecture.deployed import TEMPLATES, document, resources
from tests.architecture.test_deployment import figures
from tests.architecture.tree import FUNCTIONS, PROVIDERS, ROOT, parsed

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/decisions/*.md")])
OPERATE = (ROOT / "docs/operate.md").read_text()
README = (ROOT / "README.md").read_text()
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


@cache
def _logged() -> set[str]:
    """Every event that the code logs by a name told in place."""
    return {
        str(event)
        for path in (*ROOT.glob("shared/**/*.py"), *ROOT.glob("functions/**/*.py"))
        if "logger" in path.read_text()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and getattr(getattr(node.func, "value", None), "id", "") == "logger"
        for event in [getattr(node.args[0], "value", "") if node.args else ""]
    }


NO_EVENTS = {
    "README.md": {"access_token", "audit_logs", "business_events", "request_logs", "system_logs"},
    "docs/add-a-network.md": {"new_account", "otherwise_malformed"},
    "docs/deploy.md": {"max_connections"},
    "docs/one-machine.md": {"pg_restore"},
    "docs/operate.md": {"request_id"},
}
"""Tables, parts of tests, settings and tools of PostgreSQL, fields."""
GENERATED = {"access.md", "networks.md"}
HANDBOOK = [
    page for page in PAGES if page.parent.name != "decisions" and page.name not in GENERATED
]
"""What people wrote of what is so; decisions tell what was."""


@pytest.mark.parametrize("page", HANDBOOK, ids=_named)
def test_events_to_look_for_are_logged(page: Path) -> None:
    words = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", page.read_text()))
    assert words - NO_EVENTS.get(_named(page), set()) - _logged() == set()


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
    inline = re.findall(r"`((?:[A-Z_]+=\S+ )?(?:make|python|docker) [^`]+)`", page.read_text())
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
                _made(shlex.split(command))
            case ["python", "local_runner.py", "--help", *_]:
                pass
            case ["python", "local_runner.py", *rest]:
                local_runner.parser().parse_args(rest)
            case ["python" | "python3" | ".venv/bin/python", "-m", module, *rest]:
                assert find_spec(module), command
                paths = [each for each in rest if each.startswith(("tests/", "requirements"))]
                assert all((ROOT / each).exists() for each in paths), command
            case ["sam", "deploy", *rest]:
                assert rest[rest.index("--config-env") + 1] in STAGES, command
                if "--template" in rest:
                    assert (ROOT / rest[rest.index("--template") + 1]).exists(), command
            case _:
                _of_others(words)


def _made(words: Sequence[str]) -> None:
    """What `make run` and `make demo` hand on to the runner."""
    commands = {"run": "up", "demo": "demo"}
    for word in words[2:]:
        if word.startswith("ARGS=") and (command := commands.get(words[1])):
            given = word.removeprefix("ARGS=").split()
            local_runner.parser().parse_args([command, *given])


def _of_others(words: Sequence[str]) -> None:
    match words:
        case ["docker", "compose", "up", *flags]:
            assert set(flags) <= {"--build", "--wait"}
        case ["curl", *_] | ["git", "pull"] | ["rabbitmqctl", "set_policy", *_]:
            pass  # tests/integration/runner/test_shown.py makes each call with curl for real
        case _:
            pytest.fail(f"nobody knows whether {' '.join(words)!r} works")


@pytest.mark.parametrize("page", HANDBOOK, ids=_named)
def test_files_that_are_named_are_there(page: Path) -> None:
    """Words in code that begin as a folder of ours does; what is made here is not kept."""
    folders = {each.name for each in ROOT.iterdir() if each.is_dir()} - {".venv", ".package"}
    named = set(re.findall(r"`([\w.-]+/[\w./-]*)`", page.read_text()))
    ours = {path for path in named if path.split("/")[0] in folders and "example" not in path}
    assert {path for path in ours if not (ROOT / path).exists()} == set()


@pytest.mark.parametrize("page", HANDBOOK, ids=_named)
def test_settings_that_are_named_are_read(page: Path) -> None:
    """What is handed to Compose, and by it to something else, is in compose.yaml."""
    classes = settings_classes()
    known = {each.variable(field.name) for each in classes for field in fields(each)}  # type: ignore[arg-type]
    known |= set(re.findall(r"\$\{(\w+):-", (ROOT / "compose.yaml").read_text()))
    words = set(re.findall(r"`([A-Z]{2,}(?:_[A-Z]+)+)(?:=[^`]*)?`", page.read_text()))
    unknown = {word for word in words - known if not any(each.covers(word) for each in classes)}
    assert unknown == set()


def test_the_readme_has_each_network_by_how_it_recovers() -> None:
    rows = re.findall(r"^\| (.+) \|$", (ROOT / "docs/networks.md").read_text(), re.MULTILINE)
    cells = [row.split(" | ") for row in rows]
    head = next(place for place, row in enumerate(cells) if row[-1] == "unsure")
    found: dict[str, list[str]] = {}
    for row in cells[head + 2 : head + 2 + len(PROVIDERS)]:
        found.setdefault(row[-1], []).append(row[0])
    told = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", README, re.MULTILINE))
    assert sum(map(len, found.values())) == len(PROVIDERS)
    assert found == {how: told.get(how, "").split(", ") for how in found}


def test_the_readme_has_each_function_once() -> None:
    rows = re.findall(r"^\| (?:[a-z]+ )?\| .+ \| (`\w+`(?:, `\w+`)*) \|$", README, re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"\w+", row)]
    assert sorted(told) == sorted(function.name for function in FUNCTIONS)


@pytest.mark.parametrize("page", [DEPLOY, OPERATE], ids=["deploy", "operate"])
def test_outputs_that_are_named_are_there(page: str) -> None:
    outputs = {name for template in TEMPLATES for name in document(template)["Outputs"]}
    named = set(re.findall(r"\boutput\s+`(\w+)`", page))
    assert named
    assert named - outputs == set()


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
    known |= figures()
    aws = {"Throttles"}
    for page in (DEPLOY, OPERATE):
        words = set(re.findall(r"`([A-Z][a-z]+(?:[A-Z][a-z]*)*)(?:=\w+)?`", page))
        assert words - known - aws == set()


def test_the_service_that_is_shown_starts_the_runner() -> None:
    unit = (ROOT / "docs/examples/luxaris.service").read_text()
    told = dict(re.findall(r"^(\w+)=(.*)$", unit, re.MULTILINE))
    python, runner, *words = told["ExecStart"].split()
    assert (python, runner) == (f"{told['WorkingDirectory']}/.venv/bin/python", "local_runner.py")
    arguments = local_runner.parser().parse_args(words)
    assert arguments.data == Path("/var/lib", told["StateDirectory"]), "the rest is read-only"
    assert (told["DynamicUser"], told["NoNewPrivileges"]) == ("yes", "yes")
