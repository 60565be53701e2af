-- How matters went at units is called custom: a precedent is a settled matter, shown with an open one of its kind.
alter table precedent rename to custom;
