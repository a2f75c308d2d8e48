"""What arrived is told apart by network: two of them may give the same id."""

from tests.simulator.receipts import Receipt, Receipts


def _receipt(network: str) -> Receipt:
    return Receipt(
        network=network, account="1", id="17", url="", text="Tea", key=None, received_at=0.0
    )


def test_the_same_id_at_two_networks_is_two_posts() -> None:
    receipts = Receipts()
    receipts.add(_receipt("instagram"))
    receipts.add(_receipt("threads"))
    receipts.repeated("threads", "17")
    shown = receipts.shown(None, None)
    assert [(each["network"], each["repeats"]) for each in shown] == [
        ("instagram", 0),
        ("threads", 1),
    ]
