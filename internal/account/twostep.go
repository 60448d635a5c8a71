package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
)

// issuer is what apps call this product.
const issuer = "Smart Links"

// Codes change every 30 seconds: RFC 6238, 4. One step to either side is
// accepted, for clocks that are off (5.2).
const (
	stepSeconds = 30
	drift       = 1
)

// TwoStep asks for a code besides the password: of an app (TOTP, RFC 6238), or
// one of ten that were written down. It is safe for concurrent use.
type TwoStep struct {
	accounts *Accounts
	sealer   *secret.Sealer
}

// NewTwoStep returns the second step. Secrets are sealed by sealer.
func NewTwoStep(a *Accounts, sealer *secret.Sealer) *TwoStep { return &TwoStep{a, sealer} }

// TOTPKey is a secret to be put into an app.
type TOTPKey struct {
	Secret string // base 32, to be typed
	URL    string // otpauth://…, to be scanned
}

// Prepare makes a key for a user who knows their password; it counts for
// nothing until TurnOn. Errors: Invalid at "current_password", TooMany, and
// Conflict when the second step is on.
func (s *TwoStep) Prepare(ctx context.Context, userID UserID, password string) error {
	u, err := s.accounts.Confirm(ctx, userID, password)
	if err != nil {
		return err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: issuer, AccountName: u.Email, Rand: s.accounts.random})
	if err != nil {
		return fmt.Errorf("account: make a TOTP key: %w", err)
	}
	sealed, err := s.sealer.Seal([]byte(key.Secret()), totpContext(userID))
	if err != nil {
		return err
	}
	return s.accounts.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE users SET totp_draft = $2 WHERE id = $1 AND totp_secret = ''`, userID, sealed)
		if err == nil && n == 0 {
			return alreadyOn()
		}
		return err
	})
}

// Prepared returns the key that waits for its first code, or a NotFound fault.
func (s *TwoStep) Prepared(ctx context.Context, userID UserID) (TOTPKey, error) {
	var r struct {
		Email string `db:"email"`
		Draft string `db:"totp_draft"`
	}
	err := s.accounts.db.Get(ctx, &r, `SELECT email, totp_draft FROM users WHERE id = $1 AND totp_draft <> ''`, userID)
	if errors.Is(err, db.ErrNoRows) {
		return TOTPKey{}, unprepared()
	}
	if err != nil {
		return TOTPKey{}, err
	}
	plain, err := s.sealer.Open(r.Draft, totpContext(userID))
	if errors.Is(err, secret.ErrSealed) {
		return TOTPKey{}, unprepared() // another is made
	}
	if err != nil {
		return TOTPKey{}, err
	}
	return TOTPKey{Secret: string(plain), URL: totpURL(string(plain), r.Email)}, nil
}

func unprepared() error {
	return fault.New(fault.NotFound, "Begin with your password on the page of your account.")
}

// TurnOn makes the prepared key count, once a code of it is given, and returns
// the recovery codes, which can't be read again. Errors: Invalid at "code",
// NotFound without a prepared key, TooMany.
func (s *TwoStep) TurnOn(ctx context.Context, userID UserID, code string) (codes []string, err error) {
	key, err := s.Prepared(ctx, userID)
	if err != nil {
		return nil, err
	}
	step, right := matchingStep(key.Secret, code, s.accounts.db.Clock().Wall(), 0)
	err = s.accounts.guess(ctx, []bucket{codeBucket(userID)}, func() error {
		if !right {
			return wrongCode()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	codes, err = s.draw()
	if err != nil {
		return nil, err
	}
	return codes, s.accounts.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE users SET totp_secret = totp_draft, totp_draft = '', totp_used = $2, epoch = epoch + 1
			WHERE id = $1 AND totp_secret = '' AND totp_draft <> ''`, userID, step)
		if err != nil {
			return err
		}
		if n == 0 {
			return alreadyOn()
		}
		if err := replaceCodes(ctx, tx, userID, codes); err != nil {
			return err
		}
		return s.accounts.changed(ctx, tx, userID, TwoStepOn)
	})
}

// TurnOff lets the user sign in with the password alone again. Errors: Invalid
// at "current_password", TooMany.
func (s *TwoStep) TurnOff(ctx context.Context, userID UserID, password string) error {
	if _, err := s.accounts.Confirm(ctx, userID, password); err != nil {
		return err
	}
	return s.accounts.db.InTx(ctx, func(tx *db.Tx) error { return s.forget(ctx, tx, userID) })
}

// Remove is TurnOff for an operator, when somebody lost app and codes. Errors:
// NotFound.
func (s *TwoStep) Remove(ctx context.Context, email string) error {
	known, err := knownUser(ctx, s.accounts.db, email)
	if err != nil {
		return err
	}
	return s.accounts.db.InTx(ctx, func(tx *db.Tx) error { return s.forget(ctx, tx, known.ID) })
}

