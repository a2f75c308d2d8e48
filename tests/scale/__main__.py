"""`python -m tests.scale` writes docs/scale.md anew, from what was measured and list prices."""

from tests.scale.page import PATH, page

if __name__ == "__main__":
    PATH.write_text(page())
