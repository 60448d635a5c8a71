package system

import (
	"context"
	netmail "net/mail"

	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/layout"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/message/texting"
	"smartlinks/internal/receipt"
	"smartlinks/internal/web/ui"
)

// wireMail makes the feature of messages. In test mode what no server or gateway is
// set for goes to the mailbox.
func (r *System) wireMail(o Options) error {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	var gateway message.Gateway
	text := texting.Gateway{Account: o.SMS, Bases: o.SMSBases}
	if o.Sandbox {
		r.Mailbox = mailbox.New(r.DB, o.SandboxPublic)
		gateway, text.Box = r.Mailbox, r.Mailbox
	}
	if o.Mail != nil {
		gateway = o.Server()
	}
	if o.MailGateway != nil {
		gateway = o.MailGateway
	}
	words := func(language string) i18n.Localizer { return catalogue.For(catalogue.Match(language)) }
	r.receiptLocalizer = func(language string) receipt.Localizer { return words(language) }
	r.Messages = message.New(message.Config{
		DB: r.DB, Jobs: r.Queue, Businesses: r.Businesses, Sealer: r.Sealer, Gateway: gateway, SMS: text, From: o.Sender(), Addresses: o.Addresses,
		PrivateGateways: o.ownPrivate(), ReturnKey: Derive(o.Key, "returned mail"), Log: o.Log,
		Localizer: func(language string) message.Localizer { return words(language) },
		Document:  r.mailed,
		Brand:     func(color string) layout.Palette { return layout.Palette(ui.MailBrand(color)) },
	})
	return nil
}

// ownPrivate tells whether a business's own mail server and mailbox may be within a private
// network: where only this machine reaches test mode. Strangers, whom a public one lets in,
// would reach the network behind it.
func (o Options) ownPrivate() bool { return o.Sandbox && !o.SandboxPublic }

// Sender is the address that mails come from.
func (o Options) Sender() netmail.Address {
	from := o.MailFrom
	if from.Address == "" {
		from.Address = "no-reply@" + email.Literal(o.Addresses.Hostname())
	}
	return from
}

// Server is the way to the installation's mail server, which Mail names.
func (o Options) Server() *email.SMTP {
	return &email.SMTP{Server: *o.Mail, Name: o.Addresses.Hostname(), Waits: email.UsualWaits()}
}

// mailed is the document that goes with a mail: the receipt, or the credit note of the number.
func (r *System) mailed(ctx context.Context, d message.Document) (message.File, error) {
	b, err := r.Businesses.ByID(ctx, d.BusinessID)
	if err != nil {
		return message.File{}, err
	}
	v, err := r.Payments.Get(ctx, b.ID, d.PaymentID)
	if err != nil {
		return message.File{}, err
	}
	t := r.receiptLocalizer(d.Language)
	var made receipt.Document
	if d.CreditNote == "" {
		made, err = r.Receipts.Receipt(ctx, t, b, v)
	} else {
		made, err = r.Receipts.CreditNote(ctx, t, b, v, d.CreditNote)
	}
	if err != nil {
		return message.File{}, err
	}
	if d.Stranger {
		made = made.WithoutPayer()
	}
	body, err := r.Receipts.PDF(ctx, made)
	return message.File{Name: receipt.FileName(made.Number), Type: "application/pdf", Body: body}, err
}
