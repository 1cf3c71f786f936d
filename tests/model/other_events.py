"""What the events of calendars, rules, departments, supervisors' reports, plans and tasks do."""
from clocks import DEFAULT_RULES, OBLIGATIONS
from subjects import Report, Task
from workdays import parse_day


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
             "TaskCompletionReported": "reported", "TaskVerified": "verified", "TaskVerificationFailed": "started",
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
        task.asked_due, task.asked_target = d.get("due"), d.get("target")
    elif e.kind == "TaskAdjustmentApproved":
        task.due = parse_day(task.asked_due) if task.asked_due else task.due
        task.target = task.asked_target or task.target
