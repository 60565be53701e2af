package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"huiyin/internal/extract"
)

// extractCommand is what the server calls its own program by for each file that somebody handed in: the words inside are taken out in a process of its
// own, so that a hostile file neither stops nor reads anything else. Help does not name it.
const extractCommand = "extract"

const (
	// extractWithin is how long a file may take.
	extractWithin = 20 * time.Second
	// extractMemory is how many bytes of memory the process may have.
	extractMemory = 512 << 20
	// utf8Bytes is the most bytes a character takes.
	utf8Bytes = 4
)

// extractText writes what is written in a file of a kind, which it reads from in, to out.
func extractText(args []string, in io.Reader, out io.Writer) int {
	if len(args) != 1 {
		return exitUsage
	}
	if err := confine(extractMemory, extractWithin); err != nil {
		return exitFailed
	}
	content, err := io.ReadAll(io.LimitReader(in, extract.MaxSize+1))
	if err != nil {
		return exitFailed
	}
	text, err := extract.Text(extract.Kind(args[0]), content)
	if err != nil {
		return exitFailed
	}
	if _, err := io.WriteString(out, text); err != nil {
		return exitFailed
	}
	return 0
}

// extractBy returns what has a program do that. It is given nothing of this one's environment, where the keys may stand. A file by which it comes to
// grief, in whatever way, is one that cannot be read; that the program cannot be started is an error of the machine.
func extractBy(program string, within time.Duration) func(context.Context, extract.Kind, []byte) (string, error) {
	return func(ctx context.Context, kind extract.Kind, content []byte) (string, error) {
		limited, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		child := exec.CommandContext(limited, program, extractCommand, string(kind)) //nolint:gosec // this program, with a word of its own
		child.Env = []string{}
		child.Stdin = bytes.NewReader(content)
		child.WaitDelay = time.Second
		out, err := child.StdoutPipe()
		if err != nil {
			return "", fmt.Errorf("read a file: %w", err)
		}
		if err := child.Start(); err != nil {
			return "", fmt.Errorf("start the reader of files: %w", err)
		}
		text, readErr := io.ReadAll(io.LimitReader(out, utf8Bytes*extract.MaxText))
		switch err := child.Wait(); {
		case ctx.Err() != nil:
			return "", ctx.Err()
		case errors.Join(err, readErr) != nil:
			return "", fmt.Errorf("%w: %w", extract.ErrBroken, errors.Join(err, readErr))
		}
		return string(text), nil
	}
}

// extractor is extractBy this program; one that does not know where it lies reads files itself.
func extractor() func(context.Context, extract.Kind, []byte) (string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	return extractBy(program, extractWithin)
}
