-- notice: something that somebody is to be told: a petitioner by text message or e-mail (submission_id is theirs), or the people at a unit in
-- the program itself (submission_id is 0; user_id is 0 for all of them). It holds what happened and never who they are: args are codes, days and
-- numbers, the address is opened from the party when it is sent. What caused it, whom it is for and by which channel make it one of its kind, so
-- that nothing is told twice. due_us is the instant from which a runner may take it; while one is sending it, until when it may.
create table notice (
	home bigint not null,
	notice_id bigint not null,
	matter_id bigint not null,
	submission_id bigint not null,
	unit_id bigint not null,
	user_id bigint not null,
	channel text not null,
	kind text not null,
	args text not null,
	cause text not null,
	urgent boolean not null,
	sealed boolean not null,
	made_us bigint not null,
	due_us bigint not null,
	state text not null,
	attempts bigint not null,
	sent_us bigint not null,
	read_us bigint not null,
	error text not null,
	primary key (home, notice_id)
);

create unique index notice_once on notice (home, matter_id, cause, submission_id, unit_id, user_id, channel);

create index notice_matter on notice (home, matter_id, notice_id);

create index notice_submission on notice (home, submission_id, notice_id) where submission_id <> 0;

create index notice_inbox on notice (unit_id, user_id, made_us, home, notice_id) where channel = 'app';

create index notice_unread on notice (unit_id, user_id, sealed) where channel = 'app' and read_us = 0;

create index notice_due on notice (due_us, home, notice_id) where state in ('waiting', 'sending');

create index notice_failed on notice (made_us, home, notice_id) where state = 'failed';

-- notice_try: each attempt to send one, with what the gateway said, shortened.
create table notice_try (
	home bigint not null,
	notice_id bigint not null,
	n bigint not null,
	at_us bigint not null,
	took_us bigint not null,
	result text not null,
	answer text not null,
	primary key (home, notice_id, n)
);

create index notice_try_at on notice_try (at_us, home, notice_id, n);
