-- The departments of a week over the raw events. An assignment is the part of (appeal, matter,
-- department) between one dispatch and the next; its clocks run from the dues of its events.
with acts as (
  select
    seq, recorded_at, no, type, (payload->>'matter') as matter, (payload->>'department') as department,
    type = 'AssignmentDispatched' and (payload->>'duty') = 'lead' as leads,
    type = 'EnterpriseContacted'
      or (type = 'ContactAttemptFailed' and (payload->>'meets') = 'true') as contacts,
    case when type in ('AssignmentDispatched', 'LongTermApproved', 'ExtensionApproved', 'ClockResumed',
                       'DeadlineRecomputed') then payload end as moves
  from events
  where kind = 'appeal' and seq <= :seq and type in (
    'AssignmentDispatched', 'EnterpriseContacted', 'ContactAttemptFailed', 'ReturnApproved',
    'AssignmentRedispatched', 'AssignmentCancelled', 'LongTermApproved', 'ExtensionApproved',
    'CompletionReported', 'CompletionSentBack', 'CoOpinionFiled', 'ClockSuspended', 'ClockResumed',
    'DeadlineRecomputed')
), dated as (
  select *,
    due_of(moves, 'contact') as contact_due_then, due_of(moves, 'completion') as completion_due_then,
    due_of(moves, 'co_opinion') as opinion_due_then,
    count(*) filter (where type = 'AssignmentDispatched')
      over (partition by no, matter, department order by seq) as episode
  from acts
  where matter is not null
), assignments_then as (
  select
    no, department,
    min(recorded_at) filter (where type = 'AssignmentDispatched') as dispatched_at,
    bool_or(leads) as leads,
    (array_agg(type order by seq desc) filter (where type in (
      'ReturnApproved', 'AssignmentRedispatched', 'AssignmentCancelled', 'CompletionReported',
      'CompletionSentBack', 'CoOpinionFiled')))[1] as last_end,
    (array_agg(recorded_at order by seq desc) filter (where type in (
      'ReturnApproved', 'AssignmentRedispatched', 'AssignmentCancelled', 'CompletionReported',
      'CompletionSentBack', 'CoOpinionFiled')))[1] as last_end_at,
    (array_agg(contact_due_then order by seq desc)
      filter (where contact_due_then is not null))[1] as contact_due,
    (array_agg(completion_due_then order by seq desc)
      filter (where completion_due_then is not null))[1] as completion_due,
    (array_agg(opinion_due_then order by seq desc)
      filter (where opinion_due_then is not null))[1] as opinion_due,
    min(recorded_at) filter (where contacts) as contact_met,
    (array_agg(type order by seq desc)
      filter (where type in ('ClockSuspended', 'ClockResumed')))[1] = 'ClockSuspended' as suspended,
    max(recorded_at) filter (where type = 'ClockSuspended') as suspended_at
  from dated
  group by no, matter, department, episode
), appeal_ends as (
  select
    no, (array_agg(type order by seq desc))[1] as last_end, max(recorded_at) as ended_at
  from events
  where kind = 'appeal' and seq <= :seq and type in (
    'AppealWithdrawn', 'AppealTransferredOut', 'AppealExcluded', 'AppealMerged', 'AppealUnmerged')
  group by no
), ended as (
  select
    a.*,
    case when a.last_end <> 'CompletionSentBack' then a.last_end end as own_end,
    case when a.last_end <> 'CompletionSentBack' then a.last_end_at end as own_end_at,
    case when e.last_end <> 'AppealUnmerged' then e.ended_at end as appeal_end_at
  from assignments_then a
  left join appeal_ends e on e.no = a.no
), standing as (
  select
    department, dispatched_at, own_end_at as ended_at,
    own_end is null and appeal_end_at is null as is_open,
    coalesce(own_end = 'ReturnApproved', false) as is_returned,
    coalesce(own_end in ('CompletionReported', 'CoOpinionFiled'), false) as is_completed,
    case when leads then completion_due else opinion_due end as main_due,
    contact_due, contact_met, completion_due,
    case when own_end = 'CompletionReported' then own_end_at end as completion_met,
    coalesce(suspended, false) as suspended,
    -- A duty left undone by reporting completion runs on; any other end halts it, and so does a
    -- suspension.
    case when own_end = 'CompletionReported' and own_end_at <= coalesce(appeal_end_at, own_end_at)
      then 9223372036854775807
      else least(coalesce(own_end_at, 9223372036854775807), coalesce(appeal_end_at, 9223372036854775807),
                 case when suspended then suspended_at else 9223372036854775807 end)
      end as halted_at
  from ended
), counted as (
  select
    department,
    count(*) filter (where dispatched_at >= :week_from and not is_returned) as dispatched,
    count(*) filter (where is_returned and ended_at >= :week_from) as returned,
    count(*) filter (where is_completed and ended_at >= :week_from
                     and (main_due is null or ended_at < main_due)) as on_time,
    count(*) filter (where is_completed and ended_at >= :week_from and ended_at >= main_due) as late,
    count(*) filter (where is_open) as open,
    count(*) filter (where is_open and not suspended and completion_due <= :lights_at) as overdue,
    count(*) filter (where not is_returned and contact_met < contact_due
                     and contact_met >= :week_from and contact_met < :week_to) as contact_n,
    count(*) filter (where not is_returned and contact_due > :week_from and contact_due <= :week_to
                     and (contact_met >= contact_due
                          or (contact_met is null and contact_due <= least(:judged_at, halted_at))))
      as contact_missed,
    count(*) filter (where not is_returned and completion_met < completion_due
                     and completion_met >= :week_from and completion_met < :week_to) as completion_n,
    count(*) filter (where not is_returned and completion_due > :week_from and completion_due <= :week_to
                     and (completion_met >= completion_due
                          or (completion_met is null
                              and completion_due <= least(:judged_at, halted_at))))
      as completion_missed
  from standing
  group by department
)
select
  d.no,
  coalesce(c.dispatched, 0), coalesce(c.returned, 0), coalesce(c.on_time, 0), coalesce(c.late, 0),
  coalesce(c.open, 0), coalesce(c.overdue, 0),
  coalesce(c.contact_n, 0), coalesce(c.contact_n + c.contact_missed, 0),
  coalesce(c.completion_n, 0), coalesce(c.completion_n + c.completion_missed, 0)
from events d
left join counted c on c.department = d.no
where d.kind = 'department' and d.type = 'DepartmentCreated' and d.seq <= :seq
order by d.no
