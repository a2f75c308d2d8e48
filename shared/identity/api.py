"""What other contexts may ask of identity.

HTTP functions prove a token with `shared.identity.adapters.authentication`, by way of
`functions.dependencies`; it is not re-exported here, so that a function without HTTP that asks
for users pays for neither tokens nor cache.
"""

from shared.identity.adapters.acting import acting
from shared.identity.adapters.queries import active_users, one_user
from shared.identity.adapters.role_queries import one_custom_role
from shared.identity.domain.profile import MembershipView
from shared.identity.domain.roles import Role

__all__ = [
    "BUILT_IN_ROLES",
    "MembershipView",
    "acting",
    "active_users",
    "one_custom_role",
    "one_user",
]

BUILT_IN_ROLES = tuple(role.value for role in Role)
