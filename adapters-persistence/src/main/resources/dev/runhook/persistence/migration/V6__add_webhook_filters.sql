-- Filters that few webhooks have; null for all.
alter table webhook
  add column previous_states text[] check (cardinality(previous_states) > 0),
  -- the patterns of branch names; those with a leading ! exclude
  add column branches text[] check (cardinality(branches) between 1 and 20),
  -- true for only runs that change resources, false for only the others
  add column delta boolean,
  -- labels that the stack must have, all of them
  add column stack_labels text[] check (cardinality(stack_labels) between 1 and 10);
