-- The kinds of events that a webhook gets; null for state changes of runs only, which most webhooks have.
alter table webhook add column events text[];
alter table webhook add constraint webhook_events check (cardinality(events) > 0);
alter table account_webhook add column events text[];
alter table account_webhook add constraint account_webhook_events check (cardinality(events) > 0);

-- The webhooks that operational events of a stack may go to.
create index webhook_operational on webhook (stack_id) where events is not null;

-- When queue_lagging was sent, until the webhook has caught up.
alter table webhook add column lag_reported_at timestamptz;
create index webhook_lagging on webhook (id) where lag_reported_at is not null;

-- Partitions are not scanned: existing events have one of the earlier kinds.
alter table event drop constraint event_kind_check;
alter table event add constraint event_kind_check check (
  kind in (
    'RUN_STATE_CHANGED', 'PING', 'TEST', 'WEBHOOK_PAUSED', 'WEBHOOK_RESUMED', 'WEBHOOK_DISABLED', 'DELIVERY_FAILED',
    'SECRET_ROTATED', 'QUEUE_LAGGING')) not valid;
