"""Recomputes Bihuan's reports from a history file alone: the outside check of interfaces.md sections 4 and 6.

    outside_model.py HISTORY weekly --week 2021-W38 [--seq N | --as-of T] [--refused FILE]
    outside_model.py HISTORY closed-loop | ratings --from D --to D [--by K,K] | plan | supervision

Written from the documents, with the standard library only; nothing is shared with the product's code.
The answer has the product's JSON shape without `root` and `district`.
"""
import argparse
import bisect
import json
import sys
from fractions import Fraction

from clocks import OBLIGATIONS
from ledger import Ledger
from workdays import (DAY, day_of, day_text, last_day, monday_of, parse_day, parse_time, parse_week, start_of,
                      time_text, week_text)

WORST = {"red": 3, "yellow": 2, "green": 1, "grey": 0}
FLOWS = ["submitted", "accepted", "rejected", "withdrawn", "concluded", "reopened"]


# ---- duties and lights ------------------------------------------------------------------------------

def worst(lights):
    return max((light for light in lights if light), key=WORST.get, default=None)


class ProgressDuty:
    """The report that a long-term matter owes for one ISO week, due at 24:00 of its last working day."""
    obligation = "progress"

    def __init__(self, assignment, monday, due):
        filed = assignment.progress.get(monday)
        self.monday, self.due, self.suspended_at = monday, due, assignment.suspended_at
        self.met_at = filed[0] if filed else None
        self.ended_at = assignment.ended_at if assignment.ended else assignment.completed_at
        self.same_day = False

    def open(self):
        return self.met_at is None and self.ended_at is None

    def light(self, now):
        if not self.open():
            return None
        if self.suspended_at is not None:
            return "grey"
        if now >= self.due:
            return "red"
        return "yellow" if now >= start_of(last_day(self.due)) else "green"

    def owed(self):
        """Filed, or not filed while the assignment was still running at its due."""
        return self.met_at is not None or self.ended_at is None or self.ended_at >= self.due


def progress_duties(state, a, now):
    """One a week from the week after the approval, each existing from its Monday."""
    if a.weekly_from is None:
        return
    end = a.ended_at if a.ended else a.completed_at
    until = min(now, end) if end is not None else now
    for monday in range(a.weekly_from, day_of(until) + 1, 7):
        last = state.calendar.last_of_week(monday)
        if last is not None:
            yield ProgressDuty(a, monday, start_of(last + 1))


def assignment_duties(state, a, now):
    return list(a.duties.values()) + list(progress_duties(state, a, now))


def office_duties(appeal):
    return appeal.office + [d for r in appeal.rounds for d in r.duties.values()]


def overdue_workdays(state, duty, now):
    """Working days after the due day, up to the day it was met or ended, or to the moment."""
    if duty is None:
        return 0
    end = now
    for stop in (duty.met_at, getattr(duty, "stopped_at", None), duty.suspended_at):
        if stop is not None:
            end = min(end, stop)
    return state.calendar.count(last_day(duty.due), day_of(end))


def rate(n, d):
    return {"n": n, "d": d}


# ---- the head ---------------------------------------------------------------------------------------

class Question:
    """A moment: `seq` says what is known, `now` judges the lights."""

    def __init__(self, ledger, seq=None, as_of=None):
        self.ledger = ledger
        if seq is None:
            seq = ledger.seq_at(as_of) if as_of is not None else len(ledger.events)
        self.seq = seq
        if as_of is None:
            as_of = ledger.events[seq - 1].at if seq else None
        self.now = as_of

    def head(self, report):
        return {"report": report, "as_of": time_text(self.now), "seq": self.seq,
                "rules": self.ledger.state_at(self.seq).rules_id()}


# ---- weekly -----------------------------------------------------------------------------------------

def of_week(state, kind, start, end):
    flow = state.flow.get(kind, [])
    low = bisect.bisect_left(flow, start, key=lambda f: f[0])
    return flow[low:bisect.bisect_left(flow, end, key=lambda f: f[0])]


