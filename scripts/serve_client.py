"""A client of a server that speaks OpenAI's API, for bench-serve.py: says what it is told to, byte by byte, and reads replies whole or streamed."""

import asyncio
import collections
import json
import socket
import time

CHAT, COMPLETIONS = "/v1/chat/completions", "/v1/completions"


class Reply:
    """A status, text and finish of each choice, and the seconds to the first event of a stream."""

    def __init__(self, status, choices=None, first=None):
        self.status, self.choices, self.first = status, choices, first


class Client:
    """One who asks from an address of its own."""

    def __init__(self, server, address="127.0.0.1"):
        self.server, self.address = server, address

    async def connect(self, buffer=None):
        plain = socket.socket()
        if buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        plain.setblocking(False)
        try:
            plain.bind((self.address, 0))
            await asyncio.get_running_loop().sock_connect(plain, self.server)
            return await asyncio.open_connection(sock=plain, limit=buffer or 1 << 16)
        except BaseException:
            plain.close()
            raise

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
        text = dechunked(bytes(data)) if b"chunked" in head.lower() else bytes(data)
        if b"text/event-stream" in head.lower():
            return Reply(status, streamed(text, path == CHAT), first)
        return Reply(status, whole(json.loads(text), path == CHAT))


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
        if "error" in event:
            raise ValueError(f"a stream that failed: {event}")
        for choice in event["choices"]:
            part = parts[choice["index"]]
            if chat:
                part[0] += choice["delta"].get("reasoning_content", "")
                part[1] += choice["delta"].get("content", "")
            else:
                part[1] += choice["text"]
            finish[choice["index"]] = choice["finish_reason"] or finish.get(choice["index"])
    return {i: ("\0".join(part) if chat else part[1], finish[i]) for i, part in parts.items()}
