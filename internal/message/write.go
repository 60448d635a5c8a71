package message

import (
	"context"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/layout"
)

// write makes a mail of its data: the business's template, laid out in its colours. Where
// a template that was valid when it was saved is no longer, the standard one is used.
func (m *Messages) write(ctx context.Context, from sender, data Data, language string) (email.Mail, error) {
	if language == "" && from.business != nil {
		language = from.business.Locale
	}
	s := renderContext{m.Localizer(language), from.business, m.Addresses}
	said := standardTemplate(s, data.kind())
	if from.business != nil {
		said = templateOf(from.own, s, data.kind())
	}
	ready, err := said.parse()
	if err != nil && said.Own {
		m.Log.WarnContext(ctx, "a template is broken; ours is sent", "business", from.business.ID, "kind", data.kind(), "error", err)
		ready, err = standardTemplate(s, data.kind()).parse()
	}
	if err != nil {
		return email.Mail{}, err
	}
	letter, err := m.compose(from, s, ready, data)
	if err == nil {
		m.attach(ctx, from, data, language, &letter)
	}
	return letter, err
}

// compose fills a template and lays it out.
func (m *Messages) compose(from sender, s renderContext, words parsed, data Data) (email.Mail, error) {
	values := data.values(s)
	p := layout.Page{
		Words: s, Name: s.name(), Subject: words.subject.Line(values), Blocks: words.body.Blocks(values), Card: data.card(s),
		Colors: m.Brand(""),
	}
	if from.business != nil {
		p.Colors = m.Brand(from.business.BrandColor)
		p.Foot = footer(s, from, data)
		p.Image = func(id string) string { return m.image(*from.business, id) }
		if from.business.LogoID != "" {
			p.Logo = p.Image(from.business.LogoID)
		}
	}
	letter := email.Mail{From: from.from, ReplyTo: answerTo(from, data), Subject: p.Subject, Account: data.kind().opensAccounts()}
	if ask, ok := data.(optOutable); ok {
		if p.OptOut = ask.optOut(s); p.OptOut != nil {
			letter.Unsubscribe = p.OptOut.URL
		}
	}
	var err error
	letter.HTML, err = p.HTML(m.layout)
	letter.Text = p.PlainText()
	return letter, err
}

// footer says who answers a payer, who gave the receipt, and who the mail is from.
func footer(s renderContext, from sender, data Data) []layout.FootLine {
	var lines []layout.FootLine
	receipt, isReceipt := data.(Receipt)
	if _, isAsk := data.(optOutable); (isReceipt || isAsk) && from.replyTo != "" {
		lines = append(lines, layout.FootLine{Text: s.T("mail.reply", "Business", s.name())})
	}
	if isReceipt {
		for _, line := range receipt.issuer(s) {
			lines = append(lines, layout.FootLine{Text: line, Given: true})
		}
	}
	return append(lines, layout.FootLine{Text: s.T("mail.sent_with", "Business", s.name())})
}

// answerTo is where an answer goes: from an owner who hears of a payment to the
// customer, else to the business.
func answerTo(from sender, data Data) string {
	if paid, ok := data.(Paid); ok {
		return paid.CustomerEmail
	}
	return from.replyTo
}

// Render makes the mail as it would be sent to a reader of the language, with the
// business's template. It has no recipient yet.
func (m *Messages) Render(ctx context.Context, b business.Business, data Data, language string) (email.Mail, error) {
	from, err := m.sender(ctx, b.ID)
	if err != nil {
		return email.Mail{}, err
	}
	return m.write(ctx, from, data, language)
}

// image is where mail programs find a picture of a business.
func (m *Messages) image(b business.Business, imageID string) string {
	return m.Addresses.Of(string(b.ID), address.Image(b.ID, imageID))
}
