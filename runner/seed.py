"""People, organizations and posts by the thousand, to try things on; and away with them again.

Ids follow from numbers, so that what is there already stays as it is, and what was broken off goes
on where it was.
"""

import sys
from collections.abc import Callable
from importlib import import_module

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from runner.console import say
from runner.house import Options, house
from runner.refused import Refused
from runner.template import PATH

PASSWORD = "Seeded-Horse-1"  # noqa: S105 of people who do not exist
_AT_A_TIME = 1_000
_WIDTH = 40

_PEOPLE = """
    INSERT INTO users (id, email, password_hash, name, auth_method, status, is_root, timezone,
                       locale, email_verified_at, created_at, updated_at)
    SELECT md5('seed user ' || n)::uuid, 'seed' || n || '@example.com', CAST(:password AS text),
           'Seed ' || n,
           'password', 'active', false, 'UTC', 'en', now(), now(), now()
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    ON CONFLICT DO NOTHING
"""
_ORGANIZATIONS = """
    INSERT INTO organizations (id, name, created_at, updated_at)
    SELECT md5('seed organization ' || n)::uuid, 'Seed ' || n, now(), now()
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    ON CONFLICT DO NOTHING
"""
_MEMBERSHIPS = """
    INSERT INTO memberships (organization_id, user_id, role, created_at)
    SELECT md5('seed organization ' || n)::uuid, md5('seed user ' || n)::uuid, 'owner', now()
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    ON CONFLICT DO NOTHING
"""
_POSTS = """
    INSERT INTO posts (id, organization_id, created_by, title, description, tags, status, metadata,
                       created_at, updated_at)
    SELECT md5('seed post ' || n)::uuid,
           md5('seed organization ' || 1 + n % CAST(:users AS int))::uuid,
           md5('seed user ' || 1 + n % CAST(:users AS int))::uuid, 'Post ' || n,
           '<p>Good morning, for the ' || n || '. time</p>',
           ARRAY[(ARRAY['tea', 'cake', 'spring', 'news'])[1 + n % 4]], 'draft', '{}',
           now() - make_interval(mins => n), now() - make_interval(mins => n)
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    ON CONFLICT DO NOTHING
"""
_VARIANTS = """
    INSERT INTO post_variants (id, post_id, organization_id, created_by, channel, content, media,
                               source, status, metadata, created_at, updated_at)
    SELECT md5('seed variant ' || n)::uuid, md5('seed post ' || n)::uuid,
           md5('seed organization ' || 1 + n % CAST(:users AS int))::uuid,
           md5('seed user ' || 1 + n % CAST(:users AS int))::uuid, 'mastodon',
           'Good morning, for the ' || n || '. time', '{}', 'manual', 'draft', '{}',
           now() - make_interval(mins => n), now() - make_interval(mins => n)
      FROM generate_series(CAST(:first AS int), CAST(:last AS int)) AS n
    ON CONFLICT DO NOTHING
"""
_ORGANIZATION, _PERSON = "seed organization", "seed user"
_SEEDED = """
    SELECT count(*) FROM users WHERE email LIKE 'seed%@example.com'
       AND id = md5('seed user ' || substring(email FROM 'seed([0-9]+)@'))::uuid
"""


def seed(options: Options, *, users: int, posts: int, undo: bool) -> int:
    with house(options):
        from shared.infrastructure.database import DatabaseSettings

        url = make_url(DatabaseSettings.read().url).set(drivername="postgresql+psycopg")
        database = create_engine(url, poolclass=NullPool)
        if undo:
            take_back(database, say)
        else:
            sow(database, users=users, posts=posts, progress=_bar)
            say(f"\n{users:,} people, seed1@example.com and on, password {PASSWORD};")
            say(f"{posts:,} posts among them, a variant each. Take them back with --undo.")
    return 0


def sow(database: Engine, *, users: int, posts: int, progress: Callable[[int, int], None]) -> None:
    """A thousand at a time, each in a transaction of its own; `progress` is told done and all."""
    from shared.identity.adapters.passwords import passwords

    more = {"users": users, "password": passwords().hash(PASSWORD)}
    done, whole = 0, users + posts
    for number, statements in (
        (users, (_PEOPLE, _ORGANIZATIONS, _MEMBERSHIPS)),
        (posts, (_POSTS, _VARIANTS)),
    ):
        for first in range(1, number + 1, _AT_A_TIME):
            last = min(first + _AT_A_TIME - 1, number)
            with database.begin() as connection:
                for statement in statements:
                    _run(connection, statement, more | {"first": first, "last": last})
            done += last - first + 1
            progress(done, whole)
    with database.begin() as connection:
        connection.execute(text("ANALYZE users, organizations, memberships, posts, post_variants"))


def _run(connection: Connection, statement: str, values: dict[str, object]) -> None:
    query = text(statement)
    wanted = query.compile().params
    connection.execute(query, {name: values[name] for name in wanted})


def take_back(database: Engine, tell: Callable[[str], None]) -> None:
    """All that is in organizations that were sown, them, and their people; in one transaction.

    Raises:
        Refused: somebody who was sown has a part in something else.
    """
    from shared.infrastructure.database import metadata

    for tables in sorted(PATH.parent.glob("shared/*/adapters/*tables.py")):
        import_module(".".join(tables.relative_to(PATH.parent).with_suffix("").parts))
    try:
        with database.begin() as connection:
            count = connection.scalar(text(_SEEDED)) or 0
            connection.execute(text("ALTER TABLE audit_logs DISABLE TRIGGER only_added"))
            for table in reversed(metadata.sorted_tables):
                for column, whose in (("organization_id", _ORGANIZATION), ("user_id", _PERSON)):
                    if column in table.c:
                        _take(connection, table.name, column, whose, count)
            _take(connection, "organizations", "id", _ORGANIZATION, count)
            _take(connection, "users", "id", _PERSON, count)
            connection.execute(text("ALTER TABLE audit_logs ENABLE TRIGGER only_added"))
    except IntegrityError as error:
        raise Refused(
            "Somebody who was sown has a part in something else, which would go with them:"
            " nothing was taken back"
        ) from error
    tell(f"{count:,} people, their organizations and all in them are gone.")


def _take(connection: Connection, table: str, column: str, whose: str, count: int) -> None:
    sown = f"SELECT md5('{whose} ' || n)::uuid FROM generate_series(1, CAST(:count AS int)) AS n"  # noqa: S608 words of ours
    connection.execute(text(f"DELETE FROM {table} WHERE {column} IN ({sown})"), {"count": count})  # noqa: S608


def _bar(done: int, whole: int) -> None:
    filled = _WIDTH * done // max(whole, 1)
    bar = "#" * filled + "." * (_WIDTH - filled)
    sys.stdout.write(f"\r[{bar}] {done:,} of {whole:,}")
    sys.stdout.flush()
