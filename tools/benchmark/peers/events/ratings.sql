-- The ratings of the conclusions of a quarter over the raw events. A round is the part of an appeal
-- between one conclusion and the next; events of a rating belong to the newest round.
with concluded as (
  select distinct no from events
  where kind = 'appeal' and type = 'AppealConcluded' and recorded_at >= :first and recorded_at < :end
    and seq <= :seq
), acts as (
  select
    e.seq, e.recorded_at, e.no, e.type, e.payload,
    count(*) filter (where e.type = 'AppealConcluded') over (partition by e.no order by e.seq) as round
  from events e
  join concluded c on c.no = e.no
  where e.kind = 'appeal' and e.seq <= :seq and e.type in (
    'AppealConcluded', 'CallbackRecorded', 'RatingSubmitted', 'BadRatingVerified', 'RatingContested',
    'ContestUpheld', 'RectificationPlanned', 'RectificationFedBack', 'RatingInvalidated',
    'DeadlineRecomputed', 'AppealWithdrawn', 'AppealTransferredOut', 'AppealExcluded', 'AppealMerged')
), dated as (
  select *,
    case when type in ('RatingSubmitted', 'DeadlineRecomputed')
      then due_of(payload, 'rating_verify') end as verify_due_then,
    case when type in ('RatingSubmitted', 'RectificationPlanned', 'DeadlineRecomputed')
      then due_of(payload, 'rating_rectify') end as rectify_due_then
  from acts
), rounds_then as (
  select
    no, round,
    min(recorded_at) filter (where type = 'AppealConcluded') as concluded_at,
    max(seq) filter (where type = 'RatingSubmitted') as rated_seq,
    (array_agg(cast(payload->>'level' as int) order by seq desc)
      filter (where type = 'RatingSubmitted'))[1] as level,
    bool_or(type = 'RatingInvalidated') as invalidated,
    bool_or(type = 'RatingContested') as contested, bool_or(type = 'ContestUpheld') as upheld,
    bool_or(type = 'RectificationFedBack') as fed_back,
    (array_agg((payload->>'finding') order by seq desc)
      filter (where type = 'BadRatingVerified'))[1] as finding,
    (array_agg(verify_due_then order by seq desc) filter (where verify_due_then is not null))[1]
      as verify_due,
    (array_agg(rectify_due_then order by seq desc) filter (where rectify_due_then is not null))[1]
      as rectify_due,
    min(recorded_at) filter (where type = 'BadRatingVerified') as verify_met,
    min(recorded_at) filter (where type = 'RectificationFedBack') as rectify_met,
    min(recorded_at) filter (where type in (
      'ContestUpheld', 'RatingInvalidated', 'AppealWithdrawn', 'AppealTransferredOut', 'AppealExcluded',
      'AppealMerged')) as stopped_at,
    min(recorded_at) filter (where type = 'BadRatingVerified'
                             and (payload->>'finding') in ('mistaken', 'untrue')) as needless_at
  from dated
  where round > 0
  group by no, round
), callbacks as (
  select no, max(seq) as seq from acts where type = 'CallbackRecorded' group by no
), cohort as (
  select
    r.*, r.rated_seq is not null and not r.invalidated as valid,
    coalesce(r.rated_seq is not null and not r.invalidated and r.level <= 2, false) as bad,
    coalesce(c.seq > r.rated_seq, false) as called_back,
    coalesce(r.finding in ('true', 'true_', 'partly_true'), false) as to_rectify,
    -- The next conclusion ends a round's duties too.
    least(:judged_at, coalesce(r.stopped_at, 9223372036854775807), coalesce(
      lead(r.concluded_at) over (partition by r.no order by r.round), 9223372036854775807)) as until_at
  from rounds_then r
  left join callbacks c on c.no = r.no
)
select
  count(*), count(*) filter (where valid),
  count(*) filter (where valid and level = 5), count(*) filter (where valid and level = 4),
  count(*) filter (where valid and level = 3), count(*) filter (where valid and level = 2),
  count(*) filter (where valid and level = 1),
  count(*) filter (where valid), count(*),
  count(*) filter (where valid and level >= 3), count(*) filter (where valid),
  count(*) filter (where valid and level >= 4), count(*) filter (where valid),
  count(*) filter (where bad), count(*) filter (where valid),
  count(*) filter (where bad and called_back), count(*) filter (where bad),
  count(*) filter (where bad and verify_met < verify_due),
  count(*) filter (where bad and (verify_met is not null or verify_due <= until_at)),
  count(*) filter (where bad and to_rectify and fed_back), count(*) filter (where bad and to_rectify),
  count(*) filter (where bad and to_rectify and rectify_met < rectify_due),
  count(*) filter (where bad and to_rectify
                   and (rectify_met is not null or rectify_due <= until_at)),
  count(*) filter (where contested), count(*) filter (where upheld),
  count(*) filter (where invalidated)
from cohort
where concluded_at >= :first and concluded_at < :end
