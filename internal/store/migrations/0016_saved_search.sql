-- saved_search: a search that is kept under a name by a person, user_id 0 where a machine of the unit keeps it. Those at unit_id see it, too; 0 is nobody.
-- query is the address of the search: words and conditions, as the page and the API read them.
create table saved_search (
	search_id bigint not null primary key,
	user_id bigint not null,
	unit_id bigint not null,
	name text not null,
	query text not null,
	at_us bigint not null
);

create index saved_search_user on saved_search (user_id, search_id);

create index saved_search_unit on saved_search (unit_id, search_id);
