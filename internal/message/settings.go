package message

import (
	"context"
	"errors"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message/email"
	"smartlinks/internal/secret"
	"smartlinks/internal/text"
)

// Settings are how a business sends mails.
type Settings struct {
	FromName    string // "" for the business's name
	FromAddress string // "" for the installation's; needs a gateway of its own
	ReplyTo     string // "" for the business's contact address
	// ReturnAddress is where what comes back is collected: every mail names a signed
	// address below it as its sender. "" for the sender's own.
	ReturnAddress string
	// Server is the business's own mail server without its password; without a
	// host it sends through the installation's.
	Server email.Server
	// AttachPDF sends the receipt or credit note as a file with its mail.
	AttachPDF bool
	// Unreadable says that the mail server that is stored can't be opened: it is damaged, or
	// was sealed with another key. It must be entered again.
	Unreadable bool
	Version    int64
}

// SettingsPatch describes changes; nil keeps what is there.
type SettingsPatch struct {
	FromName      *string
	FromAddress   *string
	ReplyTo       *string
	ReturnAddress *string
	// Server without a host goes back to the installation's. A user without a
	// password keeps the one that is stored, for the same user at the same host.
	Server    *email.Server
	AttachPDF *bool
}

// settingsRow is a line of mail_settings.
type settingsRow struct {
	FromName      string
	FromAddress   string
	ReplyTo       string
	ReturnAddress string
	Gateway       string
	AttachPDF     bool `db:"attach_pdf"`
	Version       int64
}

const selectSettings = `SELECT from_name, from_address, reply_to, return_address, gateway, attach_pdf, version
	FROM mail_settings WHERE business_id = $1`

func readSettings(ctx context.Context, from db.Reader, businessID business.ID) (settingsRow, error) {
	var r settingsRow
	err := from.Get(ctx, &r, selectSettings, businessID)
	if errors.Is(err, db.ErrNoRows) {
		err = nil
	}
	return r, err
}

// Settings returns how the business sends.
func (m *Messages) Settings(ctx context.Context, businessID business.ID) (Settings, error) {
	r, err := readSettings(ctx, m.DB, businessID)
	if err != nil {
		return Settings{}, err
	}
	return m.settings(businessID, r)
}

func (m *Messages) settings(businessID business.ID, r settingsRow) (Settings, error) {
	s := Settings{FromName: r.FromName, FromAddress: r.FromAddress, ReplyTo: r.ReplyTo, ReturnAddress: r.ReturnAddress, AttachPDF: r.AttachPDF, Version: r.Version}
	server, err := m.ownServer(businessID, r)
	if errors.Is(err, secret.ErrSealed) {
		s.Unreadable, err = true, nil
	}
	if server != nil {
		s.Server = *server
		s.Server.Password = ""
	}
	return s, err
}

// ownServer is the gateway that the business has set, nil for none.
func (m *Messages) ownServer(businessID business.ID, r settingsRow) (*email.Server, error) {
	if r.Gateway == "" {
		return nil, nil
	}
	plain, err := m.Sealer.Open(r.Gateway, gatewayContext(businessID))
	if err != nil {
		return nil, err
	}
	server, err := email.ParseURL(string(plain))
	return &server, err
}

// gatewayContext is what a business's gateway is sealed for.
func gatewayContext(id business.ID) string { return "business/" + string(id) + "/mail gateway" }

