package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio's choice; HMAC-SHA1 is not broken.
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const twilioAPI = "https://api.twilio.com"

// Twilio is an account at Twilio.
type Twilio struct {
	wire
	account Account
}

// messages is the path of "Message resource".
func (t *Twilio) messages() string {
	return "/2010-04-01/Accounts/" + url.PathEscape(t.account.User) + "/Messages.json"
}

// SendSMS implements Gateway.
func (t *Twilio) SendSMS(ctx context.Context, m Message) (string, error) {
	form := url.Values{"To": {m.To}, "Body": {m.Text}}
	if validService.MatchString(m.From) {
		form.Set("MessagingServiceSid", m.From)
	} else {
		form.Set("From", m.From)
	}
	if m.ReportURL != "" {
		form.Set("StatusCallback", m.ReportURL)
	}
	var made struct {
		SID string `json:"sid"`
	}
	if err := t.ask(ctx, http.MethodPost, t.messages(), form, &made); err != nil {
		return "", err
	}
	if made.SID == "" {
		return "", t.garbled(errors.New("a message without a sid"))
	}
	return made.SID, nil
}

// FindSMS implements Finder. Twilio keeps no id of ours, but the text does: no
// two messages have the same short link.
func (t *Twilio) FindSMS(ctx context.Context, m Message) (string, error) {
	var list struct {
		Messages []struct {
			SID  string `json:"sid"`
			Body string `json:"body"`
		} `json:"messages"`
	}
	query := url.Values{"To": {m.To}, "PageSize": {"50"}}
	if err := t.ask(ctx, http.MethodGet, t.messages()+"?"+query.Encode(), nil, &list); err != nil {
		return "", err
	}
	for _, found := range list.Messages {
		if found.Body == m.Text {
			return found.SID, nil
		}
	}
	return "", nil
}

func (t *Twilio) ask(ctx context.Context, method, path string, form url.Values, out any) error {
	request, err := http.NewRequest(method, t.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	request.SetBasicAuth(t.account.User, t.account.Key)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	status, answer, err := t.do(ctx, request)
	if err != nil {
		return err
	}
	if status/100 != 2 {
		return t.refusal(status, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return t.garbled(err)
	}
	return nil
}

// The codes of Twilio's "Error and Warning Dictionary" that need more than
// their status.
const (
	invalidTo     = 21211
	noMobile      = 21614
	optedOut      = 21610
	noSuchPhone   = 30005
	landline      = 30006
	unknownReason = 30008
)

// refusal reads {"code", "message", "status"}.
func (t *Twilio) refusal(status int, answer []byte) *Refusal {
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(answer, &said); err != nil || said.Message == "" {
		return t.unexplained(status)
	}
	r := t.answered(status, said.Message)
	r.BadNumber = r.Final && (said.Code == invalidTo || said.Code == noMobile)
	if said.Code == optedOut {
		r.sentence = "They answered STOP to this number, so Twilio takes no messages for them"
	}
	return r
}

// ReadHook implements Line: status callbacks and incoming messages are forms.
func (t *Twilio) ReadHook(h Hook) (Event, bool) {
	form, err := url.ParseQuery(string(h.Body))
	if err != nil {
		return Event{}, false
	}
	return twilioEvent(form), t.signed(h, form)
}

func twilioEvent(form url.Values) Event {
	status := form.Get("MessageStatus")
	if status == "" {
		kind := form.Get("OptOutType")
		return Event{From: form.Get("From"), Text: form.Get("Body"), Stop: kind == "STOP", Start: kind == "START"}
	}
	e := Event{GatewayID: form.Get("MessageSid")}
	switch status {
	case "sent":
		e.State = Sent
	case "delivered", "read":
		e.State = Delivered
	case "failed", "undelivered", "canceled":
		code, _ := strconv.Atoi(form.Get("ErrorCode"))
		e.State, e.Reason = Failed, failedBecause(code)
		e.BadNumber = code == noSuchPhone || code == landline || code == invalidTo || code == noMobile
	}
	return e
}

func failedBecause(code int) string {
	switch code {
	case 30003:
		return "The phone is off or out of reach"
	case 30004:
		return "The phone takes no messages from you"
	case noSuchPhone, invalidTo:
		return "The network knows no such number"
	case landline, noMobile:
		return "This number takes no SMS; it may be a landline"
	case 30007:
		return "The network took it for spam"
	case 0, unknownReason:
		return "The network could not deliver it"
	}
	return "The network could not deliver it (Twilio’s error " + strconv.Itoa(code) + ")"
}

// signed checks X-Twilio-Signature ("Security", Validating requests): HMAC-SHA1
// with the auth token over the URL and, in order, each field and its value.
func (t *Twilio) signed(h Hook, form url.Values) bool {
	given, err := base64.StdEncoding.DecodeString(h.Header.Get("X-Twilio-Signature"))
	if err != nil {
		return false
	}
	mac := hmac.New(sha1.New, []byte(t.account.Key))
	mac.Write([]byte(h.URL))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range slices.Compact(slices.Sorted(slices.Values(form[name]))) {
			mac.Write([]byte(name + value))
		}
	}
	return hmac.Equal(given, mac.Sum(nil))
}
