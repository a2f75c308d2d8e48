"""Films of a page: uploads in phases, by pieces or from an address, and what is told of them."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from tests.simulator.files import NoSuchFile, Seen, look_at
from tests.simulator.meta.answers import refusal

PIECE = 1024
"""Small, so that every film needs several."""
TAKES = 0.05
_BOUNDS = {
    "videos": (10 * 1024**3, 1, 14_400),
    "video_reels": (1024**3, 3, 90),
    "video_stories": (1024**3, 3, 60),
}


@dataclass(kw_only=True)
class Film:
    """`edge` is where its upload was opened. `published_at` is 0 until it is."""

    id: str
    page: str
    edge: str
    size: int = 0
    session: str = field(default_factory=lambda: secrets.token_hex(8))
    data: bytearray = field(default_factory=bytearray)
    seen: Seen | None = None
    ready_at: float = 0.0
    problem: str = ""
    post: str = ""

    def wanted_next(self) -> dict[str, str]:
        start = len(self.data)
        end = min(start + PIECE, self.size)
        return {"start_offset": str(start), "end_offset": str(end)}

    def take(self, start: str, piece: bytes) -> None:
        if start != str(len(self.data)):
            refused = refusal(
                6001, "There was a problem uploading your video file", 1363037, status=400
            )
            body = {
                "error": {
                    "message": "There was a problem uploading your video file",
                    "type": "OAuthException",
                    "code": 6001,
                    "error_subcode": 1363037,
                    "error_data": self.wanted_next(),
                }
            }
            refused.response.body = refused.response.render(body)
            refused.response.headers["content-length"] = str(len(refused.response.body))
            raise refused
        if not piece or len(self.data) + len(piece) > self.size or len(piece) > PIECE:
            raise refusal(6000, "There was a problem uploading your video file", 1363019)
        self.data += piece
        if len(self.data) == self.size:
            self.look()

    def look(self) -> None:
        try:
            self.seen = look_at(bytes(self.data))
        except NoSuchFile:
            self.problem = "The file is no film"
            return
        self.judge()

    def judge(self) -> None:
        assert self.seen is not None
        max_bytes, least, most = _BOUNDS[self.edge]
        seen = self.seen
        upright = self.edge == "videos" or (
            seen.width is not None
            and seen.height is not None
            and seen.width >= 540
            and abs(seen.width / seen.height - 9 / 16) < 0.01
            and seen.fps >= 23.9
        )
        is_film = seen.mime_type in {"video/mp4", "video/quicktime"}
        lasts = least <= seen.seconds + 0.05 and seen.seconds <= most + 0.5
        if not (is_film and upright and lasts and seen.size <= max_bytes):
            self.problem = "The film does not fit"
        self.ready_at = time.time() + TAKES

    @property
    def status(self) -> dict[str, Any]:
        is_there = self.seen is not None and time.time() >= self.ready_at
        uploading = "error" if self.problem else "complete" if is_there else "in_progress"
        return {
            "video_status": "ready"
            if self.post
            else "upload_complete"
            if is_there
            else "uploading",
            "uploading_phase": {"status": uploading},
            "processing_phase": {"status": "complete" if is_there else "not_started"},
            "publishing_phase": {"status": "complete" if self.post else "not_started"},
        }

    def demand_finished(self) -> None:
        if self.problem or self.seen is None:
            raise refusal(6000, f"There was a problem with your video: {self.problem}", 1363024)
        if self.post:
            raise refusal(100, "(#100) The video has been published already", 1363060)
