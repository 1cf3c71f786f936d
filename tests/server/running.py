"""What the tests of bihuand as a program stand on: a ledger of its own, the program started beside it, and requests by
a client that shares no code with it."""
import argparse
import json
import os
import subprocess
import tempfile
import unittest
import urllib.request


class Places:
    bin = promtool = project = ""


def binary(name):
    return os.path.join(Places.bin, name)


def ask(url, token, key, command, stream, data, expected=201):
    """One command; its receipt. expected None: recorded now or before."""
    body = json.dumps({"stream": stream, "data": data}).encode()
    headers = {"Authorization": "Bearer " + token, "Idempotency-Key": key}
    request = urllib.request.Request(f"{url}/v1/commands/{command}", body, headers)
    with urllib.request.urlopen(request, timeout=60) as reply:
        if reply.status not in ((200, 201) if expected is None else (expected,)):
            raise AssertionError(f"{key}: {reply.status}")
        return json.load(reply)


class Running(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bihuan-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.data = self.path("ledger")
        subprocess.run([binary("bihuan"), "init", "--data", self.data, "--district", "试点区"], check=True,
                       stdout=subprocess.DEVNULL)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, *options, under=()):
        # A file: a journal that nobody reads would stop who writes it, once a pipe is full of it.
        journal = open(self.path("journal"), "w+", encoding="utf-8")
        self.addCleanup(journal.close)
        server = subprocess.Popen([*under, binary("bihuand"), *options], stdout=subprocess.PIPE, stderr=journal,
                                  text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        said = server.stdout.readline()
        self.assertTrue(said.startswith("bihuand: "), said + (self.journal() if not said else ""))
        return server, said.split()[1]

    def journal(self):
        """What the server that was started last wrote to its journal by now."""
        with open(self.path("journal"), encoding="utf-8") as file:
            return file.read()

    def start_with_tokens(self, *options, under=()):
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0", "--demo-tokens",
                                 self.path("tokens.json"), *options, under=under)
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            return server, url, json.load(file)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    parser.add_argument("--promtool", default="promtool")
    parser.add_argument("--project", required=True)
    parser.add_argument("test", nargs="*")
    given = parser.parse_args()
    Places.bin, Places.promtool, Places.project = given.bin, given.promtool, given.project
    unittest.main(argv=["program", *given.test], verbosity=2)
