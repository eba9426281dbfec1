-- Filters that few webhooks have; null for all.
alter table webhook
  add column previous_states text[] check (cardinality(previous_states) > 0),
  -- the patterns of branch names; those with a leading ! exclude
  add column branches text[] check (cardinality(branches) between 1 and 20),
  -- true for only runs that change resources, false for only the others
  add column delta boolean,
  -- labels that the stack must have, all of them
  add column stack_labels text[] check (cardinality(stack_labels) between 1 and 10);

-- Replays of one run or state, and of events that the webhook was skipped for.
alter table replay
  add column run_name text,
  add column state text,
  -- how many of the matched events had no payload
  add column erased integer not null default 0 check (erased >= 0),
  drop constraint replay_status_check,
  add constraint replay_status_check check (status in ('DELIVERED', 'FAILED', 'SKIPPED'));
