"""A network that makes ready what it is given; it has to be told to publish it."""

from tests.workshop.works import Works

provider = Works(title="Workbench", recovery="search")
