#!/usr/bin/env python3
"""Times finding near duplicates beside datatrove, and grading beside Math-Verify, in turns on one machine.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another); for --python-datatrove a Python with datatrove[processing],
orjson and spacy, for --pairs and --python-math-verify one with math-verify. A side whose Python is not given is left out.

Documents are made once, as JSON lines: 620 random words each, a tenth of them copies of one of the first 5,000 with one word of 50
changed. Either side gets the same files and the same parameters: shingles of 5 words, 14 bands of 8 values. datatrove drops whatever
shares a band with another; this program compares the shingles of such pairs and drops from --similarity on. The time is that of all
stages from reading to the last decision, in memory here and from file to file there, without the start of either program.

What is told beside the rates: recall, the share of copies that went (of a text and its copies one may stay), and false removals,
texts of which nothing stayed. Grading: the pairs of --pairs, one after the other on one thread on either side.

    scripts/bench-peers-curate.py --python-datatrove datatrove/bin/python --python-math-verify peers/bin/python \\
        --pairs math_equivalence/math_verify_dev.json
"""

import argparse
import glob
import gzip
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import peer_turns

WORDS, BANDS, ROWS = 5, 14, 8
RATE = "rows_per_s"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--docs", type=int, default=5000, help="documents (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="or processes, of either side (default: %(default)s)")
    parser.add_argument("--similarity", type=float, default=0.7, help="of the shingles, from which ours drops (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the documents (default: %(default)s)")
    parser.add_argument("--python-datatrove", help="a Python that has datatrove")
    parser.add_argument("--python-math-verify", help="a Python that has math-verify")
    parser.add_argument("--pairs", help="JSON with gold and pred, to be graded")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--peer", choices=("datatrove", "math-verify"), help=argparse.SUPPRESS)  # the inner call: one turn
    parser.add_argument("--work", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if (args.python_math_verify is None) != (args.pairs is None) and not args.peer:
        parser.error("--pairs and --python-math-verify go together")
    if args.pairs and not Path(args.pairs).is_file():
        parser.error(f"--pairs: no such file: {args.pairs}")
    return args


# ---- documents


def documents(count, seed):
    """Id, text and the id of what it is a copy of, or its own."""
    chance = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(chance.choice(letters) for _ in range(chance.randint(2, 9))) for _ in range(20000)]
    sources = []
    for number in range(count):
        if sources and chance.random() < 0.1:
            origin, text = chance.choice(sources)
            copied = text.split(" ")
            for _ in range(len(copied) // 50):
                copied[chance.randrange(len(copied))] = chance.choice(words)
            yield str(number), " ".join(copied), origin
        else:
            text = " ".join(chance.choice(words) for _ in range(620))
            if len(sources) < 5000:
                sources.append((str(number), text))
            yield str(number), text, str(number)


def write(args, work):
    """One file for us, the same rows in as many as it has workers for datatrove; what each is a copy of."""
    (work / "in").mkdir()
    origins, size = {}, 0
    parts = [gzip.open(work / "in" / f"{part:05d}.jsonl.gz", "wt", compresslevel=1) for part in range(args.threads)]
    with open(work / "documents.jsonl", "w", encoding="utf-8") as whole:
        for number, (name, text, origin) in enumerate(documents(args.docs, args.seed)):
            line = json.dumps({"id": name, "text": text}) + "\n"
            whole.write(line)
            parts[number % args.threads].write(line)
            origins[name] = origin
            size += len(text)
    for part in parts:
        part.close()
    return origins, size


def judged(kept, origins):
    """Recall and false removals of what was kept."""
    groups, stayed = Counter(origins.values()), Counter(origins[name] for name in kept)
    copies = sum(size - 1 for size in groups.values())
    gone = sum(size - max(1, stayed[origin]) for origin, size in groups.items())
    return {
        "planted": copies,
        "recall": gone / copies if copies else 1.0,
        "false_removals": sum(stayed[origin] == 0 for origin in groups),
    }


# ---- one turn of a peer, in a process of its own


def datatrove(args):
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import (
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
        MinhashDedupSignature,
    )
    from datatrove.pipeline.dedup.minhash import MinhashConfig
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter
    from datatrove.utils.hashing import HashConfig

    work = Path(args.work)
    folder = {name: str(work / "datatrove" / name) for name in ("signatures", "buckets", "remove", "out", "logs")}
    shutil.rmtree(work / "datatrove", ignore_errors=True)
    config = MinhashConfig(n_grams=WORDS, num_buckets=BANDS, hashes_per_bucket=ROWS, hash_config=HashConfig(precision=64))

    def documents_in():
        return JsonlReader(str(work / "in"))

    stages = (
        (args.threads, [documents_in(), MinhashDedupSignature(folder["signatures"], config=config)]),
        (BANDS, [MinhashDedupBuckets(folder["signatures"], folder["buckets"], config=config)]),
        (1, [MinhashDedupCluster(folder["buckets"], folder["remove"], config=config)]),
        (args.threads, [documents_in(), MinhashDedupFilter(folder["remove"]), JsonlWriter(folder["out"])]),
    )
    begin = time.perf_counter()
    for number, (tasks, steps) in enumerate(stages):
        logs = f"{folder['logs']}/{number}"
        LocalPipelineExecutor(pipeline=steps, tasks=tasks, workers=args.threads, logging_dir=logs).run()
    seconds = time.perf_counter() - begin
    kept = []
    for file in glob.glob(f"{folder['out']}/*.gz"):
        with gzip.open(file, "rt") as rows:
            kept += [json.loads(row)["id"] for row in rows]
    (work / "datatrove.kept").write_text("\n".join(kept), encoding="utf-8")
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024  # the workers do the work
    return {RATE: args.docs / seconds, "peak_rss_mib": max(largest, peer_turns.peak_rss_mib())}


def math_verify(args):
    from math_verify import parse, verify

    pairs = [pair for pair in json.loads(Path(args.pairs).read_text(encoding="utf-8")) if "gold" in pair and "pred" in pair]
    verify(parse("$1$"), parse("$2$"))  # its grammars are compiled
    begin = time.perf_counter()
    right = sum(bool(verify(parse(pair["gold"]), parse(pair["pred"]))) for pair in pairs)
    seconds = time.perf_counter() - begin
    return {RATE: len(pairs) / seconds, "equal": right, "pairs": len(pairs), "peak_rss_mib": peer_turns.peak_rss_mib()}


# ---- turns


def ours(args, part, more):
    program = os.environ.get("DISTILL", str(peer_turns.HERE / "distill"))
    command = [program, "bench", "curate", "--json", "--quiet", "--parts", part, "--warm-ups", "3", "--repeats", "3", *more]
    return peer_turns.turn(f"distill {part}", command, ())


def duplicates(args, work):
    origins, size = write(args, work)
    kept_by_us = work / "distill.kept"
    more = ["--input", str(work / "documents.jsonl"), "--rows", str(args.docs), "--threads", str(args.threads)]
    more += ["--shingle-words", str(WORDS), "--bands", str(BANDS), "--band-rows", str(ROWS)]
    more += ["--similarity", str(args.similarity), "--kept", str(kept_by_us)]

    def we():
        return {**ours(args, "dedup", more), **judged(kept_by_us.read_text(encoding="utf-8").split(), origins)}

    def they():
        command = [args.python_datatrove, __file__, "--peer", "datatrove", "--work", str(work)]
        command += ["--docs", str(args.docs), "--threads", str(args.threads)]
        turn = peer_turns.turn("datatrove", command, (RATE,))
        return {**turn, **judged((work / "datatrove.kept").read_text(encoding="utf-8").split(), origins)}

    return table_of(args, we, they, ("planted", "recall", "false_removals"), {"docs": args.docs, "mb": size / 1e6})


def grading(args):
    more = ["--pairs", args.pairs, "--threads", "1", "--rows", "1"]

    def they():
        command = [args.python_math_verify, __file__, "--peer", "math-verify", "--pairs", args.pairs]
        return peer_turns.turn("math-verify", command, (RATE,))

    return table_of(args, lambda: ours(args, "grading", more), they, (), {"pairs": args.pairs})


def table_of(args, we, they, also, settings):
    (us,), (them,) = (side.values() for side in peer_turns.in_turns(args.rounds, {"distill": we}, {"peer": they}))
    sides = {}
    for name, turns in (("distill", us), ("peer", them)):
        sides[name] = {**peer_turns.summary(turns, RATE), **{key: turns[-1][key] for key in also}}
    return {**settings, **sides, "ratio": sides["distill"][RATE] / sides["peer"][RATE]}


def text(name, peer, report):
    lines = [f"{name}, rows/s, medians of the turns, x: ours over theirs"]
    for side, label in (("distill", "distill"), ("peer", peer)):
        row = report[side]
        found = f"  recall {row['recall']:.4f} of {row['planted']}, {row['false_removals']} false" if "recall" in row else ""
        lines.append(f"  {label:12}{row[RATE]:11.1f}  ({row['min']:.1f} to {row['max']:.1f}){row['peak_rss_mib']:7} MiB{found}")
    return "\n".join([*lines, f"  x {report['ratio']:.1f}"])


def main():
    args = arguments()
    if args.peer:
        print(json.dumps(datatrove(args) if args.peer == "datatrove" else math_verify(args)))
        return
    reports = {}
    if args.python_datatrove:
        with tempfile.TemporaryDirectory() as work:
            reports["dedup"] = duplicates(args, Path(work))
    if args.python_math_verify:
        reports["grading"] = grading(args)
    if not reports:
        sys.exit("nothing to do: give --python-datatrove, or --pairs and --python-math-verify")
    if args.json:
        print(json.dumps({"threads": args.threads, "similarity": args.similarity, **reports}))
        return
    for part, peer in (("dedup", "datatrove"), ("grading", "math-verify")):
        if part in reports:
            print(text(part, peer, reports[part]))


if __name__ == "__main__":
    main()
