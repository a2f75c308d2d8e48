"""What other contexts may ask of identity.

HTTP functions prove a token with `shared.identity.adapters.authentication`, by way of
`functions.dependencies`; it is not re-exported here, so that a function without HTTP that asks
for users pays for neither tokens nor cache.
"""

from shared.identity.adapters.acting import acting
from shared.identity.adapters.queries import active_users

__all__ = ["acting", "active_users"]
