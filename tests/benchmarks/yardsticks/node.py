"""What Node.js runs: installed as the lock file says, beside the checkout's files."""

import filecmp
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.architecture.tree import ROOT

INSTALLED = ROOT / ".yardsticks"
_HERE = Path(__file__).parent


def install() -> None:
    """Copy the scripts there, with the packages they need."""
    INSTALLED.mkdir(exist_ok=True)
    lock = INSTALLED / "node_modules" / "installed-lock.json"
    for file in (*_HERE.glob("*.json"), *_HERE.glob("*.mjs")):
        shutil.copy(file, INSTALLED / file.name)
    if lock.exists() and filecmp.cmp(_HERE / "package-lock.json", lock, shallow=False):
        return
    subprocess.run(
        ["npm", "install", "--no-save", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=INSTALLED,
        check=True,
    )
    shutil.copy(_HERE / "package-lock.json", lock)


def database_settings(url: str) -> dict[str, str]:
    """The database as node-postgres and libpq find it: on its Unix socket."""
    parts = urlsplit(url)
    return {
        "PGHOST": parse_qs(parts.query)["host"][0],
        "PGUSER": parts.username or "",
        "PGDATABASE": parts.path.removeprefix("/"),
    }
