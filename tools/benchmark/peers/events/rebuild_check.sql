select count(*), sum(events), sum(last_seq), sum(conclusions) from cases
