"""What AWS asks for: a month in which nothing happens, and a million scheduled posts.

idle    = hours * (stores + gateway) + what is kept and watched + ticks * (request + GB-seconds)
million = requests of the API + publishing + the database's work + logs + traffic
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from runner.schedule_expression import parse
from tests.architecture.tree import FUNCTIONS
from tests.scale.configured import (
    has_nat,
    interface_endpoints,
    memory_mb,
    number,
    secrets,
    stores,
)
from tests.scale.measured import CORES_PER_ACU, KEPT_BUSY, facts, publishers

HOURS = 730
_MILLION = 1_000_000
_MIB_PER_GB = 1024
BROKER_DISK_GB = {"mq.t3.micro": 20}
LARGER_BROKER_DISK_GB = 200
POSTS_AT_ONCE = {"small": 1, "standard": 50, "large": 1000}
"""How many posts a publisher finds in its batch: assumed, by how many are due together."""
NETWORK_DELAY = 0.2
CALLS = {"create a post": 1, "create a variant": 1, "create a schedule": 1, "list of 50": 2}
"""What a scheduled post asks of the API; assumed."""
LOG_BYTES = 1000
"""Of an invocation, with what Lambda adds and the gateway's line; assumed."""
TRAFFIC_BYTES = 10_000
"""Of a post of text to its network and back; assumed."""
PICTURE_BYTES = 500_000


@dataclass(frozen=True, kw_only=True)
class Price:
    usd: float
    per: str
    source: str


@cache
def prices() -> Mapping[str, Price]:
    told = _price_list()["prices"]
    return {name: Price(**each) for name, each in told.items()}


def read_on() -> str:
    return str(_price_list()["read"])


def region() -> str:
    return str(_price_list()["region"])


@cache
def _price_list() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "prices.toml").read_text())


def _usd(name: str) -> float:
    return prices()[name].usd


def _invocations(count: float, seconds: float, megabytes: int | None = None) -> float:
    """So many invocations of a function, with the template's memory unless told otherwise."""
    gb_seconds = count * seconds * (megabytes or memory_mb()) / _MIB_PER_GB
    requests = count / _MILLION * _usd("lambda_requests")
    return requests + gb_seconds * _usd("lambda_gb_second")


@cache
def ticks() -> Mapping[str, int]:
    """How often each timer ticks in a month of 30 days."""
    minutes = [datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=each) for each in range(43_200)]
    return {
        function.name: sum(
            map(parse(function.of_kind("ScheduleV2")[0].properties["ScheduleExpression"]), minutes)
        )
        for function in FUNCTIONS
        if function.of_kind("ScheduleV2")
    }


def idle_ticks() -> float:
    """A month of ticks that find nothing to do."""
    return sum(
        _invocations(count, facts()["ticks"][name]) + count / _MILLION * _usd("scheduler")
        for name, count in ticks().items()
    )


def watching() -> float:
    return (
        number("template.yaml", "AWS::CloudWatch::Alarm") * _usd("alarm_month")
        + number("template.yaml", "AWS::Logs::MetricFilter") * _usd("metric_month")
        + number("template.yaml", "AWS::CloudWatch::Dashboard") * _usd("dashboard_month")
        + sum(ticks().values()) * LOG_BYTES / 1e9 * _usd("logs_gb")
    )


def idle(size: str) -> Mapping[str, float]:
    """Dollars for a month, by what they are for."""
    chosen = stores(size)
    instances = 2 if chosen["DatabaseSpare"] == "yes" else 1
    nodes = 3 if chosen["BrokerMode"] == "CLUSTER_MULTI_AZ" else 1
    disk = BROKER_DISK_GB.get(chosen["BrokerSize"], LARGER_BROKER_DISK_GB)
    capacity = float(chosen["DatabaseFewest"]) * instances * _usd("aurora_acu_hour")
    return {
        "functions and timers": idle_ticks(),
        "alarms, metrics, dashboard, logs": watching(),
        "database": HOURS * capacity,
        "broker": nodes
        * (HOURS * _usd(chosen["BrokerSize"]) + disk * _usd("broker_storage_month")),
        "cache": HOURS * _usd(chosen["CacheSize"]),
        "gateway to the internet": has_nat(size)
        * HOURS
        * (_usd("nat_hour") + _usd("address_hour")),
        "endpoints in its place": interface_endpoints(size) * HOURS * _usd("endpoint_hour"),
        "secrets": secrets() * _usd("secret_month"),
    }


def million(size: str) -> Mapping[str, float]:
    """Dollars for a million scheduled posts of text, beyond what a month costs anyway."""
    calls = sum(CALLS.values())
    answering = sum(
        _invocations(_MILLION * count, facts()["requests"][name]) for name, count in CALLS.items()
    )
    at_once = POSTS_AT_ONCE[size]
    logged = _MILLION * (calls + 1 / at_once) * LOG_BYTES / 1e9
    return {
        "API, requests": calls * _usd("api_requests"),
        "API, functions": answering,
        "publisher": publishing(memory_mb(), at_once, _seconds(at_once)),
        "database": _MILLION * _database_seconds() * _core_second(),
        "logs": logged * _usd("logs_gb"),
        "traffic": _traffic(size, TRAFFIC_BYTES),
    }


def scanning(posts_a_minute: float) -> float:
    """A month of a scanner that stays awake until the last post of its minute.

    Posts are due at any second: the last of `n` is due, on average, after so much of the minute.
    """
    if not posts_a_minute:
        return 0.0
    awake = 60 * (1 - (1 - math.exp(-posts_a_minute)) / posts_a_minute)
    return _invocations(43_200, awake)


def picture_million(size: str) -> float:
    """What a picture with each of a million posts adds, for its way to the network alone."""
    return _traffic(size, PICTURE_BYTES)


def _traffic(size: str, octets: int) -> float:
    """Of so many bytes for each of a million posts, by the gateway where there is one."""
    gateway = _usd("nat_gb") if has_nat(size) else 0.0
    return _MILLION * octets / 1e9 * (gateway + _usd("out_gb"))


def _seconds(at_once: int) -> float:
    """Wall time of a publisher's invocation with so many posts."""
    measured = {each.delay: each for each in publishers() if each.megabytes == memory_mb()}
    one = measured[NETWORK_DELAY]
    return max(one.alone, at_once / one.posts_per_second)


def publishing(megabytes: int, at_once: int, seconds: float) -> float:
    """A million posts, published so many at once in so many seconds."""
    return _invocations(_MILLION / at_once, seconds, megabytes)


def posts_per_gb_second(posts_per_second: float, megabytes: int) -> float:
    return posts_per_second / (megabytes / _MIB_PER_GB)


def _database_seconds() -> float:
    """Of a database's core, for a post from its creation to its record."""
    cpu = facts()["cpu"]
    creating = sum(cpu["database_request_seconds"][name] * count for name, count in CALLS.items())
    return float(cpu["database_claim_seconds"] + cpu["database_publish_seconds"] + creating)


def _core_second() -> float:
    return _usd("aurora_acu_hour") / 3600 / CORES_PER_ACU / KEPT_BUSY
