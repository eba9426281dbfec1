-- The webhooks of accounts. Each has a copy in the table webhook for every stack that its selector matches. With
-- several buckets, each bucket has all rows, so that a new stack gets its copies in one transaction.
create table account_webhook (
  -- what a user chooses for a webhook, and its secrets
  like webhook including defaults including constraints,
  primary key (id)
);

alter table account_webhook
  drop column stack_id,
  -- a deleted account webhook stays for a while, without its secrets, so that it is not copied again
  alter column secret drop not null,
  add column account text collate "C" not null,
  -- a condition on the labels of stacks; null for all
  add column selector_labels text,
  -- patterns of ids of stacks; empty for all
  add column selector_ids text[] not null,
  add column version integer not null check (version > 0),
  -- the version in which a user last enabled it
  add column enabled_version integer not null,
  -- the version that all copies have
  add column copied_version integer not null,
  add constraint account_webhook_secret check (secret is not null or deleted_at is not null);

create index account_webhook_by_account on account_webhook (account, id);
create index account_webhook_uncopied on account_webhook (id) where copied_version < version;

alter table account_webhook
  alter column secret set statistics 0,
  alter column previous_secret set statistics 0,
  alter column header_values set statistics 0;

-- A copy refers to its account webhook, but not by a foreign key: they change in separate transactions.
alter table webhook
  add column account_webhook_id uuid,
  add column account_webhook_version integer,
  add constraint webhook_copy_complete check ((account_webhook_id is null) = (account_webhook_version is null));

-- Copies may have the endpoint of another webhook of the stack.
drop index webhook_endpoint_key;
create unique index webhook_endpoint_key on webhook (stack_id, endpoint_normalized)
  where deleted_at is null and account_webhook_id is null;
create unique index webhook_copy_key on webhook (stack_id, account_webhook_id)
  where deleted_at is null and account_webhook_id is not null;
