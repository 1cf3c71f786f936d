-- The departments of a week over the milestone table: what stood at the week's last event, or at the
-- moment if the week still runs. A duty belongs to the week of min(met, last day of its due).
with standing as (
  select * from assignments
  where seq <= :seq and until_seq > :seq and part >= 0
    and (is_open = 1 or settled_at >= :week_from)
), counted as (
  select
    department,
    count(*) filter (where dispatched_at >= :week_from and ended_as <> 2) as dispatched,
    count(*) filter (where ended_as = 2 and ended_at >= :week_from) as returned,
    count(*) filter (where ended_as = 1 and ended_at >= :week_from
                     and (main_due = 0 or ended_at < main_due)) as on_time,
    count(*) filter (where ended_as = 1 and ended_at >= :week_from
                     and main_due <> 0 and ended_at >= main_due) as late,
    count(*) filter (where is_open = 1) as open,
    count(*) filter (where is_open = 1 and overdue_from <= :lights_at) as overdue,
    count(*) filter (where ended_as <> 2 and contact_met <> 0 and contact_met < contact_due
                     and contact_met >= :week_from and contact_met < :week_to) as contact_n,
    count(*) filter (where ended_as <> 2 and contact_due > :week_from and contact_due <= :week_to
                     and (contact_met >= contact_due
                          or (contact_met = 0
                              and contact_due <= least(:judged_at, contact_halted)))) as contact_missed,
    count(*) filter (where ended_as <> 2 and completion_met <> 0 and completion_met < completion_due
                     and completion_met >= :week_from and completion_met < :week_to) as completion_n,
    count(*) filter (where ended_as <> 2 and completion_due > :week_from and completion_due <= :week_to
                     and (completion_met >= completion_due
                          or (completion_met = 0
                              and completion_due <= least(:judged_at, completion_halted))))
      as completion_missed
  from standing
  group by department
)
select
  d.department,
  coalesce(c.dispatched, 0), coalesce(c.returned, 0), coalesce(c.on_time, 0), coalesce(c.late, 0),
  coalesce(c.open, 0), coalesce(c.overdue, 0),
  coalesce(c.contact_n, 0), coalesce(c.contact_n + c.contact_missed, 0),
  coalesce(c.completion_n, 0), coalesce(c.completion_n + c.completion_missed, 0)
from departments d
left join counted c on c.department = d.department
where d.seq <= :seq
order by d.department
