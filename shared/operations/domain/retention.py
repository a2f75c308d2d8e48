"""Which records go into partitions of which periods."""

from shared.kernel.retention import Kept

PARTITIONED = {
    "request_logs": (Kept.MONTH, Kept.QUARTER, Kept.HALF_YEAR, Kept.YEAR),
    "system_logs": (Kept.MONTH, Kept.QUARTER, Kept.YEAR),
    "business_events": (Kept.TWO_YEARS,),
}
"""What is kept for good beside these is in one partition, which is never looked at here."""

AHEAD = 3
"""Months that there are partitions for: the running one, and those that follow."""
