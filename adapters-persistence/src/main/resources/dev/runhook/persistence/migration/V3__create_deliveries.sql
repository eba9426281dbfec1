-- Deliveries that one transaction has recorded and handed to the dispatcher of its own process: one row for all of
-- them, which is deleted when the last one is finished. Each is the only open delivery of its lane, and its first attempt
-- is in flight. A delivery that must wait for anything moves to delivery_queue. To finish or move deliveries of a batch,
-- a transaction locks its row.
create table delivery_batch (
  id uuid primary key,
  leased_until timestamptz not null,
  created_at timestamptz not null default now(),
  -- one element for each delivery
  delivery_ids uuid[] not null,
  webhook_ids uuid[] not null,
  run_ids uuid[] not null,
  event_ids uuid[] not null,
  states text[] not null,
  state_versions bigint[] not null,
  previous_versions bigint[] not null,
  -- the positions of the deliveries that are finished or were moved
  closed integer[] not null default '{}'
) with (
  fillfactor = 50,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 500,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0,
  toast.autovacuum_vacuum_threshold = 5000,
  toast.autovacuum_vacuum_cost_delay = 0
);

-- Ids cannot be compressed, so PostgreSQL must not try.
alter table delivery_batch
  alter column delivery_ids set storage external,
  alter column webhook_ids set storage external,
  alter column run_ids set storage external,
  alter column event_ids set storage external;

-- Open deliveries that wait, for a retry, for their lane or for any process, or that were moved from a batch or claimed:
-- a narrow, small and hot table. No index contains leased_until, so leasing and releasing a delivery
-- touches no index. There are deliberately no foreign keys: a claim joins the webhook, and a delivery without a webhook
-- is never sent.
create table delivery_queue (
  id uuid primary key,
  webhook_id uuid not null,
  run_id uuid,
  event_id uuid not null,
  kind text not null,
  state text,
  state_version bigint,
  -- the version of the run that was sent to the webhook before this one
  previous_version bigint,
  -- null while an earlier delivery of the lane is open
  due_at timestamptz,
  leased_until timestamptz,
  attempts integer not null,
  failures integer not null,
  created_at timestamptz not null default now(),
  redelivery_of uuid,
  -- the length of the payload
  bytes integer not null default 0,
  constraint delivery_queue_run_complete check (num_nulls(run_id, state, state_version) in (0, 3)),
  constraint delivery_queue_lease_only_if_due check (leased_until is null or due_at is not null),
  constraint delivery_queue_counts check (attempts >= 0 and failures >= 0)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 20000,
  autovacuum_analyze_scale_factor = 0,
  autovacuum_analyze_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0
);

create index delivery_queue_due on delivery_queue (webhook_id, due_at, id) where due_at is not null;

-- The id is only an included column. If it were a key column, PostgreSQL 18 could use this index for a lookup by id
-- alone (skip scan) and read all of it.
create index delivery_queue_lane on delivery_queue (webhook_id, run_id, state_version) include (id);
create index delivery_queue_by_webhook on delivery_queue (webhook_id, id);

-- A lane (one webhook, one run) has at most one delivery that is due: its head.
create unique index delivery_queue_lane_head_key on delivery_queue (webhook_id, run_id)
  where due_at is not null and run_id is not null;

-- Finished deliveries.
create table delivery (
  id uuid primary key,
  webhook_id uuid not null,
  run_id uuid,
  event_id uuid not null,
  kind text not null,
  state text,
  state_version bigint,
  previous_version bigint,
  status text not null check (status in ('DELIVERED', 'FAILED')),
  attempts integer not null,
  finished_at timestamptz not null default now(),
  redelivery_of uuid,
  -- the first attempt, as in the table attempt, if it was the only one
  started_at timestamptz,
  duration_ns bigint,
  outcome text check (outcome in (
    'DELIVERED', 'REJECTED', 'TIMEOUT', 'CONNECTION_REFUSED', 'CONNECTION_RESET', 'DNS_FAILURE', 'TLS_FAILURE',
    'BLOCKED_ADDRESS', 'MALFORMED_RESPONSE', 'INTERNAL_ERROR')),
  detail text,
  status_code integer,
  retry_after_ms bigint,
  -- in lines, as in HTTP
  response_headers text,
  response_body bytea,
  response_truncated boolean,
  request_revision integer check (request_revision > 0),
  request_user_agent text,
  request_signatures bytea,
  request_format text,
  request_body bytea,
  constraint delivery_only_attempt check (num_nulls(outcome, started_at, duration_ns) in (0, 3)),
  constraint delivery_status_code check ((outcome in ('DELIVERED', 'REJECTED')) = (status_code is not null)),
  constraint delivery_request_complete check (
    num_nulls(request_revision, request_user_agent, request_signatures) in (0, 3))
) partition by range (id);

