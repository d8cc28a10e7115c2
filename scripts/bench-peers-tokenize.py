#!/usr/bin/env python3
"""Times encoding by this program, by its two engines, and by Hugging Face's tokenizers in turns, on one machine.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another), and a Python with tokenizers (--python; by default the one
that runs this).

Each turn is a process of its own that encodes the same texts: tokenizers' encode_batch, 1,000 texts at a time, our byte-level BPE in Java,
Hugging Face's native code under Java, for --rounds rounds. Every turn has a warm-up and gives the median of --repeats times. The texts are
reasoning of words made of syllables, frequent ones frequent, the same each time, or those of --texts: every string of more than 200
characters in JSONL files. All three must count the same tokens.

    scripts/bench-peers-tokenize.py --tokenizer models/qwen --python peers/bin/python
    scripts/bench-peers-tokenize.py --tokenizer models/qwen --texts math.jsonl traces.jsonl --python peers/bin/python
"""

import argparse
import itertools
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import peer_turns

RATES = ("tokens_per_s", "mb_per_s")
ENGINES = ("own", "djl")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tokenizer", required=True, help="a folder with a tokenizer.json")
    parser.add_argument("--texts", nargs="*", default=[], metavar="FILE", help="JSONL files (default: made texts)")
    parser.add_argument("--made", type=int, default=10_000, help="made texts (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=3, help="times of a turn that count (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of either side (default: %(default)s)")
    parser.add_argument("--engines", default=",".join(ENGINES), help="ours, with commas (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the peer's Python (default: this one)")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)  # the inner call: one turn of tokenizers
    args = parser.parse_args()
    args.engines = peer_turns.words(parser, "--engines", args.engines, ENGINES)
    if not (Path(args.tokenizer) / "tokenizer.json").is_file():
        parser.error(f"--tokenizer: no tokenizer.json in {args.tokenizer}")
    missing = [file for file in args.texts if not Path(file).is_file()]
    if missing:
        parser.error(f"--texts: no such file: {', '.join(missing)}")
    return args


def made_texts(count):
    """Reasoning of no meaning: 20,000 words of one to four syllables, by Zipf's law."""
    chance = random.Random(0)
    syllables = [
        begin + vowel + end
        for begin in "|b|c|d|f|g|h|l|m|n|p|r|s|t|th|tr|st|v|w".split("|")
        for vowel in "aeiou"
        for end in "|n|r|s|l|t".split("|")
    ]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    totals = list(itertools.accumulate(weights))
    return [" ".join(chance.choices(words, cum_weights=totals, k=chance.randint(235, 470))) + "." for _ in range(count)]


def strings(value):
    if isinstance(value, str):
        if len(value) > 200:
            yield value
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def read(files):
    return [text for file in files for line in open(file, encoding="utf-8") for text in strings(json.loads(line))]


def peer(args):
    """One turn of tokenizers, in a process of its own."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(args.tokenizer) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = read(args.texts)
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    times = []
    for _ in range(1 + args.repeats):
        tokens = 0
        begin = time.perf_counter()
        for at in range(0, len(texts), 1000):
            tokens += sum(len(each) for each in tokenizer.encode_batch(texts[at : at + 1000], add_special_tokens=False))
        times.append(time.perf_counter() - begin)
    seconds = statistics.median(times[1:])
    result = {"tokens": tokens, "mb": megabytes, "tokens_per_s": tokens / seconds, "mb_per_s": megabytes / seconds}
    print(json.dumps({**result, "peak_rss_mib": peer_turns.peak_rss_mib()}))


def measure(args, files):
    program = os.environ.get("DISTILL", str(peer_turns.HERE / "distill"))
    common = ["--tokenizer", args.tokenizer, "--repeats", str(args.repeats), "--threads", str(args.threads)]

    def theirs():
        environment = dict(os.environ, RAYON_NUM_THREADS=str(args.threads), TOKENIZERS_PARALLELISM="true")
        command = [args.python, __file__, "--peer", *common, "--texts", *files]
        return peer_turns.turn("tokenizers", command, RATES, environment)

    def ours(engine):
        command = [program, "bench", "tokenize", "--json", "--quiet", "--engine", engine, *common, "--input", *files]
        return peer_turns.turn(f"distill {engine}", command, RATES)

    own = {engine: lambda engine=engine: ours(engine) for engine in args.engines}
    mine, peers = peer_turns.in_turns(args.rounds, own, {"tokenizers": theirs})
    turns = {**peers, **mine}
    counts = {name: sorted({each["tokens"] for each in all_turns}) for name, all_turns in turns.items()}
    if len({count for each in counts.values() for count in each}) != 1:
        sys.exit(f"the tokens differ: {counts}")
    result = {name: peer_turns.summary(all_turns, "mb_per_s", "tokens_per_s") for name, all_turns in turns.items()}
    (base,) = {name: each for name, each in result.items() if name == "tokenizers"}.values()
    for each in result.values():
        each["ratio"] = each["tokens_per_s"] / base["tokens_per_s"]
    first = turns["tokenizers"][0]
    return {"tokens": first["tokens"], "mb": first["mb"], "threads": args.threads, "engines": result}


def main():
    args = arguments()
    if args.peer:
        peer(args)
        return
    with tempfile.TemporaryDirectory() as work:
        files = args.texts
        if not files:
            made = Path(work) / "made.jsonl"
            made.write_text("".join(json.dumps({"text": text}) + "\n" for text in made_texts(args.made)), encoding="utf-8")
            files = [str(made)]
        result = measure(args, files)
    if args.json:
        print(json.dumps(result))
        return
    print(f"{result['mb']:.1f} MB, {result['tokens']} tokens, {result['threads']} threads")
    print(f"{'':12}{'tokens/s':>12}{'least':>12}{'greatest':>12}{'MB/s':>8}{'MiB':>8}{'ratio':>8}")
    for name, each in result["engines"].items():
        rates = "".join(f"{each[key]:12,.0f}" for key in ("tokens_per_s", "min", "max"))
        print(f"{name:12}{rates}{each['mb_per_s']:8.1f}{each['peak_rss_mib']:8}{each['ratio']:8.2f}")


if __name__ == "__main__":
    main()
