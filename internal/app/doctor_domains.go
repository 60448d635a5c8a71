package app

import (
	"context"
	"fmt"

	"smartlinks/internal/db"
	"smartlinks/internal/system"
)

// expiringDays is how long before its end a certificate should have been renewed.
const expiringDays = 14

// domainsWork tells of own domains whose pages can't be opened, or not for long. What
// their owners must mend is told, and is no mistake of the installation.
func (c doctorCommand) domainsWork(ctx context.Context, s streams, r *system.System) {
	var all []struct {
		Host, Handle, Problem string
		BrokenAt              db.Time
		CertificateUntil      db.Time
	}
	wall := r.DB.Clock().Wall()
	err := r.DB.Select(ctx, &all, `SELECT d.host, b.handle, CASE WHEN d.certificate_problem <> '' THEN d.certificate_problem ELSE d.problem END AS problem, d.broken_at, d.certificate_until
		FROM domains d JOIN businesses b ON b.id = d.business_id
		WHERE d.proven_at IS NOT NULL AND d.removed_at IS NULL AND (d.broken_at IS NOT NULL OR d.certificate_until < $1 AND d.certificate_problem <> '') ORDER BY d.host LIMIT 100`,
		db.At(wall.AddDate(0, 0, expiringDays)))
	if err != nil {
		fmt.Fprintf(s.out, "NOTE  The own domains can't be read: %v\n", err)
		return
	}
	for _, d := range all {
		if !d.BrokenAt.IsZero() {
			fmt.Fprintf(s.out, "NOTE  The domain %s of %s no longer leads here: its DNS has changed (%s).\n", d.Host, d.Handle, d.Problem)
			continue
		}
		fmt.Fprintf(s.out, "NOTE  The certificate of %s of %s ends on %s and is not renewed. %s\n", d.Host, d.Handle, d.CertificateUntil.Format("2006-01-02"), d.Problem)
	}
}
