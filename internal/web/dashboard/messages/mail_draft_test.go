package messages_test

import (
	"slices"
	"strings"
	"testing"

	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
	"smartlinks/internal/message"
	"smartlinks/internal/message/email"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/money"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// Opened for writing and stored as blocks, our templates make the same mails in every
// language: not a letter of HTML or text differs.
func TestOurTemplatesAsBlocksMakeTheSameMails(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	for _, language := range i18n.Codes() {
		b := acme
		b.Locale = language
		for _, kind := range message.Kinds() {
			ours, err := s.Messages.Template(t.Context(), b, kind)
			if err != nil {
				t.Fatal(err)
			}
			draft := ours.Draft()
			if draft.AsStored || slices.ContainsFunc(draft.Parts, func(p wording.Part) bool { return p.Kind == wording.Own }) {
				t.Errorf("%s, %s is no blocks: %+v", kind, language, draft)
			}
			written, err := ours.Written(draft)
			if err != nil {
				t.Fatalf("%s, %s: %v", kind, language, err)
			}
			if again := written.Draft(); !slices.Equal(again.Parts, draft.Parts) || again.Subject != draft.Subject {
				t.Errorf("%s, %s: stored it reads %+v, not %+v", kind, language, again, draft)
			}
			before, err := s.Messages.Preview(t.Context(), b, ours)
			if err != nil {
				t.Fatal(err)
			}
			if after, err := s.Messages.Preview(t.Context(), b, written); err != nil || !sameMail(before, after) {
				t.Errorf("%s, %s: %v\n%s\n%s\nbecame\n%s\n%s", kind, language, err, before.Subject, before.Text, after.Subject, after.Text)
			}
		}
	}
}

func sameMail(a, b email.Mail) bool {
	return a.Subject == b.Subject && a.HTML == b.HTML && a.Text == b.Text
}

// The facts that a mail may lack are lacking in both.
func TestBlocksWithConditionsSayWhatTheirTemplateSaid(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	for _, kind := range []message.Kind{message.KindLink, message.KindReminderLast} {
		ask := message.Ask{Stage: kind, LinkName: "Workshop", Amount: money.Amount{Minor: 8900, Currency: "EUR"}, Number: 3, Max: 3, URL: "https://pay.example/r/x", OptOutURL: "https://pay.example/s/x"}
		named := ask
		named.FirstName, named.Message = "Amara", "Come in!\n# Now"
		mails := func() (all [2]email.Mail) {
			for i, facts := range []message.Ask{ask, named} {
				var err error
				if all[i], err = s.Messages.Render(t.Context(), acme, facts, acme.Locale); err != nil {
					t.Fatal(err)
				}
			}
			return all
		}
		before := mails()
		ours, err := s.Messages.Template(t.Context(), acme, kind)
		if err != nil {
			t.Fatal(err)
		}
		written, err := ours.Written(ours.Draft())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Messages.SaveTemplate(t.Context(), acme.ID, written); err != nil {
			t.Fatal(err)
		}
		if after := mails(); !sameMail(before[0], after[0]) || !sameMail(before[1], after[1]) || after[0].Text == after[1].Text {
			t.Errorf("%s: %s\n%s\nbecame\n%s\n%s", kind, before[0].Text, before[1].Text, after[0].Text, after[1].Text)
		}
	}
}

func TestADraftIsToldAllThatIsWrongAtItsPlace(t *testing.T) {
	receipt := message.Template{Kind: message.KindReceipt}
	_, err := receipt.Written(wording.Draft{Subject: "Hi {nobody}", Parts: []wording.Part{{Text: "Fine"}, {Kind: wording.Heading}, {Text: "{nothing}"}}})
	var fields []string
	for _, f := range fault.Of(err).Fields {
		fields = append(fields, f.Name+": "+f.Message)
	}
	if got := strings.Join(fields, " "); len(fields) != 3 || !strings.Contains(got, "subject: There is no field {nobody}") || !strings.Contains(got, "blocks[1]: Write some words") || !strings.Contains(got, "blocks[2]: There is no field {nothing}") {
		t.Errorf("told %v", fields)
	}
	if _, err := receipt.Written(wording.Draft{Subject: "Hi"}); err == nil || fault.Of(err).Fields[0].Name != "body" {
		t.Errorf("a mail without blocks: %v", err)
	}
	// What a subject can't say as words stays as it is stored.
	stored := message.Template{Kind: message.KindReceipt, Subject: "Paid{{if reference}} {{reference}}{{end}} {amount}", Body: "x"}
	draft := stored.Draft()
	if back, err := stored.Written(draft); err != nil || !draft.AsStored || back.Subject != stored.Subject {
		t.Errorf("%+v became %+v, %v", draft, back, err)
	}
}
