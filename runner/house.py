"""The functions of the template with everything they need around them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from runner import settings
from runner.aside import aside
from runner.console import quiet_libraries, readable_logs
from runner.folder import kept_secrets, locked, new_secrets
from runner.mailbox import own_mailbox, shown_mailbox
from runner.refused import Refused
from runner.schedule_expression import parse
from runner.services.choice import SERVICES, choose, describe
from runner.services.start import started
from runner.simulator import simulator
from runner.stored_files import STORED_FILES
from runner.template import Function, Template
from shared.infrastructure.storage import Storage, storage_at
from shared.kernel.clock import utc_now


@dataclass(frozen=True, kw_only=True)
class Options:
    """What every command may be told; `services` is one of `runner.services.choice.CHOICES`.

    Nothing of a temporary run is kept. `port` is where browsers reach what is served. So many
    `processes` answer requests, and as many work off queues. `proxies` are the addresses of those
    in front of us, with commas.
    """

    template: Path
    data: Path
    services: str
    concurrency: int
    is_temporary: bool = False
    port: int = 8000
    processes: int = 1
    proxies: str = ""

    def containers_of(self, function: Function) -> int:
        """As many as run at a time for each of its triggers; HTTP counts as one."""
        others = [each for each in function.triggers if each.kind != "HttpApi"]
        queues = sum(len(each.properties.get("Queues", ["timer"])) for each in others)
        return self.concurrency * (queues + (len(others) < len(function.triggers)))


@dataclass(frozen=True, kw_only=True)
class House:
    """Functions that can be invoked: services run, settings are exported, tables are there.

    `cors` is what the API's `CorsConfiguration` says. `mailbox` is where mail ends in development;
    where it really leaves, there is none. `storage` is where files are.
    """

    folder: Path
    services: str
    functions: Sequence[Function]
    cors: Mapping[str, Any]
    broker_url: str
    simulator_url: str
    mailbox: Path | None
    storage: Storage
    is_production: bool = False


def check(options: Options) -> list[Function]:
    """The template's functions, whose settings are not the real ones yet.

    Refuses a template or settings that cannot work, before anything is started.

    Raises:
        Refused: naming what is wrong.
    """
    given = settings.given()
    stand_ins = {**settings.STAND_INS, **new_secrets(), **settings.defaults(given)}
    functions = aside(settings.resolve, _text(options.template), {**stand_ins, **given})
    for function in functions:
        for trigger in function.of_kind("ScheduleV2"):
            parse(trigger.properties["ScheduleExpression"])
    return functions


@contextmanager
def house(options: Options) -> Iterator[House]:
    """Bring up all that is needed to invoke functions, until the block ends.

    Raises:
        Refused: something is wrong with the template, the settings, the folder or the machine.
    """
    check(options)
    quiet_libraries()
    given = settings.given()
    given_urls = {name: given[name] for name in SERVICES if name in given}
    chosen = choose(options.services, given_urls)
    with ExitStack() as stack:
        folder = stack.enter_context(locked(options.data))
        urls = stack.enter_context(
            started(chosen, folder, given_urls, keep=not options.is_temporary)
        )
        own = {**kept_secrets(folder), "MAIL_URL": own_mailbox(folder)}
        defaults = settings.defaults(given, port=options.port)
        own["STORAGE_URL"] = _own_storage(folder, {**defaults, **given}["PUBLIC_API_URL"])
        values = {**own, **defaults, **given, **urls}
        if values["ENVIRONMENT"] != "production" and "SIMULATOR_URL" not in given:
            values["SIMULATOR_URL"] = stack.enter_context(simulator(folder))
        if options.processes > 1 and any(url.startswith("memory:") for url in urls.values()):
            raise Refused(
                "Several processes need a broker and a cache that they share: --services system"
                " or docker, or BROKER_URL and CACHE_URL"
            )
        functions = aside(settings.resolve, _text(options.template), values)
        containers = sum(options.containers_of(each) for each in functions)
        settings.export(functions, urls, containers=containers)
        aside(_demand_handlers, functions)
        for function in functions:
            if must_be_prompt(function):
                function.load()
        readable_logs()
        aside(_migrate)
        if urls["BROKER_URL"].startswith("memory:"):
            _forget_queues()
        yield House(
            folder=folder,
            services=describe(chosen, given_urls),
            functions=functions,
            cors=Template(_text(options.template), values).cors,
            broker_url=urls["BROKER_URL"],
            simulator_url=values.get("SIMULATOR_URL", ""),
            mailbox=shown_mailbox(values),
            is_production=values["ENVIRONMENT"] == "production",
            storage=storage_at(values["STORAGE_URL"]),
        )


def _own_storage(folder: Path, served_at: str) -> str:
    """The `STORAGE_URL` of a store in a data folder."""
    (folder / "storage").mkdir(exist_ok=True)
    at = f"{served_at.rstrip('/')}{STORED_FILES}"
    return f"file://{quote(str(folder / 'storage'))}?at={quote(at, safe='')}"


def _demand_handlers(functions: Sequence[Function]) -> None:
    """Of all that nobody has to ask for; those that answer requests are loaded for the contract."""
    for function in functions:
        if function.triggers and not function.of_kind("HttpApi"):
            function.load()


def must_be_prompt(function: Function) -> bool:
    """Timers go off at once, and what is due leaves on its second: both are loaded ahead.

    What is loaded before processes are forked, they share. The rest waits until it is called.
    """
    if function.of_kind("HttpApi"):
        return False
    return function.is_kept_warm or bool(function.of_kind("ScheduleV2"))


def _migrate() -> None:
    from sqlalchemy.exc import OperationalError

    from migrations.upgrade import upgrade

    try:
        upgrade()
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise Refused(f"The database cannot be brought up to date: {reason}") from error


def _forget_queues() -> None:
    """Queues in the process have ended with the last one; what they held is claimed anew."""
    from shared.infrastructure.database import transaction
    from shared.publishing import api as publishing

    with transaction() as session:
        publishing.release_queued(session, now=utc_now())


def _text(template: Path) -> str:
    try:
        return template.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"The template {template} cannot be read: {error}") from error