class Week:
    """The state that a week's report is judged at: min(to, as_of), with the events before `to`."""

    def __init__(self, question, monday):
        self.start, self.end = start_of(monday), start_of(monday + 7)
        self.monday = monday
        seq = min(question.seq, question.ledger.seq_at(self.end - 1))
        self.state = question.ledger.state_at(seq)
        self.judged = min(self.end, question.now)  # counts
        self.lit = min(self.end - 1, question.now)  # lights: the last microsecond of a finished week

    def flow(self, kind):
        return [subject for _, subject in of_week(self.state, kind, self.start, self.end)]

    def holds(self, duty):
        """A duty belongs to the week of min(met at, last day of its due)."""
        moment = duty.due - 1 if duty.met_at is None else min(duty.met_at, duty.due - 1)
        return self.start <= moment < self.end


def all_duties(state, appeal, now):
    """(matter, department, dispatch seq, duty) of an appeal: the office's own first."""
    for duty in office_duties(appeal):
        yield None, None, 0, duty
    for a in appeal.assignments:
        for duty in assignment_duties(state, a, now):
            yield a.matter, a.department, a.seq, duty


def totals(week):
    out = {kind: len(week.flow(kind)) for kind in FLOWS}
    opened = [a for a in week.state.appeals.values() if a.is_open()]
    out["open"] = len(opened)
    out["overdue_open"] = sum(
        any(d.light(week.lit) == "red" for *_, d in all_duties(week.state, a, week.lit)) for a in opened)
    out["rated"] = len(week.flow("rated"))
    out["bad_rated"] = sum(r.level <= 2 for r in week.flow("rated"))
    return out


def department_row(week, department, assignments):
    def lights(a):
        return worst(d.light(week.lit) for d in assignment_duties(week.state, a, week.lit))

    def kept(obligation):
        """The duties of this week: an approved return takes its assignment out of n and d."""
        for a in assignments:
            duty = a.duties.get(obligation)
            if duty is not None and a.ended != "returned" and week.holds(duty) and duty.fallen_due(week.judged):
                yield duty

    def in_time(obligation):
        duties = list(kept(obligation))
        return rate(sum(d.in_time() for d in duties), len(duties))

    opened = [a for a in assignments if a.open()]
    completed = [a for a, at in week.flow("completed") if a.department == department and a.completed_at == at]
    progress = [d for a in assignments for d in progress_duties(week.state, a, week.lit)
                if d.monday == week.monday and d.owed() and a.ended != "returned"]
    red = [a for a in opened if lights(a) == "red"]
    return {
        "department": department, "name": week.state.departments[department],
        "dispatched": sum(a.department == department and a.ended != "returned" for a in week.flow("dispatched")),
        "completed_on_time": sum(not a.completed_late for a in completed),
        "completed_late": sum(a.completed_late for a in completed),
        "open": len(opened),
        "overdue": sum("completion" in a.duties and a.duties["completion"].light(week.lit) == "red" for a in opened),
        "returned": sum(a.department == department for a in week.flow("returned")),
        "contact": in_time("contact"), "completion": in_time("completion"),
        "progress_due": len(progress), "progress_filed": sum(d.met_at is not None for d in progress),
        "yellow": sum(lights(a) == "yellow" for a in opened), "red": len(red),
        "dissatisfied": sum(call["satisfied"] is False and call["reached"] and department in r.leads()
                            for r, call in week.flow("callback"))}


def departments(week):
    by_department = {}
    for appeal in week.state.appeals.values():
        for a in appeal.assignments:
            by_department.setdefault(a.department, []).append(a)
    return [department_row(week, d, by_department.get(d, [])) for d in sorted(week.state.departments)]


def light_rows(week):
    rows = []
    for appeal in week.state.appeals.values():
        duties = sorted(all_duties(week.state, appeal, week.lit),
                        key=lambda d: (d[0] or 0, d[2], OBLIGATIONS.index(d[3].obligation), d[3].due))
        for matter, department, _, duty in duties:
            light = duty.light(week.lit)
            if light in ("red", "yellow"):
                rows.append({"appeal": appeal.no, "matter": matter, "department": department,
                             "obligation": duty.obligation, "due": time_text(duty.due), "light": light,
                             "overdue_workdays": overdue_workdays(week.state, duty, week.lit)})
    return rows


def long_term_rows(week):
    rows = []
    for appeal in week.state.appeals.values():
        for a in sorted(appeal.assignments, key=lambda a: (a.matter, a.seq)):
            if a.track != "long_term":
                continue
            duty = next((d for d in progress_duties(week.state, a, week.lit) if d.monday == week.monday), None)
            if a.open() or (duty is not None and duty.owed() and a.ended != "returned"):
                filed = a.progress.get(week.monday)
                rows.append({"appeal": appeal.no, "matter": a.matter, "department": a.department,
                             "week_text": filed[1] if filed else None, "percent": filed[2] if filed else None,
                             "filed": filed is not None})
    return rows


