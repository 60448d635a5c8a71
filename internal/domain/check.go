package domain

import (
	"context"
	"errors"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// topic is under which processes tell each other that domains of a business changed.
const topic = "domain"

// Check asks DNS about the domain now, and says what follows: it is proven, waits,
// or is broken. Errors: NotFound.
func (s *Domains) Check(ctx context.Context, businessID business.ID, id ID) (Domain, error) {
	return s.check(ctx, businessID, id, 0)
}

// check is Check. certificateIn is how long the queue leaves a certificate alone that is
// still to be got.
func (s *Domains) check(ctx context.Context, businessID business.ID, id ID, certificateIn time.Duration) (Domain, error) {
	d, err := s.Get(ctx, businessID, id)
	if err != nil {
		return Domain{}, err
	}
	asked := s.DB.Clock().Wall()
	return s.apply(ctx, d, s.lookUp(ctx, d.Host), asked, certificateIn)
}

// apply writes what DNS said of the domain when it was asked, and what follows. Of two that
// asked at once the later one counts, whichever writes first.
func (s *Domains) apply(ctx context.Context, asked Domain, found answer, at time.Time, certificateIn time.Duration) (d Domain, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		// Whoever else proves the same name waits until this has ended.
		if err := tx.Lock(ctx, "domain "+asked.Host); err != nil {
			return err
		}
		if err := tx.Lock(ctx, "domains "+string(asked.BusinessID)); err != nil {
			return err
		}
		if d, err = s.get(ctx, tx, asked.BusinessID, asked.ID); err != nil {
			return err
		}
		if d.CheckedAt.After(at) {
			return nil
		}
		before := d
		if err := s.judge(ctx, tx, &d, found); err != nil {
			return err
		}
		d.CheckedAt = at
		d.NextAt = d.CheckedAt.Add(s.pause(d, certificateIn))
		if err := s.write(ctx, tx, d); err != nil {
			return err
		}
		s.work.DueAt(tx, d.NextAt)
		if before.Served() != d.Served() || before.Status() != d.Status() {
			tx.Notify(topic, string(d.BusinessID))
		}
		if err := s.chooseForNew(ctx, tx, d.BusinessID); err != nil {
			return err
		}
		d, err = s.get(ctx, tx, d.BusinessID, d.ID)
		return err
	})
	return d, s.refreshDirectory(ctx, asked.BusinessID, err)
}

// judge decides what the answers mean for the domain.
func (s *Domains) judge(ctx context.Context, tx *db.Tx, d *Domain, found answer) error {
	if found.away { // nothing is known, so nothing changes
		if !d.Served() {
			d.Problem = DNSAway
		}
		return nil
	}
	d.AddressFound, d.TXTFound, d.LeadsTo = found.here, found.has(d.Token), found.other
	d.Problem = wrong(*d, found)
	switch {
	case d.Problem != "" && d.ProvenAt.IsZero():
		return nil
	case d.Problem != "":
		if d.BrokenAt.IsZero() {
			d.BrokenAt = tx.Now()
		}
		return nil
	}
	if d.ProvenAt.IsZero() {
		if err := s.prove(ctx, tx, d, found); err != nil || d.Problem != "" {
			return err
		}
	}
	d.BrokenAt = time.Time{}
	if d.LiveAt.IsZero() && (s.Certify == nil || d.CertificateUntil.After(s.DB.Clock().Wall())) {
		d.LiveAt = tx.Now()
	}
	return nil
}

// wrong is what the records lack.
func wrong(d Domain, found answer) Problem {
	switch {
	case len(found.other) > 0:
		return Elsewhere
	case !found.here:
		return NoAddress
	case d.TXTFound:
		return ""
	case len(found.txts) > 0:
		return OtherTXT
	}
	return NoTXT
}

// prove makes the name the business's, unless another one removed it lately or has it and
// still proves it. One that has it and no longer proves it loses it: whoever sets the
// records decides.
func (s *Domains) prove(ctx context.Context, tx *db.Tx, d *Domain, found answer) error {
	until, err := reservedUntil(ctx, tx, *d)
	if err != nil {
		return err
	}
	if until.After(tx.Now()) {
		d.Problem = Reserved
		return nil
	}
	var owner struct {
		ID         ID
		BusinessID business.ID
		Token      string
	}
	err = tx.Get(ctx, &owner, `SELECT id, business_id, token FROM domains WHERE host = $1 AND business_id <> $2 AND proven_at IS NOT NULL AND removed_at IS NULL`, d.Host, d.BusinessID)
	switch {
	case errors.Is(err, db.ErrNoRows):
	case err != nil:
		return err
	case found.has(owner.Token):
		d.Problem = Taken
		return nil
	default:
		_, err := tx.Exec(ctx, `UPDATE domains SET proven_at = NULL, live_at = NULL, broken_at = NULL, for_new = FALSE, txt_found = FALSE, problem = $3, created_at = $4
			WHERE business_id = $1 AND id = $2`, owner.BusinessID, owner.ID, Lost, db.At(tx.Now()))
		if err != nil {
			return err
		}
		if err := s.gone(ctx, tx, owner.BusinessID, d.Host); err != nil {
			return err
		}
		if err := s.chooseForNew(ctx, tx, owner.BusinessID); err != nil {
			return err
		}
		tx.Notify(topic, string(owner.BusinessID))
	}
	d.ProvenAt = tx.Now()
	return nil
}

// write stores what a look changed.
func (s *Domains) write(ctx context.Context, tx *db.Tx, d Domain) error {
	var leads []string
	for _, at := range d.LeadsTo {
		leads = append(leads, at.String())
	}
	_, err := tx.Exec(ctx, `UPDATE domains SET address_found = $3, txt_found = $4, problem = $5, leads_to = $6, checked_at = $7, due_at = $8,
		proven_at = $9, live_at = $10, broken_at = $11 WHERE business_id = $1 AND id = $2`, d.BusinessID, d.ID, d.AddressFound, d.TXTFound, d.Problem,
		strings.Join(leads, " "), db.At(d.CheckedAt), db.At(d.NextAt), db.At(d.ProvenAt), db.At(d.LiveAt), db.At(d.BrokenAt))
	return err
}

// How long until the next look.
const (
	soon     = 5 * time.Minute // somebody may be at the form for DNS just now
	hourly   = time.Hour
	daily    = 6 * time.Hour
	firstDay = 24 * time.Hour
)

// pause is how long nobody needs to look again.
func (s *Domains) pause(d Domain, certificateIn time.Duration) time.Duration {
	switch d.Status() {
	case Certificate:
		return certificateIn
	case Waiting:
		if s.DB.Clock().Now().Sub(d.CreatedAt) > firstDay {
			return hourly
		}
		return soon
	case Broken:
		return soon
	}
	return daily
}
