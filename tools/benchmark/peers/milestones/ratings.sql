-- The ratings of the conclusions of a quarter over the milestone table of rating rounds. An
-- invalidated rating leaves the rates; a duty counts once it is met or has fallen due.
with cohort as (
  select *, is_rated = 1 and invalidated = 0 as valid,
    is_rated = 1 and invalidated = 0 and level <= 2 as bad
  from rounds
  where concluded_at >= :first and concluded_at < :end and seq <= :seq and until_seq > :seq
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
  count(*) filter (where bad and called_back = 1), count(*) filter (where bad),
  count(*) filter (where bad and verify_met <> 0 and verify_met < verify_due),
  count(*) filter (where bad and verify_due <> 0
                   and (verify_met <> 0 or verify_due <= least(:judged_at, verify_halted))),
  count(*) filter (where bad and to_rectify = 1 and fed_back = 1),
  count(*) filter (where bad and to_rectify = 1),
  count(*) filter (where bad and to_rectify = 1 and rectify_met <> 0 and rectify_met < rectify_due),
  count(*) filter (where bad and to_rectify = 1 and rectify_due <> 0
                   and (rectify_met <> 0 or rectify_due <= least(:judged_at, rectify_halted))),
  count(*) filter (where contested = 1), count(*) filter (where upheld = 1),
  count(*) filter (where invalidated = 1)
from cohort
