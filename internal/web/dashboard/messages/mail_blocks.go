package messages

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"smartlinks/internal/message"
	"smartlinks/internal/message/wording"
	"smartlinks/internal/web/dashboard/frame"
)

// blocks are the parts of a mail as they were typed, and what a button for one of them did.
// Without a script its buttons send the form, which comes back with everything as it was.
type blocks struct {
	Parts []wording.Part
	Focus string // what has the focus then
}

// blockField has the places of the blocks, in their order.
const blockField = "block"

// input is the name of an input of a block, and its id.
func input(i int, member string) string { return fmt.Sprintf("b%d_%s", i, member) }

// kindNames are the kinds of blocks in a form.
func kindNames() map[wording.Kind]string {
	return map[wording.Kind]string{
		wording.Heading: "heading", wording.Paragraph: "text", wording.Button: "button", wording.Card: "amount",
		wording.Image: "picture", wording.Rule: "divider", wording.Own: "own",
	}
}

// kinds are those that can be added, in the order in which they are offered.
func kinds(k message.Kind) []wording.Kind {
	all := []wording.Kind{wording.Heading, wording.Paragraph, wording.Button, wording.Card, wording.Image, wording.Rule}
	if !slices.Contains(message.Variables(k), wording.Summary) {
		all = slices.Delete(all, 3, 4)
	}
	return all
}

func kindNamed(name string) (wording.Kind, bool) {
	for k, n := range kindNames() {
		if n == name {
			return k, true
		}
	}
	return 0, false
}

// elsewhere is the choice of a button that leads to an address of one's own.
const elsewhere = "elsewhere"

func blocksFrom(form url.Values) (parts []wording.Part) {
	for _, place := range form[blockField] {
		i, err := strconv.Atoi(place)
		if err != nil || i < 0 || len(parts) > wording.MaxParts { // one too many is refused; more are nobody's
			continue
		}
		typed := func(member string) string { return form.Get(input(i, member)) }
		kind, known := kindNamed(typed("kind"))
		if !known {
			continue
		}
		p := wording.Part{Kind: kind, Text: strings.ReplaceAll(typed("text"), "\r\n", "\n"), When: typed("when"), Picture: typed("picture")}
		if to := typed("to"); kind == wording.Button {
			if p.Address = to; to == elsewhere || to == "" {
				p.Address = strings.TrimSpace(typed("address"))
			}
		}
		parts = append(parts, p)
	}
	return parts
}

// The acts on blocks: the value of a button, which ends with a kind or a place.
const (
	addAct    = "block-add-"
	upAct     = "block-up-"
	downAct   = "block-down-"
	copyAct   = "block-copy-"
	removeAct = "block-remove-"
	showAct   = "block-show" // as they are: a picture was chosen, or the order is another one
)

// act does what a button for a block asks for; false: the form was sent for something else.
func (b *blocks) act(act string) bool {
	if act == showAct {
		return true
	}
	if name, is := strings.CutPrefix(act, addAct); is {
		if kind, known := kindNamed(name); known && len(b.Parts) < wording.MaxParts {
			b.Parts = append(b.Parts, wording.Part{Kind: kind})
			b.Focus = firstInput(len(b.Parts)-1, kind)
		}
		return true
	}
	for _, prefix := range []string{upAct, downAct, copyAct, removeAct} {
		place, is := strings.CutPrefix(act, prefix)
		if !is {
			continue
		}
		if i, err := strconv.Atoi(place); err == nil && i >= 0 && i < len(b.Parts) {
			b.change(prefix, i)
		}
		return true
	}
	return false
}

// firstInput is where the cursor goes in a block that was added just now.
func firstInput(i int, k wording.Kind) string {
	switch k {
	case wording.Card, wording.Rule:
		return removeAct + strconv.Itoa(i)
	case wording.Image:
		return input(i, "file")
	case wording.Paragraph, wording.Heading, wording.Button, wording.Own:
	}
	return input(i, "text")
}

func (b *blocks) change(act string, i int) {
	to := i
	switch {
	case act == removeAct:
		b.Parts = slices.Delete(b.Parts, i, i+1)
		b.Focus = addAct + "text"
		if i > 0 {
			b.Focus = removeAct + strconv.Itoa(i-1)
		}
		return
	case act == copyAct:
		if len(b.Parts) < wording.MaxParts {
			b.Parts = slices.Insert(b.Parts, i+1, b.Parts[i])
			b.Focus = firstInput(i+1, b.Parts[i].Kind)
		}
		return
	case act == upAct && i > 0:
		to = i - 1
	case act == downAct && i < len(b.Parts)-1:
		to = i + 1
	}
	b.Parts[i], b.Parts[to] = b.Parts[to], b.Parts[i]
	b.Focus = act + strconv.Itoa(to)
	switch { // what can't be pressed can't have the focus
	case to == 0 && act == upAct:
		b.Focus = downAct + "0"
	case to == len(b.Parts)-1 && act == downAct:
		b.Focus = upAct + strconv.Itoa(to)
	}
}

// files are the inputs of pictures.
func files() (inputs []string) {
	for i := range wording.MaxParts {
		inputs = append(inputs, input(i, "file"))
	}
	return inputs
}

// blockTitle names a block for those who don't see where its buttons stand.
func blockTitle(reader frame.Reader, i int, p wording.Part) string {
	return reader.T("{{.Kind}}, block {{.Number}}", "Kind", kindLabel(reader, p.Kind), "Number", strconv.Itoa(i+1))
}

func kindLabel(reader frame.Reader, k wording.Kind) string {
	switch k {
	case wording.Heading:
		return reader.T("Heading|of an email")
	case wording.Button:
		return reader.T("Button|of an email")
	case wording.Card:
		return reader.T("Amount|of an email")
	case wording.Image:
		return reader.T("Picture|of an email")
	case wording.Rule:
		return reader.T("Divider|of an email")
	case wording.Own:
		return reader.T("Own text|of an email")
	case wording.Paragraph:
	}
	return reader.T("Text|of an email")
}

func kindIcon(k wording.Kind) string {
	switch k {
	case wording.Heading:
		return "heading"
	case wording.Button:
		return "rectangle-horizontal"
	case wording.Card:
		return "banknote"
	case wording.Image:
		return "image"
	case wording.Rule:
		return "minus"
	case wording.Own:
		return "code"
	case wording.Paragraph:
	}
	return "type"
}

// fault is what is wrong with a block.
func (v mailTemplateView) fault(i int) string {
	if refused := v.Errors[input(i, "file")]; refused != "" {
		return refused
	}
	return v.Errors[fmt.Sprintf("blocks[%d]", i)]
}

// marks tell a field's fault, and that it has the focus.
func (v mailTemplateView) marks(i int, id string) templ.Attributes {
	marks := templ.Attributes{}
	if v.fault(i) != "" {
		marks["aria-invalid"], marks["aria-describedby"] = "true", input(i, "error")
	}
	if v.Focus == id {
		marks["autofocus"] = true
	}
	return marks
}

// pictureID is the id of a picture without its size.
func pictureID(picture string) string {
	imageID, _, _ := strings.Cut(picture, "/")
	return imageID
}
