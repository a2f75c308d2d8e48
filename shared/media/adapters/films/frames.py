"""Pictures of films as Pillow has them, and back; PyAV has no types for either."""

from av.video.frame import VideoFrame
from PIL import Image


def as_frame(image: Image.Image) -> VideoFrame:
    frame: VideoFrame = VideoFrame.from_image(image)  # type: ignore[no-untyped-call]
    return frame


def as_image(frame: VideoFrame) -> Image.Image:
    image: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    return image
