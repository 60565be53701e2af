-- Organisation, people, rules: reference tables, small, the same on every node.

create table unit (
	unit_id bigint not null primary key,
	parent_id bigint not null,
	name text not null,
	english text not null,
	initials text not null,
	kind text not null,
	place bigint not null,
	phone text not null,
	from_day text not null,
	until_day text not null,
	successor_id bigint not null
);

-- unit_path is the closure of the tree: each unit under each of its ancestors, itself included.
create table unit_path (
	ancestor_id bigint not null,
	unit_id bigint not null,
	primary key (ancestor_id, unit_id)
);

create index unit_path_unit on unit_path (unit_id, ancestor_id);

create table person (
	user_id bigint not null primary key,
	sign_in text not null unique,
	name text not null,
	password text not null,
	must_change boolean not null,
	disabled boolean not null,
	created_us bigint not null
);

create table duty (
	duty_id bigint not null primary key,
	user_id bigint not null references person (user_id),
	role text not null,
	unit_id bigint not null references unit (unit_id),
	scope_id bigint not null references unit (unit_id),
	from_day text not null,
	until_day text not null
);

create index duty_user on duty (user_id);

create index duty_unit on duty (unit_id);

-- org_event keeps every change of the organisation: who, when, what, with the row before and after as JSON.
create table org_event (
	event_id bigint not null primary key,
	at_us bigint not null,
	user_id bigint not null,
	kind text not null,
	subject bigint not null,
	body text not null
);

create index org_event_subject on org_event (kind, subject, event_id);

-- responsibility: in a place, a category belongs to a unit, and why.
create table responsibility (
	responsibility_id bigint not null primary key,
	category text not null,
	place bigint not null,
	unit_id bigint not null references unit (unit_id),
	why text not null,
	why_english text not null,
	from_day text not null,
	until_day text not null
);

create index responsibility_category on responsibility (category, place);

-- calendar: published arrangements as loaded, the newest last; the built-in one is not stored.
create table calendar (
	version_id bigint not null primary key,
	loaded_us bigint not null,
	user_id bigint not null,
	body text not null
);

create table setting (
	name text not null primary key,
	value text not null
);

create table api_key (
	key_id text not null primary key,
	hash bytea not null,
	name text not null,
	unit_id bigint not null references unit (unit_id),
	role text not null,
	grants text not null,
	created_us bigint not null,
	expires_us bigint not null,
	revoked_us bigint not null
);

create table session (
	token bytea not null primary key,
	data bytea not null,
	expires_us bigint not null
);

create index session_expires on session (expires_us);

-- local_serial counts what belongs to no home: units, people, duties.
create table local_serial (
	kind text not null primary key,
	n bigint not null
);
