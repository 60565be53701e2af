-- assessment: the yearly assessment of the units under one (unit_id). Its events are what is so; year, name and stage follow from them, for lists.
create table assessment (
	home bigint not null,
	assessment_id bigint not null,
	unit_id bigint not null,
	year bigint not null,
	name text not null,
	stage text not null,
	primary key (home, assessment_id)
);

create index assessment_number on assessment (assessment_id);

create index assessment_unit on assessment (unit_id, year, assessment_id);

-- assessment_event: one step, in the order of n, with who took it and at which unit. about_id is the unit whose sheet it is about, 0 for all.
create table assessment_event (
	home bigint not null,
	assessment_id bigint not null,
	n bigint not null,
	at_us bigint not null,
	user_id bigint not null,
	unit_id bigint not null,
	about_id bigint not null,
	kind text not null,
	body text not null,
	primary key (home, assessment_id, n),
	foreign key (home, assessment_id) references assessment (home, assessment_id)
);
