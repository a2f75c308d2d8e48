"""Secrets that tie a sign-in to a browser."""

import re

import pytest

from shared.identity.domain.browser_binding import BrowserSecret

SECRET = BrowserSecret("s" * 43)


def test_nonce_and_verifier_follow_from_secret_and_state() -> None:
    assert SECRET.nonce("a") == BrowserSecret("s" * 43).nonce("a")
    derived = {
        SECRET.nonce("a"),
        SECRET.nonce("b"),
        SECRET.code_verifier("a"),
        SECRET.code_verifier("b"),
        BrowserSecret("t" * 43).nonce("a"),
        BrowserSecret("t" * 43).code_verifier("a"),
    }
    assert len(derived) == 6


def test_a_verifier_is_of_the_form_the_rfc_wants() -> None:
    """RFC 7636, section 4.1."""
    assert re.fullmatch(r"[A-Za-z0-9._~-]{43,128}", SECRET.code_verifier("a"))


@pytest.mark.parametrize("cookie", [None, "", "s", "s" * 42, "s" * 44, "é" * 43, "s" * 42 + "\n"])
def test_what_cannot_be_ours(cookie: str | None) -> None:
    assert BrowserSecret.shown(cookie) is None


def test_what_can_is_not_shown() -> None:
    assert BrowserSecret.shown("s" * 43) == SECRET
    assert "sss" not in repr(SECRET)