def due_next_week(week):
    rows = []
    for appeal in week.state.appeals.values():
        duties = sorted(all_duties(week.state, appeal, week.lit),
                        key=lambda d: (d[0] or 0, d[2], OBLIGATIONS.index(d[3].obligation), d[3].due))
        for matter, department, _, duty in duties:
            if (duty.obligation != "progress" and duty.open() and duty.suspended_at is None
                    and week.end <= duty.due - 1 < week.end + 7 * DAY):
                rows.append({"appeal": appeal.no, "matter": matter, "department": department,
                             "obligation": duty.obligation, "due": time_text(duty.due)})
    return rows


def weekly(question, week):
    monday = parse_week(week)
    previous = totals(Week(question, monday - 7))
    this = Week(question, monday)
    state = this.state
    out = {"week": week, "from": time_text(this.start), "to": time_text(this.end), "totals": totals(this),
           "previous": previous, "departments": departments(this), "lights": light_rows(this),
           "long_term": long_term_rows(this), "supervision": supervision_totals(state, this),
           "plan": plan_totals(state, this.lit), "due_next_week": due_next_week(this),
           "ratings": rating_figures(rounds_of(state, this.start, this.end), this.judged)}
    return {**question.head("weekly"), **out}


# ---- ratings ----------------------------------------------------------------------------------------

def rounds_of(state, start, end):
    """The conclusions in [start, end), each a round: (appeal, round)."""
    return [(a, r) for a in state.appeals.values() for r in a.rounds
            if r.concluded_at is not None and start <= r.concluded_at < end]


def rating_figures(rounds, now):
    rated = [(a, r) for a, r in rounds if r.level is not None and not r.invalidated]
    bad = [(a, r) for a, r in rated if r.level <= 2]
    true = [(a, r) for a, r in bad if r.finding in ("true", "partly_true")]

    def in_time(rows, obligation):
        duties = [r.duties[obligation] for _, r in rows if obligation in r.duties]
        duties = [d for d in duties if d.fallen_due(now)]
        return rate(sum(d.in_time() for d in duties), len(duties))

    n = len(rated)
    return {"invited": len(rounds), "rated": n,
            "levels": {str(level): sum(r.level == level for _, r in rated) for level in (5, 4, 3, 2, 1)},
            "active": rate(n, len(rounds)),
            "good": rate(sum(r.level >= 3 for _, r in rated), n),
            "satisfied": rate(sum(r.level >= 4 for _, r in rated), n),
            "bad": rate(len(bad), n),
            "called_back": rate(sum(any(seq > r.rated_seq for seq in a.callbacks) for a, r in bad), len(bad)),
            "verified_in_time": in_time(bad, "rating_verify"),
            "rectified": rate(sum(r.fed_back for _, r in true), len(true)),
            "rectified_in_time": in_time(true, "rating_rectify"),
            "contested": sum(r.contested for _, r in rounds), "upheld": sum(r.upheld for _, r in rounds),
            "invalidated": sum(r.invalidated for _, r in rounds)}


def group_keys(appeal, round_, key):
    if key == "department":
        return round_.leads()
    if key == "week":
        return [week_text(day_of(round_.concluded_at))]
    return [getattr(appeal, key)]


def ratings(question, first, last, by=()):
    state = question.ledger.state_at(question.seq)
    rounds = rounds_of(state, start_of(parse_day(first)), start_of(parse_day(last) + 1))
    out = {"from": first, "to": last, **rating_figures(rounds, question.now)}
    if by:
        groups = {}
        for appeal, round_ in rounds:
            keys = [()]
            for key in by:
                keys = [k + (value,) for k in keys for value in group_keys(appeal, round_, key)]
            for key in keys:
                groups.setdefault(key, []).append((appeal, round_))
        out["groups"] = [{**dict(zip(by, key)), **rating_figures(groups[key], question.now)}
                         for key in sorted(groups)]
    return {**question.head("ratings"), **out}


# ---- the closed-loop ledger -------------------------------------------------------------------------

def row_status(a):
    if a.ended in ("redispatched", "returned", "cancelled"):
        return a.ended
    if a.round.status is not None:  # reopened since: the row keeps its round's values
        return a.round.status
    appeal = a.appeal
    own = appeal.status in ("submitted", "accepted")
    return a.status if own else appeal.status


