package main

import (
	"context" // the number of the release
	_ "embed"
	"runtime"
	"strings"
)

// release is the number of the release, which the package has, too.
//
//go:embed version.txt
var release string

func version() string { return strings.TrimSpace(release) }

// showVersion says which release this is.
func showVersion(_ context.Context, c *console, args []string) int {
	if _, ok := c.parse(flags("version"), args, 0); !ok {
		return exitUsage
	}
	c.line("huiyin " + version() + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH)
	return 0
}
