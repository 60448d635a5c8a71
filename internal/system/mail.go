package system

import (
	netmail "net/mail"

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
		gateway = o.Server()
	}
	r.Messages = message.New(message.Config{
		DB: r.DB, Businesses: r.Businesses, Sealer: r.Sealer, Gateway: gateway, SMS: text, From: o.Sender(), PublicURL: o.PublicURL.String(),
		PrivateGateways: o.Sandbox, Log: o.Log,
		Texts: func(language string) message.Texts { return catalogue.For(catalogue.Match(language)) },
		Brand: func(color string) message.Palette { return message.Palette(ui.LetterBrand(color)) },
	})
	return nil
}

// Sender is the address that mails come from.
func (o Options) Sender() netmail.Address {
	from := o.MailFrom
	if from.Address == "" {
		from.Address = "no-reply@" + email.Literal(o.PublicURL.Hostname())
	}
	return from
}

// Server is the way to the installation's mail server, which Mail names.
func (o Options) Server() *email.SMTP {
	return &email.SMTP{Server: *o.Mail, Name: o.PublicURL.Hostname(), Waits: email.UsualWaits()}
}
