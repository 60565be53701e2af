-- api_key: on which legal day it was last used ('' for never), and how many requests a minute it may make (0: the usual number).
alter table api_key add column used_day text not null default '';

alter table api_key add column per_minute bigint not null default 0;

-- api_key_old: the secret that a key had before its last rotation, which is good beside the new one until until_us.
create table api_key_old (
	key_id text not null primary key,
	hash bytea not null,
	until_us bigint not null
);

-- webhook: where another system is told of what happens at a unit and below it. Secrets lie encrypted; old_secret signs beside the new one until old_until_us.
-- kinds are separated by spaces. failing_us is since when nothing has got through, zero while something does; stopped says why nothing is sent.
create table webhook (
	webhook_id bigint not null primary key,
	unit_id bigint not null references unit (unit_id),
	name text not null,
	url text not null,
	kinds text not null,
	secret bytea not null,
	old_secret bytea not null,
	old_until_us bigint not null,
	user_id bigint not null,
	made_us bigint not null,
	failing_us bigint not null,
	stopped text not null
);

-- delivery: one message to one webhook, written in the transaction of what it tells of (the outbox). body is what is sent, byte for byte: numbers, kinds, states and days,
-- never who somebody is. What caused it makes it one of its webhook, so that nothing is told twice. due_us is the instant from which a runner may take it.
create table delivery (
	home bigint not null,
	delivery_id bigint not null,
	webhook_id bigint not null,
	matter_id bigint not null,
	kind text not null,
	cause text not null,
	body text not null,
	made_us bigint not null,
	due_us bigint not null,
	state text not null,
	attempts bigint not null,
	tried_us bigint not null,
	took_us bigint not null,
	status bigint not null,
	answer text not null,
	primary key (home, delivery_id)
);

create unique index delivery_once on delivery (home, webhook_id, matter_id, cause);

create index delivery_due on delivery (webhook_id, due_us, home, delivery_id) where state = 'waiting';

create index delivery_list on delivery (webhook_id, made_us, home, delivery_id);

create index delivery_made on delivery (made_us, home, delivery_id);

-- import_batch: records that a machine handed over at once. once is the keyed hash of its idempotency key, request the hash of what came; file is the upload that holds the
-- records until they are taken in, '' afterwards.
create table import_batch (
	home bigint not null,
	batch_id bigint not null,
	key_id text not null,
	unit_id bigint not null,
	once bytea not null,
	request bytea not null,
	file text not null,
	records bigint not null,
	made_us bigint not null,
	ended_us bigint not null,
	job_id bigint not null,
	primary key (home, batch_id)
);

create unique index import_batch_once on import_batch (home, key_id, once);

create index import_batch_made on import_batch (made_us, home, batch_id);

create index import_batch_key on import_batch (key_id, made_us, home, batch_id);

-- import_result: what became of one record, written in the transaction in which it is taken in. It lies at the home of the batch; problems are codes, fields and
-- arguments as JSON, never what was sent.
create table import_result (
	home bigint not null,
	batch_id bigint not null,
	n bigint not null,
	state text not null,
	number text not null,
	ref_home bigint not null,
	ref_n bigint not null,
	problems text not null,
	primary key (home, batch_id, n)
);

create index import_result_state on import_result (home, batch_id, state, n);
