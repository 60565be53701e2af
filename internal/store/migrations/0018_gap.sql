create table gap_0018 (n bigint not null primary key);