def closed_loop_row(state, appeal, a, now):
    r = a.round if a else appeal.rounds[-1]
    if a:
        duties = assignment_duties(state, a, now)
        cards, completion, contact = a, a.duties.get("completion"), a.duties.get("contact")
    else:
        duties, cards, completion, contact = office_duties(appeal), appeal, None, None
    return {
        "appeal": appeal.no, "matter": a.matter if a else None, "department": a.department if a else None,
        "duty": a.duty if a else None, "enterprise": appeal.enterprise, "category": appeal.category,
        "channel": appeal.channel, "title": appeal.title, "track": a.track if a else None,
        "submitted_at": time_text(appeal.submitted_at), "accepted_at": time_text(appeal.accepted_at),
        "dispatched_at": time_text(a.dispatched_at) if a else None, "signed_at": time_text(a.signed_at) if a else None,
        "contact_due": time_text(contact.due) if contact else None,
        "contacted_at": time_text(a.contacted_at) if a else None,
        "completion_due": time_text(completion.due) if completion else None,
        "completed_at": time_text(a.completed_at) if a else None,
        "extensions": a.extensions if a else 0, "progress_last": a.progress_last if a else None,
        "status": row_status(a) if a else appeal.status, "light": worst(d.light(now) for d in duties),
        "overdue_workdays": overdue_workdays(state, completion, now),
        "yellow_cards": cards.yellow_cards, "red_cards": cards.red_cards,
        "returns": a.returns if a else 0, "reminders": cards.reminders, "reopens": appeal.reopens,
        "concluded_at": time_text(r.concluded_at), "outcome": r.outcome, "answered_at": time_text(r.answered_at),
        "callback": r.callbacks[-1] if r.callbacks else None, "rating": r.level, "rectification": r.rectification,
        "closed_at": time_text(r.closed_at), "last_seq": appeal.last_seq}


def closed_loop(question, department=None, light=None, status=None):
    state = question.ledger.state_at(question.seq)
    rows = []
    for appeal in state.appeals.values():
        parts = sorted(appeal.assignments, key=lambda a: (a.matter, a.seq)) or [None]
        rows += [closed_loop_row(state, appeal, a, question.now) for a in parts]
    rows = [r for r in rows if department in (None, r["department"]) and light in (None, r["light"])
            and status in (None, r["status"])]
    return {**question.head("closed-loop"), "rows": [{"no": n, **row} for n, row in enumerate(rows, 1)]}


# ---- the plan and the supervisors -------------------------------------------------------------------

def planned_share(task, now):
    """Weights of the milestones whose day is over; without milestones by calendar days from creation to due. Exact."""
    whole = sum(weight for _, weight, _ in task.milestones.values())
    if whole:
        return Fraction(sum(weight for day, weight, _ in task.milestones.values() if start_of(day + 1) <= now), whole)
    first, last = day_of(task.created_at), task.due
    if day_of(now) > last:
        return Fraction(1)
    return Fraction(max(0, day_of(now) - first), last - first) if last > first else Fraction(0)


def task_light(task, now):
    """planned% - actual%: under 10 green, to 30 yellow; red beyond, and when a milestone was missed."""
    gap = 100 * planned_share(task, now) - task.percent
    if gap > 30 or any(not done and start_of(day + 1) <= now for day, _, done in task.milestones.values()):
        return "red"
    return "green" if gap < 10 else "yellow"


def task_bucket(task, now):
    if task.started():
        light = task_light(task, now)
        return "on_plan" if light == "green" else light
    return {"reported": "completed", "verified": "completed", "closed": "closed"}.get(task.status, "not_started")


def tasks_of(state, plan_no, environment):
    return [t for t in state.tasks.values() if (t.plan, t.environment) == (plan_no, environment)]


def plan_totals(state, now):
    """One row an environment; what the plan announces and nobody has started yet is not_started."""
    rows = []
    for no, plan_ in state.plans.items():
        for environment in plan_["environments"]:
            buckets = [task_bucket(t, now) for t in tasks_of(state, no, environment["name"])]
            counts = {key: buckets.count(key) for key in ("on_plan", "yellow", "red", "completed", "closed")}
            rows.append({"environment": environment["name"], "total": environment["tasks"],
                         "not_started": environment["tasks"] - sum(counts.values()), **counts})
    return rows


def tally(values):
    return {value: values.count(value) for value in values}


