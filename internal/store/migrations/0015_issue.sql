-- issue: what many say at once. It is found by what the matters say and kept so that people can decide on it: root_id is the issue in which it is shown, itself
-- unless a person merged it into another; given_name is what a person called it. is_named says that name and place fit its members as they are now.
create table issue (
	home bigint not null,
	issue_id bigint not null,
	root_id bigint not null,
	dismissed boolean not null,
	name text not null,
	given_name text not null,
	place bigint not null,
	is_named boolean not null,
	made_us bigint not null,
	primary key (home, issue_id)
);

create index issue_root on issue (home, root_id);

create index issue_unnamed on issue (home, issue_id) where not is_named;

-- issue_matter: a matter is of one issue at most. how says by whom: found by what it says, put in or taken out by a person; the latter two stay as they are.
create table issue_matter (
	home bigint not null,
	matter_id bigint not null,
	issue_id bigint not null,
	day text not null,
	how text not null,
	primary key (home, matter_id),
	foreign key (home, issue_id) references issue (home, issue_id)
);

create index issue_matter_issue on issue_matter (home, issue_id, matter_id);

create index issue_matter_day on issue_matter (home, day);

-- issue_near: which matters are alike, each pair both ways; cosine is in millionths.
create table issue_near (
	home bigint not null,
	matter_id bigint not null,
	other_id bigint not null,
	cosine bigint not null,
	primary key (home, matter_id, other_id)
);

-- issue_cursor: the last matter of a home that was looked at.
create table issue_cursor (
	home bigint not null primary key,
	matter_id bigint not null
);

-- issue_act: what a person decided on an issue, and why. other is the issue or matter that it was about besides.
create table issue_act (
	home bigint not null,
	issue_id bigint not null,
	n bigint not null,
	at_us bigint not null,
	user_id bigint not null,
	unit_id bigint not null,
	kind text not null,
	other bigint not null,
	reason text not null,
	primary key (home, issue_id, n)
);
