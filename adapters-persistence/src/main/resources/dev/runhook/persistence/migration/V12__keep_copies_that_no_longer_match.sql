-- Whether the selector of the account webhook matches the stack of a copy. A copy that no longer matches gets no new
-- events, and delivers what waits.
alter table webhook
  add column selected boolean not null default true;

alter table webhook
  add constraint webhook_selected check (selected or account_webhook_id is not null);
