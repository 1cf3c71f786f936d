"""bihuand as an operator meets it: started from a configuration file with TLS, asked by clients that share no
code with it, read by promtool, and stopped by a signal; and tools/serve, whose three lines must work."""
import base64
import fcntl
import hmac
import http.client
import http.server
import itertools
import json
import os
import queue
import re
import signal
import socket
import ssl
import stat
import subprocess
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

from running import Places, Running, ask, binary, main

WRITERS = 32
KILLS = min(50, 5 * int(os.environ.get("BIHUAN_CAMPAIGN", "1")))  # 50 in the campaign
ENTERPRISE = "91350100M000100Y43"


def post(url, token, key, expected=201):
    """Asks for a department of the key's own; the receipt. expected None: recorded now or before."""
    return ask(url, token, key, "CreateDepartment", f"department/{key}", {"name": "部门"}, expected)


def post_appeal(url, token, key, expected=201):
    """The same of an appeal of ENTERPRISE."""
    return ask(url, token, key, "SubmitAppeal", f"appeal/{key}",
               {"enterprise": ENTERPRISE, "channel": "visit", "category": "政务服务", "title": "许可"}, expected)


class Program(Running):
    def certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.path("key.pem"), "-out", self.path("cert.pem"), "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"],
                       check=True, stderr=subprocess.DEVNULL)

    def test_a_configuration_file_gives_every_option_and_tls_is_real(self):
        self.certificate()
        with open(self.path("bihuand.toml"), "w", encoding="utf-8") as config:
            config.write(f'data = "{self.data}"\nlisten = "127.0.0.1:0"\n'
                         f'tls = ["{self.path("cert.pem")}", "{self.path("key.pem")}"]\n'
                         f'demo-tokens = "{self.path("tokens.json")}"\n')
        server, url = self.start("--config", self.path("bihuand.toml"))
        self.assertTrue(url.startswith("https://127.0.0.1:"), url)
        trusting = ssl.create_default_context(cafile=self.path("cert.pem"))
        with urllib.request.urlopen(url + "/readyz", context=trusting) as reply:
            self.assertEqual(json.load(reply)["status"], "ready")
            self.assertIn("max-age", reply.headers["Strict-Transport-Security"])
        with self.assertRaises(urllib.error.URLError):  # the machine's authorities do not know it
            urllib.request.urlopen(url + "/readyz", context=ssl.create_default_context())
        old = ssl.create_default_context(cafile=self.path("cert.pem"))
        old.set_ciphers("ALL:@SECLEVEL=0")  # so that it is the server that refuses
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        with self.assertRaises((urllib.error.URLError, ssl.SSLError)):
            urllib.request.urlopen(url + "/readyz", context=old)
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)

    def test_a_key_that_a_configuration_file_may_not_have_is_refused(self):
        with open(self.path("bad.toml"), "w", encoding="utf-8") as config:
            config.write(f'data = "{self.data}"\nlistten = "127.0.0.1:0"\n')
        refused = subprocess.run([binary("bihuand"), "--config", self.path("bad.toml")],
                                 capture_output=True, text=True, timeout=60, check=False)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("listten", refused.stdout + refused.stderr)

    def test_what_was_recorded_live_has_the_same_root_after_an_export_and_an_import(self):
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0",
                                 "--demo-tokens", self.path("tokens.json"))
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            post(url, json.load(file)["office_lead"], "D01")
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)
        history, copied = self.path("history.jsonl"), self.path("copied")
        subprocess.run([binary("bihuan"), "export", "--data", self.data, "--out", history],
                       check=True, stdout=subprocess.DEVNULL, timeout=60)
        subprocess.run([binary("bihuan"), "init", "--data", copied, "--district", "试点区"],
                       check=True, stdout=subprocess.DEVNULL, timeout=60)
        subprocess.run([binary("bihuan"), "import", "--data", copied, history],
                       check=True, stdout=subprocess.DEVNULL, timeout=60)

        def root_of(data):
            report = subprocess.run([binary("bihuan"), "report", "plan", "--data", data, "--seq", "1",
                                     "--format", "json"], check=True, capture_output=True, timeout=60)
            return json.loads(report.stdout)["root"]

        self.assertEqual(root_of(copied), root_of(self.data))

    def test_promtool_has_nothing_to_say_about_the_metrics(self):
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0",
                                 "--demo-tokens", self.path("tokens.json"))
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            bearer = {"Authorization": "Bearer " + json.load(file)["inspector"]}
        urllib.request.urlopen(urllib.request.Request(url + "/v1/me", headers=bearer)).close()
        with urllib.request.urlopen(urllib.request.Request(url + "/metrics", headers=bearer)) as reply:
            text = reply.read()
        self.assertIn(b'bihuan_http_reply_seconds_count{method="GET",route="/v1/me"} 1\n', text)
        checked = subprocess.run([Places.promtool, "check", "metrics"], input=text, capture_output=True, timeout=60,
                                 check=False)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, b""))
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)

    def test_the_journal_is_json_that_names_nobody_and_steers_no_terminal(self):
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0")
        secret = "Bearer canary-token"
        for path in ("/v1/me", "/v1/streams/appeal/canary-number", "/v1/reports/%1b%5b31m%0d%0acanary"):
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(url + path, headers={"Authorization": secret}))
            self.assertEqual(refused.exception.code, 401)
            refused.exception.close()
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)
        said = self.journal()
        lines = [json.loads(line) for line in said.splitlines()]
        self.assertEqual([line["what"] for line in lines],
                         ["started", "denied", "denied", "denied", "stopping", "stopped"])
        self.assertEqual(lines[2]["route"], "/v1/streams/{kind}/{no}")
        self.assertEqual(lines[2]["level"], "warning")
        self.assertNotIn("canary", said)
        self.assertFalse([c for c in said if ord(c) < 0x20 and c != "\n"])

    def test_the_unit_is_shut_in_and_the_alerts_can_be_read(self):
        deploy = os.path.join(Places.project, "server/deploy")
        judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20",
                                 os.path.join(deploy, "bihuand.service")], capture_output=True, text=True,
                                timeout=60, check=False)
        self.assertEqual(judged.returncode, 0, judged.stdout[-300:] + judged.stderr)
        # The same unit where its program is the one that was built: systemd has nothing to say about any line.
        with open(os.path.join(deploy, "bihuand.service"), encoding="utf-8") as unit:
            lines = unit.read()
        self.assertIn("ExecStart=/usr/bin/bihuand ", lines)
        with open(self.path("bihuand.service"), "w", encoding="utf-8") as unit:
            unit.write(lines.replace("/usr/bin/bihuand", os.path.abspath(binary("bihuand"))))
        verified = subprocess.run(["systemd-analyze", "verify", "--man=no", self.path("bihuand.service")],
                                  capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((verified.returncode, verified.stdout + verified.stderr), (0, ""))
        rules = subprocess.run([Places.promtool, "check", "rules", os.path.join(deploy, "alerts.yml")],
                               capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(rules.returncode, 0, rules.stdout + rules.stderr)
        with open(os.path.join(Places.project, "server/metrics.cpp"), encoding="utf-8") as source:
            known = source.read()
        with open(os.path.join(deploy, "dashboard.json"), encoding="utf-8") as file:
            shown = [target["expr"] for panel in json.load(file)["panels"] for target in panel["targets"]]
        self.assertGreater(len(shown), 10)
        with open(os.path.join(deploy, "alerts.yml"), encoding="utf-8") as alerts:
            named = set(re.findall(r"bihuan_\w+", alerts.read() + " ".join(shown)))
        for name in named:
            self.assertIn(f'"{re.sub("_(bucket|sum|count)$", "", name)}"', known)
        # Prometheus reads what the dashboard asks for: as rules, for promtool takes nothing else.
        with tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as file:
            json.dump({"groups": [{"name": "shown", "rules": [
                {"record": f"shown:{number}", "expr": expr} for number, expr in enumerate(shown)]}]}, file)
            file.flush()
            read = subprocess.run([Places.promtool, "check", "rules", file.name], capture_output=True, text=True,
                                  timeout=60, check=False)
        self.assertEqual(read.returncode, 0, read.stdout + read.stderr)

    def test_a_notice_reaches_another_system_by_itself_and_signed(self):
        taken = queue.Queue()

        class Hook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                taken.put((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        hooks = http.server.HTTPServer(("127.0.0.1", 0), Hook)
        self.certificate()
        secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        secure.load_cert_chain(self.path("cert.pem"), self.path("key.pem"))
        hooks.socket = secure.wrap_socket(hooks.socket, server_side=True)
        self.addCleanup(hooks.server_close)
        threading.Thread(target=hooks.serve_forever, daemon=True).start()
        self.addCleanup(hooks.shutdown)
        with open(self.path("secret"), "w", opener=lambda name, flags: os.open(name, flags, 0o600),
                  encoding="utf-8") as secret:
            secret.write("sixteen bytes and more\n")
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0", "--demo-tokens",
                                 self.path("tokens.json"), "--webhook",
                                 f"https://127.0.0.1:{hooks.server_port}/notices", "--webhook-secret",
                                 self.path("secret"), "--webhook-ca", self.path("cert.pem"))
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            token = json.load(file)["office_lead"]
        enterprise = "91350100M000100Y43"
        for command, stream, data in (
                ("RegisterEnterprise", "enterprise/" + enterprise, {"name": "某某公司"}),
                ("SubmitAppeal", "appeal/SQ1", {"enterprise": enterprise, "channel": "visit", "category": "政务服务",
                                                "title": "许可", "text": "迟迟未批。"}),
                ("OrderSupervision", "appeal/SQ1", {"reason": "群众反映强烈"})):
            request = urllib.request.Request(
                f"{url}/v1/commands/{command}", json.dumps({"stream": stream, "data": data}).encode(),
                {"Authorization": "Bearer " + token, "Idempotency-Key": command})
            with urllib.request.urlopen(request, timeout=60) as reply:
                self.assertEqual(reply.status, 201)
        headers, body = taken.get(timeout=60)
        self.assertEqual(json.loads(body)["type"], "bihuan.SupervisionOrdered")
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        code = hmac.new(b"sixteen bytes and more", signed, "sha256").digest()
        self.assertEqual(headers["webhook-signature"], "v1," + base64.b64encode(code).decode())
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)

    def test_a_full_disk_is_507_and_loses_nothing_that_was_answered(self):
        # Every file of the server may grow to so many KiB and no further: a full disk that needs no root.
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0",
                                 "--demo-tokens", self.path("tokens.json"),
                                 under=("bash", "-c", "trap '' XFSZ; ulimit -f 300; exec \"$@\"", "bihuand"))
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            token = json.load(file)["office_lead"]
        with self.assertRaises(urllib.error.HTTPError) as full:
            for number in range(20000):
                post(url, token, f"f-{number}")
        self.assertEqual((full.exception.code, json.load(full.exception)["code"]), (507, "DiskFull"))
        full.exception.close()
        self.assertGreater(number, 0)
        bearer = {"Authorization": "Bearer " + token}
        with urllib.request.urlopen(urllib.request.Request(
                f"{url}/v1/streams/department/f-{number - 1}", headers=bearer), timeout=60) as reply:
            self.assertEqual(reply.status, 200)
        with self.assertRaises(urllib.error.HTTPError) as unready:
            urllib.request.urlopen(url + "/readyz", timeout=60)
        self.assertEqual(unready.exception.code, 507)
        unready.exception.close()
        server.kill()
        server.wait()
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0",
                                 "--demo-tokens", self.path("tokens.json"))
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            token = json.load(file)["office_lead"]
        post(url, token, f"f-{number - 1}", 200)
        post(url, token, f"f-{number}", None)

    def test_a_token_that_the_program_makes_is_known(self):
        made = subprocess.run([binary("bihuan"), "token", "--data", self.data, "--person", "lead-7"],
                              check=True, capture_output=True, text=True, timeout=60)
        _, url = self.start("--data", self.data, "--listen", "127.0.0.1:0")
        bearer = {"Authorization": "Bearer " + made.stdout.strip()}
        with self.assertRaises(urllib.error.HTTPError) as nobody:  # known, and without any role yet
            urllib.request.urlopen(urllib.request.Request(url + "/v1/me", headers=bearer), timeout=60)
        self.assertEqual(nobody.exception.code, 403)
        nobody.exception.close()

    def write_until_killed(self, server, url, token, tag, enough):
        """WRITERS clients write until the server is killed in the middle of it: the receipts by key, and the keys
        whose outcome nobody knows."""
        receipts, unknown, lock = {}, [], threading.Lock()
        reached = threading.Event()

        def client(number):
            for turn in itertools.count():
                key = f"{tag}-{number}-{turn}"
                try:
                    receipt = post_appeal(url, token, key)
                except (OSError, http.client.HTTPException):
                    with lock:
                        unknown.append(key)
                    return
                with lock:
                    receipts[key] = receipt
                    if len(receipts) >= enough:
                        reached.set()

        clients = [threading.Thread(target=client, args=(number,)) for number in range(WRITERS)]
        for one in clients:
            one.start()
        self.assertTrue(reached.wait(timeout=120))
        server.kill()
        for one in clients:
            one.join()
        server.wait()
        return receipts, unknown

    def test_what_was_answered_is_there_after_a_kill_and_a_key_settles_what_is_unknown(self):
        everything, receipts, unknown = {}, {}, []
        for round_ in range(KILLS + 1):
            server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0",
                                     "--demo-tokens", self.path("tokens.json"))
            with open(self.path("tokens.json"), encoding="utf-8") as file:
                token = json.load(file)["office_lead"]
            ask(url, token, "enterprise", "RegisterEnterprise", "enterprise/" + ENTERPRISE, {"name": "某某公司"}, None)
            for key, receipt in receipts.items():
                self.assertEqual(post_appeal(url, token, key, 200), receipt)
            settled = [post_appeal(url, token, key, None) for key in unknown]
            self.assertEqual(settled, [post_appeal(url, token, key, 200) for key in unknown])
            if round_ == KILLS:
                break
            receipts, unknown = self.write_until_killed(server, url, token, f"r{round_}", 5 * WRITERS)
            self.assertEqual(len(unknown), WRITERS)
            everything.update(receipts)
            seqs = [receipt["seq"] for receipt in everything.values()]
            self.assertEqual(len(set(seqs)), len(seqs))
        self.assertEqual({key: post_appeal(url, token, key, 200) for key in everything}, everything)
        print(f"kills: {KILLS}, answered: {len(everything)}, unknown and settled: {KILLS * WRITERS}")
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)
        self.bihuan("audit", "--data", self.data)

    def test_after_a_failed_sync_writes_stop_reads_go_on_and_a_restart_verifies(self):
        options = ("--data", self.data, "--listen", "127.0.0.1:0", "--demo-tokens", self.path("tokens.json"))
        # Each thread counts for itself: the opening makes fewer syncs than that, the writer comes to it.
        failing = ("strace", "-D", "-f", "-qqq", "-o", self.path("trace"), "-e", "trace=fdatasync", "-e",
                   "inject=fdatasync:error=EIO:when=40+")
        server, url = self.start(*options, under=failing)
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            tokens = json.load(file)
        receipts, failed = {}, None
        for turn in range(400):
            try:
                receipts[f"e{turn}"] = post(url, tokens["office_lead"], f"e{turn}")
            except urllib.error.HTTPError as refused:
                failed = refused.code
                refused.close()
                break
        self.assertIn(failed, (500, 503))
        self.assertGreater(len(receipts), 10)
        with open(self.path("trace"), encoding="utf-8") as trace:
            self.assertIn("(INJECTED)", trace.read())
        with self.assertRaises(urllib.error.HTTPError) as again:
            post(url, tokens["office_lead"], "later")
        self.assertGreaterEqual(again.exception.code, 500)
        again.exception.close()
        bearer = {"Authorization": "Bearer " + tokens["inspector"]}
        for report in ("plan", "weekly?week=2021-W38", "closed-loop"):
            with urllib.request.urlopen(urllib.request.Request(f"{url}/v1/reports/{report}", headers=bearer)) as reply:
                self.assertEqual(json.load(reply)["seq"], len(receipts), report)
        with self.assertRaises(urllib.error.HTTPError) as unready:
            urllib.request.urlopen(url + "/readyz")
        self.assertEqual(unready.exception.code, 503)
        unready.exception.close()
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)
        server, url = self.start(*options)
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            token = json.load(file)["office_lead"]
        for key, receipt in receipts.items():
            self.assertEqual(post(url, token, key, 200), receipt)
        post(url, token, f"e{len(receipts)}", None)  # in doubt: there or not, and now it is
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)
        self.bihuan("audit", "--data", self.data)

    def bihuan(self, *arguments, expected=0):
        done = subprocess.run([binary("bihuan"), *arguments], check=False, capture_output=True, text=True,
                              timeout=120)
        self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def test_a_backup_is_made_beside_the_server_while_clients_write(self):
        server, url = self.start("--data", self.data, "--listen", "127.0.0.1:0",
                                 "--demo-tokens", self.path("tokens.json"))
        with open(self.path("tokens.json"), encoding="utf-8") as file:
            token = json.load(file)["office_lead"]
        self.assertEqual(stat.S_IMODE(os.stat(os.path.join(self.data, "backup")).st_mode), 0o600)
        receipts, stop = [[] for _ in range(4)], threading.Event()

        def client(number):
            while not stop.is_set():
                receipts[number].append(post(url, token, f"b{number}-{len(receipts[number])}")["seq"])

        clients = [threading.Thread(target=client, args=(number,)) for number in range(4)]
        for one in clients:
            one.start()
        self.addCleanup(stop.set)
        made, base = [], []
        for turn in range(3):
            acked = max(map(lambda seqs: seqs[-1] if seqs else 0, receipts))
            said = json.loads(self.bihuan("backup", "--data", self.data, "--format", "json", *base,
                                          self.path(f"copy{turn}")))
            self.assertGreaterEqual(said["seq"], acked)
            base = ["--base", self.path(f"copy{turn}")]
            made.append(said)
        # One that is killed in the middle of it is forgotten, and the next one is made.
        killed = subprocess.Popen([binary("bihuan"), "backup", "--data", self.data, self.path("killed")],
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        killed.kill()
        killed.communicate()
        self.bihuan("backup", "--data", self.data, self.path("last"))
        stop.set()
        for one in clients:
            one.join()
        self.assertGreater(min(map(len, receipts)), 0)
        self.assertGreater(made[-1]["seq"], made[0]["seq"])
        silent = socket.socket(socket.AF_UNIX)  # one that says nothing does not keep the server from its end
        self.addCleanup(silent.close)
        silent.connect(os.path.join(self.data, "backup"))
        server.send_signal(signal.SIGTERM)
        self.assertEqual(server.wait(timeout=60), 0)
        for name in ("backup", "frozen", "access/frozen"):
            self.assertFalse(os.path.lexists(os.path.join(self.data, name)), name)
        for turn, said in enumerate(made):
            copy = self.path(f"copy{turn}")
            shown = json.loads(self.bihuan("report", "plan", "--data", self.data, "--seq", str(said["seq"]),
                                           "--format", "json"))
            self.assertEqual(shown["root"], said["root"])
            self.bihuan("restore", "--from", copy, "--data", self.path(f"back{turn}"), expected=3)  # no keys with it
            self.assertIn("BackupMade", self.bihuan("history", "access/backup", "--data", copy))
        self.bihuan("audit", "--data", self.data)
        # Where nobody answers, a locked ledger is what it was.
        with open(os.path.join(self.data, "LOCK"), "rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("does not answer", self.bihuan("backup", "--data", self.data, self.path("no"), expected=1))

    def test_the_load_command_measures_what_it_says(self):
        said = subprocess.run(
            [binary("bihuan-bench"), "load", "--cases", "40", "--dir", self.path("load"), "--out",
             self.path("load.json"), "--seconds", "0.1", "--runs", "1", "--moments", "3", "--connections", "8",
             "--soak", "1"], capture_output=True, text=True, timeout=200, check=False)
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        with open(self.path("load.json"), encoding="utf-8") as file:
            figures = {one["name"]: one["median"] for one in json.load(file)["figures"]}
        self.assertEqual({"restart.clean", "restart.killed", "http.bare", "http.small_reads", "http.history",
                          "http.weekly", "http.commands", "http.commands.wait", "append.in_process",
                          "soak.resident"} - set(figures), set())
        self.assertTrue(all(value > 0 for value in figures.values()), figures)

    def test_the_readmes_play_one_appeal_through_by_curl(self):
        with open(self.path("calendars"), "wb") as calendars:
            calendars.write(subprocess.run(
                [binary("bihuan"), "convert", "calendars",
                 os.path.join(Places.project, "tools/demo/data/cn-workdays.json")], check=True, capture_output=True).stdout)
        self.bihuan("import", "--data", self.data, self.path("calendars"),
                    os.path.join(Places.project, "tools/demo/one-appeal.jsonl"))
        _, url = self.start("--data", self.data, "--listen", "127.0.0.1:0", "--demo-tokens", self.path("tokens.json"))
        said = []
        for readme in ("README.md", "README.zh-CN.md"):
            with open(os.path.join(Places.project, readme), encoding="utf-8") as file:
                script = file.read().split("<!-- curl -->\n```sh\n")[1].split("```")[0]
            played = subprocess.run(["bash", "-e", "-c", script], env={**os.environ, "url": url, "tokens":
                                    self.path("tokens.json")}, capture_output=True, text=True, timeout=120, check=False)
            self.assertEqual(played.returncode, 0, played.stdout + played.stderr)
            said.append([json.loads(line) for line in played.stdout.splitlines()])
        self.assertEqual(len(said[0]), 13)
        self.assertEqual([one["version"] for one in said[0][:-1]][-1], len(said[0][-1]["events"]))
        self.assertEqual(said[0][-1]["events"][-1]["event"], "AppealClosed")
        self.assertEqual(said[1][:-1], said[0][:-1])  # the same keys: the same receipts

    def test_serve_prints_three_lines_that_work(self):
        served = subprocess.run([os.path.join(Places.project, "tools/serve"), "--once", Places.bin, self.data], check=False,
                                capture_output=True, text=True, timeout=120)
        self.assertEqual(served.returncode, 0, served.stdout + served.stderr)
        self.assertEqual(len([line for line in served.stdout.splitlines() if line.startswith("curl ")]), 3)
        answers = [json.loads(line) for line in served.stdout.splitlines() if line.startswith("{")]
        self.assertEqual(answers[0]["report"], "closed-loop")
        self.assertEqual(answers[1]["stream"], "enterprise/91512081MA62K0260E")
        self.assertEqual(answers[2]["events"][0]["data"]["name"], "试用公司")


if __name__ == "__main__":
    main()
