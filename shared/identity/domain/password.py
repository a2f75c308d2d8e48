"""What makes a password strong enough; it is judged and hashed verbatim, never cleaned."""

from shared.identity.domain.email import local_part
from shared.kernel.errors import RuleViolation

MINIMUM_LENGTH = 8
MAXIMUM_LENGTH = 128
_TELLING_LENGTH = 3
"""A shorter local part is in too many good passwords to forbid it."""


def weaknesses(password: str, *, email: str) -> list[str]:
    """Every demand the password does not meet, in words a client can translate."""
    name = local_part(email)
    met = {
        "min_length": len(password) >= MINIMUM_LENGTH,
        "max_length": len(password) <= MAXIMUM_LENGTH,
        "uppercase": any(character.isupper() for character in password),
        "lowercase": any(character.islower() for character in password),
        "digit": any(character.isdigit() for character in password),
        "special": any(not character.isalnum() for character in password),
        "no_email": len(name) < _TELLING_LENGTH or name not in password.lower(),
    }
    return [demand for demand, is_met in met.items() if not is_met]


def strength_violation(
    password: str, *, email: str, field: str = "password"
) -> RuleViolation | None:
    missing = weaknesses(password, email=email)
    if not missing:
        return None
    return RuleViolation(
        "WEAK_PASSWORD",
        f"A password has {MINIMUM_LENGTH} to {MAXIMUM_LENGTH} characters with an upper-case and a"
        " lower-case letter, a digit and a special character, and does not contain the e-mail name",
        field=field,
        meta={"missing": missing},
    )
