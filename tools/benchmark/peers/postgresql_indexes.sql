-- What the questions need, after loading.
create index on events (type, recorded_at);
create index on assignments (settled_at) where is_open = 0;
create index on assignments (until_seq) where is_open = 1 or red_from < 9223372036854775807;
create index on rounds (concluded_at);
vacuum analyze;
