"""Run Luxaris on this machine: the functions of template.yaml with the very events AWS sends."""

import argparse
import sys
from pathlib import Path

from runner.console import complain, say
from runner.heaps import share_heaps
from runner.house import Options, house
from runner.interruptions import Interruptions
from runner.refused import Refused
from runner.services.choice import CHOICES
from runner.template import PATH
from shared.infrastructure.settings import InvalidSetting

_REFUSED, _INTERRUPTED = 2, 130


def main() -> int:
    arguments = parser().parse_args()
    share_heaps()
    interruptions = Interruptions()
    try:
        return _run(arguments, interruptions)
    except (Refused, InvalidSetting) as error:
        complain(str(error))
        return _REFUSED
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run(arguments: argparse.Namespace, interruptions: Interruptions) -> int:
    options = Options(
        template=arguments.template,
        data=arguments.data,
        services=arguments.services,
        concurrency=arguments.concurrency,
        processes=arguments.processes,
    )
    match arguments.command:
        case "up":
            from runner.up import up

            code = up(
                options,
                interruptions,
                host=arguments.host,
                port=arguments.port,
                proxies=arguments.proxies,
                journal=arguments.journal,
            )
        case "demo":
            from runner.demo import demo

            code = demo(options)
        case "invoke":
            from runner.invoke import invoke

            code = invoke(options, function=arguments.function, event=arguments.event)
        case "replay":
            from runner.replay import replay

            code = replay(options, journal=arguments.journal, only=arguments.only)
        case "seed":
            from runner.seed import seed

            code = seed(options, users=arguments.users, posts=arguments.posts, undo=arguments.undo)
        case "rotate-keys":
            from runner.rotate_keys import rotate_keys

            code = rotate_keys(options)
        case _:
            with house(options):
                say("The database is up to date.")
            code = 0
    return code


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="DATABASE_URL, BROKER_URL and CACHE_URL, where set, are used instead of what"
        " --services would start, MAIL_URL instead of a mailbox in the data folder, and STORAGE_URL"
        " instead of a folder there. Exit codes:"
        " 0 done, 1 something failed, 2 refused (one sentence says why), 130 interrupted.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    common = _common()

    def command(name: str, does: str) -> argparse.ArgumentParser:
        description = f"{does[0].upper()}{does[1:]}."
        return commands.add_parser(name, parents=[common], help=does, description=description)

    up = command("up", "bring the database up to date, then serve until Ctrl-C")
    up.add_argument("--port", type=_port, default=8000, help="0 takes a free one (default: 8000)")
    up.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="what to listen on; 0.0.0.0 lets in who reaches this machine, and is for containers"
        " (default: 127.0.0.1, this machine alone)",
    )
    up.add_argument(
        "--proxies",
        default="",
        metavar="ADDRESSES",
        help="with commas, those in front whose X-Forwarded-For is believed; without, callers"
        " behind a proxy count as one",
    )
    up.add_argument(
        "--journal",
        type=Path,
        metavar="FILE",
        help="append each invocation as a line of JSON; events are kept whole, with passwords and"
        " tokens, so the file is readable by you alone (mode 0600)",
    )

    command(
        "demo",
        "schedule a post on every simulated network a few seconds ahead and watch it leave;"
        " succeeds only if each received it exactly once (in a temporary data folder)",
    )

    invoke = command("invoke", "call one function, once, and print what it returns")
    invoke.add_argument("function", metavar="FUNCTION", help="its name in the template")
    invoke.add_argument(
        "event",
        type=Path,
        nargs="?",
        metavar="EVENT.json",
        help="what to call it with (default: a tick, for a function with a timer)",
    )

    replay = command("replay", "run the events of a journal again, in order")
    replay.add_argument(
        "journal", type=Path, metavar="JOURNAL.jsonl", help="what up --journal has written"
    )
    replay.add_argument("--only", metavar="FUNCTION", help="leave out all other functions' events")

    command("migrate", "bring the database up to date")

    seed = command("seed", "fill the database with people and posts, to try things on")
    seed.add_argument("--users", type=_positive, default=100, metavar="N", help="(default: 100)")
    seed.add_argument(
        "--posts", type=_positive, default=50_000, metavar="N", help="(default: 50,000)"
    )
    seed.add_argument("--undo", action="store_true", help="take all of it back")

    command(
        "rotate-keys",
        "seal anew, with the first of ENCRYPTION_KEYS, what another of them has sealed; once it is"
        " through, the others can be taken away",
    )
    return parser


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--services",
        choices=CHOICES,
        default="auto",
        help="where PostgreSQL, RabbitMQ and Memcached come from: embedded (a wheel and this"
        " process), system (installed here, started privately), docker, or auto: docker if an"
        " engine answers, else system if all are installed, else embedded (default: auto)",
    )
    common.add_argument(
        "--data",
        type=Path,
        default=Path(".data"),
        metavar="DIR",
        help="what is kept between runs (default: .data)",
    )
    common.add_argument(
        "--concurrency",
        type=_positive,
        default=2,
        metavar="N",
        help="how many containers a function has for each of its triggers (default: 2)",
    )
    common.add_argument(
        "--processes",
        type=_positive,
        default=1,
        metavar="N",
        help="how many answer requests, and how many work off queues: no more than there are cores,"
        " and as many keep to one each; on Linux, with a real broker and cache (default: 1)",
    )
    common.add_argument(
        "--template",
        type=Path,
        default=PATH,
        metavar="FILE",
        help="the list of functions (default: template.yaml of this checkout)",
    )
    return common


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 the largest there is
        raise argparse.ArgumentTypeError("must be between 0 (any free one) and 65535")
    return int(text)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
