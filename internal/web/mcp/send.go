package mcp

import (
	"context"
	"errors"
	"net/http"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"smartlinks/internal/i18n"
)

// sdkServer is the protocol's server, to which tools are added.
type sdkServer = sdk.Server

// refuseSwitchingOn tells an assistant, and the audit log, that a member switches links on.
func (s *server) refuseSwitchingOn(ctx context.Context) error {
	return errors.Join(refusal("You may not switch links on. Ask a member of the business to do so in the dashboard. (forbidden)"),
		s.recordRefusal(ctx, callerOf(ctx), i18n.Mark("Refused: switch a link on")))
}

type sendLink struct {
	byLink
	idempotent
	Channels    []string `json:"channels" jsonschema:"By which to send: email, sms or both"`
	CustomerIDs []string `json:"customer_ids,omitempty" jsonschema:"To whom, cus_…, from find_customers or create_customer, at most 1000. The link's own customer when this and tag are left out"`
	Tag         string   `json:"tag,omitempty" jsonschema:"To every customer with the tag of this name"`
	Message     string   `json:"message,omitempty" jsonschema:"Words of your own, in which {first_name}, {customer_name}, {amount}, {link}, {link_name} and {business_name} are filled in"`
}

type sent struct {
	Recipients int64          `json:"recipients" jsonschema:"To how many it goes"`
	Deliveries []deliveryView `json:"deliveries" jsonschema:"What became of the few that are done at once"`
}

// deliveryView is one message, as assistants read it.
type deliveryView struct {
	CustomerID string     `json:"customer_id,omitempty" jsonschema:"Whose it is"`
	Channel    string     `json:"channel"`
	Status     string     `json:"status"`
	Reason     *untrusted `json:"reason,omitempty" jsonschema:"Why it failed, such as a customer without a phone number"`
}

// apiSent is what the API says became of a request to send.
type apiSent struct {
	Recipients int64 `json:"recipients"`
	Deliveries []struct {
		CustomerID string  `json:"customer_id"`
		Channel    string  `json:"channel"`
		Status     string  `json:"status"`
		Reason     *string `json:"reason"`
	} `json:"deliveries"`
}

func (a apiSent) view() sent {
	out := sent{Recipients: a.Recipients, Deliveries: []deliveryView{}}
	for _, d := range a.Deliveries {
		one := deliveryView{CustomerID: d.CustomerID, Channel: d.Channel, Status: d.Status}
		if d.Reason != nil {
			one.Reason = theirs(*d.Reason) // it names the customer, or repeats what a server said
		}
		out.Deliveries = append(out.Deliveries, one)
	}
	return out
}

type setReminders struct {
	byLink
	Frequency    string `json:"frequency,omitempty" jsonschema:"How often a recipient is reminded until they pay"`
	Max          *int64 `json:"max,omitempty" jsonschema:"How many reminders each recipient gets at most, 1 to 50"`
	WeekdaysOnly *bool  `json:"weekdays_only,omitempty" jsonschema:"What falls on a weekend waits for Monday"`
	State        string `json:"state,omitempty" jsonschema:"off ends reminders, paused lets them rest, active goes on with paused ones. Not together with the settings above"`
}

func (s *server) sendTools(t *sdkServer) {
	add(s, t, tool{name: "send_link", title: "Send a link", hints: hints{leaves: true},
		about:   "Sends a payment link to customers by e-mail or SMS. Messages leave at once and can't be called back: tell the person you work for who gets what, and let them confirm. Find recipients by find_customers first.",
		choices: map[string][]any{"channels": {"email", "sms"}},
	}, func(ctx context.Context, in sendLink) (sent, error) {
		body := map[string]any{"channels": in.Channels}
		if len(in.CustomerIDs) > 0 {
			body["customer_ids"] = in.CustomerIDs
		}
		for name, value := range map[string]string{"tag": in.Tag, "message": in.Message} {
			if value != "" {
				body[name] = value
			}
		}
		var out apiSent
		err := s.ask(ctx, request{method: http.MethodPost, path: linkPath(in.LinkID) + "/send", body: body, key: in.Key, refusal: i18n.Mark("Refused: send a link")}, &out)
		return out.view(), err
	})
	add(s, t, tool{name: "set_reminders", title: "Set reminders", hints: hints{destroys: true, repeats: true, leaves: true},
		about: "Says how the customers to whom a link was sent are reminded until they pay, or pauses, resumes or ends their reminders. It sends nothing by itself; reminders go out when they are due.",
		choices: map[string][]any{
			"frequency": {"daily", "every_2_days", "every_3_days", "weekly", "monthly"}, "state": {"active", "paused", "off"},
		},
	}, func(ctx context.Context, in setReminders) (linkView, error) {
		settings := map[string]any{}
		if in.Frequency != "" {
			settings["frequency"] = in.Frequency
		}
		if in.Max != nil {
			settings["max"] = *in.Max
		}
		if in.WeekdaysOnly != nil {
			settings["weekdays_only"] = *in.WeekdaysOnly
		}
		q := request{method: http.MethodPatch, path: linkPath(in.LinkID), refusal: i18n.Mark("Refused: set reminders")}
		switch {
		case (in.State == "") == (len(settings) == 0):
			return linkView{}, refusal("Give either a state, or what to set: frequency, max or weekdays_only.")
		case in.State == "":
			q.body = map[string]any{"reminders": settings}
		case in.State == "off":
			q.body = map[string]any{"reminders": nil}
		default:
			act := map[string]string{"paused": "pause", "active": "resume"}[in.State]
			q.method, q.path = http.MethodPost, q.path+"/reminders/"+act
		}
		return s.link(ctx, q)
	})
}
