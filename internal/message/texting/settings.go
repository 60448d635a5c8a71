package texting

import (
	"context"
	"errors"
	"fmt"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/secret"
)

// UsualDayCap is how many segments a business sends a day unless it says
// otherwise; MaxDayCap bounds what it can say.
const (
	UsualDayCap = 1_000
	MaxDayCap   = 100_000
)

// Settings are how a business sends text messages.
type Settings struct {
	// Account is the business's own without its secrets; without a kind it
	// sends through the installation's.
	Account       sms.Account
	HasSigningKey bool
	// Sender is the name or number with the installation's gateway; "" makes a
	// name of the business's.
	Sender string
	DayCap int64 // segments
	// Unreadable says that the account that is stored can't be opened: it is damaged, or was
	// sealed with another key. It must be entered again.
	Unreadable bool
	Version    int64
}

// smsRow is a line of sms_settings.
type smsRow struct {
	Gateway string
	Sender  string
	DayCap  int64
	Version int64
	// Problem is why the gateway refuses the account, since ProblemAt.
	Problem   string
	ProblemAt db.Time
}

func readSMSSettings(ctx context.Context, from db.Reader, businessID business.ID) (smsRow, error) {
	r := smsRow{DayCap: UsualDayCap}
	err := from.Get(ctx, &r, `SELECT gateway, sender, day_cap, version, problem, problem_at FROM sms_settings WHERE business_id = $1`, businessID)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return r, err
}

// SMSSettings returns how the business sends.
func (m *Texts) SMSSettings(ctx context.Context, businessID business.ID) (Settings, error) {
	r, err := readSMSSettings(ctx, m.DB, businessID)
	if err != nil {
		return Settings{}, err
	}
	s := Settings{Sender: r.Sender, DayCap: r.DayCap, Version: r.Version}
	own, err := m.ownSMS(businessID, r)
	if errors.Is(err, secret.ErrSealed) {
		s.Unreadable, err = true, nil
	}
	if own != nil {
		s.Account, s.HasSigningKey = *own, own.SigningKey != ""
		s.Account.Key, s.Account.SigningKey = "", ""
	}
	return s, err
}

// ownSMS is the account that the business has set, nil for none.
func (m *Texts) ownSMS(businessID business.ID, r smsRow) (*sms.Account, error) {
	if r.Gateway == "" {
		return nil, nil
	}
	plain, err := m.Sealer.Open(r.Gateway, smsGatewayContext(businessID))
	if err != nil {
		return nil, err
	}
	account, err := sms.ParseURL(string(plain))
	return &account, err
}

// smsGatewayContext is what a business's SMS gateway is sealed for.
func smsGatewayContext(id business.ID) string { return "business/" + string(id) + "/sms gateway" }

// ChangeSMSSettings changes settings that were read at the version; 0 accepts
// any. An account without secrets keeps those that are stored for the same
// account. A new key is tried at the gateway, and what waited for a good one goes
// out. Errors: Stale, Invalid with the fields that are wrong, Unavailable while
// the gateway can't be asked; the settings stay as they were then.
func (m *Texts) ChangeSMSSettings(ctx context.Context, businessID business.ID, version int64, s Settings) error {
	if err := m.checkSMSAccount(ctx, businessID, s.Account); err != nil {
		return err
	}
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		begun := tx.Writes()
		// The write locks the row, and makes it when it isn't there.
		if _, err := tx.Exec(ctx, `INSERT INTO sms_settings (business_id, day_cap, version, updated_at) VALUES ($1, $2, 0, $3)
			ON CONFLICT (business_id) DO UPDATE SET version = sms_settings.version`, businessID, UsualDayCap, db.At(tx.Now())); err != nil {
			return err
		}
		r, err := readSMSSettings(ctx, tx, businessID)
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return fault.New(fault.Stale, "Someone else changed this meanwhile. Reload to see the changes, then make yours again.")
		}
		before := r
		if err := m.applySMS(businessID, s, &r); err != nil {
			return err
		}
		if r == before && r.Problem == "" {
			tx.Unchanged(begun)
			return nil
		}
		if _, err = tx.Exec(ctx, `UPDATE sms_settings SET gateway = $2, sender = $3, day_cap = $4, version = version + 1, updated_at = $5,
				problem = '', problem_at = NULL
			WHERE business_id = $1`, businessID, r.Gateway, r.Sender, r.DayCap, db.At(tx.Now())); err != nil || r.Problem == "" {
			return err
		}
		tx.Notify("figures", string(businessID))
		return m.releaseSMS(ctx, tx, businessID)
	})
}

// applySMS checks settings and puts them into the row.
func (m *Texts) applySMS(businessID business.ID, s Settings, r *smsRow) error {
	var wrong fault.Fields
	if s.DayCap < 0 || s.DayCap > MaxDayCap {
		wrong.Add("day_cap", "", fmt.Sprintf("Enter a number from 0 to %d.", MaxDayCap))
	}
	if s.Sender != "" && !sms.ValidSender(s.Sender) {
		wrong.Add("sender", "", sms.SenderRule)
	}
	sealed := ""
	if s.Account.Kind != "" {
		account, err := m.withKeptSecrets(businessID, s.Account, *r)
		if err != nil {
			return err
		}
		if err := account.Check(); err != nil {
			wrong = append(wrong, fault.Of(err).Fields...)
		} else if kept, err := m.ownSMS(businessID, *r); err == nil && kept != nil && kept.URL() == account.URL() {
			sealed = r.Gateway // sealed anew, the same would be another text
		} else if sealed, err = m.Sealer.Seal([]byte(account.URL()), smsGatewayContext(businessID)); err != nil {
			return err
		}
	}
	r.Gateway, r.Sender, r.DayCap = sealed, s.Sender, s.DayCap
	return wrong.Err()
}

// withKeptSecrets fills in what was left empty from what is stored for the same
// account, and from no other: a key must not go to another gateway.
func (m *Texts) withKeptSecrets(businessID business.ID, a sms.Account, before smsRow) (sms.Account, error) {
	kept, err := m.ownSMS(businessID, before)
	if errors.Is(err, secret.ErrSealed) {
		return a, nil // there is nothing left to keep
	}
	if err != nil || kept == nil || kept.Kind != a.Kind || kept.User != a.User {
		return a, err
	}
	// Bird's secret is of the workspace's webhook, so another key keeps it.
	if a.SigningKey == "" && (a.Key == "" || a.Kind == sms.ByBird) {
		a.SigningKey = kept.SigningKey
	}
	if a.Key == "" {
		a.Key = kept.Key
	}
	return a, nil
}
