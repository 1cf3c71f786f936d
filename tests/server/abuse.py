"""bihuand before clients that mean it no good: connections held open (S1), requests that are or say that they are too
large (S2), floods (S8). Others are answered meanwhile, and memory stays what it was. What takes its time by the machine's
clock is left out of tools/test; it takes some seconds in .ci/run, and in tests/campaign N minutes, in which others must wait
less than twice as long as without."""
import csv
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import unittest
import urllib.parse

from running import Running, main

CAMPAIGN = int(os.environ.get("BIHUAN_CAMPAIGN", "1"))
IN_TIME = unittest.skipUnless("BIHUAN_CAMPAIGN" in os.environ, "takes its time: .ci/run and tests/campaign")
ROUNDS = min(20, CAMPAIGN) if CAMPAIGN > 1 else 0  # 20 are ten minutes; none: tools/test and .ci/run
SECONDS = 30 if ROUNDS else 4
EACH = 300  # connections of a kind, of slowhttptest
HELD = 5000 if ROUNDS else 1200  # connections of the crowd
CLOSED_WITHIN = 15
CLIENTS = 2  # of those who send too much; each may have a body of the limit in our memory
TOO_LARGE = 720 if ROUNDS else 10  # of each kind, of each client: 10,080 in all, or 140
FLOOD_RATE, FLOOD_SECONDS = 1000, 300 if ROUNDS else 3
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

    def crowd(self, what, url, seconds, number, token, source="127.0.0.1"):
        address = urllib.parse.urlsplit(url)
        environment = os.environ | {"BIHUAN_TOKEN": token, "BIHUAN_SOURCE": source}
        line = [sys.executable, os.path.join(os.path.dirname(__file__), "crowd.py"), what, address.hostname,
                str(address.port), str(seconds), str(number)]
        crowd = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment)
        self.addCleanup(crowd.stdout.close)
        self.addCleanup(crowd.kill)
        return crowd

    def wait_of(self, asker, crowds):
        """The p99 of what others wait as long as one of these is at work, in seconds, and how many connections there
        were at most; a thousand requests at least."""
        times, most = [], 0
        while any(crowd.poll() is None for crowd in crowds) or len(times) < 1000:
            times += [asker.took() for _ in range(100)]
            most = max(most, asker.connections() - 1)
        return p99(times), most

    @IN_TIME
    def test_who_is_slow_is_closed_in_time(self):
        server, url, tokens = self.start_with_tokens("--person-rate", "0", "--address-rate", "0")
        asker = Asker(url, tokens["inspector"])
        self.addCleanup(asker.line.close)
        before, most = resident(server), 0
        holders = {name: self.hold(url, name) for name in KINDS}
        while any(holder.poll() is None for holder in holders.values()):
            asker.took()
            most = max(most, asker.connections() - 1)
        for name, holder in holders.items():
            self.assertEqual(holder.returncode, 0, name)
            second = self.last_second_of(name)
            if ROUNDS and name != "read":  # who reads does not see that nobody writes any more
                self.assertLessEqual(second, CLOSED_WITHIN + 2, name)
        grown = resident(server) - before
        print(f"S1: slowhttptest, {SECONDS} s, {most} slow connections at once; {grown >> 10} KiB more resident")
        self.assertGreater(most, 3 * EACH * 9 // 10)
        self.assertLess(grown, GROWTH)

    @IN_TIME
    def test_who_is_slow_keeps_nobody_waiting(self):
        server, url, tokens = self.start_with_tokens("--person-rate", "0", "--address-rate", "0")
        asker = Asker(url, tokens["inspector"])
        self.addCleanup(asker.line.close)
        before, most, alone, beside = resident(server), 0, [], []
        for _ in range(max(1, ROUNDS)):
            alone.append(self.wait_of(asker, [])[0])
            crowd = self.crowd("hold", url, SECONDS, HELD, tokens["enterprise"])
            self.assertEqual(crowd.stdout.readline(), "held\n")
            waited, held = self.wait_of(asker, [crowd])
            beside.append(waited)
            most = max(most, held)
            closed = json.loads(crowd.stdout.read())
            self.assertEqual(crowd.wait(), 0)
            if not ROUNDS:
                continue
            for kind in ("head", "body", "idle"):
                self.assertEqual(closed[kind]["closed"], HELD // 4, kind)
                self.assertLessEqual(closed[kind]["last"], CLOSED_WITHIN + 3, kind)
        grown = resident(server) - before
        alone, beside = statistics.median(alone), statistics.median(beside)
        print(f"S1: {max(1, ROUNDS)} x {SECONDS} s, {most} slow connections at once; p99 of others "
              f"{alone * 1e6:.0f} us alone, {beside * 1e6:.0f} us beside them; {grown >> 10} KiB more resident")
        self.assertGreater(most, HELD * 9 // 10)
        self.assertLess(grown, GROWTH)
        if ROUNDS:
            self.assertLess(beside, 2 * alone)

    def paced(self, asker, process, seconds):
        """How long requests take of who asks 25 times a second as long as the process runs, or for so many seconds."""
        times, begun = [], time.monotonic()
        while process.returncode is None and time.monotonic() < begun + seconds:
            times.append(asker.took())  # anything but 200 ends the test
            try:
                process.wait(1 / 25)
            except subprocess.TimeoutExpired:
                pass
        return times

    @IN_TIME
    def test_a_flood_is_turned_away_and_others_do_not_feel_it(self):
        person, address = 50, 200  # requests a second, and a burst of five seconds of them
        server, url, tokens = self.start_with_tokens("--person-rate", str(person), "--address-rate", str(address))
        asker = Asker(url, tokens["inspector"])
        self.addCleanup(asker.line.close)
        alone = self.paced(asker, server, max(2, FLOOD_SECONDS // 10))
        floods = {
            "one account": (self.crowd("flood", url, FLOOD_SECONDS, FLOOD_RATE, tokens["office_clerk"], "127.0.0.2"),
                            person, "200"),
            "guessed tokens": (self.crowd("flood", url, FLOOD_SECONDS, FLOOD_RATE, "guess", "127.0.0.3"),
                               address, "401"),
        }
        beside = self.paced(asker, floods["one account"][0], float("inf"))
        for name, (crowd, limit, passed) in floods.items():
            answers = json.loads(crowd.stdout.read())
            self.assertEqual(crowd.wait(), 0)
            print(f"S8: {FLOOD_SECONDS} s of {FLOOD_RATE} requests a second by {name}: {answers}")
            self.assertEqual(sorted(answers), sorted((passed, "429")), name)
            self.assertEqual(sum(answers.values()), FLOOD_RATE * FLOOD_SECONDS, name)
            self.assertLessEqual(answers[passed], limit * (FLOOD_SECONDS + 5 + 2), name)
        print(f"S8: {len(beside)} requests of others, each of them answered; p99 {p99(alone) * 1e6:.0f} us before, "
              f"{p99(beside) * 1e6:.0f} us beside the floods")
        self.assertGreater(len(beside), FLOOD_SECONDS * 5)
        if ROUNDS:
            self.assertLess(p99(beside), 2 * p99(alone))

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
        times = TOO_LARGE

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
