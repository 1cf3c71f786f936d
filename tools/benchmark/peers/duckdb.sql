-- The tables of the reports in DuckDB, in order of seq; :dir is where the exported files lie.
create table events as
  select * from read_csv(':dir/events.csv', header = true, columns = {
    'seq': 'bigint', 'recorded_at': 'bigint', 'kind': 'varchar', 'no': 'varchar', 'version': 'integer',
    'type': 'varchar', 'actor': 'varchar', 'id': 'varchar', 'payload': 'json'});
create table assignments as
  select *, greatest(dispatched_at, ended_at, contact_due, completion_due) as settled_at
  from read_csv(':dir/assignments.csv', header = true, columns = {
    'seq': 'bigint', 'until_seq': 'bigint', 'part': 'integer', 'appeal_order': 'integer',
    'appeal': 'varchar', 'matter': 'integer', 'department': 'varchar', 'is_lead': 'utinyint',
    'dispatched_at': 'bigint', 'is_open': 'utinyint', 'ended_as': 'utinyint', 'ended_at': 'bigint',
    'main_due': 'bigint', 'contact_due': 'bigint', 'contact_met': 'bigint', 'contact_halted': 'bigint',
    'completion_due': 'bigint', 'completion_met': 'bigint', 'completion_halted': 'bigint',
    'overdue_from': 'bigint', 'red_from': 'bigint'})
  order by seq;
create table rounds as
  select * from read_csv(':dir/rounds.csv', header = true, columns = {
    'seq': 'bigint', 'until_seq': 'bigint', 'round': 'bigint', 'appeal': 'varchar',
    'concluded_at': 'bigint', 'is_rated': 'utinyint', 'level': 'utinyint', 'invalidated': 'utinyint',
    'contested': 'utinyint', 'upheld': 'utinyint', 'called_back': 'utinyint', 'verify_due': 'bigint',
    'verify_met': 'bigint', 'verify_halted': 'bigint', 'to_rectify': 'utinyint', 'fed_back': 'utinyint',
    'rectify_due': 'bigint', 'rectify_met': 'bigint', 'rectify_halted': 'bigint'})
  order by concluded_at, seq;
create table departments as select * from read_csv(':dir/departments.csv', header = true, columns = {
    'department': 'varchar', 'seq': 'bigint'});
create table weeks as select * from read_csv(':dir/weeks.csv', header = true, columns = {
    'seq': 'bigint', 'monday_at': 'bigint', 'due': 'bigint'});
create macro due_of(payload, wanted) as epoch_us(cast(json_extract_string(list_filter(
    json_extract(payload, '$.dues[*]'), lambda d: json_extract_string(d, '$.obligation') = wanted)[1],
    '$.due') as timestamptz));
create macro week_label(monday_at) as strftime(make_timestamp(monday_at + 28800000000), '%G-W%V');
