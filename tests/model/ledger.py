"""Replays the accepted commands of a history file: events with their seq, clocks with their dues.

A second opinion beside the product: written from interfaces.md and domain.md, never from its sources.
It does not judge whether a command may come (the product said which ones it refused); it follows what
the accepted ones mean. Readings of what the documents leave open are listed in READINGS.md.
"""
import json

from workdays import (Calendar, HOUR, ZONE, day_of, last_day, monday_of, month_later, parse_day, parse_time,
                      parse_week, start_of)

OBLIGATIONS = ["accept", "dispatch", "sign", "contact", "completion", "co_opinion", "progress",
               "return_ruling", "callback", "rating_verify", "rating_rectify", "report_register",
               "report_dispatch", "report_conclude", "report_reply", "milestone"]

DEFAULT_RULES = {  # domain.md section 4; null in a rule set switches a duty off
    "accept_workdays": 1, "dispatch_workdays": 1, "sign_workdays": 1, "contact_workdays": 1,
    "completion_workdays": 3, "same_day_cutoff": "16:00", "co_opinion_workdays": 2,
    "return_workdays": 1, "return_ruling_workdays": 1, "callback_workdays": 3, "rating_workdays": 5,
    "rating_verify_workdays": 1, "rating_rectify_workdays": 5, "rating_rectify_complex_workdays": 15,
    "weekly_progress": 1, "report_register_workdays": 1, "report_dispatch_workdays": 5,
    "report_conclude_c_workdays": 5, "report_conclude_b_workdays": 15, "report_conclude_a_months": 1,
    "report_reply_workdays": 3}


class Event:
    __slots__ = ("seq", "at", "kind", "stream", "no", "data", "line", "role")

    def __init__(self, seq, at, kind, stream, no, data, line, role):
        self.seq, self.at, self.kind, self.stream, self.no = seq, at, kind, stream, no
        self.data, self.line, self.role = data, line, role


class Duty:
    """One clock. `basis` says how its due follows from the calendar, so that an amendment can redo it."""
    __slots__ = ("obligation", "basis", "shifts", "due", "provisional", "same_day", "met_at",
                 "stopped_at", "stopped_by", "suspended_at")

    def __init__(self, obligation, basis, calendar, same_day=False):
        self.obligation, self.basis, self.shifts, self.same_day = obligation, basis, [], same_day
        self.met_at = self.stopped_at = self.stopped_by = self.suspended_at = None
        self.due, self.provisional = self.compute(calendar)

    def compute(self, calendar):
        """(due, provisional) under this calendar: the basis, then each extension after the other."""
        way, start, n = self.basis
        first = start if way == "fixed" else day_of(start)
        if way == "fixed":
            last = first
        elif way == "month":
            last = month_later(first)
        elif way == "same_wd" and calendar.works(first):  # that working day counts as the first
            last = calendar.nth_after(first, n - 1)
        else:
            last = calendar.nth_after(first, n)
        guessed = way in ("wd", "same_wd") and last > first and calendar.provisional(first + 1, last)
        for n in self.shifts:
            first, last = last, calendar.nth_after(last, n)
            guessed = guessed or calendar.provisional(first + 1, last)
        return start_of(last + 1), guessed

    def open(self):
        return self.met_at is None and self.stopped_at is None

    def meet(self, at):
        if self.met_at is None and self.stopped_at is None:
            self.met_at = at

    def stop(self, at, why):
        if self.open():
            self.stopped_at, self.stopped_by = at, why

    def unstop(self, *reasons):
        if self.stopped_by in reasons:
            self.stopped_at = self.stopped_by = None

    def shift(self, n, calendar):
        """24:00 of the n-th working day after the last day of the due in force."""
        self.shifts.append(n)
        self.due = start_of(calendar.nth_after(last_day(self.due), n) + 1)

    def in_time(self):
        return self.met_at is not None and self.met_at < self.due

    def fallen_due(self, now):
        """Counts in a denominator: met, or missed by `now` before anything ended it.

        A completion ends the contact without excusing it (interfaces.md section 6).
        """
        if self.met_at is not None:
            return True
        end = now
        if self.stopped_at is not None and self.stopped_by != "completion":
            end = self.stopped_at
        elif self.suspended_at is not None:
            end = self.suspended_at
        return self.due <= min(now, end)

    def light(self, now):
        if not self.open():
            return None
        if self.suspended_at is not None:
            return "grey"
        if now >= self.due:
            return "red"
        if self.same_day or now >= start_of(last_day(self.due)):
            return "yellow"
        return "green"


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
        self.first_seq = event.seq
        self.lead, self.co = None, []
        self.milestones = {}  # name -> [day, weight, done]
        self.percent, self.status, self.text = 0, "created", None
        self.asked_due = None

    def started(self):
        return self.status in ("started", "blocked")


