package message_test

import (
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/email/realtest"
	"smartlinks/internal/money"
)

// Every kind of mail, in every language, through servers that nobody here wrote, from
// and to addresses of international domains, and read by a parser that nobody here
// wrote: it arrives whole, and says what it was to say.
func TestEveryMailArrivesThroughRealServers(t *testing.T) {
	programs := realtest.Programs(t)
	for name, start := range map[string]func(testing.TB, string) *realtest.Server{"Postfix": realtest.Postfix, "Node": realtest.Node} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, programs)
			w := mustWorld(t, dbtest.SQLite(t))
			sent := w.sendEverything(server)
			read := server.Mails(t, len(sent))
			if len(read) != len(sent) {
				t.Errorf("%d mails differ, want %d", len(read), len(sent))
			}
			for _, want := range sent {
				compare(t, want, read[want.MessageID()])
			}
		})
	}
}

// sendEverything sends each kind in each language through the server, and returns the
// letters as they should arrive.
func (w *world) sendEverything(server *realtest.Server) []email.Mail {
	w.t.Helper()
	at, err := email.ParseURL(server.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	w.gateway = &email.SMTP{Server: at, Name: "pay.münchen.de", Waits: email.UsualWaits(), Trust: server.Trust}
	w.from = "kasse@münchen.de"
	w.messages = w.another()
	reply, name := "Hallo@müller.example", "Büro „Noord“ (مقهى الشمال) – Photography & more"
	if _, err := w.messages.ChangeSettings(w.t.Context(), w.business.ID, 0, message.SettingsPatch{ReplyTo: &reply, FromName: &name}); err != nil {
		w.t.Fatal(err)
	}
	kinds := message.EveryKind()
	slices.Sort(kinds)
	var letters []email.Mail
	for _, kind := range kinds {
		for _, language := range i18n.Codes() {
			letters = append(letters, w.queueExample(kind, language))
		}
	}
	w.sendDue()
	for i := range letters {
		var made struct {
			ID, State, Reason string
			CreatedAt         db.Time
		}
		if err := w.d.Get(w.t.Context(), &made, `SELECT id, state, reason, created_at FROM mails WHERE key = $1`, letters[i].ID); err != nil {
			w.t.Fatal(err)
		}
		if made.State != "sent" {
			w.t.Errorf("%s is %s: %s", letters[i].ID, made.State, made.Reason)
		}
		letters[i].ID, letters[i].Date = made.ID, made.CreatedAt.Time
	}
	return letters
}

// queueExample queues one mail and returns it as it should arrive; its ID is its key.
func (w *world) queueExample(kind message.Kind, language string) email.Mail {
	w.t.Helper()
	to := []netmail.Address{
		{Name: "Jan Öztürk", Address: "jan@münchen.de"}, {Name: "例えさん", Address: "payer@例え.jp"}, {Address: "Amara.O'Neill+shop@example.com"},
		{Name: "آمال علی\u200cرضا", Address: "amal@موقع.مصر"}, {Name: strings.Repeat("Ngũgĩ wa ", 8), Address: "n@example.co.ke"}, {Name: `"Bo" <bo@x>, (b)`, Address: "bo@example.com"},
	}[slices.Index(i18n.Codes(), language)]
	data := example(w.t, kind)
	letter, err := w.messages.Render(w.t.Context(), w.business, data, language)
	if err != nil {
		w.t.Fatal(err)
	}
	letter.ID, letter.To = fmt.Sprintf("%s/%s", kind, language), to
	w.queue(message.Mail{BusinessID: w.business.ID, To: to.Address, ToName: to.Name, Language: language, Key: letter.ID, Data: data})
	return letter
}

// compare holds a mail that arrived to the letter that was sent.
func compare(t *testing.T, want email.Mail, got realtest.Mail) {
	t.Helper()
	check := func(what, got, expected string) {
		t.Helper()
		if got != expected {
			t.Errorf("%s of %q is\n%q\nwant\n%q", what, want.Subject, got, expected)
		}
	}
	if !got.ASCII || got.Attachments != 0 || !got.Date.Equal(want.Date.Truncate(time.Second)) {
		t.Errorf("%s: ASCII %v, %d attachments, of %v", want.MessageID(), got.ASCII, got.Attachments, got.Date)
	}
	line := func(s string) string {
		return strings.Join(strings.Fields(strings.NewReplacer("\u200e", "", "\u200f", "").Replace(s)), " ")
	}
	check("the subject", got.Subject, line(want.Subject))
	check("the sender", got.From.Name+" "+got.From.Address, line(want.From.Name)+" kasse@xn--mnchen-3ya.de")
	if len(got.To) != 1 || len(got.ReplyTo) > 1 || len(got.ReplyTo) == 1 != (want.ReplyTo != "") {
		t.Fatalf("%s: to %v, answers to %v", want.MessageID(), got.To, got.ReplyTo)
	}
	check("the recipient", got.To[0].Name, line(want.To.Name))
	check("the recipient's address", got.To[0].Address, map[string]string{
		"jan@münchen.de": "jan@xn--mnchen-3ya.de", "payer@例え.jp": "payer@xn--r8jz45g.jp", "amal@موقع.مصر": "amal@xn--4gbrim.xn--wgbh1c",
		"Amara.O'Neill+shop@example.com": "Amara.O'Neill+shop@example.com", "n@example.co.ke": "n@example.co.ke", "bo@example.com": "bo@example.com",
	}[want.To.Address])
	if want.ReplyTo == "Hallo@müller.example" {
		check("where answers go", got.ReplyTo[0].Address, "Hallo@xn--mller-kva.example")
	}
	body := func(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n") }
	check("the text", body(got.Text), body(want.Text))
	check("the HTML", body(got.HTML), body(want.HTML))
	if want.Unsubscribe != "" && (!slices.Equal(got.OptOut, []string{"<" + want.Unsubscribe + ">"}) || !slices.Equal(got.OneClick, []string{"List-Unsubscribe=One-Click"})) {
		t.Errorf("%s: the way out is %q, %q", want.MessageID(), got.OptOut, got.OneClick)
	}
}

// example is what a mail of the kind tells: long, in many scripts, and with what
// breaks lines, fields and dots.
func example(t testing.TB, kind message.Kind) message.Data {
	t.Helper()
	const title = "Atelier «Lumière» – مقدمة في التصوير – 写真入門, all of it and more of it again"
	amount, now, at := money.Amount{Minor: 123456, Currency: "EUR"}, time.Date(2026, 3, 29, 1, 30, 0, 0, time.UTC), "https://pay.xn--mnchen-3ya.de/pay/pay_01J9ZQ4N7Y8W3V5T2S1R0PQXKM"
	text := ".\n..a dot\nFrom the start\n" + strings.Repeat("very long words and Größenwahn ", 60)
	switch kind {
	case message.KindReceipt:
		return message.Receipt{Number: "2026-00001", CustomerName: "Zoë Ångström", Title: title, Description: text, Reference: "INV-7", Amount: amount, Method: "iDEAL", PaidAt: now, URL: at, Issuer: business.Legal{Name: "Noord & Søn", Address: "Straße 1\nMünchen"}}
	case message.KindPaid:
		return message.Paid{CustomerName: "Zoë", CustomerEmail: "zoe@münchen.de", Title: title, Notes: text, Number: "2026-00001", Amount: amount, PaidAt: now, URL: at}
	case message.KindLimitReached:
		return message.LimitReached{LinkName: title, Max: 20, URL: at}
	case message.KindCanceled:
		return message.Refund{CustomerName: "Zoë", Title: title, Number: "2026-00001", Amount: money.Amount{Currency: amount.Currency}, URL: at}
	case message.KindRefund, message.KindOverflow:
		return message.Refund{Overflow: kind == message.KindOverflow, CustomerName: "Zoë", Title: title, Number: "2026-00001", Amount: amount, URL: at}
	case message.KindAttention:
		return message.Attention{What: "overflow", CustomerName: "Zoë", Title: title, Amount: amount, Reason: text, URL: at}
	case message.KindTransfer, message.KindTransferEnded:
		return message.Transfer{Ended: kind == message.KindTransferEnded, CustomerName: "Zoë", Title: title, Amount: amount, Name: "Bäckerei Müller", IBAN: "NL91 ABNA 0417 1643 00",
			Reference: "RF18 5390 0754 7034", Until: now, URL: at}
	case message.KindWaitingJoined, message.KindWaitingOffered, message.KindWaitingOpen:
		until := now
		return message.Waiting{Stage: kind, LinkName: title, Quantity: 2, Hours: 24, Until: &until, PageURL: at, LeaveURL: at}
	case message.KindRecovery:
		return message.Recovery{CustomerName: "Zoë Ångström", LinkName: title, Amount: amount, Until: now, URL: at, OptOutURL: "https://pay.xn--mnchen-3ya.de/s/K9g8wX4A7Fz3"}
	case message.KindBankChanged:
		return message.BankChanged{IBAN: "NL91 ABNA 0417 1643 00", By: "Zoë", URL: at}
	case message.KindNews:
		return message.NewsItem{What: message.NewsAlmostFull, Title: "Atelier „Ölfarbe“ – ورشة", Left: 2, Max: 12, PageURL: at, Test: true}
	case message.KindSummary:
		return message.Summary{
			Every: message.Weekly, First: "2026-11-23", Last: "2026-11-29", Views: 1200, URL: at, SettingsURL: at,
			Money: []message.Earned{{Payments: 3, Revenue: money.Amount{Minor: 26700, Currency: "EUR"}, Refunded: money.Amount{Minor: 8900, Currency: "EUR"}}, {Payments: 1, Revenue: money.Amount{Minor: 100, Currency: "JPY"}, Refunded: money.Amount{Currency: "JPY"}}},
			Best:  []message.Sold{{Name: "ورشة & more", Revenue: money.Amount{Minor: 26700, Currency: "EUR"}}, {Revenue: money.Amount{Minor: 100, Currency: "EUR"}}},
		}
	case message.KindEndpointStopped:
		return message.EndpointStopped{Endpoint: "https://example.com/" + strings.Repeat("x", 200), Since: now, Kept: 7, URL: at}
	case message.KindInvitation:
		return message.Invitation{BusinessName: title, InviterName: "Zoë", Role: "admin", URL: at, ExpiresAt: now}
	case message.KindPasswordReset:
		return message.PasswordReset{Name: "Zoë", URL: at, ExpiresAt: now}
	case message.KindNewAddress:
		return message.NewAddress{Name: "Zoë", URL: at, ExpiresAt: now}
	case message.KindAccountChanged:
		return message.AccountChanged{Name: "Zoë", Change: "password", At: now, Address: "192.0.2.xxx"}
	case message.KindLink, message.KindReminderFirst, message.KindReminderMiddle, message.KindReminderLast:
		return message.Ask{Stage: kind, CustomerName: "Zoë Ångström", FirstName: "Zoë", LinkName: title, Description: text, Amount: amount, Limit: 20, Message: text, URL: at, OptOutURL: "https://pay.xn--mnchen-3ya.de/s/K9g8wX4A7Fz3", Number: 2, Max: 3}
	}
	t.Fatalf("there is no example of the mail %q", kind)
	return nil
}
