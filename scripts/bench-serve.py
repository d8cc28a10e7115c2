#!/usr/bin/env python3
"""Drives `distill serve` with clients of all kinds at once, and compares every answer with the one that was given alone.

Needs scripts/distill beside this file (DISTILL=PROGRAM names another) and a model that fits this machine, such as the demo's. It starts the server,
asks --requests different requests one after the other, and then lets --clients ask the same ones for --seconds: most read whole or streamed replies as they
come, a tenth read slowly, a tenth not at all (which the server must cut off), a tenth go away somewhere, a tenth say what is no request. One
JSON object at the end; ends with 1 if an answer was another one than alone, if a request failed that should not, if the server kept rows,
or if what lives on its heap has grown by more than a tenth and 8 MiB.

    scripts/bench-serve.py --model runs/demo/export --seconds 600
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
import socket
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

PROGRAM = os.environ.get("DISTILL", str(Path(__file__).resolve().parent / "distill"))
CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"
KINDS = ["whole"] * 3 + ["streamed"] * 3 + ["slow", "deaf", "leaver", "wrong"]
WRONG = [b"", b"{", b"[" * 5000, b'{"messages": 5}', b'{"n": 1, "n": 2}', b"\xff\xfe", b'{"messages": [{"role": "user", "content": "Hi"}], "n": 1e9}']


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", required=True)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--clients", type=int, default=200)
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


class Reply:
    """A status, and text and finish of each choice."""

    def __init__(self, status, choices=None, first=None):
        self.status, self.choices, self.first = status, choices, first


class Client:
    def __init__(self, address):
        self.address = address

    async def connect(self, buffer=None):
        plain = socket.socket()
        if buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        plain.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plain, self.address)
        return await asyncio.open_connection(sock=plain, limit=buffer or 1 << 16)

    @staticmethod
    def said(path, body):
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body

    async def get(self, path):
        reader, writer = await self.connect()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        data = await reader.read()
        writer.close()
        return data.split(b"\r\n\r\n", 1)[1].decode()

    async def ask(self, path, body, pause=0.0):
        """The whole reply. pause: seconds between two small reads."""
        begin = time.monotonic()
        reader, writer = await self.connect(4096 if pause else None)
        try:
            writer.write(self.said(path, json.dumps(body).encode()))
            head = await reader.readuntil(b"\r\n\r\n")
            status = int(head.split()[1])
            data, first = bytearray(), None
            while piece := await reader.read(1024 if pause else 1 << 16):
                data += piece
                if first is None and b"data: " in data:
                    first = time.monotonic() - begin
                if pause:
                    await asyncio.sleep(pause)
        finally:
            writer.close()
        if status != 200:
            return Reply(status)
        if b"chunked" in head.lower():
            return Reply(status, streamed(dechunked(bytes(data)), path == CHAT), first)
        return Reply(status, whole(json.loads(data), path == CHAT))


def dechunked(data):
    out, at = bytearray(), 0
    while True:
        end = data.index(b"\r\n", at)
        size = int(data[at:end], 16)
        if size == 0:
            return bytes(out)
        out += data[end + 2 : end + 2 + size]
        at = end + 4 + size


def whole(reply, chat):
    choices = {}
    for choice in reply["choices"]:
        text = choice["message"].get("reasoning_content", "") + "\0" + choice["message"]["content"] if chat else choice["text"]
        choices[choice["index"]] = (text, choice["finish_reason"])
    return choices


def streamed(data, chat):
    parts, finish = collections.defaultdict(lambda: ["", ""]), {}
    events = [event[6:] for event in data.decode().split("\n\n") if event.startswith("data: ")]
    if not events or events[-1] != "[DONE]":
        raise ValueError("a stream without its end")
    for event in map(json.loads, events[:-1]):
        for choice in event["choices"]:
            part = parts[choice["index"]]
            if chat:
                part[0] += choice["delta"].get("reasoning_content", "")
                part[1] += choice["delta"].get("content", "")
            else:
                part[1] += choice["text"]
            finish[choice["index"]] = choice["finish_reason"] or finish.get(choice["index"])
    return {i: ("\0".join(part) if chat else part[1], finish[i]) for i, part in parts.items()}


class Run:
    def __init__(self, args, client, made, alone):
        self.args, self.client, self.made, self.alone = args, client, made, alone
        self.counts, self.firsts, self.problems = collections.Counter(), [], []
        self.end = time.monotonic() + args.seconds

    def problem(self, text):
        self.counts["problems"] += 1
        if len(self.problems) < 10:
            self.problems.append(text)

    async def live(self, number):
        dice = random.Random(f"{self.args.seed} {number}")
        kind = KINDS[number % len(KINDS)]
        while time.monotonic() < self.end:
            path, body = self.made[(which := dice.randrange(len(self.made)))]
            try:
                await getattr(self, kind if kind in ("deaf", "leaver", "wrong") else "reads")(dice, kind, path, dict(body), which)
            except (ConnectionError, asyncio.IncompleteReadError) as e:
                if kind not in ("deaf", "leaver", "wrong"):
                    self.problem(f"{kind}: {e!r}")
            self.counts[kind] += 1

    async def reads(self, dice, kind, path, body, which):
        if kind != "whole":
            body["stream"] = True
        reply = await self.client.ask(path, body, dice.uniform(0.005, 0.05) if kind == "slow" else 0)
        if reply.status == 429:
            self.counts["came back later"] += 1
            await asyncio.sleep(1)
        elif reply.choices != self.alone[which]:
            self.problem(f"{kind}: request {which} got {reply.status} {reply.choices}, alone {self.alone[which]}")
        elif reply.first is not None and kind == "streamed":
            self.firsts.append(reply.first)

    async def deaf(self, dice, kind, path, body, which):
        reader, writer = await self.client.connect(2048)
        body |= {"stream": True, "n": 8, "max_tokens": self.args.tokens, "logprobs": 20 if path == COMPLETIONS else True}
        writer.transport.pause_reading()
        writer.write(self.client.said(path, json.dumps(body | ({"top_logprobs": 20} if path == CHAT else {})).encode()))
        await asyncio.sleep(dice.uniform(2, 8))
        writer.transport.abort()

    async def leaver(self, dice, kind, path, body, which):
        reader, writer = await self.client.connect()
        said = self.client.said(path, json.dumps(body | {"stream": dice.random() < 0.5}).encode())
        writer.write(said[: dice.randrange(len(said))] if dice.random() < 0.2 else said)
        await asyncio.sleep(dice.expovariate(4))
        writer.transport.abort()

    async def wrong(self, dice, kind, path, body, which):
        reader, writer = await self.client.connect()
        bad = dice.random() < 0.3
        writer.write(bytes(dice.randrange(256) for _ in range(200)) + b"\r\n\r\n" if bad else self.client.said(path, dice.choice(WRONG)))
        reply = await asyncio.wait_for(reader.read(), 90)
        writer.close()
        if not (bad and not reply) and not re.match(rb"HTTP/1.1 4\d\d .*\"error\":\{", reply, re.S):
            self.problem(f"wrong: {reply[:300]!r}")
        await asyncio.sleep(0.05)


def live_mib(pid):
    """What is reachable on the heap after a full collection; None without jcmd."""
    java = os.path.realpath(f"/proc/{pid}/exe")
    jcmd = shutil.which("jcmd", path=os.path.dirname(java)) or shutil.which("jcmd")
    if not jcmd:
        return None
    said = subprocess.run([jcmd, str(pid), "GC.class_histogram"], capture_output=True, text=True).stdout
    total = re.search(r"^Total\s+\d+\s+(\d+)", said, re.M)
    return int(total[1]) / 2**20 if total else None


def resident_mib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def quantile(values, q):
    values = sorted(values)
    return round(values[min(len(values) - 1, int(q * len(values)))], 4) if values else None


async def figures(client):
    """What /metrics tells, by name and label; 0 where there is nothing yet."""
    lines = [line.rsplit(" ", 1) for line in (await client.get("/metrics")).splitlines() if not line.startswith("#")]
    return lambda name, label="": round(sum(float(v) for k, v in lines if k.split("{")[0] == "distill_serve_" + name and label in k))


async def drive(args, address, pid):
    client, made = Client(address), requests(args)
    alone = []
    for _ in range(2):  # the second time what is compiled is compiled
        alone = [(await client.ask(path, body)).choices for path, body in made]
    tokens = (await figures(client))("new_tokens_total")
    before = {"rss_mib": resident_mib(pid), "live_mib": live_mib(pid)}
    run = Run(args, client, made, alone)
    resident = []

    async def watch():
        while True:
            resident.append(resident_mib(pid))
            await asyncio.sleep(2)

    watcher = asyncio.create_task(watch())
    begin = time.monotonic()
    await asyncio.gather(*(run.live(i) for i in range(args.clients)))
    seconds = time.monotonic() - begin
    watcher.cancel()
    await asyncio.sleep(3)
    figure = await figures(client)
    for name in ("rows", "queued_rows"):
        if figure(name):
            run.problem(f"{name} is {figure(name)} at the end")
    after = {"rss_mib": resident_mib(pid), "live_mib": live_mib(pid)}
    if before["live_mib"] and after["live_mib"] > 1.1 * before["live_mib"] + 8:
        run.problem(f"the heap has grown from {before['live_mib']:.1f} to {after['live_mib']:.1f} MiB")
    quarter = len(resident) // 4
    return {
        "seconds": round(seconds, 1),
        "clients": args.clients,
        "batch": args.batch,
        "counts": dict(run.counts),
        "first_token_s": {"n": len(run.firsts), "p50": quantile(run.firsts, 0.5), "p99": quantile(run.firsts, 0.99)},
        "new_tokens_per_s": round((figure("new_tokens_total") - tokens) / seconds),
        "cut_off": figure("clients_cut_off_total"),
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
