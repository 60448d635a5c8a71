package checkout

import (
	"database/sql/driver"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/fault"
	"smartlinks/internal/text"
)

// Answers are what a payer answered, as it is kept with their attempt: with the labels
// as they were. They are stored as JSON, and nothing as an empty text.
type Answers struct {
	Fields    []Answer `json:"fields,omitempty"`
	Phone     string   `json:"phone,omitempty"` // E.164
	Address   *Address `json:"address,omitempty"`
	Company   string   `json:"company,omitempty"`
	VATID     string   `json:"vat_id,omitempty"`
	Consent   *Agreed  `json:"consent,omitempty"`
	Marketing *OptedIn `json:"marketing,omitempty"`
	Reference string   `json:"client_reference_id,omitempty"`
	Campaign  []Pair   `json:"utm,omitempty"`      // utm_… of the address, in their order
	Metadata  []Pair   `json:"metadata,omitempty"` // the link's own, in the order of their keys
}

// Pair is a name and its value.
type Pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Answer is the answer to one question.
type Answer struct {
	Key        string   `json:"key"`
	Label      string   `json:"label"`
	Type       Type     `json:"type"`
	Values     []string `json:"values"` // one, but for Several; "true" of a ticked Checkbox
	ToProvider bool     `json:"to_provider,omitempty"`
}

// Agreed is a text that a payer agreed to.
type Agreed struct {
	Text    string    `json:"text"`
	Version int64     `json:"version"` // of the link that asked
	At      time.Time `json:"at"`
}

// OptedIn says whether a payer wants to be written to.
type OptedIn struct {
	Agreed bool      `json:"agreed"`
	At     time.Time `json:"at"`
}

// Nothing reports whether nothing was answered.
func (a Answers) Nothing() bool { return reflect.ValueOf(a).IsZero() }

// Value is how answers are stored.
func (a Answers) Value() (driver.Value, error) {
	if a.Nothing() {
		return "", nil
	}
	out, err := json.Marshal(a)
	return string(out), err
}

// Scan reads what Value stored.
func (a *Answers) Scan(from any) error {
	*a = Answers{}
	return scan(from, a)
}

// Erased are the answers without what tells who the payer is: the text and the time of a
// consent stay, and what the merchant's own program wrote.
func (a Answers) Erased() Answers { return Answers{Consent: a.Consent, Metadata: a.Metadata} }

// Same reports whether two payers would have answered the same, whenever they did.
func (a Answers) Same(b Answers) bool {
	for _, x := range []*Answers{&a, &b} {
		if x.Consent != nil {
			x.Consent = &Agreed{Text: x.Consent.Text, Version: x.Consent.Version}
		}
		if x.Marketing != nil {
			x.Marketing = &OptedIn{Agreed: x.Marketing.Agreed}
		}
	}
	return reflect.DeepEqual(a, b)
}

// JSON is an answer as programs read it: an array of several, a boolean of a checkbox, a
// text of all others.
func (a Answer) JSON() any {
	switch a.Type {
	case Several:
		return a.Values
	case Checkbox:
		return len(a.Values) > 0
	}
	return strings.Join(a.Values, "")
}

// Said is an answer as people read it.
func (a Answer) Said(yes string) string {
	if a.Type == Checkbox && len(a.Values) > 0 {
		return yes
	}
	return strings.Join(a.Values, ", ")
}

// The codes of what may be wrong with an answer.
const (
	Missing    = "answer.missing"
	NotChosen  = "answer.choose" // a choice, nothing of it
	NotOption  = "answer.option" // it is gone
	BadNumber  = "answer.number"
	OutOfRange = "answer.range"
	OffStep    = "answer.step"
	BadDate    = "answer.date"
	NotTicked  = "answer.tick"
	BadPhone   = "phone.form"
)

// Typed is what a payer sent: the values of an input.
type Typed func(name string) []string

