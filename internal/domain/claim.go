package domain

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// Claim adds a name to the business, which is to prove it by DNS within a week. Other
// businesses may claim the same: it becomes the one's that proves it. Errors: Invalid at
// the field "host", also for a name that the business has; Conflict for too many.
func (s *Domains) Claim(ctx context.Context, businessID business.ID, host string) (d Domain, err error) {
	if host, err = s.readHost(host); err != nil {
		return Domain{}, err
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if err := tx.Lock(ctx, "domains "+string(businessID)); err != nil {
			return err
		}
		id, err := s.claim(ctx, tx, businessID, host)
		if err != nil {
			return err
		}
		s.work.Due(tx)
		d, err = s.get(ctx, tx, businessID, id)
		return err
	})
	return d, err
}

// claim takes up again what the business removed lately, with its record, or inserts the
// name.
func (s *Domains) claim(ctx context.Context, tx *db.Tx, businessID business.ID, host string) (ID, error) {
	var there struct {
		ID        ID
		RemovedAt db.Time
	}
	err := tx.Get(ctx, &there, `SELECT id, removed_at FROM domains WHERE business_id = $1 AND host = $2`, businessID, host)
	now, wall := db.At(tx.Now()), db.At(s.DB.Clock().Wall())
	switch {
	case err == nil && there.RemovedAt.IsZero():
		var wrong fault.Fields
		wrong.Add("host", "host.there", "You have added "+host+" already.")
		return "", wrong.Err()
	case err != nil && !errors.Is(err, db.ErrNoRows):
		return "", err
	}
	var n int64
	if err := tx.Get(ctx, &n, `SELECT COUNT(*) FROM domains WHERE business_id = $1 AND removed_at IS NULL`, businessID); err != nil {
		return "", err
	}
	if n >= maxDomains {
		return "", fault.New(fault.Conflict, fmt.Sprintf("A business has at most %d domains. Remove one that is not used.", maxDomains))
	}
	if there.ID != "" {
		_, err := tx.Exec(ctx, `UPDATE domains SET removed_at = NULL, proven_at = NULL, live_at = NULL, broken_at = NULL, problem = '', leads_to = '',
			address_found = FALSE, txt_found = FALSE, checked_at = NULL, due_at = $3, created_at = $4 WHERE business_id = $1 AND id = $2`, businessID, there.ID, wall, now)
		return there.ID, err
	}
	id, err := tx.NewID("dom")
	if err != nil {
		return "", err
	}
	token, err := newToken(s.DB.Random())
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `INSERT INTO domains (id, business_id, host, token, due_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		id, businessID, host, token, wall, now)
	return ID(id), err
}

// newToken is what a TXT record shows: 128 bits as 32 hex digits.
func newToken(random io.Reader) (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("domain: read randomness: %w", err)
	}
	return hex.EncodeToString(raw[:]), nil
}
