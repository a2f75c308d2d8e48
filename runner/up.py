"""Serve until told to stop."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from runner.console import say, title
from runner.dev_pages import DEV
from runner.documentation import DOCS, OPENAPI
from runner.drive import drive
from runner.house import House, Options, check, house
from runner.http_server import THIS_MACHINE, reserve
from runner.interruptions import Interruptions
from runner.journal import Journal
from runner.mailbox import MAILBOX


def up(
    options: Options,
    interruptions: Interruptions,
    *,
    host: str,
    port: int,
    proxies: str,
    journal: Path | None,
) -> int:
    """Answers the exit code.

    Raises:
        Refused: it cannot; nothing was left running.
        KeyboardInterrupt: told to stop before it served, or a second time while it stopped.
    """
    check(options)
    with ExitStack() as stack:
        taken = stack.enter_context(reserve(port, host))
        record = None
        if journal is not None:
            kept = Journal(journal)
            stack.callback(kept.close)
            record = kept.record
        served = replace(options, port=taken.getsockname()[1], proxies=proxies)
        built = stack.enter_context(house(served))
        with drive(built, options, taken, record):
            interruptions.allow_one_more()
            try:
                _announce(built, f"http://{_shown(host)}:{served.port}")
                interruptions.wait()
            except KeyboardInterrupt:
                say("Stopping.")
    return 0


def _shown(host: str) -> str:
    """Where this machine reaches what listens there: 0.0.0.0 is no address to go to."""
    return THIS_MACHINE if host == "0.0.0.0" else host  # noqa: S104 nothing listens here


def _announce(built: House, url: str) -> None:
    title("Luxaris is up")
    say(f"  API        {url}/api/v1")
    say(f"  Docs       {url}{DOCS}")
    say(f"  Contract   {url}{OPENAPI}")
    if not built.is_production:
        say(f"  Line       {url}{DEV}")
    say(f"  Services   {built.services}")
    if built.simulator_url:
        say(f"  Simulator  {built.simulator_url}")
    if built.mailbox:
        say(f"  Mailbox    {url}{MAILBOX}")
    say(f"  Data       {built.folder}")
    say("Ctrl-C stops it.")
