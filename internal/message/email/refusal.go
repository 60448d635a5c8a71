package email

import (
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"regexp"
	"strings"
	"unicode"
)

// Step is a part of the conversation with a server.
type Step string

// The steps, as a sentence goes on after "while".
const (
	Writing    Step = "writing the mail"
	Connecting Step = "connecting"
	Greeting   Step = "greeting"
	Encrypting Step = "starting TLS"
	SigningIn  Step = "signing in"
	Sender     Step = "naming the sender"
	Recipient  Step = "naming the recipient"
	Content    Step = "handing over the mail"
)

// Refusal says why a letter was not taken. Its text is for people, and holds
// what the server said.
type Refusal struct {
	Step Step
	// Code is the server's (RFC 5321, 4.2), 0 when it said nothing.
	Code int
	// Final says that trying again would change nothing: the server refused
	// this letter with 5xx. What it refuses of us (5xx to the greeting or the
	// password) can be mended, so it isn't, and neither is a full mailbox.
	Final bool
	// Away says that the server as a whole can't be used now, so that other
	// letters for it had better wait too.
	Away   bool
	server string
	cause  error
}

// Error returns the sentence.
func (r *Refusal) Error() string {
	if r.Code != 0 {
		return fmt.Sprintf("%s answered “%s” while %s", r.server, said(r.cause), r.Step)
	}
	if r.server == "" {
		return fmt.Sprintf("while %s: %v", r.Step, r.cause)
	}
	return fmt.Sprintf("%s can't be used while %s: %s", r.server, r.Step, plain(r.cause))
}

// Unwrap returns the cause.
func (r *Refusal) Unwrap() error { return r.cause }

func (s *SMTP) refusal(step Step, cause error) *Refusal {
	r := &Refusal{Step: step, server: s.Server.Name(), cause: cause}
	var answer *textproto.Error
	if errors.As(cause, &answer) {
		r.Code = answer.Code
	}
	aboutLetter := step == Sender || step == Recipient || step == Content
	r.Final = aboutLetter && r.Code >= 500 && r.Code < 600 && !full(answer)
	r.Away = !aboutLetter || r.Code == 0 || r.Code == 421
	return r
}

// full reports whether an answer speaks of a full mailbox, which people empty: 5.2.2
// (RFC 3463, 3.3), and a 552 that says nothing closer (RFC 5321, 4.5.3.1.10).
func full(answer *textproto.Error) bool {
	class := enhanced.FindString(answer.Msg)
	return class == "5.2.2" || class == "" && answer.Code == 552
}

// BadAddress reports whether the server refused the recipient's address itself
// for good, so that nothing will ever arrive there. What an enhanced code
// (RFC 3463) lays on policy or on a full mailbox, 5.7.x and 5.2.2, is not the
// address's fault.
func (r *Refusal) BadAddress() bool {
	if r.Step != Recipient || !r.Final {
		return false
	}
	var answer *textproto.Error
	if !errors.As(r.cause, &answer) {
		return false
	}
	if class := enhanced.FindString(answer.Msg); class != "" {
		return strings.HasPrefix(class, "5.1.") && class != "5.1.8" || class == "5.2.1"
	}
	return answer.Code == 550 || answer.Code == 553
}

// enhanced is the code with which an answer may begin (RFC 2034, 4).
var enhanced = regexp.MustCompile(`^5\.\d{1,3}\.\d{1,3}\b`)

// maxSaid bounds what is repeated of a server's words, in characters.
const maxSaid = 300

// said is what the server answered, on one line.
func said(err error) string {
	var answer *textproto.Error
	if !errors.As(err, &answer) {
		return ""
	}
	return clipped(fmt.Sprintf("%d %s", answer.Code, answer.Msg))
}

// plain is an error without what only programmers read.
func plain(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	return clipped(err.Error())
}

func clipped(text string) string {
	text = strings.ToValidUTF8(strings.Join(strings.FieldsFunc(text, func(c rune) bool {
		return unicode.IsSpace(c) || unicode.IsControl(c)
	}), " "), "?")
	if letters := []rune(text); len(letters) > maxSaid {
		return string(letters[:maxSaid]) + "…"
	}
	return text
}
