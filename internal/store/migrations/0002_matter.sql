-- Everything of a matter lives under its home: the place of first registration, which never changes.

create table serial (
	home bigint not null,
	kind text not null,
	n bigint not null,
	primary key (home, kind)
);

-- event is the truth; every other table of a matter can be made again from it, from party and from attachment.
create table event (
	home bigint not null,
	matter_id bigint not null,
	seq bigint not null,
	at_us bigint not null,
	day text not null,
	kind text not null,
	actor text not null,
	body bytea not null,
	link bytea not null,
	primary key (home, matter_id, seq)
);

create table matter (
	home bigint not null,
	matter_id bigint not null,
	version bigint not null,
	state text not null,
	is_open boolean not null,
	sealed boolean not null,
	merged_into bigint not null,
	title text not null,
	kind text not null,
	category text not null,
	level text not null,
	channel text not null,
	place bigint not null,
	receiver_id bigint not null,
	unit_id bigint not null,
	handler_id bigint not null,
	turn text not null,
	turn_unit_id bigint not null,
	received_day text not null,
	opened_us bigint not null,
	changed_us bigint not null,
	due_day text not null,
	due_safe_day text not null,
	due_rule text not null,
	due_provisional boolean not null,
	demands bigint not null,
	answered bigint not null,
	persons bigint not null,
	repeats bigint not null,
	resolved boolean not null,
	follow_up boolean not null,
	rated boolean not null,
	ended_day text not null,
	primary key (home, matter_id)
);

create index matter_all on matter (is_open, due_day, home, matter_id);

create index matter_unit_list on matter (unit_id, is_open, due_day, home, matter_id);

create index matter_handler_list on matter (handler_id, is_open, due_day, home, matter_id);

create index matter_state_list on matter (state, due_day, home, matter_id);

create index matter_turn_list on matter (turn, due_day, home, matter_id);

-- matter_unit: every unit that has or had to do with a matter; the scope is decided on it.
create table matter_unit (
	home bigint not null,
	matter_id bigint not null,
	unit_id bigint not null,
	primary key (home, matter_id, unit_id),
	foreign key (home, matter_id) references matter (home, matter_id)
);

create index matter_unit_unit on matter_unit (unit_id, home, matter_id);

create table submission (
	home bigint not null,
	submission_id bigint not null,
	matter_id bigint not null,
	code text not null,
	pin bytea not null,
	channel text not null,
	unit_id bigint not null,
	received_day text not null,
	registered_us bigint not null,
	persons bigint not null,
	is_group boolean not null,
	sealed boolean not null,
	sender text not null,
	sender_number text not null,
	primary key (home, submission_id),
	foreign key (home, matter_id) references matter (home, matter_id)
);

create unique index submission_code on submission (home, code);

create unique index submission_sender on submission (home, sender, sender_number) where sender_number <> '';

create index submission_matter on submission (home, matter_id);

-- party: identity, encrypted; id_hash is the keyed hash of the identity number, for finding repeats.
create table party (
	home bigint not null,
	submission_id bigint not null,
	n bigint not null,
	role text not null,
	id_hash bytea not null,
	body bytea not null,
	primary key (home, submission_id, n),
	foreign key (home, submission_id) references submission (home, submission_id)
);

create index party_hash on party (home, id_hash);

create table clock (
	home bigint not null,
	matter_id bigint not null,
	clock_key text not null,
	rule text not null,
	unit_id bigint not null,
	is_right boolean not null,
	from_day text not null,
	nominal_day text not null,
	legal_day text not null,
	safe_day text not null,
	provisional boolean not null,
	stopped_day text not null,
	primary key (home, matter_id, clock_key),
	foreign key (home, matter_id) references matter (home, matter_id)
);

create index clock_running on clock (legal_day, home, matter_id) where stopped_day = '';

-- look: who opened an identity, when, why; the petitioner reads it.
create table look (
	home bigint not null,
	look_id bigint not null,
	submission_id bigint not null,
	at_us bigint not null,
	user_id bigint not null,
	unit_id bigint not null,
	reason text not null,
	words text not null,
	link bytea not null,
	primary key (home, look_id),
	foreign key (home, submission_id) references submission (home, submission_id)
);

create index look_submission on look (home, submission_id, look_id);

create index look_at on look (at_us, home, look_id);

-- attachment: the content lies in the data folder under its hash, encrypted for the sealed compartment.
create table attachment (
	home bigint not null,
	attachment_id text not null,
	submission_id bigint not null,
	matter_id bigint not null,
	name text not null,
	mime text not null,
	size bigint not null,
	sha256 bytea not null,
	added_us bigint not null,
	added_by bigint not null,
	primary key (home, attachment_id)
);

create index attachment_matter on attachment (home, matter_id);

create index attachment_content on attachment (sha256);

create index attachment_unclaimed on attachment (added_us) where matter_id = 0;

-- leaf: links of events and looks that wait for their place in the home's log; chain: the log.
create table leaf (
	home bigint not null,
	leaf_id bigint not null,
	kind text not null,
	subject bigint not null,
	seq bigint not null,
	link bytea not null,
	primary key (home, leaf_id)
);

create table chain (
	home bigint not null,
	pos bigint not null,
	kind text not null,
	subject bigint not null,
	seq bigint not null,
	leaf bytea not null,
	link bytea not null,
	at_us bigint not null,
	primary key (home, pos)
);

create index chain_subject on chain (home, kind, subject, seq);

create table idempotency (
	home bigint not null,
	key_hash bytea not null,
	request bytea not null,
	answer bytea not null,
	at_us bigint not null,
	primary key (home, key_hash)
);

create index idempotency_at on idempotency (at_us);

create table draft (
	home bigint not null,
	token bytea not null,
	body bytea not null,
	saved_us bigint not null,
	expires_us bigint not null,
	primary key (home, token)
);

create index draft_expires on draft (expires_us);
