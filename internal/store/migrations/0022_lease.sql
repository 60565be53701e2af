-- lease: which of several processes does what only one may do, and until when it does so unless it says so again.
create table lease (
	name text not null primary key,
	holder text not null,
	until_us bigint not null
);
