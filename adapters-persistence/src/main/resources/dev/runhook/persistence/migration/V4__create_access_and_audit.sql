-- An API token. Only the SHA-256 of the secret is stored. A revoked token stays, so that the audit log can show its
-- name.
create table token (
  id uuid primary key,
  account text collate "C" not null,
  hash bytea not null unique check (octet_length(hash) = 32),
  name text not null,
  role text not null check (role in ('READER', 'WRITER', 'ADMIN')),
  -- the slugs of the stacks it may access; null for all
  stacks text[] check (cardinality(stacks) > 0 and array_position(stacks, null) is null),
  created_at timestamptz not null,
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  -- the SHA-256 of a code that signs in once, until it is used
  sign_in_code_hash bytea unique check (octet_length(sign_in_code_hash) = 32),
  sign_in_code_expires_at timestamptz,
  check ((sign_in_code_hash is null) = (sign_in_code_expires_at is null))
);

create index token_by_account on token (account, id desc);

-- A session of the web UI. Only the SHA-256 of its secret and of its token are stored. Each request checks what the
-- token permits.
create table session (
  id bytea primary key check (octet_length(id) = 32),
  token_hash bytea not null check (octet_length(token_hash) = 32),
  account text collate "C" not null,
  token_id uuid not null,
  token_name text not null,
  user_agent text not null check (char_length(user_agent) <= 200),
  started_at timestamptz not null,
  last_used_at timestamptz not null
);

create index session_by_last_use on session (last_used_at);
create index session_by_token on session (account, token_id, last_used_at desc, id);

-- A request with an Idempotency-Key, for a day. The id is the SHA-256 of account, route and key.
create table idempotency_key (
  id bytea primary key check (octet_length(id) = 32),
  attempt_id uuid not null,
  request_hash bytea not null check (octet_length(request_hash) = 32),
  token_id uuid not null,
  started_at timestamptz not null,
  -- until then, only the attempt that holds the key may execute the request
  locked_until timestamptz not null,
  -- whether the attempt committed a transaction
  committed boolean not null default false,
  -- encrypted with a key that only the caller has
  response text
) with (fillfactor = 70);

create index idempotency_key_by_start on idempotency_key (started_at);

-- Who did what, and when. There are no foreign keys: an audit event outlives the objects it mentions.
create table audit_event (
  id uuid primary key,
  account text collate "C" not null,
  occurred_at timestamptz not null,
  actor text not null,
  token_id uuid,
  action text not null,
  stack text collate "C",
  -- the id of a webhook, delivery or token, depending on the action
  subject_id uuid,
  -- text values by key
  details jsonb not null
) partition by range (id);

create index audit_event_by_account on audit_event (account, id desc);
create table audit_event_default partition of audit_event default;

-- PostgreSQL stores samples of column values for its planner, and they can outlive the rows. It must not sample secrets
-- and payloads. No query filters by these columns. Later partitions copy the setting.
alter table webhook
  alter column secret set statistics 0,
  alter column previous_secret set statistics 0,
  alter column header_values set statistics 0;
alter table webhook_revision alter column header_values set statistics 0;
alter table account_webhook
  alter column secret set statistics 0,
  alter column previous_secret set statistics 0,
  alter column header_values set statistics 0;
alter table event alter column payload set statistics 0;
alter table delivery
  alter column response_headers set statistics 0,
  alter column response_body set statistics 0,
  alter column request_body set statistics 0;
alter table attempt
  alter column response_headers set statistics 0,
  alter column response_body set statistics 0,
  alter column request_body set statistics 0;