// ChangeSettings changes settings that were read at the version; 0 accepts any. Mails that
// waited for another server go out at once.
// Errors: Stale, and Invalid with the fields that are wrong.
func (m *Messages) ChangeSettings(ctx context.Context, businessID business.ID, version int64, p SettingsPatch) (s Settings, err error) {
	err = m.DB.InTx(ctx, func(tx *db.Tx) error {
		begun := tx.Writes()
		// The write locks the row, and makes it when it isn't there.
		if _, err := tx.Exec(ctx, `INSERT INTO mail_settings (business_id, version, updated_at) VALUES ($1, 0, $2)
			ON CONFLICT (business_id) DO UPDATE SET version = mail_settings.version`, businessID, db.At(tx.Now())); err != nil {
			return err
		}
		r, err := readSettings(ctx, tx, businessID)
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return fault.New(fault.Stale, "Someone else changed this meanwhile. Reload to see the changes, then make yours again.")
		}
		before := r
		if err := m.apply(businessID, p, &r); err != nil {
			return err
		}
		if r == before {
			tx.Unchanged(begun)
			s, err = m.settings(businessID, r)
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE mail_settings SET from_name = $2, from_address = $3, reply_to = $4, gateway = $5,
			version = version + 1, updated_at = $6, attach_pdf = $7, return_address = $8 WHERE business_id = $1`,
			businessID, r.FromName, r.FromAddress, r.ReplyTo, r.Gateway, db.At(tx.Now()), r.AttachPDF, r.ReturnAddress)
		if err != nil {
			return err
		}
		r.Version++
		tx.Notify(settingsTopic, string(businessID))
		if r.Gateway != before.Gateway {
			if err := m.release(ctx, tx, businessID); err != nil {
				return err
			}
		}
		s, err = m.settings(businessID, r)
		return err
	})
	return s, err
}

// apply checks a patch and puts it into the row.
func (m *Messages) apply(businessID business.ID, p SettingsPatch, r *settingsRow) error {
	var wrong fault.Fields
	if p.FromName != nil {
		r.FromName = text.Rule{Most: 80}.Clean("from_name", *p.FromName, wrong.Add)
	}
	setAddress("from_address", p.FromAddress, &r.FromAddress, &wrong)
	setAddress("reply_to", p.ReplyTo, &r.ReplyTo, &wrong)
	setAddress("return_address", p.ReturnAddress, &r.ReturnAddress, &wrong)
	checkReturn(r.ReturnAddress, &wrong)
	if p.Server != nil {
		sealed, err := m.sealServer(businessID, *p.Server, *r, &wrong)
		if err != nil {
			return err
		}
		r.Gateway = sealed
	}
	if r.FromAddress != "" && r.Gateway == "" && len(wrong) == 0 {
		wrong.Add("from_address", "", "A sender address of your own needs a mail server of your own, or mail is taken for forged. Set one below, or leave this empty.")
	}
	if p.AttachPDF != nil {
		r.AttachPDF = *p.AttachPDF
	}
	return wrong.Err()
}

func setAddress(name string, to *string, field *string, wrong *fault.Fields) {
	if to == nil {
		return
	}
	if *to == "" {
		*field = ""
		return
	}
	address, err := mailaddr.Parse(*to)
	if refusal := (*mailaddr.Refusal)(nil); errors.As(err, &refusal) {
		wrong.Add(name, refusal.Code, refusal.Message)
		return
	}
	*field = address.Typed
}

// sealServer checks a server that a member typed.
func (m *Messages) sealServer(businessID business.ID, server email.Server, before settingsRow, wrong *fault.Fields) (string, error) {
	if server.Host == "" {
		return "", nil
	}
	if server.User != "" && server.Password == "" {
		kept, err := m.ownServer(businessID, before)
		if err != nil && !errors.Is(err, secret.ErrSealed) {
			return "", err
		}
		if kept == nil || kept.Name() != server.Name() || kept.User != server.User {
			wrong.Add("server.password", "", "Type the password of this user.")
			return "", nil
		}
		server.Password = kept.Password
	}
	// What is stored is what a URL can say, so both are checked the same way.
	if read, err := email.ParseURL(server.URL()); err != nil || read != server {
		wrong.Add("server.host", "", "This is no mail server's name. It should be like mail.example.com, and the port a number like 587.")
		return "", nil
	}
	// Sealed anew, the same would be another text. What can't be opened any more is replaced.
	if kept, err := m.ownServer(businessID, before); err == nil && kept != nil && *kept == server {
		return before.Gateway, nil
	}
	return m.Sealer.Seal([]byte(server.URL()), gatewayContext(businessID))
}
