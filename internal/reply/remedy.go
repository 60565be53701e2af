package reply

import (
	"strconv"
	"time"

	"huiyin/internal/find"
	"huiyin/internal/law"
	"huiyin/internal/matter"
)

// remedies holds that what a text says of the remedy is what the law gives: the right one, in the right period, until the right day. A text need not speak of
// it, for the document does.
func (c *check) remedies(t Text) {
	w := &c.words
	for _, at := range w.Sentence.FindAllStringIndex(t.Words, -1) {
		sentence := t.Words[at[0]:at[1]]
		m := w.Ask.FindStringSubmatchIndex(sentence)
		if m == nil {
			continue
		}
		word, place := sentence[m[2]:m[3]], []find.Range{{From: at[0] + m[0], To: at[0] + m[1]}}
		tier := matter.TierReReview
		if word == w.Review {
			tier = matter.TierReview
		}
		switch {
		case c.Remedy.Tier == matter.TierFirst:
			c.say(RemedyNone, t, place, "word", word)
		case tier == c.Remedy.Tier:
			c.period(t, sentence, at[0])
		case tier == matter.TierReReview && w.AfterReview.MatchString(sentence[:m[1]]):
			// what comes after the review is told, too
		default:
			c.say(RemedyStage, t, place, "word", word)
		}
	}
}

// period compares the period and the last day that a sentence on the remedy names with those of the law.
func (c *check) period(t Text, sentence string, from int) {
	place := func(m []int) []find.Range { return []find.Range{{From: from + m[0], To: from + m[1]}} }
	for _, m := range c.words.Term.FindAllStringSubmatchIndex(sentence, -1) {
		n, unit := c.number(sentence[m[2]:m[3]]), c.words.Units[sentence[m[4]:m[5]]]
		if c.Remedy.N != 0 && (n != c.Remedy.N || unit != c.Remedy.Unit.String()) {
			c.say(RemedyTerm, t, place(m), "is", sentence[m[0]:m[1]], "n", c.Remedy.N, "unit", c.Remedy.Unit.String())
		}
	}
	for _, m := range c.words.Day.FindAllStringSubmatchIndex(sentence, -1) {
		day, ok := dayOf(sentence[m[2]:m[3]], sentence[m[4]:m[5]], sentence[m[6]:m[7]])
		switch {
		case ok && c.Remedy.Until.Known() && day == c.Remedy.Until:
		case c.Remedy.Until.Known():
			c.say(RemedyDay, t, place(m), "is", sentence[m[0]:m[1]], "day", c.Remedy.Until)
		default:
			c.say(RemedyDayYet, t, place(m), "is", sentence[m[0]:m[1]])
		}
	}
}

// dayOf is the day of a date in digits; false where there is no such day.
func dayOf(year, month, day string) (law.Day, bool) {
	var ymd [3]int
	for i, s := range []string{year, month, day} {
		n, err := strconv.Atoi(s)
		if err != nil {
			return law.NoDay, false
		}
		ymd[i] = n
	}
	d := law.NewDay(ymd[0], time.Month(ymd[1]), ymd[2])
	y, m, dd := d.Date()
	return d, y == ymd[0] && int(m) == ymd[1] && dd == ymd[2]
}
