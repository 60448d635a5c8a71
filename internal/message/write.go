package message

import (
	"context"

	"smartlinks/internal/address"
	"smartlinks/internal/business"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/layout"
)

// write makes a letter of facts: the business's words, in its frame. A template
// that was fine when it was saved and isn't any more gives way to ours.
func (m *Messages) write(ctx context.Context, from sender, facts Facts, language string) (email.Letter, error) {
	if language == "" && from.business != nil {
		language = from.business.Locale
	}
	s := scene{m.Texts(language), from.business, m.Addresses}
	said := ours(s, facts.kind())
	if from.business != nil {
		said = templateOf(from.own, s, facts.kind())
	}
	ready, err := said.parse()
	if err != nil && said.Own {
		m.Log.WarnContext(ctx, "a template is broken; ours is sent", "business", from.business.ID, "kind", facts.kind(), "error", err)
		ready, err = ours(s, facts.kind()).parse()
	}
	if err != nil {
		return email.Letter{}, err
	}
	letter, err := m.compose(from, s, ready, facts)
	if err == nil {
		m.attach(ctx, from, facts, language, &letter)
	}
	return letter, err
}

// compose fills a template and lays it out.
func (m *Messages) compose(from sender, s scene, words parsed, facts Facts) (email.Letter, error) {
	values := facts.values(s)
	p := layout.Page{
		Words: s, Name: s.name(), Subject: words.subject.Line(values), Blocks: words.body.Blocks(values), Card: facts.card(s),
		Colors: m.Brand(""),
	}
	if from.business != nil {
		p.Colors = m.Brand(from.business.BrandColor)
		p.Foot = foot(s, from, facts)
		p.Image = func(id string) string { return m.image(*from.business, id) }
		if from.business.LogoID != "" {
			p.Logo = p.Image(from.business.LogoID)
		}
	}
	letter := email.Letter{From: from.from, ReplyTo: answerTo(from, facts), Subject: p.Subject, Account: facts.kind().opensAccounts()}
	if ask, ok := facts.(asks); ok {
		if p.Stop = ask.stop(s); p.Stop != nil {
			letter.Unsubscribe = p.Stop.URL
		}
	}
	var err error
	letter.HTML, err = p.HTML(m.letter)
	letter.Text = p.PlainText()
	return letter, err
}

// foot says who answers a payer, who gave the receipt, and who the mail is from.
func foot(s scene, from sender, facts Facts) []string {
	var lines []string
	receipt, isReceipt := facts.(Receipt)
	if _, isAsk := facts.(asks); (isReceipt || isAsk) && from.replyTo != "" {
		lines = append(lines, s.T("mail.reply", "Business", s.name()))
	}
	if isReceipt {
		lines = append(lines, receipt.issuer(s)...)
	}
	return append(lines, s.T("mail.sent_with", "Business", s.name()))
}

// answerTo is where an answer goes: from an owner who hears of a payment to the
// customer, else to the business.
func answerTo(from sender, facts Facts) string {
	if paid, ok := facts.(Paid); ok {
		return paid.CustomerEmail
	}
	return from.replyTo
}

// Letter is the mail that facts make for a reader of the language, with the
// business's words, as it would be sent. It has no recipient yet.
func (m *Messages) Letter(ctx context.Context, b business.Business, facts Facts, language string) (email.Letter, error) {
	from, err := m.sender(ctx, b.ID)
	if err != nil {
		return email.Letter{}, err
	}
	return m.write(ctx, from, facts, language)
}

// image is where mail programs find a picture of a business.
func (m *Messages) image(b business.Business, imageID string) string {
	return m.Addresses.Of(string(b.ID), address.Image(b.ID, imageID))
}
