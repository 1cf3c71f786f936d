"""Time, ISO weeks and the working-day calendar, written a second time from the documents alone.

Times are microseconds since 1970 (UTC), days are days since 1970 in Asia/Shanghai (always +08:00,
the zone has had no summer time since 1991). Rules: domain.md sections 4 and 5, interfaces.md section 6.
"""
import calendar as months
import datetime

HOUR = 3_600_000_000
DAY = 24 * HOUR
ZONE = 8 * HOUR
EPOCH = datetime.date(1970, 1, 1)
UTC_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def parse_time(text):
    """RFC 3339 with an offset, to microseconds."""
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (moment - UTC_EPOCH) // datetime.timedelta(microseconds=1)


def time_text(us):
    """+08:00 with six decimals, as every report prints times; None stays None."""
    if us is None:
        return None
    local = UTC_EPOCH + datetime.timedelta(microseconds=us + ZONE)
    return local.strftime("%Y-%m-%dT%H:%M:%S.%f+08:00")


def parse_day(text):
    return (datetime.date.fromisoformat(text) - EPOCH).days


def day_text(day):
    return (EPOCH + datetime.timedelta(days=day)).isoformat()


def day_of(us):
    return (us + ZONE) // DAY


def start_of(day):
    """00:00 of the day; start_of(day + 1) is 24:00 of the day, the exclusive end of a due."""
    return day * DAY - ZONE


def last_day(due):
    return day_of(due - 1)


def monday_of(day):
    return day - (day + 3) % 7  # 1970-01-01 was a Thursday


def week_text(day):
    year, week, _ = (EPOCH + datetime.timedelta(days=day)).isocalendar()
    return f"{year:04d}-W{week:02d}"


def parse_week(text):
    """"2021-W38" to its Monday."""
    year, week = text.split("-W")
    return (datetime.date.fromisocalendar(int(year), int(week), 1) - EPOCH).days


def month_later(day):
    """The same day of the next month, the last one where it has fewer days (our choice)."""
    date = EPOCH + datetime.timedelta(days=day)
    year, month = date.year + date.month // 12, date.month % 12 + 1
    date = date.replace(year=year, month=month, day=min(date.day, months.monthrange(year, month)[1]))
    return (date - EPOCH).days


class Calendar:
    """Which days are worked. A year without a calendar is Monday to Friday, and provisional."""

    def __init__(self):
        self.years = {}  # year -> (holidays, make-up days)
        self.closures = set()
        self.cache = {}

    def set_year(self, year, holidays, makeups):
        self.years[year] = ({parse_day(d) for d in holidays}, {parse_day(d) for d in makeups})
        self.cache.clear()

    def close(self, days):
        self.closures |= {parse_day(d) for d in days}
        self.cache.clear()

    def works(self, day):
        known = self.cache.get(day)
        if known is None:
            known = self.cache[day] = self.look_up(day)
        return known

    def look_up(self, day):
        if day in self.closures:
            return False
        holidays, makeups = self.years.get((EPOCH + datetime.timedelta(days=day)).year, ((), ()))
        if day in makeups:
            return True
        return (day + 3) % 7 < 5 and day not in holidays

    def nth_after(self, day, n):
        """The n-th working day after `day` (n = 0: the day itself)."""
        while n > 0:
            day += 1
            n -= self.works(day)
        return day

    def provisional(self, first, last):
        years = {(EPOCH + datetime.timedelta(days=d)).year for d in (first, last)}
        return any(y not in self.years for y in range(min(years), max(years) + 1))

    def count(self, after, until):
        """Working days d with after < d <= until: the overdue days of domain.md section 4."""
        return sum(self.works(d) for d in range(after + 1, until + 1))

    def last_of_week(self, monday):
        """The last working day of the ISO week, or None where it has none."""
        return next((d for d in range(monday + 6, monday - 1, -1) if self.works(d)), None)
