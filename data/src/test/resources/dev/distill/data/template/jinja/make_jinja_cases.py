"""Writes jinja_cases.json: templates, and what jinja2 prints for them with the settings of transformers.

Run with jinja2 3.1.6: python make_jinja_cases.py
Templates stand in jinja_cases.txt: one to a line, or several lines between two lines of three dashes.
"""

import json
import pathlib

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = pathlib.Path(__file__).parent

VARIABLES = {
    "n": None,
    "s": "Hello World-foo bar",
    "u": "a😀b",
    "l": [3, 1, 2, 1],
    "w": ["b", "A", "a", "C"],
    "f": 2.5,
    "g": 1e20,
    "h": 1e-7,
    "dd": {"b": 1, "a": [1, {"c": None}], "Z": True},
    "e": [],
    "users": [{"n": "x", "a": {"k": 1}}, {"n": "y", "a": {"k": 2}}, {"n": "z"}],
}


def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def templates(text):
    for i, part in enumerate(text.split("---\n")):
        if i % 2 == 1:
            yield part
        else:
            yield from part.splitlines()


env = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"])
env.filters["tojson"] = tojson
cases = [
    {"template": t, "expected": env.from_string(t).render(**VARIABLES)}
    for t in templates((HERE / "jinja_cases.txt").read_text())
]
result = {"jinja2": jinja2.__version__, "variables": VARIABLES, "cases": cases}
(HERE / "jinja_cases.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
