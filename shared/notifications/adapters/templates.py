"""Templates as files: ``templates/<language>/<name>.toml``, rendered as text and as HTML.

The sentences of a file are Jinja templates. Each is rendered twice: as it is for the text part, and
with every value escaped for the HTML part, so that the two cannot say different things. A new file
is a new template; what begins with an underscore belongs to all of its language.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, UndefinedError
from markupsafe import Markup

from shared.notifications.domain.letter import Letter, Unwritable, Value
from shared.notifications.domain.mail import Content

FOLDER = Path(__file__).parent / "templates"
FALLBACK = "en"

_TEXT = Environment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 plain text has nothing to escape
    trim_blocks=True,
    lstrip_blocks=True,
)
_HTML = Environment(
    loader=FileSystemLoader(FOLDER),
    undefined=StrictUndefined,
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class _Part:
    """One of the two parts of a mail: its sentences, compiled, and the page around them."""

    layout: Template
    before: list[Template]
    after: list[Template]
    words: Mapping[str, Template]
    leads_somewhere: bool

    def render(self, parameters: Mapping[str, Value], as_is: Callable[[str], str]) -> str:
        def shown(templates: list[Template]) -> list[str]:
            rendered = (each.render(parameters).strip() for each in templates)
            return [as_is(each) for each in rendered if each]

        return self.layout.render(
            {name: as_is(each.render(parameters)) for name, each in self.words.items()},
            before=shown(self.before),
            after=shown(self.after),
            link=parameters.get("link"),
        )


class FileTemplates:
    def write(self, letter: Letter) -> Content:
        language = _language(letter.template, letter.locale)
        subject, text, html = _compiled(language, letter.template)
        if text.leads_somewhere and "link" not in letter.parameters:
            raise Unwritable(f"{letter.template}: 'link' is undefined")
        try:
            return Content(
                subject=" ".join(subject.render(letter.parameters).split()),
                text=text.render(letter.parameters, str),
                html=html.render(letter.parameters, Markup),  # escaped by then
                language=language,
            )
        except UndefinedError as error:
            raise Unwritable(f"{letter.template}: {error.message}") from error


def _language(name: str, locale: str) -> str:
    """Of ``de-AT``, ``de`` and English the first that has the template.

    Raises:
        Unwritable: not even English has it.
    """
    for language in (locale.lower(), locale.lower().partition("-")[0], FALLBACK):
        if (FOLDER / language / f"{name}.toml").is_file():
            return language
    raise Unwritable(f"there is no template {name}")


@cache
def _compiled(language: str, name: str) -> tuple[Template, _Part, _Part]:
    said = _read(language, name)
    common = _read(language, "_common")
    subject = _TEXT.from_string(said.pop("subject"))
    before, after = said.pop("before"), said.pop("after", [])
    words = {"button": "", **common, **said, "lang": language}
    text, html = (
        _Part(
            layout=environment.get_template(layout),
            before=[environment.from_string(each) for each in before],
            after=[environment.from_string(each) for each in after],
            words={key: environment.from_string(each) for key, each in words.items()},
            leads_somewhere="button" in said,
        )
        for environment, layout in ((_TEXT, "_layout.txt"), (_HTML, "_layout.html"))
    )
    return subject, text, html


def _read(language: str, name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / language / f"{name}.toml").read_text(encoding="utf-8"))
