"""The clocks of the district: which obligations there are, their time limits, and one running clock.

Rules: domain.md section 4, interfaces.md section 6.
"""
from workdays import day_of, last_day, month_later, start_of

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
