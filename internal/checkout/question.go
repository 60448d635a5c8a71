package checkout

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Type says how a question is answered.
type Type string

// The types of questions.
const (
	Text     Type = "text"
	LongText Type = "long_text"
	Number   Type = "number"
	Choice   Type = "choice"
	Several  Type = "several"
	Checkbox Type = "checkbox"
	Date     Type = "date"
)

// Question is something that a payer is asked.
type Question struct {
	Key        string   `json:"key"`
	Label      string   `json:"label"`
	Help       string   `json:"help,omitempty"`
	Type       Type     `json:"type"`
	Required   bool     `json:"required,omitempty"`
	Options    []string `json:"options,omitempty"` // of Choice and Several
	Min        string   `json:"min,omitempty"`     // of Number, decimal; "" is none
	Max        string   `json:"max,omitempty"`
	Step       string   `json:"step,omitempty"`        // from Min on
	ToProvider bool     `json:"to_provider,omitempty"` // the answer goes to the payment provider too
}

// The bounds of questions.
const (
	MaxQuestions = 10
	MaxOptions   = 50
	MaxKey       = 40 // characters, as those below
	MaxLabel     = 120
	MaxHelp      = 200
	MaxOption    = 80
)

var (
	keyForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	labelRule  = text.Rule{Most: MaxLabel, Required: true}
	helpRule   = text.Rule{Most: MaxHelp}
	optionRule = text.Rule{Most: MaxOption, Required: true}
)

// taken are the names of other parameters and inputs of the page.
var taken = []string{
	"name", "email", "amount", "notes", "lang", "language", "phone", "quantity", "code", "tip", "tip_own", "cover_fee", "method", "client_reference_id", "via", "lock",
	"disabled", "product", "version", "price", "total", "terms", "website", "suggest", "step", "embed", "link", "once_more", "start_again", "forget", "apply", "remove",
	"waiting_email", "waiting_quantity", "price_currency", "code_apply", "code_remove", "code_ended",
	"company", "vat_id", "line1", "line2", "postal_code", "city", "region", "country", "address", "postal", "consent", "marketing", "key", "recalculate", "reference", "offer",
}

// IsTaken reports whether a key would be mistaken for something else of the page.
func IsTaken(key string) bool {
	return slices.Contains(taken, key) || strings.HasPrefix(key, "utm_") || strings.HasPrefix(key, "customfield_")
}

// cards are words of labels that ask for what only a provider may ask.
var cards = regexp.MustCompile(`(?i)card ?number|number of (your )?card|credit ?card|debit ?card|\bcvc\b|\bcvv2?\b|security code|kaartnummer|creditcard|pasnummer|kartennummer|kreditkarte|num[ée]ro de (la )?carte|carte (bancaire|de cr[ée]dit)|n[úu]mero de (la )?tarjeta|tarjeta de cr[ée]dito|رقم البطاقة|بطاقة الائتمان`)

// cleanQuestions refuses questions that nobody could answer, at the fields of the API.
func (r *Rules) cleanQuestions(wrong *fault.Fields) {
	if len(r.Questions) > MaxQuestions {
		wrong.Add("questions", "questions.many", fmt.Sprintf("Ask at most %d questions.", MaxQuestions))
		return
	}
	keys := map[string]bool{}
	for i := range r.Questions {
		q := &r.Questions[i]
		at := func(name string) string { return fmt.Sprintf("questions[%d].%s", i, name) }
		q.Key = strings.TrimSpace(q.Key)
		switch {
		case !keyForm.MatchString(q.Key):
			wrong.Add(at("key"), "question.key", "Use a lower-case letter and then letters, digits and _, at most 40 in all.")
		case IsTaken(q.Key):
			wrong.Add(at("key"), "question.taken", "The page uses this name itself. Choose another key.")
		case keys[q.Key]:
			wrong.Add(at("key"), "question.twice", "Another question has this key. Choose another one.")
		}
		keys[q.Key] = true
		q.Label = labelRule.Clean(at("label"), q.Label, wrong.Add)
		q.Help = helpRule.Clean(at("help"), q.Help, wrong.Add)
		if cards.MatchString(text.Fold(q.Label)) {
			wrong.Add(at("label"), "question.card", "Don't ask for card details: payers enter those at the payment provider alone.")
		}
		q.cleanType(at, wrong)
	}
}

func (q *Question) cleanType(at func(string) string, wrong *fault.Fields) {
	if q.Type != Choice && q.Type != Several {
		q.Options = nil
	}
	if q.Type != Number {
		q.Min, q.Max, q.Step = "", "", ""
	}
	switch q.Type {
	case Text, LongText, Checkbox, Date:
	case Choice, Several:
		least := 2
		if q.Type == Several {
			least = 1
		}
		if len(q.Options) < least || len(q.Options) > MaxOptions {
			wrong.Add(at("options"), "question.options", fmt.Sprintf("Give %d to %d options.", least, MaxOptions))
			return
		}
		for i, o := range q.Options {
			if q.Options[i] = optionRule.Clean(at("options"), o, wrong.Add); slices.Contains(q.Options[:i], q.Options[i]) {
				wrong.Add(at("options"), "question.option_twice", "Two options are the same. Leave one of them out.")
			}
		}
	case Number:
		for name, value := range map[string]*string{"min": &q.Min, "max": &q.Max, "step": &q.Step} {
			if *value == "" {
				continue
			}
			if d, ok := parseDecimal(*value); !ok || name == "step" && d <= 0 {
				wrong.Add(at(name), "question.number", "Enter a number, like 1 or 0.5.")
			} else {
				*value = d.String()
			}
		}
		if least, most := q.bounds(); q.Min != "" && q.Max != "" && least > most {
			wrong.Add(at("max"), "question.order", "Choose a maximum that is not below the minimum.")
		}
	default:
		wrong.Add(at("type"), "question.type", "Choose text, long_text, number, choice, several, checkbox or date.")
	}
}

func (q Question) bounds() (least, most decimal) {
	least, _ = parseDecimal(q.Min)
	most, _ = parseDecimal(q.Max)
	return least, most
}
