package app

import (
	"context"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/message"
	"smartlinks/internal/message/sms"
)

// wireSMS finds the installation's way for text messages. In test mode those
// that no gateway is set for go to the mailbox.
func (r *rooms) wireSMS(s settings) (g message.SMSGateway, err error) {
	g.Bases = s.providers.smsBases()
	if r.mailbox != nil {
		g.Box = r.mailbox
	}
	if s.mail.SMSURL == "" {
		return g, nil
	}
	if g.Account, err = sms.ParseURL(s.mail.SMSURL); err != nil {
		return g, misuse("--sms-url: " + fault.Of(err).Message)
	}
	return g, nil
}

// heed does what people ask for who answer an SMS.
func (r *rooms) heed(ctx context.Context, tx *db.Tx, a message.Answer) error {
	if a.Stop {
		return r.deliveries.OptOut(ctx, tx, a.BusinessID, message.BySMS, a.From)
	}
	return r.deliveries.OptIn(ctx, tx, a.BusinessID, message.BySMS, a.From)
}
