// Postgres runs a command with a private PostgreSQL server, which HUIYIN_DATABASE names and which ends with it:
//
//	go run ./scripts/postgres bin/huiyin demo --data DIR
//
// With -durable before the command it flushes each commit to the disk, as a server in service does and tests need not.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"huiyin/internal/pgtest"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	durable := len(args) > 0 && args[0] == "-durable"
	if durable {
		args = args[1:]
	}
	if len(args) == 0 {
		return errors.New("give a command")
	}
	c, err := pgtest.NewCluster(durable)
	if err != nil {
		return err
	}
	defer c.Remove()
	if err := c.Start(); err != nil {
		return err
	}
	cmd := exec.CommandContext(context.Background(), args[0], args[1:]...)
	cmd.Env = append(os.Environ(), "HUIYIN_DATABASE="+c.Address)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		for s := range stop {
			_ = cmd.Process.Signal(s)
		}
	}()
	return cmd.Wait()
}
