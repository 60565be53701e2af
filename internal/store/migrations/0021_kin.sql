-- not_kin: two matters of a home that read alike and are not of one kind: a person said so. matter_id is the smaller number of the two.
create table not_kin (
	home bigint not null,
	matter_id bigint not null,
	other_id bigint not null,
	at_us bigint not null,
	user_id bigint not null,
	unit_id bigint not null,
	reason text not null,
	primary key (home, matter_id, other_id)
);

create index not_kin_other on not_kin (home, other_id, matter_id);
