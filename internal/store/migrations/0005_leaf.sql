-- What a waiting link belongs to is key enough; a counter of its own was one more row to write with every step.
create table leaf_by_subject (
	home bigint not null,
	kind text not null,
	subject bigint not null,
	seq bigint not null,
	link bytea not null,
	primary key (home, kind, subject, seq)
);

insert into leaf_by_subject (home, kind, subject, seq, link) select home, kind, subject, seq, link from leaf;

drop table leaf;

alter table leaf_by_subject rename to leaf;

delete from serial where kind = 'leaf';
