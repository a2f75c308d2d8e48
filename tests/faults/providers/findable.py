"""A network that knows no repeat, but shows an account's posts to whoever looks."""

from tests.faults.plain import Plain

provider = Plain(title="Findable", recovery="search")
