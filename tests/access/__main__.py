"""`python -m tests.access` writes docs/access.md anew; it takes the servers the tests take."""

import os
import sys

import pytest

from tests.access.page import WRITE

if __name__ == "__main__":
    os.environ[WRITE] = "1"
    sys.exit(pytest.main(["-q", "tests/access"]))
