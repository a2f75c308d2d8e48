"""npm's oidc-provider, run by Node.js: installed as the lock file says, outside the sources.

A certified provider by other hands: it shows that our own imitation is not strict in the wrong way.
"""

import filecmp
import html
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from runner.services import processes
from tests.architecture.tree import ROOT

CLIENT_ID = "luxaris"
CLIENT_SECRET = "s3cr3t with+odd:signs%"

_HERE = Path(__file__).parent / "node"
_INSTALLED = ROOT / ".yardsticks" / "oidc-provider"
_FILES = ("package.json", "package-lock.json", "server.mjs")
_STEPS = 12


class NotInstallable(Exception):
    """There is no Node.js here, or npm reaches no registry."""


@dataclass(frozen=True)
class OidcProviderOfNode:
    url: str

    def sign_in(self, authorization_url: str, *, login: str) -> dict[str, str]:
        """Fill in the forms it shows; answers what is in the address it leads back to."""
        with requests.Session() as session:
            answer = session.get(authorization_url, allow_redirects=False, timeout=5)
            for _ in range(_STEPS):
                if "location" in answer.headers:
                    address = urljoin(answer.url, answer.headers["location"])
                    if not address.startswith(self.url):
                        return dict(parse_qsl(urlsplit(address).query))
                    answer = session.get(address, allow_redirects=False, timeout=5)
                    continue
                action = re.search(r'<form[^>]* action="([^"]+)"', answer.text)
                prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
                assert action is not None, answer.text
                assert prompt is not None, answer.text
                filled_in = {"prompt": prompt[1], "login": login, "password": "any"}
                answer = session.post(
                    html.unescape(action[1]), data=filled_in, allow_redirects=False, timeout=5
                )
        raise AssertionError(f"still at {answer.url}")


@contextmanager
def oidc_provider(folder: Path, redirect_uri: str) -> Iterator[OidcProviderOfNode]:
    """Serve until the block ends.

    Raises:
        NotInstallable: as it says.
    """
    _install()
    port, log = processes.free_port(), folder / "oidc-provider.log"
    wanted = {
        "port": port,
        "clientId": CLIENT_ID,
        "clientSecret": CLIENT_SECRET,
        "redirectUri": redirect_uri,
    }
    server = processes.start(["node", str(_INSTALLED / "server.mjs"), json.dumps(wanted)], log=log)
    try:
        processes.wait_until(
            lambda: processes.answers(port), server, name="oidc-provider", log=log, seconds=20
        )
        yield OidcProviderOfNode(f"http://127.0.0.1:{port}")
    finally:
        processes.stop(server)


def _install() -> None:
    if not shutil.which("node") or not shutil.which("npm"):
        raise NotInstallable("there is no Node.js with npm")
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    lock = _INSTALLED / "node_modules" / "installed-lock.json"
    for name in _FILES:
        shutil.copy(_HERE / name, _INSTALLED / name)
    if lock.exists() and filecmp.cmp(_HERE / "package-lock.json", lock, shallow=False):
        return
    run = subprocess.run(
        ["npm", "install", "--no-save", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"],
        cwd=_INSTALLED,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    if run.returncode != 0:
        raise NotInstallable(f"npm cannot install oidc-provider: {run.stderr.strip()[:200]}")
    shutil.copy(_HERE / "package-lock.json", lock)