class State:
    """Everything the reports need to know after some number of events."""

    def __init__(self):
        self.seq = self.at = 0
        self.calendar = Calendar()
        self.rules, self.rule_sets = dict(DEFAULT_RULES), []
        self.departments = {}
        self.appeals, self.reports, self.tasks, self.plans = {}, {}, {}, {}
        self.streams = []  # appeals and reports by first seq
        self.flow = {}  # kind -> [(at, subject)]: the flows of the weekly report
        self.pending = []  # clocks that the last calendar event moved, with their new dues

    def happened(self, kind, at, subject):
        self.flow.setdefault(kind, []).append((at, subject))

    def rules_id(self):
        return self.rule_sets[-1][0] if self.rule_sets else "default"

    def start(self, obligation, at, n, way="wd", same_day=False):
        """A new clock, or None where the rule set switches the duty off."""
        return None if n is None else Duty(obligation, (way, at, n), self.calendar, same_day)

    def apply(self, e):
        self.seq, self.at = e.seq, e.at
        if e.kind == "DeadlineRecomputed":
            subject, duty, due, guessed = self.pending.pop(0)
            duty.due, duty.provisional = due, guessed
            subject.last_seq = e.seq
            return
        subject = None
        if e.stream == "appeal":
            subject = self.appeals.get(e.no)
        elif e.stream == "supervisor-report":
            subject = self.reports.get(e.no)
        elif e.stream == "task":
            subject = self.tasks.get(e.no)
        if subject is not None:
            subject.last_seq = e.seq
        handler = HANDLERS.get(e.kind)
        if handler is not None:
            handler(self, e, subject, e.data)


# ---- the calendar, the rules, the directory ---------------------------------------------------------

def clocks_in_order(state):
    """Every open clock: streams by first seq; the office's own, the assignments, the rating rounds."""
    for subject in state.streams:
        if isinstance(subject, Report):
            groups = [subject.duties]
        else:
            groups = [subject.office]
            groups += [a.duties.values() for a in subject.assignments]
            groups += [r.duties.values() for r in subject.rounds]
        for group in groups:
            for duty in sorted(group, key=lambda d: OBLIGATIONS.index(d.obligation)):
                if duty.open():
                    yield subject, duty


def recompute(state, only_provisional, may_shorten):
    state.pending = []
    for subject, duty in clocks_in_order(state):
        if only_provisional and not duty.provisional:
            continue
        due, guessed = duty.compute(state.calendar)
        if due > duty.due or (due < duty.due and may_shorten):
            state.pending.append((subject, duty, due, guessed))


def on_calendar(state, e, _subject, d):
    state.calendar.set_year(d["year"], d["holidays"], d["makeup_workdays"])
    lead = e.role in ("office_lead", "district_leader")
    recompute(state, e.kind == "CalendarPublished", lead)


def on_closure(state, _e, _subject, d):
    state.calendar.close(d["days"])


def on_rules(state, e, _subject, d):
    if e.kind == "RuleSetPublished":
        state.rule_sets.append((e.no, {**DEFAULT_RULES, **d}))
    else:
        state.rule_sets = [r for r in state.rule_sets if r[0] != e.no]
    state.rules = state.rule_sets[-1][1] if state.rule_sets else dict(DEFAULT_RULES)


def on_department(state, e, _subject, d):
    state.departments[e.no] = d["name"]


# ---- the appeal -------------------------------------------------------------------------------------

def on_submitted(state, e, _subject, _d):
    appeal = Appeal(e.no, e)
    state.appeals[e.no] = appeal
    state.streams.append(appeal)
    add_office(appeal, state.start("accept", e.at, state.rules["accept_workdays"]))
    state.happened("submitted", e.at, appeal)


def add_office(appeal, duty):
    if duty is not None:
        appeal.office.append(duty)


def meet_office(appeal, obligation, at):
    for duty in appeal.office:
        if duty.obligation == obligation:
            duty.meet(at)


