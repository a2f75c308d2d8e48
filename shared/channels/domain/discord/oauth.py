"""Adding our bot to a server by consent (discord.com/developers/docs: OAuth2, bot flow)."""

from datetime import timedelta
from http import HTTPStatus

from shared.channels.domain.authorization import Application, Authorization
from shared.channels.domain.network_answers import otherwise_malformed
from shared.channels.domain.oauth_server import OAuthServer
from shared.channels.domain.oauth_tokens import refusal_of, registered, tokens_of
from shared.channels.domain.provider import ErrorClass, Http, Refused

SITE = "https://discord.com"
SCOPES = ("bot", "identify")
_LIVES = timedelta(days=7)
_VIEW, _SEND, _EMBED, _ATTACH, _HISTORY = (1 << bit for bit in (10, 11, 14, 15, 16))
_SERVER = OAuthServer(
    site=SITE,
    api=SITE,
    asks_at="/oauth2/authorize",
    gives_at="/api/oauth2/token",
    scopes=SCOPES,
    lives=_LIVES,
    by_header=False,
    challenges=False,
    asks_besides={"permissions": str(_VIEW | _SEND | _EMBED | _ATTACH | _HISTORY)},
)


def authorization_url(application: Application, authorization: Authorization) -> str:
    """The person says which of their servers the bot is to be in."""
    return _SERVER.authorization_url(application, authorization)


async def guild_of(
    http: Http, application: Application, authorization: Authorization, code: str
) -> str:
    """The server that the bot was added to. The person's own token is used for nothing.

    Raises:
        Refused, Unanswered: as `tokens_of` does; class platform, `APPLICATION_INCOMPLETE`, where
            nobody has said what our bot's token is.
    """
    if not application.bot_token:
        words = "The application has no bot token: keep one with its credentials."
        raise Refused(ErrorClass.PLATFORM, "APPLICATION_INCOMPLETE", words)
    client = registered(application)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": authorization.redirect_uri,
        "client_id": client.id,
        "client_secret": client.secret,
    }
    url = f"{application.server or SITE}/api/oauth2/token"
    answer = await http.request("POST", url, form=form)
    if answer.status != HTTPStatus.OK:
        raise refusal_of(answer, client=client)
    tokens_of(answer, client=client, lives=_LIVES, scopes=SCOPES)
    with otherwise_malformed("Discord answered without the server that was chosen."):
        return str(answer.json()["guild"]["id"])
