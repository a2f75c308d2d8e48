"""Everything a storm blows over: servers, networks, workers and somebody who has posts to send."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from pymemcache.client.base import Client
from sqlalchemy import text

from runner.gateway import routes
from runner.template import PATH, Template
from shared.infrastructure.database import engine
from tests.accounts import Account, root
from tests.api import Api
from tests.conftest import SETTINGS
from tests.faults.plain import admit
from tests.faults.plain_network import World
from tests.faults.servers import Servers, servers
from tests.faults.workforce import Workforce
from tests.simulator.client import Simulator
from tests.simulator.server import running, serving

STAFF = {"scanner": 2, "publisher": 4, "refresher": 2, "meddler": 1}


@dataclass(frozen=True, kw_only=True)
class Scene:
    servers: Servers
    simulator: Simulator
    plain: Simulator
    world: World
    workforce: Workforce

    def simulator_of(self, network: str) -> Simulator:
        return self.simulator if network in {"mastodon", "bluesky"} else self.plain

    def calm_down(self) -> None:
        """No more faults: every server is up, every network does as it should."""
        self.simulator.forgive()
        self.plain.forgive()
        self.servers.start()

    def begin_anew(self) -> Account:
        """Empty everything, and register somebody."""
        self.calm_down()
        self.simulator.clear()
        self.world.forget()
        with engine().begin() as connection:
            tables = connection.scalars(
                text(
                    "SELECT quote_ident(tablename) FROM pg_tables"
                    " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
                )
            ).all()
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
        self.flush_cache()
        return root(Api(routes(Template(PATH.read_text(), os.environ).functions)))

    def flush_cache(self) -> None:
        address = urlsplit(self.servers.cache.url)
        client = Client((address.hostname, address.port))
        client.flush_all(noreply=False)
        client.close()

    def hire(self, *, runner: bool, clock_is_ahead: float = 0) -> None:
        """A whole staff, and perhaps a runner that does everything besides."""
        for role, count in STAFF.items():
            for _ in range(count):
                self.workforce.hire(role, clock_is_ahead=clock_is_ahead)
        if runner:
            self.workforce.hire("runner", clock_is_ahead=clock_is_ahead)


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Sets this process's environment, which the workers inherit."""
    admit()
    with ExitStack() as stack:
        started = stack.enter_context(servers(folder))
        world = World()
        simulator = stack.enter_context(running())
        plain = stack.enter_context(serving(world.app()))
        os.environ |= {
            **SETTINGS,
            "HTTP_CLIENT_TIMEOUT": "1",
            "DATABASE_URL": started.database.url,
            "BROKER_URL": started.broker.url,
            "CACHE_URL": started.cache.url,
            "MAIL_URL": f"maildir://{folder}/mailbox",
            "STORAGE_URL": f"file://{folder}/storage?at=http://localhost:8000/dev/storage",
            "SIMULATOR_URL": simulator,
            "FAULTS_FOLDER": str(folder),
        }
        from migrations.upgrade import upgrade

        upgrade()
        workforce = Workforce(folder / "workers.log")
        stack.callback(workforce.kill_all)
        yield Scene(
            servers=started,
            simulator=Simulator(simulator),
            plain=Simulator(plain),
            world=world,
            workforce=workforce,
        )
