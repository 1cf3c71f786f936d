"""What the office keeps book of: appeals with assignments and rounds, supervisors' reports, tasks."""
from workdays import parse_day


class Assignment:
    def __init__(self, appeal, event, round_):
        d = event.data
        self.appeal, self.round, self.seq = appeal, round_, event.seq
        self.matter, self.department = d["matter"], d["department"]
        self.duty, self.track = d["duty"], d["track"]
        self.dispatched_at = event.at
        self.signed_at = self.contacted_at = self.completed_at = None
        self.completed_late = False
        self.status = "dispatched"
        self.before_return = None
        self.ended = None  # returned, redispatched, cancelled, withdrawn, ...
        self.ended_at = None
        self.duties = {}
        self.weekly_from = None  # Monday of the first week that owes progress
        self.progress = {}  # Monday -> (at, text, percent)
        self.progress_last = None
        self.extensions = self.returns = self.yellow_cards = self.red_cards = self.reminders = 0
        self.asked_workdays = self.asked_until = None
        self.half_days = set()
        self.suspended_at = None
        self.ruling = None

    def open(self):
        return self.ended is None and self.completed_at is None

    def end(self, how, at):
        if self.ended is None and (self.completed_at is None or how in ("returned", "redispatched", "cancelled")):
            self.ended, self.ended_at = how, at
            for duty in self.duties.values():
                duty.stop(at, how)

    def completion_due(self):
        duty = self.duties.get("completion" if self.duty == "lead" else "co_opinion")
        return duty.due if duty else None


class Round:
    """From acceptance or reopening to the next reopening: one conclusion, one rating."""

    def __init__(self):
        self.assignments = []
        self.concluded_at = self.concluded_seq = self.outcome = self.answered_at = self.closed_at = None
        self.status = None  # frozen by the reopening
        self.callbacks = []
        self.failed_days = []
        self.level = self.rated_at = self.rated_seq = self.finding = None
        self.rectification = None
        self.contested = self.upheld = self.invalidated = self.fed_back = False
        self.duties = {}

    def leads(self):
        """The departments that led its matters to the end; a returned or moved one did not."""
        return sorted({a.department for a in self.assignments
                       if a.duty == "lead" and a.ended not in ("returned", "redispatched", "cancelled")})


class Appeal:
    def __init__(self, no, event):
        d = event.data
        self.no, self.first_seq, self.last_seq = no, event.seq, event.seq
        self.enterprise, self.channel = d["enterprise"], d["channel"]
        self.category, self.title = d["category"], d["title"]
        self.track = None
        self.submitted_at, self.accepted_at = event.at, None
        self.status, self.before = "submitted", None
        self.assignments, self.rounds = [], [Round()]
        self.office = []  # the office's own clocks, oldest first
        self.callbacks = []  # (seq, reached)
        self.reopens = self.yellow_cards = self.red_cards = self.reminders = 0

    def find(self, data):
        """The newest assignment of that matter and department."""
        for a in reversed(self.assignments):
            if a.matter == data["matter"] and a.department == data["department"]:
                return a
        raise KeyError(f"{self.no}: no assignment {data['matter']}/{data['department']}")

    def concluded_round(self):
        return next(r for r in reversed(self.rounds) if r.concluded_at is not None)

    def office_duty(self, obligation):
        return next((d for d in reversed(self.office) if d.obligation == obligation), None)

    def is_open(self):
        if self.status == "excluded":
            return self.rounds[-1].concluded_at is None
        return self.status not in ("concluded", "answered", "closed", "rejected", "withdrawn", "merged",
                                   "transferred")


class Report:
    """A supervisor's report 反映事项."""

    def __init__(self, no, event):
        d = event.data
        self.no, self.first_seq, self.last_seq = no, event.seq, event.seq
        self.supervisor = "保密" if d["sealed"] else d["supervisor"]
        self.kind, self.title, self.sealed = d["kind"], d["title"], d["sealed"]
        self.grade = self.department = self.progress = self.result = self.rating = None
        self.filed_at = event.at
        self.registered_at = self.dispatched_at = self.concluded_at = None
        self.answered_at = self.closed_at = None
        self.status = "filed"
        self.duties = []

    def is_open(self):
        return self.status not in ("closed", "declined", "transferred")

    def open_duty(self, obligation):
        return next((d for d in self.duties if d.obligation == obligation and d.open()), None)


class Task:
    def __init__(self, code, event):
        d = event.data
        self.code, self.plan, self.environment = code, d["plan"], d["environment"]
        self.domain, self.title, self.due = d["domain"], d["title"], parse_day(d["due"])
        self.original_due, self.target, self.created_at = self.due, d.get("target"), event.at
        self.first_seq = self.last_seq = event.seq
        self.lead, self.co = None, []
        self.milestones = {}  # name -> [day, weight, done]
        self.percent, self.status, self.text = 0, "created", None
        self.asked_due = self.asked_target = None

    def started(self):
        return self.status in ("started", "blocked")
