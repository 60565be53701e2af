create table gap_0019 (n bigint not null primary key);
