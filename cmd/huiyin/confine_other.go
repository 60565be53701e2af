//go:build !linux

package main

import "time"

// confine does nothing here: the time of the process is bounded by who started it, its memory by the goal of the program.
func confine(uint64, time.Duration) error { return nil }
