package bench

import (
	"bufio"
	"cmp"
	"database/sql/driver"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// recorded is a statement as the product carried it out, with its arguments as the driver gets them: numbers, texts, bytes.
type recorded struct {
	SQL  string
	Args []any
}

// recorder writes the statements of the warm-up to a file, so that they take no memory of the server's.
type recorder struct {
	path string

	mu   sync.Mutex
	file *os.File // nil while nothing is recorded
	out  *bufio.Writer
	enc  *gob.Encoder
	err  error
	sum  Written
}

func (r *recorder) open(path string) error {
	gob.Register(absent{})
	gob.Register([]int64{})
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.path, r.file, r.out = path, f, bufio.NewWriter(f)
	r.enc = gob.NewEncoder(r.out)
	return nil
}

func (r *recorder) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := errors.Join(r.err, r.out.Flush(), r.file.Close())
	r.file, r.out, r.enc = nil, nil, nil
	return err
}

func (r *recorder) write(sql string, args []any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.file == nil || r.err != nil {
		return
	}
	w := recorded{SQL: sql, Args: make([]any, len(args))}
	for i, a := range args {
		if list, ok := a.([]int64); ok { // of PostgreSQL alone
			w.Args[i] = list
			r.sum.Bytes += float64(8 * len(list))
			continue
		}
		if w.Args[i], r.err = driver.DefaultParameterConverter.ConvertValue(a); r.err != nil {
			return
		}
		switch a := w.Args[i].(type) {
		case nil:
			w.Args[i] = absent{}
		case string:
			r.sum.Bytes += float64(len(a))
		case []byte:
			if a == nil {
				w.Args[i] = absent{}
			}
			r.sum.Bytes += float64(len(a))
		case bool:
			r.sum.Bytes++
		default: // numbers
			r.sum.Bytes += 8
		}
	}
	r.sum.Statements++
	if isEvent(sql) {
		r.sum.Events++
	}
	r.err = r.enc.Encode(w)
}

// absent stands for NULL, which gob cannot write.
type absent struct{ Nothing bool }

// written is what one life has written on average.
func (r *recorder) written(lives int) Written {
	n := float64(cmp.Or(lives, 1))
	return Written{Events: r.sum.Events / n, Statements: r.sum.Statements / n, Bytes: r.sum.Bytes / n}
}

// readRecord reads what was recorded.
func readRecord(path string) ([]recorded, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("record: %w", err)
	}
	defer f.Close() // only read
	gob.Register(absent{})
	gob.Register([]int64{})
	var list []recorded
	for dec := gob.NewDecoder(bufio.NewReader(f)); ; {
		var w recorded
		if err := dec.Decode(&w); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("record: %w", err)
		}
		for i, a := range w.Args {
			switch a := a.(type) {
			case absent:
				w.Args[i] = nil
			case []byte:
				w.Args[i] = append([]byte{}, a...) // gob gives nil for what is empty
			}
		}
		list = append(list, w)
	}
}
