r"""Full text search in PostgreSQL: what counts as a word, and what a person looks for.

The configuration is ``simple``: every language is searched as it is written, without stems or stop
words. Where a language puts no spaces between words, each of its characters is a word. Addresses,
dates and the like are cut into their parts, as people look for them.
"""

import re
from typing import Literal

from sqlalchemy import ColumnElement, Text, bindparam, case, cast, func, literal, literal_column
from sqlalchemy.dialects.postgresql import REGCONFIG, TSQUERY

_UNSPACED = "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]"
"""Thai, Lao, Burmese, Khmer, kana and Han."""
_JOINTS = "-/._@:"
MARKUP = "</?[A-Za-z][^>]*>"
_SIMPLE = "'simple'::regconfig"

_ONE_UNSPACED = re.compile(f"({_UNSPACED})")
_JOINT = re.compile(rf"(?<=\w)[{re.escape(_JOINTS)}]+(?=\w)")
_PLAIN_LAST_WORD = re.compile(r'(?:^|[^\w"-])\w+[^\w"]*$')
_ENDS_IN_A_WORD = r"(^|[ (])'([^']|'')*'$"
"""Of a query as PostgreSQL spells it: in one that is neither refused nor inside of what is."""


def words(column: str) -> str:
    """SQL for the words of a column without its markup, spelled as PostgreSQL spells it back."""
    spaces = " " * len(_JOINTS)
    bare = f"regexp_replace({column}, '{MARKUP}'::text, ' '::text, 'g'::text)"
    spaced = f"regexp_replace({bare}, '({_UNSPACED})'::text, ' \\1 '::text, 'g'::text)"
    return f"to_tsvector({_SIMPLE}, translate({spaced}, '{_JOINTS}'::text, '{spaces}'::text))"


def weighted_words(title: str, text: str) -> str:
    """The words of both; those of the title weigh more."""
    heavy = words(f"(COALESCE({title}, ''::character varying))::text")
    return f"(setweight({heavy}, 'A'::\"char\") || setweight({words(text)}, 'B'::\"char\"))"


Search = Literal["none", "finished", "unfinished"]
"""Whether anything is looked for, and whether its last word may go on."""


def search_of(text: str) -> Search:
    if not text:
        return "none"
    return "unfinished" if _PLAIN_LAST_WORD.search(spaced(text)) else "finished"


def spaced(text: str) -> str:
    """What a person types into a search box, cut into words as columns are."""
    return _ONE_UNSPACED.sub(r" \1 ", _JOINT.sub(" ", text))


def looked_for(text: str) -> ColumnElement[str]:
    """The query of what a person types into a search box.

    Every word must be there; ``"…"`` is a phrase, ``or`` and ``-`` mean what they say. A last word
    may be unfinished, unless it is quoted or refused. Nothing is found by no words at all.
    """
    return _query(literal(spaced(text)), search_of(text))


def looked_for_given(name: str, search: Search) -> ColumnElement[str]:
    """The same of a statement that is kept, whose text, `spaced`, is given by this name."""
    return _query(bindparam(name, type_=Text), search)


def _query(text: ColumnElement[str], search: Search) -> ColumnElement[str]:
    simple = literal_column(_SIMPLE, REGCONFIG)
    query = func.websearch_to_tsquery(simple, text, type_=TSQUERY)
    if search != "unfinished":
        return query
    spelled = cast(query, Text)
    unfinished = cast(spelled.concat(":*"), TSQUERY)
    return case((spelled.regexp_match(_ENDS_IN_A_WORD), unfinished), else_=query)