def on_accepted(state, e, appeal, _d):
    appeal.status, appeal.accepted_at = "accepted", e.at
    meet_office(appeal, "accept", e.at)
    add_office(appeal, state.start("dispatch", e.at, state.rules["dispatch_workdays"]))
    state.happened("accepted", e.at, appeal)


def on_rejected(state, e, appeal, _d):
    appeal.status = "rejected"
    meet_office(appeal, "accept", e.at)
    state.happened("rejected", e.at, appeal)


def on_supplement(_state, e, appeal, _d):
    if e.kind == "SupplementRequested":
        appeal.before, appeal.status = appeal.status, "supplement_requested"
    elif appeal.status == "supplement_requested":
        appeal.status = appeal.before


def stop_appeal(appeal, how, at):
    """The appeal leaves the office's hands: every clock stops, open assignments end."""
    for duty in appeal.office:
        duty.stop(at, how)
    for a in appeal.assignments:
        a.end(how, at)
    for r in appeal.rounds:
        for duty in r.duties.values():
            duty.stop(at, how)


def on_left(state, e, appeal, _d):
    how = {"AppealWithdrawn": "withdrawn", "AppealMerged": "merged", "AppealTransferredOut": "transferred",
           "AppealExcluded": "excluded"}[e.kind]
    appeal.before, appeal.status = appeal.status, how
    stop_appeal(appeal, how, e.at)
    if how == "withdrawn":
        state.happened("withdrawn", e.at, appeal)


def on_unmerged(_state, _e, appeal, _d):
    """What the merger stopped goes on with the same dues (our reading)."""
    appeal.status = appeal.before
    groups = [appeal.office] + [a.duties.values() for a in appeal.assignments]
    groups += [r.duties.values() for r in appeal.rounds]
    for group in groups:
        for duty in group:
            duty.unstop("merged")
    for a in appeal.assignments:
        if a.ended == "merged":
            a.ended = a.ended_at = None


def on_classified(_state, _e, appeal, d):
    appeal.category = d["category"]


def on_shelved(_state, e, appeal, _d):
    if e.kind == "AppealShelved":
        appeal.before, appeal.status = appeal.status, "shelved"
    else:
        appeal.status = appeal.before


def on_concluded(state, e, appeal, d):
    appeal.status = "concluded"
    r = appeal.rounds[-1]
    r.concluded_at, r.concluded_seq, r.outcome = e.at, e.seq, d["outcome"]
    for duty in appeal.office:
        duty.stop(e.at, "concluded")
    add_office(appeal, state.start("callback", e.at, state.rules["callback_workdays"]))
    state.happened("concluded", e.at, appeal)


def on_answered(_state, e, appeal, _d):
    appeal.status, appeal.rounds[-1].answered_at = "answered", e.at


def on_callback(state, e, appeal, d):
    r = appeal.rounds[-1]
    r.callbacks.append({key: d.get(key) for key in ("reached", "solved", "satisfied")})
    appeal.callbacks.append(e.seq)
    state.happened("callback", e.at, (r, r.callbacks[-1]))
    if d["reached"]:
        meet_office(appeal, "callback", e.at)
        return
    r.failed_days.append(day_of(e.at))
    days = {day for day in r.failed_days if state.calendar.works(day)}
    if len(r.failed_days) >= 3 and len(days) >= 2:
        meet_office(appeal, "callback", e.at)


def on_reopened(state, e, appeal, _d):
    appeal.rounds[-1].status = appeal.status
    appeal.rounds.append(Round())
    appeal.status = "accepted"
    appeal.reopens += 1
    for duty in appeal.office:
        duty.stop(e.at, "reopened")
    state.happened("reopened", e.at, appeal)


def on_closed(_state, e, appeal, _d):
    appeal.status, appeal.rounds[-1].closed_at = "closed", e.at


# ---- assignments ------------------------------------------------------------------------------------

def on_dispatched(state, e, appeal, d):
    a = Assignment(appeal, e, appeal.rounds[-1])
    appeal.assignments.append(a)
    a.round.assignments.append(a)
    meet_office(appeal, "dispatch", e.at)
    rules, start = state.rules, state.start
    if a.duty == "co":
        clocks = [start("co_opinion", e.at, rules["co_opinion_workdays"])]
    else:
        clocks = [start("sign", e.at, rules["sign_workdays"]), start("contact", e.at, rules["contact_workdays"]),
                  completion_clock(state, e.at, d["track"] == "same_day")]
    a.duties = {duty.obligation: duty for duty in clocks if duty is not None}
    state.happened("dispatched", e.at, a)


