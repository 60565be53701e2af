package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/internal/app"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// user looks after the accounts of staff, when nobody can sign in to do it on the pages.
func user(ctx context.Context, c *console, args []string) int {
	if len(args) == 0 {
		return c.usage("user", c.T("cli.user.which"))
	}
	switch what := args[0]; what {
	case "list":
		return userList(ctx, c, args[1:])
	case "add":
		return userAdd(ctx, c, args[1:])
	case "reset-password", "disable", "enable":
		return userChange(ctx, c, what, args[1:])
	}
	return c.usage("user", c.T("cli.user.which"))
}

// peoplePage is how many people are read at once.
const peoplePage = 100

func userList(ctx context.Context, c *console, args []string) int {
	f := flags("user")
	data := dataFlag(f)
	if _, ok := c.parse(f, args, 0); !ok {
		return exitUsage
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		for after := ""; ; {
			page, err := a.Office.People(ctx, org.System(), usecase.PeopleFilter{After: after, Limit: peoplePage})
			if err != nil {
				return 0, err
			}
			for _, p := range page.People {
				c.line(c.person(p))
			}
			if page.Next == "" {
				return 0, nil
			}
			after = page.Next
		}
	})
}

// person is one line of the list: the name to sign in with, the name, the duties that hold.
func (c *console) person(p usecase.PersonView) string {
	var duties []string
	for _, d := range p.Duties {
		if d.Active {
			duties = append(duties, c.T("role."+string(d.Role))+" · "+d.At.Name)
		}
	}
	line := fmt.Sprintf("%-20s %s  %s", p.SignIn, p.Name, strings.Join(duties, c.T("format.list")))
	if p.Disabled {
		line += "  " + c.T("cli.user.disabled")
	}
	return line
}

func userAdd(ctx context.Context, c *console, args []string) int {
	f := flags("user")
	data := dataFlag(f)
	name := f.String("name", "", "")
	role := f.String("role", "", "")
	unit := f.Int64("unit", 0, "")
	scope := f.Int64("scope", 0, "")
	rest, ok := c.parse(f, args, 1)
	if !ok {
		return exitUsage
	}
	if *name == "" || *unit == 0 || !slices.Contains(org.Roles(), org.Role(*role)) {
		roles := make([]string, 0, len(org.Roles()))
		for _, r := range org.Roles() {
			roles = append(roles, string(r))
		}
		return c.usage("user", c.T("cli.user.add", "roles", strings.Join(roles, " ")))
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		_, password, err := a.Office.AddPerson(ctx, org.System(), usecase.NewPerson{
			SignIn: rest[0], Name: *name, Duties: []usecase.NewDuty{{Role: org.Role(*role), Unit: org.UnitID(*unit), Scope: org.UnitID(*scope)}},
		})
		if err != nil {
			return 0, err
		}
		c.say("cli.user.password", "name", rest[0], "password", password)
		return 0, nil
	})
}

func userChange(ctx context.Context, c *console, what string, args []string) int {
	f := flags("user")
	data := dataFlag(f)
	rest, ok := c.parse(f, args, 1)
	if !ok {
		return exitUsage
	}
	return with(ctx, c, *data, func(a *app.App) (int, error) {
		p, err := a.Office.PersonBySignIn(ctx, org.System(), rest[0])
		if err != nil {
			return 0, err
		}
		if what == "reset-password" {
			password, err := a.Office.ResetPassword(ctx, org.System(), p.ID)
			if err != nil {
				return 0, err
			}
			c.say("cli.user.password", "name", p.SignIn, "password", password)
			return 0, nil
		}
		if err := a.Office.SetDisabled(ctx, org.System(), p.ID, what == "disable"); err != nil {
			return 0, err
		}
		c.say("cli.user."+what, "name", p.SignIn)
		return 0, nil
	})
}
