"""What each event does to an appeal, its assignments and its rating rounds (domain.md section 10)."""
from clocks import Duty
from subjects import Appeal, Assignment, Round
from workdays import HOUR, ZONE, day_of, monday_of, parse_day, parse_week


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
        if duty.suspended_at is not None and duty.open():
            duty.shift(n, state.calendar)
        duty.suspended_at = None


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
