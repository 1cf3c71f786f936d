-- The first hundred rows of the closed-loop ledger whose light is red, and how many there are.
select count(*) over (), appeal, matter, department
from assignments
where seq <= :seq and until_seq > :seq and red_from <= :lights_at
order by appeal_order, matter, part
limit 100
