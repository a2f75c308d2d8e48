"""One caller is one place, whatever they choose to call from."""

import pytest

from shared.kernel.addresses import one_place


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:DB8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::1", "::"),
        ("local", "local"),
        ("", ""),
    ],
)
def test_one_place(address: str, place: str) -> None:
    assert one_place(address) == place
