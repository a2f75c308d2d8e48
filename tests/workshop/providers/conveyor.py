"""A network that publishes what it is given by itself, sooner or later."""

from tests.workshop.works import Works

provider = Works(title="Conveyor", recovery="none", by_itself=True)