func (s *TwoStep) forget(ctx context.Context, tx *db.Tx, userID UserID) error {
	if _, err := tx.Exec(ctx, `UPDATE users SET totp_secret = '', totp_draft = '', epoch = epoch + 1 WHERE id = $1`, userID); err != nil {
		return err
	}
	if err := replaceCodes(ctx, tx, userID, nil); err != nil {
		return err
	}
	return s.accounts.changed(ctx, tx, userID, TwoStepOff)
}

// codeBucket counts wrong codes of a user, from everywhere: whoever tries them knows
// the password.
func codeBucket(userID UserID) bucket { return mine("code "+string(userID), perCode) }

// Check takes the code of a user who gave the right password: from the app, or
// a recovery code. Each is worth something once only. It returns by what they sign
// in. Errors: Invalid at "code", TooMany with the time to wait, Conflict for a code of the
// app when its key can't be opened, and Unauthenticated when what signs the user in has
// changed since the password was given.
func (s *TwoStep) Check(ctx context.Context, at Visitor, u User, code string) (by Factor, err error) {
	r, err := userByID(ctx, s.accounts.db, u.ID)
	if err != nil {
		return "", err
	}
	buckets := []bucket{codeBucket(u.ID)}
	trusted, err := s.accounts.trusts(ctx, at.Browser, foldedAddress(r.Email))
	if err != nil {
		return "", err
	}
	if trusted {
		buckets = []bucket{mine("code "+string(u.ID)+" browser "+secret.Hash(at.Browser), perCode)}
	} else {
		buckets = append(buckets, networkBucket(at.IP))
	}
	err = s.accounts.guess(ctx, buckets, func() error {
		if r.Epoch != u.Epoch || r.Sealed == "" {
			return fault.New(fault.Unauthenticated, "Your password or your second step was changed just now. Sign in again.")
		}
		by = ByCode
		if code = plainCode(code); len(code) != otp.DigitsSix.Length() {
			by = ByRecoveryCode
			return useRecovery(ctx, s.accounts.db, u.ID, code)
		}
		return s.useTOTP(ctx, r, code)
	})
	if fault.Is(err, fault.Invalid) {
		if noted := s.accounts.refused(ctx, foldedAddress(r.Email), triedCode); noted != nil {
			return "", noted
		}
	}
	return by, err
}

func (s *TwoStep) useTOTP(ctx context.Context, r userRow, code string) error {
	key, err := s.sealer.Open(r.Sealed, totpContext(r.ID))
	if errors.Is(err, secret.ErrSealed) {
		return fault.Wrap(err, fault.Conflict, "Codes of your app can’t be checked any more. Use one of your recovery codes, then turn the second step off and on again. Without one, ask whoever runs this installation.")
	}
	if err != nil {
		return err
	}
	return s.accounts.db.InTx(ctx, func(tx *db.Tx) error {
		var used int64
		if err := tx.Get(ctx, &used, `SELECT totp_used FROM users WHERE id = $1`, r.ID); err != nil {
			return err
		}
		step, ok := matchingStep(string(key), code, s.accounts.db.Clock().Wall(), used)
		if !ok {
			return wrongCode()
		}
		// Of two who send the same code at once, one comes too late: RFC 6238, 5.2.
		n, err := tx.Exec(ctx, `UPDATE users SET totp_used = $2 WHERE id = $1 AND totp_used < $2 AND epoch = $3`, r.ID, step, r.Epoch)
		if err == nil && n == 0 {
			return wrongCode()
		}
		return err
	})
}

// matchingStep returns the time step that a code belongs to, if it is near the
// instant and later than the step used.
func matchingStep(key, code string, at time.Time, used int64) (step int64, ok bool) {
	code = plainCode(code)
	for d := int64(-drift); d <= drift; d++ {
		candidate := at.Unix()/stepSeconds + d
		want, err := hotp.GenerateCodeCustom(key, uint64(candidate), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && candidate > used && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = candidate, true
		}
	}
	return step, ok
}

// totpURL is the address that apps scan.
func totpURL(key, email string) string {
	rest := strings.NewReplacer("%", "%25", " ", "%20", ":", "%3A", "/", "%2F", "?", "%3F", "#", "%23", "&", "%26", "+", "%2B")
	return "otpauth://totp/" + rest.Replace(issuer) + ":" + rest.Replace(email) + "?secret=" + key + "&issuer=" + rest.Replace(issuer)
}

func totpContext(userID UserID) string { return "user/" + string(userID) + "/totp" }

func wrongCode() error {
	var fields fault.Fields
	fields.Add("code", "code.wrong", "This code is wrong or was used already. Wait for the next one, or check the clock of your device.")
	return fields.Err()
}

func alreadyOn() error {
	return fault.New(fault.Conflict, "The second step is on already. Turn it off first to use another app.")
}
