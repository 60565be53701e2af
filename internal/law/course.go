package law

import (
	"strings"

	"huiyin/internal/errs"
)

// Course is what happened to one period, as people write it: in the flags of a command, in the address of a page.
type Course struct {
	By       string   // the last day that a document names
	Paused   []string // each time the count stood still: "2026-03-10..2026-03-14", or "2026-03-10.." while it lasts
	Extended int      // by how many of its units it was prolonged
	Approved string   // on which day that was approved
}

// Options reads the course of a period that began on a day. Each part is checked, for a slip of the pen must not give a date in silence: what
// cannot be read is an error of the field "by", "paused", "extended" or "approved"; what the law does not allow is Refused with its article.
func (c Course) Options(r Rule, from Day, cal *Calendar) ([]Option, error) {
	var options []Option
	switch {
	case c.By != "":
		end, err := courseDay("by", c.By)
		if err != nil {
			return nil, err
		}
		if end < from {
			return nil, wrong("by", "law.field.order", "from", from)
		}
		options = append(options, Fixed(end))
	case r.ByDocument():
		return nil, wrong("by", "law.course.by", "rule", r.ID)
	}
	for _, text := range c.Paused {
		begin, end, err := pauseIn(text)
		if err != nil {
			return nil, err
		}
		if err := CheckPause(r, from, cal, begin, end, options...); err != nil {
			return nil, err
		}
		options = append(options, Paused(begin, end))
	}
	switch {
	case c.Extended == 0 && c.Approved == "":
		return options, nil
	case c.Extended == 0:
		return nil, wrong("extended", "law.course.extended")
	case c.Approved == "":
		return nil, wrong("approved", "law.course.approved")
	}
	approved, err := courseDay("approved", c.Approved)
	if err != nil {
		return nil, err
	}
	if err := CheckExtension(r, from, cal, c.Extended, approved, options...); err != nil {
		return nil, err
	}
	return append(options, Extended(c.Extended, approved)), nil
}

// pauseIn reads a pause; NoDay for its end means that it lasts.
func pauseIn(text string) (begin, end Day, err error) {
	first, last, ok := strings.Cut(text, "..")
	if !ok {
		return NoDay, NoDay, wrong("paused", "law.course.paused", "value", text)
	}
	if begin, err = courseDay("paused", first); err != nil || last == "" {
		return begin, NoDay, err
	}
	end, err = courseDay("paused", last)
	return begin, end, err
}

func courseDay(field, text string) (Day, error) {
	day, err := ParseDay(text)
	if err != nil {
		return NoDay, wrong(field, "law.day.bad", "value", text)
	}
	return day, nil
}

func wrong(field, code string, pairs ...any) error {
	return errs.Fields([]errs.Field{errs.F(field, code, pairs...)})
}
