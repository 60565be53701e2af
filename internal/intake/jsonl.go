package intake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonLines reads one JSON object per line. Empty lines are no rows.
type jsonLines struct {
	t     *text
	lines lines
}

func (j *jsonLines) columns() []string             { return nil }
func (j *jsonLines) position() (done, total int64) { return j.t.position() }

func (j *jsonLines) next() (Row, []RowError, error) {
	for {
		l, err := j.lines.next()
		if err != nil {
			return Row{}, nil, err
		}
		row := Row{Number: l.number}
		body := bytes.TrimSpace(l.text)
		switch {
		case l.long:
			return row, refuse("intake.row.toolong", "max", MaxRow>>20), nil
		case len(body) == 0:
			continue
		case j.t.garbled(body):
			return row, refuse("intake.row.encoding"), nil
		}
		bad := row.take(body)
		return row, bad, nil
	}
}

// take fills the row with the members of a JSON object, or says what is wrong with them.
func (r *Row) take(body []byte) []RowError {
	members, err := object(body)
	if dup, ok := errors.AsType[*duplicateError](err); ok {
		return refuse("intake.row.duplicate", "column", shorten(dup.key))
	}
	if err != nil {
		return refuse("intake.row.json")
	}
	if len(members) > MaxColumns {
		return refuse("intake.row.many", "n", len(members), "max", MaxColumns)
	}
	r.Columns = make([]string, len(members))
	r.Values = make(map[string]string, len(members))
	for i, m := range members {
		value, err := plain(m.raw)
		if err != nil {
			return refuse("intake.row.json")
		}
		if bad := checkValue(m.key, value); bad != nil {
			return bad
		}
		r.Columns[i] = m.key
		r.Values[m.key] = value
	}
	return nil
}

// member is one name of a JSON object and what it holds.
type member struct {
	key string
	raw json.RawMessage
}

// duplicateError says that an object has a name twice, so that one of the two values would be lost.
type duplicateError struct{ key string }

func (e *duplicateError) Error() string { return "name twice in one object" }

// object takes a JSON object apart in its own order. Names twice and anything after the object are errors.
func object(data []byte) ([]member, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	open, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("read the object: %w", err)
	}
	if open != json.Delim('{') {
		return nil, errors.New("not an object")
	}
	var out []member
	seen := make(map[string]bool)
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("read a name: %w", err)
		}
		m := member{}
		m.key, _ = name.(string) // the decoder accepts nothing else here
		if seen[m.key] {
			return nil, &duplicateError{key: m.key}
		}
		seen[m.key] = true
		if err := d.Decode(&m.raw); err != nil {
			return nil, fmt.Errorf("read a value: %w", err)
		}
		out = append(out, m)
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("read the end of the object: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something after the object")
	}
	return out, nil
}

// plain makes text of a JSON value: a text as it is, numbers and truth values as written, null as nothing, a list of
// such values with a line each, and whatever is deeper as compact JSON.
func plain(raw json.RawMessage) (string, error) {
	switch raw[0] {
	case '"':
		var s string
		if err := json.Unmarshal(raw, &s); err != nil {
			return "", fmt.Errorf("read a text: %w", err)
		}
		return s, nil
	case 'n':
		return "", nil
	case '[':
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return "", fmt.Errorf("read a list: %w", err)
		}
		texts := make([]string, len(list))
		for i, item := range list {
			if item[0] == '[' || item[0] == '{' {
				return compact(raw)
			}
			var err error
			if texts[i], err = plain(item); err != nil {
				return "", err
			}
		}
		return strings.Join(texts, "\n"), nil
	case '{':
		return compact(raw)
	}
	return string(raw), nil
}

func compact(raw json.RawMessage) (string, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		return "", fmt.Errorf("shorten a value: %w", err)
	}
	return b.String(), nil
}
