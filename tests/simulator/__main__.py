"""`python -m tests.simulator --port N [--memory FILE]`: the simulator in a process of its own."""

import argparse
from pathlib import Path

from tests.simulator.server import serve

parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--memory", type=Path, help="where accounts and posts are kept")
options = parser.parse_args()
serve(options.port, options.memory)
