package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/jackc/pgx/v5"

	"huiyin/internal/store"
)

// scratch is what a measurement makes on a server of PostgreSQL, and drops afterwards.
type scratch struct {
	server string
	made   []string
	tables string // the template with the product's tables, once it was needed
}

// make makes a database, like a template where one is named, and gives its address.
func (s *scratch) make(ctx context.Context, template string) (string, error) {
	name := fmt.Sprintf("huiyin_bench_%d_%d", os.Getpid(), len(s.made))
	statement := "create database " + name
	if template != "" {
		statement += " template " + template
	}
	if err := administer(ctx, s.server, statement); err != nil {
		return "", err
	}
	s.made = append(s.made, name)
	return beside(s.server, name)
}

// template is the name of a database that has the product's tables and nothing in them.
func (s *scratch) template(ctx context.Context, now func() time.Time) (string, error) {
	if s.tables != "" {
		return s.tables, nil
	}
	address, err := s.make(ctx, "")
	if err != nil {
		return "", err
	}
	if err := migrated(ctx, store.Options{Database: address}, now); err != nil {
		return "", err
	}
	s.tables = s.made[len(s.made)-1]
	return s.tables, nil
}

func (s *scratch) drop(ctx context.Context) error {
	var err error
	for _, name := range s.made {
		err = errors.Join(err, administer(ctx, s.server, "drop database "+name+" with (force)"))
	}
	return err
}

// beside is the address of another database on a server.
func beside(server, name string) (string, error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", errors.New("the address of the database is none") // without the cause, which may quote the password
	}
	u.Path = "/" + name
	return u.String(), nil
}

func administer(ctx context.Context, server, statement string) (err error) {
	c, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("database server: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	_, err = c.Exec(ctx, statement)
	return err
}

// databaseSize is how many bytes a database takes.
func databaseSize(ctx context.Context, address string) (n int64, err error) {
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return 0, fmt.Errorf("database size: %w", err)
	}
	defer func() { err = errors.Join(err, c.Close(ctx)) }()
	err = c.QueryRow(ctx, "select pg_database_size(current_database())").Scan(&n)
	return n, err
}

// pipelined is how many statements are sent before their answers are read.
const pipelined = 200

// rawPostgres makes a fresh database on a server. Its program sends many statements at once, as the product may.
func rawPostgres(ctx context.Context, o rawOrder, _ []recorded, _ func() time.Time) (rawWriter, func() error, error) {
	s := scratch{server: o.Server}
	address, err := s.make(ctx, o.Template)
	if err != nil {
		return nil, nil, err
	}
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return nil, nil, errors.Join(err, s.drop(ctx))
	}
	done := func() error { return errors.Join(c.Close(ctx), s.drop(ctx)) }
	return func(ctx context.Context, group []recorded) error {
		tx, err := c.Begin(ctx)
		if err != nil {
			return err
		}
		for len(group) > 0 {
			n := min(len(group), pipelined)
			var b pgx.Batch
			for _, w := range group[:n] {
				b.Queue(w.SQL, w.Args...)
			}
			if err := tx.SendBatch(ctx, &b).Close(); err != nil {
				return err
			}
			group = group[n:]
		}
		return tx.Commit(ctx)
	}, done, nil
}
