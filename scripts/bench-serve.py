#!/usr/bin/env python3
"""Drives `distill serve` with clients of all kinds at once, and compares every answer with the one that was given alone.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another) and a model that fits this machine, such as the demo's. It starts the server,
asks --requests different requests one after the other, and then lets --clients ask the same ones, from --addresses addresses of this machine, for --minutes: most
read whole or streamed replies as they come, a tenth read slowly, a tenth not at all (which the server must cut off), a tenth go away
somewhere, a tenth say what is no request. Before the time counts, the same clients warm the server up for a fifth of it, two minutes at most. One
JSON object at the end; ends with 1 if an answer was another one than alone, if a request failed that should not, if a kind of client
was answered nothing at all, if nobody who does not read was cut off, if the server kept rows or says that it is not well, or if what lives on its
heap after the time is more by a tenth and 8 MiB than after the warm-up.

    scripts/bench-serve.py --model runs/demo/export --minutes 10 --clients 200
"""

import argparse
import asyncio
import collections
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

from serve_client import CHAT, COMPLETIONS, Client

PROGRAM = os.environ.get("DISTILL", str(Path(__file__).resolve().parent / "distill"))
KINDS = ["whole"] * 3 + ["streamed"] * 3 + ["slow", "deaf", "leaver", "wrong"]
READERS = ("whole", "streamed", "slow")
WRONG = [b"", b"{", b"[" * 5000, b'{"messages": 5}', b'{"n": 1, "n": 2}', b"\xff\xfe", b'{"messages": [{"role": "user", "content": "Hi"}], "n": 1e9}']
DEAF_S = 45  # longer than the server waits for a piece to be taken


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--addresses", type=int, default=8, help="127.0.0.1 and so on (default: %(default)s)")
    parser.add_argument("--requests", type=int, default=40, help="different ones (default: %(default)s)")
    parser.add_argument("--tokens", type=int, default=60, help="of the longest answer (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def requests(args):
    made = []
    for i in range(args.requests):
        chat = i % 4 != 3
        question = f"What is {i} and {i * 7 % 13}? " * (1 + i % 3)
        body = {"max_tokens": 5 + i * 11 % args.tokens, "seed": i, "temperature": [0, 0.7, 1.2][i % 3], "n": 1 + (i % 5 == 4)}
        body |= {"messages": [{"role": "user", "content": question}]} if chat else {"prompt": question, "logprobs": 1}
        made.append((CHAT if chat else COMPLETIONS, body))
    return made


class Run:
    """All clients for some time; what they had, and what was wrong with it."""

    def __init__(self, args, server, made, alone, seconds):
        self.args, self.server, self.made, self.alone = args, server, made, alone
        self.counts, self.firsts, self.problems = collections.Counter(), [], []
        self.end = time.monotonic() + seconds

    def problem(self, text):
        self.counts["problems"] += 1
        if len(self.problems) < 10:
            self.problems.append(text)

    async def live(self, number):
        dice = random.Random(f"{self.args.seed} {number}")
        kind = KINDS[number % len(KINDS)]
        client = Client(self.server, f"127.0.0.{1 + number % self.args.addresses}")
        while time.monotonic() < self.end:
            path, body = self.made[(which := dice.randrange(len(self.made)))]
            try:
                await getattr(self, "reads" if kind in READERS else kind)(client, dice, kind, path, dict(body), which)
                self.counts[kind] += 1
            except Exception as e:  # whatever it is, this client goes on, and it is told
                if isinstance(e, ConnectionError) and kind not in READERS:
                    self.counts[kind + " (connection lost)"] += 1
                else:
                    self.problem(f"{kind}: request {which}: {e!r}")
                await asyncio.sleep(0.2)

    async def reads(self, client, dice, kind, path, body, which):
        if kind != "whole":
            body["stream"] = True
        reply = await client.ask(path, body, dice.uniform(0.005, 0.05) if kind == "slow" else 0)
        if reply.status == 429:
            self.counts["came back later"] += 1
            await asyncio.sleep(1)
        elif reply.choices != self.alone[which]:
            self.problem(f"{kind}: request {which} got {reply.status} {reply.choices}, alone {self.alone[which]}")
        else:
            self.counts["right: " + kind] += 1
            if kind == "streamed":
                self.firsts.append(reply.first)

    async def deaf(self, client, dice, kind, path, body, which):
        reader, writer = await client.connect(2048)
        body |= {"stream": True, "n": 8, "max_tokens": self.args.tokens, "logprobs": 20 if path == COMPLETIONS else True}
        writer.transport.pause_reading()
        writer.write(client.said(path, json.dumps(body | ({"top_logprobs": 20} if path == CHAT else {})).encode()))
        await asyncio.sleep(min(DEAF_S, max(1, self.end - time.monotonic())))
        writer.transport.abort()

    async def leaver(self, client, dice, kind, path, body, which):
        reader, writer = await client.connect()
        said = client.said(path, json.dumps(body | {"stream": dice.random() < 0.5}).encode())
        writer.write(said[: dice.randrange(len(said))] if dice.random() < 0.2 else said)
        await asyncio.sleep(dice.expovariate(4))
        writer.transport.abort()

    async def wrong(self, client, dice, kind, path, body, which):
        reader, writer = await client.connect()
        bad = dice.random() < 0.3
        writer.write(bytes(dice.randrange(256) for _ in range(200)) + b"\r\n\r\n" if bad else client.said(path, dice.choice(WRONG)))
        reply = await asyncio.wait_for(reader.read(), 90)
        writer.close()
        if not (bad and not reply) and not re.match(rb"HTTP/1.1 [45]\d\d .*\"error\":\{", reply, re.S):
            self.problem(f"wrong: {reply[:300]!r}")
        await asyncio.sleep(0.05)

    async def whole(self):
        """Everybody, to the end of the time; then the server has some seconds to come to rest."""
        await asyncio.gather(*(self.live(i) for i in range(self.args.clients)))
        await asyncio.sleep(3)


def live_mib(pid):
    """What is reachable on the heap after a full collection; None without jcmd. What fills gaps between live objects counts there too, and is none."""
    java = os.path.realpath(f"/proc/{pid}/exe")
    jcmd = shutil.which("jcmd", path=os.path.dirname(java)) or shutil.which("jcmd")
    if not jcmd:
        return None
    said = subprocess.run([jcmd, str(pid), "GC.class_histogram"], capture_output=True, text=True).stdout
    classes = re.findall(r"^\s*\d+:\s+\d+\s+(\d+)\s+(\S+)", said, re.M)
    return sum(int(size) for size, name in classes if "jdk.internal.vm.Filler" not in name) / 2**20 if classes else None


def resident_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def memory(pid):
    return {"rss_mib": resident_mib(pid), "live_mib": live_mib(pid)}


async def watch(pid, resident):
    while True:
        resident.append(resident_mib(pid))
        await asyncio.sleep(2)


def quantile(values, q):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(q * len(values)))], 4) if values else None


