-- A deleted stack has neither account nor slug, so that no query finds it and its name is free. It stays until its runs,
-- webhooks, events and deliveries have been deleted, page by page.
alter table stack alter column account drop not null, alter column slug drop not null;
alter table stack add constraint stack_id_complete check ((account is null) = (slug is null));
create index stack_deleted on stack (id) where slug is null;