def task_row(task, now):
    return {"task": task.code, "title": task.title, "target": task.target, "lead": task.lead, "co": task.co,
            "due": day_text(task.due), "original_due": day_text(task.original_due),
            "planned": int(100 * planned_share(task, now)), "percent": task.percent, "status": task.status,
            "light": task_light(task, now) if task.started() else None, "progress_last": task.text,
            "milestones": [{"name": name, "date": day_text(day), "weight": weight, "done": done}
                           for name, (day, weight, done) in task.milestones.items()],
            "last_seq": task.last_seq}


def plan(question):
    state = question.ledger.state_at(question.seq)
    now, rows = question.now, plan_totals(state, question.now)
    named = [(no, e) for no, plan_ in state.plans.items() for e in plan_["environments"]]
    for row, (no, environment) in zip(rows, named):
        tasks = tasks_of(state, no, environment["name"])
        row["plan"] = no
        row["statuses"] = tally([t.status for t in tasks])
        row["lights"] = tally([task_light(t, now) for t in tasks if t.started()])
        row["domains"] = [{"domain": domain, "tasks": [task_row(t, now) for t in tasks if t.domain == domain]}
                          for domain in environment["domains"]]
    totals_ = {"environments": len(named), "domains": sum(len(e["domains"]) for _, e in named),
               "tasks": sum(e["tasks"] for _, e in named), "created": len(state.tasks)}
    return {**question.head("plan"), "totals": totals_, "environments": rows}


def report_light(report, now):
    return worst(d.light(now) for d in report.duties)


def supervision_totals(state, week=None, now=None):
    lit = week.lit if week else now
    kinds = {"filed": "report_filed", "registered": "report_registered", "answered": "report_answered",
             "closed": "report_closed"}
    out = {key: len(week.flow(kind) if week else state.flow.get(kind, [])) for key, kind in kinds.items()}
    opened = [r for r in state.reports.values() if r.is_open()]
    out["open"] = len(opened)
    out["overdue"] = sum(report_light(r, lit) == "red" for r in opened)
    return out


def supervision(question):
    state = question.ledger.state_at(question.seq)
    now = question.now
    rows = []
    for number, r in enumerate(state.reports.values(), 1):
        current = [d for d in r.duties if d.open()]
        rows.append({"no": number, "report": r.no, "supervisor": r.supervisor, "kind": r.kind, "grade": r.grade,
                     "title": r.title, "filed_at": time_text(r.filed_at), "registered_at": time_text(r.registered_at),
                     "department": r.department, "due": time_text(min((d.due for d in current), default=None)),
                     "progress": r.progress, "class": r.result, "concluded_at": time_text(r.concluded_at),
                     "answered_at": time_text(r.answered_at), "rating": r.rating, "status": r.status,
                     "light": report_light(r, now), "closed_at": time_text(r.closed_at), "last_seq": r.last_seq})
    return {**question.head("supervision"), "rows": rows, "totals": supervision_totals(state, now=now)}


def draw(question, report, **options):
    """Any report by its name in the command line."""
    return {"weekly": weekly, "closed-loop": closed_loop, "ratings": ratings, "plan": plan,
            "supervision": supervision}[report](question, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("history")
    parser.add_argument("report", choices=["weekly", "closed-loop", "ratings", "plan", "supervision"])
    parser.add_argument("--week")
    parser.add_argument("--from", dest="first")
    parser.add_argument("--to", dest="last")
    parser.add_argument("--by", default="")
    parser.add_argument("--seq", type=int)
    parser.add_argument("--as-of")
    parser.add_argument("--refused", help="a file with the line numbers of refused commands")
    args = parser.parse_args()
    refused = set()
    if args.refused:
        with open(args.refused, encoding="utf-8") as file:
            refused = {int(n) for n in file.read().split()}
    with open(args.history, encoding="utf-8") as file:
        ledger = Ledger(file, refused)
    question = Question(ledger, args.seq, parse_time(args.as_of) if args.as_of else None)
    options = {}
    if args.report == "weekly":
        options = {"week": args.week or week_text(monday_of(day_of(question.now)))}
    elif args.report == "ratings":
        options = {"first": args.first, "last": args.last, "by": [k for k in args.by.split(",") if k]}
    json.dump(draw(question, args.report, **options), sys.stdout, ensure_ascii=False, indent=1)
    print()


if __name__ == "__main__":
    main()
