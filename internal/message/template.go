package message

import (
	"context"
	"errors"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message/wording"
)

// Template is what a mail of a kind says, with variables.
type Template struct {
	Kind    Kind
	Subject string
	Body    string
	Own     bool // the business wrote it; else it is the standard one
	// Version tells whether somebody saved it since it was read; 0 is the standard one. It is
	// the instant of the last save, so that none comes back after a reset.
	Version int64
}

// Kinds are the mails that a business sends, and so may write anew.
func Kinds() []Kind {
	return []Kind{KindLink, KindReminderFirst, KindReminderMiddle, KindReminderLast, KindRecovery, KindReceipt, KindRefund, KindOverflow, KindPaid, KindLimitReached, KindWaitingJoined, KindWaitingOffered, KindWaitingOpen, KindInvitation}
}

// Variables are the names that a template of the kind may use.
func Variables(k Kind) []string {
	switch k {
	case KindLink:
		return []string{"first_name", "customer_name", "amount", "link_name", "business_name", "message", "due_date", "link_url", wording.Summary}
	case KindReminderFirst, KindReminderMiddle, KindReminderLast:
		return []string{"first_name", "customer_name", "amount", "link_name", "business_name", "message", "number", "max", "due_date", "link_url", wording.Summary}
	case KindRecovery:
		return []string{"customer_name", "amount", "link_name", "business_name", "until", "link_url", wording.Summary}
	case KindReceipt:
		return []string{"customer_name", "amount", "link_name", "business_name", "receipt_number", "paid_at", "reference", "payment_code", "receipt_url", wording.Summary}
	case KindPaid:
		return []string{"customer_name", "customer_email", "amount", "link_name", "business_name", "receipt_number", "paid_at", "reference", "payment_code", "notes", "dashboard_url", wording.Summary}
	case KindLimitReached:
		return []string{"link_name", "limit", "business_name", "dashboard_url"}
	case KindRefund, KindOverflow, KindCanceled:
		return []string{"customer_name", "amount", "link_name", "business_name", "receipt_number", "reference", "payment_code", "receipt_url", wording.Summary}
	case KindAttention:
		return []string{"what", "advice", "amount", "customer_name", "link_name", "business_name", "dashboard_url", wording.Summary}
	case KindTransfer, KindTransferEnded:
		return []string{"customer_name", "amount", "link_name", "business_name", "until", "payment_url", wording.Summary}
	case KindBankChanged:
		return []string{"business_name", "iban", "by", "dashboard_url"}
	case KindWaitingJoined, KindWaitingOpen:
		return []string{"link_name", "business_name", "kept_for", "hours", "page_url", "leave_url", wording.Summary}
	case KindWaitingOffered:
		return []string{"link_name", "business_name", "kept_for", "hours", "until", "page_url", "leave_url", wording.Summary}
	case KindNews:
		return []string{"line", "business_name", "dashboard_url"}
	case KindSummary:
		return []string{"title", "days", "business_name", "dashboard_url", "settings_url", wording.Summary}
	case KindEndpointStopped:
		return []string{"endpoint", "why", "days", "business_name", "dashboard_url"}
	case KindInvitation:
		return []string{"business_name", "inviter_name", "role", "expires_at", "invitation_url"}
	case KindPasswordReset:
		return []string{"name", "expires_at", "reset_url"}
	case KindNewAddress:
		return []string{"name", "expires_at", "confirm_url"}
	case KindAccountChanged:
		return []string{"what", "name", "at", "address", "reset_url"}
	}
	return nil
}

// standardTemplate is the template that comes with the program.
func standardTemplate(t Localizer, k Kind) Template {
	if Variables(k) == nil {
		return Template{Kind: k}
	}
	return Template{Kind: k, Subject: t.T("mail." + string(k) + ".subject"), Body: t.T("mail." + string(k) + ".body")}
}

