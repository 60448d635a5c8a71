package account

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/secret"
	"smartlinks/internal/text"
)

// Ceremony is what a browser is asked, and what must be remembered about it on
// the server until the browser answers.
type Ceremony struct {
	Options []byte // JSON for navigator.credentials
	State   string // to be given back, once
}

// ceremonyLife is how long finding a device may take.
const ceremonyLife = 5 * time.Minute

// ceremonyState is a Ceremony's State.
type ceremonyState struct {
	Session webauthn.SessionData
	Name    string
	Until   time.Time // by the wall
}

// BeginAdding asks the browser of a user who knows their password for a new
// passkey of this name. Errors: Invalid at "current_password" and "name",
// TooMany, Conflict.
func (p *Passkeys) BeginAdding(ctx context.Context, userID UserID, password, name string) (Ceremony, error) {
	if p.site == nil {
		return Ceremony{}, impossible()
	}
	var fields fault.Fields
	name = text.Rule{Most: 60, Required: true}.Clean("name", name, fields.Add)
	if err := fields.Err(); err != nil {
		return Ceremony{}, err
	}
	u, err := p.accounts.Confirm(ctx, userID, password)
	if err != nil {
		return Ceremony{}, err
	}
	holder, err := p.holder(ctx, p.accounts.db, u)
	if err != nil {
		return Ceremony{}, err
	}
	if len(holder.keys) >= mostPasskeys {
		return Ceremony{}, fault.New(fault.Conflict, "You have 20 passkeys. Remove one first.")
	}
	options, session, err := p.site.BeginRegistration(holder, webauthn.WithExclusions(webauthn.Credentials(holder.keys).CredentialDescriptors()))
	if err != nil {
		return Ceremony{}, err
	}
	return p.ceremony(options, session, name)
}

// FinishAdding stores what the browser made. Errors: Invalid when it is not what
// was asked for or came too late, Conflict when the passkey is known.
func (p *Passkeys) FinishAdding(ctx context.Context, userID UserID, state string, answer []byte) error {
	s, err := p.resume(state)
	if err != nil {
		return err
	}
	r, err := userByID(ctx, p.accounts.db, userID)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return notAdded(err)
	}
	credential, err := p.site.CreateCredential(keyholder{user: r.user()}, s.Session, parsed)
	if err != nil {
		return notAdded(err)
	}
	record, err := json.Marshal(credential)
	if err != nil {
		return err
	}
	return p.accounts.db.InTx(ctx, func(tx *db.Tx) error {
		id, err := tx.NewID("pky")
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `INSERT INTO passkeys (id, user_id, credential, record, name, created_at) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (credential) DO NOTHING`,
			id, userID, credentialKey(credential.ID), string(record), s.Name, db.At(p.accounts.db.Clock().Wall()))
		if err == nil && n == 0 {
			return fault.New(fault.Conflict, "This passkey is known already.")
		}
		if err != nil {
			return err
		}
		return p.accounts.changed(ctx, tx, userID, PasskeyAdded)
	})
}

func notAdded(err error) error {
	return fault.Wrap(err, fault.Conflict, "The passkey was not accepted. Try again.")
}

// asksPerAddress bounds what strangers let us remember within signInWindow.
const asksPerAddress = 100

// BeginSignIn asks a browser at the address ip for any passkey that it has for
// this installation. Errors: Conflict, TooMany.
func (p *Passkeys) BeginSignIn(ctx context.Context, ip string) (Ceremony, error) {
	if p.site == nil {
		return Ceremony{}, impossible()
	}
	retryAfter, ok, err := p.accounts.Allow(ctx, "passkey address "+secret.Hash(network(ip)), asksPerAddress, signInWindow)
	if err != nil {
		return Ceremony{}, err
	}
	if !ok {
		return Ceremony{}, tooMany(retryAfter)
	}
	options, session, err := p.site.BeginDiscoverableLogin()
	if err != nil {
		return Ceremony{}, err
	}
	return p.ceremony(options, session, "")
}

// FinishSignIn returns whose passkey answered. Errors: Unauthenticated, and
// TooMany after many wrong answers from the address ip.
func (p *Passkeys) FinishSignIn(ctx context.Context, ip, state string, answer []byte) (u User, err error) {
	s, err := p.resume(state)
	if err != nil {
		return u, err
	}
	err = p.accounts.guess(ctx, []bucket{networkBucket(ip)}, func() error {
		parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
		if err != nil {
			return refused(err)
		}
		found, credential, err := p.site.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
			return p.holderOf(ctx, UserID(handle))
		}, s.Session, parsed)
		if err != nil {
			return refused(err)
		}
		if credential.Authenticator.CloneWarning {
			return refused(errors.New("account: the counter of a passkey went back"))
		}
		u = found.(keyholder).user // the function above made it
		return p.used(ctx, u.ID, credential)
	})
	return u, err
}

// used writes down the passkey's counter, unless it was removed meanwhile.
func (p *Passkeys) used(ctx context.Context, userID UserID, credential *webauthn.Credential) error {
	record, err := json.Marshal(credential)
	if err != nil {
		return err
	}
	return p.accounts.db.InTx(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE passkeys SET record = $3, used_at = $4 WHERE user_id = $1 AND credential = $2`,
			userID, credentialKey(credential.ID), string(record), db.At(p.accounts.db.Clock().Wall()))
		if err == nil && n == 0 {
			return refused(errors.New("account: the passkey was removed"))
		}
		return err
	})
}

func (p *Passkeys) ceremony(options any, session *webauthn.SessionData, name string) (Ceremony, error) {
	text, err := json.Marshal(options)
	if err != nil {
		return Ceremony{}, err
	}
	state, err := json.Marshal(ceremonyState{Session: *session, Name: name, Until: p.accounts.db.Clock().Wall().Add(ceremonyLife)})
	return Ceremony{Options: text, State: string(state)}, err
}

func (p *Passkeys) resume(state string) (s ceremonyState, err error) {
	if p.site == nil {
		return s, impossible()
	}
	if state == "" || json.Unmarshal([]byte(state), &s) != nil || p.accounts.db.Clock().Wall().After(s.Until) {
		return s, fault.New(fault.Conflict, "That took too long. Try again.")
	}
	return s, nil
}

// holderOf is the user of a passkey, as the passkey names them.
func (p *Passkeys) holderOf(ctx context.Context, id UserID) (keyholder, error) {
	r, err := userByID(ctx, p.accounts.db, id)
	if err != nil {
		return keyholder{}, err
	}
	return p.holder(ctx, p.accounts.db, r.user())
}

func (p *Passkeys) holder(ctx context.Context, from db.Reader, u User) (keyholder, error) {
	var records []string
	err := from.Select(ctx, &records, `SELECT record FROM passkeys WHERE user_id = $1 ORDER BY id`, u.ID)
	h := keyholder{user: u}
	for _, record := range records {
		var key webauthn.Credential
		if err := json.Unmarshal([]byte(record), &key); err != nil {
			return h, err
		}
		h.keys = append(h.keys, key)
	}
	return h, err
}

// credentialKey is how a credential's id is stored.
func credentialKey(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }
