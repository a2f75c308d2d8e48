"""`python -m tests.networks` writes docs/networks.md anew, from the code alone."""

from tests.networks.page import PATH, page

if __name__ == "__main__":
    PATH.write_text(page())
