"""The functions of the template, as tests call them in this process.

To read the template takes a quarter of a second, so it is read once. What a function is handed in
the end is in the environment, not here.
"""

import os
from functools import cache

from runner.template import PATH, Function, Template, function_named


@cache
def functions() -> list[Function]:
    return Template(PATH.read_text(), os.environ).functions


def function(name: str) -> Function:
    return function_named(functions(), name)