// Template returns what the business's mails of the kind say.
func (m *Messages) Template(ctx context.Context, b business.Business, k Kind) (Template, error) {
	if !slices.Contains(Kinds(), k) {
		return Template{}, fault.New(fault.NotFound, "There is no such mail.")
	}
	h, err := m.readMailSettings(ctx, b.ID)
	return templateOf(h.own, m.Localizer(b.Locale), k), err
}

// OwnTemplates are the kinds of mails that say what the business wrote itself.
func (m *Messages) OwnTemplates(ctx context.Context, businessID business.ID) (kinds []Kind, err error) {
	err = m.DB.Select(ctx, &kinds, `SELECT kind FROM mail_templates WHERE business_id = $1`, businessID)
	return kinds, err
}

// templateRow is a line of mail_templates.
type templateRow struct {
	Kind          Kind
	Subject, Body string
	UpdatedAt     int64
}

// templateOf is what mails of the kind say: what the business wrote itself, or the standard one.
func templateOf(own []templateRow, t Localizer, k Kind) Template {
	for _, r := range own {
		if r.Kind == k {
			return Template{Kind: k, Own: true, Subject: r.Subject, Body: r.Body, Version: r.UpdatedAt}
		}
	}
	return standardTemplate(t, k)
}

// SaveTemplate lets the business's mails of the kind say something else, and
// returns the new version. The template's Version is the one that it was read
// at. Errors: Stale, and Invalid that names field and line of what is broken.
func (m *Messages) SaveTemplate(ctx context.Context, businessID business.ID, t Template) (version int64, err error) {
	if _, err := t.parse(); err != nil {
		return 0, err
	}
	h, err := m.readMailSettings(ctx, businessID)
	if err != nil {
		return 0, err
	}
	standard := standardTemplate(m.Localizer(h.business.Locale), t.Kind)
	if standard, err = standard.Written(standard.Draft()); err != nil {
		return 0, err
	}
	err = m.DB.InTx(ctx, func(tx *db.Tx) error {
		kept := templateRow{Kind: t.Kind, Subject: standard.Subject, Body: standard.Body}
		err := tx.Get(ctx, &kept, `SELECT kind, subject, body, updated_at FROM mail_templates WHERE business_id = $1 AND kind = $2`, businessID, t.Kind)
		if err != nil && !errors.Is(err, db.ErrNoRows) {
			return err
		}
		// The standard words that are saved as they are stay the program's, which follow the
		// business's language.
		if kept == (templateRow{t.Kind, t.Subject, t.Body, t.Version}) {
			version = t.Version
			tx.Unchanged(tx.Writes())
			return nil
		}
		version = max(tx.Now().UnixMicro(), t.Version+1)
		statement := `UPDATE mail_templates SET subject = $3, body = $4, updated_at = $5
			WHERE business_id = $1 AND kind = $2 AND updated_at = $6`
		if t.Version == 0 {
			statement = `INSERT INTO mail_templates (business_id, kind, subject, body, updated_at)
				SELECT $1, $2, $3, $4, $5 WHERE CAST($6 AS BIGINT) = 0 ON CONFLICT (business_id, kind) DO NOTHING`
		}
		tx.Notify(settingsTopic, string(businessID))
		n, err := tx.Exec(ctx, statement, businessID, t.Kind, t.Subject, t.Body, version, t.Version)
		if err == nil && n == 0 {
			return fault.New(fault.Stale, "Someone else changed this template meanwhile. Look at the current one, then make your change again.")
		}
		return err
	})
	return version, err
}

// ResetTemplate goes back to what comes with the program.
func (m *Messages) ResetTemplate(ctx context.Context, businessID business.ID, k Kind) error {
	return m.DB.InTx(ctx, func(tx *db.Tx) error {
		begun := tx.Writes()
		n, err := tx.Exec(ctx, `DELETE FROM mail_templates WHERE business_id = $1 AND kind = $2`, businessID, k)
		if err == nil && n == 0 {
			tx.Unchanged(begun)
			return nil
		}
		tx.Notify(settingsTopic, string(businessID))
		return err
	})
}
