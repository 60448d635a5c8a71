package domain

import (
	"context"
	"errors"
	"time"

	"smartlinks/internal/db"
)

// ErrNotOurs says that no certificate is to be had for a name: no business has proven it.
var ErrNotOurs = errors.New("domain: no business here has proven this name")

// firstWait is how long after a failure an authority is asked again for the same name;
// it doubles, up to longestWait: five times in the first hour, which is what Let's Encrypt
// takes of one name.
const (
	firstWait   = 2 * time.Minute
	longestWait = 12 * time.Hour
)

// Proven reports, by ErrNotOurs, that the host is no proven domain. It decides whether a
// certificate may be shown, stored or got.
func (s *Domains) Proven(ctx context.Context, host string) error {
	var there bool
	err := s.DB.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM domains WHERE host = $1 AND proven_at IS NOT NULL AND removed_at IS NULL)`, host)
	if err == nil && !there {
		err = ErrNotOurs
	}
	return err
}

// BeginCertificate claims the next try to get the host's certificate: false when none may
// be made now. It counts as failed until Certified says otherwise, for all processes.
func (s *Domains) BeginCertificate(ctx context.Context, host string) (may bool, err error) {
	wall := s.DB.Clock().Wall()
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		var tries int64
		err := tx.Get(ctx, &tries, `UPDATE domains SET certificate_tries = certificate_tries + 1, certificate_next = $2
			WHERE host = $1 AND proven_at IS NOT NULL AND removed_at IS NULL AND broken_at IS NULL AND (certificate_next IS NULL OR certificate_next <= $3)
			RETURNING certificate_tries`, host, db.At(wall.Add(firstWait)), db.At(wall))
		if may = err == nil; errors.Is(err, db.ErrNoRows) {
			return nil
		}
		if err != nil || tries == 1 {
			return err
		}
		wait := min(firstWait<<min(tries-1, 10), longestWait)
		_, err = tx.Exec(ctx, `UPDATE domains SET certificate_next = $2 WHERE host = $1 AND proven_at IS NOT NULL AND removed_at IS NULL`, host, db.At(wall.Add(wait)))
		return err
	})
	return may, err
}

// Certified says that there is a certificate for the host, which is live by that.
func (s *Domains) Certified(ctx context.Context, host string, from, until time.Time) error {
	return s.certificate(ctx, host, `UPDATE domains SET certificate_from = $2, certificate_until = $3, certificate_problem = '', certificate_tries = 0, certificate_next = NULL,
		live_at = COALESCE(live_at, $4) WHERE host = $1 AND proven_at IS NOT NULL AND removed_at IS NULL RETURNING id, business_id`, db.At(from), db.At(until), db.At(s.DB.Clock().Now()))
}

// NotCertified says why there is none.
func (s *Domains) NotCertified(ctx context.Context, host, why string) error {
	return s.certificate(ctx, host, `UPDATE domains SET certificate_problem = $2 WHERE host = $1 AND proven_at IS NOT NULL AND removed_at IS NULL RETURNING id, business_id`, clipped(why))
}

// certificate runs a statement about the owner of the host, and tells everybody.
func (s *Domains) certificate(ctx context.Context, host, statement string, arguments ...any) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		var of due
		err := tx.Get(ctx, &of, `SELECT id, business_id FROM domains WHERE host = $1 AND proven_at IS NOT NULL AND removed_at IS NULL`, host)
		if err == nil {
			// One domain of the business alone is for new links: who chooses waits for who else does.
			if err = tx.Lock(ctx, "domains "+string(of.BusinessID)); err != nil {
				return err
			}
			err = tx.Get(ctx, &of, statement, append([]any{host}, arguments...)...)
		}
		if errors.Is(err, db.ErrNoRows) {
			return nil // removed meanwhile
		}
		if err != nil {
			return err
		}
		tx.Notify(topic, string(of.BusinessID))
		return s.chooseForNew(ctx, tx, of.BusinessID)
	})
}

// maxWhy bounds what is kept of an authority's answer, in bytes.
const maxWhy = 500

func clipped(why string) string {
	if len(why) > maxWhy {
		return why[:maxWhy]
	}
	return why
}

// getCertificate gets or renews the certificate of a proven domain. That it could not
// be got is told by NotCertified, and the domain is due again.
func (s *Domains) getCertificate(ctx context.Context, d Domain) {
	if err := s.Certify(ctx, d.Host); err != nil {
		s.Log.WarnContext(ctx, "got no certificate for a domain", "host", d.Host, "error", err)
	}
}
