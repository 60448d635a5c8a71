package system

import (
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/web/ui/i18n"
)

// wireMail makes the feature of messages. In test mode what no server or gateway is
// set for goes to the mailbox.
func (r *System) wireMail(o Options) error {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	var gateway message.Gateway
	text := message.SMSGateway{Account: o.SMS, Bases: o.SMSBases}
	if o.Sandbox {
		r.Mailbox = mailbox.New(r.DB, o.SandboxPublic)
		gateway, text.Box = r.Mailbox, r.Mailbox
	}
	if o.Mail != nil {
		gateway = &email.SMTP{Server: *o.Mail, Name: o.PublicURL.Hostname(), Waits: email.UsualWaits()}
	}
	if o.Gateway != nil {
		gateway = o.Gateway
	}
	from := o.MailFrom
	if from.Address == "" {
		from.Address = "no-reply@" + o.PublicURL.Hostname()
	}
	r.Messages = message.New(message.Config{
		DB: r.DB, Businesses: r.Businesses, Sealer: r.Sealer, Gateway: gateway, SMS: text, From: from, PublicURL: o.PublicURL.String(),
		PrivateGateways: o.Sandbox, Log: o.Log,
		Texts: func(language string) message.Texts { return catalogue.For(catalogue.Match(language)) },
		Brand: func(color string) message.Palette { return message.Palette(ui.LetterBrand(color)) },
	})
	return nil
}
