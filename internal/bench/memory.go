package bench

import (
	"fmt"
	"os"
)

// forgetPeak begins to look anew at how much memory of this process is resident at most.
func forgetPeak() error {
	const resident = "5" // see proc(5), clear_refs
	if err := os.WriteFile("/proc/self/clear_refs", []byte(resident), 0); err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	return nil
}

// peakKB is the most memory of this process that has been resident since.
func peakKB() (int64, error) { return memoryKB(os.Getpid(), "VmHWM:") }
