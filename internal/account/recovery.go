package account

import (
	"context"
	"encoding/base32"
	"fmt"
	"io"
	"strings"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
	"smartlinks/internal/text"
)

// recoveryCodes is how many codes somebody writes down, recoveryBytes how much
// chance is in each: with 112 bits or more a plain hash keeps them (ASVS 5.0,
// 6.5.2).
const (
	recoveryCodes = 10
	recoveryBytes = 15
)

// NewCodes replaces the recovery codes of a user who knows their password. They
// can't be read again. Errors: Invalid at "current_password", TooMany, Conflict
// when the second step is off.
func (s *TwoStep) NewCodes(ctx context.Context, userID UserID, password string) ([]string, error) {
	if _, err := s.accounts.Confirm(ctx, userID, password); err != nil {
		return nil, err
	}
	codes, err := s.draw()
	if err != nil {
		return nil, err
	}
	return codes, s.accounts.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE users SET epoch = epoch + 1 WHERE id = $1 AND totp_secret <> ''`, userID)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "The second step is off: there is nothing to recover.")
		}
		if err := replaceCodes(ctx, tx, userID, codes); err != nil {
			return err
		}
		return s.accounts.changed(ctx, tx, userID, CodesReplaced)
	})
}

// CodesLeft is how many recovery codes have not been used.
func (s *TwoStep) CodesLeft(ctx context.Context, userID UserID) (n int64, err error) {
	err = s.accounts.db.Get(ctx, &n, `SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1`, userID)
	return n, err
}

// draw makes codes like k3f7-….
func (s *TwoStep) draw() ([]string, error) {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		raw := make([]byte, recoveryBytes)
		if _, err := io.ReadFull(s.accounts.random, raw); err != nil {
			return nil, fmt.Errorf("account: read randomness: %w", err)
		}
		text := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
		var groups []string
		for ; text != ""; text = text[4:] {
			groups = append(groups, text[:4])
		}
		codes[i] = strings.Join(groups, "-")
	}
	return codes, nil
}

func replaceCodes(ctx context.Context, tx *db.Tx, userID UserID, codes []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, userID); err != nil {
		return err
	}
	for _, code := range codes {
		_, err := tx.Exec(ctx, `INSERT INTO recovery_codes (user_id, hash) VALUES ($1, $2)`, userID, secret.Hash(plainCode(code)))
		if err != nil {
			return err
		}
	}
	return nil
}

// useRecovery takes a recovery code, once.
func useRecovery(ctx context.Context, d *db.DB, userID UserID, code string) error {
	return d.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1 AND hash = $2`, userID, secret.Hash(code))
		if err == nil && n == 0 {
			return wrongCode()
		}
		return err
	})
}

// plainCode is a code without what people put in for reading, in digits of
// every script: keyboards write the code of an app in theirs.
func plainCode(typed string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, strings.ToLower(text.Digits(typed)))
}
