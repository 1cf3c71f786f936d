-- The tables of the reports in PostgreSQL. `settled_at`: after it a closed assignment counts in no week.
create table events (
  seq bigint primary key, recorded_at bigint not null, kind text not null, no text not null,
  version int not null, type text not null, actor text not null, id text not null unique,
  payload jsonb not null, unique (kind, no, version));
create table assignments (
  seq bigint not null, until_seq bigint not null, part int not null, appeal_order int not null,
  appeal text not null, matter int, department text, is_lead smallint not null,
  dispatched_at bigint not null, is_open smallint not null, ended_as smallint not null,
  ended_at bigint not null, main_due bigint not null, contact_due bigint not null,
  contact_met bigint not null, contact_halted bigint not null, completion_due bigint not null,
  completion_met bigint not null, completion_halted bigint not null, overdue_from bigint not null,
  red_from bigint not null,
  settled_at bigint generated always as (greatest(dispatched_at, ended_at, contact_due, completion_due)) stored);
create table rounds (
  seq bigint not null, until_seq bigint not null, round bigint not null, appeal text not null,
  concluded_at bigint not null, is_rated smallint not null, level smallint not null,
  invalidated smallint not null, contested smallint not null, upheld smallint not null,
  called_back smallint not null, verify_due bigint not null, verify_met bigint not null,
  verify_halted bigint not null, to_rectify smallint not null, fed_back smallint not null,
  rectify_due bigint not null, rectify_met bigint not null, rectify_halted bigint not null);
create table departments (department text primary key, seq bigint not null);
create table weeks (seq bigint not null, monday_at bigint not null, due bigint not null);
-- What the SQL over the events takes out of a payload, in microseconds; DuckDB has macros of these names.
create function due_of(payload jsonb, wanted text) returns bigint language sql stable as $$
  select (extract(epoch from (jsonb_path_query_first(
    payload, ('$.dues[*] ? (@.obligation == "' || wanted || '").due')::jsonpath) #>> '{}')::timestamptz)
    * 1000000)::bigint
$$;
create function week_label(monday_at bigint) returns text language sql stable as $$
  select to_char(to_timestamp(monday_at / 1000000) at time zone 'Asia/Shanghai', 'IYYY-"W"IW')
$$;
