import pytest

from shared.kernel.errors import PreconditionFailed
from shared.kernel.versions import ANY, Expected


@pytest.mark.parametrize("version", [3, "3"])
def test_what_is_expected_may_be_changed(version: int | str) -> None:
    ANY.demand(version)
    Expected(frozenset({"2", "3"})).demand(version)


@pytest.mark.parametrize("versions", [set[str](), {"2", "30"}])
def test_what_has_changed_is_refused_with_what_it_is_now(versions: set[str]) -> None:
    with pytest.raises(PreconditionFailed) as refused:
        Expected(frozenset(versions)).demand(3)
    assert refused.value.meta == {"version": 3}