def completion_clock(state, at, same_day):
    """Same day: 24:00 of the day; on a day off, or at or after the cut-off, D(1) (domain.md section 4)."""
    n = state.rules["completion_workdays"]
    if n is None or not same_day:
        return state.start("completion", at, n)
    hour, minute = state.rules["same_day_cutoff"].split(":")
    before = (at + ZONE) % (24 * HOUR) < (int(hour) * 60 + int(minute)) * 60_000_000
    wait = 0 if before and state.calendar.works(day_of(at)) else 1
    return state.start("completion", at, wait, same_day=True)


def on_signed(_state, e, appeal, d):
    a = appeal.find(d)
    if a.status == "dispatched":
        a.status = "signed"
    sign(a, e.at)


def sign(a, at):
    a.signed_at = a.signed_at or at
    if "sign" in a.duties:
        a.duties["sign"].meet(at)


def on_contacted(state, e, appeal, d):
    a = appeal.find(d)
    if a.status in ("dispatched", "signed"):
        a.status = "contacted"
    elif a.status == "returning":
        a.before_return = "contacted"
    a.contacted_at = a.contacted_at or e.at
    meet_contact(a, e.at)


def meet_contact(a, at):
    sign(a, at)
    if "contact" in a.duties:
        a.duties["contact"].meet(at)


