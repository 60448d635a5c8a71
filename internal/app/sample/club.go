package sample

import (
	"context"
	"fmt"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/requests"
	"smartlinks/internal/statement"
	"smartlinks/internal/visit"
)

// sampleIBAN is the studio's account: the example of the register of IBANs.
const sampleIBAN = "NL91ABNA0417164300"

// club is the photo club of the studio: dues with a due date, which members send from their
// bank; the bank's statement, with an entry that nobody can match; and a list of
// members who are asked for a deposit.
func (h *history) club(ctx context.Context, b business.Business) (views []visit.View, acts []act, err error) {
	due := func(days int) func(*link.Fields) {
		return func(f *link.Fields) { f.DueOn = h.now.In(b.Location()).AddDate(0, 0, days).Format(time.DateOnly) }
	}
	autumn, views, err := h.made(ctx, b, sampleLink{
		name: "Photo Club Dues Autumn", description: "Darkroom, library and critique evenings until the end of the year.", price: 6000, tags: []string{"Club"}, views: 26, days: 30, with: due(-6),
		sentTo: []string{"Daan Visser", "Ingrid Solberg", "Giulia Conti"},
	})
	if err != nil {
		return nil, nil, err
	}
	_, seen, err := h.made(ctx, b, sampleLink{
		name: "Photo Club Dues Winter", description: "Darkroom, library and critique evenings until spring.", price: 6000, tags: []string{"Club"}, views: 9, days: 4, with: due(24),
		sentTo: []string{"Daan Visser", "Noor Bakker"},
	})
	if err != nil {
		return nil, nil, err
	}
	members := []string{"Daan Visser", "Ingrid Solberg", "Giulia Conti", "Noor Bakker"}
	references := map[string]string{}
	acts = append(acts, act{h.ago(28), func(ctx context.Context) error { return h.openAccount(ctx, b) }})
	for i, name := range members {
		acts = append(acts, act{h.ago(9 - float64(i)*0.4), func(ctx context.Context) (err error) {
			references[name], err = h.transfer(ctx, b, autumn, name)
			return err
		}})
	}
	acts = append(acts,
		act{h.ago(3), func(ctx context.Context) error { return h.statement(ctx, b, references) }},
		act{h.ago(1.5), func(ctx context.Context) error { return h.keys(ctx, b) }},
	)
	return append(views, seen...), acts, nil
}

// openAccount lets payers send the studio its money from their bank, too.
func (h *history) openAccount(ctx context.Context, b business.Business) error {
	account := banktransfer.Account{Name: b.Name, IBAN: sampleIBAN, BIC: "ABNANL2A", HoldDays: 14}
	if err := h.System.Transfers.Save(ctx, b, account, "Marit de Boer", func(context.Context, *db.Tx, banktransfer.Account) error { return nil }); err != nil {
		return err
	}
	return h.System.DB.InTx(ctx, func(tx *db.Tx) error { // cards stay play money
		return h.System.Businesses.UseProviderTx(ctx, tx, b.ID, b.Provider, business.Live)
	})
}

// transfer is a member who is told what to send, and by which reference it will be known.
func (h *history) transfer(ctx context.Context, b business.Business, s sale, name string) (reference string, err error) {
	now, err := h.System.Businesses.ByID(ctx, b.ID) // which takes transfers since
	if err != nil {
		return "", err
	}
	now.Mode = b.Mode
	s.provider = banktransfer.Name
	a, err := h.try(ctx, now, s, name, "")
	if err != nil {
		return "", err
	}
	t, err := h.System.Transfers.Of(ctx, h.System.DB, b.ID, a.ID)
	return t.Reference, err
}

// statement reads and books what the bank says: two dues, one more without a reference,
// rent that went out.
func (h *history) statement(ctx context.Context, b business.Business, references map[string]string) error {
	day := h.ago(4).In(b.Location()).Format("060102")
	var file strings.Builder
	file.WriteString(":20:STATEMENT\r\n:25:" + sampleIBAN + "\r\n:28C:11\r\n:60F:C" + day + "EUR2310,40\r\n")
	entry := func(sign, amount, name, said string) {
		fmt.Fprintf(&file, ":61:%s%s%sNTRFNONREF\r\n:86:/NAME/%s/REMI/%s\r\n", day, sign, amount, name, said)
	}
	entry("C", "60,00", "D. Visser", references["Daan Visser"])
	entry("C", "60,00", "Ingrid Solberg", references["Ingrid Solberg"])
	entry("C", "60,00", "G Conti", "photo club autumn")
	entry("D", "840,00", "Harbour Rooms", "Rent")
	file.WriteString(":62F:C" + day + "EUR1650,40\r\n-\r\n")
	read, err := h.System.Statements.Read(ctx, b, statement.Upload{Name: "statement-11.sta", File: strings.NewReader(file.String()), By: "Marit de Boer"})
	if err != nil {
		return err
	}
	_, err = h.System.Statements.Book(ctx, b, read.ID, "Marit de Boer")
	return err
}

// keys is a list of members who are asked for a deposit, each by a link of their own, once
// somebody sends it.
func (h *history) keys(ctx context.Context, b business.Business) error {
	rows := make([]requests.Row, 0, 3)
	for i, name := range []string{"Daan Visser", "Giulia Conti", "Noor Bakker"} {
		rows = append(rows, requests.Row{Number: int64(i + 1), Name: name, Email: sampleAddress(name), Amount: money.Amount{Minor: 2500, Currency: b.Currency}, Reference: fmt.Sprintf("KEY-%02d", i+1)})
	}
	_, err := h.System.Requests.Keep(ctx, b, "Darkroom key", "darkroom-keys.csv", rows)
	return err
}
