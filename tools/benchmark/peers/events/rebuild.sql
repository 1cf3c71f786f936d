-- The whole table of cases from the events: one row a case.
drop table if exists cases;
create table cases as
select
  no,
  min(recorded_at) filter (where type = 'AppealSubmitted') as submitted_at,
  min(recorded_at) filter (where type = 'AppealAccepted') as accepted_at,
  min(recorded_at) filter (where type = 'AssignmentDispatched') as dispatched_at,
  min(recorded_at) filter (where type = 'EnterpriseContacted') as contacted_at,
  max(recorded_at) filter (where type = 'CompletionReported') as completed_at,
  max(recorded_at) filter (where type = 'AppealConcluded') as concluded_at,
  max(recorded_at) filter (where type = 'RatingSubmitted') as rated_at,
  max(recorded_at) filter (where type = 'AppealClosed') as closed_at,
  count(*) filter (where type = 'AppealConcluded') as conclusions,
  count(*) as events,
  max(seq) as last_seq
from events
where kind = 'appeal'
group by no;
