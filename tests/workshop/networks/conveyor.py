"""The network of that name; see `tests.workshop.works`."""

from functools import partial

from tests.workshop.network import Workshop

imitation = partial(Workshop, name="conveyor")
