package sms

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// wait bounds a whole exchange with a gateway.
const wait = 15 * time.Second

// wire is the way to a gateway.
type wire struct {
	client *http.Client
	base   string // URL of the API, without a slash at the end
	name   string // of the gateway, for sentences
}

func newWire(client *http.Client, base, usual, name string) wire {
	if base == "" {
		base = usual
	}
	return wire{client: client, base: strings.TrimSuffix(base, "/"), name: name}
}

// do asks once and returns the answer's status and body. An error is a
// *Refusal: doubtful unless no connection came about.
func (w wire) do(ctx context.Context, request *http.Request) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	request.Header.Set("User-Agent", "SmartLinks")
	request.Header.Set("Accept", "application/json")
	answer, err := w.client.Do(request.WithContext(ctx))
	if err != nil {
		return 0, nil, w.silence(err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body) // bounded by the client
	if err != nil {
		return 0, nil, &Refusal{Doubtful: true, Away: true, sentence: w.name + "’s answer was cut off. It is asked again whether it has the message", cause: err}
	}
	return answer.StatusCode, body, nil
}

// silence is a failure without an answer.
func (w wire) silence(err error) *Refusal {
	var op *net.OpError
	var name *net.DNSError
	if errors.As(err, &name) || errors.As(err, &op) && op.Op == "dial" {
		return &Refusal{Away: true, sentence: w.name + " can't be reached", cause: err}
	}
	return &Refusal{Doubtful: true, Away: true, sentence: w.name + " did not answer in time. It is asked whether it has the message before that is sent again", cause: err}
}

// answered is the refusal of a status that is no success; said is what the
// gateway says of it, final whether that is about this message for good.
func (w wire) answered(status int, said string) *Refusal {
	r := &Refusal{cause: errors.New(w.name + " answers " + http.StatusText(status))}
	switch {
	case status == http.StatusUnauthorized:
		r.Account, r.sentence = true, w.name+" does not take the key. Copy a valid one from its dashboard into Settings, SMS"
	case status == http.StatusPaymentRequired:
		r.Account, r.sentence = true, "There is no balance left at "+w.name+". Top it up there"
	case status == http.StatusForbidden:
		r.Account, r.sentence = true, w.name+" does not let this key send SMS. Give it the right there, or enter another in Settings, SMS"
	case status == http.StatusMisdirectedRequest:
		r.Account, r.sentence = true, "This key is of another region of "+w.name+". Make one in the region of your workspace, and copy it whole"
	case status == http.StatusTooManyRequests:
		r.Away, r.sentence = true, w.name+" takes no more messages at the moment"
	case status >= 500:
		r.Away, r.Doubtful, r.sentence = true, true, w.name+" has a fault at the moment"
	default:
		r.Final, r.sentence = true, w.name+" refused the message"
	}
	r.Away = r.Away || r.Account
	if said != "" {
		r.sentence += ": “" + clipped(said) + "”"
	}
	return r
}

// unexplained is the refusal of a status without the gateway's own words: it may
// come from something in between, so it decides nothing but that, after a 401,
// nothing was taken.
func (w wire) unexplained(status int) *Refusal {
	r := w.answered(status, "")
	r.Final, r.Doubtful, r.Away = false, status != http.StatusUnauthorized, true
	return r
}

// garbled is an answer that is no answer of the gateway's.
func (w wire) garbled(err error) *Refusal {
	return &Refusal{Doubtful: true, Away: true, sentence: w.name + "’s answer can't be read. It is asked whether it has the message before that is sent again", cause: err}
}

// maxSaid bounds what is repeated of a gateway's words, in characters.
const maxSaid = 200

func clipped(said string) string {
	if letters := []rune(said); len(letters) > maxSaid {
		return string(letters[:maxSaid]) + "…"
	}
	return said
}
