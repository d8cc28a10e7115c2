"""What bench-peers.py and bench-peers-generate.py share: turns of two programs, each in a process of its own, and their medians."""

import argparse
import ctypes.util
import itertools
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VARIANTS = ("float32", "bfloat16")
COMPUTE = ("float", "bfloat16", "int8", "auto")


def words(parser, option, text, known):
    """An option's words, which stand between commas."""
    given = text.split(",")
    unknown = [each for each in given if each not in known]
    if unknown:
        parser.error(f"{option}: {', '.join(unknown)} is none of {', '.join(known)}")
    return given


def sizes(parser, option, text):
    """An option's whole numbers from 1 on, which stand between commas."""
    if not all(size.isdecimal() and int(size) > 0 for size in text.split(",")):
        parser.error(f"{option}: must be whole numbers from 1 on; got {text}")
    return [int(size) for size in text.split(",")]


def add_common(parser):
    """The options that both have."""
    parser.add_argument("--model", required=True, help="Hugging Face folder, or the name of a shape (distill bench train --help)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of either side (default: %(default)s)")
    parser.add_argument("--variants", default=",".join(VARIANTS), help="of transformers, with commas (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the peer's Python (default: this one)")
    parser.add_argument("--work", help="where the weights of a shape are made, and stay (default: a temporary folder)")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--peer", help=argparse.SUPPRESS)  # the inner call: one turn of this variant


def options(args, *names):
    """These options, as words of another command line."""
    return [word for name in names for word in (f"--{name.replace('_', '-')}", str(getattr(args, name)))]


def turn(who, command, rates, environment=None):
    """Runs a program that ends with a line of JSON; the object, with whose rates and memory the user is kept informed."""
    print(f"{who} ...", file=sys.stderr, flush=True)
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{who}: ended with {done.returncode}: {' '.join(command)}\n{done.stderr[-2000:]}")
    result = json.loads(done.stdout.strip().splitlines()[-1])
    figures = ", ".join(f"{rate.removesuffix('_per_s').replace('_', ' ')} {result[rate]:.1f}/s" for rate in rates)
    print(f"{who}: {figures}, {result['peak_rss_mib']} MiB", file=sys.stderr, flush=True)
    return result


def our_turn(args, which, compute, rates, more, work):
    program = os.environ.get("DISTILL", str(HERE / "distill"))
    command = [program, "bench", which, "--json", "--quiet", "--model", args.model, "--compute", compute, *more]
    return turn(f"distill {compute}", command if Path(args.model).exists() else [*command, "--work", work], rates)


def peer_turn(args, who, variant, program, rates, more, work):
    """The inner call of a program. A shape's weights were made by our first turn, with the seed 0."""
    model = args.model if Path(args.model).exists() else str(Path(work) / f"{args.model}-0")
    environment = dict(os.environ, OMP_NUM_THREADS=str(args.threads), TOKENIZERS_PARALLELISM="false")
    allocator = tcmalloc()
    if allocator:
        environment["LD_PRELOAD"] = allocator
    return turn(who, [args.python, program, "--peer", variant, "--model", model, *more], rates, environment)


def tcmalloc():
    return ctypes.util.find_library("tcmalloc_minimal") or ctypes.util.find_library("tcmalloc")


def in_turns(rounds, *sides):
    """Runs what makes a turn, a dictionary by name for each side: first of ours, first of the peer's, second of ours, and so on."""
    done = [{name: [] for name in side} for side in sides]
    for _ in range(rounds):
        for names in itertools.zip_longest(*sides):
            for side, turns, name in zip(sides, done, names):
                if name is not None:
                    turns[name].append(side[name]())
    return done


def summary(turns, *rates):
    """Medians of the turns, with the least and the greatest of the last rate."""
    of_last = [each[rates[-1]] for each in turns]
    return {
        **{rate: statistics.median(each[rate] for each in turns) for rate in rates},
        "min": min(of_last),
        "max": max(of_last),
        "peak_rss_mib": max(each["peak_rss_mib"] for each in turns),
        "turns": len(turns),
    }


def peak_rss_mib():
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0
