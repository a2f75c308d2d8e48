"""Films as Facebook takes them: piece by piece, or from an address."""

import time
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.simulator.facebook.films import Film
from tests.simulator.facebook.pages import Page, Pages
from tests.simulator.facebook.posts import MAXIMUM
from tests.simulator.forms import parts_of
from tests.simulator.meta.answers import broken, no_such_object, refusal
from tests.simulator.meta.fetching import fetched
from tests.simulator.meta.people import VERSION
from tests.simulator.world import origin


@dataclass(kw_only=True)
class FilmUploads:
    pages: Pages
    films: dict[str, Film] = field(default_factory=dict)

    def routes(self) -> list[Route]:
        return [
            Route(f"/{VERSION}/{{id}}/videos", self.upload_film, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/video_reels", self.upload_upright, methods=["POST"]),
            Route(f"/{VERSION}/{{id}}/video_stories", self.upload_upright, methods=["POST"]),
            Route("/video-upload/{id}", self.take_address, methods=["POST"]),
        ]

    async def upload_film(self, request: Request) -> Response:
        received_at = time.time()
        where = self.pages.permitted(request, "pages_manage_posts")
        fields, files = await parts_of(request)
        phase = fields.get("upload_phase")
        if phase == "start":
            fault = self.pages.fault(request, where.id, "", "upload")
            film = Film(
                id=self.pages.next_id(), page=where.id, edge="videos", size=int(fields["file_size"])
            )
            self.films[film.id] = film
            told = {"video_id": film.id, "upload_session_id": film.session}
            return await broken(fault) if fault else JSONResponse({**told, **film.wanted_next()})
        film = self._film(where, session=fields.get("upload_session_id", ""))
        if phase == "transfer":
            if "video_file_chunk" not in files:
                raise refusal(100, "(#100) The parameter video_file_chunk is required")
            film.take(fields.get("start_offset", ""), files["video_file_chunk"])
            return JSONResponse(film.wanted_next())
        return await self._finish(request, received_at, where, film, fields)

    async def upload_upright(self, request: Request) -> Response:
        received_at = time.time()
        where = self.pages.permitted(request, "pages_manage_posts")
        fields = {name: str(value) for name, value in (await request.form()).items()}
        edge = request.url.path.rpartition("/")[2]
        if fields.get("upload_phase") == "start":
            fault = self.pages.fault(request, where.id, "", "upload")
            film = Film(id=self.pages.next_id(), page=where.id, edge=edge)
            self.films[film.id] = film
            address = f"{origin(request)}/facebook/video-upload/{film.id}"
            told = {"video_id": film.id, "upload_url": address}
            return await broken(fault) if fault else JSONResponse(told)
        if fields.get("video_state") != "PUBLISHED":
            raise refusal(100, "(#100) Param video_state must be PUBLISHED")
        film = self._film(where, identifier=fields.get("video_id", ""))
        return await self._finish(request, received_at, where, film, fields)

    async def take_address(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        film = self.films.get(request.path_params["id"])
        access = self.pages.people.grants.access(token) if scheme == "OAuth" else None
        if film is None or access is None or access.account_id != film.page:
            raise refusal(190, "Invalid OAuth access token", status=401)
        film.seen = await fetched(request.headers.get("file_url", ""))
        film.judge()
        return JSONResponse({"success": True})

    async def _finish(
        self,
        request: Request,
        received_at: float,
        where: Page,
        film: Film,
        fields: dict[str, str],
    ) -> Response:
        text = fields.get("description", "")
        fault = self.pages.fault(request, where.id, text, "publish")
        self.pages.count(where)
        if fields.get("upload_phase") != "finish" or len(text) > MAXIMUM:
            raise refusal(100, "(#100) Invalid parameter")
        if film.edge == "video_stories" and text:
            raise refusal(100, "(#100) Unexpected parameter: description")
        film.demand_finished()
        assert film.seen is not None
        film.post = film.id
        self.pages.publish(
            request,
            received_at,
            where,
            text,
            "film",
            identifier=film.id,
            media=[film.seen.received()],
        )
        if fault:
            return await broken(fault)
        return JSONResponse({"success": True, "post_id": film.id})

    def _film(self, where: Page, *, session: str = "", identifier: str = "") -> Film:
        for film in self.films.values():
            if film.page == where.id and (film.session == session or film.id == identifier):
                return film
        raise no_such_object(session or identifier)
