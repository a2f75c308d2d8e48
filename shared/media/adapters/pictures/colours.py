"""The colours of a picture, as screens show them."""

from io import BytesIO

from PIL import Image, ImageCms

from shared.media.adapters.pictures.inspecting import has_alpha

_WHITE = (255, 255, 255)


def as_screens_show(image: Image.Image) -> Image.Image:
    """The same picture in sRGB, with transparency where it has any (`RGB` or `RGBA`).

    Nothing else of it is kept: Pillow would write comments and profiles into the next file.
    """
    seen = _in_srgb(image, "RGBA" if has_alpha(image) else "RGB")
    seen.info = {}
    return seen


def _in_srgb(image: Image.Image, mode: str) -> Image.Image:
    profile = image.info.get("icc_profile")
    if profile and image.mode in {"RGB", "RGBA", "CMYK", "L"}:
        try:
            return _converted(image, profile, mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that nobody can read changes nothing
    if image.mode.startswith("I"):
        return image.point(_of_sixteen_bits, "L").convert(mode)
    return image.convert(mode)


def on_white(image: Image.Image) -> Image.Image:
    """Without transparency, for formats that have none."""
    if image.mode != "RGBA":
        return image
    ground = Image.new("RGB", image.size, _WHITE)
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _of_sixteen_bits(value: int) -> float:
    return value * (1 / 256)  # Pillow's own conversion cuts off whatever is above 255


def _converted(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    seen = ImageCms.profileToProfile(
        image.convert("RGB") if alpha else image,
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        outputMode="RGB",
    )
    assert seen is not None
    if alpha:
        seen.putalpha(alpha)
    return seen if seen.mode == mode else seen.convert(mode)
