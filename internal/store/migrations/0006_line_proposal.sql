-- line_proposal: a superior decided who handles a matter; an administrator may make a line of the responsibility catalogue of it.
create table line_proposal (
	proposal_id bigint not null primary key,
	category text not null,
	place bigint not null,
	unit_id bigint not null references unit (unit_id),
	home bigint not null,
	matter_id bigint not null,
	at_us bigint not null,
	line_id bigint not null,
	is_open boolean not null
);

create index line_proposal_open on line_proposal (is_open, proposal_id);
