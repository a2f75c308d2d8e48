"""A private RabbitMQ node: its own port, folder, cookie and port mapper."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pika
from pika.exceptions import AMQPError

from runner.services import processes

_SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")  # Debian's wrapper insists on its own user


def installed() -> bool:
    return _SCRIPT.exists() or shutil.which("rabbitmq-server") is not None


@contextmanager
def rabbitmq(folder: Path, *, port: int | None = None) -> Iterator[str]:
    """Run a node until the block ends, on a free port or a given one; answers its URL."""
    folder.mkdir(parents=True, exist_ok=True)
    port = port or processes.free_port()
    distribution_port, mapper_port = (processes.free_port() for _ in range(2))
    log = folder / "rabbitmq.log"
    plugins = folder / "enabled_plugins"
    plugins.write_text("[].\n")
    cookie = folder / ".erlang.cookie"
    if not cookie.exists():
        cookie.touch(mode=0o600)
        cookie.write_text(secrets.token_hex(16))
        cookie.chmod(0o400)
    environment = {
        "HOME": str(folder),
        "ERL_EPMD_PORT": str(mapper_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": "luxaris@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution_port),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
        "RABBITMQ_CONF_ENV_FILE": "/dev/null",
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 2:2 +sbwt none",
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }
    mapper = processes.start(["epmd", "-port", str(mapper_port), "-address", "127.0.0.1"], log=log)
    script = str(_SCRIPT) if _SCRIPT.exists() else "rabbitmq-server"
    node = processes.start([script], log=log, environment=environment)
    url = f"amqp://guest:guest@127.0.0.1:{port}/%2F"
    try:
        processes.wait_until(
            lambda: _accepts(url, port), node, name="RabbitMQ", log=log, seconds=60
        )
        yield url
    finally:
        processes.stop(node)
        processes.stop(mapper)


def _accepts(url: str, port: int) -> bool:
    if not processes.answers(port):
        return False
    try:
        pika.BlockingConnection(pika.URLParameters(url)).close()
    except (AMQPError, OSError):
        return False
    return True
