create table gap_0017 (n bigint not null primary key);