func (t Typed) one(name string) string {
	if values := t(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

var (
	textRule     = text.Rule{Most: 200}
	longTextRule = text.Rule{Most: 2000, Lines: true}
	companyRule  = text.Rule{Most: 120}
)

// Reading is what answers are read with.
type Reading struct {
	Version int64 // of the link whose consent is agreed to
	Now     time.Time
	Phone   func(typed string) (e164 string, ok bool)
}

// Read reads what a payer sent, and tells all that is wrong with it. What the rules don't
// ask is left out.
func (r Rules) Read(sent Typed, by Reading, wrong *fault.Fields) (a Answers) {
	for _, q := range r.Questions {
		if answer := q.read(sent(q.Key), wrong); len(answer.Values) > 0 {
			a.Fields = append(a.Fields, answer)
		}
	}
	if r.Collect.Phone.asked() {
		a.Phone = by.readPhone(strings.TrimSpace(sent.one("phone")), r.Collect.Phone, wrong)
	}
	if r.Collect.Address.asked() {
		a.Address = readAddress(sent, r.Collect.Address, wrong)
	}
	if r.Collect.Company.asked() {
		a.Company = companyRule.Clean("company", sent.one("company"), wrong.Add)
		if a.Company == "" && r.Collect.Company == Required && !wrong.Has("company") {
			wrong.Add("company", Missing, "Enter the name of your company.")
		}
		a.VATID = readVATID(sent.one("vat_id"), wrong)
	}
	if r.Consent != nil {
		if sent.one("consent") != "" {
			a.Consent = &Agreed{Text: r.Consent.Text, Version: by.Version, At: by.Now}
		} else if r.Consent.Required {
			wrong.Add("consent", NotTicked, "Tick this to pay.")
		}
	}
	if r.Marketing != nil {
		a.Marketing = &OptedIn{Agreed: sent.one("marketing") != "", At: by.Now}
	}
	return a
}

func (q Question) read(sent []string, wrong *fault.Fields) Answer {
	a := Answer{Key: q.Key, Label: q.Label, Type: q.Type, ToProvider: q.ToProvider}
	one := Typed(func(string) []string { return sent }).one("")
	switch q.Type {
	case Text, LongText:
		rule := textRule
		if q.Type == LongText {
			rule = longTextRule
		}
		a.add(rule.Clean(q.Key, one, wrong.Add))
	case Number:
		a.add(q.readNumber(one, wrong))
	case Date:
		if one = strings.TrimSpace(one); one != "" {
			if day, err := time.Parse(time.DateOnly, one); err != nil || day.Year() < 1000 {
				wrong.Add(q.Key, BadDate, "Enter a day like 2026-12-31.")
			}
		}
		a.add(one)
	case Checkbox:
		if one != "" {
			a.add("true")
		}
	case Choice, Several:
		for _, o := range q.Options { // in their order, each once
			if slices.Contains(sent, o) {
				a.add(o)
			}
		}
		for _, s := range sent {
			if s != "" && !slices.Contains(q.Options, s) && !wrong.Has(q.Key) {
				wrong.Add(q.Key, NotOption, "This can't be chosen any more. Choose again.")
			}
		}
		if q.Type == Choice && len(a.Values) > 1 {
			a.Values = a.Values[:1]
		}
	}
	if q.Required && len(a.Values) == 0 && !wrong.Has(q.Key) {
		switch q.Type {
		case Choice, Several:
			wrong.Add(q.Key, NotChosen, "Choose one.")
		case Checkbox:
			wrong.Add(q.Key, NotTicked, "Tick this to pay.")
		default:
			wrong.Add(q.Key, Missing, "Answer this.")
		}
	}
	return a
}

func (a *Answer) add(value string) {
	if value != "" {
		a.Values = append(a.Values, value)
	}
}

func (q Question) readNumber(typed string, wrong *fault.Fields) string {
	if strings.TrimSpace(typed) == "" {
		return ""
	}
	d, ok := parseDecimal(typed)
	least, most := q.bounds()
	step, _ := parseDecimal(q.Step)
	switch {
	case !ok:
		wrong.Add(q.Key, BadNumber, "Enter a number, like 2 or 2.5.")
	case q.Min != "" && d < least, q.Max != "" && d > most:
		wrong.Add(q.Key, OutOfRange, "Enter a number within the bounds.")
	case step > 0 && (d-least)%step != 0:
		wrong.Add(q.Key, OffStep, "Enter a number in steps of "+q.Step+".")
	}
	return d.String()
}

func (by Reading) readPhone(typed string, demand Demand, wrong *fault.Fields) string {
	if typed == "" {
		if demand == Required {
			wrong.Add("phone", Missing, "Enter your phone number.")
		}
		return ""
	}
	number, ok := by.Phone(typed)
	if !ok {
		wrong.Add("phone", BadPhone, "Enter a phone number with its country code, like +31 6 12345678.")
	}
	return number
}
