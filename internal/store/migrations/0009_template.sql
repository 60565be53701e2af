-- template: the texts of official documents as the office has changed them, every version; the newest of a kind is in force.
create table template (
	version_id bigint not null primary key,
	kind text not null,
	body text not null,
	why text not null,
	user_id bigint not null,
	at_us bigint not null
);

create index template_kind on template (kind, version_id);

-- what stands before the year in the numbers of a unit's documents
alter table unit add column mark text not null default '';
