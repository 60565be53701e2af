package main

import (
	"syscall"
	"time"
)

// confine bounds what this process may take from now on: memory that it writes, processor time, and no file may grow.
func confine(memory uint64, within time.Duration) error {
	seconds := uint64(within / time.Second) //nolint:gosec // a bound of the program, never negative
	for resource, limit := range map[int]uint64{syscall.RLIMIT_DATA: memory, syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_FSIZE: 0} {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	return nil
}
