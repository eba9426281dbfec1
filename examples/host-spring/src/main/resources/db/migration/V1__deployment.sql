create table deployment (id text primary key, state text not null);
