"""Meta's authorization servers: Facebook Login, and Threads' own.

They refuse in the Graph API's way, and tell the scopes only to whoever asks. A token that a code is
exchanged for is brief: no more than a step to one that lasts.
"""

import time
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.simulator.faults import AFTER_ACCEPTING, Fault
from tests.simulator.meta.answers import broken, refusal, refused
from tests.simulator.oauth import CODE_LIVES, Authority
from tests.simulator.oauth_grants import Access
from tests.simulator.world import Refusal, bearer


@dataclass(kw_only=True)
class MetaAuthority(Authority):
    brief: set[str] = field(default_factory=set)

    async def token(self, request: Request) -> Response:
        """Of Facebook: for a code, or for a brief token."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        client_id = self._known_client(form)
        fault = self._fault(form.get("client_id", ""))
        if form.get("grant_type") == "fb_exchange_token":
            return await self.lasting(self._brief(form.get("fb_exchange_token", "")), fault)
        return await self._answer(self._brief_for(form, client_id), fault, told_life=True)

    async def code_for_brief(self, request: Request) -> Response:
        """Of Threads: for a code."""
        form = {name: str(value) for name, value in (await request.form()).items()}
        client_id = self._known_client(form)
        if form.get("grant_type") != "authorization_code":
            raise refusal(100, "Invalid parameter: grant_type")
        fault = self._fault("")
        return await self._answer(self._brief_for(form, client_id), fault, told_life=False)

    async def brief_for_lasting(self, request: Request) -> Response:
        """Of Threads."""
        wish = request.query_params
        access = self._brief(wish.get("access_token", ""))
        application = self.grants.applications[access.client_id]
        if wish.get("grant_type") != "th_exchange_token":
            raise refusal(100, "Invalid parameter: grant_type")
        if wish.get("client_secret") != application.secret:
            raise refusal(1, "Error validating client secret.")
        return await self.lasting(access, None)

    async def renew(self, request: Request) -> Response:
        """Of Threads: while it is good, and only what lasts."""
        wish = request.query_params
        token = wish.get("access_token", "")
        fault = self._fault(token)
        access = self.grants.access(token)
        if wish.get("grant_type") != "th_refresh_token":
            raise refusal(100, "Invalid parameter: grant_type")
        if access is None or token in self.brief:
            raise refusal(190, "Error validating access token: Session has expired", 463)
        return await self.lasting(access, fault)

    async def lasting(self, brief: Access, fault: Fault | None) -> Response:
        given = self.grants.give(brief.account_id, brief.client_id, brief.scopes, refreshes=False)
        return await self._answer(given, fault, told_life=not self.forgets_expiry)

    def known(self, request: Request, *, may_be_brief: bool = False) -> Access:
        """Whose token a call shows."""
        token = bearer(request)
        access = self.grants.access(token)
        if access is None or (token in self.brief and not may_be_brief):
            words = "Error validating access token: Session has expired"
            raise refusal(190, words, 463, status=401)
        return access

    def permitted(self, request: Request, scope: str) -> Access:
        access = self.known(request)
        if scope not in access.scopes:
            raise refusal(200, f"(#200) Requires {scope} permission", status=403)
        return access

    def _known_client(self, form: dict[str, str]) -> str:
        application = self.grants.applications.get(form.get("client_id", ""))
        if application is None:
            words = "Error validating application. Cannot get application info"
            raise refusal(101, words)
        if form.get("client_secret") != application.secret:
            raise refusal(1, "Error validating client secret.")
        return form["client_id"]

    def _brief_for(self, form: dict[str, str], client_id: str) -> Access:
        """Once, and whether the code was right or not."""
        consent = self.consents.pop(form.get("code", ""), None)
        if consent is None or time.time() - consent.given_at > CODE_LIVES:
            words = "This authorization code has been used or is not one of ours."
            raise refusal(100, words, 36009)
        if (client_id, form.get("redirect_uri")) != (consent.client_id, consent.redirect_uri):
            words = "Error validating verification code: the redirect_uri is not identical"
            raise refusal(100, words, 36008)
        given = self.grants.give(consent.account_id, client_id, consent.scopes, refreshes=False)
        self.brief.add(given.token)
        return given

    def _brief(self, token: str) -> Access:
        access = self.grants.access(token)
        if access is None or token not in self.brief:
            raise refusal(190, "Error validating access token", 463)
        return access

    def _fault(self, token: str) -> Fault | None:
        fault = self.grants.world.faults.take(self.network, "", call="session")
        if fault and fault.kind not in AFTER_ACCEPTING:
            raise Refusal(refused(fault, "0", token))
        return fault

    async def _answer(self, access: Access, fault: Fault | None, *, told_life: bool) -> Response:
        if fault:
            return await broken(fault)
        told: dict[str, object] = {"access_token": access.token, "token_type": "bearer"}
        if told_life:
            told["expires_in"] = round(access.expires_at - time.time())
        return JSONResponse(told)
