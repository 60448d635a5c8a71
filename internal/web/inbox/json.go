package inbox

import (
	"encoding/json"
	"net/http"
	"time"

	"smartlinks/internal/message/mailbox"
)

// messageJSON is a message for programs, such as tests that follow a link.
type messageJSON struct {
	ID      string   `json:"id"`
	Channel string   `json:"channel"`
	At      string   `json:"at"`
	From    string   `json:"from"`
	To      string   `json:"to"` // the address alone
	ToName  string   `json:"to_name"`
	Subject string   `json:"subject"`
	Text    string   `json:"text"`
	Links   []string `json:"links"` // in the text, in their order
}

// listJSON is the list for programs; ?q= finds within recipient and subject,
// ?before= goes on where next_cursor says.
func (i *Inbox) listJSON(w http.ResponseWriter, r *http.Request) error {
	all, err := i.mailbox.List(r.Context(), filterFrom(r))
	if err != nil {
		return err
	}
	answer := struct {
		Data []messageJSON `json:"data"`
		Next *string       `json:"next_cursor"`
	}{Data: []messageJSON{}}
	for at, m := range all {
		if at == perPage {
			answer.Next = &all[at-1].ID
			break
		}
		answer.Data = append(answer.Data, asJSON(m))
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(answer)
}

func asJSON(m mailbox.Message) messageJSON {
	links := m.Links()
	if links == nil {
		links = []string{}
	}
	return messageJSON{
		ID: m.ID, Channel: m.Channel, At: m.At.UTC().Format(time.RFC3339), From: m.From, To: m.To, ToName: m.ToName,
		Subject: m.Subject, Text: m.Text, Links: links,
	}
}