async def figures(client):
    """What /metrics tells, by name and label; 0 where there is nothing yet."""
    lines = [line.rsplit(" ", 1) for line in (await client.get("/metrics")).splitlines() if not line.startswith("#")]
    return lambda name, label="": round(sum(float(v) for k, v in lines if k.split("{")[0] == "distill_serve_" + name and label in k))


async def drive(args, server, pid):
    client, made, seconds = Client(server), requests(args), 60 * args.minutes
    alone = [(await client.ask(path, body)).choices for path, body in made]
    if not all(alone):
        sys.exit("the server does not answer")
    warm = Run(args, server, made, alone, min(120, seconds / 5))
    await warm.whole()
    before, figure = memory(pid), await figures(client)
    tokens, cut_off = figure("new_tokens_total"), figure("clients_cut_off_total")
    run = Run(args, server, made, alone, seconds)
    run.problems += warm.problems
    begin, resident = time.monotonic(), []
    watcher = asyncio.create_task(watch(pid, resident))
    await run.whole()
    lasted = time.monotonic() - begin
    watcher.cancel()
    quarter = len(resident) // 4
    figure, after = await figures(client), memory(pid)
    cut_off = figure("clients_cut_off_total") - cut_off
    present = set(KINDS[: args.clients])
    for kind in READERS:
        if kind in present and not run.counts["right: " + kind]:
            run.problem(f"no client of the kind {kind} was answered")
    if "deaf" in present and seconds > 2 * DEAF_S and not cut_off:
        run.problem("nobody who does not read was cut off")
    for name in ("rows", "held_rows", "queued_rows", "body_bytes"):
        if figure(name):
            run.problem(f"{name} is {figure(name)} at the end")
    if (health := await client.get("/health")) != '{"status":"ok"}':
        run.problem(f"health: {health}")
    if before["live_mib"] and after["live_mib"] > 1.1 * before["live_mib"] + 8:
        run.problem(f"the heap has grown from {before['live_mib']:.1f} to {after['live_mib']:.1f} MiB")
    return {
        "seconds": round(lasted, 1),
        "clients": args.clients,
        "batch": args.batch,
        "counts": dict(run.counts),
        "first_token_s": {"n": len(run.firsts), "p50": quantile(run.firsts, 0.5), "p99": quantile(run.firsts, 0.99)},
        "new_tokens_per_s": round((figure("new_tokens_total") - tokens) / lasted),
        "cut_off": cut_off,
        "answered": figure("requests_total", "answered"),
        "cancelled": figure("requests_total", "cancelled"),
        "connections_at_the_end": figure("connections") - 1,
        "before": before,
        "after": after,
        "rss_mib_by_quarter": [round(max(resident[i * quarter : (i + 1) * quarter] or [0])) for i in range(4)],
        "problems": run.problems,
    }


def main():
    args = arguments()
    command = [PROGRAM, "serve", "--model", args.model, "--port", "0", "--batch", str(args.batch), "--queue", "2000", "--max-new-tokens", str(max(100, args.tokens))]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = urllib.parse.urlsplit(server.stdout.readline().strip())
        if not url.port:
            sys.exit("the server did not start")
        result = asyncio.run(drive(args, (url.hostname, url.port), server.pid))
    finally:
        server.send_signal(signal.SIGTERM)
        code = server.wait(60)
    result["exit_code"] = code
    print(json.dumps(result))
    return 1 if result["problems"] else 0


if __name__ == "__main__":
    sys.exit(main())
