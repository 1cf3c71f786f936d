"""bihuand before clients that mean it no good: connections held open by slowhttptest (S1), and requests that are or say
that they are too large (S2). Others are answered meanwhile, and memory stays what it was. A few seconds in tools/test;
tests/campaign N holds them N times for half a minute, and sees every such connection closed."""
import csv
import http.client
import os
import resource
import socket
import statistics
import subprocess
import threading
import time
import unittest
import urllib.parse

from running import Running, main

CAMPAIGN = int(os.environ.get("BIHUAN_CAMPAIGN", "1"))
ROUNDS = min(20, CAMPAIGN) if CAMPAIGN > 1 else 0  # 20 are ten minutes; none: tools/test and .ci/run
SECONDS = 30 if ROUNDS else 4
EACH = 300  # connections of a kind
IDLE = 3000 if ROUNDS else 300  # that say nothing at all; with the others, within the limit of 4,096
CLOSED_WITHIN = 15
CLIENTS = 2  # of those who send too much; each may have a body of the limit in our memory
GROWTH = 64 << 20
# Heads and bodies that never come to their end, and replies that are read some bytes at a time.
KINDS = {"head": ("-H", "/v1/me", "-i", "2"), "body": ("-B", "/v1/commands/SubmitAppeal", "-i", "2", "-x", "8"),
         "read": ("-X", "/openapi.json", "-n", "5", "-z", "8", "-w", "10", "-y", "20")}


def resident(server):
    with open(f"/proc/{server.pid}/status", encoding="utf-8") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmRSS:"))


class Asker:
    """A client in good order: one connection, small reads, and how long each took."""

    def __init__(self, url, token):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.headers = {"Authorization": "Bearer " + token}
        self.line = http.client.HTTPConnection(*self.address, timeout=10)

    def get(self, path):
        self.line.request("GET", path, headers=self.headers)
        reply = self.line.getresponse()
        body = reply.read()
        if reply.status != 200:
            raise AssertionError(f"{path}: {reply.status}")
        return body.decode()

    def took(self):
        begun = time.perf_counter()
        self.get("/v1/me")
        return time.perf_counter() - begun

    def connections(self):
        lines = self.get("/metrics").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("bihuan_connections "))


def p99(times):
    return statistics.quantiles(times, n=100)[98]


class Abuse(Running):
    def hold(self, url, name):
        mode, path, *more = KINDS[name]
        return subprocess.Popen(
            ["slowhttptest", mode, "-u", url + path, "-c", str(EACH), "-r", str(EACH), "-l", str(SECONDS), "-g", "-o",
             self.path(name), *more], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def last_second_of(self, name):
        with open(self.path(name + ".csv"), encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertTrue(all(int(row["Service Available"]) for row in rows), name)
        self.assertGreaterEqual(max(int(row["Connected"]) for row in rows), EACH * 9 // 10, name)
        return int(rows[-1]["Seconds"])

    def setUp(self):
        super().setUp()
        least, most = resource.getrlimit(resource.RLIMIT_NOFILE)  # bihuand inherits it
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(least, min(most, 16384)), most))

    def test_who_is_slow_keeps_nobody_waiting(self):
        server, url, tokens = self.start_with_tokens("--person-rate", "0", "--address-rate", "0")
        asker = Asker(url, tokens["inspector"])
        self.addCleanup(asker.line.close)
        alone = p99([asker.took() for _ in range(1000)])
        before, most, times = resident(server), 0, []
        for _ in range(max(1, ROUNDS)):
            holders = {name: self.hold(url, name) for name in KINDS}
            idle = [socket.create_connection(asker.address) for _ in range(IDLE)]
            closed_at, begun = None, time.perf_counter()
            while any(holder.poll() is None for holder in holders.values()):
                times += [asker.took() for _ in range(100)]
                held = asker.connections() - 1
                most = max(most, held)
                if held == 0 and most > 2 * EACH and closed_at is None:
                    closed_at = time.perf_counter() - begun
            for one in idle:
                one.close()
            for name, holder in holders.items():
                self.assertEqual(holder.returncode, 0, name)
                second = self.last_second_of(name)
                if ROUNDS and name != "read":  # who reads does not see that nobody writes any more
                    self.assertLessEqual(second, CLOSED_WITHIN + 2, name)
            if ROUNDS:
                self.assertIsNotNone(closed_at)
                self.assertLessEqual(closed_at, CLOSED_WITHIN + 3)
        grown = resident(server) - before
        print(f"S1: {max(1, ROUNDS)} x {SECONDS} s, {most} slow connections at once, {len(times)} requests of others; "
              f"p99 {alone * 1e6:.0f} us alone, {p99(times) * 1e6:.0f} us beside them; {grown >> 10} KiB more resident")
        self.assertGreater(most, (3 * EACH + IDLE) * 9 // 10)
        self.assertLess(grown, GROWTH)
        if ROUNDS:
            self.assertLess(p99(times), max(2 * alone, 0.002))

    def answer_to(self, host, request):
        """The first line that comes back for these bytes, which may not all be taken."""
        with socket.create_connection(host, timeout=30) as line:
            try:
                for piece in request:
                    line.sendall(piece)
            except OSError:
                pass  # closed before the end was sent: what was answered is still there
            try:
                return line.recv(4096).split(b"\r\n")[0]
            except ConnectionResetError:
                return b"reset"

    def test_what_is_too_large_is_refused_and_fills_no_memory(self):
        server, url, tokens = self.start_with_tokens("--person-rate", "0", "--address-rate", "0")
        asker = Asker(url, tokens["inspector"])
        self.addCleanup(asker.line.close)
        post = (b"POST /v1/commands/SubmitAppeal HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer "
                + tokens["enterprise"].encode() + b"\r\nIdempotency-Key: k\r\n")
        limit = 8 << 20
        chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        forms = {
            "one byte more than the limit": ([post, b"Content-Length: %d\r\n\r\n{" % (limit + 1)], (b"413",)),
            "a gigabyte, so it says": ([post, b"Content-Length: 1073741824\r\n\r\n{"], (b"413",)),
            "chunks without an end": ([post, b"Transfer-Encoding: chunked\r\n\r\n"] + [chunk] * 160, (b"413",)),
            "a chunk of four gigabytes": ([post, b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\nx"], (b"413",)),
            "a hundred thousand headers": ([post] + [b"X: 1\r\n" * 1000] * 100, (b"431", b"400")),
            "one header without an end": ([post, b"X: "] + [b"y" * 65536] * 16, (b"431",)),
            "a target without an end": ([b"GET /"] + [b"z" * 65536] * 16, (b"431", b"414")),
        }
        before, seen = resident(server), dict.fromkeys(forms, 0)
        times = 10 * max(1, 4 * ROUNDS)

        def client():
            for _ in range(times):
                for name, (request, wanted) in forms.items():
                    said = self.answer_to(asker.address, request)
                    status = said.split(b" ")[1] if said.startswith(b"HTTP/1.1 ") else said
                    if status in wanted:
                        seen[name] += 1
                    elif status != b"reset":  # a reset may overtake the answer
                        seen[name] = -(1 << 30)

        clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        grown = resident(server) - before
        print(f"S2: {CLIENTS * times * len(forms)} requests; {grown >> 10} KiB more resident; answered: {seen}")
        for name, count in seen.items():
            self.assertGreater(count, 0, name)
        self.assertLess(grown, GROWTH)
        asker.get("/readyz")


if __name__ == "__main__":
    main()
