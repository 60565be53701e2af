create table gap_0020 (n bigint not null primary key);
