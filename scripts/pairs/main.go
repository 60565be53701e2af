// Command pairs counts in how many messages each pair of characters stands, which package find embeds as the measure of what is telling:
//
//	go run ./scripts/pairs -fields title,text FILE.jsonl.gz… > internal/find/pairs.tsv
//
// A message is a line of JSON; its text are the named fields that it has, one after another. A message that comes twice counts once, and pairs that stand
// in few messages are left out. The first line is the number of messages; each other one a number of messages, a tab and the pairs that stand in so many.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"huiyin/internal/find"
)

// least is in how many messages a pair stands that is kept.
const least = 20

func main() {
	fields := flag.String("fields", "title,text", "the fields that make the text, separated by commas")
	flag.Parse()
	c := counter{fields: strings.Split(*fields, ","), seen: map[string]bool{}, pairs: map[string]int{}}
	for _, path := range flag.Args() {
		if err := c.read(path); err != nil {
			fmt.Fprintln(os.Stderr, "pairs:", err)
			os.Exit(1)
		}
	}
	if err := c.write(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pairs:", err)
		os.Exit(1)
	}
}

type counter struct {
	fields []string
	seen   map[string]bool
	pairs  map[string]int
}

// read counts the messages of a file.
func (c *counter) read(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // only read
	text, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for lines := json.NewDecoder(text); ; {
		var row map[string]any
		if err := lines.Decode(&row); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		var said []string
		for _, f := range c.fields {
			if s, ok := row[f].(string); ok {
				said = append(said, s)
			}
		}
		c.count(find.Read(strings.Join(said, "\n")).String())
	}
}

func (c *counter) count(text string) {
	if c.seen[text] {
		return
	}
	c.seen[text] = true
	runes := []rune(text)
	here := map[string]bool{}
	for i := range max(0, len(runes)-1) {
		here[string(runes[i:i+2])] = true
	}
	for pair := range here {
		c.pairs[pair]++
	}
}

func (c *counter) write(to io.Writer) error {
	byCount := map[int][]string{}
	for pair, n := range c.pairs {
		if n >= least {
			byCount[n] = append(byCount[n], pair)
		}
	}
	w := bufio.NewWriter(to)
	fmt.Fprintln(w, len(c.seen)) // what is wrong is said by Flush
	for _, n := range slices.Backward(slices.Sorted(maps.Keys(byCount))) {
		fmt.Fprintf(w, "%d\t%s\n", n, strings.Join(slices.Sorted(slices.Values(byCount[n])), ""))
	}
	return w.Flush()
}
