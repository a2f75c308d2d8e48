"""Garbage of every kind where a browser's answer should be: refused, never our fault."""

import json
from typing import Any

import cbor2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.accounts import Account, root
from tests.api import Api
from tests.authenticator import Authenticator, decoded, encoded
from tests.functions.identity.passkeys import (
    add,
    add_passkey,
    creation_options,
    log_in,
    request_options,
)

LIKE_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
LIKE_CBOR = st.recursive(
    st.none() | st.booleans() | st.integers(-100, 100) | st.binary(max_size=80) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.integers(-5, 5) | st.sampled_from(["fmt", "alg"]), inner, max_size=5)
    ),
    max_leaves=8,
)
FEW = settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
REFUSED = {400, 401}


@pytest.fixture
def ada(api: Api) -> Account:
    return root(api)


@pytest.fixture
def device(ada: Account) -> Authenticator:
    return add_passkey(ada)[0]


def _places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every field of an answer, however deep."""
    if not isinstance(value, dict):
        return [path]
    return [path, *(place for key in value for place in _places(value[key], (*path, key)))]


def _put(value: Any, path: tuple[str, ...], instead: Any) -> Any:
    if not path:
        return instead
    return {**value, path[0]: _put(value[path[0]], path[1:], instead)}


SIGNED = _places(
    Authenticator(user_handle=bytes(16)).sign({"challenge": "x"}),
)
USED = [
    path
    for path in SIGNED
    if path not in {("clientExtensionResults",), ("authenticatorAttachment",)}
]


@FEW
@given(path=st.sampled_from(USED), instead=LIKE_JSON)
def test_anything_in_any_place_of_a_signature(
    api: Api, device: Authenticator, path: tuple[str, ...], instead: Any
) -> None:
    signed = _put(device.sign(request_options(api)), path, instead)
    assert log_in(api, signed).status in REFUSED


@FEW
@given(
    field=st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
    instead=st.binary(min_size=1, max_size=100),
)
def test_any_bytes_in_a_signature(
    api: Api, device: Authenticator, field: str, instead: bytes
) -> None:
    signed = _put(device.sign(request_options(api)), ("response", field), encoded(instead))
    assert log_in(api, signed).status in REFUSED


@FEW
@given(
    field=st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]),
    place=st.integers(0, 1_000),
    bit=st.integers(0, 7),
)
def test_any_bit_the_other_way_round(
    api: Api, device: Authenticator, field: str, place: int, bit: int
) -> None:
    signed = device.sign(request_options(api))
    data = bytearray(decoded(signed["response"][field]))
    data[place % len(data)] ^= 1 << bit
    spoilt = _put(signed, ("response", field), encoded(bytes(data)))
    assert log_in(api, spoilt).status in REFUSED


@FEW
@given(
    said=st.dictionaries(
        st.sampled_from(["type", "challenge", "origin", "tokenBinding"]), LIKE_JSON
    )
)
def test_anything_said_by_the_browser(
    api: Api, ada: Account, device: Authenticator, said: dict[str, Any]
) -> None:
    signed = device.sign(request_options(api))
    told = {**json.loads(decoded(signed["response"]["clientDataJSON"])), **said, "origin": "no"}
    client_data = encoded(json.dumps(told).encode())
    assert log_in(api, _put(signed, ("response", "clientDataJSON"), client_data)).status in REFUSED
    made = Authenticator(client_data={**said, "origin": "no"}).make(creation_options(ada))
    assert add(ada, made).status in REFUSED


@FEW
@given(
    attestation=LIKE_CBOR
    | st.fixed_dictionaries(
        {
            "fmt": st.sampled_from(
                ["none", "packed", "tpm", "apple", "fido-u2f", "android-key", "android-safetynet"]
            )
            | LIKE_CBOR,
            "attStmt": LIKE_CBOR,
            "authData": st.just(...) | LIKE_CBOR,
        }
    )
)
def test_no_attestation_makes_us_stumble(api: Api, ada: Account, attestation: Any) -> None:
    """Only `none` with the right authenticator data: what else it may say is not believed."""
    made = Authenticator().make(creation_options(ada))
    right = cbor2.loads(decoded(made["response"]["attestationObject"]))
    if isinstance(attestation, dict) and attestation.get("authData") is ...:
        attestation["authData"] = right["authData"]
    spoilt = encoded(cbor2.dumps(attestation))
    answer = add(ada, _put(made, ("response", "attestationObject"), spoilt))
    may_do = isinstance(attestation, dict) and all(
        attestation.get(name) == right[name] for name in ("fmt", "authData")
    )
    assert answer.status in (REFUSED | {201} if may_do else REFUSED), attestation


@FEW
@given(data=st.binary(max_size=200))
def test_any_authenticator_data(api: Api, ada: Account, data: bytes) -> None:
    """Behind the right beginning, so that it comes as far as the key."""
    made = Authenticator().make(creation_options(ada))
    right = cbor2.loads(decoded(made["response"]["attestationObject"]))
    spoilt = {**right, "authData": right["authData"][: 37 + 18 + 32] + data}
    answer = add(
        ada,
        _put(made, ("response", "attestationObject"), encoded(cbor2.dumps(spoilt))),
    )
    assert (answer.status, answer.codes) == (400, ["INVALID_PASSKEY"])


@pytest.mark.parametrize(
    "credential",
    [
        {"id": "\ud800", "rawId": "\ud800", "type": "public-key", "response": {}},
        {"type": "public-key"},
        [],
        "text",
        None,
        {"response": {"clientDataJSON": "x" * 10_000}},
    ],
    ids=["half a surrogate", "a type only", "a list", "a text", "nothing", "too long"],
)
def test_what_is_no_credential_at_all(api: Api, ada: Account, credential: Any) -> None:
    assert add(ada, credential).status == 400
    assert log_in(api, credential).status == 400


@pytest.mark.parametrize("depth", [2_000, 20_000])
def test_nesting_without_end(ada: Account, depth: int) -> None:
    made = Authenticator().make(creation_options(ada))
    for nested in (b"\x81" * depth, b"\xa1" * depth, b"\xd8\x1c" * depth):
        answer = add(ada, _put(made, ("response", "attestationObject"), encoded(nested)))
        assert (answer.status, answer.codes) == (400, ["INVALID_PASSKEY"])
