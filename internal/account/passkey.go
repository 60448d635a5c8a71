package account

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"smartlinks/internal/address"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// PasskeyID names a passkey: "pky_…".
type PasskeyID string

// Passkey is a key on a device or in a password manager that signs its user in:
// by possession and, because the device asks for a finger, a face or a PIN, by
// a second factor at once (W3C Web Authentication, level 3).
type Passkey struct {
	ID        PasskeyID
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time // zero for never
}

// mostPasskeys bounds how many one user has.
const mostPasskeys = 20

// Passkeys registers and checks passkeys. It is safe for concurrent use.
type Passkeys struct {
	accounts *Accounts
	site     *webauthn.WebAuthn // nil where browsers have none
}

// NewPasskeys returns the passkeys of the installation. Browsers
// have them for https and for localhost, and for no bare IP address.
func NewPasskeys(a *Accounts, addresses address.Book) (*Passkeys, error) {
	host := addresses.Hostname()
	_, notName := netip.ParseAddr(host)
	if notName == nil || !addresses.Secure() && host != "localhost" {
		return &Passkeys{accounts: a}, nil
	}
	resident := true
	site, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: issuer, RPOrigins: []string{addresses.Origin()},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &resident, UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("account: passkeys for %s: %w", addresses.Origin(), err)
	}
	return &Passkeys{accounts: a, site: site}, nil
}

// Possible tells whether browsers have passkeys for this installation.
func (p *Passkeys) Possible() bool { return p.site != nil }

// List returns a user's passkeys, the oldest first.
func (p *Passkeys) List(ctx context.Context, userID UserID) ([]Passkey, error) {
	var rows []struct {
		ID        PasskeyID `db:"id"`
		Name      string    `db:"name"`
		CreatedAt db.Time   `db:"created_at"`
		UsedAt    db.Time   `db:"used_at"`
	}
	err := p.accounts.db.Select(ctx, &rows, `SELECT id, name, created_at, used_at FROM passkeys WHERE user_id = $1 ORDER BY id`, userID)
	var list []Passkey
	for _, r := range rows {
		list = append(list, Passkey{ID: r.ID, Name: r.Name, CreatedAt: r.CreatedAt.Time, UsedAt: r.UsedAt.Time})
	}
	return list, err
}

// Remove forgets a passkey of a user who knows their password. Errors: Invalid at
// "current_password", TooMany, NotFound.
func (p *Passkeys) Remove(ctx context.Context, userID UserID, password string, id PasskeyID) error {
	gone := fault.New(fault.NotFound, "This passkey has been removed already.")
	var there bool
	err := p.accounts.db.Get(ctx, &there, `SELECT EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1 AND id = $2)`, userID, id)
	if err == nil && !there {
		err = gone
	}
	if err != nil {
		return err
	}
	if _, err := p.accounts.Confirm(ctx, userID, password); err != nil {
		return err
	}
	return p.accounts.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM passkeys WHERE user_id = $1 AND id = $2`, userID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return gone
		}
		if _, err = tx.Exec(ctx, `UPDATE users SET epoch = epoch + 1 WHERE id = $1`, userID); err != nil {
			return err
		}
		return p.accounts.changed(ctx, tx, userID, PasskeyRemoved)
	})
}

// keyholder is a user as the library wants to see one.
type keyholder struct {
	user User
	keys []webauthn.Credential
}

func (h keyholder) WebAuthnID() []byte                         { return []byte(h.user.ID) }
func (h keyholder) WebAuthnName() string                       { return h.user.Email }
func (h keyholder) WebAuthnDisplayName() string                { return h.user.Name }
func (h keyholder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// impossible refuses what no browser can have asked for.
func impossible() error {
	return fault.New(fault.Conflict, "Passkeys need an https address with a name, or localhost. Ask whoever runs this server.")
}

// refused tells somebody that their passkey does not sign them in.
func refused(err error) error {
	return fault.Wrap(err, fault.Unauthenticated, "The passkey was not accepted. Try again, or sign in with your password.")
}
