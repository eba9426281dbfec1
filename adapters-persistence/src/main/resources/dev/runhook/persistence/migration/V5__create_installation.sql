-- The bucket that this schema has. Stacks are assigned to buckets by their number, so it never changes.
create table installation (
  only_row boolean primary key default true check (only_row),
  id uuid not null, -- of the installation, the same in each of its buckets
  buckets integer not null check (buckets > 0),
  bucket integer not null check (bucket >= 0 and bucket < buckets),
  complete boolean not null default false, -- in the home bucket: whether all other buckets were created
  -- in the home bucket: settings of the process that started last, because all processes should have the same
  egress_policy text,
  encryption_key_id text
);
