#!/usr/bin/env python3
"""Times harvests of this program, of curator and of the openai package in turns, against one server on this machine.

Needs an OpenAI-compatible test server that answers at once (--url), scripts/distill beside this file (DISTILL=PROGRAM names
another), and a Python with bespokelabs-curator and openai (--python; by default the one that runs this). The server shares the
machine with whoever asks it, so that its own work slows both.

Two comparisons, each in turns for --rounds rounds:

  whole     replies in one piece: requests/s of distill harvest and of curator, which keeps what it bought too
  streamed  streamed replies: events/s of distill harvest and of a bare loop over the openai package, which keeps nothing

Ours is the whole program: start, ledger synced before a reply counts, Parquet shards. The peers' time begins after their imports.

    scripts/bench-peers-harvest.py --url http://127.0.0.1:8009/v1 --events 197 --python peers/bin/python
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True  # nothing is left beside the scripts
import peer_turns

RATE = "requests_per_s"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True, help="the server's base, with /v1")
    parser.add_argument("--requests", type=int, default=10_000, help="of a turn, in one piece (default: %(default)s)")
    parser.add_argument("--streams", type=int, default=2_000, help="of a turn, streamed (default: %(default)s)")
    parser.add_argument("--peer-streams", type=int, default=500, help="of the openai package's turn (default: %(default)s)")
    parser.add_argument("--concurrency", type=int, default=2_000, help="at a time, at most, of either side (default: %(default)s)")
    parser.add_argument("--events", type=int, default=0, help="that a streamed reply has; 0: as the peer counts them")
    parser.add_argument("--rounds", type=int, default=1, help="turns of each (default: %(default)s)")
    parser.add_argument("--heap", help="our Java heap at most, for example 700m")
    parser.add_argument("--python", default=sys.executable, help="the peers' Python (default: this one)")
    parser.add_argument("--work", help="where our harvests are written (default: a temporary folder)")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--peer", help=argparse.SUPPRESS)  # the inner call: one turn of this peer
    return parser.parse_args()


# ---- one turn of a peer, in a process of its own


def curator(args):
    os.environ.update(
        OPENAI_API_KEY="none",
        CURATOR_DISABLE_RICH_DISPLAY="1",
        TELEMETRY_ENABLED="0",
        CURATOR_CACHE_DIR=tempfile.mkdtemp(),
        HF_HUB_OFFLINE="1",
    )
    import litellm  # holds the vocabulary that curator would fetch otherwise

    os.environ["TIKTOKEN_CACHE_DIR"] = str(Path(litellm.__file__).parent / "litellm_core_utils" / "tokenizers")
    from bespokelabs import curator as package

    limits = {"max_requests_per_minute": 10**7, "max_tokens_per_minute": 10**12}
    parameters = {"base_url": args.url, "max_concurrent_requests": args.concurrency, "request_timeout": 600, "max_retries": 10}
    model = package.LLM(model_name="gpt-4o-mini", backend="openai", backend_params=parameters | limits)
    prompts = [question(number) for number in range(args.requests)]
    begin = time.perf_counter()
    replies = model(prompts)
    seconds = time.perf_counter() - begin
    return args.requests, len(getattr(replies, "dataset", replies)), seconds, 0


async def openai(args):
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=args.url, api_key="none", max_retries=0, timeout=600)
    gate = asyncio.Semaphore(args.concurrency)

    async def one(number):
        async with gate:
            messages = [{"role": "user", "content": question(number)}]
            stream = await client.chat.completions.create(model="m", messages=messages, stream=True)
            return len([event async for event in stream])

    begin = time.perf_counter()
    events = await asyncio.gather(*[one(number) for number in range(args.peer_streams)])
    return args.peer_streams, len(events), time.perf_counter() - begin, sum(events)


def peer(args):
    asked, whole, seconds, events = curator(args) if args.peer == "curator" else asyncio.run(openai(args))
    if whole != asked:
        sys.exit(f"{args.peer}: {whole} of {asked} replies are whole")
    memory = peer_turns.peak_rss_mib()
    print(json.dumps({RATE: asked / seconds, "events_per_s": events / seconds, "events": events, "peak_rss_mib": memory}))


def question(number):
    return f"Question {number}: what is {number} plus {number + 1}?"


# ---- one turn of ours


def harvest(args, name, requests, streamed, folder):
    print(f"distill, {name} ...", file=sys.stderr, flush=True)
    prompts = Path(folder) / f"prompts-{requests}.jsonl"
    prompts.write_text("".join(json.dumps({"prompt": question(number)}) + "\n" for number in range(requests)), encoding="utf-8")
    settings = {
        "name": "bench",
        "teacher.url": args.url,
        "teacher.model": "m",
        "teacher.stream": str(streamed).lower(),
        "teacher.tariff": "free",
        "prompts.files": str(prompts),
        "prompts.dedup": "none",
        "harvest.samples": "1",
        "harvest.shared-prefix": "0",
        "harvest.in-flight": str(args.concurrency),
    }
    run = tempfile.mkdtemp(dir=folder)
    command = [os.environ.get("DISTILL", str(peer_turns.HERE / "distill")), "harvest", "--json", "--quiet", "--dir", run]
    command += [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
    environment = dict(os.environ)
    if args.heap:
        environment["JAVA_TOOL_OPTIONS"] = f"-Xmx{args.heap}"
    begin = time.perf_counter()
    with open(Path(run) / "told.json", "w+", encoding="utf-8") as told, open(Path(run) / "log.txt", "w+", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=told, stderr=log, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        told.seek(0), log.seek(0)
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"distill: ended with {os.waitstatus_to_exitcode(status)}: {' '.join(command)}\n{log.read()[-2000:]}")
        completed = json.loads(told.read().strip().splitlines()[-1])["completed"]
    if completed != requests:
        sys.exit(f"distill: {completed} of {requests} replies are whole")
    memory = used.ru_maxrss // 1024
    turn = {RATE: requests / seconds, "events_per_s": 0, "peak_rss_mib": memory}
    print(f"distill, {name}: requests {turn[RATE]:.1f}/s, {memory} MiB", file=sys.stderr, flush=True)
    return turn


def main():
    args = arguments()
    if args.peer:
        peer(args)
        return
    words = peer_turns.options(args, "url", "requests", "peer_streams", "concurrency")
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.work or temporary

        def theirs(name, rate):
            return lambda: peer_turns.turn(name, [args.python, __file__, "--peer", name, *words], (rate,))

        pieces = peer_turns.in_turns(
            args.rounds,
            {"distill": lambda: harvest(args, "whole", args.requests, False, folder)},
            {"curator": theirs("curator", RATE)},
        )
        streams = peer_turns.in_turns(
            args.rounds,
            {"distill": lambda: harvest(args, "streamed", args.streams, True, folder)},
            {"openai": theirs("openai", "events_per_s")},
        )
    of_ours, of_curator = peer_turns.summary(pieces[0]["distill"], RATE), peer_turns.summary(pieces[1]["curator"], RATE)
    of_streams, of_openai = peer_turns.summary(streams[0]["distill"], RATE), peer_turns.summary(streams[1]["openai"], "events_per_s")
    events = args.events or streams[1]["openai"][0]["events"] // args.peer_streams
    of_streams["events_per_s"] = of_streams[RATE] * events
    report = {
        "requests": args.requests,
        "streams": args.streams,
        "events": events,
        "whole": {"distill": of_ours, "curator": of_curator, "ratio": of_ours[RATE] / of_curator[RATE]},
        "streamed": {
            "distill": of_streams,
            "openai": of_openai,
            "ratio": of_streams["events_per_s"] / of_openai["events_per_s"],
        },
    }
    if args.json:
        print(json.dumps(report))
        return
    print(f"{'':24}{'requests/s':>12}{'events/s':>12}{'peak MiB':>10}{'ratio':>8}")
    for form, (mine, other) in {"whole": ("distill", "curator"), "streamed": ("distill", "openai")}.items():
        for who in (mine, other):
            row = report[form][who]
            rates = f"{row[RATE]:12.1f}" if RATE in row else f"{'':12}"
            rates += f"{row['events_per_s']:12.0f}" if "events_per_s" in row else f"{'':12}"
            ratio = f"{report[form]['ratio']:8.2f}" if who == mine else ""
            print(f"{who + ', ' + form:24}{rates}{row['peak_rss_mib']:10}{ratio}")


if __name__ == "__main__":
    main()
