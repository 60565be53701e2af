package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"huiyin/internal/app"
	"huiyin/internal/config"
	"huiyin/internal/errs"
	"huiyin/internal/law"
	"huiyin/internal/org"
)

// calendar shows the working days of a year, or lays a newer arrangement over them.
func calendar(ctx context.Context, c *console, args []string) int {
	if len(args) == 0 {
		return c.usage("calendar", c.T("cli.calendar.which"))
	}
	switch args[0] {
	case "load":
		return calendarLoad(ctx, c, args[1:])
	case "show":
		return calendarShow(ctx, c, args[1:])
	}
	return c.usage("calendar", c.T("cli.calendar.which"))
}

// maxCalendar bounds the file of an arrangement, as the page does.
const maxCalendar = 1 << 20

// calendarDay is a day and what it is now, for programs.
type calendarDay struct {
	Day     law.Day `json:"day"`
	Working bool    `json:"working"`
	Why     string  `json:"why"`
}

func calendarLoad(ctx context.Context, c *console, args []string) int {
	f := flags("calendar")
	data := dataFlag(f)
	asJSON := f.Bool("json", false, "")
	rest, ok := c.parse(f, args, 1)
	if !ok {
		return exitUsage
	}
	document, err := readBounded(rest[0], maxCalendar)
	if err != nil {
		return c.fail(err)
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		changed, moved, err := a.Office.LoadCalendar(ctx, org.System(), document)
		if err != nil {
			return 0, err
		}
		calendar := a.Office.Calendar()
		days := make([]calendarDay, len(changed))
		for i, d := range changed {
			days[i] = c.calendarDay(calendar, d)
		}
		from, until := calendar.Published()
		if *asJSON {
			return c.json(struct {
				Version string        `json:"version"`
				From    law.Day       `json:"from"`
				Until   law.Day       `json:"until"`
				Changed []calendarDay `json:"changed"`
				Moved   int           `json:"matters_moved"`
			}{calendar.Version(), from, until, days, moved}), nil
		}
		c.say("cli.calendar.loaded", "version", calendar.Version(), "from", from, "until", until)
		c.say("cli.calendar.changed", "n", len(days))
		c.days(days)
		c.say("cli.calendar.moved", "n", moved)
		c.say("cli.calendar.running")
		return 0, nil
	})
}

// readBounded reads a file that may not be larger than so many bytes.
func readBounded(name string, most int64) ([]byte, error) {
	file, err := os.Open(name) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, errs.E(errs.NotFound, "cli.file", "file", name).Because(err)
	}
	defer func() { _ = file.Close() }() // only read from
	content, err := io.ReadAll(io.LimitReader(file, most+1))
	if err != nil {
		return nil, errs.E(errs.NotFound, "cli.file", "file", name).Because(err)
	}
	if int64(len(content)) > most {
		return nil, errs.E(errs.TooLarge, "cli.file.large", "file", name, "most", most)
	}
	return content, nil
}

// The years that can be shown: those a Day is written in with four digits.
const (
	firstYear = 1000
	lastYear  = 9999
)

func calendarShow(ctx context.Context, c *console, args []string) int {
	f := flags("calendar")
	data := dataFlag(f)
	asJSON := f.Bool("json", false, "")
	rest, ok := c.parse(f, args, 1)
	if !ok {
		return exitUsage
	}
	year, err := strconv.Atoi(rest[0])
	if err != nil || year < firstYear || year > lastYear {
		return c.usage("calendar", c.T("cli.calendar.year", "value", rest[0]))
	}
	show := func(calendar *law.Calendar) int { return c.calendarYear(calendar, year, *asJSON) }
	values, err := c.settingsOf(*data)
	if err != nil {
		return c.misused("calendar", err)
	}
	if there, err := app.Holds(ctx, appConfig(values, nil)); err == nil && !there && values.Of(config.Data).Source == config.FromDefault {
		return show(law.DefaultCalendar()) // no office here: the calendar that ships with the program
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) { return show(a.Office.Calendar()), nil })
}

// calendarYear shows the days of a year that are not what their weekday says.
func (c *console) calendarYear(calendar *law.Calendar, year int, asJSON bool) int {
	working, published, changed := calendar.Year(year)
	days := make([]calendarDay, len(changed))
	for i, d := range changed {
		days[i] = c.calendarDay(calendar, d)
	}
	sources := calendar.Sources(law.NewDay(year, time.June, 1))
	if asJSON {
		return c.json(struct {
			Year      int           `json:"year"`
			Version   string        `json:"version"`
			Published bool          `json:"published"`
			Working   int           `json:"working_days"`
			Sources   []string      `json:"sources"`
			Changes   []calendarDay `json:"changes"`
		}{year, calendar.Version(), published, working, append([]string{}, sources...), days})
	}
	c.say("cli.calendar.shown", "year", year, "n", working, "version", calendar.Version())
	if !published {
		c.say("cli.calendar.guess")
	}
	c.days(days)
	for _, source := range sources {
		c.say("cli.calendar.source", "source", source)
	}
	return 0
}

func (c *console) calendarDay(calendar *law.Calendar, d law.Day) calendarDay {
	working, _ := calendar.Working(d)
	return calendarDay{Day: d, Working: working, Why: c.Say(calendar.Why(d))}
}

func (c *console) days(days []calendarDay) {
	for _, d := range days {
		key := "cli.calendar.off"
		if d.Working {
			key = "cli.calendar.work"
		}
		c.line(fmt.Sprintf("  %s  %s  %s", c.FullDay(d.Day), c.T(key), d.Why))
	}
}