def on_contact_failed(_state, e, appeal, d):
    """Three attempts on different half-days before the due meet the duty (domain.md section 10)."""
    a = appeal.find(d)
    duty = a.duties.get("contact")
    a.half_days.add((day_of(e.at), (e.at + ZONE) // (12 * HOUR)))
    if duty is not None and len(a.half_days) >= 3 and e.at < duty.due:
        meet_contact(a, e.at)


def on_return(state, e, appeal, d):
    a = appeal.find(d)
    if e.kind == "ReturnRequested":
        a.before_return, a.status = a.status, "returning"
        a.ruling = state.start("return_ruling", e.at, state.rules["return_ruling_workdays"], "same_wd")
        add_office(appeal, a.ruling)
        return
    if a.ruling is not None:
        a.ruling.meet(e.at)
    if e.kind == "ReturnApproved":
        a.status = "returned"
        a.returns += 1
        a.end("returned", e.at)
        state.happened("returned", e.at, a)
    else:
        a.status = a.before_return


def on_moved(_state, e, appeal, d):
    a = appeal.find(d)
    a.status = "redispatched" if e.kind == "AssignmentRedispatched" else "cancelled"
    a.end(a.status, e.at)
    if a.ruling is not None:
        a.ruling.stop(e.at, a.status)


def on_long_term(state, e, appeal, d):
    a = appeal.find(d)
    if e.kind == "LongTermRequested":
        a.asked_until = d["until"]
    elif e.kind == "LongTermApproved":
        until = parse_day(d.get("until") or a.asked_until)
        duty = a.duties.get("completion")
        if duty is None:
            duty = a.duties["completion"] = Duty("completion", ("fixed", until, 0), state.calendar)
        duty.basis, duty.shifts, duty.same_day = ("fixed", until, 0), [], False
        duty.due, duty.provisional = duty.compute(state.calendar)
        a.status = a.track = "long_term"
        if state.rules["weekly_progress"] is not None:
            a.weekly_from = monday_of(day_of(e.at)) + 7


def on_progress(_state, e, appeal, d):
    a = appeal.find(d)
    a.progress.setdefault(parse_week(d["week"]), (e.at, d["text"], d["percent"]))
    a.progress_last = d["text"]


def on_extension(state, _e, appeal, d):
    a = appeal.find(d)
    if _e.kind == "ExtensionRequested":
        a.asked_workdays = d["workdays"]
    else:
        a.extensions += 1
        if "completion" in a.duties:
            workdays = d.get("workdays")
            a.duties["completion"].shift(a.asked_workdays if workdays is None else workdays, state.calendar)


def on_completed(state, e, appeal, d):
    a = appeal.find(d)
    sign(a, e.at)
    due = a.completion_due()
    a.before_return, a.status, a.completed_at = a.status, "completed", e.at
    a.completed_late = due is not None and e.at >= due
    for obligation in ("completion", "co_opinion"):
        if obligation in a.duties:
            a.duties[obligation].meet(e.at)
    for duty in a.duties.values():
        duty.stop(e.at, "completion")
    state.happened("completed", e.at, (a, e.at))


def on_sent_back(_state, _e, appeal, d):
    a = appeal.find(d)
    a.status, a.completed_at, a.completed_late = a.before_return, None, False
    for obligation in ("completion", "co_opinion"):
        if obligation in a.duties:
            a.duties[obligation].met_at = None
    for duty in a.duties.values():
        duty.unstop("completion")


def on_clock(state, e, appeal, d):
    """A suspended clock stands still; it goes on later by the working days in between (our reading)."""
    a = appeal.find(d)
    if e.kind == "ClockSuspended":
        a.suspended_at = e.at
        for duty in a.duties.values():
            if duty.open():
                duty.suspended_at = e.at
        return
    n = state.calendar.count(day_of(a.suspended_at), day_of(e.at))
    a.suspended_at = None
    for duty in a.duties.values():
        if duty.suspended_at is not None:
            duty.suspended_at = None
            duty.shift(n, state.calendar)


def on_urged(_state, e, appeal, d):
    target = appeal.find(d) if d.get("matter") is not None and d.get("department") else appeal
    if e.kind == "ReminderIssued":
        target.reminders += 1
    elif e.kind == "YellowCardIssued":
        target.yellow_cards += 1
    else:
        target.red_cards += 1


# ---- ratings ----------------------------------------------------------------------------------------

def on_rated(state, e, appeal, d):
    r = appeal.concluded_round()
    r.level, r.rated_at, r.rated_seq = d["level"], e.at, e.seq
    state.happened("rated", e.at, r)
    if r.level <= 2:
        clocks = [state.start("rating_verify", e.at, state.rules["rating_verify_workdays"]),
                  state.start("rating_rectify", e.at, state.rules["rating_rectify_workdays"])]
        r.duties = {duty.obligation: duty for duty in clocks if duty is not None}


def rated_round(appeal):
    return next(r for r in reversed(appeal.rounds) if r.level is not None)


def on_rectification(state, e, appeal, d):
    r = rated_round(appeal)
    duties = r.duties
    if e.kind == "BadRatingAssigned":
        r.rectification = "assigned"
    elif e.kind == "BadRatingVerified":
        r.rectification, r.finding = "verified", d["finding"]
        if "rating_verify" in duties:
            duties["rating_verify"].meet(e.at)
        if r.finding in ("mistaken", "untrue") and "rating_rectify" in duties:
            duties["rating_rectify"].stop(e.at, r.finding)
    elif e.kind == "RectificationPlanned" and "rating_rectify" in duties:
        duty = duties["rating_rectify"]
        duty.basis, duty.shifts = ("wd", r.rated_at, state.rules["rating_rectify_complex_workdays"]), []
        duty.due, duty.provisional = duty.compute(state.calendar)
    elif e.kind == "RectificationReported":
        r.rectification = "reported"
    elif e.kind == "RectificationAccepted":
        r.rectification = "accepted"
    elif e.kind == "RectificationRejected":
        r.rectification = "verified"
    elif e.kind == "RectificationFedBack":
        r.rectification, r.fed_back = "fed_back", True
        if "rating_rectify" in duties:
            duties["rating_rectify"].meet(e.at)


def on_contest(_state, e, appeal, _d):
    r = rated_round(appeal)
    if e.kind == "RatingContested":
        r.contested = True
        return
    if e.kind == "RatingInvalidated":
        r.invalidated = True
    else:
        r.upheld = True
    for duty in r.duties.values():
        duty.stop(e.at, e.kind)


# ---- supervisors' reports ---------------------------------------------------------------------------

def on_filed(state, e, _subject, _d):
    report = Report(e.no, e)
    state.reports[e.no] = report
    state.streams.append(report)
    clocks = [state.start("report_register", e.at, state.rules["report_register_workdays"]),
              state.start("report_dispatch", e.at, state.rules["report_dispatch_workdays"])]
    report.duties = [duty for duty in clocks if duty is not None]
    state.happened("report_filed", e.at, report)


def conclude_clock(state, report, at):
    grade = report.grade or "C"
    if grade == "A":
        return state.start("report_conclude", at, state.rules["report_conclude_a_months"], "month")
    return state.start("report_conclude", at, state.rules[f"report_conclude_{grade.lower()}_workdays"])


def on_report(state, e, report, d):
    def meet(*obligations):
        for duty in report.duties:
            if duty.obligation in obligations:
                duty.meet(e.at)

    started = None
    if e.kind == "ReportRegistered":
        report.status, report.registered_at = "registered", e.at
        meet("report_register")
        state.happened("report_registered", e.at, report)
    elif e.kind == "ReportGraded":
        report.status, report.grade = "graded", d["grade"]
    elif e.kind == "ReportDispatched":
        report.status, report.department, report.dispatched_at = "dispatched", d["department"], e.at
        meet("report_register", "report_dispatch")
        started = conclude_clock(state, report, e.at)
    elif e.kind == "ReportProgressed":
        report.progress = d["text"]
    elif e.kind == "ReportConcluded":
        report.status, report.concluded_at, report.result = "concluded", e.at, d["class"]
        meet("report_conclude")
        started = state.start("report_reply", e.at, state.rules["report_reply_workdays"])
    elif e.kind == "ReportAnswered":
        report.status, report.answered_at = "answered", e.at
        meet("report_reply")
        state.happened("report_answered", e.at, report)
    elif e.kind == "ReportReopened":
        for duty in report.duties:
            duty.stop(e.at, "reopened")
        report.status = "dispatched"
        report.concluded_at = report.result = report.answered_at = report.closed_at = None
        started = conclude_clock(state, report, e.at)
    elif e.kind == "ReportRated":
        report.rating = d["level"]
    if started is not None:
        report.duties.append(started)


def on_report_ended(state, e, report, _d):
    report.status = {"ReportDeclined": "declined", "ClueTransferred": "transferred", "ReportClosed": "closed"}[e.kind]
    for duty in report.duties:
        if e.kind == "ReportDeclined" and duty.obligation in ("report_register", "report_dispatch"):
            duty.meet(e.at)
        duty.stop(e.at, report.status)
    if e.kind == "ReportClosed":
        report.closed_at = e.at
        state.happened("report_closed", e.at, report)


# ---- the plan and its tasks -------------------------------------------------------------------------

def on_plan(state, e, _subject, d):
    state.plans[e.no] = d


def on_task_created(state, e, _subject, _d):
    state.tasks[e.no] = Task(e.no, e)


def on_task(_state, e, task, d):
    after = {"TaskStarted": "started", "TaskBlocked": "blocked", "TaskUnblocked": "started",
             "TaskCompletionReported": "completed", "TaskVerified": "verified", "TaskVerificationFailed": "started",
             "TaskClosed": "closed", "TaskReopened": "started", "TaskSplit": "split", "TaskMerged": "merged",
             "TaskCancelled": "cancelled"}
    task.status = after.get(e.kind, task.status)
    if e.kind == "TaskOwnerSet":
        task.lead, task.co = d["lead"], d.get("co") or []
    elif e.kind == "MilestoneSet":
        done = task.milestones.get(d["name"], [0, 0, False])[2]
        task.milestones[d["name"]] = [parse_day(d["date"]), d["weight"], done]
    elif e.kind == "TaskProgressed":
        task.percent, task.text = d["percent"], d["text"]
        if d.get("milestone"):
            task.milestones[d["milestone"]][2] = True
    elif e.kind == "TaskAdjustmentRequested":
        task.asked_due = d.get("due")
    elif e.kind == "TaskAdjustmentApproved" and task.asked_due:
        task.due = parse_day(task.asked_due)


HANDLERS = {"CalendarPublished": on_calendar, "CalendarAmended": on_calendar, "LocalClosureDeclared": on_closure,
            "RuleSetPublished": on_rules, "RuleSetRetired": on_rules, "DepartmentCreated": on_department,
            "DepartmentRenamed": on_department, "AppealSubmitted": on_submitted, "AppealAccepted": on_accepted,
            "AppealRejected": on_rejected, "SupplementRequested": on_supplement, "AppealSupplemented": on_supplement,
            "AppealWithdrawn": on_left, "AppealMerged": on_left, "AppealTransferredOut": on_left,
            "AppealExcluded": on_left, "AppealUnmerged": on_unmerged, "AppealClassified": on_classified,
            "AppealShelved": on_shelved, "AppealUnshelved": on_shelved, "AppealConcluded": on_concluded,
            "AppealAnswered": on_answered, "CallbackRecorded": on_callback, "AppealReopened": on_reopened,
            "AppealClosed": on_closed, "AssignmentDispatched": on_dispatched, "AssignmentSigned": on_signed,
            "EnterpriseContacted": on_contacted, "ContactAttemptFailed": on_contact_failed,
            "ReturnRequested": on_return, "ReturnApproved": on_return, "ReturnRefused": on_return,
            "AssignmentRedispatched": on_moved, "AssignmentCancelled": on_moved, "LongTermRequested": on_long_term,
            "LongTermApproved": on_long_term, "ProgressReported": on_progress, "ExtensionRequested": on_extension,
            "ExtensionApproved": on_extension, "CoOpinionFiled": on_completed, "CompletionReported": on_completed,
            "CompletionSentBack": on_sent_back, "ClockSuspended": on_clock, "ClockResumed": on_clock,
            "ReminderIssued": on_urged, "YellowCardIssued": on_urged, "RedCardIssued": on_urged,
            "RatingSubmitted": on_rated, "BadRatingAssigned": on_rectification, "BadRatingVerified": on_rectification,
            "RectificationPlanned": on_rectification, "RectificationReported": on_rectification,
            "RectificationAccepted": on_rectification, "RectificationRejected": on_rectification,
            "RectificationFedBack": on_rectification, "RatingContested": on_contest, "ContestUpheld": on_contest,
            "RatingInvalidated": on_contest, "ReportFiled": on_filed, "ReportRegistered": on_report,
            "ReportDeclined": on_report_ended, "ReportGraded": on_report, "ReportDispatched": on_report,
            "ReportProgressed": on_report, "ClueTransferred": on_report_ended, "ReportConcluded": on_report,
            "ReportAnswered": on_report, "ReportRated": on_report, "ReportReopened": on_report,
            "ReportClosed": on_report_ended, "PlanPublished": on_plan, "TaskCreated": on_task_created}
HANDLERS.update({kind: on_task for kind in (
    "TaskOwnerSet", "MilestoneSet", "TaskStarted", "TaskProgressed", "TaskBlocked", "TaskUnblocked",
    "TaskAdjustmentRequested", "TaskAdjustmentApproved", "TaskCompletionReported", "TaskVerified",
    "TaskVerificationFailed", "TaskClosed", "TaskReopened", "TaskSplit", "TaskMerged", "TaskCancelled")})

EVENT_OF = {"PublishCalendar": "CalendarPublished", "AmendCalendar": "CalendarAmended",
            "DeclareLocalClosure": "LocalClosureDeclared", "PublishRuleSet": "RuleSetPublished",
            "RetireRuleSet": "RuleSetRetired", "CreateDepartment": "DepartmentCreated",
            "RenameDepartment": "DepartmentRenamed", "SubmitAppeal": "AppealSubmitted",
            "SupplementAppeal": "AppealSupplemented", "RequestSupplement": "SupplementRequested",
            "AcceptAppeal": "AppealAccepted", "RejectAppeal": "AppealRejected", "WithdrawAppeal": "AppealWithdrawn",
            "ClassifyAppeal": "AppealClassified", "TransferAppealOut": "AppealTransferredOut",
            "MergeAppeal": "AppealMerged", "UnmergeAppeal": "AppealUnmerged", "ShelveAppeal": "AppealShelved",
            "UnshelveAppeal": "AppealUnshelved", "ConcludeAppeal": "AppealConcluded", "AnswerAppeal": "AppealAnswered",
            "RecordCallback": "CallbackRecorded", "ReopenAppeal": "AppealReopened", "ExcludeAppeal": "AppealExcluded",
            "CloseAppeal": "AppealClosed", "DispatchAssignment": "AssignmentDispatched",
            "SignAssignment": "AssignmentSigned", "RecordContact": "EnterpriseContacted",
            "RecordFailedContact": "ContactAttemptFailed", "RequestReturn": "ReturnRequested",
            "ApproveReturn": "ReturnApproved", "RefuseReturn": "ReturnRefused",
            "RedispatchAssignment": "AssignmentRedispatched", "CancelAssignment": "AssignmentCancelled",
            "RequestLongTerm": "LongTermRequested", "ApproveLongTerm": "LongTermApproved",
            "ReportProgress": "ProgressReported", "RequestExtension": "ExtensionRequested",
            "ApproveExtension": "ExtensionApproved", "FileCoOpinion": "CoOpinionFiled",
            "ReportCompletion": "CompletionReported", "SendBackCompletion": "CompletionSentBack",
            "SuspendClock": "ClockSuspended", "ResumeClock": "ClockResumed", "IssueReminder": "ReminderIssued",
            "IssueYellowCard": "YellowCardIssued", "IssueRedCard": "RedCardIssued", "RateAppeal": "RatingSubmitted",
            "AssignBadRating": "BadRatingAssigned", "VerifyBadRating": "BadRatingVerified",
            "ContestRating": "RatingContested", "UpholdContest": "ContestUpheld",
            "PlanRectification": "RectificationPlanned", "ReportRectification": "RectificationReported",
            "AcceptRectification": "RectificationAccepted", "RejectRectification": "RectificationRejected",
            "FeedBackRectification": "RectificationFedBack", "InvalidateRating": "RatingInvalidated",
            "FileSupervisorReport": "ReportFiled", "RegisterSupervisorReport": "ReportRegistered",
            "DeclineSupervisorReport": "ReportDeclined", "GradeSupervisorReport": "ReportGraded",
            "DispatchSupervisorReport": "ReportDispatched", "RecordSupervisorReportProgress": "ReportProgressed",
            "TransferClue": "ClueTransferred", "ConcludeSupervisorReport": "ReportConcluded",
            "AnswerSupervisorReport": "ReportAnswered", "RateSupervisorReport": "ReportRated",
            "ReopenSupervisorReport": "ReportReopened", "CloseSupervisorReport": "ReportClosed",
            "PublishPlan": "PlanPublished", "CreateTask": "TaskCreated", "SetTaskOwner": "TaskOwnerSet",
            "SetMilestone": "MilestoneSet", "StartTask": "TaskStarted", "RecordTaskProgress": "TaskProgressed",
            "BlockTask": "TaskBlocked", "UnblockTask": "TaskUnblocked",
            "RequestTaskAdjustment": "TaskAdjustmentRequested", "ApproveTaskAdjustment": "TaskAdjustmentApproved",
            "ReportTaskCompletion": "TaskCompletionReported", "VerifyTask": "TaskVerified",
            "FailTaskVerification": "TaskVerificationFailed", "CloseTask": "TaskClosed", "ReopenTask": "TaskReopened",
            "SplitTask": "TaskSplit", "MergeTask": "TaskMerged", "CancelTask": "TaskCancelled"}


class Ledger:
    """The events of a history, and the state after any number of them."""

    def __init__(self, lines, refused_lines=frozenset(), refused_ids=frozenset()):
        self.events = []
        self.live = State()
        self.seen = set()
        for number, text in enumerate(lines, 1):
            if not text.strip() or number in refused_lines:
                continue
            command = json.loads(text)
            if command["id"] in refused_ids or command["id"] in self.seen:
                continue
            self.seen.add(command["id"])
            self.execute(command, number)
        self.cached = State()

    def execute(self, command, number):
        at = parse_time(command["at"])
        kind, _, no = command["stream"].partition("/")
        role, data, name = command["actor"]["role"], command.get("data", {}), command["command"]

        def record(event):
            e = Event(len(self.events) + 1, at, event, kind, no, data, number, role)
            self.events.append(e)
            try:
                self.live.apply(e)
            except (KeyError, StopIteration) as error:
                raise ValueError(f"line {number}: {name} was accepted but makes no sense here: {error!r}") from error

        record(EVENT_OF.get(name, name))
        if name == "ConcludeAppeal":
            record("RatingInvited")
        elif name == "RedispatchAssignment":
            data = {"matter": data["matter"], "department": data["to"], "duty": "lead", "track": data["track"]}
            moved = self.live.appeals[no].find(command["data"])
            data["duty"] = moved.duty
            record("AssignmentDispatched")
        elif name in ("PublishCalendar", "AmendCalendar"):
            while self.live.pending:
                record("DeadlineRecomputed")

    def seq_at(self, at):
        """The last seq recorded at or before `at`."""
        low, high = 0, len(self.events)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self.events[middle].at <= at else (low, middle)
        return low

    def state_at(self, seq):
        if seq < self.cached.seq:
            self.cached = State()
        for e in self.events[self.cached.seq:seq]:
            self.cached.apply(e)
        return self.cached
