package wording

import "fmt"

// Draft is a template as its writer sees it: a subject with {fields}, and blocks.
type Draft struct {
	Subject string
	// AsStored tells that the subject is in the language of templates, because it says
	// what words with fields can't, such as a condition.
	AsStored bool
	Parts    []Part
}

// MaxParts bounds the blocks of a mail.
const MaxParts = 60

// Open makes a draft of a template, whose subject and body may name these.
func Open(subject, body string, line, whole []string) Draft {
	d := Draft{Parts: Cut(body, whole)}
	if len(d.Parts) > MaxParts {
		d.Parts = []Part{{Kind: Own, Text: body}}
	}
	words, ok := Words(subject, line)
	d.Subject, d.AsStored = words, !ok
	if !ok {
		d.Subject = subject
	}
	return d
}

// Source is the template that says what the draft says. add takes what is wrong with its
// fields "subject", "body" and "blocks[2]"; such blocks are left out.
func (d Draft) Source(line, whole []string, add func(field, says string)) (subject, body string) {
	subject = d.Subject
	if !d.AsStored {
		source, err := Source(d.Subject, line)
		if err != nil {
			add("subject", err.Error())
		} else {
			subject = source
		}
	}
	if len(d.Parts) > MaxParts {
		add("body", fmt.Sprintf("A mail has at most %d blocks. Remove one first.", MaxParts))
	}
	body, faults := Join(d.Parts, whole)
	for i := range d.Parts {
		if err := faults[i]; err != nil {
			add(fmt.Sprintf("blocks[%d]", i), err.Error())
		}
	}
	return subject, body
}