create index delivery_by_webhook on delivery (webhook_id, status, id);

-- The pings of a webhook have its id in place of that of a run.
create index delivery_by_run on delivery (coalesce(run_id, webhook_id), id);
create table delivery_default partition of delivery default;

-- An attempt to send a delivery, with its result. The only attempt of a finished delivery is in the table delivery.
create table attempt (
  delivery_id uuid not null,
  number integer not null check (number > 0),
  started_at timestamptz not null,
  duration_ns bigint not null,
  outcome text not null check (outcome in (
    'DELIVERED', 'REJECTED', 'TIMEOUT', 'CONNECTION_REFUSED', 'CONNECTION_RESET', 'DNS_FAILURE', 'TLS_FAILURE',
    'BLOCKED_ADDRESS', 'MALFORMED_RESPONSE', 'INTERNAL_ERROR')),
  detail text,
  status_code integer,
  retry_after_ms bigint,
  -- in lines, as in HTTP
  response_headers text,
  -- UTF-8; not text, because it may contain NUL
  response_body bytea,
  response_truncated boolean,
  -- how the delay before the next attempt was computed
  retry_delay_reason text,
  -- the parts of the request that cannot be reconstructed later; all null if nothing was sent
  request_revision integer check (request_revision > 0),
  request_user_agent text,
  -- the bytes of X-Signature (20, if sent), of X-Signature-256 (32) and of each webhook-signature (32)
  request_signatures bytea,
  -- the format and the body, if it is not the payload of the event; its hash if that payload was erased
  request_format text,
  request_body bytea,
  primary key (delivery_id, number),
  constraint attempt_status_code check ((outcome in ('DELIVERED', 'REJECTED')) = (status_code is not null)),
  constraint attempt_request_complete check (
    num_nulls(request_revision, request_user_agent, request_signatures) in (0, 3))
) partition by range (delivery_id);

create table attempt_default partition of attempt default;

-- A replay of the finished deliveries to a webhook in a time range.
create table replay (
  id uuid primary key,
  webhook_id uuid not null references webhook on delete cascade,
  range_from timestamptz not null,
  range_to timestamptz,
  status text not null check (status in ('DELIVERED', 'FAILED')),
  matched integer not null check (matched >= 0),
  created integer not null default 0 check (created >= 0),
  created_at timestamptz not null,
  -- null while deliveries are created, or if that was interrupted
  completed_at timestamptz
);

create index replay_by_webhook on replay (webhook_id, id);

-- The deliveries that a replay created. They are not marked in their own tables, which are hot. Their ids are greater
-- than that of the replay.
create table replay_delivery (
  replay_id uuid not null references replay on delete cascade,
  delivery_id uuid not null,
  primary key (replay_id, delivery_id)
);

-- The attempts of open and finished deliveries as one relation.
create view all_attempts as
select delivery_id, number, started_at, duration_ns, outcome, detail, status_code, retry_after_ms,
  response_headers, response_body, response_truncated, retry_delay_reason, request_revision, request_user_agent,
  request_signatures, request_format, request_body
from attempt
union all
select id, 1, started_at, duration_ns, outcome, detail, status_code, retry_after_ms, response_headers,
  response_body, response_truncated, null, request_revision, request_user_agent, request_signatures,
  request_format, request_body
from delivery where outcome is not null;

-- The open deliveries of the batches. Only transitions are recorded in batches.
create view batched_delivery as
select b.id as batch_id, d.position::integer as position, d.id, d.webhook_id, d.run_id, d.event_id,
  'RUN_STATE_CHANGED' as kind, d.state, d.state_version, d.previous_version, b.created_at, b.leased_until
from delivery_batch b
cross join lateral unnest(
  b.delivery_ids, b.webhook_ids, b.run_ids, b.event_ids, b.states, b.state_versions, b.previous_versions
) with ordinality as d (id, webhook_id, run_id, event_id, state, state_version, previous_version, position)
where d.position <> all (b.closed);

-- All open deliveries as one relation.
create view open_delivery as
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, attempts, due_at, leased_until,
  created_at, redelivery_of
from delivery_queue
union all
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, 1, created_at, leased_until,
  created_at, null::uuid
from batched_delivery;

-- Open and finished deliveries as one relation.
create view all_deliveries as
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, 'PENDING' as status, attempts,
  due_at as next_attempt_at, null::timestamptz as finished_at, redelivery_of
from open_delivery
union all
select id, webhook_id, run_id, event_id, kind, state, state_version, previous_version, status, attempts,
  null::timestamptz, finished_at, redelivery_of
from delivery;
