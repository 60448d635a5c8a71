package server

import (
	"net/http"
	netmail "net/mail"

	"smartlinks/internal/app/explain"
	"smartlinks/internal/cli"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/sms"
	"smartlinks/internal/system"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/inbox"
)

// MailFlags say how mails leave this installation.
type MailFlags struct {
	SMTPURL  string `name:"smtp-url" env:"SMARTLINKS_SMTP_URL" help:"Mail server: smtp://user:password@host:587 or smtps://…; ?tls=none, opportunistic or mandatory."`
	SMSURL   string `name:"sms-url" env:"SMARTLINKS_SMS_URL" help:"SMS gateway: bird://KEY, twilio://SID:TOKEN@ or messagebird://KEY for a classic key; ?from= names a sender, ?signing_key= proves what Bird reports."`
	MailFrom string `help:"Address that mails come from; no-reply@ the host of --url when left out."`
}

// Read puts what the flags say into the options.
func (f MailFlags) Read(o *system.Options) error {
	if f.SMTPURL != "" {
		server, err := email.ParseURL(f.SMTPURL)
		if err != nil {
			return cli.Misuse("--smtp-url: " + fault.Of(err).Message)
		}
		o.Mail = &server
	}
	if f.MailFrom != "" {
		address, err := mailaddr.Parse(f.MailFrom)
		if err != nil {
			return cli.Misuse("--mail-from: " + err.Error())
		}
		o.MailFrom = netmail.Address{Address: address.Typed}
	}
	if f.SMSURL != "" {
		account, err := sms.ParseURL(f.SMSURL)
		if err != nil {
			return cli.Misuse("--sms-url: " + explain.Sentence(err))
		}
		o.SMS = account
	}
	return nil
}

// mailboxRoutes opens /mailbox in test mode. Without it the address is as good
// as any that nothing stands at.
func (srv *Server) mailboxRoutes(mux *http.ServeMux, g *guard.Guard) {
	if srv.System.Mailbox == nil {
		return
	}
	pages := g.Protect(guard.Area{
		Name: "mailbox", Policy: guard.DashboardPolicy, MaxBody: maxBody, Refuse: plain(http.StatusForbidden), Fail: plain(http.StatusInternalServerError),
	}, inbox.New(srv.System.Mailbox, srv.System.DB.Clock(), srv.settings.Log).Handler())
	for _, path := range []string{"GET /mailbox", "GET /mailbox.json", "GET /mailbox/"} {
		mux.Handle(path, pages)
	}
}
