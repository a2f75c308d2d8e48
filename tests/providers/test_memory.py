"""What a simulator remembers when it is started again: connections to it go on working."""

from pathlib import Path
from urllib.parse import urlsplit

from shared.channels.api.delivery import Unanswered
from tests.providers.account import connect, connected, publication
from tests.simulator.client import Simulator
from tests.simulator.imitation import habits
from tests.simulator.server import running


def test_accounts_and_posts_outlive_it(slug: str, simulator: Simulator, tmp_path: Path) -> None:
    memory = tmp_path / "simulator.jsonl"
    wanted = publication("Said before, “ü”")
    with running(memory=memory) as url:
        account = connected(slug, Simulator(url))
        known = connect(slug, account.fields).external_id
        receipt = account.publish(wanted)
    with running(urlsplit(url).port or 0, memory) as again:
        assert again == url
        assert connect(slug, account.fields).external_id == known
        if account.provider.recovery != "none":
            assert account.find(wanted) == receipt
        if account.provider.recovery == "key":
            try:
                assert account.publish(wanted) == receipt
            except Unanswered:
                assert account.find(wanted) == receipt
        elif habits(slug).refuses_repeats:
            assert account.refusal(wanted).code == "DUPLICATE_CONTENT"
        assert account.receipts() == []
        later = account.publish(publication("Said after"))
        assert [arrived["id"] for arrived in account.receipts()] == [later.external_id]
        other = connected(slug, Simulator(url))
        assert connect(slug, other.fields).username != connect(slug, account.fields).username
