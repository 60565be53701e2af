package main

import "syscall"

// clockKept reports whether something keeps the clock of this machine right, as the kernel knows it; where it does not say, it is believed.
func clockKept() bool {
	const unsynchronised = 5 // TIME_ERROR of adjtimex(2)
	state, err := syscall.Adjtimex(&syscall.Timex{})
	return err != nil || state != unsynchronised
}
