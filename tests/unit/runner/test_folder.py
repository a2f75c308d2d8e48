"""The data folder: one runner at a time, secrets made once."""

import os
from pathlib import Path

import pytest

from runner.folder import kept_secrets, locked
from runner.refused import Refused
from shared.infrastructure.encryption import parse_keys
from shared.infrastructure.tokens import TokensSettings


def test_second_runner_is_refused_with_the_first_ones_process(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with locked(folder), pytest.raises(Refused) as refusal, locked(folder):
        pass
    assert f"in use by another runner (process {os.getpid()})" in str(refusal.value)


def test_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path):
            pass


def test_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="file"), locked(tmp_path / "file"):
        pass


def test_secrets_are_made_once_are_good_and_private(tmp_path: Path) -> None:
    kept = kept_secrets(tmp_path)
    assert kept_secrets(tmp_path) == kept
    assert TokensSettings.read(kept).secret == kept["TOKENS_SECRET"]
    assert list(parse_keys(kept["ENCRYPTION_KEYS"])) == ["local"]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o600


def test_spoilt_secrets_are_refused_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("TOKENS_SECRET=x\n")
    with pytest.raises(Refused, match="no ENCRYPTION_KEYS"):
        kept_secrets(tmp_path)
    assert (tmp_path / "secrets").read_text() == "TOKENS_SECRET=x\n"
