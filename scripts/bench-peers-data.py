#!/usr/bin/env python3
"""Times the ways of data by this program and by Python's in turns, on one machine, the same data on both sides.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another), and a Python with pyarrow (--python; by default the one that runs
this). Each turn is a process of its own, first ours, then the peer's, --rounds times, so that whatever else the machine does slows both. A
line of JSON a turn; the last line has the medians and the ratios, ours over theirs.

shards: `bench shards` writes --rows synthetic traces, and reads them again. Then pyarrow reads these files, makes one flat table of them (id, prompt,
reasoning, answer, source, tokens, finish), and writes and reads that: zstd 3 as we do, row groups of 10,000, with a dictionary and without, and
reads on all processors and on one; what is compared is the faster way of each. MB are the UTF-8 bytes of prompts, reasonings and answers on either side. Ours has more to do in that time: all
columns of a trace (a raw reply beside the answer among them), checksums, a sync of every file, a manifest; and reading, it makes objects,
and compares hashes and checksums. A side does it once before what counts.

    scripts/bench-peers-data.py --python peers/bin/python shards --rows 200000
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import peer_turns

PROGRAM = os.environ.get("DISTILL", str(peer_turns.HERE / "distill"))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3, help="turns of each (default: %(default)s)")
    parser.add_argument("--python", default=sys.executable, help="the peer's Python (default: this one)")
    parser.add_argument("--work", help="where data are written (default: a temporary folder)")
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)  # the inner call: one turn of the peer
    ways = parser.add_subparsers(dest="way", required=True, metavar="WAY")
    for name, way in WAYS.items():
        way.add_options(ways.add_parser(name, help=way.__doc__))
    return parser.parse_args()


def emit(**fields):
    print(json.dumps({key: round(value, 3) if isinstance(value, float) else value for key, value in fields.items()}), flush=True)


def in_turns(args, way, work):
    """All turns of a way, and last the medians and ratios of its rates."""
    sides = {"distill": [], way.PEER: []}
    for _ in range(args.rounds):
        sides["distill"].append(peer_turns.turn("distill", way.ours(args, work), way.RATES))
        emit(side="distill", **sides["distill"][-1])
        inner = [args.python, __file__, "--peer", "--work", work, *way.inner(args)]
        sides[way.PEER].append(peer_turns.turn(way.PEER, inner, way.RATES))
        emit(side=way.PEER, **sides[way.PEER][-1])
    medians = {side: {rate: statistics.median(turn[rate] for turn in turns) for rate in way.RATES} for side, turns in sides.items()}
    ratios = {f"{rate}_ratio": medians["distill"][rate] / medians[way.PEER][rate] for rate in way.RATES}
    every = {f"{rate}_ratios": [round(a[rate] / b[rate], 3) for a, b in zip(*sides.values())] for rate in way.RATES}
    emit(way=args.way, rounds=args.rounds, **ratios, **every)


# ---- shards


class Shards:
    """traces to Parquet and back, beside pyarrow"""

    PEER = "pyarrow"
    RATES = ("write_mb_per_s", "read_mb_per_s")
    COLUMNS = ["id", "messages", "reasoning", "answer", "source", "usage", "sample", "finish"]

    @staticmethod
    def add_options(parser):
        parser.add_argument("--rows", type=int, default=200_000, help="traces (default: %(default)s)")
        parser.add_argument("--repeats", type=int, default=3, help="times of a turn that count (default: %(default)s)")

    @staticmethod
    def ours(args, work):
        traces = str(Path(work) / "traces")
        return [PROGRAM, "bench", "shards", "--json", "--quiet", "--rows", str(args.rows), "--repeats", str(args.repeats), "--dir", traces]

    @staticmethod
    def inner(args):
        return ["shards", "--rows", str(args.rows), "--repeats", str(args.repeats)]

    @staticmethod
    def peer(args):
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        table = Shards.flat(Path(args.work) / "traces")
        megabytes = sum(pc.sum(pc.binary_length(table[name])).as_py() for name in ("prompt", "reasoning", "answer")) / 1e6
        file = Path(args.work) / "pyarrow.parquet"
        writes, reads = {}, {}
        for dictionary in (True, False):
            for turn in range(1 + args.repeats):
                begin = time.perf_counter()
                pq.write_table(table, file, row_group_size=10_000, compression="zstd", compression_level=3, use_dictionary=dictionary)
                written = time.perf_counter() - begin
                if turn > 0:
                    writes.setdefault(dictionary, []).append(written)
                for threads in (True, False):
                    begin = time.perf_counter()
                    rows = pq.read_table(file, use_threads=threads).num_rows
                    if turn > 0:
                        reads.setdefault((dictionary, threads), []).append(time.perf_counter() - begin)
                    assert rows == args.rows, rows
        write, read = (min(statistics.median(times) for times in way.values()) for way in (writes, reads))
        emit(
            write_mb_per_s=megabytes / write,
            read_mb_per_s=megabytes / read,
            mb=megabytes,
            file_mb=file.stat().st_size / 1e6,
            peak_rss_mib=peer_turns.peak_rss_mib(),
        )

    @staticmethod
    def flat(folder):
        """Our traces as parquet_bench-like columns, each in one piece."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        parts = []
        for file in sorted(folder.glob("traces-*.parquet")):
            table = pq.read_table(file, columns=Shards.COLUMNS)
            prompt = pc.list_flatten(table["messages"].combine_chunks())
            usage = table["usage"].combine_chunks()
            parts.append(
                pa.table(
                    {
                        "id": table["id"],
                        "prompt": pc.struct_field(prompt, "content"),
                        "reasoning": table["reasoning"],
                        "answer": table["answer"],
                        "source": table["source"],
                        "prompt_tokens": pc.struct_field(usage, "prompt_tokens"),
                        "completion_tokens": pc.struct_field(usage, "completion_tokens"),
                        "sample": table["sample"],
                        "finish": table["finish"],
                    }
                )
            )
        return pa.concat_tables(parts)


# ---- turns

WAYS = {"shards": Shards}


def main():
    args = arguments()
    way = WAYS[args.way]
    if args.peer:
        way.peer(args)
        return
    with tempfile.TemporaryDirectory() as temporary:
        in_turns(args, way, args.work or temporary)


if __name__ == "__main__":
    main()
