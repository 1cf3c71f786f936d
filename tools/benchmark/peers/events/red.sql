-- The first hundred rows of the closed-loop ledger whose light is red, over the raw events and the
-- calendar of weeks (a dimension table: when each week's progress falls due, from which seq on).
with acts as (
  select
    seq, recorded_at, no, type, (payload->>'matter') as matter, (payload->>'department') as department,
    payload
  from events
  where kind = 'appeal' and seq <= :seq and type in (
    'AssignmentDispatched', 'AssignmentSigned', 'EnterpriseContacted', 'ContactAttemptFailed',
    'ReturnApproved', 'AssignmentRedispatched', 'AssignmentCancelled', 'LongTermApproved',
    'ExtensionApproved', 'ProgressReported', 'CompletionReported', 'CompletionSentBack',
    'CoOpinionFiled', 'ClockSuspended', 'ClockResumed', 'DeadlineRecomputed')
), episodes as (
  select *, count(*) filter (where type = 'AssignmentDispatched')
      over (partition by no, matter, department order by seq) as episode
  from acts
  where matter is not null
), ends as (
  select no, (array_agg(type order by seq desc))[1] <> 'AppealUnmerged' as is_ended
  from events
  where kind = 'appeal' and seq <= :seq and type in (
    'AppealRejected', 'AppealWithdrawn', 'AppealTransferredOut', 'AppealExcluded', 'AppealMerged',
    'AppealUnmerged')
  group by no
), candidates as (
  -- Open and running: only these can show a light.
  select no, matter, department, episode
  from episodes
  group by no, matter, department, episode
  having coalesce((array_agg(type order by seq desc) filter (where type in (
      'ReturnApproved', 'AssignmentRedispatched', 'AssignmentCancelled', 'CompletionReported',
      'CompletionSentBack', 'CoOpinionFiled')))[1] = 'CompletionSentBack', true)
    and coalesce((array_agg(type order by seq desc) filter (
      where type in ('ClockSuspended', 'ClockResumed')))[1] = 'ClockResumed', true)
), running as (
  select e.*,
    case when e.type in ('AssignmentDispatched', 'LongTermApproved', 'ExtensionApproved', 'ClockResumed',
                         'DeadlineRecomputed') then e.payload end as moves
  from episodes e
  join candidates c on c.no = e.no and c.matter = e.matter and c.department = e.department
    and c.episode = e.episode
  left join ends x on x.no = e.no
  where not coalesce(x.is_ended, false)
), dated as (
  select *,
    due_of(moves, 'sign') as sign_due_then, due_of(moves, 'contact') as contact_due_then,
    due_of(moves, 'completion') as completion_due_then,
    due_of(moves, 'co_opinion') as opinion_due_then,
    type = 'EnterpriseContacted'
      or (type = 'ContactAttemptFailed' and (payload->>'meets') = 'true') as contacts
  from running
), clocks as (
  select
    no, matter, department, episode, min(seq) as dispatched_seq,
    (array_agg(sign_due_then order by seq desc) filter (where sign_due_then is not null))[1] as sign_due,
    (array_agg(contact_due_then order by seq desc)
      filter (where contact_due_then is not null))[1] as contact_due,
    (array_agg(completion_due_then order by seq desc)
      filter (where completion_due_then is not null))[1] as completion_due,
    (array_agg(opinion_due_then order by seq desc)
      filter (where opinion_due_then is not null))[1] as opinion_due,
    bool_or(contacts) as contacted,
    bool_or(contacts or type in ('AssignmentSigned', 'CompletionReported')) as is_signed,
    max(recorded_at) filter (where type = 'LongTermApproved' and (payload->>'weekly') = 'true')
      as weekly_from
  from dated
  group by no, matter, department, episode
), weeks_then as (
  select monday_at, (array_agg(due order by seq desc))[1] as due
  from weeks
  where seq <= :seq and monday_at <= :lights_at
  group by monday_at
), filed as (
  select no, matter, department, episode, (payload->>'week') as week
  from running
  where type = 'ProgressReported'
), owed as (
  select distinct c.no, c.matter, c.department, c.episode
  from clocks c
  join weeks_then w on w.monday_at > c.weekly_from and w.due <> 0 and w.due <= :lights_at
  left join filed f on f.no = c.no and f.matter = c.matter and f.department = c.department
    and f.episode = c.episode and f.week = week_label(w.monday_at)
  where f.no is null
), red as (
  select c.no, cast(c.matter as int) as matter, c.department, c.dispatched_seq as place
  from clocks c
  left join owed o on o.no = c.no and o.matter = c.matter and o.department = c.department
    and o.episode = c.episode
  where coalesce(c.sign_due <= :lights_at and not c.is_signed, false)
    or coalesce(c.contact_due <= :lights_at and not c.contacted, false)
    or c.completion_due <= :lights_at or c.opinion_due <= :lights_at or o.no is not null
), early as (
  -- Before the first dispatch an appeal is the office's: to accept, then to dispatch.
  select
    no, max(seq) filter (where type in ('AppealAccepted', 'AppealRejected')) as accepted,
    (array_agg(due_of(payload, 'accept') order by seq desc)
      filter (where due_of(payload, 'accept') is not null))[1] as accept_due,
    (array_agg(due_of(payload, 'dispatch') order by seq desc)
      filter (where due_of(payload, 'dispatch') is not null))[1] as dispatch_due
  from events e
  where kind = 'appeal' and seq <= :seq
    and type in ('AppealSubmitted', 'AppealAccepted', 'AppealRejected', 'DeadlineRecomputed')
    and not exists (select 1 from events d where d.kind = 'appeal' and d.no = e.no
                    and d.type = 'AssignmentDispatched' and d.seq <= :seq)
    and not exists (select 1 from ends x where x.no = e.no and x.is_ended)
  group by no
), all_red as (
  select no, matter, department, place from red
  union all
  select no, null, null, 0 from early
  where (accept_due <= :lights_at and accepted is null) or dispatch_due <= :lights_at
)
select count(*) over (), r.no, r.matter, r.department
from all_red r
join events f on f.kind = 'appeal' and f.no = r.no and f.version = 1
order by f.seq, r.matter, r.place
limit 100
