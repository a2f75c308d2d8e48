"""A network that knows no repeat and cannot be searched: what may have arrived stays unknown."""

from tests.faults.plain import Plain

provider = Plain(title="Mute", recovery="none")
