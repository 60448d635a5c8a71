package smstest

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"smartlinks/internal/message/sms"
)

// twilioMembers are the members of the form of POST Messages.json.
var twilioMembers = []string{
	"AddressRetention", "ApplicationSid", "Attempt", "Body", "ContentRetention", "ContentSid", "ContentVariables", "FallbackFrom", "ForceDelivery", "From",
	"MaxPrice", "MediaUrl", "MessagingServiceSid", "PersistentAction", "ProvideFeedback", "RiskCheck", "ScheduleType", "SendAsMms", "SendAt", "ShortenUrls",
	"SmartEncoded", "StatusCallback", "To", "TrafficType", "ValidityPeriod",
}

// maxTwilioBody is how many characters a text may have (Twilio's error 21617).
const maxTwilioBody = 1600

func (s *Server) twilioAllowed(w http.ResponseWriter, r *http.Request) bool {
	if s.refused(w) {
		return false
	}
	user, token, _ := r.BasicAuth()
	if user != SID || token != Token {
		twilioProblem(w, http.StatusUnauthorized, 20003, "Authenticate")
		return false
	}
	return true
}

func twilioProblem(w http.ResponseWriter, status, code int, message string) {
	answer(w, status, map[string]any{"code": code, "message": message, "more_info": "https://www.twilio.com/docs/errors/" + strconv.Itoa(code), "status": status})
}

func (s *Server) twilio(w http.ResponseWriter, r *http.Request) {
	if !s.twilioAllowed(w, r) {
		return
	}
	body, _ := io.ReadAll(r.Body)
	form, err := url.ParseQuery(string(body))
	if err != nil || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		twilioProblem(w, http.StatusBadRequest, 20001, "The body is no form")
		return
	}
	for name := range form {
		if !slices.Contains(twilioMembers, name) {
			twilioProblem(w, http.StatusBadRequest, 20001, "Unknown parameter "+name)
			return
		}
	}
	callback, err := url.Parse(form.Get("StatusCallback"))
	switch {
	case form.Get("To") == "":
		twilioProblem(w, http.StatusBadRequest, 21604, "A 'To' phone number is required.")
	case (form.Get("From") == "") == (form.Get("MessagingServiceSid") == ""):
		twilioProblem(w, http.StatusBadRequest, 21603, "A 'From' phone number is required.")
	case form.Get("Body") == "":
		twilioProblem(w, http.StatusBadRequest, 21602, "Message body is required.")
	case utf8.RuneCountInString(form.Get("Body")) > maxTwilioBody:
		twilioProblem(w, http.StatusBadRequest, 21617, "The concatenated message body exceeds the 1600 character limit.")
	case form.Has("StatusCallback") && (err != nil || callback.Host == ""):
		twilioProblem(w, http.StatusBadRequest, 21609, "The 'StatusCallback' URL is not a valid URL.")
	default:
		t := s.keep(Taken{From: form.Get("From") + form.Get("MessagingServiceSid"), To: form.Get("To"), Text: form.Get("Body"), ReportURL: form.Get("StatusCallback")})
		answer(w, http.StatusCreated, twilioMessage(t))
	}
}

func (s *Server) twilioList(w http.ResponseWriter, r *http.Request) {
	if !s.twilioAllowed(w, r) {
		return
	}
	list := []map[string]any{}
	for _, t := range s.Taken() {
		if t.To == r.URL.Query().Get("To") {
			list = append(list, twilioMessage(t))
		}
	}
	size, _ := strconv.Atoi(r.URL.Query().Get("PageSize"))
	answer(w, http.StatusOK, map[string]any{
		"messages": list, "page": 0, "page_size": size, "start": 0, "end": max(len(list)-1, 0), "uri": r.URL.RequestURI(),
		"first_page_uri": r.URL.RequestURI(), "next_page_uri": nil, "previous_page_uri": nil,
	})
}

// twilioDay is when everything happened, as RFC 2822 has it.
const twilioDay = "Wed, 18 Feb 2026 09:42:00 +0000"

// twilioMessage is a message as "Message resource" has it.
func twilioMessage(t Taken) map[string]any {
	path := "/2010-04-01/Accounts/" + SID + "/Messages/" + t.ID
	m := map[string]any{
		"sid": t.ID, "account_sid": SID, "api_version": "2010-04-01", "status": "queued", "body": t.Text, "to": t.To, "from": t.From, "messaging_service_sid": nil,
		"direction": "outbound-api", "num_segments": strconv.Itoa(sms.Count(t.Text).Segments), "num_media": "0", "price": nil, "price_unit": "USD",
		"error_code": nil, "error_message": nil, "date_created": twilioDay, "date_updated": twilioDay, "date_sent": nil, "uri": path + ".json",
		"subresource_uris": map[string]string{"media": path + "/Media.json"},
	}
	if len(t.From) == len(SID) {
		m["from"], m["messaging_service_sid"] = nil, t.From
	}
	return m
}

// twilioAccount is the account as "Account resource" has it.
func twilioAccount() map[string]any {
	path := "/2010-04-01/Accounts/" + SID
	return map[string]any{
		"sid": SID, "owner_account_sid": SID, "friendly_name": "Stand-in", "status": "active", "type": "Full", "auth_token": Token,
		"date_created": twilioDay, "date_updated": twilioDay, "uri": path + ".json", "subresource_uris": map[string]string{"messages": path + "/Messages.json"},
	}
}
