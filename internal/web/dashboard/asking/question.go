package asking

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"smartlinks/internal/checkout"
	"smartlinks/internal/web/dashboard/frame"
)

// Question is a question as it was typed. Without a key it gets one from its label.
type Question struct {
	Key, Label, Help, Type string
	Options                string // of a choice, one a line
	Min, Max, Step         string // of a number
	Required, ToProvider   bool
}

// members are the fields of a question that something may be wrong with.
var members = []string{"key", "label", "help", "type", "options", "min", "max", "step"}

// field is a member of a question in the API, from 0 on.
func field(i int, member string) string { return fmt.Sprintf("questions[%d].%s", i, member) }

// input is the name of its input, and its id.
func input(i int, member string) string { return fmt.Sprintf("q%d_%s", i, member) }

// questionField has the places of the questions, in their order.
const questionField = "question"

func questionsFrom(form url.Values) (all []Question) {
	for _, place := range form[questionField] {
		i, err := strconv.Atoi(place)
		if err != nil || i < 0 || len(all) > checkout.MaxQuestions { // one too many is refused; more are nobody's
			continue
		}
		typed := func(member string) string { return form.Get(input(i, member)) }
		all = append(all, Question{
			Key: strings.TrimSpace(typed("key")), Label: typed("label"), Help: typed("help"), Type: typed("type"), Options: typed("options"),
			Min: strings.TrimSpace(typed("min")), Max: strings.TrimSpace(typed("max")), Step: strings.TrimSpace(typed("step")),
			Required: typed("required") == "on", ToProvider: typed("to_provider") == "on",
		})
	}
	return all
}

func questionsOf(stored []checkout.Question, fresh bool, language string) []Question {
	made := make([]checkout.Question, len(stored)) // the labels alone
	for i, q := range stored {
		made[i].Label = q.Label
	}
	suggested := checkout.SuggestKeys(made, language)
	all := make([]Question, len(stored))
	for i, q := range stored {
		all[i] = Question{
			Key: q.Key, Label: q.Label, Help: q.Help, Type: string(q.Type), Options: strings.Join(q.Options, "\n"),
			Min: q.Min, Max: q.Max, Step: q.Step, Required: q.Required, ToProvider: q.ToProvider,
		}
		if fresh && suggested[i] == q.Key {
			all[i].Key = ""
		}
	}
	return all
}

// questions are what the fields say.
func (v Values) questions() (all []checkout.Question) {
	for _, q := range v.Questions {
		all = append(all, checkout.Question{
			Key: q.Key, Label: q.Label, Help: q.Help, Type: checkout.Type(q.Type), Required: q.Required, ToProvider: q.ToProvider,
			Options: linesOf(q.Options), Min: q.Min, Max: q.Max, Step: q.Step,
		})
	}
	for i, key := range checkout.SuggestKeys(all, v.Language) {
		all[i].Key = key
	}
	return all
}

// linesOf are the lines of a text that hold something.
func linesOf(typed string) (lines []string) {
	for line := range strings.Lines(typed) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// The acts on questions: the value of a button, which may end with the place of one.
const (
	addAct    = "question-add"
	upAct     = "question-up-"
	downAct   = "question-down-"
	removeAct = "question-remove-"
	showAct   = "question-show" // as they are: what a draft has typed
)

// Acted is what a button for a question did: which one is unfolded then, from 1 on, 0 for
// none, and what has the focus.
type Acted struct {
	Open  int
	Focus string
}

// addID is the button that adds a question.
const addID = "question-add"

// Act does what a button for a question asks for; false: the form was sent for something
// else.
func (v *Values) Act(form url.Values) (done Acted, acted bool) {
	act := form.Get("act")
	switch act {
	case showAct:
		return done, true
	case addAct:
		if len(v.Questions) < checkout.MaxQuestions {
			v.Questions = append(v.Questions, Question{Type: string(checkout.Text)})
		}
		return Acted{len(v.Questions), input(len(v.Questions)-1, "label")}, true
	}
	for _, prefix := range []string{upAct, downAct, removeAct} {
		place, is := strings.CutPrefix(act, prefix)
		if !is {
			continue
		}
		if i, err := strconv.Atoi(place); err == nil && i >= 0 && i < len(v.Questions) {
			done.Focus = v.change(prefix, i)
		}
		return done, true
	}
	return done, false
}

// change moves or removes a question, and tells what has the focus then.
func (v *Values) change(act string, i int) (focus string) {
	to := i
	switch {
	case act == removeAct:
		v.Questions = slices.Delete(v.Questions, i, i+1)
		return addID
	case act == upAct && i > 0:
		to = i - 1
	case act == downAct && i < len(v.Questions)-1:
		to = i + 1
	}
	v.Questions[i], v.Questions[to] = v.Questions[to], v.Questions[i]
	if to == 0 { // it can only go down
		act = downAct
	} else if to == len(v.Questions)-1 {
		act = upAct
	}
	return act + strconv.Itoa(to)
}

// Line is a question as a list shows it.
type Line struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Text  string `json:"text"`
	Fills string `json:"fills"` // how an address fills it in
}

// Lines are the questions as a list shows them.
func (v Values) Lines(reader frame.Reader) []Line {
	lines := []Line{}
	for _, q := range v.questions() {
		lines = append(lines, Line{Key: q.Key, Title: titleOf(reader, q.Label), Text: lineOf(reader, q), Fills: "?" + q.Key + "=" + sampleOf(q)})
	}
	return lines
}

func titleOf(reader frame.Reader, label string) string {
	if label = strings.TrimSpace(label); label != "" {
		return label
	}
	return reader.T("New question")
}

// lineOf is the type of a question with what there is to choose, or what it says below.
func lineOf(reader frame.Reader, q checkout.Question) string {
	more := q.Help
	if (q.Type == checkout.Choice || q.Type == checkout.Several) && len(q.Options) > 0 {
		more = strings.Join(q.Options, ", ")
	}
	if more == "" {
		return typeName(reader, q.Type)
	}
	return reader.T("{{.Type}}: {{.More}}", "Type", typeName(reader, q.Type), "More", more)
}

// sampleOf is an answer, as an address has it.
func sampleOf(q checkout.Question) string {
	switch q.Type {
	case checkout.Choice, checkout.Several:
		if len(q.Options) > 0 {
			return url.QueryEscape(q.Options[len(q.Options)-1])
		}
	case checkout.Number:
		return "2"
	case checkout.Date:
		return "2026-12-31"
	case checkout.Checkbox:
		return "yes"
	}
	return "…"
}
