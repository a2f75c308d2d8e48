"""No key, token or password of anybody lies among the files that are kept."""

import math
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

KINDS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{40}"),
    "a key of AWS": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
    "a token of Slack": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{20,}"),
    "a key of Google": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "a key of a language model": re.compile(r"\bsk-[A-Za-z0-9_-]{32,}"),
    "a key of Stripe": re.compile(r"\b[rs]k_live_[A-Za-z0-9]{20,}"),
    "a JSON web token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}"),
    "a password in an address": re.compile(r"\b[a-z]+://[\w.-]+:([^\s:@/{$\"'<>]{8,})@(?!host)"),
}
ASSIGNED = re.compile(
    r"(?i)(?:secret|token|password|api_?key|private_?key)\w*[\"']?\s*[:=]\s*[\"']([^\"'\s]{20,})[\"']"
)
RANDOM = 4.3
"""Bits a letter: words have fewer, and so has hexadecimal, whatever it says."""

EXAMPLES = {"AKIAIOSFODNN7EXAMPLE"}
"""What manuals print."""


def _entropy(text: str) -> float:
    counts = Counter(text)
    return -sum(each / len(text) * math.log2(each / len(text)) for each in counts.values())


def secrets_in(text: str, *, is_test: bool = False) -> Iterator[str]:
    """What is found, and in which line; tests have passwords of their own."""
    for number, line in enumerate(text.splitlines(), start=1):
        for kind, pattern in KINDS.items():
            for found in pattern.finditer(line):
                is_own = is_test and kind == "a password in an address"
                if found.group() not in EXAMPLES and not is_own:
                    yield f"line {number}: {kind}"
        if not is_test:
            for found in ASSIGNED.finditer(line):
                if _entropy(found.group(1)) > RANDOM:
                    yield f"line {number}: looks like a secret"
    if not is_test:
        for _ in KINDS["a private key"].finditer(text):
            yield "a private key"


def _kept() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]


def test_no_file_has_a_secret() -> None:
    found = {}
    for path in _kept():
        if path.is_symlink() or not path.is_file() or path.name.startswith("requirements"):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT)
        if told := sorted(set(secrets_in(text, is_test=name.parts[0] == "tests"))):
            found[str(name)] = told
    assert not found, "take it out, have it revoked, and take it out of the history"


PLANTED = [
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "ghp_" + "a1B2" * 9,
    "xoxb-" + "123456789012-abcdefghij",
    "AIza" + "Sy" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q",
    "sk-" + "proj-" + "a1B2" * 10,
    "sk_live_" + "a1B2" * 6,
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
    "postgresql://luxaris:" + "hunter2hunter2" + "@db.example.com/luxaris",
    'client_secret = "' + "q8Zr2Lw9Xk4Tn7Vb1Mc6Yp3D" + '"',
    "TOKENS_SECRET: '" + "q8Zr2Lw9Xk4Tn7Vb1Mc6Yp3D" + "'",
]


@pytest.mark.parametrize("planted", PLANTED, ids=range(len(PLANTED)))
def test_what_is_planted_is_found(planted: str) -> None:
    assert list(secrets_in(f"harmless\n{planted}\nharmless"))


@pytest.mark.parametrize(
    "harmless",
    [
        "postgresql://user:password@host/name",
        'token = "an access token of somebody"',
        'API_KEY = "GENERATION_API_KEY_OF_SOMEBODY"',
        "password: !Ref DatabasePassword",
        "AKIAIOSFODNN7EXAMPLE",
    ],
)
def test_words_about_secrets_are_none(harmless: str) -> None:
    assert not list(secrets_in(harmless))
