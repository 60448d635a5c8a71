// Package wording is the small language in which merchants write mails: text
// with {{variables}}, {{if variable}} … {{else}} … {{end}}, a heading, buttons.
// It can do nothing else: no loops, no functions, no reach into the program.
package wording

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Summary is the variable that stands for the card with the facts. It must be
// alone on its line.
const Summary = "summary"

// Divider and Picture are what a mail may have beside its variables, alone on their
// lines: {{divider}} is a rule between blocks, {{picture img_01…/600x400 what it shows}}
// a picture of the business.
const (
	Divider = "divider"
	Picture = "picture"
)

// maxDepth bounds how deep conditions may stand in each other.
const maxDepth = 8

// Error says what is wrong with a template, and where. Its text is for the
// person who wrote it.
type Error struct {
	Line    int // from 1
	Message string
}

// Error implements error: "Line 3: …".
func (e *Error) Error() string { return fmt.Sprintf("Line %d: %s", e.Line, e.Message) }

// Template is a text that was understood. The zero value is empty.
type Template struct{ nodes []node }

// node is a piece of literal text, a variable, a picture, or a condition.
type node struct {
	text      string // of a picture what it shows
	name      string
	picture   string // id and size
	condition bool
	then, els []node
}

// Parse reads a template that may use the named variables. Every error is an
// *Error.
func Parse(source string, names []string) (Template, error) {
	p := &parser{names: names, line: 1}
	lines := strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n")
	for i, line := range lines {
		p.line = i + 1
		if err := checkLine(line); err != "" {
			return Template{}, p.wrong("%s", err)
		}
		if i < len(lines)-1 && !onlyControl(line) {
			line += "\n"
		}
		if err := p.readLine(line); err != nil {
			return Template{}, err
		}
	}
	if len(p.open) > 0 {
		p.line = p.open[len(p.open)-1].line
		return Template{}, p.wrong("this {{if}} has no {{end}}.")
	}
	return Template{p.done}, nil
}

// parser collects nodes; open are the conditions that have not ended.
type parser struct {
	names []string
	line  int
	done  []node
	open  []opened
}

// opened is a condition that is being read.
type opened struct {
	line   int
	name   string
	then   []node
	els    []node
	inElse bool
}

func (p *parser) wrong(format string, arguments ...any) error {
	return &Error{Line: p.line, Message: fmt.Sprintf(format, arguments...)}
}

// readLine reads one line; a tag never spans two.
func (p *parser) readLine(line string) error {
	for line != "" {
		text, rest, found := strings.Cut(line, "{{")
		p.add(node{text: text})
		if !found {
			return nil
		}
		tag, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return p.wrong("“{{” has no “}}” on this line.")
		}
		if err := p.readTag(strings.TrimSpace(tag)); err != nil {
			return err
		}
		line = after
	}
	return nil
}

func (p *parser) readTag(tag string) error {
	name, isIf := strings.CutPrefix(tag, "if ")
	switch {
	case isIf:
		return p.begin(strings.TrimSpace(name))
	case tag == "else":
		return p.otherwise()
	case tag == "end":
		return p.end()
	case tag == "":
		return p.wrong("{{}} names no variable.")
	}
	if parts := pictureTag.FindStringSubmatch(tag); parts != nil && slices.Contains(p.names, Picture) {
		p.add(node{name: Picture, picture: parts[1], text: strings.TrimSpace(parts[2])})
		return nil
	}
	if err := p.check(tag); err != nil {
		return err
	}
	p.add(node{name: tag})
	return nil
}

// pictureTag is a picture: its id with its size, and what it shows.
var pictureTag = regexp.MustCompile(`^picture (img_[0-9a-z]{1,40}/[1-9][0-9]{0,3}x[1-9][0-9]{0,3})((?: .*)?)$`)

// check refuses what is no variable of this mail.
func (p *parser) check(name string) error {
	if slices.Contains(p.names, name) && name != Picture {
		return nil
	}
	var shown []string
	for _, n := range p.names {
		if n != Picture && n != Divider {
			shown = append(shown, "{{"+n+"}}")
		}
	}
	return p.wrong("there is no {{%s}}. You can use %s.", name, strings.Join(shown, ", "))
}

func (p *parser) begin(name string) error {
	if err := p.check(name); err != nil {
		return err
	}
	if name == Summary || name == Divider {
		return p.wrong("{{%s}} is always there; ask for another variable.", name)
	}
	if len(p.open) == maxDepth {
		return p.wrong("conditions stand more than %d deep in each other.", maxDepth)
	}
	p.open = append(p.open, opened{line: p.line, name: name})
	return nil
}

func (p *parser) otherwise() error {
	if len(p.open) == 0 {
		return p.wrong("{{else}} has no {{if}} before it.")
	}
	last := &p.open[len(p.open)-1]
	if last.inElse {
		return p.wrong("this {{if}} has two {{else}}.")
	}
	last.inElse = true
	return nil
}

func (p *parser) end() error {
	if len(p.open) == 0 {
		return p.wrong("{{end}} has no {{if}} before it.")
	}
	last := p.open[len(p.open)-1]
	p.open = p.open[:len(p.open)-1]
	p.add(node{condition: true, name: last.name, then: last.then, els: last.els})
	return nil
}

// add puts a node where the parser is.
func (p *parser) add(n node) {
	switch {
	case n.text == "" && n.name == "":
	case len(p.open) == 0:
		p.done = append(p.done, n)
	case p.open[len(p.open)-1].inElse:
		last := &p.open[len(p.open)-1]
		last.els = append(last.els, n)
	default:
		last := &p.open[len(p.open)-1]
		last.then = append(last.then, n)
	}
}

var controls = regexp.MustCompile(`^\s*(\{\{\s*(if [a-z_]+|else|end)\s*\}\}\s*)+$`)

// onlyControl reports whether a line holds nothing but conditions; such a line
// leaves no line behind.
func onlyControl(line string) bool { return controls.MatchString(line) }

var (
	button  = regexp.MustCompile(`^\s*\[((?:[^\]]|\]+[^\](])*\]*)\]\((\S*|[^()]*)\)\s*$`)
	address = regexp.MustCompile(`^\{\{\s*[a-z_]+_url\s*\}\}$|^https?://\S+$`)
)

// whole finds what stands alone on its line.
var whole = regexp.MustCompile(`\{\{\s*(` + Summary + `|` + Divider + `|` + Picture + ` [^{}]*)\s*\}\}`)

// checkLine says what is wrong with a line that is a button or has the card.
func checkLine(line string) string {
	parts := button.FindStringSubmatch(line)
	alone := whole.FindStringSubmatch(line)
	switch {
	case alone != nil && strings.TrimSpace(whole.ReplaceAllString(line, "")) != "":
		name, _, _ := strings.Cut(alone[1], " ")
		return "{{" + name + "}} stands alone on its line."
	case parts == nil:
		return ""
	case strings.TrimSpace(parts[1]) == "":
		return "the button has no words between its brackets."
	case !address.MatchString(parts[2]):
		return "a button leads to an address like https://example.com, or to a variable that ends with _url."
	}
	return ""
}
