"""Replays the accepted commands of a history file: events with their seq, clocks with their dues.

A second opinion beside the product: written from interfaces.md and domain.md, never from its sources.
It does not judge whether a command may come (the product said which ones it refused); it follows what
the accepted ones mean. Readings of what the documents leave open are listed in READINGS.md.
"""
import json

import appeal_events as appeal
import other_events as other
from clocks import DEFAULT_RULES, Duty
from workdays import Calendar, parse_time

COMMANDS = {  # command: (its event, what the event does)
    "PublishCalendar": ("CalendarPublished", other.on_calendar),
    "AmendCalendar": ("CalendarAmended", other.on_calendar),
    "DeclareLocalClosure": ("LocalClosureDeclared", other.on_closure),
    "PublishRuleSet": ("RuleSetPublished", other.on_rules),
    "RetireRuleSet": ("RuleSetRetired", other.on_rules),
    "CreateDepartment": ("DepartmentCreated", other.on_department),
    "RenameDepartment": ("DepartmentRenamed", other.on_department),
    "SubmitAppeal": ("AppealSubmitted", appeal.on_submitted),
    "SupplementAppeal": ("AppealSupplemented", appeal.on_supplement),
    "RequestSupplement": ("SupplementRequested", appeal.on_supplement),
    "AcceptAppeal": ("AppealAccepted", appeal.on_accepted),
    "RejectAppeal": ("AppealRejected", appeal.on_rejected),
    "WithdrawAppeal": ("AppealWithdrawn", appeal.on_left),
    "ClassifyAppeal": ("AppealClassified", appeal.on_classified),
    "TransferAppealOut": ("AppealTransferredOut", appeal.on_left),
    "MergeAppeal": ("AppealMerged", appeal.on_left),
    "UnmergeAppeal": ("AppealUnmerged", appeal.on_unmerged),
    "ShelveAppeal": ("AppealShelved", appeal.on_shelved),
    "UnshelveAppeal": ("AppealUnshelved", appeal.on_shelved),
    "ConcludeAppeal": ("AppealConcluded", appeal.on_concluded),
    "AnswerAppeal": ("AppealAnswered", appeal.on_answered),
    "RecordCallback": ("CallbackRecorded", appeal.on_callback),
    "ReopenAppeal": ("AppealReopened", appeal.on_reopened),
    "ExcludeAppeal": ("AppealExcluded", appeal.on_left),
    "CloseAppeal": ("AppealClosed", appeal.on_closed),
    "DispatchAssignment": ("AssignmentDispatched", appeal.on_dispatched),
    "SignAssignment": ("AssignmentSigned", appeal.on_signed),
    "RecordContact": ("EnterpriseContacted", appeal.on_contacted),
    "RecordFailedContact": ("ContactAttemptFailed", appeal.on_contact_failed),
    "RequestReturn": ("ReturnRequested", appeal.on_return),
    "ApproveReturn": ("ReturnApproved", appeal.on_return),
    "RefuseReturn": ("ReturnRefused", appeal.on_return),
    "RedispatchAssignment": ("AssignmentRedispatched", appeal.on_moved),
    "CancelAssignment": ("AssignmentCancelled", appeal.on_moved),
    "RequestLongTerm": ("LongTermRequested", appeal.on_long_term),
    "ApproveLongTerm": ("LongTermApproved", appeal.on_long_term),
    "ReportProgress": ("ProgressReported", appeal.on_progress),
    "RequestExtension": ("ExtensionRequested", appeal.on_extension),
    "ApproveExtension": ("ExtensionApproved", appeal.on_extension),
    "FileCoOpinion": ("CoOpinionFiled", appeal.on_completed),
    "ReportCompletion": ("CompletionReported", appeal.on_completed),
    "SendBackCompletion": ("CompletionSentBack", appeal.on_sent_back),
    "SuspendClock": ("ClockSuspended", appeal.on_clock),
    "ResumeClock": ("ClockResumed", appeal.on_clock),
    "IssueReminder": ("ReminderIssued", appeal.on_urged),
    "IssueYellowCard": ("YellowCardIssued", appeal.on_urged),
    "IssueRedCard": ("RedCardIssued", appeal.on_urged),
    "RateAppeal": ("RatingSubmitted", appeal.on_rated),
    "AssignBadRating": ("BadRatingAssigned", appeal.on_rectification),
    "VerifyBadRating": ("BadRatingVerified", appeal.on_rectification),
    "ContestRating": ("RatingContested", appeal.on_contest),
    "UpholdContest": ("ContestUpheld", appeal.on_contest),
    "PlanRectification": ("RectificationPlanned", appeal.on_rectification),
    "ReportRectification": ("RectificationReported", appeal.on_rectification),
    "AcceptRectification": ("RectificationAccepted", appeal.on_rectification),
    "RejectRectification": ("RectificationRejected", appeal.on_rectification),
    "FeedBackRectification": ("RectificationFedBack", appeal.on_rectification),
    "InvalidateRating": ("RatingInvalidated", appeal.on_contest),
    "FileSupervisorReport": ("ReportFiled", other.on_filed),
    "RegisterSupervisorReport": ("ReportRegistered", other.on_report),
    "DeclineSupervisorReport": ("ReportDeclined", other.on_report_ended),
    "GradeSupervisorReport": ("ReportGraded", other.on_report),
    "DispatchSupervisorReport": ("ReportDispatched", other.on_report),
    "RecordSupervisorReportProgress": ("ReportProgressed", other.on_report),
    "TransferClue": ("ClueTransferred", other.on_report_ended),
    "ConcludeSupervisorReport": ("ReportConcluded", other.on_report),
    "AnswerSupervisorReport": ("ReportAnswered", other.on_report),
    "RateSupervisorReport": ("ReportRated", other.on_report),
    "ReopenSupervisorReport": ("ReportReopened", other.on_report),
    "CloseSupervisorReport": ("ReportClosed", other.on_report_ended),
    "PublishPlan": ("PlanPublished", other.on_plan),
    "CreateTask": ("TaskCreated", other.on_task_created),
    "SetTaskOwner": ("TaskOwnerSet", other.on_task),
    "SetMilestone": ("MilestoneSet", other.on_task),
    "StartTask": ("TaskStarted", other.on_task),
    "RecordTaskProgress": ("TaskProgressed", other.on_task),
    "BlockTask": ("TaskBlocked", other.on_task),
    "UnblockTask": ("TaskUnblocked", other.on_task),
    "RequestTaskAdjustment": ("TaskAdjustmentRequested", other.on_task),
    "ApproveTaskAdjustment": ("TaskAdjustmentApproved", other.on_task),
    "ReportTaskCompletion": ("TaskCompletionReported", other.on_task),
    "VerifyTask": ("TaskVerified", other.on_task),
    "FailTaskVerification": ("TaskVerificationFailed", other.on_task),
    "CloseTask": ("TaskClosed", other.on_task),
    "ReopenTask": ("TaskReopened", other.on_task),
    "SplitTask": ("TaskSplit", other.on_task),
    "MergeTask": ("TaskMerged", other.on_task),
    "CancelTask": ("TaskCancelled", other.on_task),
}
HANDLERS = dict(COMMANDS.values())


class Event:
    __slots__ = ("seq", "at", "kind", "stream", "no", "data", "line", "role")

    def __init__(self, seq, at, kind, stream, no, data, line, role):
        self.seq, self.at, self.kind, self.stream, self.no = seq, at, kind, stream, no
        self.data, self.line, self.role = data, line, role


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

        record(COMMANDS[name][0] if name in COMMANDS else name)
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
