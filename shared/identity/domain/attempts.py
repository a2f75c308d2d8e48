"""What may be tried a few times only, before it is refused for a while."""

from dataclasses import dataclass
from uuid import UUID

from shared.kernel.addresses import one_place


@dataclass(frozen=True)
class Attempt:
    """`name` is whose attempts are counted together: an account, an address, a session."""

    limit: "AttemptLimit"
    name: str


@dataclass(frozen=True)
class AttemptLimit:
    """`times` attempts at `what` in a window, which begins with the first and lasts `minutes`."""

    what: str
    times: int
    minutes: int

    def by(self, name: str | UUID) -> Attempt:
        return Attempt(self, str(name))

    def at(self, address: str) -> Attempt:
        """By the place, for who calls by IPv6 has addresses without end."""
        return Attempt(self, one_place(address))

    def between(self, name: str, address: str) -> Attempt:
        """Of one account by one place."""
        return Attempt(self, f"{one_place(address)} {name}")


LOGIN_BY_PAIR = AttemptLimit("login-pair", 5, 15)
"""Failed ones at one account from one address; a login forgets them."""
LOGIN_BY_ACCOUNT = AttemptLimit("login-account", 50, 15)
"""Failed ones from anywhere; a login forgets them. High, or anybody could lock anybody out."""
LOGIN_BY_ADDRESS = AttemptLimit("login-address", 50, 15)
"""Failed ones; no login forgets them, or one account of one's own would open all others."""
REFRESH_BY_SESSION = AttemptLimit("refresh", 10, 15)
FORGOT_BY_ACCOUNT = AttemptLimit("forgot-account", 5, 15)
FORGOT_BY_ADDRESS = AttemptLimit("forgot-address", 5, 15)
RESEND_BY_ACCOUNT = AttemptLimit("resend-account", 5, 15)
RESEND_BY_ADDRESS = AttemptLimit("resend-address", 5, 15)
RESET_BY_ACCOUNT = AttemptLimit("reset-account", 5, 15)
RESET_BY_ADDRESS = AttemptLimit("reset-address", 5, 15)
PROOF_BY_ACCOUNT = AttemptLimit("proof-account", 5, 15)
"""Codes of a second factor, and the password asked for again."""
INVITATION_BY_ADDRESSEE = AttemptLimit("invitation-addressee", 5, 15)
"""Whoever sends them: nobody's mailbox is to be flooded from here."""
INVITATION_AGAIN = AttemptLimit("invitation-again", 5, 15)
INVITATION_BY_INVITER = AttemptLimit("invitation-inviter", 30, 60)
INVITATION_BY_ORGANIZATION = AttemptLimit("invitation-organization", 60, 60)
"""Whomever they go to, and those sent again too: they carry words of strangers in our name."""
TAKEN_BY_ADDRESS = AttemptLimit("taken-address", 5, 15)
"""Registrations of an e-mail address that has an account: who asks for many is asking around."""
TAKEN_BY_ACCOUNT = AttemptLimit("taken-account", 1, 60)
"""Mails that tell of those."""
VERIFY_BY_ADDRESS = AttemptLimit("verify-address", 20, 15)
