"""Slack's way of asking people, and of giving a bot's token (docs.slack.dev: OAuth, v2)."""

import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from tests.simulator.faults import AFTER_ACCEPTING
from tests.simulator.oauth import CODE_LIVES, Authority, Consent
from tests.simulator.rate_windows import RateWindow
from tests.simulator.slack.answers import broken, error, refused
from tests.simulator.world import origin

_NOTHING = RateWindow(limit=0, seconds=1)


@dataclass(kw_only=True)
class SlackAuthority(Authority):
    """An account is a bot, known by its token, which is given to whoever adds the app again."""

    async def authorize(self, request: Request) -> Response:
        """Scopes have commas between them."""
        query = dict(request.query_params)
        application = self.grants.applications.get(query.get("client_id", ""))
        if application is None or query.get("redirect_uri") not in application.redirect_uris:
            return Response("redirect_uri did not match any configured URIs", 400)
        asked = query.get("scope", "").split(",")
        if not self.scopes.issuperset(asked) or not query.get("state"):
            return Response("Invalid permissions requested", 400)
        if "deny" in query:
            return _back(query, error="access_denied")
        code = secrets.token_urlsafe(32)
        self.consents[code] = Consent(
            client_id=query["client_id"],
            redirect_uri=query["redirect_uri"],
            challenge="",
            account_id=query.get("account") or self.open_account(origin(request)),
            scopes=tuple(query["grant"].split() if "grant" in query else asked),
            given_at=time.time(),
        )
        return _back(query, code=code)

    async def token(self, request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode()))
        application = self.grants.applications.get(form.get("client_id", ""))
        if application is None:
            return error("invalid_client_id")
        if application.secret != form.get("client_secret"):
            return error("bad_client_secret")
        consent = self.consents.pop(form.get("code", ""), None)
        if consent is None or time.time() - consent.given_at > CODE_LIVES:
            return error("invalid_code")
        if (form["client_id"], form.get("redirect_uri")) != (
            consent.client_id,
            consent.redirect_uri,
        ):
            return error("bad_redirect_uri")
        fault = self.grants.world.faults.take("slack", "", call="session")
        if fault:
            spoils_after = fault.kind in AFTER_ACCEPTING
            return await broken(fault) if spoils_after else refused(fault, _NOTHING, "")
        told = {"access_token": consent.account_id, "token_type": "bot"}
        return JSONResponse({"ok": True, **told, "scope": ",".join(consent.scopes)})


def _back(query: dict[str, str], **said: str) -> Response:
    answer = urlencode({**said, "state": query["state"]})
    return RedirectResponse(f"{query['redirect_uri']}?{answer}", 302)
