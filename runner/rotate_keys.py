"""Seal anew, with the first of ENCRYPTION_KEYS, what another of them has sealed."""

from importlib import import_module

from runner.console import complain, say
from runner.house import Options, house
from runner.template import PATH


def rotate_keys(options: Options) -> int:
    """Beside whatever runs; answers 1 where something could not be opened by any key."""
    with house(options):
        from shared.infrastructure.encryption import encryption
        from shared.infrastructure.key_rotation import rotate

        for tables in sorted(PATH.parent.glob("shared/*/adapters/*tables.py")):
            import_module(".".join(tables.relative_to(PATH.parent).with_suffix("").parts))
        lost = 0
        for each in rotate(encryption()):
            say(f"{each.table}: {each.sealed} sealed anew")
            if each.lost:
                complain(f"{each.table}: {each.lost} that no key opens, left as they are")
            lost += each.lost
    say(f"All that could be opened is sealed with key {encryption().current}.")
    return 1 if lost else 0
