"""Where files are looked into and made anew, each by the libraries of its kind.

A picture does not have the libraries of films imported, which take as long as all the rest.
"""

from dataclasses import dataclass
from pathlib import Path

from shared.media.domain.facts import Facts
from shared.media.domain.plans import Animate, AsItIs, Draw, Encode, Plan, Unfit, Wrap
from shared.media.domain.preview import Preview
from shared.media.domain.refusals import MediaRefused
from shared.media.domain.signature import MediaFormat


@dataclass(frozen=True, kw_only=True)
class LibraryWorkshop:
    """`pixels` bound what is opened; `until`, of the monotonic clock, how long films are made."""

    pixels: int
    until: float

    def clean(self, source: Path, target: Path, format_: MediaFormat) -> None:
        if format_.is_picture:
            from shared.media.adapters.pictures.cleaning import clean_picture

            clean_picture(source, target, format_, pixels=self.pixels)
        elif format_.is_film:
            from shared.media.adapters.films.wrapping import wrap

            wrap(source, target, format_, pixels=self.pixels, into=format_)
        else:
            from shared.media.adapters.documents import clean_document

            clean_document(source, target)

    def inspect(self, path: Path, format_: MediaFormat) -> Facts:
        if format_.is_picture:
            from shared.media.adapters.pictures.inspecting import inspect_picture

            return inspect_picture(path, format_, pixels=self.pixels)
        if format_.is_film:
            from shared.media.adapters.films.inspecting import inspect_film

            return inspect_film(path, format_, pixels=self.pixels)
        from shared.media.adapters.documents import inspect_document

        return inspect_document(path, format_)

    def preview(self, path: Path, facts: Facts) -> Preview | None:
        if facts.format.is_picture:
            from shared.media.adapters.pictures.previewing import preview_picture

            return preview_picture(path, facts.format, pixels=self.pixels)
        if facts.format.is_film:
            from shared.media.adapters.films.previewing import preview_film

            return preview_film(path, facts.format, pixels=self.pixels)
        return None

    def make(self, plan: Plan, source: Path, target: Path, facts: Facts) -> Facts:
        match plan:
            case Draw() | Animate():
                self._draw(plan, source, target, facts)
                format_ = plan.format if isinstance(plan, Draw) else MediaFormat.GIF
            case Wrap() | Encode():
                self._film(plan, source, target, facts)
                format_ = MediaFormat.MP4
            case AsItIs() | Unfit():
                raise ValueError("there is nothing to make")
        return self.inspect(target, format_)

    def _draw(self, plan: Draw | Animate, source: Path, target: Path, facts: Facts) -> None:
        from shared.media.adapters.pictures.drawing import animate, draw

        if isinstance(plan, Draw):
            drawn = draw(source, facts.format, plan, pixels=self.pixels)
        else:
            drawn = animate(source, facts.format, plan, pixels=self.pixels)
        target.write_bytes(drawn)

    def _film(self, plan: Wrap | Encode, source: Path, target: Path, facts: Facts) -> None:
        from shared.media.adapters.films.animations import moving_pictures
        from shared.media.adapters.films.encoding import encode_animation, encode_film
        from shared.media.adapters.films.wrapping import wrap

        if isinstance(plan, Wrap):
            wrap(source, target, facts.format, pixels=self.pixels, into=MediaFormat.MP4)
            if target.stat().st_size > plan.max_bytes:
                raise MediaRefused(
                    "MEDIA_TOO_MANY_BYTES", f"It has more than {plan.max_bytes} bytes"
                )
        elif facts.format.is_film:
            encode_film(source, target, facts.format, plan, pixels=self.pixels, until=self.until)
        else:
            encode_animation(
                lambda: moving_pictures(source, facts.format, times=plan.times, pixels=self.pixels),
                target,
                plan,
                until=self.until,
            )
