"""The networks there are, asked of channels."""

from shared.channels.api import catalogue
from shared.generation.domain.channel import Channel


def find_channel(slug: str) -> Channel:
    """The network of a slug.

    Raises:
        NotFound: `CHANNEL_NOT_FOUND`.
    """
    return catalogue.channel(slug)
