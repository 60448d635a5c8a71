package linkform_test

import (
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/web/dashboard/dashboardtest"
)

// asking is a form with questions, each a list of members and values.
func asking(questions ...[]string) url.Values {
	form := dashboardtest.With(goodLink(), "path", "asking", "collect_phone", "no", "collect_address", "no", "collect_company", "no")
	for i, q := range questions {
		form["question"] = append(form["question"], strconv.Itoa(i))
		for n := 0; n < len(q); n += 2 {
			form.Set("q"+strconv.Itoa(i)+"_"+q[n], q[n+1])
		}
	}
	return form
}

func TestQuestionsAreWrittenInTheFormOfALink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := dashboardtest.New(t, d)
		acme := s.Business(t, "acme", "marit@example.com")
		b := s.SignedIn(t, "marit@example.com")
		stored := func() []checkout.Question {
			m, err := s.Links.ByPath(t.Context(), acme, "asking")
			if err != nil {
				t.Fatal(err)
			}
			return m.Link.Checkout.Questions
		}
		form := asking(
			[]string{"type", "choice", "label", "Lunch", "options", " Vegetarian\r\n\r\nWith meat \r\n", "required", "on", "to_provider", "on"},
			[]string{"type", "number", "label", "Âge", "min", "1", "max", "99,5", "step", "0.5", "help", "In years"},
			[]string{"type", "text", "label", "Name", "key", "badge"}, []string{"type", "long_text", "label", "الاسم"}, []string{"type", "several", "label", "Lunch", "options", "Mon\nTue"},
			[]string{"type", "checkbox", "label", "First time?"}, []string{"type", "date", "label", "Name"},
		)
		if got := b.Post("/dashboard/acme/links", form); got.Status != http.StatusSeeOther {
			t.Fatalf("creating: %d %s", got.Status, got.Said())
		}
		want := []checkout.Question{
			{Key: "lunch", Label: "Lunch", Type: checkout.Choice, Required: true, Options: []string{"Vegetarian", "With meat"}, ToProvider: true},
			{Key: "age", Label: "Âge", Help: "In years", Type: checkout.Number, Min: "1", Max: "99.5", Step: "0.5"},
			{Key: "badge", Label: "Name", Type: checkout.Text}, {Key: "lsm", Label: "الاسم", Type: checkout.LongText},
			{Key: "lunch_2", Label: "Lunch", Type: checkout.Several, Options: []string{"Mon", "Tue"}}, {Key: "first_time", Label: "First time?", Type: checkout.Checkbox},
			{Key: "name_answer", Label: "Name", Type: checkout.Date},
		}
		got := stored()
		want[3].Key = got[3].Key // as the letters are transliterated
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v, want %+v", got, want)
		}
		// Untouched, the form keeps them; a key that nobody set follows its label until the
		// link is paid.
		m, err := s.Links.ByPath(t.Context(), acme, "asking")
		if err != nil {
			t.Fatal(err)
		}
		l := m.Link
		edit := "/dashboard/acme/links/" + string(l.ID) + "/edit"
		page := b.Get(edit)
		if !page.Has("7 questions", "7 of 10", "One of several choices: Vegetarian, With meat", `name="q0_key" type="text" value=""`, `name="q2_key" type="text" value="badge"`, "?lunch=With+meat") {
			t.Errorf("the form does not show them: %s", page.Said())
		}
		form.Set("version", "1")
		form.Set("q0_label", "Dinner")
		if got := b.Post(edit, form); got.Status != http.StatusSeeOther || stored()[0].Key != "dinner" {
			t.Fatalf("renamed: %d %s, %+v", got.Status, got.Said(), stored()[0])
		}
		s.Paid(t, acme, l)
		if page := b.Get(edit); !page.Has(`name="q0_key" type="text" value="dinner"`) {
			t.Errorf("the key of a question that was answered is not kept: %s", page.Said())
		}
	})
}

