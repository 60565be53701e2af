// Package errs is the one error of Huiyin: what went wrong, said so that a person can act on it.
//
// An error carries a kind (what class of thing happened, which decides the HTTP status and whether a job
// tries again), a stable code (the key of the text in the message catalogue), arguments for that text, errors
// of single fields, and, where a rule of law refuses the act, the article. It never carries text for people and
// never personal data: the words are made at the edge, in the reader's language.
package errs

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what class of thing went wrong.
type Kind int

// The kinds. Internal is the zero value, so an unknown error is never mistaken for a harmless one.
const (
	Internal        Kind = iota // a fault of ours; the reader is told only that, and a reference
	Invalid                     // what was given cannot be used; Fields says where
	Unauthenticated             // nobody is signed in, or the code and PIN do not fit
	Forbidden                   // known, but this duty does not allow it
	NotFound                    // there is no such thing within what the reader may see
	Conflict                    // somebody changed it first, or it already exists
	Refused                     // the lawful procedure does not allow this act now
	TooLarge                    // a body or file over the limit
	TooMany                     // too many attempts; try later
	Unavailable                 // the outside world or the store is not answering; trying again may help
)

// Arg is one named argument of a message.
type Arg struct {
	Key   string
	Value any
}

// Field is what is wrong with one input. Path names it as the form and the API do ("petitioners.0.id_number").
type Field struct {
	Path string
	Code string
	Args []Arg
}

// Error is the error type of every package. Build it with E.
type Error struct {
	Kind    Kind
	Code    string // key of the message catalogue, "matter.reply.silent"
	Args    []Arg
	Fields  []Field
	Article string // the article that decides, as data gives it
	cause   error
}

// E returns an error of a kind with the code of its message and key, value pairs as the message's arguments.
func E(kind Kind, code string, pairs ...any) *Error {
	return &Error{Kind: kind, Code: code, Args: args(pairs)}
}

// F returns the error of one field with key, value pairs as the message's arguments.
func F(path, code string, pairs ...any) Field {
	return Field{Path: path, Code: code, Args: args(pairs)}
}

// Fields returns an Invalid error for the fields, or nil when there is none.
func Fields(fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "form.invalid", Args: []Arg{{"n", len(fields)}}, Fields: fields}
}

func args(pairs []any) []Arg {
	out := make([]Arg, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, Arg{Key: fmt.Sprint(pairs[i]), Value: pairs[i+1]})
	}
	return out
}

// Because adds the cause, for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Under adds the article of law that decides.
func (e *Error) Under(article string) *Error {
	c := *e
	c.Article = article
	return &c
}

// Error is for logs: the code, the fields' codes and the cause, without any argument (arguments may be personal).
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " %s=%s", f.Path, f.Code)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// KindOf reports the kind of an error; anything that is not ours is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// CodeOf reports the code of an error, "internal" for anything that is not ours.
func CodeOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return "internal"
}
