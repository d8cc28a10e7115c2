# Runs an answer and then what is asked of it. The answer's program is main.py. On stdin stands one line of JSON: either a function and its arguments,
# or statements; and a word that only this program is told. The answer is run before the line is read, its stdin is empty, and what it prints goes to
# stderr, so that the reply is alone on stdout.
import json
import os
import sys
import types


def main():
    asked = os.fdopen(os.dup(0), "rb")
    reply = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    sys.setrecursionlimit(50000)
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)
    module = types.ModuleType("answer")
    sys.modules["answer"] = module  # where dataclasses look their annotations up
    names = module.__dict__
    for usual in USUAL:
        exec(usual, names)
    with open("main.py", encoding="utf-8") as source:
        exec(compile(source.read(), "main.py", "exec"), names)
    line = json.loads(asked.readline())
    if "function" in line:
        result = call(names, line["function"], line["arguments"])
    else:
        result = state(names, line["statements"])
    sys.stdout.flush()
    reply.write(json.dumps({"word": line["word"], "result": result}, default=unknown).encode())
    reply.close()
    os._exit(0)


USUAL = [
    "import bisect, collections, functools, heapq, itertools, math, operator, random, re, string, sys",
    "from typing import *",
    "from collections import *",
    "from functools import *",
    "from heapq import *",
    "from itertools import *",
    "from bisect import *",
]


def call(names, function, arguments):
    solution = names.get("Solution")
    if isinstance(solution, type) and hasattr(solution, function):
        return getattr(solution(), function)(*arguments)
    return names[function](*arguments)


def state(names, statements):
    try:
        exec(compile(statements, "tests", "exec"), names)
    except AssertionError as failed:
        where = failed.__traceback__
        while where.tb_next is not None:
            where = where.tb_next
        return "line %d of the tests does not hold" % where.tb_lineno
    return True


def unknown(value):
    return {"no JSON": type(value).__name__}


main()
