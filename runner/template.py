"""template.yaml as the runner sees it: functions with their triggers and settings.

Whatever it cannot resolve it refuses, by name: nothing is guessed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from runner.refused import Refused

PATH = Path(__file__).parent.parent / "template.yaml"

Handler = Callable[[dict[str, Any], Any], Any]


_UNDERSTOOD = {
    "HttpApi": {"Method", "Path", "ApiId"},
    "ScheduleV2": {"ScheduleExpression", "Name", "Description", "RetryPolicy", "DeadLetterConfig"},
    "MQ": {
        "Queues",
        "BatchSize",
        "MaximumBatchingWindowInSeconds",
        "Broker",
        "SourceAccessConfigurations",
    },
    "S3": {"Bucket", "Events", "Filter"},
}
_CORS = {
    "AllowOrigins",
    "AllowMethods",
    "AllowHeaders",
    "AllowCredentials",
    "ExposeHeaders",
    "MaxAge",
}
_NEEDED = {
    "HttpApi": {"Method", "Path"},
    "ScheduleV2": {"ScheduleExpression"},
    "MQ": {"Queues", "BatchSize", "SourceAccessConfigurations"},
    "S3": {"Bucket", "Events"},
}


_OF_AWS = {"AWS::StackName": "luxaris"}
"""What AWS knows by itself, as it is on this machine."""


class UnresolvedTemplate(Refused):
    """The template says something the runner cannot turn into a value."""


@dataclass(frozen=True)
class Tag:
    """A CloudFormation function, kept as data: ``!Ref Name`` is ``Tag("Ref", "Name")``."""

    name: str
    argument: Any


class _Loader(yaml.SafeLoader):
    pass


def _keep_tag(loader: _Loader, suffix: str, node: yaml.Node) -> Tag:
    if isinstance(node, yaml.ScalarNode):
        return Tag(suffix, loader.construct_scalar(node))
    if isinstance(node, yaml.SequenceNode):
        return Tag(suffix, loader.construct_sequence(node, deep=True))
    assert isinstance(node, yaml.MappingNode)
    return Tag(suffix, loader.construct_mapping(node, deep=True))


_Loader.add_multi_constructor("!", _keep_tag)


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """One event of a function: `kind` is SAM's word, ``HttpApi``, ``MQ``, ``S3`` or the like."""

    kind: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Function:
    """`is_kept_warm`: the template can keep containers of it provisioned, for it must be prompt."""

    name: str
    handler: str
    timeout: int
    environment: Mapping[str, str]
    triggers: tuple[Trigger, ...]
    is_kept_warm: bool = False

    @property
    def module(self) -> str:
        return self.handler.rpartition(".")[0]

    def load(self) -> Handler:
        """The handler, its module imported at the first time.

        Raises:
            Refused: there is no such module, or no such name in it.
        """
        module, _, attribute = self.handler.rpartition(".")
        try:
            handler: Handler = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{self.handler}.".startswith(f"{error.name}."):
                raise
            raise Refused(f"{self.name}: there is no module {error.name}") from error
        except AttributeError as error:
            if find_spec(module) is None or not str(error).startswith("module"):
                raise
            raise Refused(f"{self.name}: {error}") from error
        return handler

    def of_kind(self, kind: str) -> list[Trigger]:
        return [trigger for trigger in self.triggers if trigger.kind == kind]


