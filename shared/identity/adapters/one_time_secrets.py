"""Secrets of one-time tokens."""

from shared.infrastructure.keyed_secrets import KeyedSecrets

ONE_TIME_SECRETS = KeyedSecrets("one-time")
