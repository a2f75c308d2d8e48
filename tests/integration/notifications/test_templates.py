"""Every template in every language: nothing of a value is more than text, nothing is missing."""

import re
import tomllib
from html.parser import HTMLParser
from typing import Any

import pytest
from jinja2 import Environment, meta

from shared.notifications.adapters.templates import FALLBACK, FOLDER, FileTemplates
from shared.notifications.domain.letter import Letter, Unwritable

LINK = "https://app.example.com/page#token=secret&x=1"
ALL: dict[str, Any] = {
    "name": "Ada",
    "link": LINK,
    "minutes": 30,
    "days": 7,
    "organization_name": "Engines",
    "inviter_name": "Charles",
    "role": "editor",
    "change": "passkey_added",
    "reason": "Nobody knows them",
    "waits_for_approval": True,
}
TEMPLATES = {
    "welcome": {"name", "link", "waits_for_approval"},
    "verify_email": {"name", "link"},
    "account_approved": {"name"},
    "account_rejected": {"name", "reason"},
    "account_exists": {"name"},
    "password_reset": {"name", "link", "minutes"},
    "password_reset_forced": {"name", "link", "minutes"},
    "password_changed": {"name"},
    "security_changed": {"name", "change"},
    "invitation": {"organization_name", "inviter_name", "role", "link", "days"},
}
"""What is asked for by name, and what comes with it."""

_NO_TEXTS = {"link", "minutes", "days", "waits_for_approval"}

LANGUAGES = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
HOSTILE = '<script>alert("x")</script>&{{ 7 * 7 }}{% raw %}'


def letter(template: str, locale: str = "en", **changes: Any) -> Letter:
    parameters = {name: ALL[name] for name in TEMPLATES[template]}
    return Letter(
        template=template, to="a@b.example", locale=locale, parameters={**parameters, **changes}
    )


class Page(HTMLParser):
    """What a mail program makes of the HTML part."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attributes if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_template_and_no_other(language: str) -> None:
    found = {path.stem for path in (FOLDER / language).glob("*.toml")} - {"_common"}
    assert found == TEMPLATES.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_asks_for_what_comes_with_it(template: str, language: str) -> None:
    said = tomllib.loads((FOLDER / language / f"{template}.toml").read_text())
    sentences = [said["subject"], *said["before"], *said.get("after", [])]
    environment = Environment(autoescape=True)
    asked = {
        name
        for sentence in sentences
        for name in meta.find_undeclared_variables(environment.parse(sentence))
    }
    assert asked | ({"link"} if "button" in said else set()) == TEMPLATES[template]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_both_parts_say_the_same(template: str, language: str) -> None:
    content = FileTemplates().write(letter(template, language))
    assert content.language == language
    assert f'<html lang="{language}">' in content.html
    shown = " ".join(Page(content.html).words)
    for paragraph in content.text.split("-- \n")[0].split("\n\n"):
        if LINK not in paragraph:
            assert " ".join(paragraph.split()) in shown
    if "link" in TEMPLATES[template]:
        assert LINK in content.text.splitlines()
        assert set(Page(content.html).links) == {LINK}
    else:
        assert Page(content.html).links == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_value_is_never_more_than_text(template: str, language: str) -> None:
    texts = dict.fromkeys(TEMPLATES[template] - _NO_TEXTS, HOSTILE)
    plain = FileTemplates().write(letter(template, language))
    content = FileTemplates().write(letter(template, language, **texts))
    assert Page(content.html).tags == Page(plain.html).tags
    assert "<script" not in content.html
    assert "49" not in content.text + content.html
    if texts.keys() - {"change"}:
        assert HOSTILE in content.text
    assert "\n" not in content.subject


@pytest.mark.parametrize(
    ("template", "missing"),
    [(template, name) for template, names in TEMPLATES.items() for name in sorted(names)],
)
def test_a_missing_parameter_is_told(template: str, missing: str) -> None:
    whole = letter(template)
    parameters = {name: value for name, value in whole.parameters.items() if name != missing}
    poor = Letter(template=template, to=whole.to, locale="en", parameters=parameters)
    with pytest.raises(Unwritable, match=missing):
        FileTemplates().write(poor)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("de", "de"), ("de-AT", "de"), ("DE-at", "de"), ("en-GB", "en"), ("fr", FALLBACK)],
)
def test_the_nearest_language_there_is(locale: str, language: str) -> None:
    assert FileTemplates().write(letter("welcome", locale)).language == language


def test_a_welcome_without_a_link_asks_for_nothing() -> None:
    content = FileTemplates().write(letter("welcome", link=None))
    assert "confirm" not in content.text
    assert Page(content.html).links == []


def test_only_who_waits_for_approval_is_told_so() -> None:
    assert "waits for approval" in FileTemplates().write(letter("welcome")).text
    open_at_once = FileTemplates().write(letter("welcome", waits_for_approval=False))
    assert "approval" not in open_at_once.text


def test_a_reason_is_told_where_there_is_one() -> None:
    told = FileTemplates().write(letter("account_rejected")).text
    untold = FileTemplates().write(letter("account_rejected", reason=None)).text
    assert "Nobody knows them" in told
    assert "can tell you why" not in told
    assert "can tell you why" in untold


def test_whoever_must_choose_a_new_password_is_not_told_that_the_old_one_stays() -> None:
    assert "stays" in FileTemplates().write(letter("password_reset")).text
    assert "stays" not in FileTemplates().write(letter("password_reset_forced")).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "change",
    [
        "second_factor_enabled",
        "second_factor_disabled",
        "second_factor_reset",
        "recovery_code_used",
        "passkey_added",
        "passkey_removed",
    ],
)
def test_each_change_of_security_has_words_of_its_own(change: str, language: str) -> None:
    unknown = FileTemplates().write(letter("security_changed", language, change="other"))
    known = FileTemplates().write(letter("security_changed", language, change=change))
    assert known.text != unknown.text
    assert not re.search(r"_", known.text)
