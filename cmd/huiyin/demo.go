package main

import (
	"context"
	"fmt"

	"huiyin/internal/app"
	"huiyin/internal/demo"
	"huiyin/internal/i18n"
)

// demonstrate fills an empty data folder with the demonstration county, says where it is and who can sign in, and serves it.
func demonstrate(ctx context.Context, c *console, args []string) int {
	c.system = ""
	f := flags("demo")
	past := f.Int("past", demo.Past, "")
	var d demo.Demo
	return c.serving(ctx, f, args, func(ctx context.Context, a *app.App) error {
		var err error
		if d, err = demo.Seed(ctx, a.Office); err != nil {
			return err
		}
		return demo.AddPast(ctx, a.Office, *past)
	}, func(addr string) {
		c.say("cli.demo.ready", "addr", addr, "password", d.Password)
		for _, a := range d.Accounts {
			for _, duty := range a.Duties {
				unit := duty.At.Name
				if c.Lang() == i18n.En {
					unit = duty.At.English
				}
				c.line(fmt.Sprintf("  %-16s %s · %s · %s", a.SignIn, c.T("role."+string(duty.Role)), unit, a.Name))
			}
		}
	})
}
