"""`python -m tests.simulator --port N`: the simulator in a process of its own."""

import argparse

from tests.simulator.server import serve

parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
parser.add_argument("--port", type=int, required=True)
serve(parser.parse_args().port)
