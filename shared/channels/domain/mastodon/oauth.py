"""OAuth 2.0 as Mastodon's servers speak it, where applications register themselves.

Sources: docs.joinmastodon.org (methods/apps, methods/oauth) and mastodon/mastodon, which leaves it
to Doorkeeper. PKCE is checked since 4.3 (pull request 31129); servers before that, and others that
speak the API, pass over its parameters. Tokens last until they are revoked.
"""

from http import HTTPStatus

from shared.channels.domain.authorization import Application
from shared.channels.domain.mastodon.answers import error_of
from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.oauth_server import OAuthServer
from shared.channels.domain.provider import Http

NAME = "Luxaris"
"""What a server shows people whom we ask for their consent, and beside each post."""

OAUTH = OAuthServer(
    asks_at="/oauth/authorize",
    gives_at="/oauth/token",
    takes_back_at="/oauth/revoke",
    scopes=("read:accounts", "read:statuses", "write:statuses", "write:media"),
    lives=None,
    by_header=False,
    challenges=True,
    nests=True,
    asks_twice=True,
)


async def register(http: Http, server: str, redirect_uri: str) -> Application:
    answer = await http.request(
        "POST",
        f"{server}/api/v1/apps",
        form={
            "client_name": NAME,
            "redirect_uris": redirect_uri,
            "scopes": " ".join(OAUTH.scopes),
        },
    )
    if answer.status != HTTPStatus.OK:
        raise error_of(answer)
    with otherwise_malformed("This server does not answer as Mastodon does."):
        told = answer.json()
        return Application(
            client_id=told["client_id"], client_secret=told["client_secret"], server=server
        )