func TestButtonsForQuestionsKeepEverythingThatWasTyped(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	three := asking([]string{"type", "text", "label", "One"}, []string{"type", "choice", "label", "Two", "options", "A\nB"}, []string{"type", "date", "label", "Three", "help", "When"})
	labels := func(a dashboardtest.Answer) (all []string) {
		for i := range 11 {
			if _, rest, found := strings.Cut(a.Body, `name="q`+strconv.Itoa(i)+`_label" type="text" value="`); found {
				label, _, _ := strings.Cut(rest, `"`)
				all = append(all, label)
			}
		}
		return all
	}
	for act, want := range map[string][]string{
		"question-add": {"One", "Two", "Three", ""}, "question-up-1": {"Two", "One", "Three"}, "question-down-1": {"One", "Three", "Two"}, "question-up-0": {"One", "Two", "Three"},
		"question-remove-1": {"One", "Three"}, "question-down-9": {"One", "Two", "Three"}, "question-up-x": {"One", "Two", "Three"}, "question-show": {"One", "Two", "Three"},
	} {
		got := b.Post("/dashboard/acme/links", dashboardtest.With(three, "act", act, "amount", "not yet", "consent_text", "The rules"))
		if got.Status != http.StatusOK || !reflect.DeepEqual(labels(got), want) || !got.Has(`value="not yet"`, "The rules", `value="When"`, "Darkroom Weekend April") {
			t.Errorf("%s: %d, %v, want %v: %s", act, got.Status, labels(got), want, got.Said())
		}
	}
	if got := b.Post("/dashboard/acme/links", dashboardtest.With(three, "act", "question-add")); !got.Has(`autofocus`, `id="section-asked" open`) {
		t.Errorf("the new question is not shown: %s", got.Said())
	}
	if n := s.LinkCount(t, acme); n != 0 {
		t.Errorf("%d links are stored", n)
	}
	// One of an existing link, too.
	l := s.Link(t, acme, link.Fields{Name: "Workshop"})
	if got := b.Post("/dashboard/acme/links/"+string(l.ID)+"/edit", dashboardtest.With(three, "version", "1", "act", "question-remove-0")); got.Status != http.StatusOK || !reflect.DeepEqual(labels(got), []string{"Two", "Three"}) {
		t.Errorf("%d %v", got.Status, labels(got))
	}
}

func TestWhatIsWrongWithAQuestionIsSaidAtItsField(t *testing.T) {
	s := dashboardtest.New(t, dbtest.SQLite(t))
	acme := s.Business(t, "acme", "marit@example.com")
	b := s.SignedIn(t, "marit@example.com")
	many := strings.Repeat("An option\n", 51)
	for _, c := range []struct {
		input, says string
		questions   [][]string
	}{
		{"q0_label", "Fill this in.", [][]string{{"type", "text"}}},
		{"q0_label", "Don&#39;t ask for card details", [][]string{{"type", "text", "label", "Your card number"}}},
		{"q1_key", "Another question has this key.", [][]string{{"type", "text", "label", "A", "key", "shirt"}, {"type", "text", "label", "B", "key", "shirt"}}},
		{"q0_key", "The page uses this name itself.", [][]string{{"type", "text", "label", "A", "key", "email"}}},
		{"q0_key", "lower-case letter", [][]string{{"type", "text", "label", "A", "key", "Shirt size"}}},
		{"q0_options", "Give 2 to 50 options.", [][]string{{"type", "choice", "label", "A", "options", "Alone"}}},
		{"q0_options", "Give 1 to 50 options.", [][]string{{"type", "several", "label", "A", "options", many}}},
		{"q0_options", "Use at most 80 characters; this has 500.", [][]string{{"type", "choice", "label", "A", "options", "B\n" + strings.Repeat("x", 500)}}},
		{"q0_options", "Two options are the same.", [][]string{{"type", "choice", "label", "A", "options", "B\nB"}}},
		{"q0_max", "not below the minimum", [][]string{{"type", "number", "label", "A", "min", "3", "max", "2"}}},
		{"q0_step", "Enter a number, like 1 or 0.5.", [][]string{{"type", "number", "label", "A", "step", "-1"}}},
		{"q0_type", "Choose text, long_text", [][]string{{"type", "colour", "label", "A"}}},
		{"questions", "Ask at most 10 questions.", slicesOf(12)},
	} {
		form := asking(c.questions...)
		form.Set("marketing_text", "Write to me.")
		got := b.Post("/dashboard/acme/links", form)
		if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.input+`-error"`, c.says, `value="Write to me."`, `id="section-asked" open`) {
			t.Errorf("%s: %d: %s", c.input, got.Status, got.Said())
		}
	}
	// Browsers fold all of a group but the first, so two mistakes are in none.
	const group = `name="questions-unfolded"`
	if got := b.Post("/dashboard/acme/links", asking([]string{"type", "text"}, []string{"type", "text", "label", "A"})); !got.Has(group) {
		t.Errorf("with one mistake: %s", got.Said())
	}
	if got := b.Post("/dashboard/acme/links", asking([]string{"type", "text"}, []string{"type", "text"})); got.Has(group) {
		t.Errorf("with two mistakes: %s", got.Said())
	}
	if n := s.LinkCount(t, acme); n != 0 {
		t.Errorf("%d links are stored", n)
	}
}

// slicesOf are so many questions.
func slicesOf(n int) (all [][]string) {
	for i := range n {
		all = append(all, []string{"type", "text", "label", "Question " + strconv.Itoa(i)})
	}
	return all
}
