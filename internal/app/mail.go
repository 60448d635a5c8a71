package app

import (
	"net/http"
	netmail "net/mail"

	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/mailbox"
	"smartlinks/internal/secret"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/inbox"
	"smartlinks/internal/web/ui"
	"smartlinks/internal/web/ui/i18n"
)

// mailFlags say how mails leave this installation.
type mailFlags struct {
	SMTPURL  string `name:"smtp-url" env:"SMARTLINKS_SMTP_URL" help:"Mail server: smtp://user:password@host:587 or smtps://…; ?tls=none, opportunistic or mandatory."`
	SMSURL   string `name:"sms-url" env:"SMARTLINKS_SMS_URL" help:"SMS gateway: messagebird://KEY or twilio://SID:TOKEN@; ?from= names a sender, ?signing_key= proves MessageBird's reports."`
	MailFrom string `help:"Address that mails come from; no-reply@ the host of --url when left out."`
}

// wireMail makes the room of messages. In test mode mail that no server is set
// for goes to the mailbox.
func (r *rooms) wireMail(s settings, sealer *secret.Sealer) error {
	catalogue, err := i18n.Load()
	if err != nil {
		return err
	}
	from, err := s.mail.from(s.publicURL.Hostname())
	if err != nil {
		return err
	}
	var gateway message.Gateway
	if s.sandbox {
		r.mailbox = mailbox.New(r.d)
		gateway = r.mailbox
	}
	if s.mail.SMTPURL != "" {
		server, err := email.ParseURL(s.mail.SMTPURL)
		if err != nil {
			return misuse("--smtp-url: " + fault.Of(err).Message)
		}
		gateway = &email.SMTP{Server: server, Name: s.publicURL.Hostname(), Waits: email.UsualWaits()}
	}
	text, err := r.wireSMS(s)
	if err != nil {
		return err
	}
	r.messages = message.New(message.Config{
		DB: r.d, Businesses: r.businesses, Sealer: sealer, Gateway: gateway, SMS: text, From: from, PublicURL: s.publicURL.String(),
		PrivateGateways: s.sandbox, Log: s.log,
		Texts: func(language string) message.Texts { return catalogue.For(catalogue.Match(language)) },
		Brand: func(color string) message.Palette { return message.Palette(ui.LetterBrand(color)) },
	})
	return nil
}

// from is the address that mails come from.
func (f mailFlags) from(host string) (netmail.Address, error) {
	if f.MailFrom == "" {
		return netmail.Address{Address: "no-reply@" + host}, nil
	}
	address, err := mailaddr.Parse(f.MailFrom)
	if err != nil {
		return netmail.Address{}, misuse("--mail-from: " + err.Error())
	}
	return netmail.Address{Address: address.Typed}, nil
}

// mailboxRoutes opens /mailbox in test mode. Without it the address is as good
// as any that nothing stands at.
func (srv *server) mailboxRoutes(mux *http.ServeMux, g *guard.Guard) {
	if srv.rooms.mailbox == nil {
		return
	}
	pages := g.Protect(guard.Area{
		Name: "mailbox", Policy: guard.DashboardPolicy, MaxBody: maxAPIBody, Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, inbox.New(srv.rooms.mailbox, srv.rooms.d.Clock(), srv.settings.log).Handler())
	for _, path := range []string{"GET /mailbox", "GET /mailbox.json", "GET /mailbox/"} {
		mux.Handle(path, pages)
	}
}
