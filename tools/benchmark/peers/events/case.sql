-- One case as of a moment: its events.
select seq, version, type
from events
where kind = 'appeal' and no = :no and seq <= :seq
order by seq
