"""What a person is told about the broker, and how often."""

import pytest

from runner.broker_news import BrokerNews


def test_one_sentence_when_lost_and_one_when_back(capsys: pytest.CaptureFixture[str]) -> None:
    news = BrokerNews("amqp://user:secret@broker.example:5673/%2F")
    news.back()
    news.lost("refused")
    news.lost("refused")
    news.back()
    news.back()
    lost, back = capsys.readouterr().out.splitlines()
    assert "broker.example:5673 cannot be reached (refused)" in lost
    assert "is back" in back
    assert "secret" not in lost + back


def test_what_another_process_tells_is_not_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    news = BrokerNews("amqp://broker.example/%2F", is_told=False)
    news.lost("refused")
    news.back()
    assert capsys.readouterr().out == ""