class Template:
    """A SAM template whose parameters come from `environment`, else from their defaults.

    The parameter `DatabaseUrl` is the variable `DATABASE_URL`.
    """

    def __init__(self, text: str, environment: Mapping[str, str]) -> None:
        try:
            self._document: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 a SafeLoader
        except yaml.YAMLError as error:
            raise UnresolvedTemplate(f"The template is not YAML: {error}") from error
        if not isinstance(self._document, dict) or not self._document.get("Resources"):
            raise UnresolvedTemplate("The template has no Resources")
        self._environment = environment

    @cached_property
    def functions(self) -> list[Function]:
        """Every function, in the order of the template.

        Raises:
            UnresolvedTemplate: naming the function, the place and the reference.
        """
        self._demand_references()
        resources = self._document["Resources"]
        return [
            self._function(name, resource["Properties"])
            for name, resource in resources.items()
            if _is_function(resource)
        ]

    @cached_property
    def cors(self) -> dict[str, Any]:
        """The API's `CorsConfiguration`, empty where it has none.

        Raises:
            UnresolvedTemplate: naming what is not understood.
        """
        for name, resource in self._document["Resources"].items():
            if resource.get("Type") == "AWS::Serverless::HttpApi":
                said = resource.get("Properties", {}).get("CorsConfiguration", {})
                for unknown in sorted(said.keys() - _CORS):
                    raise UnresolvedTemplate(f"{name}.CorsConfiguration: {unknown} is unknown")
                return {key: self._resolved(value, f"{name}.{key}") for key, value in said.items()}
        return {}

    def _resolved(self, value: Any, place: str) -> Any:
        match value:
            case list():
                return [self._resolve(each, place) for each in value]
            case Tag():
                return self._resolve(value, place)
            case _:
                return value

    def _demand_references(self) -> None:
        """Whatever is referred to is in the template, or SAM makes it, a role of each function."""
        resources = self._document["Resources"]
        known = self._document.get("Parameters", {}).keys() | resources.keys()
        known |= {f"{name}Role" for name, each in resources.items() if _is_function(each)}
        for place, tag in _tags(self._document, ""):
            if tag.name in {"Ref", "GetAtt"}:
                target = str(tag.argument).partition(".")[0]
                if target not in known and not target.startswith("AWS::"):
                    raise UnresolvedTemplate(f"{place}: there is nothing named {target}")

    def _function(self, name: str, properties: dict[str, Any]) -> Function:
        shared = self._document.get("Globals", {}).get("Function", {})
        variables = {
            **shared.get("Environment", {}).get("Variables", {}),
            **properties.get("Environment", {}).get("Variables", {}),
        }
        together = {**shared, **properties}
        for needed in ("Handler", "Timeout"):
            if needed not in together:
                raise UnresolvedTemplate(f"{name} has no {needed}")
        if type(together["Timeout"]) is not int or together["Timeout"] < 1:
            raise UnresolvedTemplate(f"{name}.Timeout must be a number of seconds")
        return Function(
            name=name,
            handler=together["Handler"],
            timeout=together["Timeout"],
            environment={
                key: self._resolve(value, f"{name}.{key}") for key, value in variables.items()
            },
            triggers=tuple(
                _trigger(event, f"{name}.{event_name}")
                for event_name, event in properties.get("Events", {}).items()
            ),
            is_kept_warm="ProvisionedConcurrencyConfig" in together,
        )

    def _resolve(self, value: Any, place: str) -> str:
        if not isinstance(value, Tag):
            return str(value)
        if value.name != "Ref":
            raise UnresolvedTemplate(f"{place}: !{value.name} is not understood, only !Ref is")
        if value.argument in _OF_AWS:
            return _OF_AWS[value.argument]
        parameter = self._document.get("Parameters", {}).get(value.argument)
        if parameter is None:
            raise UnresolvedTemplate(f"{place}: there is no parameter {value.argument}")
        variable = variable_of(value.argument)
        resolved = self._environment.get(variable, parameter.get("Default"))
        if resolved is None:
            raise UnresolvedTemplate(
                f"{place}: parameter {value.argument} has no default; set {variable}"
            )
        allowed = parameter.get("AllowedValues")
        if allowed is not None and resolved not in allowed:
            raise UnresolvedTemplate(f"{place}: {variable} must be one of {', '.join(allowed)}")
        return str(resolved)


def _is_function(resource: Mapping[str, Any]) -> bool:
    return resource.get("Type") == "AWS::Serverless::Function"


def function_named(functions: Iterable[Function], name: str) -> Function:
    """The one of that name.

    Raises:
        Refused: there is none; the message names those there are.
    """
    by_name = {each.name: each for each in functions}
    if name not in by_name:
        raise Refused(f"There is no function {name!r}; there are {', '.join(by_name)}")
    return by_name[name]


def _trigger(event: Mapping[str, Any], place: str) -> Trigger:
    kind, properties = event.get("Type"), event.get("Properties", {})
    if kind not in _UNDERSTOOD:
        raise UnresolvedTemplate(f"{place}: the runner knows no trigger of type {kind}")
    for name in sorted(properties.keys() - _UNDERSTOOD[kind]):
        raise UnresolvedTemplate(f"{place}: the runner does not understand {kind}.{name}")
    for name in sorted(_NEEDED[kind] - properties.keys()):
        raise UnresolvedTemplate(f"{place}: {kind} needs {name}")
    if kind == "MQ" and not properties["Queues"]:
        raise UnresolvedTemplate(f"{place}: MQ needs a queue")
    if kind == "HttpApi" and not str(properties["Path"]).startswith("/"):
        raise UnresolvedTemplate(f"{place}: a path begins with a slash")
    return Trigger(kind=kind, properties=properties)


def _tags(part: Any, place: str) -> Iterator[tuple[str, Tag]]:
    match part:
        case Tag():
            yield place, part
        case dict():
            for name, inner in part.items():
                yield from _tags(inner, f"{place}.{name}".strip("."))
        case list():
            for inner in part:
                yield from _tags(inner, place)


def variable_of(parameter: str) -> str:
    """`DatabaseUrl` → `DATABASE_URL`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", parameter).upper()
