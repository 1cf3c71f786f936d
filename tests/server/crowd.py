"""Clients that mean bihuand no good, thousands of them in one thread, apart from whoever measures what others feel.

    crowd.py hold HOST PORT SECONDS COUNT    a quarter each: heads and bodies without an end, a byte every two seconds;
                                             replies that are not read; connections that say nothing at all
    crowd.py flood HOST PORT SECONDS RATE    requests of one token from one address, as many a second
The token comes in BIHUAN_TOKEN, the address that a flood comes from in BIHUAN_SOURCE. Prints what became of them as JSON:
of `hold`, how many the server closed and after how many seconds the last of them; of `flood`, the answers by status.
"""
import collections
import json
import os
import resource
import selectors
import socket
import sys
import time

TOKEN = os.environ.get("BIHUAN_TOKEN", "")
SOURCE = os.environ.get("BIHUAN_SOURCE", "127.0.0.1")
DRIP = 2.0  # seconds between two bytes
GET = b"GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN.encode() + b"\r\n\r\n"
POST = (b"POST /v1/commands/SubmitAppeal HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + TOKEN.encode()
        + b"\r\nIdempotency-Key: k\r\nContent-Length: 4096\r\n\r\n{")
BEGIN = {"head": b"GET /v1/me HTTP/1.1\r\nX: ", "body": POST, "reader": GET % b"/openapi.json" * 16, "idle": b""}


def connect(host, port, source="127.0.0.1"):
    line = socket.socket()
    line.bind((source, 0))
    line.connect((host, port))
    line.setblocking(False)
    return line


class Held:
    """A connection that is held open, until the server has enough of it."""

    def __init__(self, host, port, kind):
        self.kind, self.line, self.closed = kind, connect(host, port), None
        self.begun = time.monotonic()
        if BEGIN[kind]:
            self.line.send(BEGIN[kind])

    def is_closed(self):
        try:
            return self.line.recv(4096) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def drip(self):
        try:
            self.line.send(b"x")
        except OSError:
            pass  # seen by is_closed()


def hold(host, port, seconds, count):
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    watch = selectors.DefaultSelector()
    held = []
    kinds = list(BEGIN)
    for number in range(count):
        one = Held(host, port, kinds[number % len(kinds)])
        held.append(one)
        if one.kind != "reader":  # who never reads is never told
            watch.register(one.line, selectors.EVENT_READ, one)
    print("held", flush=True)
    begun, dripped = time.monotonic(), 0
    while (now := time.monotonic()) < begun + seconds:
        # Some at a time, so that all have had their turn when the two seconds are over.
        due = int((now - begun) / DRIP * count)
        for turn in range(dripped, due):
            one = held[turn % count]
            if one.closed is None and one.kind in ("head", "body"):
                one.drip()
        dripped = due
        for key, _ in watch.select(timeout=0.02):
            if key.data.is_closed():
                key.data.closed = now - key.data.begun
                watch.unregister(key.data.line)
    closed = {kind: [one.closed for one in held if one.kind == kind and one.closed] for kind in BEGIN}
    return {kind: {"closed": len(times), "last": round(max(times, default=0), 1)} for kind, times in closed.items()}


def flood(host, port, seconds, rate):
    lines = [connect(host, port, SOURCE) for _ in range(16)]
    watch = selectors.DefaultSelector()
    waiting = [b""] * len(lines)
    for number, line in enumerate(lines):
        watch.register(line, selectors.EVENT_READ, number)
    answers, sent, total = collections.Counter(), 0, int(seconds * rate)
    begun = time.monotonic()
    while sum(answers.values()) < total:
        due = min(total, int((time.monotonic() - begun) * rate))
        for turn in range(sent, due):
            lines[turn % len(lines)].send(GET % b"/v1/me")
        sent = due
        for key, _ in watch.select(timeout=0.01):
            got = key.fileobj.recv(1 << 16)
            if not got:
                raise SystemExit("the server closed a connection of the flood")
            replies = (waiting[key.data] + got).split(b"HTTP/1.1 ")
            # The last may not be whole; what counts of the others is their status, and Retry-After.
            waiting[key.data] = b"HTTP/1.1 " + replies[-1]
            for reply in replies[:-1]:
                count(answers, reply)
            if is_whole(replies[-1]):
                count(answers, replies[-1])
                waiting[key.data] = b""
    return answers


def is_whole(reply):
    head, found, body = reply.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), 0)
    return bool(found) and len(body) >= length


def count(answers, reply):
    if not reply:
        return
    status = reply[:3].decode()
    answers[status if status != "429" or b"\r\nRetry-After: " in reply else "429 without Retry-After"] += 1


if __name__ == "__main__":
    what, host, port, seconds, number = sys.argv[1:]
    done = {"hold": hold, "flood": flood}[what](host, int(port), float(seconds), int(number))
    print(json.dumps(done))
