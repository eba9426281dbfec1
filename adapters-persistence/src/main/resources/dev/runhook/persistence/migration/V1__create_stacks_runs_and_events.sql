-- The tables of Runhook. The search path is their schema while this file runs, so a host's own tables never collide
-- with these.

-- A stack groups runs and webhooks. Its public id consists of account and slug. A deleted stack has neither, so that no
-- query finds it and its name is free. It stays until its runs, webhooks, events and deliveries have been deleted, page
-- by page.
create table stack (
  id uuid primary key,
  account text collate "C",
  slug text collate "C",
  name text not null,
  description text not null,
  labels text[] not null,
  url text,
  repository text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint stack_slug_key unique (account, slug),
  constraint stack_id_complete check ((account is null) = (slug is null))
);

create index stack_deleted on stack (id) where slug is null;

-- A run with its current state. Recording a transition updates the row, and its lock orders the transitions of the run.
-- A third of each page stays free so that such an update touches no index (HOT update).
create table run (
  id uuid primary key,
  stack_id uuid not null references stack,
  name text not null,
  type text not null,
  branch text not null,
  commit_hash text not null,
  commit_message text not null,
  commit_author_name text not null,
  commit_author_login text,
  commit_timestamp timestamptz,
  commit_url text,
  triggered_by text,
  url text,
  drift_detection boolean,
  command text,
  created_at timestamptz not null,
  state text not null,
  state_version bigint not null check (state_version > 0),
  delta_added bigint,
  delta_changed bigint,
  delta_deleted bigint,
  delta_resources bigint,
  recorded_at timestamptz not null default now(),
  last_transition_at timestamptz not null default now(),
  -- the last state version that was queued for each webhook, keyed by webhook id
  last_notified_versions jsonb not null default '{}',
  -- The name is first, so that only the index run_by_stack reads the runs of a stack. PostgreSQL could otherwise
  -- list them by reading all of them with this index and sorting them.
  constraint run_name_key unique (name, stack_id),
  constraint run_delta_complete check (num_nulls(delta_added, delta_changed, delta_deleted, delta_resources) in (0, 4))
) with (fillfactor = 70);

-- in the order of lists
create index run_by_stack on run (stack_id, created_at, id);

-- A transition of a run or a ping, with the payload that receivers get. The payload is stored once and never changes,
-- except that erasing it replaces it with its hash. The lock of a run keeps its versions unique.
create table event (
  id uuid primary key,
  stack_id uuid not null,
  kind text not null check (
    kind in (
      'RUN_STATE_CHANGED', 'PING', 'TEST', 'WEBHOOK_PAUSED', 'WEBHOOK_RESUMED', 'WEBHOOK_DISABLED', 'DELIVERY_FAILED',
      'SECRET_ROTATED', 'QUEUE_LAGGING')),
  run_id uuid,
  run_name text,
  state text,
  state_version bigint check (state_version > 0),
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  -- whether the state graph allows this transition from the state before it
  expected boolean,
  delta_added bigint,
  delta_changed bigint,
  delta_deleted bigint,
  delta_resources bigint,
  note text,
  -- the resources that the run changes, as JSON; null if they were not reported
  changes text,
  payload bytea,
  -- set if the payload was erased
  payload_sha256 bytea,
  trace_parent text,
  trace_state text,
  -- the webhook that an operational event is about
  affected_webhook_id uuid,
  constraint event_payload_or_hash check ((payload is null) = (payload_sha256 is not null)),
  constraint event_trace_complete check ((trace_parent is null) = (trace_state is null)),
  constraint event_subject_complete check (
    num_nulls(run_id, run_name, state, state_version, expected, affected_webhook_id) =
      case kind when 'RUN_STATE_CHANGED' then 1 when 'PING' then 6 when 'TEST' then 6 else 5 end)
) partition by range (id);

-- the history of a run
create index event_by_run on event (run_id, state_version) where run_id is not null;
create table event_default partition of event default;

-- Why a webhook did not get an event.
create table skipped_delivery (
  event_id uuid not null,
  webhook_id uuid not null,
  -- a code, and the values of its parameters in their order
  reason text not null,
  reason_values text[] not null,
  primary key (event_id, webhook_id)
) partition by range (event_id);

create table skipped_delivery_default partition of skipped_delivery default;
