"""The channels there are, asked of channels."""

from collections.abc import Collection

from shared.channels.api import catalogue


class CatalogueChannels:
    def unknown(self, slugs: Collection[str]) -> list[str]:
        return sorted(set(slugs) - {channel.id for channel in catalogue.channels()})
