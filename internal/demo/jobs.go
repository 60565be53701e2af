package demo

import (
	"context"

	"huiyin/internal/law"
	"huiyin/internal/matter"
	"huiyin/internal/org"
	"huiyin/internal/usecase"
)

// addJobs leaves one job that failed: another system asked for a table, and its key was revoked before the table was made.
func (s *seeder) addJobs(ctx context.Context) error {
	s.clock = s.until
	q, err := s.office.Queue(ctx, org.System(), usecase.QueueCursor{})
	if err != nil || len(q.Failed) > 0 { // it failed before the demonstration was broken off
		return err
	}
	key, err := s.office.AddKey(ctx, org.System(), usecase.NewKey{
		Name: s.words.Hotline, Unit: s.ids["petition"], Role: org.RoleRegistrar, Grants: []string{"read"}, Expires: law.NoDay,
	})
	if err != nil {
		return err
	}
	machine, err := s.office.MachineActor(ctx, key)
	if err != nil {
		return err
	}
	if _, err := s.office.StartExport(ctx, machine, usecase.Export{List: matter.Filter{List: matter.ListAll, View: matter.ViewOpen}, Format: usecase.TableXLSX}); err != nil {
		return err
	}
	if err := s.office.RevokeKey(ctx, org.System(), machine.Key); err != nil {
		return err
	}
	_, err = s.office.RunJob(ctx, usecase.JobExport)
	return err
}
