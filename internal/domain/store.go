package domain

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

const columns = `id, business_id, host, token, address_found, txt_found, problem, leads_to, for_new, checked_at, due_at, proven_at,
	live_at, broken_at, removed_at, certificate_from, certificate_until, certificate_problem, created_at`

// row is a line of the table domains.
type row struct {
	ID                                ID
	BusinessID                        business.ID
	Host, Token                       string
	AddressFound                      bool
	TXTFound                          bool `db:"txt_found"`
	Problem                           Problem
	LeadsTo                           string
	ForNew                            bool
	CheckedAt, DueAt                  db.Time
	ProvenAt, LiveAt, BrokenAt        db.Time
	RemovedAt, CreatedAt              db.Time
	CertificateFrom, CertificateUntil db.Time
	CertificateProblem                string
}

func (s *Domains) domain(r row) Domain {
	d := Domain{
		ID: r.ID, BusinessID: r.BusinessID, Host: r.Host, Token: r.Token, ForNew: r.ForNew, CreatedAt: r.CreatedAt.Time, CheckedAt: r.CheckedAt.Time,
		NextAt: r.DueAt.Time, ProvenAt: r.ProvenAt.Time, LiveAt: r.LiveAt.Time, BrokenAt: r.BrokenAt.Time, Problem: r.Problem,
		AddressFound: r.AddressFound, TXTFound: r.TXTFound, CertificateFrom: r.CertificateFrom.Time, CertificateUntil: r.CertificateUntil.Time,
		CertificateProblem: r.CertificateProblem, now: s.DB.Clock().Wall(),
	}
	if s.Certify == nil { // one of before, which nobody is shown any more
		d.CertificateFrom, d.CertificateUntil, d.CertificateProblem = time.Time{}, time.Time{}, ""
	}
	for text := range strings.FieldsSeq(r.LeadsTo) {
		if at, err := netip.ParseAddr(text); err == nil {
			d.LeadsTo = append(d.LeadsTo, at)
		}
	}
	return d
}

var errNotFound = fault.New(fault.NotFound, "There is no such domain. It may have been removed.")

// Get reads a domain of the business. Errors: NotFound.
func (s *Domains) Get(ctx context.Context, businessID business.ID, id ID) (Domain, error) {
	return s.get(ctx, s.DB, businessID, id)
}

func (s *Domains) get(ctx context.Context, from db.Reader, businessID business.ID, id ID) (Domain, error) {
	var r row
	err := from.Get(ctx, &r, `SELECT `+columns+` FROM domains WHERE business_id = $1 AND id = $2 AND removed_at IS NULL`, businessID, id)
	if errors.Is(err, db.ErrNoRows) {
		return Domain{}, errNotFound
	}
	if err != nil {
		return Domain{}, err
	}
	return s.withReservation(ctx, from, s.domain(r))
}

// List are the domains of the business, the oldest first.
func (s *Domains) List(ctx context.Context, businessID business.ID) ([]Domain, error) {
	var rows []row
	err := s.DB.Select(ctx, &rows, `SELECT `+columns+` FROM domains WHERE business_id = $1 AND removed_at IS NULL ORDER BY created_at, id`, businessID)
	if err != nil {
		return nil, err
	}
	list := make([]Domain, len(rows))
	for i, r := range rows {
		if list[i], err = s.withReservation(ctx, s.DB, s.domain(r)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// LinksAt counts the links of the business by the domain that they chose, "" for none.
func (s *Domains) LinksAt(ctx context.Context, businessID business.ID) (map[string]int64, error) {
	var rows []struct {
		Domain string
		N      int64
	}
	err := s.DB.Select(ctx, &rows, `SELECT domain, COUNT(*) AS n FROM links WHERE business_id = $1 AND deleted_at IS NULL GROUP BY domain`, businessID)
	uses := map[string]int64{}
	for _, r := range rows {
		uses[r.Domain] = r.N
	}
	return uses, err
}

// ReservedUntil is until when another business keeps the name, of the Problem Reserved.
func (d Domain) ReservedUntil() time.Time { return d.reserved }

// Has refuses a host that is no proven domain of the business. Errors: NotFound.
func (s *Domains) Has(ctx context.Context, businessID business.ID, host string) error {
	var there bool
	err := s.DB.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM domains WHERE business_id = $1 AND host = $2 AND proven_at IS NOT NULL AND removed_at IS NULL)`, businessID, host)
	if err == nil && !there {
		err = errNotFound
	}
	return err
}

// withReservation adds until when another business keeps the name. One that has taken it
// up again, or whose time is over, keeps it no longer, though nobody has looked since.
func (s *Domains) withReservation(ctx context.Context, from db.Reader, d Domain) (Domain, error) {
	if d.Problem != Reserved {
		return d, nil
	}
	until, err := reservedUntil(ctx, from, d)
	if d.reserved = until; err == nil && !until.After(s.DB.Clock().Now()) {
		d.Problem = ""
	}
	return d, err
}

// reservedUntil is until when others keep the name from the domain's business; zero when
// nobody does.
func reservedUntil(ctx context.Context, from db.Reader, d Domain) (time.Time, error) {
	var last struct{ At db.Time }
	err := from.Get(ctx, &last, `SELECT MAX(removed_at) AS at FROM domains WHERE host = $1 AND business_id <> $2 AND proven_at IS NOT NULL AND removed_at IS NOT NULL`, d.Host, d.BusinessID)
	if err != nil || last.At.IsZero() {
		return time.Time{}, err
	}
	return last.At.Add(reservedFor), nil
}
